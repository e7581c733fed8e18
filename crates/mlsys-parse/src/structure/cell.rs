//! Cells as an engine writes them: divs of class `cell` with code of class `cell-code` and divs of class `cell-output`.
//!
//! What an option says of the whole cell is for its outputs: their label and caption, their place in the layout and in the
//! columns of the page. The code stays before them. Source: Quarto's filters `outputs.lua`, `columns-preprocess.lua`,
//! `parsefiguredivs.lua` and `layout.lua`.

use super::{float, is_float_label, layout, take_pair, widen_tables};
use crate::context::Context;
use mlsys_book::{Attr, Block, BlockKind, Caption, CodeBlock, Float, Id, Pair, Span, label_kind};

/// True for the attributes of a cell.
pub(super) fn is_cell(attr: &Attr) -> bool {
    attr.has_class("cell")
}

/// A cell.
pub(super) fn div(mut attr: Attr, mut content: Vec<Block>, span: Span, cx: &mut Context<'_>) -> BlockKind {
    if let Some(name) = take_pair(&mut attr, "filename") {
        content.iter_mut().filter_map(code_of).for_each(|code| {
            if code.attr.get("filename").is_none() {
                code.attr.pairs.push(name.clone());
            }
        });
    }
    choose_renderings(&mut attr, &mut content);
    move_columns(&mut attr, &mut content);
    for (_, within) in content.iter_mut().filter_map(output_of) {
        widen_tables(&attr, within);
        place_captions(&attr, within);
    }
    let labelled = is_float_label(attr.id(), cx.scope);
    let panel = layout::of(&attr);
    if !labelled && panel.is_none() {
        return BlockKind::Div(attr, content);
    }
    let (mut content, mut outputs): (Vec<Block>, Vec<Block>) = content.into_iter().partition(is_code);
    if outputs.is_empty() {
        return BlockKind::Div(attr, content);
    }
    // In a layout the code is no part of the panel.
    let outer = Attr { id: None, classes: vec!["cell".to_owned()], pairs: Vec::new() };
    if panel.is_some() {
        attr.classes.retain(|class| class != "cell");
    }
    let kind = match panel {
        Some(panel) if !labelled => layout::div(attr, panel, outputs),
        Some(_) | None => {
            table_parts(&mut attr, &mut outputs, cx);
            let own = own_caption(&attr, &mut outputs);
            let mut kind = float::div(attr, outputs, cx);
            if let BlockKind::Float(float) = &mut kind
                && float.caption.is_none()
            {
                float.caption = own;
            }
            kind
        }
    };
    content.push(Block { span, kind });
    BlockKind::Div(outer, content)
}

/// True for the code of a cell, also as a listing.
fn is_code(block: &Block) -> bool {
    if let BlockKind::Float(float) = &block.kind {
        return float.attr.has_class("cell-code");
    }
    matches!(&block.kind, BlockKind::CodeBlock(code) if code.attr.has_class("cell-code"))
}

/// The code of a cell, also in a listing.
fn code_of(block: &mut Block) -> Option<&mut CodeBlock> {
    if !is_code(block) {
        return None;
    }
    if matches!(block.kind, BlockKind::Float(_)) {
        let BlockKind::Float(float) = &mut block.kind else { return None };
        let inner = &mut float.content.first_mut()?.kind;
        return if let BlockKind::CodeBlock(code) = inner { Some(code) } else { None };
    }
    if let BlockKind::CodeBlock(code) = &mut block.kind { Some(code) } else { None }
}

/// The attributes and content of an output's div.
fn output_of(block: &mut Block) -> Option<(&mut Attr, &mut Vec<Block>)> {
    let BlockKind::Div(attr, content) = &mut block.kind else { return None };
    let is_output = attr.has_class("cell-output") || attr.has_class("cell-output-display");
    is_output.then_some((attr, content))
}

/// Chooses outputs by `renderings`, a list in JSON with the name of each: `light` and `dark` are for the modes of these names, and
/// others are for other formats. With another number of outputs all of them stay. Source: Quarto, `cell-renderings.lua`.
fn choose_renderings(attr: &mut Attr, content: &mut Vec<Block>) {
    let Some(pair) = take_pair(attr, "renderings") else { return };
    let names: Vec<String> = serde_json::from_str(&pair.value).unwrap_or_else(|_| vec![pair.value]);
    let is_display =
        |block: &Block| matches!(&block.kind, BlockKind::Div(attr, _) if attr.has_class("cell-output-display"));
    if content.iter().filter(|block| is_display(block)).count() != names.len() {
        return;
    }
    let last = |mode: &str| names.iter().rposition(|name| name == mode);
    let (light, dark) = (last("light"), last("dark"));
    if light.is_none() && dark.is_none() {
        return;
    }
    let has_both = light.is_some() && dark.is_some();
    let mut at = 0;
    content.retain_mut(|block| {
        if !is_display(block) {
            return true;
        }
        let index = Some(at);
        at += 1;
        if let Some((output, _)) = output_of(block).filter(|_| has_both) {
            let class = [(light, "light-content"), (dark, "dark-content")].into_iter().find(|(at, _)| *at == index);
            output.classes.extend(class.map(|(_, class)| class.to_owned()));
        }
        index == light || index == dark
    });
}

/// Moves the classes of columns from the cell to its outputs.
fn move_columns(attr: &mut Attr, content: &mut [Block]) {
    let kind = |class: &str| {
        let prefixes = [("column-", ""), ("fig-column-", "fig-"), ("tbl-column-", "tbl-")];
        prefixes.into_iter().find(|(prefix, _)| class.starts_with(prefix)).map(|(_, kind)| kind)
    };
    if !content.iter_mut().any(|block| output_of(block).is_some()) {
        return;
    }
    let (columns, classes): (Vec<String>, Vec<String>) =
        std::mem::take(&mut attr.classes).into_iter().partition(|class| kind(class).is_some());
    attr.classes = classes;
    for (output, within) in content.iter_mut().filter_map(output_of) {
        let is_table = within.iter().any(|block| is_kind(block, "tbl"));
        let is_display = output.has_class("cell-output-display");
        for class in &columns {
            let applies = match kind(class) {
                Some("fig-") => is_display && !is_table,
                Some("tbl-") => is_table,
                Some(_) | None => true,
            };
            if applies {
                let name = class.trim_start_matches("fig-").trim_start_matches("tbl-");
                output.classes.push(name.to_owned());
            }
        }
    }
}

fn is_kind(block: &Block, kind: &str) -> bool {
    if let BlockKind::Float(float) = &block.kind {
        return float.kind == kind;
    }
    kind == "tbl" && matches!(block.kind, BlockKind::Table(_))
}

/// Tells the floats of an output where the cell wants their captions, by classes such as `fig-cap-location-margin`.
fn place_captions(attr: &Attr, within: &mut [Block]) {
    for block in within {
        let BlockKind::Float(float) = &mut block.kind else { continue };
        let prefixes = [format!("{}-cap-location-", float.kind), "caption-".to_owned()];
        let place = attr.classes.iter().find_map(|class| prefixes.iter().find_map(|prefix| class.strip_prefix(prefix)));
        if let Some(place) = place
            && float.attr.get("cap-location").is_none()
        {
            let key = "cap-location".to_owned();
            float.attr.pairs.push(Pair { key, value: place.to_owned(), value_span: block.span });
        }
    }
}

/// Makes parts of a labelled cell's tables by `tbl-subcap`, a list in JSON. Images have their captions already.
fn table_parts(attr: &mut Attr, outputs: &mut [Block], cx: &mut Context<'_>) {
    let Some(pair) = take_pair(attr, "tbl-subcap") else { return };
    let captions: Vec<String> = match serde_json::from_str::<serde_json::Value>(&pair.value) {
        Ok(serde_json::Value::Array(items)) => {
            items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect()
        }
        Ok(serde_json::Value::Bool(true)) => Vec::new(),
        Ok(_) | Err(_) => vec![pair.value.clone()],
    };
    let label = attr.id().to_owned();
    let kind = label_kind(&label).unwrap_or_default();
    let tables = outputs
        .iter_mut()
        .filter_map(output_of)
        .filter_map(|(_, within)| within.iter_mut().find(|block| matches!(block.kind, BlockKind::Table(_))));
    let mut from = pair.value_span.start;
    for (at, block) in tables.enumerate() {
        let BlockKind::Table(table) = std::mem::replace(&mut block.kind, BlockKind::HorizontalRule) else { continue };
        let text = captions.get(at).filter(|text| !text.is_empty());
        let caption = text.map(|text| {
            // Each caption has its own place in the list, if it has no escapes there.
            let rest = cx.source.slice(Span { start: from, ..pair.value_span });
            let value_span = match rest.find(text.as_str()) {
                Some(found) => Span::new(from as usize + found, from as usize + found + text.len()),
                None => Span { start: from, ..pair.value_span },
            };
            from = value_span.end.min(pair.value_span.end);
            super::caption(&Pair { key: String::new(), value: text.clone(), value_span }, cx)
        });
        let label = Id { name: format!("{label}-{}", at + 1), span: block.span, automatic: false };
        let attr = Attr::default();
        let content = vec![Block { span: block.span, kind: BlockKind::Table(table) }];
        block.kind =
            BlockKind::Float(Box::new(Float { kind: kind.clone(), label, attr, content, caption, layout: None }));
    }
}

/// Takes the caption of a cell's only table.
fn own_caption(attr: &Attr, outputs: &mut [Block]) -> Option<Caption> {
    if attr.get("tbl-cap").is_some() {
        return None;
    }
    let [block] = outputs else { return None };
    let (_, within) = output_of(block)?;
    within
        .iter_mut()
        .find_map(|block| if let BlockKind::Table(table) = &mut block.kind { table.caption.take() } else { None })
}
