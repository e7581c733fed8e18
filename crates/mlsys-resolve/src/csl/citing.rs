//! What a page cites, apart from where it stands: pages that differ elsewhere cite in the same words.

use super::rich::{Rich, from_inlines};
use mlsys_book::{CitationMode, Cite};
use serde::Serialize;

/// A page's citations. With a style and works they are all that goes into [`super::cite`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Citing {
    /// The groups of citations, in the order of the text.
    pub clusters: Vec<CitingCluster>,
    /// Keys to list without being cited (`nocite`); `*` stands for all.
    pub nocite: Vec<String>,
    /// The page's language (`lang`), as a BCP 47 tag.
    pub lang: String,
    /// Whether citations link to the reference list (`link-citations`; Quarto's default is yes).
    pub link_citations: bool,
}

/// A group of citations: one [`Cite`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CitingCluster {
    pub(super) items: Vec<CitingItem>,
    pub(super) in_note: bool,
}

/// A citation of one work.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct CitingItem {
    pub key: String,
    pub mode: CitationMode,
    pub prefix: Vec<Rich>,
    pub suffix: Vec<Rich>,
}

impl CitingCluster {
    /// A group of citations of the text, or of a note.
    pub fn new(cite: &Cite, in_note: bool) -> Self {
        let items = cite.citations.iter().map(|citation| CitingItem {
            key: citation.key.clone(),
            mode: citation.mode,
            prefix: from_inlines(&citation.prefix),
            suffix: from_inlines(&citation.suffix),
        });
        CitingCluster { items: items.collect(), in_note }
    }
}

impl Citing {
    /// The keys of the citations.
    pub(super) fn cited(&self) -> impl Iterator<Item = &str> {
        self.clusters.iter().flat_map(|cluster| &cluster.items).map(|item| item.key.as_str())
    }
}
