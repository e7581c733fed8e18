//! Where links lead on a web site: addresses relative to the page that holds them.

use crate::reading::Book;
use mlsys_book::percent_decoded;
use mlsys_book::{PageId, Target};
use mlsys_parse::{clean_path, is_folder};
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

/// The file of the project that an address in a source names. Addresses that lead out of the project have none.
pub fn local_file(input: &str, url: &str) -> Option<String> {
    let path = url.split(['#', '?']).next().unwrap_or("");
    if path.is_empty() || url.starts_with("//") || has_scheme(url) {
        return None;
    }
    let path = percent_decoded(path);
    let joined = match path.strip_prefix('/') {
        Some(rooted) => rooted.to_owned(),
        None => match input.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{path}"),
            None => path,
        },
    };
    let clean = clean_path(&joined);
    (!clean.is_empty() && !clean.starts_with("..")).then_some(clean)
}

/// Whether an address begins with a scheme: `https:`, `mailto:`, `data:`.
pub fn has_scheme(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// The address of a file as seen from another, both relative to the same folder.
pub fn relative(from: &str, to: &str) -> String {
    let folders: Vec<&str> = from.split('/').collect();
    let folders = &folders[..folders.len() - 1];
    let parts: Vec<&str> = to.split('/').collect();
    let same = folders.iter().zip(&parts[..parts.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = folders.len() - same;
    let mut address = if up == 0 { "./".to_owned() } else { "../".repeat(up) };
    address.push_str(&parts[same..].join("/"));
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_relative() {
        assert_eq!(relative("index.html", "a/b.html"), "./a/b.html");
        assert_eq!(relative("a/b.html", "a/c.html"), "./c.html");
        assert_eq!(relative("a/x/b.html", "a/c/d.html"), "../c/d.html");
        assert_eq!(relative("a/b.html", "index.html"), "../index.html");
        assert_eq!(local_file("a/b.qmd", "../x%20y.png?v=1").as_deref(), Some("x y.png"));
        assert_eq!(local_file("a/b.qmd", "/assets/x.png").as_deref(), Some("assets/x.png"));
        assert_eq!(local_file("b.qmd", "../x.png"), None);
        assert_eq!(local_file("b.qmd", "HTTPS://example.org"), None);
    }
}
