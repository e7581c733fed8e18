//! The URLs of links on a website, relative to the page with the link.

use crate::project::Book;
use crate::url::{has_scheme, relative};
use mlsys_book::{PageId, Target, encoded_path};
use mlsys_render::{Urls, with_urls};
use std::borrow::Cow;

/// The URLs of one page's links.
#[derive(Clone, Copy, Debug)]
pub struct PageUrls<'a> {
    book: &'a Book,
    page: PageId,
}

impl<'a> PageUrls<'a> {
    /// The URLs relative to a page.
    pub fn new(book: &'a Book, page: PageId) -> Self {
        PageUrls { book, page }
    }

    /// The output file of the page.
    fn output(&self) -> &'a str {
        &self.book.project.pages[self.page].output
    }

    /// True for `404.html`: servers show it at any URL, so its links must start at the root.
    fn is_at_any_url(&self) -> bool {
        self.output() == "404.html"
    }

    /// The URL of an output file.
    pub fn file(&self, file: &str) -> String {
        if self.is_at_any_url() {
            return format!("{}{file}", self.book.project.site.path);
        }
        if file.is_empty() {
            return relative(self.output(), "index.html");
        }
        relative(self.output(), file)
    }
}

impl Urls for PageUrls<'_> {
    fn href(&self, target: &Target) -> String {
        let anchor = target.anchor.as_ref().map(|a| format!("#{a}"));
        if target.page == self.page
            && let Some(anchor) = anchor
        {
            return anchor;
        }
        let file = self.book.project.pages.page(target.page).map_or("", |p| p.output.as_str());
        self.file(&encoded_path(file)) + &anchor.unwrap_or_default()
    }

    /// Rewrites root-relative URLs to be relative to the page: a site may be served from a folder.
    fn resource(&self, url: &str) -> String {
        if url.starts_with("//") || url.starts_with('#') || url.is_empty() || has_scheme(url) {
            return url.to_owned();
        }
        if let Some(rooted) = url.strip_prefix('/') {
            return self.file(rooted);
        }
        if self.is_at_any_url() {
            return self.file(url.strip_prefix("./").unwrap_or(url));
        }
        url.to_owned()
    }

    fn raw_html<'h>(&self, html: &'h str) -> Cow<'h, str> {
        let has_rooted = html.contains("=\"/") || html.contains("='/") || html.contains("=/");
        match has_rooted || self.is_at_any_url() {
            true => with_urls(html, |url| self.resource(url)),
            false => Cow::Borrowed(html),
        }
    }
}
