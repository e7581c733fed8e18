//! Drafts, the result of the block pass: a tree of blocks whose leaves are still text.

use crate::text::Text;
use mlsys_book::{Alignment, Attr, CellOption, CodeBlock, Column, Inline, ListNumberDelim, ListNumberStyle, Span};

/// A block whose inlines have not been parsed.
#[derive(Clone, Debug)]
pub(crate) struct Draft<'s> {
    /// The bytes of the element, markup included.
    pub span: Span,
    pub kind: DraftKind<'s>,
}

/// The kinds of drafts; the names are those of [`mlsys_book::BlockKind`].
#[derive(Clone, Debug)]
pub(crate) enum DraftKind<'s> {
    Plain(Text<'s>),
    Para(Text<'s>),
    Header(HeaderDraft<'s>),
    CodeBlock(CodeBlock),
    Cell(CellDraft<'s>),
    /// The format and the text.
    RawBlock(String, String),
    BlockQuote(Vec<Draft<'s>>),
    BulletList(Vec<ItemDraft<'s>>),
    OrderedList {
        start: u32,
        style: ListNumberStyle,
        delim: ListNumberDelim,
        items: Vec<ItemDraft<'s>>,
    },
    /// Terms, each with its definitions.
    DefinitionList(Vec<(Text<'s>, Vec<Vec<Draft<'s>>>)>),
    LineBlock(Vec<Text<'s>>),
    HorizontalRule,
    Table(Box<TableDraft<'s>>),
    Div(Attr, Vec<Draft<'s>>),
}

impl<'s> DraftKind<'s> {
    /// Calls `f` with every list of child blocks: the content of a container, of an item, of a table cell.
    pub fn visit_children(&mut self, f: &mut dyn FnMut(&mut Vec<Draft<'s>>)) {
        match self {
            DraftKind::Div(_, content) | DraftKind::BlockQuote(content) => f(content),
            DraftKind::BulletList(items) | DraftKind::OrderedList { items, .. } => {
                items.iter_mut().for_each(|item| f(&mut item.content));
            }
            DraftKind::DefinitionList(items) => {
                items.iter_mut().flat_map(|(_, definitions)| definitions).for_each(f);
            }
            DraftKind::Table(table) => {
                let bodies = table.bodies.iter_mut().flat_map(|body| body.head.iter_mut().chain(&mut body.rows));
                let rows = table.head.iter_mut().chain(bodies).chain(&mut table.foot);
                rows.flat_map(|row| &mut row.cells).for_each(|cell| f(&mut cell.content));
            }
            DraftKind::Plain(_)
            | DraftKind::Para(_)
            | DraftKind::Header(_)
            | DraftKind::CodeBlock(_)
            | DraftKind::Cell(_)
            | DraftKind::RawBlock(..)
            | DraftKind::LineBlock(_)
            | DraftKind::HorizontalRule => {}
        }
    }
}

/// A heading.
#[derive(Clone, Debug)]
pub(crate) struct HeaderDraft<'s> {
    pub level: u8,
    pub attr: Attr,
    pub text: Text<'s>,
    /// The text as inlines, once the heading has its id. Headings are parsed first, because paragraphs may refer to them by
    /// their text.
    pub content: Option<Vec<Inline>>,
}

/// An executable cell.
#[derive(Clone, Debug)]
pub(crate) struct CellDraft<'s> {
    pub language: String,
    pub attr: Attr,
    pub options: Vec<CellOption>,
    pub text: String,
    pub text_span: Span,
    pub caption: Option<Text<'s>>,
}

/// An item of a list.
#[derive(Clone, Debug)]
pub(crate) struct ItemDraft<'s> {
    /// For a task, true if it is done.
    pub task: Option<bool>,
    pub content: Vec<Draft<'s>>,
}

/// A table whose cells hold drafts.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableDraft<'s> {
    pub attr: Attr,
    pub caption: Option<(Span, Text<'s>)>,
    pub columns: Vec<Column>,
    pub head: Vec<RowDraft<'s>>,
    pub bodies: Vec<TableBodyDraft<'s>>,
    pub foot: Vec<RowDraft<'s>>,
}

/// Rows of a table with their own heading rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableBodyDraft<'s> {
    pub attr: Attr,
    pub row_head_columns: u32,
    pub head: Vec<RowDraft<'s>>,
    pub rows: Vec<RowDraft<'s>>,
}

/// A row of a table.
#[derive(Clone, Debug)]
pub(crate) struct RowDraft<'s> {
    pub span: Span,
    pub attr: Attr,
    pub cells: Vec<TableCellDraft<'s>>,
}

/// A cell of a table.
#[derive(Clone, Debug)]
pub(crate) struct TableCellDraft<'s> {
    pub attr: Attr,
    pub align: Alignment,
    /// At least 1.
    pub row_span: u32,
    /// At least 1.
    pub column_span: u32,
    pub content: Vec<Draft<'s>>,
}
