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

mod about;
mod body;
mod box_colors;
mod chrome;
mod code;
mod code_tools;
mod color_modes;
mod dates;
mod fragment;
mod html;
mod icons;
mod listing;
mod markdown;
mod math;
mod meta_tags;
mod navigation;
mod page;
mod page_includes;
mod page_links;
mod plain;
mod raw_html;
mod redirect;
mod sass_size;
mod search;
mod sidebar;
mod site_map;
mod standing_type;
mod structured_data;
mod template_calls;
mod template_limits;
mod template_names;
mod template_tags;
mod templates;
mod theme;
mod title_block;
mod toc;
mod whole_book;
mod words;

pub use body::{Address, Html, Slot, TocEntry, body, inlines_html, linked_inlines_html};
pub use box_colors::box_config;
pub use chrome::{Chrome, chrome};
pub use code::{HighlightStyle, HighlightStyles, highlight_styles};
pub use dates::Clock;
pub use fragment::absolute_html;
pub use listing::{Feed, FeedItem, ListingContext, ListingItem, ListingOptions, categories, feed, listing, ordered};
pub use markdown::Markdown;
pub use math::included_macros;
pub use page::{Assets, PageContext, page, root_of};
pub use plain::{PlainText, Purpose, Section, plain, plain_inlines, plain_title};
pub use redirect::redirect;
pub use search::{
    ChapterNumber, IndexFile, PageEntry, PageWord, SearchIndex, SearchPage, SearchSection, page_entry, search_index,
    search_json, search_page, site_search,
};
pub use site_map::{LlmsPage, llms_txt, robots, site_map};
pub use standing_type::StandingType;
pub use templates::Templates;
pub use theme::{Layer, SassError, ThemeFiles, brand_layer, compile, fingerprinted, style_sheet, theme_files};
pub use whole_book::{WholeBook, whole_book};
