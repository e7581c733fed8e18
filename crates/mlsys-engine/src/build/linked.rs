//! What is known of a book before any format: trees, numbers, links.

use crate::build::library::Library;
use crate::build::steps::{index, library, link, parse};
use crate::memo::kept::Keys;
use crate::memo::memory::{PerPage, Since};
use crate::parallel::both;
use crate::project::Book;
use mlsys_book::{Chapter, Checked, Diagnostic, Index, Links, Refs};
use std::sync::Arc;

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
    /// The links of each wanted page.
    pub links: PerPage<Option<Links>>,
    /// By what the links are kept between runs.
    pub(crate) keys: Keys,
}

/// Parses the pages, numbers the book and resolves every reference: all that comes before HTML.
pub fn linked(book: &Book, found: &mut Vec<Diagnostic>) -> Linked {
    linked_since(book, &Since::nothing(), found)
}

pub(crate) fn linked_since(book: &Book, since: &Since<'_>, found: &mut Vec<Diagnostic>) -> Linked {
    let texts = since.kept.texts(book);
    let numbered = || {
        let chapters = parse(book, since, &texts, found);
        let indexes = index(book, since, &chapters);
        let refs = mlsys_resolve::number(&book.project, indexes.iter()).take(found);
        (chapters, indexes, refs)
    };
    let ((chapters, indexes, refs), library) = both(numbered, || library(book, since));
    found.extend(library.diagnostics.iter().cloned());
    let keys = since.kept.links(book, &texts, &refs, &library.value);
    let links = link(book, since, (&chapters, &indexes, &refs), &library.value, &keys, found);
    Linked { chapters, indexes, refs, library, links, keys }
}

/// The trees of the pages alone.
pub fn chapters(book: &Book) -> PerPage<Chapter> {
    parse(book, &Since::nothing(), &Keys::default(), &mut Vec::new())
}
