//! Tables with pipes. Source: GitHub Flavored Markdown, "Tables (extension)".

use super::Walker;
use mlsys_book::{Alignment, Block, BlockKind, Row, Table, TableCell};

impl<'a> Walker<'a> {
    pub(super) fn table(&mut self, table: &'a Table) {
        if let Some(caption) = &table.caption {
            self.caption("", "", &caption.content, table.attr.id());
        }
        let rows = table.bodies.iter().flat_map(|body| body.head.iter().chain(&body.rows)).chain(&table.foot);
        let (first, more_heads) = match table.head.split_first() {
            Some((first, more)) => (Some(first), more),
            None => (None, &[][..]),
        };
        let rows: Vec<&Row> = more_heads.iter().chain(rows).collect();
        let width = |row: &Row| row.cells.iter().map(|cell| cell.column_span.max(1) as usize).sum::<usize>();
        let columns =
            rows.iter().copied().chain(first).map(width).max().unwrap_or(0).max(table.columns.len()).min(1000);
        if columns == 0 {
            return;
        }
        let head = first.map(|row| self.row(row, columns)).unwrap_or_else(|| "|".to_owned() + &"   |".repeat(columns));
        let marks: String = (0..columns)
            .map(|at| match table.columns.get(at).map_or(Alignment::Default, |column| column.align) {
                Alignment::Default => "---|",
                Alignment::Left => ":---|",
                Alignment::Center => ":---:|",
                Alignment::Right => "---:|",
            })
            .collect();
        self.out.begin(false);
        self.out.lines(&format!("{head}\n|{marks}"));
        for row in rows {
            let text = self.row(row, columns);
            self.out.lines(&format!("\n{text}"));
        }
    }

    /// A row: cells that span several columns leave the others empty.
    fn row(&mut self, row: &'a Row, columns: usize) -> String {
        let mut out = "|".to_owned();
        let mut count = 0;
        for cell in &row.cells {
            let text = self.cell_text(cell);
            out.push_str(&format!(" {text} |"));
            let span = (cell.column_span.max(1) as usize).min(columns.saturating_sub(count).max(1));
            out.push_str(&"  |".repeat(span - 1));
            count += span;
        }
        out + &"  |".repeat(columns.saturating_sub(count))
    }

    /// The blocks of a cell in one line, with breaks between them.
    fn cell_text(&mut self, cell: &'a TableCell) -> String {
        let mut parts = Vec::new();
        self.unless_hidden(&cell.attr, |w| {
            if let [Block { kind: BlockKind::Plain(text) | BlockKind::Para(text), .. }] = cell.content.as_slice() {
                parts.push(w.line_of(text));
            } else {
                let text = w.captured(|w| w.blocks(&cell.content));
                parts.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned));
            }
        });
        // Numbers of a hidden cell still count, but its text is not shown.
        if crate::plain::is_hidden(&cell.attr) {
            return String::new();
        }
        with_escaped_pipes(&parts.join(&super::inlines::line_break()))
    }
}

/// A cell's Markdown with its pipes escaped. In formulas `\|` would be another sign, so they get a word for it.
fn with_escaped_pipes(text: &str) -> String {
    if !text.contains('|') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    let (mut before, mut in_formula) = (' ', false);
    for c in text.chars() {
        match c {
            '$' if before != '\\' => in_formula = !in_formula,
            '|' if in_formula && before == '\\' => {
                out.pop();
                out.push_str("\\Vert ");
                before = ' ';
                continue;
            }
            '|' if in_formula => {
                out.push_str("\\vert ");
                before = ' ';
                continue;
            }
            '|' if before != '\\' => out.push('\\'),
            _ => {}
        }
        out.push(c);
        before = if before == '\\' && c == '\\' { ' ' } else { c };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::with_escaped_pipes;

    #[test]
    fn pipes_in_cells() {
        assert_eq!(with_escaped_pipes(r"a | `b|c` $P(a|b) \|x\|$ \|"), r"a \| `b\|c` $P(a\vert b) \Vert x\Vert $ \|");
    }
}
