//! What a page asks of the CSL processor, and the answer.
//!
//! Formatting citations is costly, so it is a step of its own: [`citing`] is cheap, and [`cite`] depends on nothing but its
//! arguments. Neither value holds positions: an edit of the text around its citations changes neither.

use crate::crossref::Crossref;
use crate::page_citation::{RelativeDates, page_work};
use crate::reading::{Visit, read};
use crate::references::is_label;
use crate::rich_text::cluster;
use mlsys_book::{
    Bibliography, Chapter, Citation, CitationMode, Cite, Index, InlineKind, PageId, Project, Refs, Value, Work, key,
    name,
};
use mlsys_csl::{Entry, SharedBibliography, Style};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a page asks of the CSL processor.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Citing {
    /// The page's citations. Empty without a bibliography to cite from.
    pub document: mlsys_csl::Citing,
    /// True if the citations lead to the bibliography that all pages of the book share.
    pub shared: bool,
    /// The page itself as a work, if its metadata has `citation`.
    pub page: Option<Work>,
}

/// The answer of the CSL processor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Citations {
    /// The page's citations and its bibliography.
    pub document: mlsys_csl::Citations,
    /// The page itself as an entry.
    pub page: Option<Entry>,
}

impl Citing {
    /// True if the page cites nothing. The answer is then [`Citations::default`].
    pub fn is_empty(&self) -> bool {
        self.document.clusters.is_empty() && self.document.nocite.is_empty() && self.page.is_none()
    }
}

/// Collects what a page asks of the CSL processor. `works` are those that it may cite.
pub fn citing(
    chapter: &Chapter,
    index: &Index,
    refs: &Refs,
    project: &Project,
    works: &Bibliography,
    dates: &RelativeDates,
) -> Citing {
    let lang = chapter.meta.value(name!("lang")).and_then(Value::as_str).unwrap_or("en").to_owned();
    let mut document = mlsys_csl::Citing { lang, ..mlsys_csl::Citing::default() };
    if !works.is_empty() && !leaves_citations(chapter) {
        let crossref = Crossref::new(&chapter.meta);
        let mut in_note = false;
        read(chapter, &mut |event| match event {
            Visit::EnterNote => in_note = true,
            Visit::LeaveNote => in_note = false,
            Visit::Enter(_) | Visit::Leave | Visit::EndOfTitle => {}
            Visit::Inline(inline) => {
                if let InlineKind::Cite(cite) = &inline.kind {
                    let (_, cited) = labels_and_works(cite, &crossref, refs, works);
                    if !cited.is_empty() {
                        document.clusters.push(cluster(&cited, in_note));
                    }
                }
            }
        });
        document.nocite = nocite(chapter, index, refs);
        let unlinked = chapter.meta.read(key!("link-citations")) == Some(false);
        document.link_citations = !unlinked && !suppresses_bibliography(chapter);
    }
    let shared = references_page(chapter, index, refs).is_some();
    Citing { document, shared, page: page_work(chapter, index.page, project, dates) }
}

/// Formats the citations of a page. `shared` is the bibliography of the whole book, for pages whose citations lead there.
pub fn cite(style: &Style, works: &Bibliography, citing: &Citing, shared: Option<&SharedBibliography>) -> Citations {
    let Citing { document, shared: _, page } = citing;
    let entry = |work: &Work| {
        let mut works = Bibliography::default();
        works.extend(&[Arc::new(work.clone())]);
        let keys = std::slice::from_ref(&work.key);
        mlsys_csl::bibliography(style, &works, keys, &document.lang).into_iter().next()
    };
    let page = page.as_ref().and_then(entry);
    let cites = !document.clusters.is_empty() || !document.nocite.is_empty();
    let document =
        if cites { mlsys_csl::cite(style, works, document, shared) } else { mlsys_csl::Citations::default() };
    Citations { document, page }
}

/// The citations of an inline: first those of labels, then those of works.
pub(crate) fn labels_and_works<'c>(
    cite: &'c Cite,
    crossref: &Crossref<'_>,
    refs: &Refs,
    works: &Bibliography,
) -> (Vec<&'c Citation>, Vec<&'c Citation>) {
    let is_work = |key: &str| works.get(key).is_some();
    // `-@key` outside of brackets is TeX's `\ref{key}`, unless it is the year of a work.
    let is_ref = |citation: &Citation| {
        !cite.bracketed && citation.mode == CitationMode::SuppressAuthor && !is_work(&citation.key)
    };
    cite.citations.iter().partition(|citation| is_ref(citation) || is_label(crossref, refs, &citation.key, is_work))
}

/// The page with the bibliography of the whole book, if this page's citations lead there.
pub(crate) fn references_page(chapter: &Chapter, index: &Index, refs: &Refs) -> Option<PageId> {
    let in_margin = chapter.meta.read(key!("citation-location")) == Some("margin");
    refs.references.filter(|page| *page != index.page && !in_margin)
}

/// True if citations stay as they are written (`citeproc: false`).
pub(crate) fn leaves_citations(chapter: &Chapter) -> bool {
    chapter.meta.read(key!("citeproc")) == Some(false)
}

/// True if the page shows no bibliography (`suppress-bibliography`).
pub(crate) fn suppresses_bibliography(chapter: &Chapter) -> bool {
    chapter.meta.read(key!("suppress-bibliography")) == Some(true)
}

/// The keys to list without a citation: those of `nocite`, and on a book's page of references those that any page cites.
pub(crate) fn nocite(chapter: &Chapter, index: &Index, refs: &Refs) -> Vec<String> {
    let mut keys = Vec::new();
    for value in chapter.meta.list(name!("nocite")) {
        let text = value.as_str().unwrap_or("");
        for part in text.split('@').skip(1) {
            let end = part.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ']')).unwrap_or(part.len());
            let key = part.get(..end).unwrap_or("").trim_end_matches(['.', ':']);
            if !key.is_empty() {
                keys.push(key.to_owned());
            }
        }
    }
    if refs.references == Some(index.page) {
        keys.extend(refs.cited.iter().cloned());
    }
    keys
}
