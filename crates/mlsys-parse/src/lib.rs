//! Text to tree: Quarto-flavoured Markdown, YAML and bibliographies.
//!
//! Nothing here fails, panics or reads a file: every input gives a value and diagnostics. Blocks come first (`blocks`), into
//! drafts whose leaves are texts; inlines second.

mod algorithm;
mod attr;
mod bibliography;
mod blocks;
mod chapter;
mod conditional;
mod config;
mod contents;
mod context;
mod emoji;
mod front_matter;
mod glossary;
mod headings;
mod ids;
mod inlines;
mod quiz;
mod shortcode;
mod structure;
mod tables;
mod text;
mod yaml;

pub use bibliography::{merge_bibliographies, parse_bibliography, parse_references};
pub use chapter::{parse, parse_blocks, parse_inlines, parse_with_quizzes};
pub use config::*;
pub use front_matter::{FrontMatter, front_matter, front_matter_text};
pub use glossary::{GlossaryText, mark_terms};
pub use quiz::{QuizSection, QuizText, quizzes_without_section};
pub use yaml::parse_yaml;
