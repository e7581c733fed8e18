//! List tables: a list of rows, each a list of cells, in a div with the class `list-table`. Source: Quarto, "List Tables".

use mlsys_book::{
    Alignment, Attr, Block, BlockKind, Caption, Column, Inline, InlineKind, ListItem, Row, Span, Table, TableBody,
    TableCell,
};

/// The class of list tables.
const CLASS: &str = "list-table";

/// The options of the div that are about its table.
const OPTIONS: &[&str] = &["header-rows", "header-cols", "aligns", "widths"];

/// True if a div is a list table: one list, each item of which ends in a list, and possibly a caption before or after it.
pub(super) fn is_list_table(attr: &Attr, content: &[Block]) -> bool {
    attr.has_class(CLASS) && content.iter().filter(|block| rows(block).is_some()).count() == 1
}

/// Replaces the list by its table. Returns the attributes that are left, and the blocks with the table among them.
pub(super) fn converted(mut attr: Attr, content: Vec<Block>) -> (Attr, Vec<Block>) {
    let options = Options::new(&attr);
    attr.classes.retain(|class| class != CLASS);
    attr.pairs.retain(|pair| !OPTIONS.contains(&pair.key.as_str()));
    let content = content.into_iter().map(|block| match rows(&block) {
        Some(_) => {
            let span = block.span;
            let items = if let BlockKind::BulletList(items) = block.kind { items } else { Vec::new() };
            Block { span, kind: BlockKind::Table(Box::new(table(items, span, &options))) }
        }
        None => block,
    });
    (attr, content.collect())
}

/// The table of a div without a label, with the div's attributes and with the caption from the paragraph beside it.
pub(super) fn unlabelled(attr: Attr, content: Vec<Block>) -> BlockKind {
    let is_expected =
        |block: &Block| matches!(block.kind, BlockKind::Table(_) | BlockKind::Para(_) | BlockKind::Plain(_));
    if content.len() > 2 || !content.iter().all(is_expected) {
        return BlockKind::Div(attr, content);
    }
    let mut table = None;
    let mut caption = None;
    for block in content {
        if let BlockKind::Table(found) = block.kind {
            table = Some(found);
        } else if let BlockKind::Para(text) | BlockKind::Plain(text) = block.kind {
            caption = Some(Caption { span: block.span, content: text });
        }
    }
    match table {
        Some(mut table) => {
            table.caption = caption;
            table.attr = attr;
            BlockKind::Table(table)
        }
        None => BlockKind::Div(attr, Vec::new()),
    }
}

/// The rows of a list whose items all end in a list.
fn rows(block: &Block) -> Option<&[ListItem]> {
    let BlockKind::BulletList(items) = &block.kind else { return None };
    let is_row = |item: &ListItem| matches!(item.content.last(), Some(Block { kind: BlockKind::BulletList(_), .. }));
    items.iter().all(is_row).then_some(items)
}

struct Options {
    header_rows: usize,
    header_columns: u32,
    aligns: Vec<Alignment>,
    widths: Vec<f64>,
}

impl Options {
    fn new(attr: &Attr) -> Self {
        let number =
            |key: &str, default: usize| attr.get(key).map_or(default, |value| value.trim().parse().unwrap_or(default));
        let list =
            |key: &str| attr.get(key).unwrap_or("").split([',', ' ']).map(str::trim).filter(|item| !item.is_empty());
        let widths: Vec<f64> = list("widths").filter_map(|width| width.trim_end_matches('%').parse().ok()).collect();
        let total: f64 = widths.iter().sum();
        Options {
            header_rows: number("header-rows", 1),
            header_columns: u32::try_from(number("header-cols", 0)).unwrap_or(0),
            aligns: list("aligns").map(alignment).collect(),
            widths: if total > 0.0 { widths.iter().map(|width| width / total).collect() } else { Vec::new() },
        }
    }
}

fn alignment(name: &str) -> Alignment {
    match name {
        "l" | "left" => Alignment::Left,
        "c" | "center" => Alignment::Center,
        "r" | "right" => Alignment::Right,
        _ => Alignment::Default,
    }
}

fn table(items: Vec<ListItem>, span: Span, options: &Options) -> Table {
    let mut rows: Vec<Row> = items.into_iter().map(|item| row(item, span)).collect();
    let width = |row: &Row| row.cells.iter().map(|cell| cell.column_span as usize).sum();
    let count = rows.iter().map(width).max().unwrap_or(0);
    let columns = (0..count).map(|at| Column {
        align: options.aligns.get(at).copied().unwrap_or(Alignment::Default),
        width: options.widths.get(at).copied(),
    });
    let rest = rows.split_off(options.header_rows.min(rows.len()));
    let body =
        TableBody { attr: Attr::default(), row_head_columns: options.header_columns, head: Vec::new(), rows: rest };
    Table {
        attr: Attr::default(),
        caption: None,
        columns: columns.collect(),
        head: rows,
        bodies: vec![body],
        foot: Vec::new(),
    }
}

/// A row: the list at the end of an item. An empty span before it has the row's attributes.
fn row(item: ListItem, table: Span) -> Row {
    let mut content = item.content;
    let last = content.pop();
    let attr = content.first_mut().and_then(take_attr).unwrap_or_default();
    let span = last.as_ref().map_or(table, |list| list.span);
    let cells = if let Some(Block { kind: BlockKind::BulletList(cells), .. }) = last { cells } else { Vec::new() };
    Row { span, attr, cells: cells.into_iter().map(cell).collect() }
}

/// A cell. An empty span at its start has its attributes, with `colspan`, `rowspan` and `align` among them.
fn cell(item: ListItem) -> TableCell {
    let mut content = item.content;
    let mut attr = content.first_mut().and_then(take_attr).unwrap_or_default();
    let number = |key: &str| attr.get(key).and_then(|value| value.parse().ok()).unwrap_or(1).max(1);
    let (row_span, column_span) = (number("rowspan"), number("colspan"));
    let align = attr.get("align").map_or(Alignment::Default, alignment);
    attr.pairs.retain(|pair| !matches!(pair.key.as_str(), "rowspan" | "colspan" | "align"));
    if let [Block { kind, .. }] = content.as_mut_slice()
        && let BlockKind::Para(text) = kind
    {
        *kind = BlockKind::Plain(std::mem::take(text));
    }
    if let [Block { kind: BlockKind::Plain(text), .. }] = content.as_slice()
        && text.is_empty()
    {
        content.clear();
    }
    TableCell { attr, align, row_span, column_span, content }
}

/// Takes the attributes of an empty span at the start of a block, and the space after it.
fn take_attr(block: &mut Block) -> Option<Attr> {
    let (BlockKind::Para(text) | BlockKind::Plain(text)) = &mut block.kind else { return None };
    let Some(Inline { kind: InlineKind::Span(_, inner), .. }) = text.first() else { return None };
    if !inner.is_empty() {
        return None;
    }
    let InlineKind::Span(attr, _) = text.remove(0).kind else { return None };
    if let Some(Inline { kind: InlineKind::Str(start), .. }) = text.first_mut() {
        *start = start.trim_start().to_owned();
        if start.is_empty() {
            text.remove(0);
        }
    } else if let Some(Inline { kind: InlineKind::SoftBreak, .. }) = text.first() {
        text.remove(0);
    }
    Some(*attr)
}
