//! Rendering: a chapter and its links to HTML, and the page around it.
//!
//! [`body`] renders a page's own text. It depends on the chapter, its [`mlsys_book::Links`] and its media, and on nothing
//! else. Element names, ids and classes are Quarto's, because the style sheets and scripts of books refer to them; our own
//! have the prefix `mlsys-`.
//!
//! [`chrome`] renders what all pages of a site share, once a build. [`page`] puts a body into the page templates.
//! [`style_sheet`] compiles the theme. [`plain`] reads a page as plain text; [`search_page`] and [`search_index`] make the search
//! index of it.

mod body;
mod code;
mod html;
mod json;
mod listing;
mod markdown;
mod math;
mod note_queue;
mod page;
mod page_markdown;
mod plain;
mod raw_html;
mod search;
mod site;
mod templates;
mod theme;
mod typeset_cache;

pub use body::{Html, Slot, TocEntry, Urls, body, epub_body, inlines_html, linked_inlines_html};
pub use code::{HighlightStyle, HighlightStyles, highlight_styles, syntax_highlighting};
pub use html::{absolute_html, escape as escaped};
pub use listing::{
    Feed, FeedItem, ListedItem, ListingContext, ListingItem, ListingOptions, ListingTemplate, categories,
    custom_listing, feed, listed, listing, ordered,
};
pub use markdown::Markdown;
pub use math::included_macros;
pub use page::{Clock, PageContext, has_services, page, root_of, shown_date};
pub use page_markdown::{MarkdownListing, page_markdown};
pub use plain::{PlainText, Purpose, Section, plain, plain_inlines, plain_title};
pub use raw_html::with_urls;
pub use search::{
    ChapterNumber, IndexFile, PageEntry, PageWord, PageWords, SearchIndex, SearchPage, SearchSection, TextFile,
    page_entry, search_index, search_json, search_page, site_search,
};
pub use site::{
    Assets, Chrome, LlmsPage, WholeBook, chrome, has_llms_txt, has_markdown, llms_txt, redirect, robots, site_map,
    whole_book,
};
pub use templates::{TemplateError, Templates};
pub use theme::{
    BrandStyle, Layer, SassError, ThemeFiles, box_config, brand_style, compile, fingerprinted, style_sheet, theme_files,
};
pub use typeset_cache::TypesetCache;
