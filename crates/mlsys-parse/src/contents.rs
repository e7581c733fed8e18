//! Blocks that stand elsewhere than they are written: `{{< contents id >}}`. Source: Quarto guide, "contents: Rearrange content in
//! your documents".

use crate::blocks::{Draft, DraftKind};
use crate::context::{Context, MAX_DEPTH};
use crate::shortcode;
use mlsys_book::Code;
use rustc_hash::FxHashMap;

/// Moves divs and cells to the paragraph that asks for their id. Nothing is lost: what cannot be moved stays at the end.
pub(crate) fn moved<'a>(mut drafts: Vec<Draft<'a>>, cx: &mut Context<'a>) -> Vec<Draft<'a>> {
    let mut moves = Moves::default();
    asked(&mut drafts, &mut moves);
    if moves.is_empty() {
        return drafts;
    }
    take(&mut drafts, &mut moves);
    let mut left = Vec::new();
    put(&mut drafts, &mut moves, &mut left, 0, cx);
    left.extend(moves.into_values().flatten());
    left.sort_by_key(|draft| draft.span.start);
    for draft in &left {
        cx.report(Code::NestingTooDeep, draft.span, "this cannot stand where `contents` asks for it");
    }
    drafts.append(&mut left);
    drafts
}

/// What has been taken out, by the id that was asked for.
type Moves<'a> = FxHashMap<String, Option<Draft<'a>>>;

/// The id that a paragraph asks for.
fn wanted(draft: &Draft<'_>) -> Option<String> {
    let (DraftKind::Para(text) | DraftKind::Plain(text)) = &draft.kind else { return None };
    let text = text.text.trim();
    let (call, length) = shortcode::parse(text).filter(|(call, _)| call.name == "contents")?;
    (length == text.len()).then(|| call.args.into_iter().next().unwrap_or_default())
}

fn asked<'a>(drafts: &mut Vec<Draft<'a>>, moves: &mut Moves<'a>) {
    for draft in drafts {
        if let Some(id) = wanted(draft) {
            moves.insert(id, None);
        }
        draft.kind.each_content(&mut |content| asked(content, moves));
    }
}

/// The id under which a block can be asked for.
fn name<'d>(draft: &'d Draft<'_>) -> Option<&'d str> {
    match &draft.kind {
        DraftKind::Div(attr, _) => Some(attr.id()),
        DraftKind::Cell(cell) => match cell.options.iter().find(|option| option.key == "label") {
            Some(label) => Some(&label.value),
            None => Some(cell.attr.id()),
        },
        _ => None,
    }
}

fn take<'a>(drafts: &mut Vec<Draft<'a>>, moves: &mut Moves<'a>) {
    let mut kept = Vec::with_capacity(drafts.len());
    for mut draft in std::mem::take(drafts) {
        draft.kind.each_content(&mut |content| take(content, moves));
        match name(&draft).and_then(|id| moves.get_mut(id)) {
            Some(place @ None) => *place = Some(draft),
            _ => kept.push(draft),
        }
    }
    *drafts = kept;
}

fn put<'a>(
    drafts: &mut Vec<Draft<'a>>,
    moves: &mut Moves<'a>,
    left: &mut Vec<Draft<'a>>,
    depth: u32,
    cx: &mut Context<'a>,
) {
    let mut kept = Vec::with_capacity(drafts.len());
    for mut draft in std::mem::take(drafts) {
        if let Some(id) = wanted(&draft) {
            let Some(mut found) = moves.remove(&id).flatten() else {
                let message = format!("there is no div or cell `{id}` that could be moved here");
                cx.report(Code::UnknownVariable, draft.span, message);
                continue;
            };
            if depth + height(&mut found) >= MAX_DEPTH {
                left.push(found);
                continue;
            }
            draft = found;
        }
        draft.kind.each_content(&mut |content| put(content, moves, left, depth + 1, cx));
        kept.push(draft);
    }
    *drafts = kept;
}

/// How deep a block nests.
fn height(draft: &mut Draft<'_>) -> u32 {
    let mut within = 0;
    draft.kind.each_content(&mut |content| within = content.iter_mut().map(height).max().unwrap_or(0).max(within));
    within + 1
}
