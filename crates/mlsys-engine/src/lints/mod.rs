//! What only a check looks for: findings that cost a build nothing and an author much. One file a subject.

mod beside;
mod bibliography;
mod citations;
mod headings;
mod labels;
mod metadata;
mod named_files;
mod notes;
mod parts;
mod pictures;
mod quizzes;
mod raw_html;
mod scripts;
mod tables;

use beside::BesideFiles;

use crate::build;
use crate::build::linked::Linked;
use crate::memo::memo::Memo;
use crate::options::BuildOptions;
use crate::parallel::in_parallel;
use crate::project::Book;
use mlsys_book::{Block, Chapter, Diagnostic, Links, Node, PageId, Source, walk};

/// A page as the checks see it.
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

/// Checks a book: runs the pipeline of a build without writing, then the lints. Finds all that a build finds.
///
/// Adds files that no build reads to the book's sources.
pub fn check(book: &mut Book, options: &BuildOptions) -> Vec<Diagnostic> {
    let beside = BesideFiles::read(book);
    let book = &*book;
    // The index has no diagnostics.
    let options = BuildOptions { search: false, ..options.clone() };
    let (built, outputs) = build::run(book, &options, Memo::new(book), None, None, |_| ());
    let mut diagnostics = built.diagnostics;
    let wanted: Vec<PageId> = book.page_ids().filter(|id| book.pages[id.0 as usize].wanted).collect();
    diagnostics.extend(in_parallel(wanted, |id| page(book, id, &outputs.linked)).into_iter().flatten());
    diagnostics.extend(self::book(book, &outputs.linked, &beside));
    build::with_severities(book, diagnostics)
}

/// The findings about a page.
fn page(book: &Book, id: PageId, linked: &Linked) -> Vec<Diagnostic> {
    let Some(links) = linked.links.get(id) else { return Vec::new() };
    let input = book.project.pages[id.0 as usize].input.as_str();
    let page = Page { book, input, source: book.source(id), chapter: &linked.chapters[id], links };
    let mut found = Vec::new();
    headings::check(&page, &mut found);
    labels::captions(&page, &mut found);
    labels::doubled_words(&page, &mut found);
    scripts::check(&page, &mut found);
    citations::check(&page, &mut found);
    notes::check(&page, &mut found);
    tables::check(&page, &mut found);
    pictures::check(&page, &mut found);
    metadata::check(&page, &mut found);
    raw_html::check(&page, &linked.indexes[id], &mut found);
    found
}

/// The findings about all pages together, and about the files beside them.
fn book(book: &Book, linked: &Linked, beside: &BesideFiles) -> Vec<Diagnostic> {
    let mut found = beside.diagnostics.clone();
    labels::unreferenced(book, linked, &mut found);
    bibliography::check(book, linked, &mut found);
    parts::check(book, linked, beside, &mut found);
    quizzes::check(book, linked, beside, &mut found);
    found.extend(raw_html::included(book));
    found
}
