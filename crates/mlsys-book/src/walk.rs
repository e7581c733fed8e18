//! Walking over a tree.

use crate::block::{Block, BlockKind};
use crate::inline::{Inline, InlineKind};
use crate::table::{Row, Table};

/// One child of a node.
pub enum Node<'a> {
    /// A block.
    Block(&'a Block),
    /// An inline.
    Inline(&'a Inline),
}

/// Calls `f` for every block and inline below `blocks`, parents before children, in source order (captions after the content
/// that they belong to, titles before). Where `f` returns false the children are skipped. Notes are not entered: they belong
/// to the chapter.
pub fn walk(blocks: &[Block], f: &mut impl FnMut(Node<'_>) -> bool) {
    for block in blocks {
        if !f(Node::Block(block)) {
            continue;
        }
        match &block.kind {
            BlockKind::Plain(inlines) | BlockKind::Para(inlines) => walk_inlines(inlines, f),
            BlockKind::Header(header) => walk_inlines(&header.content, f),
            BlockKind::BlockQuote(content) | BlockKind::Div(_, content) => walk(content, f),
            BlockKind::BulletList(items) => items.iter().for_each(|i| walk(&i.content, f)),
            BlockKind::OrderedList(list) => list.items.iter().for_each(|i| walk(&i.content, f)),
            BlockKind::DefinitionList(items) => {
                for item in items {
                    walk_inlines(&item.term, f);
                    item.definitions.iter().for_each(|d| walk(d, f));
                }
            }
            BlockKind::LineBlock(lines) => lines.iter().for_each(|l| walk_inlines(l, f)),
            BlockKind::Table(table) => walk_table(table, f),
            BlockKind::Figure(figure) => {
                walk_inlines(&figure.content, f);
                walk_inlines(&figure.caption, f);
            }
            BlockKind::Float(float) => {
                walk(&float.content, f);
                if let Some(caption) = &float.caption {
                    walk_inlines(&caption.content, f);
                }
            }
            BlockKind::LayoutPanel(panel) => {
                walk(&panel.content, f);
                if let Some(caption) = &panel.caption {
                    walk_inlines(&caption.content, f);
                }
            }
            BlockKind::Callout(callout) => {
                walk_inlines(callout.title.as_deref().unwrap_or(&[]), f);
                walk(&callout.content, f);
            }
            BlockKind::Theorem(theorem) => {
                walk_inlines(theorem.title.as_deref().unwrap_or(&[]), f);
                walk(&theorem.content, f);
            }
            BlockKind::Proof(proof) => {
                walk_inlines(proof.title.as_deref().unwrap_or(&[]), f);
                walk(&proof.content, f);
            }
            BlockKind::Algorithm(algorithm) => {
                if let Some(caption) = &algorithm.caption {
                    walk_inlines(&caption.content, f);
                }
                for line in &algorithm.lines {
                    walk_inlines(&line.content, f);
                    walk_inlines(line.comment.as_deref().unwrap_or(&[]), f);
                }
            }
            BlockKind::Tabset(tabset) => {
                for tab in &tabset.tabs {
                    walk_inlines(&tab.title, f);
                    walk(&tab.content, f);
                }
            }
            BlockKind::Cell(cell) => walk_inlines(cell.caption.as_deref().unwrap_or(&[]), f),
            BlockKind::CodeBlock(_) | BlockKind::RawBlock(..) | BlockKind::HorizontalRule | BlockKind::Shortcode(_) => {
            }
        }
    }
}

fn walk_table(table: &Table, f: &mut impl FnMut(Node<'_>) -> bool) {
    walk_rows(&table.head, f);
    for body in &table.bodies {
        walk_rows(&body.head, f);
        walk_rows(&body.rows, f);
    }
    walk_rows(&table.foot, f);
    if let Some(caption) = &table.caption {
        walk_inlines(&caption.content, f);
    }
}

fn walk_rows(rows: &[Row], f: &mut impl FnMut(Node<'_>) -> bool) {
    for row in rows {
        row.cells.iter().for_each(|cell| walk(&cell.content, f));
    }
}

/// Calls `f` for every inline below `inlines`; see [`walk`]. A citation's prefixes and suffixes count as its children.
pub fn walk_inlines(inlines: &[Inline], f: &mut impl FnMut(Node<'_>) -> bool) {
    for inline in inlines {
        if !f(Node::Inline(inline)) {
            continue;
        }
        match &inline.kind {
            InlineKind::Emph(c)
            | InlineKind::Strong(c)
            | InlineKind::Strikeout(c)
            | InlineKind::Superscript(c)
            | InlineKind::Subscript(c)
            | InlineKind::Underline(c)
            | InlineKind::SmallCaps(c)
            | InlineKind::Span(_, c) => walk_inlines(c, f),
            InlineKind::Link(link) => walk_inlines(&link.content, f),
            InlineKind::Image(image) => walk_inlines(&image.content, f),
            InlineKind::Cite(cite) => {
                for citation in &cite.citations {
                    walk_inlines(&citation.prefix, f);
                    walk_inlines(&citation.suffix, f);
                }
            }
            InlineKind::Str(_)
            | InlineKind::SoftBreak
            | InlineKind::LineBreak
            | InlineKind::Code(..)
            | InlineKind::Math(_)
            | InlineKind::RawInline(..)
            | InlineKind::Note(_)
            | InlineKind::Shortcode(_)
            | InlineKind::ExampleRef(_)
            | InlineKind::Cell(..) => {}
        }
    }
}
