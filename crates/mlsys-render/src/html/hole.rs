//! Places in a text of elements that each page fills in its own way.

use mlsys_book::PageId;

/// What a page puts into its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Hole {
    /// The way from the page to the site's root: `./`, `../../`.
    Root,
    /// One text on some pages (sorted), another on the others.
    When { pages: Vec<PageId>, then: String, otherwise: String },
    /// Markup of the page's own.
    Slot,
}
