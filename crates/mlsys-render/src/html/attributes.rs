//! Attributes and escaping.

use std::borrow::Cow;

/// Appends text with `&`, `<` and `>` escaped.
pub(crate) fn escape_text(out: &mut String, text: &str) {
    let mut done = 0;
    for at in memchr::memchr3_iter(b'&', b'<', b'>', text.as_bytes()) {
        // Every escaped byte is ASCII, so both ends are character boundaries.
        out.push_str(&text[done..at]);
        out.push_str(match text.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        });
        done = at + 1;
    }
    out.push_str(&text[done..]);
}

/// Appends an attribute's value with `&`, `<`, `>` and `"` escaped.
pub(crate) fn escape_value(out: &mut String, value: &str) {
    let mut done = 0;
    for (at, byte) in value.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        out.push_str(&value[done..at]);
        out.push_str(entity);
        done = at + 1;
    }
    out.push_str(&value[done..]);
}

/// Percent-encodes the characters of a URL that URLs cannot have. Links of the source and identifiers of works may contain
/// them as they are. Source: URL Standard, "URL code points".
pub(crate) fn encoded_url(url: &str) -> Cow<'_, str> {
    let is_foreign = |c: char| matches!(c, ' ' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}');
    if !url.contains(is_foreign) {
        return Cow::Borrowed(url);
    }
    let mut out = String::with_capacity(url.len() + 8);
    for c in url.chars() {
        if is_foreign(c) { out.push_str(&format!("%{:02X}", u32::from(c))) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// True if a key can be an attribute name.
pub(super) fn is_attribute_name(key: &str) -> bool {
    !key.is_empty()
        && !key.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '/' | '='))
}

/// True if HTML has the attribute, or if it is of a kind that authors can define.
pub(super) fn is_html_attribute(key: &str) -> bool {
    key.starts_with("data-")
        || key.starts_with("aria-")
        || key.starts_with("on")
        || key.contains(':')
        || HTML_ATTRIBUTES.binary_search(&key).is_ok()
}

/// The attributes of HTML that authors may use, sorted. Source: HTML standard, list of attributes.
const HTML_ATTRIBUTES: &[&str] = &[
    "abbr",
    "accept",
    "accesskey",
    "action",
    "allow",
    "allowfullscreen",
    "alt",
    "async",
    "autocapitalize",
    "autocomplete",
    "autofocus",
    "autoplay",
    "charset",
    "checked",
    "cite",
    "color",
    "cols",
    "colspan",
    "content",
    "contenteditable",
    "controls",
    "coords",
    "crossorigin",
    "data",
    "datetime",
    "decoding",
    "default",
    "defer",
    "dir",
    "dirname",
    "disabled",
    "download",
    "draggable",
    "enctype",
    "enterkeyhint",
    "for",
    "form",
    "formaction",
    "headers",
    "height",
    "hidden",
    "high",
    "href",
    "hreflang",
    "id",
    "imagesizes",
    "imagesrcset",
    "inert",
    "inputmode",
    "integrity",
    "is",
    "itemid",
    "itemprop",
    "itemref",
    "itemscope",
    "itemtype",
    "kind",
    "label",
    "lang",
    "list",
    "loading",
    "loop",
    "low",
    "max",
    "maxlength",
    "media",
    "method",
    "min",
    "minlength",
    "multiple",
    "muted",
    "name",
    "nonce",
    "novalidate",
    "open",
    "optimum",
    "pattern",
    "ping",
    "placeholder",
    "playsinline",
    "poster",
    "preload",
    "readonly",
    "referrerpolicy",
    "rel",
    "required",
    "reversed",
    "role",
    "rows",
    "rowspan",
    "sandbox",
    "scope",
    "selected",
    "shape",
    "size",
    "sizes",
    "slot",
    "span",
    "spellcheck",
    "src",
    "srcdoc",
    "srclang",
    "srcset",
    "start",
    "step",
    "style",
    "tabindex",
    "target",
    "title",
    "translate",
    "type",
    "typeof",
    "usemap",
    "value",
    "vocab",
    "width",
    "wrap",
];

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_of_attributes_is_sorted() {
        assert!(super::HTML_ATTRIBUTES.is_sorted());
    }
}
