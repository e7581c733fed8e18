//! What authors add to the head and to the body's ends.

use super::context::PageContext;
use mlsys_book::Value;
use std::borrow::Cow;
use std::ops::Range;

/// Texts for the head or the body's ends: text, `text: ..`, `file: ..`, a file's path, or a list of these. Addresses from the
/// root (`/assets/x.js`) mean the site's root; scripts and links to missing files are left out. Source: Quarto, "HTML Options",
/// includes.
pub(crate) fn includes(cx: &PageContext<'_>, key: &str, root: &str) -> String {
    let mut out = String::new();
    for item in cx.meta.get(key).map(Value::items).unwrap_or(&[]) {
        let literal = key == "header-includes" || key == "include-before" || key == "include-after";
        let text = match (item.get("text").and_then(Value::to_text), item.get("file").and_then(Value::to_text)) {
            (Some(text), _) => Some(text),
            (None, Some(file)) => (cx.file)(&file),
            (None, None) if literal => item.to_text(),
            (None, None) => item.to_text().and_then(|file| (cx.file)(&file)),
        };
        // Packages and macros for TeX are nothing for the page itself; formulas have their macros already.
        if let Some(text) = text.filter(|text| !crate::math::is_tex_include(text)) {
            out.push_str(&rooted(&without_missing(&text, cx.missing), root));
            if !text.ends_with('\n') {
                out.push('\n');
            }
        }
    }
    out
}

/// Makes addresses from the site's root relative to the page, and leaves relative ones alone: those already mean the page.
fn rooted(html: &str, root: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("=\"/") {
        let attribute = rest[..at].rsplit([' ', '\n', '\t']).next().unwrap_or("");
        let (head, tail) = rest.split_at(at + 2);
        out.push_str(head);
        rest = tail;
        if matches!(attribute, "href" | "src") && !rest.starts_with("//") {
            out.push_str(root);
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// The text without `script` and `link` elements to files that are not there: all that these can come to is an error in the
/// browser. Other elements have content of their own, and stay.
fn without_missing<'h>(html: &'h str, missing: &dyn Fn(&str) -> bool) -> Cow<'h, str> {
    const CLOSE: &str = "</script>";
    let mut gone = Vec::new();
    // A script that begins behind the last end is not closed, which is the author's to mend.
    let last_close = html.rfind(CLOSE).unwrap_or(0);
    for (start, _) in html.match_indices('<') {
        if gone.last().is_some_and(|gone: &Range<usize>| start < gone.end) {
            continue;
        }
        // A tag ends before the next one begins: none is sought through all of them.
        let Some(length) = html[start + 1..].find(['<', '>']).map(|at| at + 2) else { break };
        let Some(tag) = html.get(start..start + length).filter(|tag| tag.ends_with('>')) else { continue };
        let is = |name: &str| {
            let rest = tag.get(1..=name.len()).filter(|own| own.eq_ignore_ascii_case(name));
            rest.is_some() && tag[name.len() + 1..].starts_with(|c: char| c.is_whitespace())
        };
        let is_missing = |attribute: &str| {
            let value = tag.split_once(attribute).and_then(|(_, rest)| rest.split('"').next());
            value.is_some_and(missing)
        };
        let end = start + tag.len();
        if is("link") && is_missing(" href=\"") {
            gone.push(start..end);
        } else if is("script") && is_missing(" src=\"") {
            let close = if end <= last_close { html[end..].find(CLOSE) } else { None };
            gone.extend(close.map(|at| start..end + at + CLOSE.len()));
        }
    }
    if gone.is_empty() {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut from = 0;
    for range in gone {
        out.push_str(&html[from..range.start]);
        from = range.end;
    }
    out.push_str(&html[from..]);
    Cow::Owned(out)
}
