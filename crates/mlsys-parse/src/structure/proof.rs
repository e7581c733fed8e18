//! Proofs, remarks and solutions. Source: Quarto, "Cross References", section on theorems and proofs.

use super::{markdown, take_heading, take_id, take_pair};
use crate::context::Context;
use mlsys_book::{Attr, Block, BlockKind, PROOF_KINDS, Proof, label_kind};

/// The kind of proof that a div's label or class names.
pub(super) fn kind(attr: &Attr) -> Option<String> {
    if let Some(kind) = label_kind(attr.id()).filter(|kind| PROOF_KINDS.contains(&kind.as_str())) {
        return Some(kind);
    }
    attr.classes.iter().find_map(|class| match class.as_str() {
        "proof" => Some("prf".into()),
        "remark" => Some("rem".into()),
        "solution" => Some("sol".into()),
        _ => None,
    })
}

/// A proof. Only one with a label of its kind is numbered; any other id stays with the attributes.
pub(super) fn div(kind: String, mut attr: Attr, mut content: Vec<Block>, cx: &mut Context<'_>) -> BlockKind {
    let labelled = label_kind(attr.id()).is_some_and(|of| of == kind);
    let label = if labelled { take_id(&mut attr) } else { None };
    let name = take_pair(&mut attr, "name");
    let title = match name {
        Some(pair) => Some(markdown(&pair, cx)),
        None => take_heading(&mut content),
    };
    BlockKind::Proof(Box::new(Proof { kind, label, attr, title, content }))
}
