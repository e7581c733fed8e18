//! Notes in places where they are hard to find, or where other outputs cannot set them.

use super::Page;
use mlsys_book::{Block, BlockKind, Code, Diagnostic, Inline, InlineKind, Node, Span, walk, walk_inlines};
use std::collections::BTreeMap;

/// Reports notes in tables, captions, headings and callouts.
pub fn check(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    if page.chapter.notes.is_empty() {
        return;
    }
    // The outermost place names the finding.
    let mut misplaced: BTreeMap<Span, &str> = BTreeMap::new();
    let mut in_inlines = |inlines: &[Inline], place: &'static str| {
        walk_inlines(inlines, &mut |node| note(node, place, &mut misplaced));
    };
    page.walk(&mut |node| {
        if let Node::Block(Block { kind, .. }) = node {
            match kind {
                BlockKind::Header(header) => in_inlines(&header.content, "a heading"),
                BlockKind::Figure(figure) => in_inlines(&figure.caption, "a caption"),
                BlockKind::Float(float) => {
                    in_inlines(float.caption.as_ref().map_or(&[], |caption| &caption.content), "a caption");
                }
                BlockKind::Table(table) => {
                    in_inlines(table.caption.as_ref().map_or(&[], |caption| &caption.content), "a caption");
                }
                _ => {}
            }
        }
        true
    });
    page.walk(&mut |node| {
        match node {
            Node::Block(block @ Block { kind: BlockKind::Table(_), .. }) => {
                walk(std::slice::from_ref(block), &mut |node| note(node, "a table", &mut misplaced));
            }
            Node::Block(Block { kind: BlockKind::Callout(callout), .. }) => {
                walk(&callout.content, &mut |node| note(node, "a callout", &mut misplaced));
            }
            _ => {}
        }
        true
    });
    for (span, place) in misplaced {
        let finding =
            Diagnostic::new(Code::MisplacedFootnote, page.source.place(span), format!("a note stands in {place}"));
        found.push(finding.hint("put it into the text that refers to it; other outputs may lose it here"));
    }
}

fn note<'p>(node: Node<'_>, place: &'p str, misplaced: &mut BTreeMap<Span, &'p str>) -> bool {
    if let Node::Inline(Inline { kind: InlineKind::Note(_), span }) = node {
        misplaced.entry(*span).or_insert(place);
    }
    true
}
