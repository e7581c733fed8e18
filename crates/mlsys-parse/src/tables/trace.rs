//! Finding the cells of a grid by following its lines.
//!
//! Source: Pandoc manual, "Extension: grid_tables"; cells that span rows and columns are found as Pandoc finds them, from each
//! corner to the right, down, and back.

use super::columns::{Measure, Ruler};
use std::collections::BTreeSet;

/// The lines of a grid table as columns of characters.
pub(super) struct Grid<'s> {
    rows: Vec<GridRow<'s>>,
    /// How many steps may still be taken; grids that lead astray are no tables.
    fuel: usize,
}

struct GridRow<'s> {
    ruler: Ruler<'s>,
    /// The first line and the lines of `=`: `=` and `:` count as `-`.
    rule: bool,
    /// For each column, where the run of `-` and `+` begins that reaches it; empty for lines that do not begin with `+` or have
    /// no `-` and `=`.
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
    /// Lays the lines out. A line with characters that are not one column wide is measured as fits the borders above it better:
    /// by width, as Pandoc does, or by characters, as many formatters do.
    pub fn new(lines: &[&'s str], rules: &[bool]) -> Self {
        let mut borders: Vec<usize> = Vec::new();
        let rows: Vec<GridRow<'_>> = lines
            .iter()
            .zip(rules)
            .map(|(line, &rule)| {
                let mut ruler = Ruler::new(line, Measure::Display);
                if !line.is_ascii() {
                    let characters = Ruler::new(line, Measure::Characters);
                    let fit = |r: &Ruler<'_>| borders.iter().filter(|c| is_border(r.ascii(**c))).count();
                    if fit(&characters) > fit(&ruler) {
                        ruler = characters;
                    }
                }
                let mut runs = Vec::new();
                if line.starts_with('+') {
                    borders = (0..ruler.width()).filter(|c| ruler.ascii(*c) == Some(b'+')).collect();
                }
                if line.contains(['-', '=']) {
                    let mut start = 0;
                    for column in 0..ruler.width() {
                        if !is_rule(ruler.ascii(column), rule) {
                            start = column as u32 + 1;
                        }
                        runs.push(start);
                    }
                }
                GridRow { ruler, rule, runs }
            })
            .collect();
        let size: usize = rows.iter().map(|row| row.ruler.width() + 1).sum();
        Grid { rows, fuel: 64 * size + 1000 }
    }

    /// A line with its columns.
    pub fn ruler(&self, row: usize) -> &Ruler<'s> {
        &self.rows[row].ruler
    }

    /// The column of the table's right border.
    pub fn last_column(&self) -> usize {
        self.rows[0].ruler.width().saturating_sub(1)
    }

    fn at(&mut self, row: usize, column: usize) -> Option<u8> {
        self.fuel = self.fuel.saturating_sub(1);
        if self.fuel == 0 {
            return None;
        }
        let row = self.rows.get(row)?;
        let byte = row.ruler.ascii(column)?;
        Some(if row.rule && matches!(byte, b'=' | b':') { b'-' } else { byte })
    }

    /// Finds all cells; nothing if there is none, or if the lines lead nowhere for too long.
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

    /// The cell whose top left corner is there.
    fn cell(&mut self, top: usize, left: usize) -> Option<Trace> {
        if top + 1 >= self.rows.len() || self.at(top, left)? != b'+' {
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

    /// Goes down the right border to a rule that closes the cell. The table's right border may be missing.
    fn bottom(&mut self, top: usize, left: usize, right: usize) -> Option<usize> {
        let open = right >= self.last_column();
        for row in top + 1..self.rows.len() {
            match self.at(row, right) {
                Some(b'+') => {
                    if self.closes(top, left, row, right) {
                        return Some(row);
                    }
                }
                Some(b'|') => {}
                _ if open && self.fuel > 0 => {}
                _ => return None,
            }
        }
        None
    }

    /// Whether a rule leads from the right border back to the left one, and the left one back to the top.
    fn closes(&mut self, top: usize, left: usize, bottom: usize, right: usize) -> bool {
        if self.at(bottom, left) != Some(b'+') {
            return false;
        }
        let Some(row) = self.rows.get(bottom) else { return false };
        if row.runs.get(right).is_none_or(|start| *start as usize > left) {
            return false;
        }
        (top + 1..bottom).all(|row| is_border(self.at(row, left)))
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
