//! A book as an EPUB: its facts, its contents, the files of its pages, and what the format cannot show.

pub mod contents;
pub mod lost;
pub mod metadata;
pub mod resources;
