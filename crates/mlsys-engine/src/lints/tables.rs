//! Grid tables that do not line up.

use super::Page;
use mlsys_book::{Block, BlockKind, Code, Diagnostic, Node, Span};
use unicode_width::UnicodeWidthStr;

/// Reports grid tables with lines of different widths.
pub fn check(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    page.walk(&mut |node| {
        if let Node::Block(Block { kind: BlockKind::Table(_), span }) = node {
            found.extend(uneven(page, *span));
        }
        true
    });
}

/// The first line of a grid table with another width than the top line.
fn uneven(page: &Page<'_>, span: Span) -> Option<Diagnostic> {
    let text = page.source.slice(span);
    if !text.starts_with('+') {
        return None;
    }
    let mut at = span.start as usize;
    let mut width = None;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_end();
        let drawn = trimmed.trim_start();
        if drawn.starts_with(['+', '|']) {
            let this = drawn.width();
            let first = *width.get_or_insert(this);
            if this != first {
                let start = at + trimmed.len() - drawn.len();
                let place = page.source.place(Span::new(start, at + trimmed.len()));
                let message = format!("this line of the table is {this} columns wide, but the first one is {first}");
                return Some(
                    Diagnostic::new(Code::UnevenTable, place, message).hint("make all lines end in the same column"),
                );
            }
        }
        at += line.len();
    }
    None
}
