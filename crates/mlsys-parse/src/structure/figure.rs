//! Images that are paragraphs of their own. Source: Pandoc manual, "Extension: implicit_figures"; Quarto, "Figures".

use super::{caption, is_float_label, span_of, take_id, take_pair};
use crate::context::Context;
use mlsys_book::{Attr, Block, BlockKind, Caption, Figure, Float, Image, Inline, InlineKind, label_kind};

/// A paragraph: a float if it is an image with a label, a figure if it is an image with a caption or an alignment. The image may be inside a
/// link.
pub(super) fn paragraph(mut content: Vec<Inline>, cx: &mut Context<'_>) -> BlockKind {
    let Some((image, link)) = lone_image(&mut content) else {
        return BlockKind::Para(content);
    };
    let labelled = is_float_label(image.attr.id(), cx.scope)
        || link.as_ref().is_some_and(|attr| is_float_label(attr.id(), cx.scope));
    let attribute = take_pair(&mut image.attr, "fig-cap");
    if !labelled
        && (!cx.options.implicit_figures
            || (image.content.is_empty() && attribute.is_none() && image.attr.get("fig-align").is_none()))
    {
        image.attr.pairs.extend(attribute);
        return BlockKind::Para(content);
    }
    let in_brackets = std::mem::take(&mut image.content);
    let own_id = take_id(&mut image.attr);
    let link_id = link.and_then(take_id);
    let rest = image.attr.clone();
    let text = match &attribute {
        Some(pair) => Some(caption(pair, cx)),
        None => span_of(&in_brackets).map(|span| Caption { span, content: in_brackets }),
    };
    let id = own_id.or(link_id);
    match id {
        Some(label) if labelled => {
            let kind = label_kind(&label.name).unwrap_or_default();
            let span = span_of(&content).unwrap_or(label.span);
            let content = vec![Block { span, kind: BlockKind::Plain(content) }];
            BlockKind::Float(Box::new(Float { kind, label, attr: rest, content, caption: text, layout: None }))
        }
        id => {
            let attr = Attr { id, ..Attr::default() };
            let caption = text.map_or_else(Vec::new, |c| c.content);
            BlockKind::Figure(Box::new(Figure { attr, content, caption }))
        }
    }
}

/// The image, if it is the only inline, with the attributes of the link around it.
fn lone_image(content: &mut [Inline]) -> Option<(&mut Image, Option<&mut Attr>)> {
    let [Inline { kind, .. }] = content else { return None };
    if let InlineKind::Image(image) = kind {
        return Some((image, None));
    }
    let InlineKind::Link(link) = kind else { return None };
    let [Inline { kind: InlineKind::Image(image), .. }] = link.content.as_mut_slice() else { return None };
    Some((image, Some(&mut link.attr)))
}
