//! Findings on the error stream.

use super::Outcome;
use super::say;
use camino::Utf8Path;
use mlsys_book::Diagnostic;
use mlsys_engine::project::Book;
use mlsys_engine::report::{self, Counts};
use std::io::IsTerminal;

/// Prints the findings as text.
pub fn print(book: &Book, shown: &[Diagnostic], current: &Utf8Path) {
    say(&text(book, shown, current, in_colour()));
}

/// The findings as text.
pub fn text(book: &Book, shown: &[Diagnostic], current: &Utf8Path, colour: bool) -> String {
    report::render(&book.sources, shown, &prefix(book, current), colour)
}

/// Whether text on the error stream has colours.
pub fn in_colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// What goes before the paths of a project's files: the way to its folder.
pub fn prefix(book: &Book, current: &Utf8Path) -> String {
    match book.root.strip_prefix(current) {
        Ok(inside) if inside.as_str().is_empty() => String::new(),
        Ok(inside) => format!("{inside}/"),
        Err(_) => format!("{}/", book.root),
    }
}

/// Errors fail; with `--strict` warnings do too.
pub fn outcome(counts: Counts, strict: bool) -> Outcome {
    match counts.errors > 0 || (strict && counts.warnings > 0) {
        true => Outcome::BookHasErrors,
        false => Outcome::Clean,
    }
}

/// The number of rendered pages, in words.
pub fn pages(book: &Book) -> String {
    let pages = book.pages.iter().filter(|p| p.wanted).count();
    let plural = if pages == 1 { "" } else { "s" };
    format!("{pages} page{plural}")
}
