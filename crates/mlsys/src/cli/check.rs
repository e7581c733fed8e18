//! `mlsys check`: reports problems without building.

use super::error::CommandError;
use super::project::{ProjectArguments, current_folder};
use super::{Outcome, findings, say};
use crate::cli::progress::Progress;
use crate::links::{self, AskOptions, Asked};
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use mlsys_book::Diagnostic;
use mlsys_engine::leaves::diagrams::DiagramMode;
use mlsys_engine::lints;
use mlsys_engine::memo::store;
use mlsys_engine::project::{Book, read};
use mlsys_engine::report::{self, Baseline, Counts};
use std::time::Instant;

/// The options of `check`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    /// Exit with 1 if there are warnings.
    #[arg(long)]
    strict: bool,
    /// The output format. `human` goes to stderr, all others to stdout.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Check external links (results are cached for a week).
    #[arg(long)]
    external_links: bool,
    /// A file of known problems, which are not reported.
    #[arg(long, value_name = "FILE")]
    baseline: Option<Utf8PathBuf>,
    /// Write the current problems to the baseline.
    #[arg(long, requires = "baseline")]
    update_baseline: bool,
}

/// The format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the source line, for a terminal.
    Human,
    /// One JSON object.
    Json,
    /// Annotations in GitHub Actions.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// Reads, checks and reports a project.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let start = Instant::now();
    let project = &arguments.project;
    let current = current_folder()?;
    let reading = project.read_options("html")?;
    let progress = Progress::new(project.quiet);
    // Drawing takes minutes, a check a second. Errors in a diagram are cached by the build that drew it.
    let options = project.build_options(&reading.request.root, DiagramMode::Cached, &progress);
    progress.step("reading");
    let mut book = read(&reading)?;
    progress.step(format!("checking {} pages", book.pages.len()));
    let mut found = lints::check(&mut book, &options);
    let mut asked = String::new();
    if arguments.external_links {
        progress.step("checking external links");
        asked = ask(&book, &mut found);
    }
    progress.finish();

    report::sort(&book, &mut found);
    let known = known(arguments, &book, &mut found, &current)?;
    let counts = Counts::of(&found);
    print(arguments.format, &book, &found, &current)?;
    if !project.quiet {
        let (pages, seconds) = (findings::pages(&book), start.elapsed().as_secs_f64());
        say(&format!("{pages} checked in {seconds:.2} s: {counts}{known}{asked}\n"));
    }
    Ok(findings::outcome(counts, arguments.strict))
}

/// Checks external links. Returns a summary.
fn ask(book: &Book, found: &mut Vec<Diagnostic>) -> String {
    let asked = links::external_links(book, &AskOptions::default(), &store::folder(&book.root));
    found.extend(asked.diagnostics);
    let Asked { addresses, remembered, unclear, .. } = asked;
    format!("; {addresses} external links, {remembered} of them cached, {unclear} on hosts that block bots")
}

/// Removes known diagnostics, or writes all of them to the baseline. Returns a summary.
fn known(
    arguments: &Arguments,
    book: &Book,
    found: &mut Vec<Diagnostic>,
    current: &Utf8Path,
) -> Result<String, CommandError> {
    let Some(path) = arguments.baseline.as_ref().map(|path| current.join(path)) else { return Ok(String::new()) };
    if arguments.update_baseline {
        let count = found.len();
        Baseline::of(&book.sources, found).write(&path)?;
        found.clear();
        return Ok(format!("; {count} written to the baseline"));
    }
    let (known, gone) = Baseline::read(&path)?.subtract(&book.sources, found);
    let gone = if gone == 0 {
        String::new()
    } else {
        format!(", {gone} of the baseline are fixed (remove them with --update-baseline)")
    };
    Ok(format!("; {known} in the baseline{gone}"))
}

fn print(format: Format, book: &Book, found: &[Diagnostic], current: &Utf8Path) -> Result<(), CommandError> {
    let prefix = findings::prefix(book, current);
    let text = match format {
        Format::Human => {
            findings::print(book, found, current);
            return Ok(());
        }
        Format::Json => report::json(&book.sources, found, &prefix).map_err(CommandError::Report)? + "\n",
        Format::Github => report::github(&book.sources, found, &prefix),
        Format::Sarif => report::sarif(&book.sources, found, &prefix).map_err(CommandError::Report)? + "\n",
    };
    super::write_out(&text)
}
