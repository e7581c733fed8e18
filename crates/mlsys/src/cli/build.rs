//! `mlsys build`: builds the site or one page.

use super::error::CommandError;
use super::project::{CellArguments, ProjectArguments, SeverityArguments, current_folder, named};
use super::{Outcome, diagnostics, say};
use crate::cli::progress::Progress;
use crate::output::among_sources;
use crate::output::frozen::write_frozen;
use crate::output::netlify::{Deployment, RULES, add_netlify_files, deployed};
use crate::output::write::{Earlier, FORMATS, Written, keep_earlier, list_name, write_listed};
use camino::Utf8PathBuf;
use clap::Args;
use mlsys_book::Severity;
use mlsys_engine::build::build_stored;
use mlsys_engine::build::epub::build_epub;
use mlsys_engine::leaves::cells::Cells;
use mlsys_engine::leaves::diagrams::DiagramMode;
use mlsys_engine::leaves::images::responsive::Images;
use mlsys_engine::leaves::scripts::{Moment, run_scripts};
use mlsys_engine::memo::store::{self, Store};
use mlsys_engine::memo::up_to_date::{self, OutputFiles, Report};
use mlsys_engine::parallel::both;
use mlsys_engine::project::{Book, ReadOptions, read};
use mlsys_engine::report::{self, Counts};
use std::collections::BTreeMap;
use std::time::{Instant, SystemTime};

/// The options of `build`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
    #[command(flatten)]
    cells: CellArguments,
    #[command(flatten)]
    severities: SeverityArguments,
    /// The output folder, instead of the project's `output-dir`.
    #[arg(long, value_name = "DIR")]
    output_dir: Option<Utf8PathBuf>,
    /// The output formats, separated by commas [default: html].
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', value_parser = FORMATS)]
    to: Vec<String>,
    /// The configuration to use in place of `_quarto.yml`.
    #[arg(long, value_name = "FILE")]
    config: Option<Utf8PathBuf>,
    /// The URL of the site, instead of the project's `site-url`.
    #[arg(long, value_name = "URL", env = "MLSYS_BASE_URL")]
    base_url: Option<String>,
    /// Versions of large images: only the originals, or also smaller ones for small screens [default: `mlsys: images`, then `original`].
    #[arg(long, value_name = "FORM", value_parser = named(Images::NAMES))]
    images: Option<Images>,
    /// Include drafts.
    #[arg(long)]
    drafts: bool,
}

impl Arguments {
    /// How to read the project for a format.
    fn read_options(&self, format: &str) -> Result<ReadOptions, CommandError> {
        let current = current_folder()?;
        let mut reading = self.project.read_options_with(format, self.config.as_deref())?;
        reading.output_dir = self.output_dir.as_ref().map(|dir| current.join(dir));
        Ok(reading)
    }

    /// The formats to build.
    fn formats(&self) -> Result<Vec<String>, CommandError> {
        if !self.to.is_empty() {
            return Ok(self.to.clone());
        }
        // `build epub`, as in the Book Binder.
        let current = current_folder()?;
        let named = self.project.path.as_deref();
        let named = named.filter(|path| FORMATS.contains(path) && !current.join(path).exists());
        Ok(vec![named.unwrap_or("html").to_owned()])
    }

    /// The project.
    pub fn book(&self) -> Result<Book, CommandError> {
        let format = self.formats()?.into_iter().next().unwrap_or_else(|| "html".to_owned());
        Ok(read(&self.read_options(&format)?)?)
    }
}

/// Reads, builds, writes and reports a project, in each format.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let formats = arguments.formats()?;
    let mut outcome = Outcome::Clean;
    for (at, format) in formats.iter().enumerate() {
        if formats[..at].contains(format) {
            continue;
        }
        if run_format(arguments, format)? == Outcome::BookHasErrors {
            outcome = Outcome::BookHasErrors;
        }
    }
    Ok(outcome)
}

/// Builds a project in one format.
fn run_format(arguments: &Arguments, format: &str) -> Result<Outcome, CommandError> {
    let start = Instant::now();
    let project = &arguments.project;
    let current = current_folder()?;
    let reading = arguments.read_options(format)?;
    let progress = Progress::new(project.quiet);
    let mut options = project.build_options(&reading.request.root, DiagramMode::Auto, &progress);
    let mut cells = project.cell_options(&reading.request.root, arguments.cells.mode(), &progress);
    let is_outside = |folder: &Utf8PathBuf| !folder.starts_with(&reading.request.root);
    if reading.output_dir.as_ref().is_some_and(is_outside) {
        options.diagrams.cache = store::folder_elsewhere(&reading.request.root);
        cells.cache.clone_from(&options.diagrams.cache);
    }
    let cache = Store::new(options.diagrams.cache.clone());
    let severities = arguments.severities.by_code();
    let asked =
        (options.diagrams.mode, cells.mode, &arguments.base_url, arguments.drafts, arguments.images, &severities);
    let key = up_to_date::key(&reading, &options.diagrams.programs, &format!("{:?}", (asked, diagnostics::style())));
    progress.step("reading");
    if let Some(report) = up_to_date::unchanged(&cache, key) {
        progress.finish();
        return Ok(print_summary(arguments, &report, "unchanged", start));
    }
    let began = SystemTime::now();
    let programs = options.diagrams.programs.clone();
    let mut book = read(&reading)?;
    let scripts = run_scripts(&book, Moment::PreRender, &cells, programs.clone());
    if scripts.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        progress.finish();
        diagnostics::print(&book, &scripts, &current);
        return Ok(Outcome::BookHasErrors);
    }
    if !book.project.scripts.pre_render.is_empty() {
        book = read(&reading)?;
    }
    let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let site_url = book.project.site.url.as_deref();
    let deployment = Deployment::new(arguments.base_url.clone(), arguments.drafts, environment, site_url);
    let mut executor = Cells::new(cells.clone());
    let mut book = executor.execute(deployed(book, &deployment));
    book.severities = severities;
    let frozen = if reading.request.lone { BTreeMap::new() } else { executor.frozen_files() };
    let (frozen, frozen_problem) = write_frozen(frozen, &book.root);
    options.images = arguments.images.unwrap_or_else(|| Images::configured(&book.project.meta));
    if let Some(file) = &book.config_file {
        progress.line(&format!("{format}: using `{file}`"), project.quiet);
    }
    progress.step(format!("rendering {} pages", book.pages.len()));
    let is_site = format == "html";
    let mut built = match is_site {
        true => build_stored(&book, &options, &cache),
        false => build_epub(&book, &options, &cache),
    };
    built.diagnostics.extend(scripts.into_iter().chain(frozen_problem));
    if deployment.netlify && is_site {
        add_netlify_files(&book, &mut built.files);
        built.named_files.extend(RULES.map(|name| book.root.join(name)));
    }
    progress.step(format!("writing {} files", built.files.len()));
    let earlier = match (book.output == book.root, book.is_partial()) {
        (true, _) => Earlier::Unlisted,
        (false, true) => Earlier::Keep,
        (false, false) => Earlier::Remove,
    };
    if earlier == Earlier::Keep && is_site {
        keep_earlier(&mut built.files, &book.output);
    }
    let list = list_name(format);
    let render_report = || {
        report::sort(&book, &mut built.diagnostics);
        let counts = Counts::of(&built.diagnostics);
        // Hints are for `check`; a build only counts them.
        built.diagnostics.retain(|d| d.severity != Severity::Hint);
        (counts, diagnostics::text(&book, &built.diagnostics, &current, diagnostics::style()))
    };
    let (written, (counts, text)) = both(|| write_listed(&built.files, &book.output, earlier, &list), render_report);
    let written = written?;
    if earlier == Earlier::Unlisted {
        among_sources::record(&built.files, &book.root);
    }
    let scripts = run_scripts(&book, Moment::PostRender, &cells, programs);
    progress.finish();
    let text = text + &diagnostics::text(&book, &scripts, &current, diagnostics::style());
    let counts = counts.plus(Counts::of(&scripts));
    let report = Report { findings: text, counts, pages: diagnostics::pages(&book), output: book.output.clone() };
    let Written { changed, removed, .. } = written;
    let removed = if removed == 0 { String::new() } else { format!(", {removed} removed") };
    let outcome = print_summary(arguments, &report, &format!("{changed} files changed{removed}"), start);
    // A program that did not end in time may do better in the next build.
    if built.is_reproducible && executor.is_reproducible() && book.project.scripts.is_empty() {
        let (files, named_files) = (&built.files, &built.named_files);
        let output = OutputFiles { files, named_files, list: &list, frozen: &frozen };
        up_to_date::record(&cache, key, began, &book, &output, report);
    }
    cache.trim();
    built.leak();
    Ok(outcome)
}

/// Prints the diagnostics and the summary of a build.
fn print_summary(arguments: &Arguments, report: &Report, written: &str, start: Instant) -> Outcome {
    let Report { findings, counts, pages, output } = report;
    say(findings);
    if !arguments.project.quiet {
        let seconds = start.elapsed().as_secs_f64();
        say(&format!("{pages} → {output} ({written}) in {seconds:.2} s: {counts}\n"));
    }
    super::diagnostics::outcome(*counts, arguments.severities.strict)
}
