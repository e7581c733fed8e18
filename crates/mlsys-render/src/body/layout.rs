//! Layouts: blocks in rows. Source: Quarto, "Figures", layout.

use super::Body;
use super::attributes::percent;
use super::margin::is_wide_class;
use crate::html::{Elements, Tag};
use mlsys_book::{Block, BlockKind, InlineKind, Layout, LayoutPanel};

impl<'a> Body<'a> {
    /// A div with a layout but no label.
    pub(super) fn layout_panel(&mut self, panel: &'a LayoutPanel) {
        let tag = Tag::new("div").id(panel.attr.id()).class("quarto-layout-panel").author_classes(&panel.attr);
        if panel.attr.classes.iter().any(|c| is_wide_class(c)) {
            self.widen();
        }
        self.lines(tag.spans_columns().pairs(&panel.attr, &["layout-valign"]), |b| {
            b.hold += 1;
            let figure = b.figure.take();
            let parent = figure.as_ref().map(|(label, number)| (label.as_str(), number.as_str()));
            b.layout_rows(&panel.layout, &panel.content, panel.attr.get("layout-valign"), parent);
            b.figure = figure;
            b.hold -= 1;
            if let Some(caption) = &panel.caption {
                b.line(Tag::new("p").class("panel-caption"), |b| b.inlines(&caption.content));
            }
        });
    }

    /// The rows of a layout. `parent` is the label of the figure that contains them.
    pub(super) fn layout_rows(
        &mut self,
        layout: &Layout,
        content: &'a [Block],
        valign: Option<&str>,
        parent: Option<(&str, &str)>,
    ) {
        let cells = cells(content);
        let valign = valign.map(|valign| format!("quarto-layout-valign-{valign}"));
        let rows = rows(layout, cells.len());
        let mut next = cells.into_iter().peekable();
        let mut at = 0;
        while next.peek().is_some() {
            // Further cells repeat the last row.
            let Some(row) = rows.get(at).or(rows.last()) else { break };
            if row.iter().all(|w| *w < 0.0) {
                break;
            }
            at += 1;
            let total: f64 = row.iter().map(|w| w.abs()).sum();
            self.lines(Tag::new("div").class("quarto-layout-row").classes(valign.as_deref()), |b| {
                for width in row {
                    let fraction = if total > 0.0 { width.abs() / total } else { 1.0 };
                    if *width < 0.0 {
                        b.spacer(fraction);
                    } else if let Some(cell) = next.next() {
                        b.layout_cell(cell, fraction, parent);
                    }
                }
            });
        }
    }

    /// An empty cell.
    fn spacer(&mut self, fraction: f64) {
        let tag = Tag::new("div").class("quarto-figure-spacer quarto-layout-cell");
        let tag = tag.attr("style", format!("flex-basis: {};justify-content: flex-start;", percent(fraction)));
        self.line(tag, |b| b.leaf(Tag::new("p"), "\u{a0}"));
    }

    fn layout_cell(&mut self, cell: &'a [Block], fraction: f64, parent: Option<(&str, &str)>) {
        // A cell's output and the cell of the layout are one div.
        let (output, cell) = match cell {
            [Block { kind: BlockKind::Div(attr, content), .. }] if attr.has_class("cell-output-display") => {
                (Some(attr), content.as_slice())
            }
            cell => (None, cell),
        };
        let part = cell.iter().find_map(|b| if let BlockKind::Float(float) = &b.kind { Some(float) } else { None });
        let centered = match (part, cell) {
            (Some(float), _) => float.kind == "tbl",
            (None, [block]) => is_bare_image(block) || matches!(block.kind, BlockKind::Table(_)),
            (None, _) => false,
        };
        let justify = if centered { "center" } else { "flex-start" };
        let style = format!("flex-basis: {};justify-content: {justify};", percent(fraction));
        let begins_section = cell.first().is_some_and(|block| matches!(block.kind, BlockKind::Header(_)));
        match (parent.filter(|_| part.is_some()), begins_section) {
            (Some((parent, number)), _) => {
                self.parent = Some((parent.to_owned(), number.to_owned()));
                let tag = output_tag(output).class("quarto-layout-cell-subref quarto-layout-cell");
                let tag = tag.attr("data-ref-parent", parent).attr("style", style);
                self.lines(tag, |b| b.sectioned(cell));
                self.parent = None;
            }
            (None, true) => {
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
            (None, false) => {
                let in_figure = self.figure_cells;
                let tag = output_tag(output).class("quarto-layout-cell").attr("style", style);
                self.lines(tag, |b| {
                    if let [Block { kind: BlockKind::Para(text) | BlockKind::Plain(text), .. }] = cell
                        && in_figure
                        && is_bare_image(&cell[0])
                    {
                        b.line(Tag::new("p"), |b| b.figure_content(text, "", ""));
                    } else {
                        b.sectioned(cell);
                    }
                });
            }
        }
    }
}

/// A div with the id and classes of a cell's output.
fn output_tag(output: Option<&mlsys_book::Attr>) -> Tag {
    let tag = Tag::new("div");
    match output {
        Some(attr) => tag.id(attr.id()).author_classes(attr),
        None => tag,
    }
}

/// The cells: blocks, with headings taking the blocks that follow them.
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

/// The column widths of each row: the author's, or equal ones for a number of columns or rows.
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

/// True for an image without a caption.
pub(super) fn is_bare_image(block: &Block) -> bool {
    let (BlockKind::Para(text) | BlockKind::Plain(text)) = &block.kind else { return false };
    matches!(text.as_slice(), [i] if matches!(i.kind, InlineKind::Image(_)))
}
