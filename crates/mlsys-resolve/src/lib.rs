//! Trees to numbers, targets and citations. Reads trees, never edits them.
//!
//! [`index`] reads one page, [`number`] folds over the indexes of all pages in book order, [`link`] reads one page again. Numbers
//! depend on nothing but the indexes and the order of the pages. Between the two, [`citing`] collects what a page cites and [`cite`]
//! formats it.

mod boxes;
mod citing;
mod crossref;
mod index;
mod labels;
mod link;
mod number;
mod page_citation;
mod reading;
mod references;
mod rich_text;
mod sections;
mod targets;

pub use citing::{Citations, Citing, cite, citing};
pub use index::index;
pub use link::link;
pub use number::number;
pub use page_citation::{RelativeDates, has_relative_date};
