//! Simple and multiline tables. Source: Pandoc manual, "Extension: simple_tables" and "Extension: multiline_tables".

use super::caption::ends_paragraph;
use super::columns::{Measure, Ruler};
use super::{Found, TEXT_COLUMNS, body, cell, normalize, plain};
use crate::context::Context;
use crate::draft::{RowDraft, TableDraft};
use crate::text::Line;
use mlsys_book::{Alignment, Attr, Column};

/// The first line from `from` on that consists of dashes and is followed by a blank line or the end, unless a div's fence comes
/// before it.
fn footer(lines: &[Line], from: usize, cx: &mut Context<'_>) -> Option<usize> {
    let source = cx.source.text.as_str();
    let found = cx.footers.find(lines, from, |at| is_footer(lines, at, source) || is_fence(&lines[at], source));
    found.filter(|&at| is_footer(lines, at, source))
}

fn is_footer(lines: &[Line], at: usize, source: &str) -> bool {
    let ends = |line: &Line| line.is_blank(source) || is_fence(line, source);
    lines.get(at).is_some_and(|line| dashes(line.text(source)).is_some()) && lines.get(at + 1).is_none_or(ends)
}

/// True if a line may open or close a div, which ends a table.
fn is_fence(line: &Line, source: &str) -> bool {
    line.text(source).trim_start().starts_with(":::")
}

/// The runs of dashes of a line of dashes: column and length.
fn dashes(line: &str) -> Option<Vec<(usize, usize)>> {
    let line = line.trim_end();
    if !line.trim_start_matches(' ').starts_with('-') || !line.bytes().all(|b| matches!(b, b'-' | b' ')) {
        return None;
    }
    let mut runs = Vec::new();
    let mut at = 0;
    for part in line.split(' ') {
        if !part.is_empty() {
            runs.push((at, part.len()));
        }
        at += part.len() + 1;
    }
    (runs.first()?.0 <= 3).then_some(runs)
}

/// True if a line of dashes is among the first two lines.
pub(super) fn begins(lines: &[Line], source: &str) -> bool {
    lines.iter().take(2).any(|line| dashes(line.text(source)).is_some())
}

/// Parses a simple table: one line per row.
pub(super) fn simple<'a>(lines: &[Line], headed: bool, cx: &mut Context<'a>) -> Found<'a> {
    let source = cx.source.text.as_str();
    let rule = usize::from(headed);
    let runs = dashes(lines.get(rule)?.text(source))?;
    let first = rule + 1;
    // Without a head the table needs a closing rule, which the next blank line follows. Where there is none, nothing before
    // that blank line is a table either.
    let footer = if headed { None } else { Some(footer(lines, first, cx)?) };
    let mut end = first;
    while end < lines.len()
        && Some(end) != footer
        && !ends_paragraph(&lines[end], source)
        && !is_footer(lines, end, source)
    {
        end += 1;
    }
    if end == first || (!headed && Some(end) != footer) {
        return None;
    }
    let aligned = if headed { &lines[0] } else { &lines[first] };
    let starts: Vec<usize> = runs.iter().map(|run| run.0).collect();
    let columns: Vec<Column> = cut(aligned, &starts, source)
        .iter()
        .zip(&runs)
        .map(|(text, run)| Column { align: alignment(&[text.text(source)], run.1), width: None })
        .collect();
    let rows = lines[first..end].iter().map(|line| row(std::slice::from_ref(line), &starts, source)).collect();
    let head = if headed { super::head(row(&lines[..1], &starts, source)) } else { Vec::new() };
    let used = if is_footer(lines, end, source) { end + 1 } else { end };
    Some((TableDraft { columns, head, bodies: vec![body(rows)], ..TableDraft::default() }, used))
}

/// The maximal number of lines of a table's head, rules included, which bounds the search for the rule below it.
const HEAD_LINES: usize = 64;

/// Parses a multiline table: rows are separated by blank lines.
pub(super) fn multiline<'a>(lines: &[Line], headed: bool, cx: &mut Context<'a>) -> Found<'a> {
    let source = cx.source.text.as_str();
    dashes(lines.first()?.text(source))?;
    let mut rule = 0;
    if headed {
        rule = 1;
        while rule < lines.len().min(HEAD_LINES) && dashes(lines[rule].text(source)).is_none() {
            if ends_paragraph(&lines[rule], source) {
                return None;
            }
            rule += 1;
        }
        if rule == 1 {
            return None;
        }
    }
    let runs = dashes(lines.get(rule)?.text(source))?;
    let first = rule + 1;
    let footer = footer(lines, first, cx)?;
    if footer == first || lines[first].is_blank(source) {
        return None;
    }
    let starts: Vec<usize> = runs.iter().map(|run| run.0).collect();
    let mut columns = widths(&runs);
    let aligned = if headed { &lines[1..rule] } else { &lines[first..=first] };
    let cut_lines: Vec<Vec<Line>> = aligned.iter().map(|line| cut(line, &starts, source)).collect();
    for (i, (column, run)) in columns.iter_mut().zip(&runs).enumerate() {
        let texts: Vec<&str> = cut_lines.iter().filter_map(|cells| cells.get(i)).map(|c| c.text(source)).collect();
        column.align = alignment(&texts, run.1);
    }
    let rows = lines[first..footer]
        .split(|line| line.is_blank(source))
        .filter(|group| !group.is_empty())
        .map(|group| row(group, &starts, source))
        .collect();
    let head = if headed { super::head(row(&lines[1..rule], &starts, source)) } else { Vec::new() };
    Some((TableDraft { columns, head, bodies: vec![body(rows)], ..TableDraft::default() }, footer + 1))
}

/// The lines' text in each column, as one row.
fn row<'a>(lines: &[Line], starts: &[usize], source: &'a str) -> RowDraft<'a> {
    let mut cells = vec![Vec::with_capacity(lines.len()); starts.len()];
    for line in lines {
        for (cell, text) in cells.iter_mut().zip(cut(line, starts, source)) {
            let trimmed = trim(text, source);
            if trimmed.end > trimmed.start {
                cell.push(trimmed);
            }
        }
    }
    let cells = cells.iter().map(|lines| cell(plain(lines, source))).collect();
    let span = lines.first().map(Line::span).unwrap_or(mlsys_book::Span { start: 0, end: 0 });
    let span = lines.last().map_or(span, |last| span.to(last.span()));
    RowDraft { span, attr: Attr::default(), cells }
}

/// Cuts a line at the starts of columns. Text before the first is dropped; the last extends to the end.
fn cut(line: &Line, starts: &[usize], source: &str) -> Vec<Line> {
    let text = line.text(source);
    let ruler = Ruler::new(text, Measure::Display);
    let shift = usize::from(line.spaces);
    let at = |column: usize| line.start + ruler.byte(column.saturating_sub(shift)) as u32;
    (0..starts.len())
        .map(|i| Line { start: at(starts[i]), end: starts.get(i + 1).map_or(line.end, |next| at(*next)), spaces: 0 })
        .collect()
}

fn trim(line: Line, source: &str) -> Line {
    let text = line.text(source);
    let start = line.start + (text.len() - text.trim_start().len()) as u32;
    Line { start, end: start + text.trim().len() as u32, spaces: 0 }
}

/// The alignment of a column, by the position of its heading over the dashes. The shortest line decides.
fn alignment(texts: &[&str], dashes: usize) -> Alignment {
    let shortest = texts
        .iter()
        .map(|text| text.trim_end())
        .filter(|text| !text.is_empty())
        .min_by_key(|text| Ruler::new(text, Measure::Display).width());
    let Some(text) = shortest else { return Alignment::Default };
    match (text.starts_with([' ', '\t']), Ruler::new(text, Measure::Display).width() < dashes) {
        (true, false) => Alignment::Right,
        (false, true) => Alignment::Left,
        (true, true) => Alignment::Center,
        (false, false) => Alignment::Default,
    }
}

/// Relative widths: a column with the space after it, in parts of the text's width or of the table's where that is wider.
fn widths(runs: &[(usize, usize)]) -> Vec<Column> {
    let starts: Vec<usize> = runs.iter().map(|run| run.0).collect();
    let end = runs.last().map_or(0, |run| run.0 + run.1 + 1);
    let mut lengths: Vec<usize> =
        starts.iter().zip(starts.iter().skip(1).chain([&end])).map(|(from, to)| to - from).collect();
    // The space between columns counts for all but the last; a difference of up to two is taken for that.
    if let [.., before, last] = lengths.as_mut_slice()
        && *last < *before
        && *before - *last <= 2
    {
        *last = *before;
    }
    let total = lengths.iter().sum::<usize>() + starts.first().copied().unwrap_or(0);
    let whole = total.max(TEXT_COLUMNS).max(end) as f64;
    let mut columns: Vec<Column> = lengths
        .into_iter()
        .map(|length| Column { align: Alignment::Default, width: Some(length as f64 / whole) })
        .collect();
    normalize(&mut columns);
    columns
}
