//! Where links lead on a web site: addresses relative to the page that holds them.

use crate::project::Book;
use crate::url::{has_scheme, relative};
use mlsys_book::{PageId, Target, is_folder};
use mlsys_render::Address;

/// The addresses of one page's links.
#[derive(Clone, Copy, Debug)]
pub struct PageAddress<'a> {
    book: &'a Book,
    page: PageId,
}

impl<'a> PageAddress<'a> {
    /// The addresses as seen from a page.
    pub fn new(book: &'a Book, page: PageId) -> Self {
        PageAddress { book, page }
    }

    /// The page's own output.
    fn output(&self) -> &'a str {
        &self.book.project.pages[self.page.0 as usize].output
    }

    /// Whether the page is shown under any address, so that its links must not depend on it.
    fn is_anywhere(&self) -> bool {
        self.output() == "404.html"
    }

    /// Whether a folder, given from the root, is none of the project: then the author means another site on the same host.
    fn leads_out(&self, rooted: &str) -> bool {
        let folder = rooted.split(['#', '?']).next().unwrap_or("").trim_end_matches('/');
        let name = folder.rsplit('/').next().unwrap_or("");
        !folder.is_empty() && !name.contains('.') && !is_folder(folder, &self.book.files)
    }

    /// The address of a file of the site, given relative to the output folder.
    pub fn file(&self, file: &str) -> String {
        if self.is_anywhere() {
            return format!("{}{file}", self.book.project.site.path);
        }
        if file.is_empty() {
            return relative(self.output(), "index.html");
        }
        relative(self.output(), file)
    }
}

impl Address for PageAddress<'_> {
    fn href(&self, target: &Target) -> String {
        let anchor = target.anchor.as_ref().map(|a| format!("#{a}"));
        if target.page == self.page
            && let Some(anchor) = anchor
        {
            return anchor;
        }
        let file = self.book.project.pages.get(target.page.0 as usize).map_or("", |p| p.output.as_str());
        self.file(file) + &anchor.unwrap_or_default()
    }

    /// Root-relative files become relative to the page.
    fn resource(&self, url: &str) -> String {
        if url.starts_with("//") || url.starts_with('#') || url.is_empty() || has_scheme(url) {
            return url.to_owned();
        }
        if let Some(rooted) = url.strip_prefix('/') {
            return if self.leads_out(rooted) { url.to_owned() } else { self.file(rooted) };
        }
        if self.is_anywhere() {
            return self.file(url.strip_prefix("./").unwrap_or(url));
        }
        url.to_owned()
    }
}
