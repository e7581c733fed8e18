//! The input of a page.

use super::dates::Clock;
use crate::body::Html;
use crate::markdown::Markdown;
use crate::site::{Assets, Chrome};
use mlsys_book::{OptionName, PageId, Project, ProjectKind, Value};

/// Everything that a page is rendered from.
pub struct PageContext<'a> {
    /// The project.
    pub project: &'a Project,
    /// The site's chrome.
    pub chrome: &'a Chrome,
    /// The page.
    pub page: PageId,
    /// Its metadata: the project's, the folder's and its front matter.
    pub meta: &'a Value,
    /// Its chapter number, if the book numbers chapters.
    pub number: Option<&'a str>,
    /// Its title as plain text; `None` without a title.
    pub title: Option<&'a str>,
    /// Its body.
    pub html: &'a Html,
    /// Reads inline Markdown of a metadata value, with URLs relative to this page.
    pub markdown: Markdown<'a>,
    /// Reads a file that the metadata includes (`include-in-header`), by its path as written; `None` if unreadable.
    pub file: &'a dyn Fn(&str) -> Option<String>,
    /// True if a URL from the site's root, in text for every page, names a file that does not exist.
    pub missing: &'a dyn Fn(&str) -> bool,
    /// The categories of the page's listings, for the margin.
    pub listing_categories: &'a str,
    /// The page's listings without a place in its text.
    pub listings_after: &'a str,
    /// The URL of the page's preview image, from its text.
    pub preview: Option<&'a str>,
    /// Width and height of the preview image, or of the site's.
    pub picture_size: Option<(u32, u32)>,
    /// The file name of the site's web application manifest.
    pub manifest: Option<&'a str>,
    /// The feeds of the page's listings: URL and title.
    pub feeds: &'a [(String, String)],
    /// The site's files.
    pub assets: &'a Assets,
    /// The page's own source text.
    pub source: &'a str,
    /// The dates of the build and of the page's last change.
    pub clock: Clock,
}

impl PageContext<'_> {
    /// A metadata value as text.
    pub(crate) fn meta_text(&self, key: OptionName) -> Option<String> {
        self.meta.text(key)
    }

    /// A boolean metadata value.
    pub(crate) fn switch(&self, key: OptionName, default: bool) -> bool {
        self.meta.value(key).and_then(Value::as_bool).unwrap_or(default)
    }

    /// True if the page belongs to a website or book, which have navigation.
    pub(crate) fn is_site(&self) -> bool {
        self.project.kind != ProjectKind::Default
    }
}
