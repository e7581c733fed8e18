//! Lists and tables.

use super::lines::Event;
use super::{Purpose, Walker};
use mlsys_book::{Block, BlockKind, DefinitionItem, ListItem, ListNumberStyle, OrderedList, Row, Table, TableCell};

impl<'a> Walker<'a> {
    pub(super) fn bullet_list(&mut self, items: &'a [ListItem]) {
        for item in items {
            let mark = match item.task {
                Some(true) => "[x] ",
                Some(false) => "[ ] ",
                None => "• ",
            };
            self.item(item, mark.to_owned());
        }
    }

    pub(super) fn ordered_list(&mut self, list: &'a OrderedList) {
        for (number, item) in (list.start..).zip(&list.items) {
            self.item(item, item_mark(list.style, number));
        }
    }

    /// An item; a document has its mark.
    fn item(&mut self, item: &'a ListItem, mark: String) {
        self.line();
        match self.purpose {
            Purpose::Search | Purpose::SearchJson => {}
            Purpose::Document => self.events.push(Event::Mark(mark)),
        }
        self.held(|w| w.blocks(&item.content));
        self.line();
    }

    pub(super) fn definition_list(&mut self, items: &'a [DefinitionItem]) {
        for item in items {
            self.in_lines(|w| w.held(|w| w.inlines(&item.term)));
            for definition in &item.definitions {
                self.in_lines(|w| w.held(|w| w.blocks(definition)));
            }
        }
    }

    pub(super) fn table(&mut self, table: &'a Table) {
        self.unless_hidden(&table.attr, |w| {
            w.line();
            w.hold += 1;
            if let Some(caption) = &table.caption {
                w.inlines(&caption.content);
                w.line();
            }
            w.rows(&table.head);
            for body in &table.bodies {
                w.unless_hidden(&body.attr, |w| {
                    w.rows(&body.head);
                    w.rows(&body.rows);
                });
            }
            w.rows(&table.foot);
            w.hold -= 1;
        });
    }

    /// Rows: a line for each cell, in a document for each row.
    fn rows(&mut self, rows: &'a [Row]) {
        for row in rows {
            self.unless_hidden(&row.attr, |w| {
                for (at, cell) in row.cells.iter().enumerate() {
                    match w.purpose {
                        Purpose::Search | Purpose::SearchJson => w.line(),
                        Purpose::Document if at > 0 => w.text(" | "),
                        Purpose::Document => w.line(),
                    }
                    w.unless_hidden(&cell.attr, |w| w.table_cell(cell));
                }
                w.line();
            });
        }
    }

    fn table_cell(&mut self, cell: &'a TableCell) {
        match cell.content.as_slice() {
            [Block { kind: BlockKind::Plain(text), .. }] => self.inlines(text),
            [Block { kind: BlockKind::Para(text), .. }] if self.purpose == Purpose::Document => self.inlines(text),
            content => self.blocks(content),
        }
    }
}

/// The mark of a numbered item.
pub(crate) fn item_mark(style: ListNumberStyle, number: u32) -> String {
    let letter = |first: u8| {
        let at = u8::try_from((number.max(1) - 1) % 26).unwrap_or(0);
        format!("{}. ", char::from(first + at))
    };
    match style {
        ListNumberStyle::Default | ListNumberStyle::Decimal => format!("{number}. "),
        ListNumberStyle::Example => format!("({number}) "),
        ListNumberStyle::LowerAlpha => letter(b'a'),
        ListNumberStyle::UpperAlpha => letter(b'A'),
        ListNumberStyle::LowerRoman => format!("{}. ", roman(number).to_lowercase()),
        ListNumberStyle::UpperRoman => format!("{}. ", roman(number)),
    }
}

/// A number in Roman digits; large ones in Arabic digits.
fn roman(number: u32) -> String {
    const DIGITS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number > 3999 {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    for (value, digit) in DIGITS {
        while rest >= value {
            out.push_str(digit);
            rest -= value;
        }
    }
    out
}
