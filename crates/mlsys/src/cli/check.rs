//! `mlsys check`: every finding, and no site.

use super::project::{ProjectArguments, current_folder};
use super::{Outcome, findings, say};
use crate::cli::progress::Progress;
use crate::links::{self, AskOptions, Asked};
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use mlsys_book::Diagnostic;
use mlsys_engine::leaves::diagrams::Wanted;
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
    /// Fail on warnings too.
    #[arg(long)]
    strict: bool,
    /// How findings are written: for people to the error stream, for programs to the output stream.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Ask other hosts whether the pages that the book links to are still there. Good answers are remembered for a week.
    #[arg(long)]
    external_links: bool,
    /// A file of known findings, which are not reported.
    #[arg(long, value_name = "FILE")]
    baseline: Option<Utf8PathBuf>,
    /// Write the findings to the baseline: from now on they are known.
    #[arg(long, requires = "baseline")]
    update_baseline: bool,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the source line, for a terminal.
    Human,
    /// One JSON object.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// Reads, checks and reports a project.
pub fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let start = Instant::now();
    let project = &arguments.project;
    let current = current_folder()?;
    let reading = project.read_options("html")?;
    let progress = Progress::new(project.quiet);
    // A check takes a second; drawing takes minutes. Mistakes in a diagram are known from the build that drew it.
    let options = project.build_options(&reading.request.root, Wanted::Cached, &progress);
    progress.step("reading");
    let mut book = read(&reading)?;
    progress.step(format!("checking {} pages", book.pages.len()));
    let mut found = lints::check(&mut book, &options);
    let mut asked = String::new();
    if arguments.external_links {
        progress.step("asking other hosts");
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

/// Asks for the addresses on other hosts. Says in a few words what that came to.
fn ask(book: &Book, found: &mut Vec<Diagnostic>) -> String {
    let asked = links::external_links(book, &AskOptions::default(), &store::folder(&book.root));
    found.extend(asked.diagnostics);
    let Asked { addresses, remembered, unclear, .. } = asked;
    format!("; {addresses} addresses on other hosts, {remembered} known to be good, {unclear} that want no programs")
}

/// Takes the known findings away, or makes all of them known. Says in a few words what that came to.
fn known(
    arguments: &Arguments,
    book: &Book,
    found: &mut Vec<Diagnostic>,
    current: &Utf8Path,
) -> Result<String, String> {
    let Some(path) = arguments.baseline.as_ref().map(|path| current.join(path)) else { return Ok(String::new()) };
    if arguments.update_baseline {
        let count = found.len();
        Baseline::of(&book.sources, found).write(&path)?;
        found.clear();
        return Ok(format!("; {count} are known from now on"));
    }
    let (known, gone) = Baseline::read(&path)?.subtract(&book.sources, found);
    let gone = if gone == 0 { String::new() } else { format!(", {gone} known ones are gone (--update-baseline)") };
    Ok(format!("; {known} known{gone}"))
}

fn print(format: Format, book: &Book, found: &[Diagnostic], current: &Utf8Path) -> Result<(), String> {
    let prefix = findings::prefix(book, current);
    let failed = |error: serde_json::Error| format!("the findings cannot be written: {error}");
    let text = match format {
        Format::Human => {
            findings::print(book, found, current);
            return Ok(());
        }
        Format::Json => report::json(&book.sources, found, &prefix).map_err(failed)? + "\n",
        Format::Github => report::github(&book.sources, found, &prefix),
        Format::Sarif => report::sarif(&book.sources, found, &prefix).map_err(failed)? + "\n",
    };
    super::write_out(&text)
}
