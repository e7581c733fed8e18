//! Trees to numbers, targets and citations. Reads trees, never edits them.
//!
//! [`index`] looks at one page, [`number`] goes once through all pages in book order, [`link`] looks at one page again. The
//! numbers depend on nothing but the indexes and their pages' order in the book.

mod boxes;
pub mod csl;
mod index;
mod labels;
mod link;
mod number;
mod page_citation;
mod reading;
mod references;
mod sections;
mod targets;
mod words;

pub use index::index;
pub use link::{CitedFrom, link};
pub use number::number;
