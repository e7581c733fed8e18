//! The words that the page around the text shows by itself.

pub(crate) use mlsys_book::Words;
