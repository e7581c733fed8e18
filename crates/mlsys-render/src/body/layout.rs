//! Blocks in rows. Source: Quarto, "Figures", layout.

use super::Body;
use super::attributes::percent;
use super::margin::is_wide_class;
use crate::html;
use mlsys_book::{Block, BlockKind, InlineKind, Layout, LayoutPanel};

impl<'a> Body<'a> {
    /// A div with a layout and without a label.
    pub(super) fn layout_panel(&mut self, panel: &'a LayoutPanel) {
        let mut classes = vec!["quarto-layout-panel"];
        classes.extend(panel.attr.classes.iter().map(String::as_str));
        if panel.attr.classes.iter().any(|c| is_wide_class(c)) {
            self.widen();
        }
        self.out.open("div", panel.attr.id(), &classes, |out| html::pairs(out, &panel.attr, &["layout-valign"]));
        self.push("\n");
        self.hold += 1;
        self.layout_rows(&panel.layout, &panel.content, panel.attr.get("layout-valign"), None);
        self.hold -= 1;
        if let Some(caption) = &panel.caption {
            self.push("<p class=\"panel-caption\">");
            self.inlines(&caption.content);
            self.push("</p>\n");
        }
        self.out.close("div");
    }

    /// The rows of a layout. `parent` is the label of the figure that they are parts of.
    pub(super) fn layout_rows(
        &mut self,
        layout: &Layout,
        content: &'a [Block],
        valign: Option<&str>,
        parent: Option<(&str, &str)>,
    ) {
        let cells = cells(content);
        let row_class = match valign {
            Some(valign) => format!("quarto-layout-row quarto-layout-valign-{valign}"),
            None => "quarto-layout-row".to_owned(),
        };
        let rows = rows(layout, cells.len());
        let mut next = cells.into_iter().peekable();
        let mut at = 0;
        while next.peek().is_some() {
            // Cells beyond the author's rows go on as in the last one.
            let Some(row) = rows.get(at).or(rows.last()) else { break };
            if row.iter().all(|w| *w < 0.0) {
                break;
            }
            at += 1;
            self.push("<div");
            html::attribute(&mut self.out.text, "class", &row_class);
            self.push(">\n");
            let total: f64 = row.iter().map(|w| w.abs()).sum();
            for width in row {
                let fraction = if total > 0.0 { width.abs() / total } else { 1.0 };
                if *width < 0.0 {
                    self.push(&format!(
                        "<div class=\"quarto-figure-spacer quarto-layout-cell\" style=\"flex-basis: \
                         {};justify-content: flex-start;\"><p>\u{a0}</p></div>\n",
                        percent(fraction)
                    ));
                } else if let Some(cell) = next.next() {
                    self.layout_cell(cell, fraction, parent);
                }
            }
            self.push("</div>\n");
        }
    }

    fn layout_cell(&mut self, cell: &'a [Block], fraction: f64, parent: Option<(&str, &str)>) {
        let part = cell.iter().find_map(|b| match &b.kind {
            BlockKind::Float(float) => Some(float),
            _ => None,
        });
        let centered = match (part, cell) {
            (Some(float), _) => float.kind == "tbl",
            (None, [block]) => is_bare_image(block) || matches!(block.kind, BlockKind::Table(_)),
            _ => false,
        };
        let justify = if centered { "center" } else { "flex-start" };
        let style = format!("flex-basis: {};justify-content: {justify};", percent(fraction));
        let heading = match cell.first() {
            Some(Block { kind: BlockKind::Header(header), .. }) => Some(header),
            _ => None,
        };
        match (parent.filter(|_| part.is_some()), heading) {
            (Some((parent, number)), _) => {
                self.push("<div class=\"quarto-layout-cell-subref quarto-layout-cell\"");
                html::attribute(&mut self.out.text, "data-ref-parent", parent);
                html::attribute(&mut self.out.text, "style", &style);
                self.push(">\n");
                self.parent = Some((parent.to_owned(), number.to_owned()));
                self.sectioned(cell);
                self.parent = None;
                self.push("</div>\n");
            }
            (None, Some(_)) => {
                let attr = mlsys_book::Attr {
                    classes: vec!["quarto-layout-cell".to_owned()],
                    pairs: vec![mlsys_book::Pair {
                        key: "style".to_owned(),
                        value: style,
                        value_span: mlsys_book::Span::new(0, 0),
                    }],
                    id: None,
                };
                if let Some((Block { kind: BlockKind::Header(header), span }, rest)) = cell.split_first() {
                    self.section_div(header, *span, rest, &attr);
                }
            }
            (None, None) => {
                self.push("<div class=\"quarto-layout-cell\"");
                html::attribute(&mut self.out.text, "style", &style);
                self.push(">\n");
                let in_figure = self.figure_cells;
                match cell {
                    [Block { kind: BlockKind::Para(text) | BlockKind::Plain(text), .. }]
                        if in_figure && is_bare_image(&cell[0]) =>
                    {
                        self.push("<p>");
                        self.figure_content(text, "", "");
                        self.push("</p>\n");
                    }
                    _ => self.sectioned(cell),
                }
                self.push("</div>\n");
            }
        }
    }
}

/// The cells: blocks, where a heading takes what follows it.
fn cells(content: &[Block]) -> Vec<&[Block]> {
    let mut cells = Vec::new();
    let mut at = 0;
    while at < content.len() {
        let start = at;
        at += 1;
        if let BlockKind::Header(header) = &content[start].kind {
            let ends = |b: &Block| matches!(&b.kind, BlockKind::Header(h) if h.level <= header.level);
            at = content.iter().skip(at).position(ends).map_or(content.len(), |n| at + n);
        }
        cells.push(&content[start..at]);
    }
    cells
}

/// The widths of the rows: the author's, or equal ones for a number of columns or rows.
fn rows(layout: &Layout, cells: usize) -> Vec<Vec<f64>> {
    if !layout.rows.is_empty() {
        return layout.rows.clone();
    }
    let columns = match (layout.columns, layout.row_count) {
        (Some(columns), _) => columns as usize,
        (None, Some(rows)) => cells.div_ceil(rows.max(1) as usize),
        (None, None) => 1,
    };
    vec![vec![1.0; columns.clamp(1, 100)]]
}

/// Whether a block is an image without a caption.
fn is_bare_image(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Para(text) | BlockKind::Plain(text) => {
            matches!(text.as_slice(), [i] if matches!(i.kind, InlineKind::Image(_)))
        }
        _ => false,
    }
}
