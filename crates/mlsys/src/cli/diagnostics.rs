//! Diagnostics on stderr.

use super::Outcome;
use super::say;
use camino::Utf8Path;
use clap::ValueEnum;
use mlsys_book::Diagnostic;
use mlsys_engine::project::Book;
use mlsys_engine::report::{self, Counts, Style};
use std::io::IsTerminal;
use std::sync::OnceLock;

/// Prints diagnostics.
pub fn print(book: &Book, shown: &[Diagnostic], current: &Utf8Path) {
    say(&text(book, shown, current, style()));
}

/// Renders diagnostics as text.
pub fn text(book: &Book, shown: &[Diagnostic], current: &Utf8Path, style: Style) -> String {
    report::render(&book.sources, shown, &prefix(book, current), style)
}

/// When diagnostics have colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// If stderr is a terminal; `NO_COLOR` and `CLICOLOR_FORCE` are obeyed.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The choice of the command line.
static COLOR: OnceLock<ColorWhen> = OnceLock::new();

/// Sets when diagnostics have colours, for this process.
pub fn set_color(when: ColorWhen) {
    // The first choice counts: a command has only one.
    let _ = COLOR.set(when);
}

/// How diagnostics are printed on stderr.
pub fn style() -> Style {
    let is_terminal = std::io::stderr().is_terminal();
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let colour = match COLOR.get().copied().unwrap_or_default() {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => std::env::var_os("NO_COLOR").is_none() && (is_terminal || is_set("CLICOLOR_FORCE")),
    };
    let size = if is_terminal { console::Term::stderr().size_checked() } else { None };
    Style { colour, width: size.map(|(_, columns)| usize::from(columns)) }
}

/// The prefix of paths in diagnostics: from the current folder to the project.
pub fn prefix(book: &Book, current: &Utf8Path) -> String {
    match book.root.strip_prefix(current) {
        Ok(inside) if inside.as_str().is_empty() => String::new(),
        Ok(inside) => format!("{inside}/"),
        Err(_) => format!("{}/", book.root),
    }
}

/// The result of a run: errors fail, and with `--strict` warnings too.
pub fn outcome(counts: Counts, strict: bool) -> Outcome {
    match counts.errors > 0 || (strict && counts.warnings > 0) {
        true => Outcome::BookHasErrors,
        false => Outcome::Clean,
    }
}

/// The number of rendered pages, such as `3 pages`.
pub fn pages(book: &Book) -> String {
    let pages = book.pages.iter().filter(|p| p.is_selected).count();
    let plural = if pages == 1 { "" } else { "s" };
    format!("{pages} page{plural}")
}
