//! Reports of diagnostics for people and for programs.

mod baseline;
mod concise;
mod consequences;
mod github;
mod human;
mod json;
mod sarif;
mod severities;

pub use baseline::{Baseline, BaselineError};
pub use concise::render as concise;
pub use consequences::fold;
pub use github::render as github;
pub use human::excerpt;
pub use human::{Style, render};
pub use json::render as json;
pub use sarif::render as sarif;
pub use severities::Severities;

use crate::project::Book;
use mlsys_book::{Code, Diagnostic, Locator, Place, Severity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The section of the guide about a code.
pub fn guide_url(code: Code) -> String {
    format!("{}/blob/main/quarto/contents/guide/diagnostics.qmd#sec-finding-{code}", env!("CARGO_PKG_REPOSITORY"))
}

/// The number of diagnostics of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Hints.
    pub hints: usize,
}

impl Counts {
    /// Counts diagnostics.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let count = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
        Counts { errors: count(Severity::Error), warnings: count(Severity::Warning), hints: count(Severity::Hint) }
    }

    /// The sum of both.
    #[must_use]
    pub fn plus(self, other: Counts) -> Self {
        Counts {
            errors: self.errors + other.errors,
            warnings: self.warnings + other.warnings,
            hints: self.hints + other.hints,
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let parts = [(self.errors, "error"), (self.warnings, "warning"), (self.hints, "hint")];
        let counts: Vec<String> =
            parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}{}", plural(*n))).collect();
        if counts.is_empty() { f.write_str("no findings") } else { f.write_str(&counts.join(", ")) }
    }
}

/// The number of diagnostics by severity and code, as lines of text: the most frequent first.
pub fn statistics(diagnostics: &[Diagnostic]) -> String {
    let mut counts: BTreeMap<(Severity, Code), usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        *counts.entry((diagnostic.severity, diagnostic.code)).or_insert(0) += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|((severity, _), count)| (*severity, std::cmp::Reverse(*count)));
    rows.iter()
        .map(|((severity, code), count)| {
            format!("{count:>6}  {severity:<7}  {code}\n", severity = severity.to_string())
        })
        .collect()
}

/// Sorts diagnostics in book order: the configuration, then the pages, each by place. Removes duplicates.
pub fn sort(book: &Book, diagnostics: &mut Vec<Diagnostic>) {
    let mut ranks: Vec<usize> = (0..book.sources.len()).collect();
    for (i, page) in book.pages.iter().enumerate() {
        ranks[page.source.index()] = book.sources.len() + i;
    }
    let rank = |place: Place| match place.is_project() {
        true => 0,
        false => ranks.get(place.source.index()).copied().unwrap_or(usize::MAX),
    };
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (rank(d.place), d.place.span, d.code);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
}

/// The place of a diagnostic, as lines and columns.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Region {
    /// The file, with the path to the project's folder.
    file: String,
    /// The first line, from 1.
    line: usize,
    /// The first column, in characters from 1.
    column: usize,
    /// The last line.
    end_line: usize,
    /// The column after the last character.
    end_column: usize,
}

impl Region {
    /// The region of a place. It ends in the file in which it begins.
    fn of(locator: &Locator<'_>, prefix: &str, place: Place) -> Option<Self> {
        let (start, end) = (locator.start(place)?, locator.end(place)?);
        let in_order = end.path == start.path && (end.line, end.column) > (start.line, start.column);
        let (end_line, end_column) = if in_order { (end.line, end.column) } else { (start.line, start.column) };
        let file = format!("{prefix}{}", start.path);
        Some(Region { file, line: start.line, column: start.column, end_line, end_column })
    }
}
