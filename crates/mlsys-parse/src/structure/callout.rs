//! Callouts. Source: Quarto, "Callout Blocks".

use super::{markdown, take_heading};
use crate::context::Context;
use mlsys_book::{Attr, Block, BlockKind, Callout, CalloutKind};

/// The kind of callout that a div's classes name.
pub(super) fn kind(attr: &Attr) -> Option<CalloutKind> {
    use CalloutKind::{Caution, Important, Note, Tip, Warning};
    let kinds = [Note, Warning, Important, Tip, Caution];
    let named = attr.classes.iter().find_map(|class| {
        let name = class.strip_prefix("callout-")?;
        kinds.into_iter().find(|kind| kind.name() == name)
    });
    // Other classes that begin like those of callouts are a project's own.
    let is_bare = attr.has_class("callout") && !attr.classes.iter().any(|class| class.starts_with("callout-"));
    named.or(is_bare.then_some(CalloutKind::None))
}

/// A callout. Its title is the `title` attribute, otherwise a heading at its beginning.
pub(super) fn div(kind: CalloutKind, attr: Attr, mut content: Vec<Block>, cx: &mut Context<'_>) -> BlockKind {
    let title = match attr.pair("title").cloned() {
        Some(pair) => Some(markdown(&pair, cx)),
        None => take_heading(&mut content),
    };
    BlockKind::Callout(Box::new(Callout { kind, attr, title, content }))
}
