//! From a book as read to the files of its site.

use crate::media::{add_copies, site_files};
use crate::reading::Book;
use crate::write::Files;
use mlsys_book::Diagnostic;

/// A built site.
#[derive(Debug, Default)]
pub struct Built {
    /// The files.
    pub files: Files,
    /// Everything that was found, unsorted.
    pub diagnostics: Vec<Diagnostic>,
}

/// Builds the site of a book.
pub fn build(book: &Book) -> Built {
    let mut built = Built { diagnostics: book.diagnostics.clone(), ..Built::default() };
    add_copies(book, site_files(book), &mut built.files);
    built
}
