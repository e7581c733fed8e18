//! The writer of elements: the only place where tags become text.

use super::attributes::escape_text;
use super::fragment::{Fragment, Piece};
use super::hole::Hole;
use super::tag::Tag;

/// The syntax of the output. Elements and attributes are the same in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Syntax {
    #[default]
    Html,
    /// XHTML, and other XML such as feeds.
    Xml,
}

/// The classes of an element whose content leaves the text column.
const PAGE_COLUMNS: &str = "page-columns page-full";

/// A buffer of elements that closes what it opened.
///
/// An element's content decides if it gets the classes for page columns, so they are known only after the start tag is written.
/// Start tags leave a slot, and [`Writer::finish`] fills the slots that were marked.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    syntax: Syntax,
    /// The text so far, without the insertions.
    text: String,
    open: Vec<OpenElement>,
    insertions: Vec<(usize, String)>,
    /// Places that depend on the page: see [`Fragment`](super::Fragment).
    holes: Vec<(usize, Hole)>,
}

#[derive(Debug)]
struct OpenElement {
    name: &'static str,
    slot: Option<ColumnSlot>,
}

/// A place in the text for the classes of page columns.
#[derive(Debug)]
struct ColumnSlot {
    at: usize,
    in_class: bool,
    marked: bool,
}

/// An open element, for [`Elements::close`].
#[derive(Debug)]
#[must_use = "an open element is closed by `close`"]
pub(crate) struct Open {
    /// The number of open elements around it.
    depth: usize,
}

impl Writer {
    pub fn new(syntax: Syntax) -> Self {
        Writer { syntax, ..Writer::default() }
    }

    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// Adds the classes for page columns to every open element that [spans columns](Tag::spans_columns).
    pub fn mark_open(&mut self) {
        for slot in self.open.iter_mut().rev().filter_map(|element| element.slot.as_mut()) {
            if slot.marked {
                // Its ancestors were marked with it.
                break;
            }
            slot.marked = true;
            let text = if slot.in_class { format!(" {PAGE_COLUMNS}") } else { format!(" class=\"{PAGE_COLUMNS}\"") };
            self.insertions.push((slot.at, text));
        }
    }

    /// Writes the declaration that XML files begin with.
    pub fn xml_declaration(&mut self) {
        self.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }

    /// Writes the doctype of HTML pages.
    pub fn doctype(&mut self) {
        self.text.push_str("<!DOCTYPE html>\n");
    }

    /// Writes markup as a CDATA section. `]]>` would end the section, so its `>` is escaped.
    pub fn cdata(&mut self, markup: &str) {
        self.text.push_str("<![CDATA[");
        self.text.push_str(&markup.replace("]]>", "]]&gt;"));
        self.text.push_str("]]>");
    }

    /// Leaves a hole for the relative URL of the site's root.
    pub fn root(&mut self) {
        self.holes.push((self.text.len(), Hole::Root));
    }

    /// Writes a fragment with its holes.
    pub fn fragment(&mut self, fragment: &Fragment) {
        for piece in fragment.pieces() {
            match piece {
                Piece::Text(text) => self.text.push_str(text),
                Piece::Hole(hole) => self.holes.push((self.text.len(), hole.clone())),
            }
        }
    }

    /// Leaves a slot for the page's own markup: see [`Fragment::fill_slot`](super::Fragment::fill_slot).
    pub fn slot(&mut self) {
        self.holes.push((self.text.len(), Hole::Slot));
    }

    /// Returns the text with its elements still open, for a page template that closes them.
    pub fn finish_open(self) -> String {
        self.text
    }

    /// Closes all elements and returns the text and its holes.
    pub(super) fn into_parts(mut self) -> (String, Vec<(usize, Hole)>) {
        self.close(Open { depth: 0 });
        self.holes.sort_by_key(|(at, _)| *at);
        (self.text, self.holes)
    }

    /// Removes a line end at the end of the text.
    pub fn trim_newline(&mut self) {
        if self.text.ends_with('\n') {
            self.text.pop();
        }
    }

    /// Removes white space at the end of the text.
    pub fn trim_end(&mut self) {
        self.text.truncate(self.text.trim_end().len());
    }

    /// Closes all elements and returns the text.
    pub fn finish(mut self) -> String {
        self.close(Open { depth: 0 });
        if self.insertions.is_empty() {
            return self.text;
        }
        self.insertions.sort_by_key(|(at, _)| *at);
        let extra: usize = self.insertions.iter().map(|(_, text)| text.len()).sum();
        let mut out = String::with_capacity(self.text.len() + extra);
        let mut done = 0;
        for (at, text) in &self.insertions {
            out.push_str(&self.text[done..*at]);
            out.push_str(text);
            done = *at;
        }
        out.push_str(&self.text[done..]);
        out
    }

    /// Writes `<name attributes`, without the end of the tag.
    fn start(&mut self, tag: &Tag) {
        self.text.push('<');
        self.text.push_str(tag.name);
        let at = self.text.len();
        self.holes.extend(tag.holes.iter().map(|(offset, hole)| (at + offset, hole.clone())));
        self.text.push_str(&tag.attributes);
    }
}

/// Methods that write elements, for a writer and for types that hold one. Closures for content get the same type.
pub(crate) trait Elements: Sized {
    fn writer(&mut self) -> &mut Writer;

    /// Writes text, escaped.
    fn text(&mut self, text: &str) {
        escape_text(&mut self.writer().text, text);
    }

    /// Writes markup that this writer did not make: formulas, icons, the author's HTML, finished parts.
    fn raw(&mut self, markup: &str) {
        self.writer().text.push_str(markup);
    }

    /// Ends the line.
    fn newline(&mut self) {
        self.writer().text.push('\n');
    }

    /// Writes a no-break space as an entity. XML has no `&nbsp;`.
    fn no_break_space(&mut self) {
        let entity = match self.writer().syntax {
            Syntax::Html => "&nbsp;",
            Syntax::Xml => "&#160;",
        };
        self.raw(entity);
    }

    /// Writes an element.
    fn element(&mut self, tag: Tag, content: impl FnOnce(&mut Self)) {
        let open = self.open(tag);
        content(self);
        self.close(open);
    }

    /// Writes an element and ends the line.
    fn line(&mut self, tag: Tag, content: impl FnOnce(&mut Self)) {
        self.element(tag, content);
        self.newline();
    }

    /// Writes an element with line ends after its start tag and its end tag.
    fn lines(&mut self, tag: Tag, content: impl FnOnce(&mut Self)) {
        self.line(tag, |out| {
            out.newline();
            content(out);
        });
    }

    /// Writes an element that contains only text.
    fn leaf(&mut self, tag: Tag, text: &str) {
        self.element(tag, |out| out.text(text));
    }

    /// Writes a void element, such as `img`.
    fn void(&mut self, tag: Tag) {
        let out = self.writer();
        out.start(&tag);
        out.text.push_str(match out.syntax {
            Syntax::Html => ">",
            Syntax::Xml => "/>",
        });
    }

    /// Writes a start tag, for elements that end in another place: in loops and conditions. Prefer [`Elements::element`].
    fn open(&mut self, tag: Tag) -> Open {
        let out = self.writer();
        let start = out.text.len() + 1 + tag.name.len();
        out.start(&tag);
        out.text.push('>');
        let in_class = tag.class_end.is_some();
        let slot = tag.column_slot.map(|at| ColumnSlot { at: start + at, in_class, marked: false });
        out.open.push(OpenElement { name: tag.name, slot });
        Open { depth: out.open.len() - 1 }
    }

    /// Closes an element, and those inside it that are still open.
    fn close(&mut self, element: Open) {
        let out = self.writer();
        while out.open.len() > element.depth {
            if let Some(open) = out.open.pop() {
                out.text.push_str("</");
                out.text.push_str(open.name);
                out.text.push('>');
            }
        }
    }
}

impl Elements for Writer {
    fn writer(&mut self) -> &mut Writer {
        self
    }
}

/// The HTML that `write` writes.
pub(crate) fn html(write: impl FnOnce(&mut Writer)) -> String {
    let mut out = Writer::new(Syntax::Html);
    write(&mut out);
    out.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_open_elements_get_the_classes_for_columns() {
        let mut out = Writer::default();
        out.element(Tag::new("section").id("a").class("level2").spans_columns().attr("b", "c"), |out| {
            out.element(Tag::new("div").spans_columns(), |_| {});
            out.element(Tag::new("div").spans_columns(), |out| out.mark_open());
            out.element(Tag::new("p"), |out| out.mark_open());
        });
        assert_eq!(
            out.finish(),
            "<section id=\"a\" class=\"level2 page-columns page-full\" b=\"c\"><div></div>\
             <div class=\"page-columns page-full\"></div><p></p></section>"
        );
    }

    #[test]
    fn what_is_open_is_closed_in_order() {
        let mut out = Writer::new(Syntax::Xml);
        let outer = out.open(Tag::new("ul"));
        let _inner = out.open(Tag::new("li"));
        out.void(Tag::new("br"));
        out.close(outer);
        let _last = out.open(Tag::new("p"));
        out.text("a < \"b\"");
        assert_eq!(out.finish(), "<ul><li><br/></li></ul><p>a &lt; \"b\"</p>");
    }
}
