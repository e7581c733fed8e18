//! The table of contents of a page.

use crate::body::TocEntry;
use crate::html::{Elements, Syntax, Tag, Writer};
use mlsys_book::{ProjectKind, Value, Words};

/// Where the table of contents is. Source: Quarto, "HTML Basics", table of contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TocPlace {
    /// In the right margin.
    Right,
    /// To the left of the text.
    Left,
    /// At the start of the text.
    Body,
}

/// True if a page has a table of contents; by default, pages of books do.
pub(crate) fn wants_toc(meta: &Value, kind: ProjectKind) -> bool {
    let wanted = meta.get("toc").or_else(|| meta.get("table-of-contents")).map(|v| v.as_bool().unwrap_or(true));
    wanted.unwrap_or(kind == ProjectKind::Book)
}

/// The table of contents with its place; `None` if it is off or the page has no headings.
pub(crate) fn toc(
    entries: &[TocEntry],
    meta: &Value,
    kind: ProjectKind,
    words: &Words<'_>,
) -> Option<(TocPlace, String)> {
    if entries.is_empty() || !wants_toc(meta, kind) {
        return None;
    }
    let place = match meta.get("toc-location").and_then(Value::as_str) {
        Some("left" | "left-body") => TocPlace::Left,
        _ if crate::theme::is_plain(meta) => TocPlace::Body,
        Some("body") => TocPlace::Body,
        _ => TocPlace::Right,
    };
    let depth = meta.get("toc-depth").and_then(Value::as_int).unwrap_or(3);
    let own_title = meta.get("toc-title").and_then(Value::to_text);
    let default = if kind == ProjectKind::Website { "toc-title-website" } else { "toc-title-document" };
    let title = own_title.unwrap_or_else(|| words.get(default));
    let expand = match meta.get("toc-expand") {
        Some(value) if value.as_bool() == Some(true) => Some(99),
        Some(value) => value.as_int(),
        None => None,
    };
    let in_body = place == TocPlace::Body;
    let tag = Tag::new("nav").id("TOC").attr("role", "doc-toc").when(!in_body, |t| t.class("toc-active"));
    let tag = tag.maybe("data-toc-expanded", expand.map(|n| n.to_string())).attr("aria-labelledby", "toc-title");
    let mut list = List { depth, in_body, is_first: true };
    let mut out = Writer::new(Syntax::Html);
    // The template closes it, after further content.
    let _nav = out.open(tag);
    out.newline();
    out.leaf(Tag::new("h2").id("toc-title"), &title);
    out.newline();
    list.write(&mut out, Tag::new("ul"), entries);
    Some((place, out.finish_open()))
}

/// Writes the nested lists of entries.
struct List {
    depth: i64,
    in_body: bool,
    /// True until the first entry was written.
    is_first: bool,
}

impl List {
    fn write(&mut self, out: &mut Writer, tag: Tag, entries: &[TocEntry]) {
        out.lines(tag, |out| {
            for entry in entries {
                out.line(Tag::new("li"), |out| {
                    out.element(self.link(&entry.id), |out| {
                        if let Some(number) = &entry.number {
                            out.leaf(Tag::new("span").class("header-section-number"), number);
                            out.text(" ");
                        }
                        out.raw(&entry.html);
                    });
                    if i64::from(entry.level) < self.depth && !entry.children.is_empty() {
                        let tag = Tag::new("ul").when(!self.in_body, |t| t.class("collapse"));
                        out.newline();
                        self.write(out, tag, &entry.children);
                    }
                });
            }
        });
    }

    fn link(&mut self, id: &str) -> Tag {
        let is_first = std::mem::take(&mut self.is_first);
        let href = format!("#{id}");
        let tag = Tag::new("a").id(&format!("toc-{id}"));
        if self.in_body {
            return tag.attr("href", href);
        }
        let tag = tag.class("nav-link").when(is_first, |t| t.class("active"));
        tag.attr("href", &href).attr("data-scroll-target", &href)
    }
}
