//! Theorems and the like. Source: Quarto, "Cross References", section on theorems and proofs.

use super::{markdown, take_heading, take_id, take_pair};
use crate::context::Context;
use mlsys_book::{Attr, Block, BlockKind, THEOREM_KINDS, Theorem, label_kind};

/// The kind of theorem that a div's label names.
pub(super) fn kind(attr: &Attr) -> Option<String> {
    label_kind(attr.id()).filter(|kind| THEOREM_KINDS.contains(&kind.as_str()))
}

/// A theorem. Its title is a heading at its beginning, otherwise the `name` attribute.
pub(super) fn div(kind: String, mut attr: Attr, mut content: Vec<Block>, cx: &mut Context<'_>) -> BlockKind {
    let Some(label) = take_id(&mut attr) else { return BlockKind::Div(attr, content) };
    let name = take_pair(&mut attr, "name");
    let title = match name {
        Some(pair) => Some(markdown(&pair, cx)),
        None => take_heading(&mut content),
    };
    BlockKind::Theorem(Box::new(Theorem { kind, label, attr, title, content }))
}
