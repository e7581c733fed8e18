//! What is known of a book before any format: trees, numbers, links.

use super::inputs::{self, LibraryInputs, LinkInputs, TreeInputs};
use super::library::{self, Library};
use super::outputs::Previous;
use crate::memo::pack::Part;
use crate::memo::page_memo::PageMemo;
use crate::memo::per_page::{Identity, PerPage, PerSelectedPage};
use crate::memo::store::Key;
use crate::memo::{self, Memo};
use crate::parallel::both;
use crate::project::Book;
use mlsys_book::{Chapter, Checked, Diagnostic, Index, Links, PageId, Refs, name};
use mlsys_resolve::Citations;
use std::sync::{Arc, LazyLock};

/// A book's trees, its numbers, and what each page's text needs from the other pages.
pub struct Linked {
    /// The pages, in book order.
    pub chapters: PerPage<Chapter>,
    /// What the pages offer to references and ask of them.
    pub indexes: PerPage<Index>,
    /// The numbers.
    pub refs: Refs,
    /// What the pages cite from.
    pub library: Arc<Checked<Library>>,
    /// The links of each page that is to be written.
    pub links: PerSelectedPage<Links>,
    /// The identities of what all pages share.
    pub(crate) shared: Shared,
}

/// The identities of what all pages share.
#[derive(Clone)]
pub(crate) struct Shared {
    /// The inputs of all trees: metadata, variables, profiles. Without the environment.
    pub scope: Identity,
    /// The project as configured.
    pub project: Identity,
    /// The numbers of the whole book, without their places.
    pub numbers: Identity,
}

/// Parses the pages, numbers the book and resolves every reference: all that comes before a format.
pub fn linked(book: &Book, diagnostics: &mut Vec<Diagnostic>) -> Linked {
    link_book(book, &Memo::new(book), None, diagnostics)
}

/// The trees of the pages alone.
pub fn chapters(book: &Book) -> PerPage<Chapter> {
    let memo = Memo::new(book);
    parse(book, &memo, &inputs::scope(book, &memo, None), None)
}

pub(crate) fn link_book(
    book: &Book,
    memo: &Memo<'_>,
    previous: Option<&Previous>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Linked {
    let scope = inputs::scope(book, memo, previous);
    let project = inputs::project(book, memo, previous);
    let numbered = || {
        let chapters = parse(book, memo, &scope, previous);
        diagnostics.extend(chapters.diagnostics().cloned());
        let indexes = index(memo, &chapters, previous);
        let refs = mlsys_resolve::number(&book.project, indexes.iter()).take(diagnostics);
        (chapters, indexes, refs)
    };
    let ((chapters, indexes, refs), library) = both(numbered, || library(book, memo, previous));
    diagnostics.extend(library.diagnostics.iter().cloned());
    let numbers = inputs::numbers(&refs, memo, previous);
    let shared = Shared { scope, project, numbers };
    let links = link(book, memo, (&chapters, &indexes, &refs), &library.value, &shared, previous);
    diagnostics.extend(links.diagnostics().cloned());
    Linked { chapters, indexes, refs, library, links, shared }
}

/// Parses every page.
fn parse(book: &Book, memo: &Memo<'_>, scope: &Identity, previous: Option<&Previous>) -> PerPage<Chapter> {
    let earlier = previous.map(|previous| memo::Previous {
        results: &previous.outputs.linked.chapters,
        inputs: |id| TreeInputs::new(&previous.book, &previous.outputs.linked.shared.scope, id),
    });
    memo.each_page_stored(
        Part::Tree,
        |id| TreeInputs::new(book, scope, id),
        earlier,
        |id| {
            let page = &book.pages[id];
            mlsys_parse::parse_with_quizzes(book.source(id), &book.page_scope(page), &page.quizzes)
                .map(|chapter| mlsys_parse::mark_terms(chapter, &page.glossary))
        },
    )
}

/// What each page offers to references and asks of them.
fn index(memo: &Memo<'_>, chapters: &PerPage<Chapter>, previous: Option<&Previous>) -> PerPage<Index> {
    let earlier = previous.map(|previous| memo::Previous {
        results: &previous.outputs.linked.indexes,
        inputs: |id| previous.outputs.linked.chapters.output(id),
    });
    let compute = |id: PageId| Checked::clean(mlsys_resolve::index(&chapters[id], id));
    memo.each_page(|id| chapters.output(id), earlier, compute)
}

/// What the pages cite from.
fn library(book: &Book, memo: &Memo<'_>, previous: Option<&Previous>) -> Arc<Checked<Library>> {
    match previous {
        Some(previous) if LibraryInputs::new(book) == LibraryInputs::new(&previous.book) => {
            previous.outputs.linked.library.clone()
        }
        Some(_) | None => Arc::new(library::library(book, memo)),
    }
}

/// What each page's text needs from the others.
fn link(
    book: &Book,
    memo: &Memo<'_>,
    (chapters, indexes, refs): (&PerPage<Chapter>, &PerPage<Index>, &Refs),
    library: &Library,
    shared: &Shared,
    previous: Option<&Previous>,
) -> PerSelectedPage<Links> {
    let earlier = previous.map(|previous| {
        let Linked { chapters, refs, library, shared, .. } = &previous.outputs.linked;
        memo::Previous {
            results: &previous.outputs.linked.links,
            inputs: |id| LinkInputs::new(&previous.book, chapters, refs, &library.value, shared, id),
        }
    });
    let inputs = |id| LinkInputs::new(book, chapters, refs, library, shared, id);
    // The reference list of a book cites from the files of all pages, and all pages' citations lead to it.
    let list = refs.references.map(|page| &book.pages[page]);
    let bibliography_of_book = LazyLock::new(|| list.map(|list| library.shared(list, &refs.cited, &book.project.meta)));
    memo.each_selected_page_stored(Part::Links, inputs, earlier, |id| {
        let (page, chapter, index) = (&book.pages[id], &chapters[id], &indexes[id]);
        let dates = page.relative_dates(book.today);
        let lists_all = refs.references == Some(id);
        let bibliography = match lists_all {
            true => library.of_all_pages(),
            false => library.bibliography(page, &chapter.meta),
        };
        let citing = mlsys_resolve::citing(chapter, index, refs, &book.project, &bibliography, &dates);
        let joins = citing.shared && list.is_some_and(|list| list.style == page.style);
        let works: Vec<&Key> = library.keys((!joins && !lists_all).then_some(&page.bibliographies)).collect();
        let list = joins.then(|| (&refs.cited, book.project.meta.value(name!("lang"))));
        let inputs = (book.style(page), chapter.meta.value(name!("references")), &citing, list, works);
        let cite = || {
            let shared = bibliography_of_book.as_ref().filter(|_| joins);
            mlsys_resolve::cite(library.style(page), &bibliography, &citing, shared)
        };
        let citations = match citing.is_empty() {
            true => Citations::default(),
            false => memo.with_page_memo(id, |memo: &mut PageMemo| memo.citations(Key::of(&inputs), cite)),
        };
        mlsys_resolve::link(chapter, index, refs, &book.project, &bibliography, &citations, &dates)
    })
}
