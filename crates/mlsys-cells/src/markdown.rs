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

impl Markdown {
    /// Puts other Markdown in place of bytes of the source. Bytes that are not copied stay as they are.
    pub fn put(&mut self, span: Span, other: Markdown) {
        let is_around = |segment: &Segment| match segment {
            Segment::Copied(copied) => copied.contains(span),
            Segment::Generated { .. } => false,
        };
        let Some(at) = self.segments.iter().position(is_around) else { return };
        if let Segment::Copied(copied) = self.segments[at] {
            let before = Segment::Copied(Span { start: copied.start, end: span.start });
            let after = Segment::Copied(Span { start: span.end, end: copied.end });
            let inner = std::iter::once(before).chain(other.segments).chain([after]);
            self.segments.splice(at..=at, inner);
        }
        self.files.extend(other.files);
        self.head.extend(other.head);
        self.before_body.extend(other.before_body);
        self.after_body.extend(other.after_body);
    }
}
