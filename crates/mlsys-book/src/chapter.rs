//! The syntax tree of a page.

use crate::attr::Id;
use crate::block::Block;
use crate::inline::Inline;
use crate::source::{Place, SourceId, Span};
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// The syntax tree of a page, from one source.
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
    /// The notes, in source order.
    pub notes: Vec<Note>,
    /// The labels in content that this format hides.
    pub hidden_labels: Vec<Id>,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Its label, without `^`; inline notes have none.
    pub label: Option<String>,
    /// The bytes of its definition.
    pub span: Span,
    /// Its text.
    pub content: Vec<Block>,
}

impl Chapter {
    /// A page without anything, for inlines that belong to no page: of the configuration and of navigation.
    pub fn empty() -> Chapter {
        let place = Place::project();
        Chapter {
            source: place.source,
            meta: Value::empty(place),
            title: None,
            subtitle: None,
            summary: Vec::new(),
            blocks: Vec::new(),
            notes: Vec::new(),
            hidden_labels: Vec::new(),
        }
    }

    /// The heading that names a page without a title: the first of level 1, otherwise the first.
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
