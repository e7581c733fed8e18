//! Writing HTML: escaping, attributes, and a buffer whose open elements can still get classes.

use mlsys_book::Attr;
use std::borrow::Cow;

/// Appends text with `&`, `<` and `>` escaped.
pub(crate) fn escape_text(out: &mut String, text: &str) {
    escape(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        _ => None,
    });
}

/// Appends an attribute's value with `&`, `<`, `>` and `"` escaped.
pub(crate) fn escape_value(out: &mut String, value: &str) {
    escape(out, value, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        _ => None,
    });
}

fn escape(out: &mut String, text: &str, entity: impl Fn(u8) -> Option<&'static str>) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(entity) = entity(byte) {
            // Every escaped byte is ASCII, so both ends are character boundaries.
            out.push_str(&text[done..at]);
            out.push_str(entity);
            done = at + 1;
        }
    }
    out.push_str(&text[done..]);
}

/// Appends ` name="value"`.
pub(crate) fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape_value(out, value);
    out.push('"');
}

/// Appends an address as an attribute.
pub(crate) fn address_attribute(out: &mut String, name: &str, url: &str) {
    attribute(out, name, &address(url));
}

/// An address in which the signs that no address has are written with `%`: in the links of the source and in the identifiers of
/// works they may stand bare. Source: URL Standard, "URL code points".
pub(crate) fn address(url: &str) -> Cow<'_, str> {
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

/// Appends an author's keys and values: names that HTML does not know get `data-` in front. Source: Pandoc manual, "Extension:
/// link_attributes".
pub(crate) fn pairs(out: &mut String, attr: &Attr, skip: &[&str]) {
    for pair in &attr.pairs {
        if skip.contains(&pair.key.as_str()) || !is_attribute_name(&pair.key) {
            continue;
        }
        out.push(' ');
        if !is_html_attribute(&pair.key) {
            out.push_str("data-");
        }
        out.push_str(&pair.key);
        out.push_str("=\"");
        escape_value(out, &pair.value);
        out.push('"');
    }
}

/// Whether a key can be written as an attribute at all.
fn is_attribute_name(key: &str) -> bool {
    !key.is_empty()
        && !key.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '<' | '>' | '/' | '='))
}

/// Whether HTML has the attribute, or it is of a kind that anyone may add.
fn is_html_attribute(key: &str) -> bool {
    key.starts_with("data-")
        || key.starts_with("aria-")
        || key.starts_with("on")
        || key.contains(':')
        || HTML_ATTRIBUTES.binary_search(&key).is_ok()
}

/// The attributes of HTML that authors may want on their elements, in order. Source: HTML standard, list of attributes.
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

/// The classes that an element gets when something inside it reaches into the margin.
const PAGE_COLUMNS: &str = "page-columns page-full";

/// HTML in the making.
///
/// Whether an element holds margin content is known only after its start tag was written, so start tags leave a slot, and
/// [`Buffer::finish`] puts the classes into the slots that were marked.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    /// The text so far, without the insertions.
    pub text: String,
    open: Vec<Slot>,
    insertions: Vec<(usize, String)>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    at: usize,
    has_class: bool,
    marked: bool,
}

impl Buffer {
    /// Opens an element that may hold margin content: writes the start tag and leaves a slot for classes. `attributes` writes
    /// what follows the class.
    pub fn open(&mut self, tag: &str, id: &str, classes: &[&str], attributes: impl FnOnce(&mut String)) {
        self.text.push('<');
        self.text.push_str(tag);
        if !id.is_empty() {
            attribute(&mut self.text, "id", id);
        }
        let at = self.classes(classes);
        attributes(&mut self.text);
        self.text.push('>');
        self.open.push(Slot { at, has_class: !classes.is_empty(), marked: false });
    }

    /// Closes the innermost open element.
    pub fn close(&mut self, tag: &str) {
        self.open.pop();
        self.text.push_str("</");
        self.text.push_str(tag);
        self.text.push_str(">\n");
    }

    /// Writes a class attribute and returns the place of its end.
    fn classes(&mut self, classes: &[&str]) -> usize {
        if classes.is_empty() {
            return self.text.len();
        }
        self.text.push_str(" class=\"");
        for (i, class) in classes.iter().enumerate() {
            if i > 0 {
                self.text.push(' ');
            }
            escape_value(&mut self.text, class);
        }
        let at = self.text.len();
        self.text.push('"');
        at
    }

    /// Gives every open element the classes for margin content.
    pub fn mark_open(&mut self) {
        for slot in self.open.iter_mut().rev() {
            if slot.marked {
                // Its ancestors were marked with it.
                break;
            }
            slot.marked = true;
            let text = if slot.has_class { format!(" {PAGE_COLUMNS}") } else { format!(" class=\"{PAGE_COLUMNS}\"") };
            self.insertions.push((slot.at, text));
        }
    }

    /// The text with everything inserted.
    pub fn finish(mut self) -> String {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_reach_open_elements_only() {
        let mut buffer = Buffer::default();
        buffer.open("section", "a", &["level2"], |_| {});
        buffer.open("div", "", &[], |_| {});
        buffer.close("div");
        buffer.open("div", "", &[], |_| {});
        buffer.mark_open();
        buffer.close("div");
        buffer.close("section");
        assert_eq!(
            buffer.finish().replace('\n', ""),
            "<section id=\"a\" class=\"level2 page-columns page-full\"><div></div>\
             <div class=\"page-columns page-full\"></div></section>"
        );
    }

    #[test]
    fn the_list_of_attributes_is_in_order() {
        assert!(HTML_ATTRIBUTES.is_sorted());
    }
}
