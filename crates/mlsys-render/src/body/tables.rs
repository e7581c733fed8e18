//! Tables.

use super::margin::{is_margin_class, is_wide_class};
use super::options::{CaptionPlace, ColumnWidths};
use super::{Body, Medium};
use crate::html::{Elements, Tag};
use mlsys_book::{Alignment, Attr, Block, BlockKind, Column, Row, Table, TableCell};

/// Bootstrap's table classes without their prefix `table-`. Source: Quarto, "Tables", Bootstrap classes.
const BOOTSTRAP_CLASSES: &[&str] = &[
    "primary",
    "secondary",
    "success",
    "danger",
    "warning",
    "info",
    "light",
    "dark",
    "striped",
    "hover",
    "active",
    "bordered",
    "borderless",
    "sm",
    "responsive",
];

/// The classes of rows.
const ODD_AND_EVEN: [&str; 2] = ["odd", "even"];

impl<'a> Body<'a> {
    /// A table. In a float, `float` is the float's attributes, whose classes the table also gets, and the place of the
    /// caption, which the float writes.
    pub(super) fn table(&mut self, table: &'a Table, classes: &[&str], float: Option<(&Attr, CaptionPlace)>) {
        let place = float.map_or(self.options.tbl_cap, |(_, place)| place);
        let mut all: Vec<String> = Vec::new();
        let mut responsive = None;
        let of_float = float.map(|(attr, _)| attr.classes.as_slice()).unwrap_or(&[]);
        for class in table.attr.classes.iter().chain(of_float) {
            match class.as_str() {
                "sm" => all.extend(["table-sm".to_owned(), "small".to_owned()]),
                name if name.starts_with("responsive") => responsive = Some(format!("table-{name}")),
                name if BOOTSTRAP_CLASSES.contains(&name) => all.push(format!("table-{name}")),
                name if is_wide_class(name) || is_margin_class(name) => {}
                // The float's own classes are on the float.
                name if !table.attr.has_class(name) => {}
                name => all.push(name.to_owned()),
            }
        }
        // A caption's classes are on the table and on its float; the parser may have added them to both.
        let mut seen = rustc_hash::FxHashSet::default();
        all.retain(|class| seen.insert(class.clone()));
        if place == CaptionPlace::Top {
            all.push("caption-top".to_owned());
        }
        all.push("table".to_owned());
        if self.is_computed || table.attr.has_class("dataframe") {
            all.extend(["table-sm", "table-striped", "small"].map(str::to_owned));
        }
        all.extend(classes.iter().map(|c| (*c).to_owned()));
        let widths = float.and_then(|(attr, _)| attr.get("tbl-colwidths")).or_else(|| table.attr.get("tbl-colwidths"));
        let of_page = match &self.options.column_widths {
            ColumnWidths::Written => table.columns.iter().map(|column| column.width).collect(),
            ColumnWidths::Content => vec![None; table.columns.len()],
            ColumnWidths::Of(list) => some(parse_widths(list, table.columns.len())),
        };
        let widths = widths.and_then(|list| parse_widths(list, table.columns.len()));
        let widths = if widths.is_some() { some(widths) } else { of_page };
        let tag = Tag::new("table").id(table.attr.id()).classes(all.iter().map(String::as_str));
        let tag = tag.pairs(&table.attr, &["tbl-colwidths"]);
        let write = |b: &mut Self| b.lines(tag, |b| b.parts_of_table(table, widths));
        match &responsive {
            Some(class) => self.lines(Tag::new("div").class(class), write),
            None => write(self),
        }
    }

    fn parts_of_table(&mut self, table: &'a Table, widths: Vec<Option<f64>>) {
        self.hold += 1;
        if let Some(caption) = &table.caption {
            self.line(Tag::new("caption"), |b| b.inlines(&caption.content));
        }
        self.column_widths(widths);
        if !table.head.is_empty() {
            self.lines(Tag::new("thead"), |b| {
                for row in &table.head {
                    b.row(row, "header", &table.columns, usize::MAX);
                }
            });
        }
        for body in &table.bodies {
            self.lines(Tag::new("tbody").author(&body.attr, &[]), |b| {
                for row in &body.head {
                    b.row(row, "header", &table.columns, usize::MAX);
                }
                for (row, class) in body.rows.iter().zip(ODD_AND_EVEN.into_iter().cycle()) {
                    b.row(row, class, &table.columns, body.row_head_columns as usize);
                }
            });
        }
        if !table.foot.is_empty() {
            self.lines(Tag::new("tfoot"), |b| {
                for (row, class) in table.foot.iter().zip(ODD_AND_EVEN.into_iter().cycle()) {
                    b.row(row, class, &table.columns, 0);
                }
            });
        }
        self.hold -= 1;
    }

    /// Column widths in whole percents, rounded down.
    fn column_widths(&mut self, widths: Vec<Option<f64>>) {
        if widths.iter().all(Option::is_none) {
            return;
        }
        self.lines(Tag::new("colgroup"), |b| {
            for width in widths {
                // The small addend compensates for 0.29 * 100 = 28.999….
                let style = width.map(|width| format!("width: {:.0}%", (width * 100.0 + 1e-9).floor()));
                b.void(Tag::new("col").maybe("style", style));
                b.newline();
            }
        });
    }

    fn row(&mut self, row: &'a Row, class: &str, columns: &[Column], head_columns: usize) {
        let tag = Tag::new("tr").id(row.attr.id()).class(class).author_classes(&row.attr).pairs(&row.attr, &[]);
        self.lines(tag, |b| {
            let mut column = 0;
            for cell in &row.cells {
                let align = match cell.align {
                    Alignment::Default => columns.get(column).map_or(Alignment::Default, |c| c.align),
                    align @ (Alignment::Left | Alignment::Center | Alignment::Right) => align,
                };
                b.cell_of_table(cell, align, column < head_columns);
                column += cell.column_span.max(1) as usize;
            }
        });
    }

    fn cell_of_table(&mut self, cell: &'a TableCell, align: Alignment, head: bool) {
        let head =
            head || cell.attr.get("quarto-table-cell-role").or(cell.attr.get("data-quarto-table-cell-role")).is_some();
        let align = match align {
            Alignment::Default => "",
            Alignment::Left => "text-align: left;",
            Alignment::Center => "text-align: center;",
            Alignment::Right => "text-align: right;",
        };
        let style = match (cell.attr.get("style"), align) {
            (None, style) => style.to_owned(),
            (Some(own), "") => own.to_owned(),
            (Some(own), align) => format!("{align} {own}"),
        };
        let span = |span: u32| (span > 1).then(|| span.to_string());
        // Readers of an EPUB go through a table by its headings: an empty one is no heading.
        let head = head && (self.medium == Medium::Html || !cell.content.is_empty());
        let tag = Tag::new(if head { "th" } else { "td" }).id(cell.attr.id()).author_classes(&cell.attr);
        let tag = tag.maybe("rowspan", span(cell.row_span)).maybe("colspan", span(cell.column_span));
        let tag = tag.unless_empty("style", &style).pairs(&cell.attr, &["style", "rowspan", "colspan", "align"]);
        self.line(tag, |b| match cell.content.as_slice() {
            [Block { kind: BlockKind::Plain(text), .. }] => b.inlines(text),
            content => b.blocks(content),
        });
    }
}

fn some(widths: Option<Vec<f64>>) -> Vec<Option<f64>> {
    widths.unwrap_or_default().into_iter().map(Some).collect()
}

/// Parses column widths such as `[30,70]` or `30,70`. A sum over 100 is scaled down.
fn parse_widths(text: &str, columns: usize) -> Option<Vec<f64>> {
    let numbers = text.trim().trim_start_matches('[').trim_end_matches(']').split(',');
    let mut widths: Vec<f64> = numbers.map(|n| n.trim().trim_end_matches('%').parse().ok()).collect::<Option<_>>()?;
    widths.resize(columns, *widths.last()?);
    let total: f64 = widths.iter().sum();
    (total > 0.0).then(|| widths.iter().map(|w| w / total.max(100.0)).collect())
}
