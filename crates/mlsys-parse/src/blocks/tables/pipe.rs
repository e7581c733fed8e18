//! Pipe tables. Source: Pandoc manual, "Extension: pipe_tables".

use super::columns::alignment;
use super::{Found, TEXT_COLUMNS, body, cell, normalize, plain};
use crate::context::Context;
use crate::draft::{RowDraft, TableDraft};
use crate::text::Line;
use mlsys_book::{Alignment, Attr, Code, Column, Span};
use rustc_hash::FxHashMap;

/// Parses a pipe table from the first line on.
pub(super) fn parse<'a>(lines: &[Line], cx: &mut Context<'a>) -> Found<'a> {
    let source = cx.source.text.as_str();
    let [first, second, ..] = lines else { return None };
    let indent = first.text(source).len() - first.text(source).trim_start_matches(' ').len();
    if indent > 3 || !first.text(source).contains('|') {
        return None;
    }
    let columns = separator(second.text(source))?;
    let count = columns.len();
    let head = row(first, source)?;
    let mut rows = Vec::new();
    for line in &lines[2..] {
        let Some(row) = row(line, source) else { break };
        rows.push(row);
    }
    let used = 2 + rows.len();

    let longest = std::iter::once(first)
        .chain(&lines[2..used])
        .map(|line| line.text(source).trim_end_matches('\r').chars().count())
        .max()
        .unwrap_or(0);
    let dashes: usize = columns.iter().map(|(_, width)| width).sum();
    let mut columns: Vec<Column> = columns
        .into_iter()
        .map(|(align, width)| Column { align, width: (longest > TEXT_COLUMNS).then(|| width as f64 / dashes as f64) })
        .collect();
    normalize(&mut columns);

    let head = fit(head, first.span(), count, cx);
    let rows: Vec<_> =
        rows.into_iter().zip(&lines[2..used]).map(|(row, line)| fit(row, line.span(), count, cx)).collect();
    let table = TableDraft { columns, head: super::head(head), bodies: vec![body(rows)], ..TableDraft::default() };
    Some((table, used))
}

/// True if the first lines are a head and its delimiter row.
pub(super) fn begins(lines: &[Line], source: &str) -> bool {
    matches!(lines, [head, rule, ..] if separator(rule.text(source)).is_some() && row(head, source).is_some())
}

/// The row with as many cells as the table has columns: missing ones are empty, surplus ones are dropped as Pandoc does.
fn fit<'a>(cells: Vec<Line>, span: Span, count: usize, cx: &mut Context<'a>) -> RowDraft<'a> {
    let source = cx.source.text.as_str();
    if cells.iter().skip(count).any(|cell| !cell.is_blank(source)) {
        cx.report(Code::MalformedTable, span, format!("this row has more cells than the table has columns ({count})"))
            .hints
            .push("escape a pipe in the text as `\\|`".to_owned());
    }
    let mut cells: Vec<_> = cells.into_iter().take(count).map(|line| cell(plain(&[line], source))).collect();
    cells.resize_with(count, || cell(Vec::new()));
    RowDraft { span, attr: Attr::default(), cells }
}

/// The delimiter row: the alignment and the number of characters of each column.
fn separator(line: &str) -> Option<Vec<(Alignment, usize)>> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let rest = line.trim();
    if indent > 3 || !rest.starts_with(['|', ':', '-']) {
        return None;
    }
    let open = rest.starts_with('|');
    let inner = rest.strip_prefix('|').unwrap_or(rest);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let mut columns = Vec::new();
    for part in inner.split(['|', '+']) {
        let part = part.trim();
        let (align, dashes) = alignment(part);
        if dashes.is_empty() || !dashes.bytes().all(|b| b == b'-') {
            return None;
        }
        columns.push((align, part.len()));
    }
    (columns.len() > 1 || open).then_some(columns)
}

/// The cells of a row, trimmed, or `None` if the line has no pipe.
fn row(line: &Line, source: &str) -> Option<Vec<Line>> {
    let text = line.text(source);
    if !text.contains('|') {
        return None;
    }
    let start = text.len() - text.trim_start().len();
    let open = text[start..].starts_with('|');
    let body = if open { start + 1 } else { start };
    let mut cells = Vec::new();
    let mut from = body;
    for pipe in pipes(&text[body..]) {
        cells.push(trimmed(line, text, from, body + pipe));
        from = body + pipe + 1;
    }
    // What follows the last pipe is a cell only if there is something.
    if !text[from..].trim().is_empty() {
        cells.push(trimmed(line, text, from, text.len()));
    } else if cells.is_empty() {
        return None;
    }
    Some(cells)
}

fn trimmed(line: &Line, text: &str, from: usize, to: usize) -> Line {
    let cell = &text[from..to];
    let start = from + cell.len() - cell.trim_start().len();
    let start = start.min(to);
    let end = start + cell.trim().len();
    Line { start: line.start + start as u32, end: line.start + end as u32, spaces: 0 }
}

/// The offsets of pipes that separate cells: not escaped, and outside code, formulas, HTML tags and TeX arguments.
fn pipes(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut scan = Scan::new(bytes);
    let mut i = 0;
    while let Some(&byte) = bytes.get(i) {
        i = match byte {
            b'|' => {
                found.push(i);
                i + 1
            }
            b'\\' => scan.backslash(i),
            b'`' => scan.code(i),
            b'$' => scan.math(i).unwrap_or(i + 1),
            b'<' => scan.tag(i).unwrap_or(i + 1),
            _ => i + 1,
        };
    }
    found
}

/// The inline constructs that hide pipes, with the ends that are known not to follow.
struct Scan<'s> {
    bytes: &'s [u8],
    /// The last run of backticks of each length.
    ticks: FxHashMap<usize, usize>,
    /// No closing dollar follows this offset.
    no_dollar: usize,
    /// No `>` closes a tag that begins after this offset.
    no_tag: usize,
    /// No brace closes an argument that begins after this offset.
    no_brace: usize,
}

impl<'s> Scan<'s> {
    fn new(bytes: &'s [u8]) -> Self {
        let mut ticks = FxHashMap::default();
        let mut i = 0;
        while i < bytes.len() {
            let run = run(bytes, i, b'`');
            if run > 0 {
                ticks.insert(run, i);
            }
            i += run.max(1);
        }
        Scan { bytes, ticks, no_dollar: usize::MAX, no_tag: usize::MAX, no_brace: usize::MAX }
    }

    /// The end of the code span that begins here, or of its backticks if it is not closed.
    fn code(&self, at: usize) -> usize {
        let length = run(self.bytes, at, b'`');
        let mut i = at + length;
        if self.ticks.get(&length).is_none_or(|last| *last <= at) {
            return i;
        }
        while i < self.bytes.len() {
            let run = run(self.bytes, i, b'`');
            if run == length {
                return i + run;
            }
            i += run.max(1);
        }
        at + length
    }

    /// The end of an escaped character, or of a TeX command and its arguments.
    fn backslash(&mut self, at: usize) -> usize {
        let mut i = at + 1;
        while self.bytes.get(i).is_some_and(u8::is_ascii_alphabetic) {
            i += 1;
        }
        if i == at + 1 {
            return (at + 2).min(self.bytes.len());
        }
        while self.bytes.get(i) == Some(&b'{') {
            let Some(end) = self.braces(i) else { break };
            i = end;
        }
        i
    }

    fn braces(&mut self, at: usize) -> Option<usize> {
        if at >= self.no_brace {
            return None;
        }
        let mut depth = 0usize;
        let mut i = at;
        while let Some(&byte) = self.bytes.get(i) {
            match byte {
                b'\\' => i += 1,
                b'{' => depth += 1,
                b'}' if depth == 1 => return Some(i + 1),
                b'}' => depth -= 1,
                _ => {}
            }
            i += 1;
        }
        self.no_brace = at;
        None
    }

    /// The end of a formula: the opening dollar has no space after it, the closing one no space before and no digit after it.
    fn math(&mut self, at: usize) -> Option<usize> {
        let display = self.bytes.get(at + 1) == Some(&b'$');
        let from = at + if display { 2 } else { 1 };
        if at >= self.no_dollar || (!display && self.bytes.get(from).is_none_or(u8::is_ascii_whitespace)) {
            return None;
        }
        let mut i = from;
        while let Some(&byte) = self.bytes.get(i) {
            match byte {
                b'\\' => i += 1,
                b'$' if display && self.bytes.get(i + 1) == Some(&b'$') => return Some(i + 2),
                b'$' if !display => {
                    let closes = i > from
                        && !self.bytes[i - 1].is_ascii_whitespace()
                        && !self.bytes.get(i + 1).is_some_and(u8::is_ascii_digit);
                    if closes {
                        return Some(i + 1);
                    }
                }
                _ => {}
            }
            i += 1;
        }
        self.no_dollar = at;
        None
    }

    /// The end of an HTML tag or comment.
    fn tag(&mut self, at: usize) -> Option<usize> {
        if at >= self.no_tag
            || !self.bytes.get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!'))
        {
            return None;
        }
        let mut quote = None;
        for (i, &byte) in self.bytes.iter().enumerate().skip(at + 1) {
            match (quote, byte) {
                (None, b'>') => return Some(i + 1),
                (None, b'<') => return None,
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(q), _) if q == byte => quote = None,
                _ => {}
            }
        }
        self.no_tag = at;
        None
    }
}

/// The length of the run of a byte.
fn run(bytes: &[u8], at: usize, byte: u8) -> usize {
    bytes[at..].iter().take_while(|b| **b == byte).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_in_code_math_and_tags_do_not_separate() {
        assert_eq!(pipes(r"`a|b` | $c|d$ | \| | <b t='|'> | $5 | $6"), [6, 14, 19, 31, 36]);
    }

    #[test]
    fn separators() {
        assert_eq!(separator("|:--|--:|").map(|c| c.len()), Some(2));
        assert_eq!(separator("--|--").map(|c| c.len()), Some(2));
        assert!(separator("---").is_none());
        assert!(separator("| a |").is_none());
    }
}
