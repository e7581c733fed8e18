//! The table of contents of a page.

use crate::body::{Html, TocEntry};
use crate::html::{Elements, Syntax, Tag, Writer, html};
use mlsys_book::{ProjectKind, Value, Words, key, name};

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
    let wanted = meta
        .value(name!("toc"))
        .or_else(|| meta.value(name!("table-of-contents")))
        .map(|v| v.as_bool().unwrap_or(true));
    wanted.unwrap_or(kind == ProjectKind::Book)
}

/// A page's table of contents.
pub(crate) struct Toc {
    /// Its place.
    pub place: TocPlace,
    /// The element, which the template closes after further content.
    pub html: String,
    /// The same again at the start of the text, for `left-body` and `right-body`; otherwise empty.
    pub in_body: String,
}

/// The table of contents; `None` if it is off or the page has no headings besides its title.
pub(crate) fn toc(html: &Html, meta: &Value, kind: ProjectKind, words: &Words<'_>) -> Option<Toc> {
    let entries = below_title(&html.toc, meta);
    if entries.is_empty() || !wants_toc(meta, kind) {
        return None;
    }
    let location = meta.read(key!("toc-location"));
    let place = match location {
        Some("left" | "left-body") => TocPlace::Left,
        _ if crate::theme::is_plain(meta) => TocPlace::Body,
        Some("body") => TocPlace::Body,
        _ => TocPlace::Right,
    };
    let is_twice = place != TocPlace::Body && matches!(location, Some("left-body" | "right-body"));
    let own_title = meta.read(key!("toc-title"));
    let default = if kind == ProjectKind::Website { "toc-title-website" } else { "toc-title-document" };
    let title = own_title.unwrap_or_else(|| words.get(default));
    Some(Toc {
        place,
        html: contents(entries, meta, &title, place == TocPlace::Body),
        in_body: if is_twice { contents_in_body(entries, meta, &title) } else { String::new() },
    })
}

/// The entries without the heading that is the page's title: the only one of level one, if the metadata has no title.
fn below_title<'t>(entries: &'t [TocEntry], meta: &Value) -> &'t [TocEntry] {
    match entries {
        [title] if title.level == 1 && meta.text(name!("title")).is_none() => &title.children,
        _ => entries,
    }
}

/// The navigation element, which is left open.
fn contents(entries: &[TocEntry], meta: &Value, title: &str, in_body: bool) -> String {
    let expand = match meta.value(name!("toc-expand")) {
        Some(value) if value.as_bool() == Some(true) => Some(99),
        Some(value) => value.as_int(),
        None => None,
    };
    let tag = navigation("TOC", "toc").when(!in_body, |t| t.class("toc-active"));
    let mut list = List { depth: depth(meta), in_body, prefix: "toc", is_first: true };
    let mut out = Writer::new(Syntax::Html);
    let _nav = out.open(tag.maybe("data-toc-expanded", expand.map(|n| n.to_string())));
    list.titled(&mut out, title, entries);
    out.finish_open()
}

/// The second navigation element of a page that has the contents beside the text too.
fn contents_in_body(entries: &[TocEntry], meta: &Value, title: &str) -> String {
    let mut list = List { depth: depth(meta), in_body: true, prefix: "toc-body", is_first: true };
    html(|out| out.lines(navigation("TOC-body", list.prefix), |out| list.titled(out, title, entries)))
}

fn navigation(id: &str, prefix: &str) -> Tag {
    Tag::new("nav").id(id).attr("role", "doc-toc").attr("aria-labelledby", format!("{prefix}-title"))
}

fn depth(meta: &Value) -> i64 {
    meta.read(key!("toc-depth")).unwrap_or(3)
}

/// Writes the nested lists of entries.
struct List<'p> {
    depth: i64,
    in_body: bool,
    prefix: &'p str,
    /// True until the first entry was written.
    is_first: bool,
}

impl List<'_> {
    fn titled(&mut self, out: &mut Writer, title: &str, entries: &[TocEntry]) {
        out.newline();
        out.leaf(Tag::new("h2").id(&format!("{}-title", self.prefix)), title);
        out.newline();
        self.write(out, Tag::new("ul"), entries);
    }

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
        let tag = Tag::new("a").id(&format!("{}-{id}", self.prefix));
        if self.in_body {
            return tag.attr("href", href);
        }
        let tag = tag.class("nav-link").when(is_first, |t| t.class("active"));
        tag.attr("href", &href).attr("data-scroll-target", &href)
    }
}
