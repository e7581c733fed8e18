//! Checks that only `mlsys check` runs: problems that no build notices. One file per subject.

mod bibliography;
mod citations;
mod headings;
mod images;
mod labels;
mod metadata;
mod named_files;
mod notes;
mod orphan_files;
mod part_summaries;
mod quizzes;
mod raw_html;
mod scripts;
mod tables;

use orphan_files::OrphanFiles;

use crate::build;
use crate::build::linked::Linked;
use crate::memo::Memo;
use crate::options::BuildOptions;
use crate::parallel::in_parallel;
use crate::project::Book;
use mlsys_book::{Block, Chapter, Diagnostic, Links, Node, PageId, Source, walk};

/// A page to check.
struct Page<'a> {
    book: &'a Book,
    input: &'a str,
    source: &'a Source,
    chapter: &'a Chapter,
    links: &'a Links,
}

impl Page<'_> {
    /// Calls `f` for every element of the page, notes and abstract included; see [`walk`].
    fn walk(&self, f: &mut impl FnMut(Node<'_>) -> bool) {
        self.parts().for_each(|blocks| walk(blocks, f));
    }

    /// The abstract, the text, and each note.
    fn parts(&self) -> impl Iterator<Item = &[Block]> {
        let notes = self.chapter.notes.iter().map(|note| note.content.as_slice());
        [self.chapter.summary.as_slice(), self.chapter.blocks.as_slice()].into_iter().chain(notes)
    }
}

/// Checks a book: runs the pipeline of a build without writing, then the lints. Reports everything that a build reports.
///
/// Files with problems that a build does not read are added to the book's sources.
pub fn check(book: &mut Book, options: &BuildOptions) -> Vec<Diagnostic> {
    let orphans = OrphanFiles::read(book);
    let book = &*book;
    // The index has no diagnostics.
    let options = BuildOptions { search: false, ..options.clone() };
    let (built, outputs) = build::run(book, &options, Memo::new(book), None, None, |_| ());
    let mut diagnostics = built.diagnostics;
    let selected: Vec<PageId> = book.page_ids().filter(|id| book.pages[*id].is_selected).collect();
    diagnostics.extend(in_parallel(selected, |id| page(book, id, &outputs.linked)).into_iter().flatten());
    diagnostics.extend(self::book(book, &outputs.linked, &orphans));
    build::with_severities(book, diagnostics)
}

/// The lints of one page of a built book.
pub fn of_page(book: &Book, linked: &Linked, id: PageId) -> Vec<Diagnostic> {
    build::with_severities(book, page(book, id, linked))
}

/// The lints of a built book as a whole. Files with problems that a build does not read are added to the book's sources.
pub fn of_book(book: &mut Book, linked: &Linked) -> Vec<Diagnostic> {
    let orphans = OrphanFiles::read(book);
    build::with_severities(book, self::book(book, linked, &orphans))
}

/// Checks a page.
fn page(book: &Book, id: PageId, linked: &Linked) -> Vec<Diagnostic> {
    let Some(links) = linked.links.get(id) else { return Vec::new() };
    let input = book.project.pages[id].input.as_str();
    let page = Page { book, input, source: book.source(id), chapter: &linked.chapters[id], links };
    let mut found = Vec::new();
    headings::check(&page, &mut found);
    labels::captions(&page, &mut found);
    labels::doubled_words(&page, &mut found);
    scripts::check(&page, &mut found);
    citations::check(&page, &mut found);
    citations::empty_list(&page, &mut found);
    notes::check(&page, &mut found);
    tables::check(&page, &mut found);
    images::check(&page, &mut found);
    images::weight(&page, &mut found);
    metadata::check(&page, &mut found);
    raw_html::check(&page, &linked.indexes[id], &mut found);
    found
}

/// Checks the book as a whole, and the files that no page uses.
fn book(book: &Book, linked: &Linked, orphans: &OrphanFiles) -> Vec<Diagnostic> {
    let mut found = orphans.diagnostics.clone();
    labels::unreferenced(book, linked, &mut found);
    bibliography::check(book, linked, &mut found);
    part_summaries::check(book, linked, orphans, &mut found);
    quizzes::check(book, linked, orphans, &mut found);
    found.extend(raw_html::included(book));
    found
}
