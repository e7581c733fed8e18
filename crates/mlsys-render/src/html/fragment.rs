//! HTML that is rendered once a build and filled in for each page.

use super::hole::Hole;
use super::writer::{Syntax, Writer};
use mlsys_book::PageId;
use serde::Serialize;

/// HTML whose URLs and marks depend on the page that shows it.
///
/// The sidebar of a large book is as long as a chapter. Rendering it once leaves each page a copy with its own URLs, which is
/// cheaper than rendering it again.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Fragment {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) enum Piece {
    /// The same on every page.
    Text(String),
    Hole(Hole),
}

impl Fragment {
    pub fn new(write: impl FnOnce(&mut Writer)) -> Self {
        let mut out = Writer::new(Syntax::Html);
        write(&mut out);
        let (text, holes) = out.into_parts();
        let mut pieces = Vec::with_capacity(2 * holes.len() + 1);
        let mut done = 0;
        for (at, hole) in holes {
            if at > done {
                pieces.push(Piece::Text(text[done..at].to_owned()));
            }
            pieces.push(Piece::Hole(hole));
            done = at;
        }
        if done < text.len() {
            pieces.push(Piece::Text(text[done..].to_owned()));
        }
        Fragment { pieces }
    }

    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// True if it contains nothing.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The HTML for a page; `root` is the relative URL of the site's root.
    pub fn fill(&self, page: PageId, root: &str) -> String {
        self.fill_slot(page, root, "")
    }

    /// Like [`Fragment::fill`], with the page's own markup in the slot.
    pub fn fill_slot(&self, page: PageId, root: &str, markup: &str) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            out.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Hole(Hole::Root) => root,
                Piece::Hole(Hole::When { pages, then, .. }) if pages.binary_search(&page).is_ok() => then,
                Piece::Hole(Hole::When { otherwise, .. }) => otherwise,
                Piece::Hole(Hole::Slot) => markup,
            });
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Elements, Tag};

    #[test]
    fn urls_follow_the_page() {
        let links = Fragment::new(|out| {
            for url in ["./a.html?b&c", "/b.png", "https://c.org", "#d"] {
                out.leaf(Tag::new("a").site_url("href", url), "x");
            }
        });
        let expected = "<p><a href=\"../a.html?b&amp;c\">x</a><a href=\"../b.png\">x</a>\
                        <a href=\"https://c.org\">x</a><a href=\"#d\">x</a></p>";
        let nested = Fragment::new(|out| out.element(Tag::new("p"), |out| out.fragment(&links)));
        assert_eq!(nested.fill(PageId(0), "../"), expected);
    }
}
