//! `mlsys check`: every finding, and no site.

use super::project::{ProjectArguments, current_folder};
use super::{Outcome, findings, say};
use crate::pipeline::build;
use crate::progress::Progress;
use crate::reading::read;
use crate::report::{self, Counts};
use clap::Args;
use std::time::Instant;

/// The options of `check`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
}

/// Reads, builds and reports a project.
pub fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let start = Instant::now();
    let project = &arguments.project;
    let current = current_folder()?;
    let options = project.options("html")?;
    let progress = Progress::new(project.quiet);
    progress.step("reading");
    let book = read(&options)?;
    progress.step(format!("checking {} pages", book.pages.len()));
    let mut built = build(&book);
    progress.finish();

    report::sort(&book, &mut built.diagnostics);
    let counts = Counts::of(&built.diagnostics);
    findings::print(&book, &built.diagnostics, &current);
    if !project.quiet {
        let (pages, seconds) = (findings::pages(&book), start.elapsed().as_secs_f64());
        say(&format!("{pages} checked in {seconds:.2} s: {counts}\n"));
    }
    Ok(findings::outcome(counts, project.strict))
}
