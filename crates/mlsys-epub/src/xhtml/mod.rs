//! The body of a page as XHTML: HTML of any quality is read as a browser reads it and written as EPUB wants it.

mod attributes;
mod css;
mod foreign;
mod rules;
mod serializer;
mod structures;
mod tree;

use crate::paths::{Paths, relative};
use rustc_hash::{FxHashMap, FxHashSet};
use serializer::Serializer;
use std::collections::BTreeSet;
use std::ops::Range;
use tree::Tree;

/// A page as XHTML. Links to other pages are not checked yet: see [`Xhtml::linked`].
#[derive(Clone, Debug, Default)]
pub struct Xhtml {
    /// The content of `body`.
    content: String,
    /// The ids.
    ids: FxHashSet<String>,
    /// The links with an anchor.
    anchors: Vec<Anchor>,
    /// The paths in the package of the images.
    pub images: BTreeSet<String>,
    /// True if it has MathML.
    pub has_mathml: bool,
    /// True if it has inline SVG.
    pub has_svg: bool,
    /// True if all images have alternative texts.
    pub is_described: bool,
}

/// The anchor of a link.
#[derive(Clone, Debug)]
struct Anchor {
    /// Where `#anchor` is in the content.
    range: Range<usize>,
    document: usize,
    id: String,
    /// What is written in its place if no element has the id.
    otherwise: String,
}

/// The body of a page as XHTML. `page` is the page's path on the site, `document` its index among the documents of the package.
pub fn xhtml(html: &str, paths: &Paths, page: &str, document: usize) -> Xhtml {
    let tree = Tree::new(html);
    Serializer::new(&tree, paths, page, document).written()
}

/// The text of HTML. A formula's text is its TeX.
pub fn text(html: &str) -> String {
    let tree = Tree::new(html);
    serializer::plain(&tree)
}

impl Xhtml {
    /// The content, with links to anchors that exist. `documents` are the pages of the package; a link to an anchor that none of
    /// them has leads to the page.
    pub fn linked(&self, documents: &[&Xhtml]) -> String {
        let mut out = String::with_capacity(self.content.len());
        let mut done = 0;
        for anchor in &self.anchors {
            if documents.get(anchor.document).is_some_and(|document| document.ids.contains(&anchor.id)) {
                continue;
            }
            out.push_str(&self.content[done..anchor.range.start]);
            out.push_str(&anchor.otherwise);
            if anchor.otherwise.is_empty() {
                drop_role(&mut out);
            }
            done = anchor.range.end;
        }
        out.push_str(&self.content[done..]);
        out
    }

    /// The places of the ids, in the order of the content.
    pub(crate) fn positions(&self) -> FxHashMap<&str, usize> {
        const START: &str = " id=\"";
        let starts = self.content.match_indices(START);
        let id = |at: usize| self.content[at + START.len()..].split('"').next().unwrap_or("");
        starts.map(|(at, _)| (id(at), at)).collect()
    }
}

/// Removes the role from the start tag that a text ends with: it says what kind of link an element is, which leads nowhere.
fn drop_role(out: &mut String) {
    const ROLE: &str = " role=\"";
    let tag = out.rfind('<').unwrap_or(0);
    let Some(start) = out[tag..].find(ROLE).map(|at| tag + at) else { return };
    if let Some(end) = out[start + ROLE.len()..].find('"') {
        out.replace_range(start..start + ROLE.len() + end + 1, "");
    }
}

/// The URL of a document on a page of the package.
fn document_url(paths: &Paths, from: usize, to: usize) -> String {
    relative(paths.document(from), paths.document(to))
}
