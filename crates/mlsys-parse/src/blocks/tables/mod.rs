//! Tables. Source: Pandoc manual, "Tables".
//!
//! A reader takes the lines from a table's first one to the end of their container, and returns the table and its number of lines.
//! [`parse`] tries all kinds, and parses the caption.

mod caption;
mod columns;
mod grid;
mod html;
mod pipe;
mod simple;
mod trace;

pub(crate) use caption::{column_widths, set_widths};
pub(crate) use html::split_html;

use crate::context::Context;
use crate::draft::{Draft, DraftKind, RowDraft, TableBodyDraft, TableCellDraft, TableDraft};
use crate::reader::ReaderOptions;
use crate::text::{Line, Text};
use mlsys_book::{Alignment, Attr, Column};

/// A table, and its number of lines.
pub(crate) type Found<'a> = Option<(TableDraft<'a>, usize)>;

/// The columns of a line of text; wider tables have relative widths. Source: Pandoc manual, option `--columns`.
const TEXT_COLUMNS: usize = 72;

/// Parses a table with its caption before or after it, from the first line on. The kinds are tried in Pandoc's order.
///
/// It must be called at the start of a block, after lists, divs and headings and before block quotes, rules and paragraphs. It is
/// fast if there is no table.
pub(crate) fn parse<'a>(lines: &[Line], cx: &mut Context<'a>) -> Found<'a> {
    let source = cx.source.text.as_str();
    let mut skipped = 0;
    let mut caption_lines = None;
    if let Some(count) = caption::paragraph(lines, cx) {
        let blank = caption::blank_lines(&lines[count..], source);
        if blank == 0 {
            return None;
        }
        caption_lines = Some(&lines[..count]);
        skipped = count + blank;
    }
    let (mut table, used) = bare(lines.get(skipped..)?, cx)?;
    let mut used = skipped + used;
    if caption_lines.is_none() {
        let start = used + caption::blank_lines(&lines[used..], source);
        if let Some(count) = caption::paragraph(&lines[start..], cx) {
            used = start + count;
            caption_lines = Some(&lines[start..used]);
        }
    }
    if let Some(lines) = caption_lines {
        (table.caption, table.attr) = caption::caption(lines, source);
        if table.attr.is_empty() {
            caption::report_mistake(lines, cx);
        }
        if let Some(widths) = table.attr.get("tbl-colwidths").and_then(column_widths) {
            set_widths(&mut table.columns, &widths);
        }
    }
    Some((table, used))
}

/// Reads a table without its caption.
fn bare<'a>(lines: &[Line], cx: &mut Context<'a>) -> Found<'a> {
    let source = cx.source.text.as_str();
    let first = lines.first()?;
    if first.is_blank(source) {
        return None;
    }
    let ReaderOptions { grid_tables, multiline_tables, pipe_tables, simple_tables, .. } = cx.options;
    let pipe = |cx: &mut Context<'a>| if pipe_tables { pipe::parse(lines, cx) } else { None };
    let simple = |head, cx: &mut Context<'a>| if simple_tables { simple::simple(lines, head, cx) } else { None };
    let multiline =
        |head, cx: &mut Context<'a>| if multiline_tables { simple::multiline(lines, head, cx) } else { None };
    if first.text(source).starts_with('+') {
        let grid = if grid_tables { grid::parse(lines, cx) } else { None };
        return grid.or_else(|| pipe(cx));
    }
    pipe(cx)
        .or_else(|| multiline(true, cx))
        .or_else(|| simple(false, cx))
        .or_else(|| simple(true, cx))
        .or_else(|| multiline(false, cx))
}

/// Scales widths down to at most the text width.
fn normalize(columns: &mut [Column]) {
    let total: f64 = columns.iter().filter_map(|c| c.width).sum();
    if total >= 1.0 {
        columns.iter_mut().filter_map(|c| c.width.as_mut()).for_each(|w| *w /= total);
    }
}

/// A cell of one row and one column.
fn cell(content: Vec<Draft<'_>>) -> TableCellDraft<'_> {
    TableCellDraft { attr: Attr::default(), align: Alignment::Default, row_span: 1, column_span: 1, content }
}

/// A body without heading rows.
fn body(rows: Vec<RowDraft<'_>>) -> TableBodyDraft<'_> {
    TableBodyDraft { rows, ..TableBodyDraft::default() }
}

/// The row as the head, unless all its cells are empty: then the table has none.
fn head(row: RowDraft<'_>) -> Vec<RowDraft<'_>> {
    if row.cells.iter().any(|cell| !cell.content.is_empty()) { vec![row] } else { Vec::new() }
}

/// The lines as one `Plain`, without blank lines at the ends.
fn plain<'a>(lines: &[Line], source: &'a str) -> Vec<Draft<'a>> {
    let start = caption::blank_lines(lines, source);
    let end = lines.iter().rposition(|line| !line.is_blank(source)).map_or(start, |last| last + 1);
    let lines = &lines[start..end];
    match (lines.first(), lines.last()) {
        (Some(first), Some(last)) => {
            let span = first.span().to(last.span());
            vec![Draft { span, kind: DraftKind::Plain(Text::from_lines(source, lines)) }]
        }
        _ => Vec::new(),
    }
}

/// True if a caption starts here and its table follows, judging by the table's first lines.
pub(crate) fn captioned(lines: &[Line], cx: &mut Context<'_>) -> bool {
    let source = cx.source.text.as_str();
    let Some(count) = caption::paragraph(lines, cx) else { return false };
    let blank = caption::blank_lines(&lines[count..], source);
    let below = &lines[count + blank..];
    blank > 0 && (grid::begins(below, source) || pipe::begins(below, source) || simple::begins(below, source))
}
