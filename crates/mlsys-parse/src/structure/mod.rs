//! The structure pass: from generic elements to Quarto's own.
//!
//! [`apply`] takes a block whose content is finished. There is one file per construct.

mod callout;
mod cell;
mod figure;
mod float;
mod layout;
mod list_table;
mod proof;
mod tabset;
mod theorem;

use crate::algorithm;
use crate::blocks::tables;
use crate::context::Context;
use crate::inlines;
use crate::shortcode;
use crate::text::Text;
use mlsys_book::{Attr, Block, BlockKind, Caption, FLOAT_KINDS, Id, Inline, InlineKind, Pair, Scope, Span, label_kind};

/// Turns a generic block into Quarto's element.
pub(crate) fn apply(block: Block, cx: &mut Context<'_>) -> Block {
    let Block { span, mut kind } = block;
    expand_shortcodes(&mut kind, span, cx);
    let kind = match kind {
        BlockKind::Para(content) => paragraph(content, cx),
        BlockKind::Table(table) => float::table(*table, cx.scope),
        BlockKind::CodeBlock(code) if algorithm::is_algorithm(&code, cx) => algorithm::algorithm(code, cx),
        BlockKind::CodeBlock(code) => float::listing(code, span, cx),
        BlockKind::Div(attr, content) => div(attr, content, span, cx),
        kind @ (BlockKind::Plain(_)
        | BlockKind::Header(_)
        | BlockKind::Cell(_)
        | BlockKind::RawBlock(..)
        | BlockKind::BlockQuote(_)
        | BlockKind::BulletList(_)
        | BlockKind::OrderedList(_)
        | BlockKind::DefinitionList(_)
        | BlockKind::LineBlock(_)
        | BlockKind::HorizontalRule
        | BlockKind::Figure(_)
        | BlockKind::Float(_)
        | BlockKind::LayoutPanel(_)
        | BlockKind::Callout(_)
        | BlockKind::Theorem(_)
        | BlockKind::Proof(_)
        | BlockKind::Algorithm(_)
        | BlockKind::Tabset(_)
        | BlockKind::Shortcode(_)) => kind,
    };
    Block { span, kind }
}

/// Expands shortcodes in code, raw HTML and attributes, unless the attribute `shortcodes` is `false`.
///
/// Source: Quarto guide, "Shortcodes", code blocks.
fn expand_shortcodes(kind: &mut BlockKind, span: Span, cx: &mut Context<'_>) {
    match kind {
        BlockKind::CodeBlock(code) => {
            shortcode::expand_attributes(&mut code.attr, cx);
            if code.attr.get("shortcodes") != Some("false") {
                shortcode::expand_text(&mut code.text, code.text_span, cx);
            }
        }
        BlockKind::RawBlock(format, html) => {
            if format.starts_with("html") && !html.starts_with("<!--") {
                shortcode::expand_text(html, span, cx);
            }
        }
        BlockKind::Header(header) => shortcode::expand_attributes(&mut header.attr, cx),
        BlockKind::Div(attr, _) => shortcode::expand_attributes(attr, cx),
        BlockKind::Table(table) => shortcode::expand_attributes(&mut table.attr, cx),
        BlockKind::Plain(_)
        | BlockKind::Para(_)
        | BlockKind::Cell(_)
        | BlockKind::BlockQuote(_)
        | BlockKind::BulletList(_)
        | BlockKind::OrderedList(_)
        | BlockKind::DefinitionList(_)
        | BlockKind::LineBlock(_)
        | BlockKind::HorizontalRule
        | BlockKind::Figure(_)
        | BlockKind::Float(_)
        | BlockKind::LayoutPanel(_)
        | BlockKind::Callout(_)
        | BlockKind::Theorem(_)
        | BlockKind::Proof(_)
        | BlockKind::Algorithm(_)
        | BlockKind::Tabset(_)
        | BlockKind::Shortcode(_) => {}
    }
}

/// A paragraph that is an image or a shortcode.
fn paragraph(content: Vec<Inline>, cx: &mut Context<'_>) -> BlockKind {
    if let [Inline { kind: InlineKind::Shortcode(shortcode), .. }] = content.as_slice() {
        return BlockKind::Shortcode((**shortcode).clone());
    }
    figure::paragraph(content, cx)
}

/// A div by its classes, attributes and label. A label decides before a class, and numbered boxes stay divs.
fn div(attr: Attr, mut content: Vec<Block>, span: Span, cx: &mut Context<'_>) -> BlockKind {
    if cell::is_cell(&attr) {
        return cell::div(attr, content, span, cx);
    }
    if list_table::is_list_table(&attr, &content) {
        let (attr, content) = list_table::converted(attr, content);
        return match is_float_label(attr.id(), cx.scope) {
            true => float::div(attr, content, cx),
            false => list_table::unlabelled(attr, content),
        };
    }
    widen_tables(&attr, &mut content);
    if attr.classes.iter().any(|c| cx.scope.box_classes.contains(c)) {
        return BlockKind::Div(attr, content);
    }
    if is_float_label(attr.id(), cx.scope) {
        return float::div(attr, content, cx);
    }
    if let Some(kind) = callout::kind(&attr) {
        return callout::div(kind, attr, content, cx);
    }
    if let Some(kind) = theorem::kind(&attr) {
        return theorem::div(kind, attr, content, cx);
    }
    if let Some(kind) = proof::kind(&attr) {
        return proof::div(kind, attr, content, cx);
    }
    if attr.has_class("panel-tabset") || attr.has_class("tabset") {
        return tabset::div(attr, content);
    }
    if let Some(layout) = layout::of(&attr) {
        return layout::div(attr, layout, content);
    }
    BlockKind::Div(attr, content)
}

/// Applies a div's `tbl-colwidths` to its tables without their own. Source: Quarto, "Tables", column widths.
fn widen_tables(attr: &Attr, content: &mut [Block]) {
    let Some(widths) = attr.get("tbl-colwidths").and_then(tables::column_widths) else { return };
    for block in content {
        if let BlockKind::Table(table) = &mut block.kind
            && table.attr.get("tbl-colwidths").is_none()
        {
            tables::set_widths(&mut table.columns, &widths);
        }
    }
}

/// True if an id is the label of a float.
fn is_float_label(id: &str, scope: &Scope) -> bool {
    label_kind(id).is_some_and(|kind| FLOAT_KINDS.contains(&kind.as_str()) || scope.custom_floats.contains(&kind))
}

/// Takes the id from attributes.
fn take_id(attr: &mut Attr) -> Option<Id> {
    attr.id.take()
}

/// Takes a pair from attributes.
fn take_pair(attr: &mut Attr, key: &str) -> Option<Pair> {
    let at = attr.pairs.iter().position(|p| p.key == key)?;
    Some(attr.pairs.remove(at))
}

/// Parses an attribute's value as Markdown.
fn markdown(pair: &Pair, cx: &mut Context<'_>) -> Vec<Inline> {
    let text = Text::from_value(&cx.source.text, &pair.value, pair.value_span);
    inlines::parse(&text, cx)
}

/// Parses an attribute's value as a caption.
fn caption(pair: &Pair, cx: &mut Context<'_>) -> Caption {
    Caption { span: pair.value_span, content: markdown(pair, cx) }
}

/// The span of inlines.
fn span_of(content: &[Inline]) -> Option<Span> {
    Some(content.first()?.span.to(content.last()?.span))
}

/// Takes the heading at the start of a titled div.
fn take_heading(content: &mut Vec<Block>) -> Option<Vec<Inline>> {
    if !matches!(content.first()?.kind, BlockKind::Header(_)) {
        return None;
    }
    if let BlockKind::Header(header) = content.remove(0).kind { Some(header.content) } else { None }
}
