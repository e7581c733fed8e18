//! `mlsys check`: reports problems without building.

use super::error::CommandError;
use super::project::{ProjectArguments, SeverityArguments, current_folder};
use super::{Outcome, diagnostics, say};
use crate::cli::progress::Progress;
use crate::fix;
use crate::links::{self, LinkOptions, LinkReport};
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};
use mlsys_book::Diagnostic;
use mlsys_engine::leaves::cells::{CellMode, Cells};
use mlsys_engine::leaves::diagrams::DiagramMode;
use mlsys_engine::lints;
use mlsys_engine::memo::store;
use mlsys_engine::project::{Book, read};
use mlsys_engine::report::{self, Baseline, Counts};
use std::collections::BTreeSet;
use std::time::Instant;

/// The options of `check`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    severities: SeverityArguments,
    /// The output format. `human` goes to stderr, all others to stdout.
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Correct what is certain: names with one likely meaning, LaTeX's quotation marks, URLs in capitals. Prints each change.
    #[arg(long)]
    fix: bool,
    /// Print how often each diagnostic occurs, in place of the diagnostics.
    #[arg(long)]
    statistics: bool,
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
    /// One line each, for the problem matchers of editors.
    Concise,
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
    // A check runs nothing.
    let mut cells = Cells::new(project.cell_options(&reading.request.root, CellMode::Check, &progress));
    let mut book = cells.execute(read(&reading)?);
    book.severities = arguments.severities.by_code();
    progress.step(format!("checking {} pages", book.pages.len()));
    let mut diagnostics = lints::check(&mut book, &options);
    let mut link_summary = String::new();
    if arguments.external_links {
        progress.step("checking external links");
        link_summary = check_links(&book, &mut diagnostics);
    }
    progress.finish();

    only_selected(&book, &mut diagnostics);
    report::sort(&book, &mut diagnostics);
    let fixed = if arguments.fix { fix(&book, &mut diagnostics, &current)? } else { String::new() };
    let baseline = apply_baseline(arguments, &book, &mut diagnostics, &current)?;
    let counts = Counts::of(&diagnostics);
    match arguments.statistics {
        true => super::write_out(&report::statistics(&diagnostics))?,
        false => print(arguments.format, &book, &diagnostics, &current)?,
    }
    if !project.quiet {
        let (pages, seconds) = (diagnostics::pages(&book), start.elapsed().as_secs_f64());
        say(&format!("{pages} checked in {seconds:.2} s: {counts}{fixed}{baseline}{link_summary}\n"));
    }
    Ok(diagnostics::outcome(counts, arguments.severities.strict))
}

/// Writes certain corrections to the sources, prints them, and removes their diagnostics. Returns a summary.
fn fix(book: &Book, diagnostics: &mut Vec<Diagnostic>, current: &Utf8Path) -> Result<String, CommandError> {
    let edits = fix::edits(&book.sources, diagnostics);
    let prefix = diagnostics::prefix(book, current);
    for edits in edits.chunk_by(|a, b| a.file == b.file) {
        let path = book.root.join(&edits[0].file);
        let failed = |error| CommandError::File { path: path.clone(), error };
        let text = std::fs::read_to_string(&path).map_err(failed)?;
        let corrected = fix::apply(&text, edits);
        let lines: BTreeSet<usize> = edits.iter().map(|edit| edit.line).collect();
        for line in lines {
            let (old, new) = (text.lines().nth(line - 1).unwrap_or(""), corrected.lines().nth(line - 1).unwrap_or(""));
            say(&format!("{prefix}{}:{line}\n- {old}\n+ {new}\n\n", edits[0].file));
        }
        std::fs::write(&path, corrected).map_err(failed)?;
    }
    let fixed: Vec<Diagnostic> = diagnostics
        .iter()
        .filter(|diagnostic| {
            fix::edits(&book.sources, std::slice::from_ref(*diagnostic)).iter().any(|edit| edits.contains(edit))
        })
        .cloned()
        .collect();
    diagnostics.retain(|diagnostic| !fixed.contains(diagnostic));
    Ok(if edits.is_empty() { "; nothing to correct".to_owned() } else { format!("; {} corrected", edits.len()) })
}

/// A check of some chapters is about them: not about the configuration, shared files and files that no page uses.
fn only_selected(book: &Book, diagnostics: &mut Vec<Diagnostic>) {
    if book.is_partial() {
        let selected: BTreeSet<_> = book.pages.iter().filter(|page| page.is_selected).map(|page| page.source).collect();
        diagnostics.retain(|diagnostic| selected.contains(&diagnostic.place.source));
    }
}

/// Checks external links. Returns a summary.
fn check_links(book: &Book, diagnostics: &mut Vec<Diagnostic>) -> String {
    let report = links::external_links(book, &LinkOptions::default(), &store::folder(&book.root));
    diagnostics.extend(report.diagnostics);
    let LinkReport { urls, cached, blocked, .. } = report;
    format!("; {urls} external links, {cached} of them cached, {blocked} on hosts that block bots")
}

/// Removes known diagnostics, or writes all of them to the baseline. Returns a summary.
fn apply_baseline(
    arguments: &Arguments,
    book: &Book,
    diagnostics: &mut Vec<Diagnostic>,
    current: &Utf8Path,
) -> Result<String, CommandError> {
    let Some(path) = arguments.baseline.as_ref().map(|path| current.join(path)) else { return Ok(String::new()) };
    if arguments.update_baseline {
        let count = diagnostics.len();
        Baseline::of(&book.sources, diagnostics).write(&path)?;
        diagnostics.clear();
        return Ok(format!("; {count} written to the baseline"));
    }
    let (known, fixed) = Baseline::read(&path)?.subtract(&book.sources, diagnostics);
    let fixed = if fixed == 0 {
        String::new()
    } else {
        format!(", {fixed} of the baseline are fixed (remove them with --update-baseline)")
    };
    Ok(format!("; {known} in the baseline{fixed}"))
}

fn print(format: Format, book: &Book, diagnostics: &[Diagnostic], current: &Utf8Path) -> Result<(), CommandError> {
    let prefix = diagnostics::prefix(book, current);
    let text = match format {
        Format::Human => {
            diagnostics::print(book, diagnostics, current);
            return Ok(());
        }
        Format::Concise => report::concise(&book.sources, diagnostics, &prefix),
        Format::Json => report::json(&book.sources, diagnostics, &prefix).map_err(CommandError::Report)? + "\n",
        Format::Github => report::github(&book.sources, diagnostics, &prefix),
        Format::Sarif => report::sarif(&book.sources, diagnostics, &prefix).map_err(CommandError::Report)? + "\n",
    };
    super::write_out(&text)
}
