//! The text of a page with results in place of its cells, as Quarto's engines hand it to Pandoc.

use mlsys_book::Span;

/// A page's text with results in place of its cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Markdown {
    /// Its parts, in order.
    pub segments: Vec<Segment>,
    /// The files that it shows: path relative to the page's folder, and content.
    pub files: Vec<(String, Vec<u8>)>,
    /// HTML for the page's head.
    pub head: Vec<String>,
    /// HTML before the page's body.
    pub before_body: Vec<String>,
    /// HTML after the page's body.
    pub after_body: Vec<String>,
}

/// A part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Bytes of the source as they are.
    Copied(Span),
    /// Text that stands in place of bytes of the source, where diagnostics about it point.
    Generated {
        /// The text.
        text: String,
        /// The bytes that it replaces.
        replaces: Span,
    },
}
