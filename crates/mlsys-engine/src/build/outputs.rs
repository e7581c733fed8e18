//! The results of a build's steps, for the next build.

use super::inputs::SiteIdentities;
use super::linked::Linked;
use crate::leaves::diagrams::PageDiagrams;
use crate::memo::Memo;
use crate::memo::pack::{PackWriter, Part};
use crate::memo::page_memo::LazyMemo;
use crate::memo::per_page::{Identity, PerPage, PerSelectedPage, points_to};
use crate::memo::store::Store;
use crate::project::{Book, PageInput};
use crate::site::listings::PageListings;
use crate::site::media::PageMedia;
use crate::site::search::SearchFiles;
use crate::site::shell::Shell;
use mlsys_book::{Diagnostic, PageId, PageVec, Source, SourceId};
use mlsys_render::{Html, SearchPage};
use std::sync::{Arc, Mutex};

/// The results of all steps.
pub struct Outputs {
    /// Trees, numbers, links.
    pub linked: Linked,
    pub(super) diagrams: PerPage<PageDiagrams>,
    pub(super) media: PerSelectedPage<PageMedia>,
    pub(super) bodies: PerSelectedPage<Html>,
    pub(super) listings: PerSelectedPage<Option<PageListings>>,
    pub(super) shell: Shell,
    pub(super) shell_identity: Identity,
    pub(super) site: SiteIdentities,
    pub(super) pages: PerSelectedPage<Option<Arc<[u8]>>>,
    /// The diagnostics about the site's own files.
    pub(super) site_diagnostics: Vec<Diagnostic>,
    pub(super) searched: PerSelectedPage<Option<SearchPage>>,
    pub(super) index: SearchFiles,
    pub(super) page_memos: PageVec<Mutex<LazyMemo>>,
}

impl Outputs {
    /// True if a diagnostic about a page lies outside the pages: in the configuration, where other edits move it.
    pub(super) fn point_outside(&self, book: &Book) -> bool {
        let mut inside = vec![false; book.sources.len()];
        book.pages.iter().for_each(|page| inside[page.source.index()] = true);
        let outside = |id: SourceId| !inside.get(id.index()).copied().unwrap_or(false);
        let Linked { chapters, links, .. } = &self.linked;
        let of_text = chapters.diagnostics().chain(links.diagnostics()).chain(self.media.diagnostics());
        let of_pages = self.bodies.diagnostics().chain(self.listings.diagnostics()).chain(&self.site_diagnostics);
        of_text.chain(of_pages).any(|diagnostic| points_to(diagnostic, outside))
    }
}

/// Writes the results of each page to the store. The steps after it read no packs.
pub(super) fn store_pages(
    memo: &mut Memo<'_>,
    linked: &Linked,
    bodies: &PerSelectedPage<Html>,
    searched: &PerSelectedPage<Option<SearchPage>>,
) {
    memo.write_packs(|id: PageId, pack: &mut PackWriter<'_>| {
        pack.add(Part::Tree, Some(linked.chapters.output(id)));
        pack.add(Part::Links, linked.links.output(id));
        pack.add(Part::Body, bodies.output(id));
        pack.add(Part::Search, searched.output(id));
    });
}

/// Writes the results of each page of an EPUB to the store.
pub(super) fn store_epub_pages(memo: &mut Memo<'_>, linked: &Linked, bodies: &PerSelectedPage<Html>) {
    memo.write_packs(|id: PageId, pack: &mut PackWriter<'_>| {
        pack.add(Part::Tree, Some(linked.chapters.output(id)));
        pack.add(Part::Links, linked.links.output(id));
        pack.add(Part::Body, bodies.output(id));
    });
}

/// A build that the next one of the same project may reuse.
pub struct Previous {
    /// The book.
    pub book: Book,
    /// The results.
    pub outputs: Outputs,
}

/// The builds of a project in one process.
pub struct Memory {
    pub(super) previous: Option<Previous>,
    /// What earlier runs of the command have stored.
    pub(super) store: Store,
}

impl Memory {
    /// No build, but a store.
    pub fn new(store: Store) -> Self {
        Memory { previous: None, store }
    }

    /// The book of the previous build.
    pub fn book(&self) -> Option<&Book> {
        self.previous.as_ref().map(|previous| &previous.book)
    }

    /// The trees, numbers and links of the previous build.
    pub fn linked(&self) -> Option<&Linked> {
        self.previous.as_ref().map(|previous| &previous.outputs.linked)
    }
}

/// How the sources of two builds differ.
pub(super) struct Comparison {
    /// True if no source has changed.
    pub unchanged: bool,
    /// True if a source that is not a page, such as the configuration, has changed.
    pub outside_changed: bool,
}

impl Comparison {
    /// Compares a book with that of the previous build. `None` with other pages, or another order of pages or sources: the
    /// numbers of pages and sources are part of every result.
    pub fn new(book: &Book, previous: &Previous) -> Option<Self> {
        let then = &previous.book;
        let same_page = |(a, b): (&PageInput, &PageInput)| {
            (a.source, a.is_selected, &a.bibliographies) == (b.source, b.is_selected, &b.bibliographies)
        };
        let comparable = book.root == then.root
            && book.output == then.output
            && book.project.pages == then.project.pages
            && book.pages.len() == then.pages.len()
            && book.pages.iter().zip(&then.pages).all(same_page)
            && book.sources.len() == then.sources.len();
        if !comparable {
            return None;
        }
        let mut is_page = vec![false; book.sources.len()];
        book.pages.iter().for_each(|page| is_page[page.source.index()] = true);
        let same: Vec<bool> = book.sources.iter().zip(&then.sources).map(|(a, b)| is_same(a, b)).collect();
        let outside_changed = same.iter().zip(&is_page).any(|(same, is_page)| !same && !is_page);
        Some(Comparison { unchanged: same.iter().all(|same| *same), outside_changed })
    }
}

/// True if two sources are composed of the same files in the same way, and have the same text.
pub(super) fn is_same(a: &Arc<Source>, b: &Arc<Source>) -> bool {
    Arc::ptr_eq(a, b) || (a.id, &a.pieces, &a.files, &a.text) == (b.id, &b.pieces, &b.files, &b.text)
}
