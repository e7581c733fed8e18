//! What a page is made of.

use super::dates::Clock;
use crate::body::Html;
use crate::site::{Assets, Chrome};
use mlsys_book::{PageId, Project, ProjectKind, Value};

/// All that a page is made of.
pub struct PageContext<'a> {
    /// The project.
    pub project: &'a Project,
    /// The frame.
    pub chrome: &'a Chrome,
    /// Which page it is.
    pub page: PageId,
    /// Its metadata: project, folder, front matter.
    pub meta: &'a Value,
    /// Its number in a book that numbers chapters.
    pub number: Option<&'a str>,
    /// Its body.
    pub html: &'a Html,
    /// Inline Markdown of a metadata value as HTML, with addresses as on this page.
    pub markdown: &'a dyn Fn(&str) -> String,
    /// The text of a file that the metadata includes (`include-in-header`), by its path as written; nothing if unreadable.
    pub file: &'a dyn Fn(&str) -> Option<String>,
    /// Whether an address from the site's root, in a text for every page, names a file that is not there.
    pub missing: &'a dyn Fn(&str) -> bool,
    /// The categories of the page's listings, for the margin.
    pub listing_categories: &'a str,
    /// The page's listings that have no place in its text.
    pub listings_after: &'a str,
    /// The address of the picture that stands for the page in its text.
    pub preview: Option<&'a str>,
    /// Width and height of the picture that stands for the page, else of the site's.
    pub picture_size: Option<(u32, u32)>,
    /// The file of the site's web application manifest.
    pub manifest: Option<&'a str>,
    /// The feeds of the page's listings: address and title.
    pub feeds: &'a [(String, String)],
    /// The site's files.
    pub assets: &'a Assets,
    /// The page's own source, as it was written.
    pub source: &'a str,
    /// The day of the build and of the page's last change.
    pub clock: Clock,
}

impl PageContext<'_> {
    /// A value of the page's metadata as text.
    pub(crate) fn meta_text(&self, key: &str) -> Option<String> {
        self.meta.get(key).and_then(Value::to_text)
    }

    /// A boolean option of the page.
    pub(crate) fn switch(&self, key: &str, default: bool) -> bool {
        self.meta.get(key).and_then(Value::as_bool).unwrap_or(default)
    }

    /// True if the page belongs to a website or book, which has navigation.
    pub(crate) fn is_site(&self) -> bool {
        self.project.kind != ProjectKind::Default
    }
}
