//! A chapter and what is known about its links to HTML: the body of its page, and the page around it.
//!
//! [`body`] writes a page's own text; it depends on the chapter, its [`mlsys_book::Links`] and its media, and on nothing else.
//! Element names, ids and classes are Quarto's, because books address them in style sheets and scripts; what Quarto does not
//! have carries the prefix `mlsys-`.
//!
//! [`search_page`] reads a page for the site's search, [`search_index`] writes its index.
//!
//! [`chrome`] writes once a build what all pages share, [`page`] puts a body into it by the page templates, [`style_sheet`] compiles
//! the theme.

mod body;
mod code;
mod html;
mod listing;
mod math;
mod page;
mod search;
mod site;
mod templates;
mod theme;
mod typeset_cache;
mod words;

pub use body::{Address, Html, TocEntry, body, inlines_html, linked_inlines_html};
pub use code::{HighlightStyle, HighlightStyles, highlight_styles};
pub use html::{absolute_html, root_resources, text_of};
pub use listing::{Feed, FeedItem, ListingContext, ListingItem, ListingOptions, categories, feed, listing, ordered};
pub use math::included_macros;
pub use page::{Clock, PageContext, page, root_of};
pub use search::{
    IndexFile, PageEntry, PageWord, SearchIndex, SearchPage, SearchSection, page_entry, search_index, search_json,
    search_page, site_search,
};
pub use site::{Assets, Chrome, LlmsPage, WholeBook, chrome, llms_txt, redirect, robots, site_map, whole_book};
pub use templates::{TemplateError, Templates};
pub use theme::{
    Layer, SassError, ThemeFiles, box_config, brand_layer, compile, fingerprinted, style_sheet, theme_files,
};
pub use typeset_cache::TypesetCache;
