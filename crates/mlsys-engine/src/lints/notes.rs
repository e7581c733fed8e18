//! Footnotes in places where they are hard to find, or which other formats do not support.

use super::Page;
use mlsys_book::{Block, BlockKind, Code, Diagnostic, Inline, InlineKind, Node, Span, walk, walk_inlines};
use std::collections::BTreeMap;

/// Reports footnotes in tables, captions, headings and callouts.
pub fn check(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    if page.chapter.notes.is_empty() {
        return;
    }
    // The outermost place is reported.
    let mut misplaced: BTreeMap<Span, &str> = BTreeMap::new();
    let mut in_inlines = |inlines: &[Inline], place: &'static str| {
        walk_inlines(inlines, &mut |node| note(node, place, &mut misplaced));
    };
    page.walk(&mut |node| {
        let Node::Block(Block { kind, .. }) = node else { return true };
        if let BlockKind::Header(header) = kind {
            in_inlines(&header.content, "a heading");
        } else if let BlockKind::Figure(figure) = kind {
            in_inlines(&figure.caption, "a caption");
        } else if let BlockKind::Float(float) = kind {
            in_inlines(float.caption.as_ref().map_or(&[], |caption| &caption.content), "a caption");
        } else if let BlockKind::Table(table) = kind {
            in_inlines(table.caption.as_ref().map_or(&[], |caption| &caption.content), "a caption");
        }
        true
    });
    page.walk(&mut |node| {
        if let Node::Block(block @ Block { kind: BlockKind::Table(_), .. }) = node {
            walk(std::slice::from_ref(block), &mut |node| note(node, "a table", &mut misplaced));
        } else if let Node::Block(Block { kind: BlockKind::Callout(callout), .. }) = node {
            walk(&callout.content, &mut |node| note(node, "a callout", &mut misplaced));
        }
        true
    });
    for (span, place) in misplaced {
        let finding = Diagnostic::new(Code::MisplacedFootnote, page.source.place(span), format!("footnote in {place}"));
        found.push(finding.hint("move it to the running text; other formats may drop it here"));
    }
}

/// Collects a footnote with its place.
fn note<'p>(node: Node<'_>, place: &'p str, misplaced: &mut BTreeMap<Span, &'p str>) -> bool {
    if let Node::Inline(Inline { kind: InlineKind::Note(_), span }) = node {
        misplaced.entry(*span).or_insert(place);
    }
    true
}
