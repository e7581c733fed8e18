//! Input: the citations of a document.

use crate::rich::Rich;
use serde::Serialize;

/// A document's citations. With a style and works, this is all that [`crate::cite`] depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Citing {
    /// The clusters, in document order.
    pub clusters: Vec<Cluster>,
    /// Keys to list without a citation (Pandoc's `nocite`); `*` means all works.
    pub nocite: Vec<String>,
    /// The document's language, as a BCP 47 tag.
    pub lang: String,
    /// True if citations link to their entries in the bibliography, as `#ref-KEY`.
    pub link_citations: bool,
}

/// A citation in the text: one or more cites, which the style sorts, groups and collapses.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cluster {
    /// The cites, in the author's order.
    pub cites: Vec<Cite>,
    /// True inside a note, where a note style prints the citation in parentheses.
    pub in_note: bool,
}

/// The citation of one work.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cite {
    /// The work's key.
    pub key: String,
    /// How the author is named.
    pub mode: CiteMode,
    /// The text before it.
    pub prefix: Vec<Rich>,
    /// The text after it. It may begin with a locator (`, p. 3`), in the document's language.
    pub suffix: Vec<Rich>,
}

impl Cite {
    /// A cite of a work with no text around it.
    pub fn new(key: impl Into<String>) -> Self {
        Cite { key: key.into(), mode: CiteMode::Normal, prefix: Vec::new(), suffix: Vec::new() }
    }
}

/// How a cite names the author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum CiteMode {
    /// As the style does: (Doe 2020).
    Normal,
    /// In the running text: Doe (2020).
    AuthorInText,
    /// Not at all: (2020).
    SuppressAuthor,
}

impl Citing {
    /// The keys of the cites, in document order.
    pub(crate) fn cited(&self) -> impl Iterator<Item = &str> {
        self.clusters.iter().flat_map(|cluster| &cluster.cites).map(|cite| cite.key.as_str())
    }
}
