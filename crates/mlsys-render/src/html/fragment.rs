//! HTML that is written once a build and completed for each page.

use crate::body::{Address, flat_inlines_at, inlines_at};
use crate::raw_html::with_addresses;
use serde::Serialize;
use mlsys_book::{Inline, PageId, Target};
use std::borrow::Cow;

/// HTML whose addresses and marks depend on its page.
///
/// The sidebar of a large book is as long as a chapter. Writing it once and copying it with the page's own addresses costs a
/// copy a page instead of a rendering a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Fragment {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
enum Piece {
    /// The same on every page.
    Text(String),
    /// The way from the page to the site's root: `./`, `../../`.
    Root,
    /// One text on some pages (in order), another on the others.
    When { pages: Vec<PageId>, then: &'static str, otherwise: &'static str },
}

impl Fragment {
    /// Appends HTML that is the same on every page.
    pub fn text(&mut self, html: &str) {
        if let Some(Piece::Text(text)) = self.pieces.last_mut() {
            text.push_str(html);
        } else if !html.is_empty() {
            self.pieces.push(Piece::Text(html.to_owned()));
        }
    }

    /// Appends an attribute with an address: one of the site, as on a page at its root, becomes relative to each page.
    pub fn address(&mut self, name: &str, url: &str) {
        self.text(&format!(" {name}=\""));
        if site_path(url).is_some() {
            self.pieces.push(Piece::Root);
        }
        self.text(&escape(site_path(url).unwrap_or(url)));
        self.text("\"");
    }

    /// Appends inlines of the configuration with their links. Their addresses are as in [`Fragment::address`].
    pub fn inlines(&mut self, inlines: &[Inline]) {
        self.marked(&inlines_at(inlines, &AtRoot));
    }

    /// Appends inlines with links reduced to their text.
    pub fn flat_inlines(&mut self, inlines: &[Inline]) {
        self.marked(&flat_inlines_at(inlines, &AtRoot));
    }

    /// Appends HTML with a mark where the way to the root goes.
    fn marked(&mut self, html: &str) {
        for (at, part) in html.split(ROOT).enumerate() {
            if at > 0 {
                self.pieces.push(Piece::Root);
            }
            self.text(part);
        }
    }

    /// Appends another fragment.
    pub fn append(&mut self, other: &Fragment) {
        for piece in &other.pieces {
            match piece {
                Piece::Text(text) => self.text(text),
                Piece::Root | Piece::When { .. } => self.pieces.push(piece.clone()),
            }
        }
    }

    /// True if there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Appends a text that depends on the page.
    pub fn when(&mut self, mut pages: Vec<PageId>, then: &'static str, otherwise: &'static str) {
        pages.sort_unstable();
        if !pages.is_empty() {
            self.pieces.push(Piece::When { pages, then, otherwise });
        } else if !otherwise.is_empty() {
            self.text(otherwise);
        }
    }

    /// The HTML for a page; `root` is the way from it to the site's root.
    pub fn fill(&self, page: PageId, root: &str) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Root => out.push_str(root),
                Piece::When { pages, then, otherwise } => {
                    out.push_str(if pages.binary_search(&page).is_ok() { then } else { otherwise });
                }
            }
        }
        out
    }
}

/// Stands for the way to the root in HTML that is still to be divided into pieces. Unicode promises that text does not hold this
/// character.
const ROOT: char = '\u{fdd1}';

/// Addresses as on a page at the site's root, those of the site behind a [`ROOT`].
struct AtRoot;

impl Address for AtRoot {
    fn href(&self, _: &Target) -> String {
        String::new()
    }

    fn resource(&self, url: &str) -> String {
        site_path(url).map_or_else(|| url.to_owned(), |path| format!("{ROOT}{path}"))
    }

    fn raw_html<'h>(&self, html: &'h str) -> Cow<'h, str> {
        with_addresses(html, |url| self.resource(url))
    }
}

/// The path of an address within the site; `None` for other hosts, other schemes and anchors of the page.
pub(crate) fn site_path(address: &str) -> Option<&str> {
    if address.is_empty() || address.starts_with(['#', '?']) || address.starts_with("//") {
        return None;
    }
    let head = address.split(['/', '?', '#']).next().unwrap_or("");
    if head.contains(':') {
        return None;
    }
    Some(address.strip_prefix("./").or_else(|| address.strip_prefix('/')).unwrap_or(address))
}

/// The HTML of a page with absolute addresses, for places outside the site; `page` is the page's own absolute address.
pub fn absolute_html(html: &str, page: &str) -> String {
    let (origin, path) = match page.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('/')?))) {
        Some((scheme, (host, path))) => (format!("{scheme}://{host}"), path),
        None => (page.trim_end_matches('/').to_owned(), ""),
    };
    let absolute = |address: &str| {
        if address.starts_with('#') {
            return format!("{page}{address}");
        }
        if site_path(address).is_none() {
            return address.to_owned();
        }
        let mut parts: Vec<&str> = match address.starts_with('/') {
            true => Vec::new(),
            false => path.rsplit_once('/').map_or("", |(folder, _)| folder).split('/').collect(),
        };
        for part in address.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        parts.retain(|part| !part.is_empty());
        format!("{origin}/{}", parts.join("/"))
    };
    with_addresses(html, absolute).into_owned()
}

/// Text for HTML: in content or between double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::{InlineKind, Span};

    #[test]
    fn addresses_follow_the_page() {
        let mut fragment = Fragment::default();
        for url in ["./a.html?b&c", "/b.png", "https://c.org", "#d"] {
            fragment.address("href", url);
        }
        let expected = " href=\"../a.html?b&amp;c\" href=\"../b.png\" href=\"https://c.org\" href=\"#d\"";
        assert_eq!(fragment.fill(PageId(0), "../"), expected);
    }

    #[test]
    fn addresses_in_html_of_the_author_follow_the_page() {
        let html = "<a href='/a.html'>A</a><img src=b.png srcset=\"/c.png 1x, https://d.org/d.png 2x\">";
        let kind = InlineKind::RawInline("html".to_owned(), html.to_owned());
        let mut fragment = Fragment::default();
        fragment.inlines(&[Inline { span: Span::new(0, 0), kind }]);
        let expected = "<a href='../a.html'>A</a><img src=../b.png srcset=\"../c.png 1x, https://d.org/d.png 2x\">";
        assert_eq!(fragment.fill(PageId(0), "../"), expected);
    }

    #[test]
    fn feeds_have_absolute_addresses() {
        let html = "<a href=\"#x\">x</a><img src='../i.png'><a href=y.html>y</a><code>href=\"z\"</code>";
        let expected = "<a href=\"https://k.org/a/p.html#x\">x</a><img src='https://k.org/i.png'>\
                        <a href=https://k.org/a/y.html>y</a><code>href=\"z\"</code>";
        assert_eq!(absolute_html(html, "https://k.org/a/p.html"), expected);
    }
}
