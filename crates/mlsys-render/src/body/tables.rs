//! Tables.

use super::Body;
use super::options::CaptionPlace;
use crate::html;
use mlsys_book::{Alignment, Attr, Block, BlockKind, Column, Row, Table, TableCell};

/// Bootstrap's table classes that authors write without `table-`. Source: Quarto, "Tables", Bootstrap classes.
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

impl<'a> Body<'a> {
    /// A table. In a float, `float` holds the float's attributes, whose classes the table also gets, and the float has the
    /// caption at `caption_place`.
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
                name if float.is_some() && of_float.iter().any(|c| c == name) => {}
                name => all.push(name.to_owned()),
            }
        }
        // A caption's classes stand on the table and on its float, and the parser may have put them on both.
        let mut seen = rustc_hash::FxHashSet::default();
        all.retain(|class| seen.insert(class.clone()));
        if place == CaptionPlace::Top {
            all.push("caption-top".to_owned());
        }
        all.push("table".to_owned());
        all.extend(classes.iter().map(|c| (*c).to_owned()));
        if let Some(class) = &responsive {
            self.push("<div");
            html::attribute(&mut self.out.text, "class", class);
            self.push(">\n");
        }
        self.push("<table");
        if let Some(id) = &table.attr.id {
            html::attribute(&mut self.out.text, "id", &id.name);
        }
        html::attribute(&mut self.out.text, "class", &all.join(" "));
        html::pairs(&mut self.out.text, &table.attr, &["tbl-colwidths"]);
        self.push(">\n");
        self.hold += 1;
        if let Some(caption) = &table.caption {
            self.push("<caption>");
            self.inlines(&caption.content);
            self.push("</caption>\n");
        }
        let widths = float.and_then(|(attr, _)| attr.get("tbl-colwidths")).or_else(|| table.attr.get("tbl-colwidths"));
        self.column_widths(&table.columns, widths.and_then(parse_widths));
        if !table.head.is_empty() {
            self.push("<thead>\n");
            for row in &table.head {
                self.row(row, "header", &table.columns, usize::MAX);
            }
            self.push("</thead>\n");
        }
        for body in &table.bodies {
            self.push("<tbody");
            self.attr(&body.attr, &[], &[], &[]);
            self.push(">\n");
            for row in &body.head {
                self.row(row, "header", &table.columns, usize::MAX);
            }
            for (i, row) in body.rows.iter().enumerate() {
                self.row(row, if i % 2 == 0 { "odd" } else { "even" }, &table.columns, body.row_head_columns as usize);
            }
            self.push("</tbody>\n");
        }
        if !table.foot.is_empty() {
            self.push("<tfoot>\n");
            for (i, row) in table.foot.iter().enumerate() {
                self.row(row, if i % 2 == 0 { "odd" } else { "even" }, &table.columns, 0);
            }
            self.push("</tfoot>\n");
        }
        self.hold -= 1;
        self.push("</table>\n");
        if responsive.is_some() {
            self.push("</div>\n");
        }
    }

    /// Column widths in whole percents, rounded down.
    fn column_widths(&mut self, columns: &[Column], own: Option<Vec<f64>>) {
        let widths: Vec<Option<f64>> = match own {
            Some(own) if own.len() == columns.len() => own.into_iter().map(Some).collect(),
            _ => columns.iter().map(|c| c.width).collect(),
        };
        if widths.iter().all(Option::is_none) {
            return;
        }
        self.push("<colgroup>\n");
        for width in widths {
            match width {
                // The small addend undoes fractions such as 0.29 * 100 = 28.999….
                Some(width) => self.push(&format!("<col style=\"width: {:.0}%\">\n", (width * 100.0 + 1e-9).floor())),
                None => self.push("<col>\n"),
            }
        }
        self.push("</colgroup>\n");
    }

    fn row(&mut self, row: &'a Row, class: &str, columns: &[Column], head_columns: usize) {
        self.push("<tr");
        self.attr(&row.attr, &[class], &[], &[]);
        self.push(">\n");
        let mut column = 0;
        for cell in &row.cells {
            let align = match cell.align {
                Alignment::Default => columns.get(column).map_or(Alignment::Default, |c| c.align),
                align => align,
            };
            self.cell_of_table(cell, align, column < head_columns);
            column += cell.column_span.max(1) as usize;
        }
        self.push("</tr>\n");
    }

    fn cell_of_table(&mut self, cell: &'a TableCell, align: Alignment, head: bool) {
        let head =
            head || cell.attr.get("quarto-table-cell-role").or(cell.attr.get("data-quarto-table-cell-role")).is_some();
        let tag = if head { "th" } else { "td" };
        self.push("<");
        self.push(tag);
        if let Some(id) = &cell.attr.id {
            html::attribute(&mut self.out.text, "id", &id.name);
        }
        self.classes_of(&cell.attr, &[], &[]);
        for (name, span) in [("rowspan", cell.row_span), ("colspan", cell.column_span)] {
            if span > 1 {
                html::attribute(&mut self.out.text, name, &span.to_string());
            }
        }
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
        if !style.is_empty() {
            html::attribute(&mut self.out.text, "style", &style);
        }
        html::pairs(&mut self.out.text, &cell.attr, &["style", "rowspan", "colspan", "align"]);
        self.push(">");
        match cell.content.as_slice() {
            [Block { kind: BlockKind::Plain(text), .. }] => self.inlines(text),
            content => self.blocks(content),
        }
        self.push("</");
        self.push(tag);
        self.push(">\n");
    }
}

/// Widths as the author gave them: `[30,70]`, or `30,70`; they are scaled down when they are more than the whole.
fn parse_widths(text: &str) -> Option<Vec<f64>> {
    let numbers = text.trim().trim_start_matches('[').trim_end_matches(']').split(',');
    let widths: Vec<f64> = numbers.map(|n| n.trim().trim_end_matches('%').parse().ok()).collect::<Option<_>>()?;
    let total: f64 = widths.iter().sum();
    (total > 0.0).then(|| widths.iter().map(|w| w / total.max(100.0)).collect())
}
