//! Floats: labelled figures, tables, listings and custom kinds. Source: Quarto, "Cross References", "Cross-Reference Divs".

use super::{caption, is_float_label, layout, take_id, take_pair};
use crate::context::Context;
use mlsys_book::Attr;
use mlsys_book::{Block, BlockKind, Caption, CodeBlock, Float, Inline, InlineKind, Scope, Span, Table, label_kind};

/// A table; with a label in its caption's attributes it is a float.
pub(super) fn table(mut table: Table, scope: &Scope) -> BlockKind {
    if !is_float_label(table.attr.id(), scope) {
        return BlockKind::Table(Box::new(table));
    }
    let Some(label) = take_id(&mut table.attr) else { return BlockKind::Table(Box::new(table)) };
    let kind = label_kind(&label.name).unwrap_or_default();
    let text = table.caption.take();
    let attr = table.attr.clone();
    let span = table_span(&table).unwrap_or(label.span);
    let content = vec![Block { span, kind: BlockKind::Table(Box::new(table)) }];
    BlockKind::Float(Box::new(Float { kind, label, attr, content, caption: text, layout: None }))
}

fn table_span(table: &Table) -> Option<Span> {
    let rows =
        || table.head.iter().chain(table.bodies.iter().flat_map(|b| b.head.iter().chain(&b.rows))).chain(&table.foot);
    Some(rows().next()?.span.to(rows().last()?.span))
}

/// A code block; with a label it is a listing.
pub(super) fn listing(mut code: CodeBlock, span: Span, cx: &mut Context<'_>) -> BlockKind {
    if code.attr.id.is_none()
        && let Some(label) = take_pair(&mut code.attr, "lst-label")
    {
        code.attr.id = Some(mlsys_book::Id { name: label.value, span: label.value_span, automatic: false });
    }
    if !is_float_label(code.attr.id(), cx.scope) {
        return BlockKind::CodeBlock(code);
    }
    let Some(label) = take_id(&mut code.attr) else { return BlockKind::CodeBlock(code) };
    let kind = label_kind(&label.name).unwrap_or_default();
    let text = take_caption(&kind, &mut code.attr, cx);
    let attr = code.attr.clone();
    let content = vec![Block { span, kind: BlockKind::CodeBlock(code) }];
    BlockKind::Float(Box::new(Float { kind, label, attr, content, caption: text, layout: None }))
}

/// The caption in the attributes: `fig-cap`, `tbl-cap`, ...
fn take_caption(kind: &str, attr: &mut Attr, cx: &mut Context<'_>) -> Option<Caption> {
    take_pair(attr, &format!("{kind}-cap")).map(|pair| caption(&pair, cx))
}

/// A div with a label. Its caption is in its attributes, or the last of several paragraphs, or that of the figure or table
/// which is its only content.
pub(super) fn div(mut attr: Attr, mut content: Vec<Block>, cx: &mut Context<'_>) -> BlockKind {
    let Some(label) = take_id(&mut attr) else { return BlockKind::Div(attr, content) };
    let kind = label_kind(&label.name).unwrap_or_default();
    let layout = layout::of(&attr);
    let text = take_caption(&kind, &mut attr, cx).or_else(|| last_paragraph(&mut content)).or_else(|| {
        match content.as_mut_slice() {
            [only] => own_caption(only),
            _ => None,
        }
    });
    if layout.is_none() {
        content.iter_mut().for_each(unwrap_image);
    }
    BlockKind::Float(Box::new(Float { kind, label, attr, content, caption: text, layout }))
}

/// Takes the last paragraph as a caption, unless it is the only block or an image.
fn last_paragraph(content: &mut Vec<Block>) -> Option<Caption> {
    let [_, .., Block { kind: BlockKind::Para(inlines) | BlockKind::Plain(inlines), .. }] = content.as_slice() else {
        return None;
    };
    if is_image(inlines) {
        return None;
    }
    let Block { span, kind: BlockKind::Para(content) | BlockKind::Plain(content) } = content.pop()? else {
        return None;
    };
    Some(Caption { span, content })
}

fn is_image(inlines: &[Inline]) -> bool {
    match inlines {
        [Inline { kind: InlineKind::Image(_), .. }] => true,
        [Inline { kind: InlineKind::Link(link), .. }] => is_image(&link.content),
        _ => false,
    }
}

/// Takes the caption of an unlabelled figure or table, and leaves its image or rows.
fn own_caption(block: &mut Block) -> Option<Caption> {
    if let BlockKind::Table(table) = &mut block.kind {
        return table.caption.take();
    }
    let BlockKind::Figure(figure) = &mut block.kind else { return None };
    let inlines = std::mem::take(&mut figure.caption);
    block.kind = BlockKind::Plain(std::mem::take(&mut figure.content));
    super::span_of(&inlines).map(|span| Caption { span, content: inlines })
}

/// Unwraps an image that is a paragraph of its own.
fn unwrap_image(block: &mut Block) {
    if let BlockKind::Para(inlines) = &mut block.kind
        && is_image(inlines)
    {
        block.kind = BlockKind::Plain(std::mem::take(inlines));
    }
}
