//! Inline Markdown of the configuration: read outside, shown here as HTML or as plain text.

use crate::plain::plain_inlines;
use mlsys_book::Inline;

/// Reads the inline Markdown of the configuration.
#[derive(Clone, Copy)]
pub struct Markdown<'a>(
    /// Parses a text. Its links have the URLs of the page that shows it.
    pub &'a dyn Fn(&str) -> Vec<Inline>,
);

impl Markdown<'_> {
    /// Parses a text.
    pub fn parse(&self, text: &str) -> Vec<Inline> {
        (self.0)(text)
    }

    /// A text as HTML.
    pub fn html(&self, text: &str) -> String {
        crate::linked_inlines_html(&self.parse(text))
    }

    /// A text as plain text.
    pub fn plain(&self, text: &str) -> String {
        plain_inlines(&self.parse(text))
    }
}
