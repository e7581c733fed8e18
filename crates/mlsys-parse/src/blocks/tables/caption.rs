//! Captions of tables. Source: Pandoc manual, "Extension: table_captions"; Quarto, "Tables".

use crate::attr_mistake::mistake;
use crate::context::Context;
use crate::text::{Line, Text};
use mlsys_book::{Attr, Code, Column, Span};

/// The maximal number of braces that are tried as the start of a caption's attributes.
const MAX_BRACES: usize = 16;

/// The number of lines of the paragraph that starts here with `:` or `Table:`.
pub(super) fn paragraph(lines: &[Line], cx: &mut Context<'_>) -> Option<usize> {
    let source = cx.source.text.as_str();
    marker(lines.first()?.text(source))?;
    let end = cx.paragraph_ends.find(lines, 0, |at| ends_paragraph(&lines[at], source)).unwrap_or(lines.len());
    (end > 0).then_some(end)
}

/// True if a line cannot belong to a caption's paragraph.
pub(super) fn ends_paragraph(line: &Line, source: &str) -> bool {
    let text = line.text(source).trim_start();
    text.is_empty() || text.starts_with(":::") || text.starts_with("```") || text.starts_with("~~~")
}

/// The number of leading blank lines.
pub(super) fn blank_lines(lines: &[Line], source: &str) -> usize {
    lines.iter().position(|line| !line.is_blank(source)).unwrap_or(lines.len())
}

/// The bytes of a caption's marker with the spaces around it.
fn marker(line: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    if indent > 3 {
        return None;
    }
    let rest = &line[indent..];
    let after = match rest.strip_prefix(':') {
        Some(after) if after.starts_with(|c: char| c.is_ascii_punctuation()) => {
            // `: {.class}` is a caption of attributes only, `:::` and `:-` are not captions.
            after.strip_prefix('{').map(|_| after)?
        }
        Some(after) => after,
        None => rest.strip_prefix("Table:").or_else(|| rest.strip_prefix("table:"))?,
    };
    let text = after.trim_start_matches([' ', '\t']);
    Some(line.len() - text.len())
}

/// Parses the paragraph of a caption, marker included: the text, and the attributes in braces at its end. The attributes are cut
/// off first, so that unbalanced markup in the text does not hide them.
pub(super) fn caption<'s>(lines: &[Line], source: &'s str) -> (Option<(Span, Text<'s>)>, Attr) {
    let mut lines = lines.to_vec();
    if let Some(first) = lines.first_mut() {
        first.start += marker(first.text(source)).unwrap_or(0) as u32;
        first.spaces = 0;
    }
    for line in &mut lines {
        let text = line.text(source);
        let trimmed = text.trim();
        line.start += (text.len() - text.trim_start().len()).min(text.len()) as u32;
        line.end = line.start + trimmed.len() as u32;
        line.spaces = 0;
    }
    let attr = trailing_attributes(&mut lines, source).unwrap_or_default();
    while lines.last().is_some_and(|line| line.is_blank(source)) {
        lines.pop();
    }
    let caption = match (lines.first(), lines.last()) {
        (Some(first), Some(last)) => {
            Some((Span { start: first.start, end: last.end }, Text::from_lines(source, &lines)))
        }
        _ => None,
    };
    (caption, attr)
}

/// Reports attributes at the end of a caption that cannot be read.
pub(super) fn report_mistake(lines: &[Line], cx: &mut Context<'_>) {
    let source = cx.source.text.as_str();
    let Some(line) = lines.iter().rfind(|line| !line.is_blank(source)) else { return };
    let text = line.text(source).trim_end();
    let Some(open) = text.rfind('{') else { return };
    if let Some(found) = mistake(&text[open..]).filter(|found| open + found.length == text.len()) {
        let start = line.start as usize + open;
        let span = Span::new(start, start + found.length);
        cx.report(Code::MalformedAttributes, span, found.message).hints.push(found.hint);
    }
}

/// Cuts `{...}` off the end of the lines, and parses it.
fn trailing_attributes(lines: &mut Vec<Line>, source: &str) -> Option<Attr> {
    let text = Text::from_lines(source, lines);
    if !text.text.ends_with('}') {
        return None;
    }
    let braces: Vec<usize> = text.text.rmatch_indices('{').take(MAX_BRACES).map(|(at, _)| at).collect();
    let (open, attr) = braces.into_iter().rev().find_map(|open| {
        let (attr, used) = crate::attr::parse(&text.text[open..], |at| text.offset(open + at))?;
        (open + used == text.text.len()).then_some((open, attr))
    })?;
    let cut = text.offset(open);
    lines.retain(|line| line.start < cut);
    if let Some(last) = lines.last_mut() {
        last.end = last.end.min(cut);
        last.end = last.start + last.text(source).trim_end().len() as u32;
    }
    Some(attr)
}

/// The widths of `tbl-colwidths="[30,70]"`: percentages as fractions. Source: Quarto, "Tables", column widths.
pub(crate) fn column_widths(value: &str) -> Option<Vec<f64>> {
    let list = value.trim().strip_prefix('[')?.strip_suffix(']')?;
    let widths: Option<Vec<f64>> =
        list.split(',').map(|w| w.trim().parse().ok().filter(|w: &f64| w.is_finite() && *w >= 0.0)).collect();
    widths.map(|widths| widths.into_iter().map(|w| w / 100.0).collect())
}

/// Sets the widths of columns. The last width counts for the columns after it, and the sum is at most the text width.
pub(crate) fn set_widths(columns: &mut [Column], widths: &[f64]) {
    let Some(last) = widths.last() else { return };
    let all = || widths.iter().chain(std::iter::repeat(last)).take(columns.len());
    let total = all().sum::<f64>().max(1.0);
    let widths: Vec<f64> = all().map(|width| width / total).collect();
    for (column, width) in columns.iter_mut().zip(widths) {
        column.width = (width > 0.0).then_some(width);
    }
}
