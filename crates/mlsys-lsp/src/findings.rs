//! Diagnostics of the engine as diagnostics of the protocol.

use crate::protocol::{CodeDescription, Diagnostic, Location, Position, Range, RelatedInformation};
use crate::text::Encoding;
use crate::uri;
use camino::Utf8PathBuf;
use mlsys_book::{Diagnostic as Finding, Locator, Place, Severity, Source};
use mlsys_engine::Book;
use mlsys_engine::report::guide_url;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Diagnostics by the absolute path of their file.
pub type Findings = BTreeMap<Utf8PathBuf, Vec<Diagnostic>>;

/// Converts diagnostics. `sources` are the book's, with those that lints have added.
pub fn findings(book: &Book, sources: &[Arc<Source>], found: &[Finding], encoding: Encoding) -> Findings {
    let mut all = Findings::new();
    if found.is_empty() {
        return all;
    }
    let places = Places { book, locator: Locator::new(sources), encoding };
    for finding in found {
        let Some((path, range)) = places.range(finding.place) else { continue };
        let hints = finding.hints.iter().map(|hint| format!("\n{hint}"));
        let related = finding.related.iter().filter_map(|(place, label)| {
            let (path, range) = places.range(*place)?;
            Some(RelatedInformation { location: Location { uri: uri::of_path(&path), range }, message: label.clone() })
        });
        all.entry(path).or_default().push(Diagnostic {
            range,
            severity: match finding.severity {
                Severity::Error => 1,
                Severity::Warning => 2,
                Severity::Hint => 4,
            },
            code: finding.code.to_string(),
            code_description: CodeDescription { href: guide_url(finding.code) },
            source: "mlsys",
            message: std::iter::once(finding.message.clone()).chain(hints).collect(),
            related_information: related.collect(),
        });
    }
    all
}

/// Places of a book as ranges of files.
pub struct Places<'b> {
    /// The book.
    pub book: &'b Book,
    /// Finds lines and columns.
    pub locator: Locator<'b>,
    /// The unit of columns.
    pub encoding: Encoding,
}

impl<'b> Places<'b> {
    /// The places of a built book.
    pub fn new(book: &'b Book, encoding: Encoding) -> Self {
        Places { book, locator: Locator::new(&book.sources), encoding }
    }

    /// The file and range of a place; `None` if its source is unknown.
    pub fn range(&self, place: Place) -> Option<(Utf8PathBuf, Range)> {
        let (start, end) = (self.locator.start(place)?, self.locator.end(place)?);
        let position = |line: usize, text: &str, offset: usize| Position {
            line: line as u32 - 1,
            character: self.encoding.length(&text[..offset.min(text.len())]),
        };
        let from = position(start.line, start.source_line, start.offset);
        // A place that spans files is shown where it starts.
        let to = match end.path == start.path {
            true => position(end.line, end.source_line, end.offset).max(from),
            false => from,
        };
        Some((self.book.root.join(start.path), Range { start: from, end: to }))
    }

    /// The location of a place.
    pub fn location(&self, place: Place) -> Option<Location> {
        self.range(place).map(|(path, range)| Location { uri: uri::of_path(&path), range })
    }
}
