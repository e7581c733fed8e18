//! HTML tables in raw blocks. Source: HTML standard, "Tabular data"; Quarto, "Tables", HTML tables.

use super::body;
use crate::blocks::html_tag::{Scan, Tag, scan};
use crate::context::Context;
use crate::draft::{Draft, DraftKind, RowDraft, TableCellDraft, TableDraft};
use crate::text::{Line, Text};
use mlsys_book::{Alignment, Attr, Column, Pair, Span};
use std::borrow::Cow;
use std::ops::Range;

/// The attribute that keeps a table as it is. Source: Quarto, "Tables", disabling processing.
const DISABLED: &str = "data-quarto-disable-processing";

/// The attribute that tells heading cells from others.
const ROLE: &str = "data-quarto-table-cell-role";

/// The most columns that a cell may span, by the HTML standard.
const MAX_SPAN: u32 = 1000;

/// The tables in a raw HTML block and the HTML around them. Cells stay HTML, except for `data-qmd` attributes, which are Markdown.
///
/// `None` if there is no table, if one disables processing, or if the block has a script, whose text may only look like a table.
/// Source: Quarto, `parsehtml.lua`.
pub(crate) fn split_html<'a>(lines: &[Line], cx: &mut Context<'a>) -> Option<Vec<Draft<'a>>> {
    let source = cx.source.text.as_str();
    let whole = Text::from_lines(source, lines);
    let text = whole.text.as_ref();
    let find = |from: usize, what: &str| find_tag(&text[from..], what).map(|at| from + at);
    find(0, "table")?;
    if find(0, "script").is_some() {
        return None;
    }
    let mut drafts = Vec::new();
    let mut at = 0;
    while let Some(start) = find(at, "table") {
        let table = TableDraft::default();
        let mut reader = Reader { text: &whole, source, table, part: Part::Body, row: None, cell: None };
        let end = reader.read(start)?;
        let before = text[at..start].trim_end();
        let mut table = reader.finish();
        let is_data = table.attr.classes.iter().any(|class| class == "dataframe");
        if is_data {
            without_look(&mut table);
        }
        let before = if is_data { without_style(before) } else { before };
        if !before.trim().is_empty() {
            let span = whole.span(at..at + before.len());
            drafts.push(Draft { span, kind: DraftKind::RawBlock("html".to_owned(), before.trim().to_owned()) });
        }
        drafts.push(Draft { span: whole.span(start..end), kind: DraftKind::Table(Box::new(table)) });
        at = end;
    }
    if !text[at..].trim().is_empty() {
        let span = whole.span(at..text.len());
        drafts.push(Draft { span, kind: DraftKind::RawBlock("html".to_owned(), text[at..].trim().to_owned()) });
    }
    Some(drafts)
}

/// The offset of the first start tag of a name.
fn find_tag(text: &str, name: &str) -> Option<usize> {
    memchr::memchr_iter(b'<', text.as_bytes()).find(|at| {
        let rest = &text.as_bytes()[at + 1..];
        let matches = rest.get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()));
        matches && rest.get(name.len()).is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'-')
    })
}

/// HTML without the style sheet at its end: pandas writes one before each table, and the theme has its own.
fn without_style(html: &str) -> &str {
    let Some(rest) = html.strip_suffix("</style>") else { return html };
    rest.rfind("<style scoped").map_or(html, |at| html[..at].trim_end())
}

/// Removes what pandas says of the look of a table: its border, and the alignment of the head, which differs from that of the body.
/// Source: Quarto, `format-html-bootstrap.ts`.
fn without_look(table: &mut TableDraft<'_>) {
    table.attr.pairs.retain(|pair| pair.key != "border");
    let bodies = table.bodies.iter_mut().flat_map(|body| body.head.iter_mut().chain(&mut body.rows));
    for row in table.head.iter_mut().chain(bodies).chain(&mut table.foot) {
        row.attr.pairs.retain(|pair| pair.key != "style");
    }
}

/// The part of the table that rows go to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Head,
    Body,
    Foot,
}

/// A row while its cells are read.
struct OpenRow<'a> {
    start: usize,
    attr: Attr,
    cells: Vec<TableCellDraft<'a>>,
    headings: usize,
}

/// A cell whose end has not been seen.
struct OpenCell {
    attr: Attr,
    heading: bool,
    start: usize,
}

struct Reader<'t, 'a> {
    text: &'t Text<'a>,
    source: &'a str,
    table: TableDraft<'a>,
    part: Part,
    row: Option<OpenRow<'a>>,
    cell: Option<OpenCell>,
}

impl<'a> Reader<'_, 'a> {
    /// Parses the table at an offset, and returns its end.
    fn read(&mut self, start: usize) -> Option<usize> {
        let text = self.text.text.as_ref();
        let mut depth = 0usize;
        let mut caption = None;
        let mut at = start;
        // The search for the end of an unclosed tag must not be repeated.
        let mut incomplete = false;
        while let Some(found) = memchr::memchr(b'<', &text.as_bytes()[at..]) {
            let start = at + found;
            if text[start..].starts_with("<!--") {
                at = text[start..].find("-->").map_or(text.len(), |end| start + end + 3);
                continue;
            }
            let scanned = if incomplete { Scan::Nothing } else { scan(&text[start..]) };
            incomplete |= matches!(scanned, Scan::Incomplete);
            let Scan::Tag(tag) = scanned else {
                at = start + 1;
                continue;
            };
            at = start + tag.len;
            let name = tag.name.to_ascii_lowercase();
            if name == "table" {
                if tag.closing {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        self.end_row(start);
                        return Some(at);
                    }
                } else {
                    depth += 1;
                    if depth == 1 {
                        self.table.attr = self.attr(&tag, start);
                        if self.table.attr.get(DISABLED) == Some("true") {
                            return None;
                        }
                    }
                }
                continue;
            }
            if depth != 1 {
                continue;
            }
            match (name.as_str(), tag.closing) {
                ("caption", false) => caption = Some(at),
                ("caption", true) => self.caption(caption.take()?..start),
                ("col", false) => self.column(&tag),
                ("thead" | "tbody" | "tfoot", _) => {
                    self.end_row(start);
                    self.part = match (name.as_str(), tag.closing) {
                        ("thead", false) => Part::Head,
                        ("tfoot", false) => Part::Foot,
                        _ => Part::Body,
                    };
                }
                ("tr", closing) => {
                    self.end_row(if closing { at } else { start });
                    if !closing {
                        let attr = self.attr(&tag, start);
                        self.row = Some(OpenRow { start, attr, cells: Vec::new(), headings: 0 });
                    }
                }
                ("td" | "th", closing) => {
                    self.end_cell(start);
                    if !closing {
                        self.cell = Some(OpenCell { attr: self.attr(&tag, start), heading: name == "th", start: at });
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn attr(&self, tag: &Tag<'_>, start: usize) -> Attr {
        tag.attr(|at| self.text.offset(start + at))
    }

    fn caption(&mut self, range: Range<usize>) {
        let inner = trimmed(&self.text.text, range);
        let span = self.text.span(inner.clone());
        if !inner.is_empty() && self.table.caption.is_none() {
            self.table.caption = Some((span, self.value(self.text.text[inner].to_owned(), span)));
        }
    }

    fn column(&mut self, tag: &Tag<'_>) {
        let value = |key: &str| tag.attributes.iter().find(|(name, ..)| name.eq_ignore_ascii_case(key)).map(|a| a.1);
        let width = value("style").and_then(|style| property(style, "width")).or_else(|| value("width"));
        let width = width.and_then(|w| w.trim().strip_suffix('%')?.trim().parse::<f64>().ok());
        let width = width.filter(|w| w.is_finite() && *w > 0.0 && *w <= 100.0).map(|w| w / 100.0);
        let span = value("span").and_then(|s| s.trim().parse().ok()).unwrap_or(1u32).clamp(1, MAX_SPAN);
        let columns = &mut self.table.columns;
        let room = (MAX_SPAN as usize).saturating_sub(columns.len());
        columns.extend(std::iter::repeat_n(Column { align: Alignment::Default, width }, room.min(span as usize)));
    }

    /// A text with its span.
    fn value(&self, value: String, span: Span) -> Text<'a> {
        let mut text = Text::from_value(self.source, "", span);
        match self.source.get(span.range()) {
            Some(exact) if exact == value => text = Text::from_value(self.source, exact, span),
            _ => text.text = Cow::Owned(value),
        }
        text
    }

    fn end_cell(&mut self, end: usize) {
        let Some(OpenCell { mut attr, heading, start }) = self.cell.take() else { return };
        let number = |attr: &mut Attr, key: &str, most: u32| {
            let at = attr.pairs.iter().position(|pair| pair.key == key)?;
            attr.pairs.remove(at).value.trim().parse::<u32>().ok().map(|n| n.clamp(1, most))
        };
        let column_span = number(&mut attr, "colspan", MAX_SPAN).unwrap_or(1);
        let row_span = number(&mut attr, "rowspan", u32::from(u16::MAX)).unwrap_or(1);
        let align = alignment(&mut attr);
        let range = trimmed(&self.text.text, start..end);
        if heading {
            let value_span = self.text.span(range.clone());
            attr.pairs.push(Pair { key: ROLE.to_owned(), value: "th".to_owned(), value_span });
        }
        let content = self.content(range);
        let row =
            self.row.get_or_insert_with(|| OpenRow { start, attr: Attr::default(), cells: Vec::new(), headings: 0 });
        row.headings += usize::from(heading);
        row.cells.push(TableCellDraft { attr, align, row_span, column_span, content });
    }

    fn content(&self, range: Range<usize>) -> Vec<Draft<'a>> {
        let inner = &self.text.text[range.clone()];
        if inner.is_empty() {
            return Vec::new();
        }
        let span = self.text.span(range.clone());
        if let Scan::Tag(tag) = scan(inner)
            && (tag.is("span") || tag.is("div"))
            && let attr = self.attr(&tag, range.start)
            && let Some(markdown) = attr.pairs.into_iter().find(|pair| pair.key == "data-qmd")
        {
            return vec![Draft { span, kind: DraftKind::Plain(self.value(markdown.value, markdown.value_span)) }];
        }
        vec![Draft { span, kind: DraftKind::RawBlock("html".to_owned(), inner.to_owned()) }]
    }

    fn end_row(&mut self, end: usize) {
        self.end_cell(end);
        let Some(row) = self.row.take() else { return };
        let heading = row.headings > 0 && row.headings == row.cells.len();
        let draft = RowDraft { span: self.text.span(row.start..end), attr: row.attr, cells: row.cells };
        let first = self.table.head.is_empty() && self.table.bodies.is_empty();
        match self.part {
            Part::Head => self.table.head.push(draft),
            Part::Foot => self.table.foot.push(draft),
            // A first row of headings is the head, even without `thead`.
            Part::Body if first && heading => self.table.head.push(draft),
            Part::Body => match self.table.bodies.last_mut() {
                Some(last) => last.rows.push(draft),
                None => self.table.bodies.push(body(vec![draft])),
            },
        }
    }

    fn finish(mut self) -> TableDraft<'a> {
        if self.table.bodies.is_empty() {
            self.table.bodies.push(body(Vec::new()));
        }
        let rows = self.table.head.iter().chain(self.table.bodies.iter().flat_map(|b| &b.rows)).chain(&self.table.foot);
        let width = |row: &RowDraft<'_>| row.cells.iter().map(|cell| cell.column_span as usize).sum::<usize>();
        let columns = rows.map(width).max().unwrap_or(0).max(self.table.columns.len()).min(MAX_SPAN as usize);
        self.table.columns.resize(columns, Column { align: Alignment::Default, width: None });
        self.table
    }
}

/// The range without white space at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let start = range.start + inner.len() - inner.trim_start().len();
    start..start + inner.trim().len()
}

/// The value of a CSS property in a `style` attribute.
fn property<'s>(style: &'s str, name: &str) -> Option<&'s str> {
    style.split(';').find_map(|declaration| {
        let (key, value) = declaration.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// Takes a cell's alignment out of its attributes.
fn alignment(attr: &mut Attr) -> Alignment {
    let read = |value: &str| match value.trim().to_ascii_lowercase().as_str() {
        "left" => Some(Alignment::Left),
        "right" => Some(Alignment::Right),
        "center" => Some(Alignment::Center),
        _ => None,
    };
    let by_style = attr.get("style").and_then(|style| read(property(style, "text-align")?));
    if let (Some(_), Some(pair)) = (by_style, attr.pairs.iter_mut().find(|pair| pair.key == "style")) {
        let rest = |d: &&str| !d.trim().is_empty() && property(d, "text-align").is_none();
        pair.value = pair.value.split(';').filter(rest).map(str::trim).collect::<Vec<_>>().join("; ");
    }
    attr.pairs.retain(|pair| pair.key != "style" || !pair.value.is_empty());
    let by_attribute = attr.get("align").and_then(read);
    if by_attribute.is_some() {
        attr.pairs.retain(|pair| pair.key != "align");
    }
    by_style.or(by_attribute).unwrap_or(Alignment::Default)
}
