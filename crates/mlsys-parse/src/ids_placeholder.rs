//! Stands in for automatic ids until they land.

use mlsys_book::{Inline, plain_text};

/// Pandoc's automatic id of a heading, before it is made unique.
pub(crate) fn automatic(content: &[Inline]) -> String {
    plain_text(content).to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
}
