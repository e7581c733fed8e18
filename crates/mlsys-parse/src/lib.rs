//! Parsers: Quarto-flavoured Markdown, YAML and bibliographies.
//!
//! Parsing never fails, never panics and reads no files: every input gives a value and diagnostics. The block pass (`blocks`) makes
//! drafts whose leaves are text; the inline pass (`inlines`) parses the leaves.

mod algorithm;
mod attr;
mod attr_mistake;
mod attr_names;
mod bibliography;
mod blocks;
mod braces;
mod chapter;
mod conditional;
mod config;
mod contents;
mod context;
mod draft;
mod emoji;
mod entities;
mod finish;
mod front_matter;
mod glossary;
mod headings;
mod ids;
mod inlines;
mod next_line;
mod option_marks;
mod quiz;
mod reader;
mod shortcode;
mod structure;
mod text;
mod yaml;

pub use attr_names::CLASSES;
pub use bibliography::{merge_bibliographies, parse_bibliography, parse_references};
pub use chapter::{parse, parse_blocks, parse_inlines, parse_with_quizzes};
pub use config::*;
pub use front_matter::{FrontMatter, front_matter, front_matter_text};
pub use glossary::{GlossaryText, mark_terms};
pub use option_marks::option_marks;
pub use quiz::{QuizSection, QuizText, quizzes_without_section};
pub use shortcode::{NAMES as SHORTCODES, expand_values, parse_shortcode};
pub use yaml::parse_yaml;
