//! What the block pass and the inline pass share while one page is parsed.

use crate::tables::Footers;
use mlsys_book::{Attr, Code, Diagnostic, Note, NoteId, Scope, Source, Span};
use rustc_hash::FxHashMap;

/// How the Markdown is to be read: Pandoc's extensions as far as front matter switches them (`from: markdown-smart`,
/// `from: markdown+emoji`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReaderOptions {
    /// `smart`
    pub smart: bool,
    /// `emoji`; Quarto switches it on.
    pub emoji: bool,
    /// `hard_line_breaks`
    pub hard_line_breaks: bool,
    /// `implicit_figures`
    pub implicit_figures: bool,
    /// `task_lists`
    pub task_lists: bool,
}

impl Default for ReaderOptions {
    fn default() -> Self {
        ReaderOptions { smart: true, emoji: true, hard_line_breaks: false, implicit_figures: true, task_lists: true }
    }
}

/// A link reference definition: `[label]: url "title" {attr}`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LinkDefinition {
    pub url: String,
    pub url_span: Span,
    pub title: String,
    pub attr: Attr,
}

/// What the block pass collects for the inline pass. Link labels are case-folded with white space collapsed.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    pub links: FxHashMap<String, LinkDefinition>,
    pub notes: FxHashMap<String, NoteId>,
    pub examples: FxHashMap<String, u32>,
    /// Headings by their text, for implicit references: text to id.
    pub headings: FxHashMap<String, String>,
}

/// The state of parsing one page.
pub(crate) struct Context<'a> {
    pub source: &'a Source,
    /// The page's surroundings; `meta` includes the front matter.
    pub scope: &'a Scope,
    pub options: ReaderOptions,
    pub definitions: Definitions,
    /// The notes by [`NoteId`]; the inline pass appends inline notes.
    pub notes: Vec<Note>,
    /// How often each defined note is referred to.
    pub note_uses: Vec<u32>,
    /// What the search for the ends of tables has found.
    pub footers: Footers,
    pub diagnostics: Vec<Diagnostic>,
    /// How deep the current block or inline is nested; see [`MAX_DEPTH`].
    pub depth: u32,
}

/// Elements nest at most so deep; what is deeper stays text. It bounds the stack of every recursive walk.
pub(crate) const MAX_DEPTH: u32 = 100;

impl Context<'_> {
    /// Reports a finding at a span of the page.
    pub fn report(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::new(code, self.source.place(span), message));
        self.diagnostics.last_mut().expect("a diagnostic was just pushed")
    }
}
