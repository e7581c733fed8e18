//! HTML tags in Markdown: their names, attributes and ends. Source: HTML standard, "Tag open state"; Pandoc's reader for which
//! elements are blocks.

use crate::entities::decode;
use mlsys_book::{Attr, Id, Pair, Span};
use std::collections::BTreeSet;

/// A tag.
#[derive(Debug)]
pub(crate) struct Tag<'t> {
    pub name: &'t str,
    /// `</name>`
    pub closing: bool,
    /// `<name/>`
    pub empty: bool,
    /// Name, value and the value's range in the text.
    pub attributes: Vec<(&'t str, &'t str, std::ops::Range<usize>)>,
    /// Length in bytes.
    pub len: usize,
}

/// The result of scanning at a `<`.
#[derive(Debug)]
pub(crate) enum Scan<'t> {
    Tag(Tag<'t>),
    /// A tag that continues after the text.
    Incomplete,
    Nothing,
}

/// The maximal bytes of a tag outside quotes. It bounds how far each of many unclosed tags is read.
const MOST_UNQUOTED: usize = 8 << 10;

/// Reads a tag at the start of `text`.
pub(crate) fn scan(text: &str) -> Scan<'_> {
    let bytes = text.as_bytes();
    let closing = bytes.get(1) == Some(&b'/');
    let from = if closing { 2 } else { 1 };
    if !bytes.get(from).is_some_and(u8::is_ascii_alphabetic) {
        return Scan::Nothing;
    }
    let name_len =
        bytes[from..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b':' | b'_')).count();
    let mut at = from + name_len;
    let mut tag = Tag { name: &text[from..at], closing, empty: false, attributes: Vec::new(), len: 0 };
    let mut unquoted = 0;
    loop {
        if unquoted > MOST_UNQUOTED {
            return Scan::Nothing;
        }
        let space = bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        at += space;
        match bytes.get(at) {
            None => return Scan::Incomplete,
            Some(b'>') => {
                tag.len = at + 1;
                return Scan::Tag(tag);
            }
            Some(b'/') => {
                tag.empty = bytes.get(at + 1) == Some(&b'>');
                at += 1;
                continue;
            }
            Some(b'<' | b'=' | b'"' | b'\'' | b'`') => return Scan::Nothing,
            Some(_) if space == 0 && !tag.empty && bytes.get(at - 1) != Some(&b'/') => return Scan::Nothing,
            Some(_) => {}
        }
        let key_len = bytes[at..]
            .iter()
            .take(MOST_UNQUOTED)
            .take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'=' | b'>' | b'/' | b'<' | b'"' | b'\''))
            .count();
        let Some(key) = text.get(at..at + key_len) else { return Scan::Nothing };
        at += key_len;
        unquoted += key_len;
        let space = bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        if bytes.get(at + space) != Some(&b'=') {
            tag.attributes.push((key, "", at..at));
            continue;
        }
        at += space + 1;
        at += bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let range = match bytes.get(at) {
            None => return Scan::Incomplete,
            Some(quote @ (b'"' | b'\'')) => {
                let Some(len) = memchr::memchr(*quote, &bytes[at + 1..]) else { return Scan::Incomplete };
                at += len + 2;
                at - len - 1..at - 1
            }
            Some(_) => {
                let value = bytes[at..].iter().take(MOST_UNQUOTED + 1);
                let len = value.take_while(|b| !b.is_ascii_whitespace() && **b != b'>').count();
                if len > MOST_UNQUOTED {
                    return Scan::Nothing;
                }
                at += len;
                unquoted += len;
                at - len..at
            }
        };
        tag.attributes.push((key, &text[range.clone()], range));
    }
}

impl Tag<'_> {
    /// True if it has a name, ignoring case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Its attributes as Pandoc's: id, classes, the rest.
    pub fn attr(&self, offset_of: impl Fn(usize) -> u32) -> Attr {
        let mut attr = Attr::default();
        let mut keys = BTreeSet::new();
        for (key, value, range) in &self.attributes {
            let span = Span { start: offset_of(range.start), end: offset_of(range.end) };
            match key.to_ascii_lowercase().as_str() {
                "id" if !value.is_empty() => {
                    attr.id = Some(Id { name: (*value).to_string(), span, automatic: false });
                }
                "class" => attr.classes.extend(value.split_whitespace().map(str::to_string)),
                key if keys.insert(key.to_owned()) => {
                    attr.pairs.push(Pair { key: key.to_string(), value: decode(value), value_span: span });
                }
                _ => {}
            }
        }
        attr
    }
}

/// Elements that are always blocks: their tags end a paragraph.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "canvas",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "isindex",
    "li",
    "main",
    "menu",
    "meta",
    "nav",
    "noframes",
    "ol",
    "output",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Elements that are blocks at the beginning of a block and inlines in a paragraph.
const EITHER: &[&str] = &[
    "applet", "area", "audio", "button", "del", "embed", "iframe", "ins", "map", "noscript", "object", "param",
    "progress", "script", "source", "style", "svg", "textarea", "track", "video",
];

/// Elements whose content is verbatim, blank lines included.
pub(super) const VERBATIM: &[&str] = &["pre", "script", "style", "textarea"];

/// Elements without content.
const VOID: &[&str] = &["area", "col", "embed", "hr", "meta", "param", "source", "track"];

fn among(names: &[&str], name: &str) -> bool {
    names.iter().any(|n| n.eq_ignore_ascii_case(name))
}

/// True if an element's tags end a paragraph.
pub(super) fn ends_paragraph(name: &str) -> bool {
    among(BLOCKS, name)
}

/// True if an element's tags are blocks at the beginning of a block.
pub(super) fn begins_block(name: &str) -> bool {
    among(BLOCKS, name) || among(EITHER, name)
}

/// True if an element is verbatim.
pub(super) fn is_verbatim(name: &str) -> bool {
    among(VERBATIM, name)
}

/// True if an element has no content.
pub(super) fn is_void(name: &str) -> bool {
    among(VOID, name)
}
