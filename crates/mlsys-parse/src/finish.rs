//! From drafts to blocks: the inline pass parses the leaves, the structure pass makes Quarto's elements.

use crate::context::Context;
use crate::draft::{CellDraft, Draft, DraftKind, HeaderDraft, ItemDraft, RowDraft, TableBodyDraft, TableDraft};
use crate::{inlines, structure};
use mlsys_book::{
    Block, BlockKind, Caption, Cell, DefinitionItem, Header, ListItem, OrderedList, Row, Table, TableBody, TableCell,
};

/// Parses the inlines of drafts, and applies the structure pass.
pub(crate) fn finish<'a>(drafts: Vec<Draft<'a>>, cx: &mut Context<'a>) -> Vec<Block> {
    let mut blocks = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let block = block(draft, cx);
        blocks.push(structure::apply(block, cx));
    }
    blocks
}

fn block<'a>(draft: Draft<'a>, cx: &mut Context<'a>) -> Block {
    let kind = match draft.kind {
        DraftKind::Plain(text) => BlockKind::Plain(inlines::parse(&text, cx)),
        DraftKind::Para(text) => BlockKind::Para(inlines::parse(&text, cx)),
        DraftKind::Header(header) => BlockKind::Header(heading(header, cx)),
        DraftKind::CodeBlock(code) => BlockKind::CodeBlock(code),
        DraftKind::Cell(draft) => BlockKind::Cell(cell(draft, cx)),
        DraftKind::RawBlock(format, text) => BlockKind::RawBlock(format, text),
        DraftKind::BlockQuote(content) => BlockKind::BlockQuote(finish(content, cx)),
        DraftKind::BulletList(list) => BlockKind::BulletList(items(list, cx)),
        DraftKind::OrderedList { start, style, delim, items: list } => {
            BlockKind::OrderedList(OrderedList { start, style, delim, items: items(list, cx) })
        }
        DraftKind::DefinitionList(list) => BlockKind::DefinitionList(
            list.into_iter()
                .map(|(term, definitions)| DefinitionItem {
                    term: inlines::parse(&term, cx),
                    definitions: definitions.into_iter().map(|d| finish(d, cx)).collect(),
                })
                .collect(),
        ),
        DraftKind::LineBlock(lines) => BlockKind::LineBlock(lines.iter().map(|l| inlines::parse(l, cx)).collect()),
        DraftKind::HorizontalRule => BlockKind::HorizontalRule,
        DraftKind::Table(draft) => BlockKind::Table(Box::new(table(*draft, cx))),
        DraftKind::Div(attr, content) => BlockKind::Div(attr, finish(content, cx)),
    };
    // An open div at the end of a container takes the blank lines below it, which the container leaves out.
    let mut span = draft.span;
    span.end = span.end.max(last_child(&kind).map_or(0, |child| child.span.end));
    Block { span, kind }
}

/// The last block within a container.
fn last_child(kind: &BlockKind) -> Option<&Block> {
    match kind {
        BlockKind::BlockQuote(content) | BlockKind::Div(_, content) => content.last(),
        BlockKind::BulletList(items) => items.last()?.content.last(),
        BlockKind::OrderedList(list) => list.items.last()?.content.last(),
        BlockKind::DefinitionList(items) => items.last()?.definitions.last()?.last(),
        BlockKind::Plain(_)
        | BlockKind::Para(_)
        | BlockKind::Header(_)
        | BlockKind::CodeBlock(_)
        | BlockKind::Cell(_)
        | BlockKind::RawBlock(..)
        | BlockKind::LineBlock(_)
        | BlockKind::HorizontalRule
        | BlockKind::Table(_)
        | BlockKind::Figure(_)
        | BlockKind::Float(_)
        | BlockKind::LayoutPanel(_)
        | BlockKind::Callout(_)
        | BlockKind::Theorem(_)
        | BlockKind::Proof(_)
        | BlockKind::Algorithm(_)
        | BlockKind::Tabset(_)
        | BlockKind::Shortcode(_) => None,
    }
}

fn heading<'a>(draft: HeaderDraft<'a>, cx: &mut Context<'a>) -> Header {
    let content = draft.content.unwrap_or_else(|| inlines::parse(&draft.text, cx));
    Header { level: draft.level, attr: draft.attr, content }
}

fn cell<'a>(draft: CellDraft<'a>, cx: &mut Context<'a>) -> Cell {
    Cell {
        language: draft.language,
        attr: draft.attr,
        options: draft.options,
        text: draft.text,
        text_span: draft.text_span,
        caption: draft.caption.map(|c| inlines::parse(&c, cx)),
    }
}

fn items<'a>(items: Vec<ItemDraft<'a>>, cx: &mut Context<'a>) -> Vec<ListItem> {
    items.into_iter().map(|i| ListItem { task: i.task, content: finish(i.content, cx) }).collect()
}

fn table<'a>(draft: TableDraft<'a>, cx: &mut Context<'a>) -> Table {
    Table {
        attr: draft.attr,
        columns: draft.columns,
        head: rows(draft.head, cx),
        bodies: draft.bodies.into_iter().map(|b| body(b, cx)).collect(),
        foot: rows(draft.foot, cx),
        caption: draft.caption.map(|(span, text)| Caption { span, content: inlines::parse(&text, cx) }),
    }
}

fn body<'a>(draft: TableBodyDraft<'a>, cx: &mut Context<'a>) -> TableBody {
    TableBody {
        attr: draft.attr,
        row_head_columns: draft.row_head_columns,
        head: rows(draft.head, cx),
        rows: rows(draft.rows, cx),
    }
}

fn rows<'a>(rows: Vec<RowDraft<'a>>, cx: &mut Context<'a>) -> Vec<Row> {
    let mut finished = Vec::with_capacity(rows.len());
    for row in rows {
        let cells = row
            .cells
            .into_iter()
            .map(|c| TableCell {
                attr: c.attr,
                align: c.align,
                row_span: c.row_span,
                column_span: c.column_span,
                content: finish(c.content, cx),
            })
            .collect();
        finished.push(Row { span: row.span, attr: row.attr, cells });
    }
    finished
}
