//! A page's tree.

use crate::block::Block;
use crate::inline::Inline;
use crate::source::{SourceId, Span};
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// A page: the tree of one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chapter {
    /// The source that spans refer to.
    pub source: SourceId,
    /// The page's metadata: project, then folder, then front matter, with `format.html` lifted to the top.
    pub meta: Value,
    /// The title from the metadata, read as Markdown.
    pub title: Option<Vec<Inline>>,
    /// The subtitle, read as Markdown.
    pub subtitle: Option<Vec<Inline>>,
    /// The abstract, read as Markdown.
    pub summary: Vec<Block>,
    /// The text.
    pub blocks: Vec<Block>,
    /// The notes, in source order of their definitions; inline notes where they stand.
    pub notes: Vec<Note>,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Its label, without `^`; inline notes have none.
    pub label: Option<String>,
    /// Where it is defined.
    pub span: Span,
    /// What it says.
    pub content: Vec<Block>,
}

impl Chapter {
    /// The heading that names the page when it has no title: its first one of level 1, else its first.
    pub fn first_heading(&self) -> Option<&crate::block::Header> {
        let mut first = None;
        for block in &self.blocks {
            if let crate::block::BlockKind::Header(h) = &block.kind {
                if h.level == 1 {
                    return Some(h);
                }
                first = first.or(Some(h));
            }
        }
        first
    }
}
