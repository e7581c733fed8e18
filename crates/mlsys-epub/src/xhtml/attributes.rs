//! The attributes of elements.

use super::css::declarations;
use super::tree::Element;
use std::fmt::Write;

/// Appends an attribute.
pub(super) fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(out, value, true);
    out.push('"');
}

/// Appends text with the characters of markup escaped, and without those that XML does not have.
pub(super) fn escape(out: &mut String, text: &str, is_value: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // So that ids are easy to find: see `Xhtml::positions`.
            '"' if is_value || out.ends_with(" id=") => out.push_str("&quot;"),
            '\n' | '\t' if is_value => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\r' => out.push('\n'),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
}

/// The number in an attribute, as browsers read it.
fn integer(value: &str, least: u32, most: u32) -> Option<u32> {
    let digits: &str = value.trim();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok().filter(|n| (least..=most).contains(n))
}

/// Appends the attributes of an element of HTML that are neither ids nor URLs. `name` is the name under which it is written, `style`
/// what the element that it was meant to be looks like.
pub(super) fn html_attributes(out: &mut String, element: &Element, name: &str, style: &str) {
    let get = |key: &str| element.get(key).map(str::trim).filter(|value| !value.is_empty());
    if let Some(class) = get("class") {
        attribute(out, "class", &class.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
    }
    let declared = declarations(get("style").unwrap_or(""));
    let presented = presentation(element, name);
    let style = [style, presented.as_str(), declared.as_str()];
    let style: Vec<&str> = style.into_iter().filter(|part| !part.is_empty()).collect();
    if !style.is_empty() {
        attribute(out, "style", &style.join("; "));
    }
    if let Some(title) = get("title") {
        attribute(out, "title", title);
    }
    if let Some(language) = get("lang").filter(|lang| is_language(lang)) {
        attribute(out, "lang", language);
        attribute(out, "xml:lang", language);
    }
    if let Some(dir) =
        get("dir").map(str::to_ascii_lowercase).filter(|dir| matches!(dir.as_str(), "ltr" | "rtl" | "auto"))
    {
        attribute(out, "dir", &dir);
    }
    if element.get("hidden").is_some() {
        attribute(out, "hidden", "hidden");
    }
    if let Some(role) = get("role").filter(|role| is_role(role, name)) {
        attribute(out, "role", role);
    }
    if let Some(kind) = get("epub:type").filter(|kind| is_type(kind)) {
        attribute(out, "epub:type", kind);
    }
    if let Some(label) = get("aria-label") {
        attribute(out, "aria-label", label);
    }
    // What scrolls must be reachable by keyboard; everything else has its usual place.
    let scrolls = |class: &str| matches!(class, "mlsys-formula" | "mlsys-inline-formula");
    if get("tabindex") == Some("0") && get("class").is_some_and(scrolls) {
        attribute(out, "tabindex", "0");
    }
    if get("aria-hidden") == Some("true") {
        attribute(out, "aria-hidden", "true");
    }
    own_attributes(out, element, name);
}

/// The attributes that only some elements have.
fn own_attributes(out: &mut String, element: &Element, name: &str) {
    let mut number = |key: &str, least, most| {
        if let Some(n) = element.get(key).and_then(|value| integer(value, least, most)) {
            attribute(out, key, &n.to_string());
        }
    };
    match name {
        "ol" => {
            number("start", 0, 1 << 30);
            if element.get("reversed").is_some() {
                attribute(out, "reversed", "reversed");
            }
            if let Some(kind) = element.get("type").filter(|kind| matches!(*kind, "1" | "a" | "A" | "i" | "I")) {
                attribute(out, "type", kind);
            }
        }
        "td" | "th" => {
            number("colspan", 1, 1000);
            number("rowspan", 1, 65534);
            let scope = element.get("scope").map(str::to_ascii_lowercase);
            let scope = scope.filter(|s| name == "th" && matches!(s.as_str(), "row" | "col" | "rowgroup" | "colgroup"));
            if let Some(scope) = scope {
                attribute(out, "scope", &scope);
            }
        }
        "col" => number("span", 1, 1000),
        "colgroup" => {}
        "img" => {
            number("width", 1, 1 << 16);
            number("height", 1, 1 << 16);
        }
        _ => {}
    }
}

/// The look that attributes of older versions of HTML describe.
fn presentation(element: &Element, name: &str) -> String {
    let mut style = Vec::new();
    let get = |key: &str| element.get(key).map(|value| value.trim().to_ascii_lowercase());
    let is_cell = matches!(name, "td" | "th" | "tr" | "col" | "div" | "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
    if let Some(align) = get("align").filter(|_| is_cell)
        && matches!(align.as_str(), "left" | "right" | "center" | "justify")
    {
        style.push(format!("text-align: {align}"));
    }
    if let Some(align) = get("valign").filter(|_| is_cell)
        && matches!(align.as_str(), "top" | "middle" | "bottom" | "baseline")
    {
        style.push(format!("vertical-align: {align}"));
    }
    if &*element.name == "center" {
        style.push("text-align: center".to_owned());
    }
    if matches!(name, "table" | "td" | "th" | "col" | "img") {
        for key in ["width", "height"] {
            let Some(value) = get(key) else { continue };
            let number = value.trim_end_matches("px").trim_end_matches('%');
            let is_whole = name == "img" && !value.ends_with('%');
            if is_whole || number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
                continue;
            }
            if number.parse::<f64>().is_ok_and(|n| n > 0.0) {
                let unit = if value.ends_with('%') { "%" } else { "px" };
                style.push(format!("{key}: {number}{unit}"));
            }
        }
    }
    style.join("; ")
}

/// True for tags of languages. Source: BCP 47, the shape alone.
pub(crate) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// True if an element may have a role. Source: ARIA in HTML, as far as pages of books need it.
fn is_role(role: &str, name: &str) -> bool {
    match name {
        "a" => matches!(role, "doc-noteref" | "doc-backlink" | "doc-biblioref" | "doc-glossref"),
        "aside" => matches!(role, "doc-footnote" | "note" | "doc-tip" | "doc-dedication"),
        "section" => {
            matches!(
                role,
                "doc-endnotes" | "doc-bibliography" | "doc-glossary" | "doc-chapter" | "doc-part" | "doc-appendix"
            )
        }
        "div" => matches!(role, "math" | "img" | "note" | "group" | "region" | "list" | "listitem" | "figure"),
        "span" => matches!(role, "img" | "math" | "note"),
        _ => false,
    }
}

/// The semantics that a page inflects. Source: EPUB Structural Semantics Vocabulary 1.1.
fn is_type(kind: &str) -> bool {
    matches!(
        kind,
        "noteref"
            | "footnote"
            | "footnotes"
            | "endnotes"
            | "backlink"
            | "bibliography"
            | "glossary"
            | "pagebreak"
            | "part"
            | "chapter"
            | "appendix"
            | "titlepage"
            | "cover"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_only_characters_of_xml() {
        let mut out = String::new();
        escape(&mut out, "a\u{0}\u{b}<\"\r\u{ffff}&", false);
        assert_eq!(out, "a&lt;\"\n&amp;");
    }
}
