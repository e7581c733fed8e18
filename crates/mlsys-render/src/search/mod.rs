//! Full-text search: what a page gives to it, the files of its index, and `search.json`.
//!
//! [`search_page`] takes a page's plain text and its [`page_entry`], [`search_index`] writes the index of all pages; `themes/search/` is what the
//! browser does with it. Sections are the results: every heading with an id begins one.

mod entry;
mod index;
mod options;
mod page;
mod page_words;
mod postings;
mod search_json;
mod token;

pub use entry::{ChapterNumber, PageEntry, page_entry};
pub use index::{IndexFile, SearchIndex, search_index};
pub(crate) use options::search_options;
pub use options::site_search;
pub use page::{SearchPage, SearchSection, TextFile, search_page};
pub use page_words::{PageWord, PageWords};
pub use search_json::search_json;
