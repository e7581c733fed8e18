//! HTML that is rendered once a build and filled in for each page.

use super::hole::Hole;
use super::writer::{Syntax, Writer};
use mlsys_book::PageId;

/// HTML whose URLs and marks depend on the page that shows it.
///
/// The sidebar of a large book is as long as a chapter. Rendering it once leaves each page a copy with its own URLs, which is
/// cheaper than rendering it again.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fragment {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
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

    #[test]
    fn addresses_follow_the_page() {
        let html = r##"<a href="./a.html">A</a><img src="/b.png"><a href="https://c.org">C</a><a href="#d">D</a>"##;
        let expected =
            r##"<a href="../a.html">A</a><img src="../b.png"><a href="https://c.org">C</a><a href="#d">D</a>"##;
        assert_eq!(Fragment::new(|out| out.site_html(html)).fill(PageId(0), "../"), expected);
        assert_eq!(super::super::root_resources(html), ["b.png"]);
    }
}
