//! Holes: places in rendered HTML that each page fills in its own way.

use mlsys_book::PageId;
use serde::Serialize;

/// The content of a hole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) enum Hole {
    /// The relative URL of the site's root: `./`, `../../`.
    Root,
    /// One text on some pages (sorted), another on the others.
    When { pages: Vec<PageId>, then: String, otherwise: String },
    /// Markup of the page's own.
    Slot,
}
