//! Grid tables. Source: Pandoc manual, "Extension: grid_tables".

use super::columns::specs;
use super::trace::{Grid, GridRow, Trace, Traced};
use super::{Found, TEXT_COLUMNS, body};
use crate::blocks;
use crate::context::Context;
use crate::draft::{Draft, RowDraft, TableCellDraft, TableDraft};
use crate::text::Line;
use mlsys_book::{Alignment, Attr, Code, Column, Span};

/// Parses a grid table from the first line on. Reports malformed ones.
pub(super) fn parse<'a>(lines: &[Line], cx: &mut Context<'a>) -> Found<'a> {
    let source = cx.source.text.as_str();
    let first = lines.first()?;
    let aligns = specs(first.text(source).trim_end(), b'-')?;
    let within = (cx.broken_grid.start + 1..cx.broken_grid.end).contains(&first.start);
    if first.spaces > 0 || within {
        return None;
    }
    let mut grid = Grid::new(lines, source);
    let traced = grid.trace();
    let Some(layout) = traced.and_then(|traced| Layout::new(traced, &grid)) else {
        cx.report(Code::MalformedTable, first.span(), "this grid table is malformed: its cell borders do not meet")
            .hints
            .push("every cell needs a border of `+`, `-` and `|` that meets at `+`".to_owned());
        let others = lines.iter().take_while(|line| line.text(source).starts_with(['+', '|']));
        cx.broken_grid = Span { start: first.start, end: others.last().map_or(first.end, |last| last.end) };
        return None;
    };
    let used = layout.rows.last().map_or(1, |last| last + 1);
    let parts: Vec<(usize, &[(usize, Alignment)])> =
        layout.rows.iter().filter_map(|row| Some((*row, grid.rows().get(*row)?.part.as_deref()?))).collect();
    let columns = columns(&layout.columns, parts.first().map_or(&aligns, |(_, specs)| specs));
    let mut rows = read(&layout, &grid, lines, cx);

    // Parts are counted in rows: the head ends at the first `=` rule, the foot is between the last two.
    let index = |row: usize| layout.rows.partition_point(|r| *r < row);
    let head = parts.first().map_or(0, |(row, _)| index(*row));
    let foot = match parts.as_slice() {
        [.., (before, _), (last, _)] if index(*last) == rows.len() => index(*before).max(head),
        _ => rows.len(),
    };
    let foot = rows.split_off(foot.min(rows.len()));
    let body_rows = rows.split_off(head.min(rows.len()));
    let head = match rows.len() {
        1 => rows.pop().map(super::head).unwrap_or_default(),
        _ => rows,
    };
    Some((TableDraft { columns, head, bodies: vec![body(body_rows)], foot, ..TableDraft::default() }, used))
}

/// True if the first lines are a rule and a row.
pub(super) fn begins(lines: &[Line], source: &str) -> bool {
    matches!(lines, [rule, row, ..] if specs(rule.text(source).trim_end(), b'-').is_some()
        && row.text(source).starts_with(['+', '|']))
}

/// Alignments from the rule above each column, widths from the dashes: in parts of the text's width, or of the table's where
/// that is wider.
fn columns(borders: &[usize], specs: &[(usize, Alignment)]) -> Vec<Column> {
    let widths: Vec<usize> = borders.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let whole = (widths.iter().sum::<usize>() + widths.len()).saturating_sub(2).max(TEXT_COLUMNS) as f64;
    let align = |border: usize| {
        let at = specs.partition_point(|(start, _)| *start <= border + 1);
        at.checked_sub(1).and_then(|at| specs.get(at)).map_or(Alignment::Default, |spec| spec.1)
    };
    borders
        .iter()
        .zip(widths)
        .map(|(border, width)| Column { align: align(*border), width: Some(width as f64 / whole) })
        .collect()
}

/// The cells of a grid by row and column.
struct Layout {
    /// The lines of the rules between rows, including the first and the last.
    rows: Vec<usize>,
    /// The columns of the borders.
    columns: Vec<usize>,
    /// For each row and column: the cell that covers it.
    slots: Vec<Option<usize>>,
    cells: Vec<Trace>,
}

impl Layout {
    /// Places the cells. `None` if they overlap, or if there are far more positions than text, as with broken borders.
    fn new(traced: Traced, grid: &Grid<'_>) -> Option<Self> {
        let rows: Vec<usize> = traced.rows.into_iter().collect();
        let columns: Vec<usize> = traced.columns.into_iter().collect();
        let (height, width) = (rows.len() - 1, columns.len() - 1);
        let size: usize = grid.rows().iter().map(|row| row.ruler.text.len() + 1).sum();
        if height.checked_mul(width)? > 4 * size {
            return None;
        }
        let mut slots = vec![None; height * width];
        for (number, cell) in traced.cells.iter().enumerate() {
            let top = rows.binary_search(&cell.top).ok()?;
            let bottom = rows.binary_search(&cell.bottom).ok()?;
            let left = columns.binary_search(&cell.left).ok()?;
            let right = columns.binary_search(&cell.right).ok()?;
            for row in top..bottom {
                for slot in &mut slots[row * width + left..row * width + right] {
                    if slot.replace(number).is_some() {
                        return None;
                    }
                }
            }
        }
        Some(Layout { rows, columns, slots, cells: traced.cells })
    }
}

/// Reads the cells row by row.
fn read<'a>(layout: &Layout, grid: &Grid<'_>, lines: &[Line], cx: &mut Context<'a>) -> Vec<RowDraft<'a>> {
    let width = layout.columns.len() - 1;
    let mut rows = Vec::with_capacity(layout.rows.len() - 1);
    for (row, pair) in layout.rows.windows(2).enumerate() {
        let span = row_span(lines, pair[0], pair[1]);
        let mut cells = Vec::with_capacity(width);
        for column in 0..width {
            let Some(number) = layout.slots[row * width + column] else {
                cells.push(super::cell(Vec::new()));
                continue;
            };
            let trace = layout.cells[number];
            if trace.top != pair[0] || trace.left != layout.columns[column] {
                continue;
            }
            let covers = |borders: &[usize], to: usize| borders.partition_point(|border| *border < to).max(1) as u32;
            cells.push(TableCellDraft {
                attr: Attr::default(),
                align: Alignment::Default,
                row_span: covers(&layout.rows[row..], trace.bottom),
                column_span: covers(&layout.columns[column..], trace.right),
                content: content(&cell_lines(trace, grid, lines), cx),
            });
        }
        rows.push(RowDraft { span, attr: Attr::default(), cells });
    }
    rows
}

/// The lines between two rules.
fn row_span(lines: &[Line], top: usize, bottom: usize) -> Span {
    let first = lines[(top + 1).min(bottom)];
    let last = lines[bottom.saturating_sub(1).max(top + 1).min(bottom)];
    first.span().to(last.span())
}

/// The lines of a cell, cut at its borders. One space in front is the border's where all lines have it.
fn cell_lines(cell: Trace, grid: &Grid<'_>, lines: &[Line]) -> Vec<Line> {
    let last = cell.right >= grid.last_column();
    let mut cut: Vec<Line> = Vec::with_capacity(cell.bottom - cell.top);
    let mut spaced = true;
    for (offset, line) in lines[cell.top + 1..cell.bottom].iter().enumerate() {
        let Some(GridRow { ruler, .. }) = grid.rows().get(cell.top + 1 + offset) else { break };
        // The right border of the table may be missing or out of line.
        let text = if last && !matches!(ruler.ascii(cell.right), Some(b'|' | b'+')) {
            let text = ruler.slice(cell.left + 1, usize::MAX);
            text.strip_suffix('|').unwrap_or(text)
        } else {
            ruler.slice(cell.left + 1, cell.right)
        };
        let text = text.trim_end();
        spaced &= text.is_empty() || text.starts_with(' ');
        let start = line.start + ruler.byte(cell.left + 1) as u32;
        cut.push(Line { start, end: start + text.len() as u32, spaces: 0 });
    }
    if spaced {
        cut.iter_mut().filter(|line| line.end > line.start).for_each(|line| line.start += 1);
    }
    cut
}

/// The blocks of a cell; a paragraph alone is `Plain`.
fn content<'a>(lines: &[Line], cx: &mut Context<'a>) -> Vec<Draft<'a>> {
    if !lines.iter().any(|line| line.end > line.start) {
        return Vec::new();
    }
    blocks::parse_cell(lines, cx)
}
