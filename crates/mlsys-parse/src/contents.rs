//! Moved blocks: `{{< contents id >}}`. Source: Quarto guide, "contents: Rearrange content in
//! your documents".

use crate::context::{Context, MAX_DEPTH};
use crate::draft::{Draft, DraftKind};
use crate::shortcode;
use mlsys_book::Code;
use rustc_hash::FxHashMap;

/// Moves divs and cells to the paragraph with a `contents` shortcode for their id. Blocks that cannot be moved go to the end.
pub(crate) fn moved<'a>(mut drafts: Vec<Draft<'a>>, cx: &mut Context<'a>) -> Vec<Draft<'a>> {
    let mut moves = Moves::default();
    collect_ids(&mut drafts, &mut moves);
    if moves.is_empty() {
        return drafts;
    }
    take(&mut drafts, &mut moves);
    let mut left = Vec::new();
    put(&mut drafts, &mut moves, &mut left, 0, cx);
    left.extend(moves.into_values().flatten());
    left.sort_by_key(|draft| draft.span.start);
    for draft in &left {
        cx.report(Code::NestingTooDeep, draft.span, "`contents` cannot move this: it would be nested too deep");
    }
    drafts.append(&mut left);
    drafts
}

/// The blocks to move, by their id.
type Moves<'a> = FxHashMap<String, Option<Draft<'a>>>;

/// The id in a paragraph that is a `contents` shortcode.
fn contents_id(draft: &Draft<'_>) -> Option<String> {
    let (DraftKind::Para(text) | DraftKind::Plain(text)) = &draft.kind else { return None };
    let text = text.text.trim();
    let (call, length) = shortcode::parse(text).filter(|(call, _)| call.name == "contents")?;
    (length == text.len()).then(|| call.args.into_iter().next().unwrap_or_default())
}

fn collect_ids<'a>(drafts: &mut Vec<Draft<'a>>, moves: &mut Moves<'a>) {
    for draft in drafts {
        if let Some(id) = contents_id(draft) {
            moves.insert(id, None);
        }
        draft.kind.visit_children(&mut |content| collect_ids(content, moves));
    }
}

/// The id by which a block can be moved.
fn name<'d>(draft: &'d Draft<'_>) -> Option<&'d str> {
    match &draft.kind {
        DraftKind::Div(attr, _) => Some(attr.id()),
        DraftKind::Cell(cell) => match cell.options.iter().find(|option| option.key == "label") {
            Some(label) => Some(&label.value),
            None => Some(cell.attr.id()),
        },
        DraftKind::Plain(_)
        | DraftKind::Para(_)
        | DraftKind::Header(_)
        | DraftKind::CodeBlock(_)
        | DraftKind::RawBlock(..)
        | DraftKind::BlockQuote(_)
        | DraftKind::BulletList(_)
        | DraftKind::OrderedList { .. }
        | DraftKind::DefinitionList(_)
        | DraftKind::LineBlock(_)
        | DraftKind::HorizontalRule
        | DraftKind::Table(_) => None,
    }
}

fn take<'a>(drafts: &mut Vec<Draft<'a>>, moves: &mut Moves<'a>) {
    let mut remaining = Vec::with_capacity(drafts.len());
    for mut draft in std::mem::take(drafts) {
        draft.kind.visit_children(&mut |content| take(content, moves));
        match name(&draft).and_then(|id| moves.get_mut(id)) {
            Some(place @ None) => *place = Some(draft),
            _ => remaining.push(draft),
        }
    }
    *drafts = remaining;
}

fn put<'a>(
    drafts: &mut Vec<Draft<'a>>,
    moves: &mut Moves<'a>,
    left: &mut Vec<Draft<'a>>,
    depth: u32,
    cx: &mut Context<'a>,
) {
    let mut remaining = Vec::with_capacity(drafts.len());
    for mut draft in std::mem::take(drafts) {
        if let Some(id) = contents_id(&draft) {
            let Some(mut found) = moves.remove(&id).flatten() else {
                let message = format!("there is no div or cell with the id `{id}`");
                cx.report(Code::UnknownVariable, draft.span, message);
                continue;
            };
            if depth + height(&mut found) >= MAX_DEPTH {
                left.push(found);
                continue;
            }
            draft = found;
        }
        draft.kind.visit_children(&mut |content| put(content, moves, left, depth + 1, cx));
        remaining.push(draft);
    }
    *drafts = remaining;
}

/// The depth of a block's nesting.
fn height(draft: &mut Draft<'_>) -> u32 {
    let mut within = 0;
    draft.kind.visit_children(&mut |content| within = content.iter_mut().map(height).max().unwrap_or(0).max(within));
    within + 1
}
