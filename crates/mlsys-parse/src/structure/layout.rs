//! Layouts of figures and of other content. Source: Quarto, "Figures", sections on figure panels and custom layout.

use mlsys_book::{Attr, Block, BlockKind, Caption, Layout, LayoutPanel};

/// The layout in the attributes `layout`, `layout-ncol` and `layout-nrow`.
pub(super) fn of(attr: &Attr) -> Option<Layout> {
    let number = |key: &str| attr.get(key).and_then(|v| v.trim().parse().ok()).filter(|n: &u32| *n > 0);
    let rows = attr.get("layout").map(rows).unwrap_or_default();
    let layout = Layout { rows, columns: number("layout-ncol"), row_count: number("layout-nrow") };
    (!layout.rows.is_empty() || layout.columns.is_some() || layout.row_count.is_some()).then_some(layout)
}

/// Rows of widths: `[[1,1],[1]]`, or `[40,-20,40]` for one row. Anything else is no row.
fn rows(value: &str) -> Vec<Vec<f64>> {
    let Some(inner) = value.trim().strip_prefix('[').and_then(|v| v.strip_suffix(']')) else {
        return Vec::new();
    };
    let row = |text: &str| -> Vec<f64> {
        text.split(',')
            .filter_map(|w| w.trim().trim_end_matches('%').parse().ok())
            .filter(|w: &f64| w.is_finite())
            .collect()
    };
    if !inner.contains('[') {
        return vec![row(inner)].into_iter().filter(|r| !r.is_empty()).collect();
    }
    inner.split('[').skip(1).map(|r| row(r.split(']').next().unwrap_or(""))).filter(|r| !r.is_empty()).collect()
}

/// A div with a layout and without a label. If it has an id, its last paragraph is the caption.
pub(super) fn div(attr: Attr, layout: Layout, mut content: Vec<Block>) -> BlockKind {
    let mut caption = None;
    if attr.id.is_some()
        && let [_, .., Block { kind: BlockKind::Para(_), .. }] = content.as_slice()
        && let Some(Block { span, kind: BlockKind::Para(inlines) }) = content.pop()
    {
        caption = Some(Caption { span, content: inlines });
    }
    BlockKind::LayoutPanel(Box::new(LayoutPanel { attr, layout, content, caption }))
}
