//! Finding the cells of a grid by following its lines.
//!
//! Source: Pandoc manual, "Extension: grid_tables"; cells that span rows and columns are found as Pandoc finds them, from each
//! corner to the right, down, and back.

use super::columns::{Measure, Ruler, specs};
use crate::text::Line;
use mlsys_book::Alignment;
use std::collections::BTreeSet;

/// The lines of a grid table as columns of characters. They are read only as far as the cells extend.
pub(super) struct Grid<'s> {
    /// The lines, from the table's first one on.
    lines: &'s [Line],
    source: &'s str,
    /// The lines that have been read.
    rows: Vec<GridRow<'s>>,
    /// The columns of the `+` in the last line that begins with one.
    borders: Vec<usize>,
    /// The number of remaining steps, which bounds the search in broken grids.
    fuel: usize,
}

pub(super) struct GridRow<'s> {
    pub ruler: Ruler<'s>,
    /// For a rule of `=`, its columns.
    pub part: Option<Vec<(usize, Alignment)>>,
    /// True if the whole line is a rule.
    ends_cells: bool,
    /// True if it is the first line or a rule of `=`: `=` and `:` count as `-`.
    rule: bool,
    /// For each column, the start of the run of `-` and `+` around it; empty for lines without `-` and `=`.
    runs: Vec<u32>,
}

/// A cell: the line and the column of its borders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trace {
    pub top: usize,
    pub left: usize,
    pub bottom: usize,
    pub right: usize,
}

/// The cells with all borders of rows and columns.
#[derive(Debug, Default)]
pub(super) struct Traced {
    pub cells: Vec<Trace>,
    pub rows: BTreeSet<usize>,
    pub columns: BTreeSet<usize>,
}

impl<'s> Grid<'s> {
    /// The grid that begins with the first of some lines.
    pub fn new(lines: &'s [Line], source: &'s str) -> Self {
        let mut grid = Grid { lines, source, rows: Vec::new(), borders: Vec::new(), fuel: 1000 };
        grid.reaches(0);
        grid
    }

    /// True if the grid has a line of this number. The line is read, with all lines before it. A line with wide characters is
    /// measured by display width, as in Pandoc, or by characters, as in many formatters: the one that fits the borders above it.
    fn reaches(&mut self, row: usize) -> bool {
        while self.rows.len() <= row {
            let Some(line) = self.lines.get(self.rows.len()) else { return false };
            let text = line.text(self.source).trim_end();
            if !text.starts_with(['+', '|']) {
                self.lines = &self.lines[..self.rows.len()];
                return false;
            }
            let mut ruler = Ruler::new(text, Measure::Display);
            if !text.is_ascii() {
                let characters = Ruler::new(text, Measure::Characters);
                let fit = |r: &Ruler<'_>| self.borders.iter().filter(|c| is_border(r.ascii(**c))).count();
                if fit(&characters) > fit(&ruler) {
                    ruler = characters;
                }
            }
            if text.starts_with('+') {
                self.borders = (0..ruler.width()).filter(|c| ruler.ascii(*c) == Some(b'+')).collect();
            }
            let part = specs(text, b'=');
            let rule = self.rows.is_empty() || part.is_some();
            let mut runs = Vec::new();
            if text.contains(['-', '=']) {
                let mut start = 0;
                for column in 0..ruler.width() {
                    if !is_rule(ruler.ascii(column), rule) {
                        start = column as u32 + 1;
                    }
                    runs.push(start);
                }
            }
            self.fuel += 64 * (ruler.width() + 1);
            let ends_cells = part.is_some() || specs(text, b'-').is_some();
            self.rows.push(GridRow { ruler, part, ends_cells, rule, runs });
        }
        true
    }

    /// The lines that have been read.
    pub fn rows(&self) -> &[GridRow<'s>] {
        &self.rows
    }

    /// The column of the table's right border.
    pub fn last_column(&self) -> usize {
        self.rows.first().map_or(0, |row| row.ruler.width().saturating_sub(1))
    }

    fn at(&mut self, row: usize, column: usize) -> Option<u8> {
        self.fuel = self.fuel.saturating_sub(1);
        if self.fuel == 0 {
            return None;
        }
        self.reaches(row);
        let row = self.rows.get(row)?;
        let byte = row.ruler.ascii(column)?;
        Some(if row.rule && matches!(byte, b'=' | b':') { b'-' } else { byte })
    }

    /// Finds all cells. `None` if there are none, or if the search takes too many steps.
    pub fn trace(&mut self) -> Option<Traced> {
        let mut traced = Traced::default();
        traced.rows.insert(0);
        traced.columns.insert(0);
        let mut corners = BTreeSet::from([(0, 0)]);
        while let Some((top, left)) = corners.pop_first() {
            let Some(cell) = self.cell(top, left) else {
                if self.fuel == 0 {
                    return None;
                }
                continue;
            };
            self.borders(cell, &mut traced);
            corners.insert((top, cell.right));
            corners.insert((cell.bottom, left));
            traced.cells.push(cell);
        }
        (!traced.cells.is_empty()).then_some(traced)
    }

    /// The cell with a top left corner.
    fn cell(&mut self, top: usize, left: usize) -> Option<Trace> {
        if !self.reaches(top + 1) || self.at(top, left)? != b'+' {
            return None;
        }
        let mut column = left + 1;
        loop {
            match self.at(top, column)? {
                b'-' => {}
                b'+' => {
                    if let Some(bottom) = self.bottom(top, left, column) {
                        return Some(Trace { top, left, bottom, right: column });
                    }
                }
                _ => return None,
            }
            column += 1;
        }
    }

    /// Goes down both borders to a rule that closes the cell; no cell passes a line that is nothing but a rule. The table's right
    /// border may be missing.
    fn bottom(&mut self, top: usize, left: usize, right: usize) -> Option<usize> {
        let open = right >= self.last_column();
        let mut bottom = top + 1;
        while self.reaches(bottom) {
            let left_border = self.at(bottom, left).filter(|byte| matches!(byte, b'+' | b'|'))?;
            match self.at(bottom, right) {
                Some(b'+') if left_border == b'+' && self.has_rule(bottom, left, right) => return Some(bottom),
                Some(b'+' | b'|') => {}
                _ if open && self.fuel > 0 => {}
                _ => return None,
            }
            if self.rows.get(bottom)?.ends_cells {
                return None;
            }
            bottom += 1;
        }
        None
    }

    /// True if a rule connects two columns.
    fn has_rule(&self, row: usize, left: usize, right: usize) -> bool {
        self.rows.get(row).and_then(|row| row.runs.get(right)).is_some_and(|start| *start as usize <= left)
    }

    /// Notes the borders that meet the cell's own.
    fn borders(&mut self, cell: Trace, traced: &mut Traced) {
        traced.rows.insert(cell.bottom);
        traced.columns.insert(cell.right);
        for row in cell.top + 1..cell.bottom {
            if self.at(row, cell.left) == Some(b'+') || self.at(row, cell.right) == Some(b'+') {
                traced.rows.insert(row);
            }
        }
        for column in cell.left + 1..cell.right {
            // Pandoc looks along the bottom only; the top was the bottom of the cell above.
            if self.at(cell.bottom, column) == Some(b'+') {
                traced.columns.insert(column);
            }
        }
    }
}

fn is_border(byte: Option<u8>) -> bool {
    matches!(byte, Some(b'+' | b'|'))
}

fn is_rule(byte: Option<u8>, rule: bool) -> bool {
    matches!(byte, Some(b'+' | b'-')) || (rule && matches!(byte, Some(b'=' | b':')))
}
