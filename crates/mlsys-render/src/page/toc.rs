//! The table of contents of a page.

use crate::body::TocEntry;
use crate::html::escape;
use crate::words::Words;
use mlsys_book::{ProjectKind, Value};

/// Where the table of contents stands. Source: Quarto, "HTML Basics", table of contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TocPlace {
    /// In the margin on the right.
    Right,
    /// On the left of the text.
    Left,
    /// At the beginning of the text.
    Body,
}

/// Whether a page is to have a table of contents: a book's unless told otherwise, those of other projects when asked.
pub(crate) fn wants_toc(meta: &Value, kind: ProjectKind) -> bool {
    let wanted = meta.get("toc").or_else(|| meta.get("table-of-contents")).map(|v| v.as_bool().unwrap_or(true));
    wanted.unwrap_or(kind == ProjectKind::Book)
}

/// The table of contents of a page: where it stands and its list. Nothing where the page wants none or has no headings.
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
        Some(value) if value.as_bool() == Some(true) => " data-toc-expanded=\"99\"".to_owned(),
        Some(value) => value.as_int().map(|n| format!(" data-toc-expanded=\"{n}\"")).unwrap_or_default(),
        None => String::new(),
    };
    let in_body = place == TocPlace::Body;
    let mut out = format!(
        "<nav id=\"TOC\" role=\"doc-toc\"{}{expand} aria-labelledby=\"toc-title\">\n<h2 id=\"toc-title\">{}</h2>\n",
        if in_body { "" } else { " class=\"toc-active\"" },
        escape(&title)
    );
    list(&mut out, entries, depth, in_body, &mut true, "");
    Some((place, out))
}

fn list(out: &mut String, entries: &[TocEntry], depth: i64, in_body: bool, first: &mut bool, class: &str) {
    out.push_str("<ul");
    out.push_str(class);
    out.push_str(">\n");
    for entry in entries {
        let id = escape(&entry.id);
        out.push_str("<li><a");
        if in_body {
            out.push_str(&format!(" id=\"toc-{id}\" href=\"#{id}\">"));
        } else {
            let active = if *first { " active" } else { "" };
            out.push_str(&format!(
                " id=\"toc-{id}\" class=\"nav-link{active}\" href=\"#{id}\" data-scroll-target=\"#{id}\">"
            ));
        }
        *first = false;
        if let Some(number) = &entry.number {
            out.push_str(&format!("<span class=\"header-section-number\">{}</span> ", escape(number)));
        }
        out.push_str(&entry.html);
        out.push_str("</a>");
        if i64::from(entry.level) < depth && !entry.children.is_empty() {
            out.push('\n');
            list(out, &entry.children, depth, in_body, first, if in_body { "" } else { " class=\"collapse\"" });
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n");
}
