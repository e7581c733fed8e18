//! Ids of headings, before anything refers to them. Source: Pandoc manual, "Heading identifiers".

use crate::blocks::{Draft, DraftKind, HeaderDraft};
use crate::context::{Context, fold_label};
use crate::{ids, inlines};
use mlsys_book::{Attr, Code, Id, Span};

/// Reads the headings of a page, gives ids to those without, and notes their texts for implicit references.
pub(crate) fn identify<'a>(drafts: &mut [Draft<'a>], cx: &mut Context<'a>) {
    reserve(drafts, cx);
    let mut level = None;
    name(drafts, &mut level, cx);
}

/// Notes the ids that the author wrote, so that no automatic one takes them.
fn reserve(drafts: &[Draft<'_>], cx: &mut Context<'_>) {
    let mut take = |attr: &Attr| {
        if let Some(id) = &attr.id {
            cx.ids.insert(&id.name);
        }
    };
    match_children(drafts, &mut |draft| match &draft.kind {
        DraftKind::Header(header) => take(&header.attr),
        DraftKind::Div(attr, _) => take(attr),
        DraftKind::CodeBlock(code) => take(&code.attr),
        DraftKind::Table(table) => take(&table.attr),
        _ => {}
    });
}

/// Calls `f` for drafts and what is in their divs, quotations and lists.
fn match_children<'d, 'a>(drafts: &'d [Draft<'a>], f: &mut impl FnMut(&'d Draft<'a>)) {
    for draft in drafts {
        f(draft);
        match &draft.kind {
            DraftKind::Div(_, content) | DraftKind::BlockQuote(content) => match_children(content, f),
            DraftKind::BulletList(items) | DraftKind::OrderedList { items, .. } => {
                items.iter().for_each(|i| match_children(&i.content, f));
            }
            DraftKind::DefinitionList(items) => {
                items.iter().for_each(|(_, definitions)| definitions.iter().for_each(|d| match_children(d, f)));
            }
            _ => {}
        }
    }
}

fn name<'a>(drafts: &mut [Draft<'a>], level: &mut Option<(u8, Span)>, cx: &mut Context<'a>) {
    for draft in drafts {
        match &mut draft.kind {
            DraftKind::Header(header) => {
                if let Some((above, place)) = *level
                    && header.level > above + 1
                {
                    let place = cx.source.place(place);
                    let message = format!("a heading of level {} follows one of level {above}", header.level);
                    cx.report(Code::HeadingLevelSkip, draft.span, message)
                        .related
                        .push((place, "the heading above".into()));
                }
                *level = Some((header.level, draft.span));
                identify_heading(header, draft.span, cx);
            }
            // Headings in divs name parts of the div, such as tabs.
            DraftKind::Div(_, content) => {
                let mut inner = None;
                name(content, &mut inner, cx);
            }
            DraftKind::BlockQuote(content) => {
                let mut inner = None;
                name(content, &mut inner, cx);
            }
            DraftKind::BulletList(items) | DraftKind::OrderedList { items, .. } => {
                for item in items {
                    let mut inner = None;
                    name(&mut item.content, &mut inner, cx);
                }
            }
            DraftKind::DefinitionList(items) => {
                for definition in items.iter_mut().flat_map(|(_, definitions)| definitions) {
                    let mut inner = None;
                    name(definition, &mut inner, cx);
                }
            }
            _ => {}
        }
    }
}

fn identify_heading<'a>(header: &mut HeaderDraft<'a>, span: Span, cx: &mut Context<'a>) {
    let content = inlines::parse(&header.text, cx);
    let id = match &header.attr.id {
        Some(id) if !id.name.is_empty() => id.name.clone(),
        _ => {
            let name = cx.ids.unique(ids::automatic_id(&content));
            header.attr.id = Some(Id { name: name.clone(), span, automatic: true });
            name
        }
    };
    cx.definitions.headings.entry(fold_label(&header.text.text)).or_insert(id);
    header.content = Some(content);
}
