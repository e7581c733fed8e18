//! What authors add to the head and to the body's ends.

use crate::page::PageContext;
use mlsys_book::Value;

/// Texts for the head or the body's ends: text, `text: ..`, `file: ..`, a file's path, or a list of these. Addresses from the
/// root (`/assets/x.js`) mean the site's root. Source: Quarto, "HTML Options", includes.
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
            out.push_str(&rooted(&text, root));
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
