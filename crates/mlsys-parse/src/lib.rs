//! Text to tree: Quarto-flavoured Markdown, YAML and bibliographies.
//!
//! Nothing here fails, panics or reads a file: every input gives a value and diagnostics. Blocks come first ([`blocks`]), into
//! drafts whose leaves are texts; inlines second.

mod context;
mod text;
mod yaml;

pub use yaml::parse_yaml;
