//! The book as data: sources and places, diagnostics, configuration, syntax trees, numbers and links.
//!
//! Every stage of the pipeline has its own type here, and no later stage fills in a field of an earlier one. The only behaviour is
//! what every pass shares: walking and printing trees, merging metadata, finding lines and columns, suggesting names.

mod algorithm;
mod attr;
mod bibliography;
mod block;
mod brand;
mod chapter;
mod children;
mod date_text;
mod diagnostic;
mod index;
mod inline;
mod keys;
mod language;
mod links;
mod locator;
mod merge;
mod numerals;
mod options;
mod page_vec;
mod path;
mod plain_text;
mod print;
mod project;
mod rights;
mod scope;
mod source;
mod suggest;
mod table;
mod tex;
mod url;
mod value;
mod walk;

pub use algorithm::*;
pub use attr::*;
pub use bibliography::*;
pub use block::*;
pub use brand::*;
pub use chapter::*;
pub use children::*;
pub use date_text::date_of_text;
pub use diagnostic::*;
pub use index::*;
pub use inline::*;
pub use keys::*;
pub use language::{DateForms, LANGUAGES, Words, language_of_words};
pub use links::*;
pub use locator::*;
pub use numerals::*;
pub use options::*;
pub use page_vec::*;
pub use path::*;
pub use plain_text::*;
pub use print::*;
pub use project::*;
pub use rights::{License, copyright_statement};
pub use scope::*;
pub use source::*;
pub use suggest::*;
pub use table::*;
pub use tex::*;
pub use url::*;
pub use value::*;
pub use walk::*;
