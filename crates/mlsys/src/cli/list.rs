//! `mlsys list`: all pages with their short names.

use super::Outcome;
use super::error::CommandError;
use super::project::ProjectArguments;
use clap::Args;
use mlsys_book::plain_text;
use mlsys_engine::build::linked::chapters;
use mlsys_engine::project::locate::short_names;
use mlsys_engine::project::read;
use std::fmt::Write;

/// The options of `list`.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    project: ProjectArguments,
}

/// Prints one line per page: short name, title, file.
pub fn run(arguments: &Arguments) -> Result<Outcome, CommandError> {
    let book = read(&arguments.project.read_options("html")?)?;
    let inputs: Vec<&str> = book.project.pages.iter().map(|page| page.input.as_str()).collect();
    let names = short_names(&inputs);
    let titles: Vec<String> = chapters(&book)
        .iter()
        .map(|chapter| {
            let title = chapter.title.as_deref().or_else(|| chapter.first_heading().map(|h| h.content.as_slice()));
            title.map(plain_text).unwrap_or_default()
        })
        .collect();
    let shown = || (0..inputs.len()).filter(|i| book.pages[*i].is_selected);
    let width = |texts: &[String]| shown().map(|i| texts[i].chars().count()).max().unwrap_or(0);
    let (names_width, titles_width) = (width(&names), width(&titles));
    let mut out = String::new();
    for i in shown() {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{:names_width$}  {:titles_width$}  {}", names[i], titles[i], inputs[i]);
    }
    super::write_out(&out)?;
    Ok(Outcome::Clean)
}
