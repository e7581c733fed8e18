//! Ids of headings. Source: Pandoc manual, "Heading identifiers".

use crate::context::{Context, fold_label};
use crate::draft::{Draft, DraftKind, HeaderDraft};
use crate::{ids, inlines};
use mlsys_book::{Block, BlockKind, ChildrenMut, Code, Id, Inline, Span};

/// Parses the headings of a page, gives ids to those without one, and records their texts for implicit references.
pub(crate) fn identify<'a>(drafts: &mut [Draft<'a>], cx: &mut Context<'a>) {
    reserve(drafts, cx);
    name(drafts, cx);
}

/// Reserves the author's ids, so that no automatic id equals one.
fn reserve(drafts: &mut [Draft<'_>], cx: &mut Context<'_>) {
    for draft in drafts {
        let attr = match &draft.kind {
            DraftKind::Header(header) => Some(&header.attr),
            DraftKind::Div(attr, _) => Some(attr),
            DraftKind::CodeBlock(code) => Some(&code.attr),
            DraftKind::Table(table) => Some(&table.attr),
            DraftKind::Plain(_)
            | DraftKind::Para(_)
            | DraftKind::Cell(_)
            | DraftKind::RawBlock(..)
            | DraftKind::BlockQuote(_)
            | DraftKind::BulletList(_)
            | DraftKind::OrderedList { .. }
            | DraftKind::DefinitionList(_)
            | DraftKind::LineBlock(_)
            | DraftKind::HorizontalRule => None,
        };
        if let Some(id) = attr.and_then(|attr| attr.id.as_ref()) {
            cx.ids.insert(&id.name);
        }
        draft.kind.visit_children(&mut |content| reserve(content, cx));
    }
}

/// Gives ids to headings. Those of a container are levels of their own: they name parts of it, such as tabs.
fn name<'a>(drafts: &mut [Draft<'a>], cx: &mut Context<'a>) {
    let mut level: Option<(u8, Span)> = None;
    for draft in drafts {
        if let DraftKind::Header(header) = &mut draft.kind {
            if let Some((above, place)) = level
                && header.level > above + 1
            {
                let place = cx.source.place(place);
                let message = format!("heading level jumps from {above} to {}", header.level);
                cx.report(Code::HeadingLevelSkip, draft.span, message)
                    .related
                    .push((place, "the previous heading".into()));
            }
            level = Some((header.level, draft.span));
            identify_heading(header, draft.span, cx);
        }
        draft.kind.visit_children(&mut |content| name(content, cx));
    }
}

fn identify_heading<'a>(header: &mut HeaderDraft<'a>, span: Span, cx: &mut Context<'a>) {
    let content = inlines::parse(&header.text, cx);
    let id = match &header.attr.id {
        Some(id) if !id.name.is_empty() => id.name.clone(),
        _ => {
            let name = cx.ids.unique(ids::automatic_id(&content, &cx.options));
            header.attr.id = Some(Id { name: name.clone(), span, automatic: true });
            name
        }
    };
    cx.definitions.headings.entry(fold_label(&header.text.text)).or_insert(id);
    header.content = Some(content);
}

/// Moves headings by levels. A heading that would be above the first level is text, or the page's title at its beginning if
/// `takes_title`. Source: Pandoc manual, `--shift-heading-level-by`.
pub(crate) fn shift(blocks: &mut Vec<Block>, by: i64, takes_title: bool) -> Option<Vec<Inline>> {
    if by == 0 {
        return None;
    }
    let is_title =
        |block: &Block| matches!(&block.kind, BlockKind::Header(header) if i64::from(header.level) + by == 0);
    let mut title = None;
    if takes_title && blocks.first().is_some_and(is_title) {
        let BlockKind::Header(header) = blocks.remove(0).kind else { return None };
        title = Some(header.content);
    }
    shift_all(blocks, by);
    title
}

fn shift_all(blocks: &mut [Block], by: i64) {
    for block in blocks {
        if let BlockKind::Header(header) = &mut block.kind {
            match u8::try_from(i64::from(header.level) + by) {
                Ok(level) if level > 0 => header.level = level.min(6),
                Ok(_) | Err(_) => block.kind = BlockKind::Para(std::mem::take(&mut header.content)),
            }
        }
        block.visit_children_mut(|children| {
            if let ChildrenMut::Blocks(blocks) = children {
                shift_all(blocks, by);
            }
        });
    }
}
