//! A chapter and what is known about its links to HTML: the body of its page, and the page around it.
//!
//! [`body`] writes a page's own text; it depends on the chapter, its [`mlsys_book::Links`] and its media, and on nothing else.
//! Element names, ids and classes are Quarto's, because books address them in style sheets and scripts; what Quarto does not
//! have carries the prefix `mlsys-`.
//!
//! [`plain`] reads a page as plain text. [`search_page`] makes of it what the site's search needs, [`search_index`] writes the index.
//!
//! [`chrome`] writes once a build what all pages share, [`page`] puts a body into it by the page templates, [`style_sheet`] compiles
//! the theme.

mod body;
mod code;
mod html;
mod listing;
mod markdown;
mod math;
mod page;
mod plain;
mod raw_html;
mod search;
mod site;
mod templates;
mod theme;
mod typeset_cache;
mod words;

pub use body::{Address, Html, Slot, TocEntry, body, inlines_html, linked_inlines_html};
pub use code::{HighlightStyle, HighlightStyles, highlight_styles};
pub use html::absolute_html;
pub use listing::{Feed, FeedItem, ListingContext, ListingItem, ListingOptions, categories, feed, listing, ordered};
pub use markdown::Markdown;
pub use math::included_macros;
pub use page::{Clock, PageContext, page, root_of};
pub use plain::{PlainText, Purpose, Section, plain, plain_inlines, plain_title};
pub use search::{
    ChapterNumber, IndexFile, PageEntry, PageWord, SearchIndex, SearchPage, SearchSection, page_entry, search_index,
    search_json, search_page, site_search,
};
pub use site::{Assets, Chrome, LlmsPage, WholeBook, chrome, llms_txt, redirect, robots, site_map, whole_book};
pub use templates::Templates;
pub use theme::{
    Layer, SassError, ThemeFiles, box_config, brand_layer, compile, fingerprinted, style_sheet, theme_files,
};
pub use typeset_cache::TypesetCache;
