//! A chapter and what is known about its links to HTML.
//!
//! [`body`] writes a page's own text; it depends on the chapter, its [`mlsys_book::Links`] and its media, and on nothing else.
//! Element names, ids and classes are Quarto's, because books address them in style sheets and scripts; what Quarto does not
//! have carries the prefix `mlsys-`.

mod body;
mod code;
mod html;
mod math;

pub use body::{Address, Html, TocEntry, body, inlines_html};
