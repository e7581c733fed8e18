//! Includes: what authors add to the head and to the start and end of the body.

use super::context::PageContext;
use mlsys_book::{OptionName, key, name};
use std::borrow::Cow;
use std::ops::Range;

/// Reads an includes option: text, `text: ..`, `file: ..`, a path, or a list of these. URLs from the root (`/assets/x.js`)
/// mean the site's root. Scripts and links to missing files are removed. Source: Quarto, "HTML Options", includes.
pub(crate) fn includes(cx: &PageContext<'_>, key: OptionName, root: &str) -> String {
    let mut out = String::new();
    for item in cx.meta.list(key) {
        let literal = [name!("header-includes"), name!("include-before"), name!("include-after")].contains(&key);
        let text = match (item.read(key!("include", "text")), item.read(key!("include", "file"))) {
            (Some(text), _) => Some(text),
            (None, Some(file)) => (cx.file)(&file),
            (None, None) if literal => item.to_text(),
            (None, None) => item.to_text().and_then(|file| (cx.file)(&file)),
        };
        // LaTeX packages and macros are not for the page; formulas have read the macros already.
        if let Some(text) = text.filter(|text| !crate::math::is_tex_include(text)) {
            out.push_str(&rooted(&without_missing(&text, cx.missing), root));
            if !text.ends_with('\n') {
                out.push('\n');
            }
        }
    }
    out
}

/// Makes URLs from the site's root relative to the page. Relative URLs already are.
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

/// Removes `script` and `link` elements whose files are missing: they would only cause an error in the browser. Other elements
/// have content of their own and stay.
fn without_missing<'h>(html: &'h str, missing: &dyn Fn(&str) -> bool) -> Cow<'h, str> {
    const CLOSE: &str = "</script>";
    let mut removed = Vec::new();
    // A script after the last end tag is not closed; that is for the author to fix.
    let last_close = html.rfind(CLOSE).unwrap_or(0);
    for (start, _) in html.match_indices('<') {
        if removed.last().is_some_and(|removed: &Range<usize>| start < removed.end) {
            continue;
        }
        // A tag ends before the next `<`, so the search stays linear.
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
            removed.push(start..end);
        } else if is("script") && is_missing(" src=\"") {
            let close = if end <= last_close { html[end..].find(CLOSE) } else { None };
            removed.extend(close.map(|at| start..end + at + CLOSE.len()));
        }
    }
    if removed.is_empty() {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut from = 0;
    for range in removed {
        out.push_str(&html[from..range.start]);
        from = range.end;
    }
    out.push_str(&html[from..]);
    Cow::Owned(out)
}
