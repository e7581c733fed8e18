//! Diagnostics on stderr.

use super::Outcome;
use super::say;
use camino::Utf8Path;
use mlsys_book::Diagnostic;
use mlsys_engine::project::Book;
use mlsys_engine::report::{self, Counts};
use std::io::IsTerminal;

/// Prints diagnostics.
pub fn print(book: &Book, shown: &[Diagnostic], current: &Utf8Path) {
    say(&text(book, shown, current, in_colour()));
}

/// Renders diagnostics as text.
pub fn text(book: &Book, shown: &[Diagnostic], current: &Utf8Path, colour: bool) -> String {
    report::render(&book.sources, shown, &prefix(book, current), colour)
}

/// True if stderr is a terminal and `NO_COLOR` is not set.
pub fn in_colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
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
