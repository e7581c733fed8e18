//! The state of parsing a page, shared by the block pass and the inline pass.

use crate::draft::Draft;
use crate::ids::Ids;
use crate::next_line::NextLine;
use crate::reader::ReaderOptions;
use mlsys_book::{Attr, Code, Diagnostic, Diagnostics, Id, Keys, Note, NoteId, Scope, Source, Span, name};
use rustc_hash::FxHashMap;

/// A link reference definition: `[label]: url "title" {attr}`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LinkDefinition {
    pub url: String,
    pub url_span: Span,
    pub title: String,
    pub attr: Attr,
}

/// Definitions that the block pass collects for the inline pass. Labels are case-folded, with collapsed white space.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    pub links: FxHashMap<String, LinkDefinition>,
    pub notes: FxHashMap<String, NoteId>,
    pub examples: FxHashMap<String, u32>,
    /// Headings by their text, for implicit references: text to id.
    pub headings: FxHashMap<String, String>,
}

/// The label of a link reference as [`Definitions`] keeps it.
pub(crate) fn fold_label(label: &str) -> String {
    let mut folded = String::with_capacity(label.len());
    for word in label.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

/// The state of parsing one page.
pub(crate) struct Context<'a> {
    pub source: &'a Source,
    /// The page's environment; `meta` includes the front matter.
    pub scope: &'a Scope,
    pub options: ReaderOptions,
    pub definitions: Definitions,
    /// The indexes for keys that shortcodes look up.
    pub keys: Keys<'a>,
    /// The notes by [`NoteId`]; the inline pass appends inline notes.
    pub notes: Vec<Note>,
    /// The number of references to each defined note.
    pub note_uses: Vec<u32>,
    /// The cached search for the ends of tables.
    pub footers: NextLine,
    /// The cached search for the ends of paragraphs that may be captions.
    pub paragraph_ends: NextLine,
    /// The last lines that look like a grid table and are none: no table starts within them.
    pub broken_grid: Span,
    /// The blocks of the defined notes until the inline pass reads them.
    pub note_drafts: Vec<(NoteId, Vec<Draft<'a>>)>,
    /// The last number of an example list's item.
    pub examples: u32,
    /// True if the block pass is inside a list item, where a list marker ends a paragraph.
    pub in_list: bool,
    /// The ids of the page: explicit ones and the automatic ones given so far.
    pub ids: Ids,
    /// The number of undefined notes that got a suggestion.
    pub suggested_notes: usize,
    /// The lines so far that were meant to open a div and open none: their closing lines close none either.
    pub unopened_divs: u32,
    /// The labels in hidden content.
    pub hidden_labels: Vec<Id>,
    /// Metadata in the middle of the page.
    pub metadata: Vec<Span>,
    pub diagnostics: Diagnostics,
    /// The nesting depth of the current block or inline; see [`MAX_DEPTH`].
    pub depth: u32,
    /// True if too deep nesting has been reported, which happens once per page.
    pub too_deep: bool,
}

/// The maximal nesting depth; deeper elements are text. It bounds the stack of every recursive walk.
pub(crate) const MAX_DEPTH: u32 = 100;

impl<'a> Context<'a> {
    /// The state at the beginning of a page.
    pub fn new(source: &'a Source, scope: &'a Scope) -> Self {
        let reader =
            scope.meta.value(name!("from")).or_else(|| scope.meta.value(name!("reader"))).and_then(|v| v.as_str());
        Context {
            source,
            scope,
            options: reader.map_or_else(ReaderOptions::default, ReaderOptions::from_reader),
            definitions: Definitions::default(),
            keys: Keys::default(),
            notes: Vec::new(),
            note_uses: Vec::new(),
            note_drafts: Vec::new(),
            examples: 0,
            in_list: false,
            ids: Ids::default(),
            suggested_notes: 0,
            unopened_divs: 0,
            hidden_labels: Vec::new(),
            metadata: Vec::new(),
            footers: NextLine::default(),
            paragraph_ends: NextLine::default(),
            broken_grid: Span::new(0, 0),
            diagnostics: Diagnostics::new(source.id),
            depth: 0,
            too_deep: false,
        }
    }

    /// True if another level of nesting is allowed; reports the first place where it is not.
    pub fn may_nest(&mut self, span: Span) -> bool {
        if self.depth < MAX_DEPTH {
            return true;
        }
        if !self.too_deep {
            self.too_deep = true;
            self.report(Code::NestingTooDeep, span, format!("nested more than {MAX_DEPTH} deep; kept as text"));
        }
        false
    }

    /// Reports a diagnostic at a span of the page.
    pub fn report(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.report(code, span, message)
    }
}
