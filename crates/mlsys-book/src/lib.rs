//! The book as data: sources and places, diagnostics, configuration, chapters, and what is known about their links.
//!
//! This crate has no behaviour beyond walking, merging and printing. Every stage of the pipeline has its own type here, and no
//! field of one is filled in by a later stage.

mod algorithm;
mod attr;
mod bibliography;
mod block;
mod brand;
mod chapter;
mod diagnostic;
mod index;
mod inline;
mod keys;
mod language;
mod links;
mod locator;
mod merge;
mod near;
mod print;
mod project;
mod scope;
mod source;
mod table;
mod tex;
mod value;
mod walk;

pub use algorithm::*;
pub use attr::*;
pub use bibliography::*;
pub use block::*;
pub use brand::*;
pub use chapter::*;
pub use diagnostic::*;
pub use index::*;
pub use inline::*;
pub use keys::*;
pub use language::{LANGUAGES, Words};
pub use links::*;
pub use locator::*;
pub use near::*;
pub use print::*;
pub use project::*;
pub use scope::*;
pub use source::*;
pub use table::*;
pub use tex::*;
pub use value::*;
pub use walk::*;
