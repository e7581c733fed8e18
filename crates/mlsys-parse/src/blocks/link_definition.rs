//! Link reference definitions: `[label]: url "title" {attributes}`. Source: Pandoc manual, "Reference links".

use super::Parser;
use super::scan::{indent, trim_start};
use crate::attr;
use crate::context::{LinkDefinition, fold_label};
use mlsys_book::{Attr, Span};

impl<'a> Parser<'_, 'a> {
    /// A definition. The URL may be on the next line, and the title on the one after it.
    pub(super) fn link_definition(&mut self) -> bool {
        let Some(line) = self.peek(0) else { return false };
        if indent(line, self.source) > 3 {
            return false;
        }
        let line = trim_start(line, self.source);
        let text = line.text(self.source);
        let Some(label_len) = label_end(text) else { return false };
        let label = &text[1..label_len];
        let Some(after) = text[label_len..].strip_prefix("]:") else { return false };
        if label.trim().is_empty() || label.starts_with(['^', '@']) {
            return false;
        }
        let mut used = 1;
        let mut rest = after.trim_start();
        let mut rest_at = line.end as usize - rest.len();
        if rest.is_empty() {
            let Some(next) = self.peek(1).filter(|l| !l.is_blank(self.source)) else { return false };
            used = 2;
            rest = next.text(self.source).trim_start();
            rest_at = next.end as usize - rest.len();
        }
        if rest.starts_with('[') {
            return false;
        }
        let Some((url, url_len, inner)) = destination(rest) else { return false };
        let url_span = Span::new(rest_at + inner, rest_at + inner + url.len());
        let url = unescape(url);
        let mut tail = rest[url_len..].trim();
        let mut tail_at = rest_at + url_len + (rest[url_len..].len() - rest[url_len..].trim_start().len());
        if tail.is_empty()
            && let Some(next) = self.peek(used)
        {
            // A title or attributes may be on a line of their own.
            let text = next.text(self.source).trim();
            if title(text).is_some_and(|(_, len)| text[len..].trim().is_empty() || text[len..].trim().starts_with('{'))
                || (text.starts_with('{') && text.ends_with('}'))
            {
                used += 1;
                tail = text;
                tail_at =
                    next.start as usize + (next.text(self.source).len() - next.text(self.source).trim_start().len());
            }
        }
        let mut definition = LinkDefinition { url, url_span, title: String::new(), attr: Attr::default() };
        if let Some((text, len)) = title(tail) {
            definition.title = unescape(text);
            let skipped = tail[len..].len() - tail[len..].trim_start().len();
            tail = tail[len..].trim_start();
            tail_at += len + skipped;
        }
        if tail.starts_with('{')
            && let Some((attr, len)) = attr::parse(tail, |i| (tail_at + i) as u32)
        {
            definition.attr = attr;
            tail = tail[len..].trim();
        }
        if !tail.is_empty() {
            return false;
        }
        self.at += used;
        // Pandoc lets a later definition win.
        self.cx.definitions.links.insert(fold_label(label), definition);
        true
    }
}

/// The end of a label that begins with `[`.
fn label_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => depth += 1,
            b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The URL at the start of a text, the length of what was read, and the URL's offset in it.
fn destination(text: &str) -> Option<(&str, usize, usize)> {
    if let Some(inner) = text.strip_prefix('<') {
        let len = inner.find('>')?;
        return Some((&inner[..len], len + 2, 1));
    }
    // Spaces may belong to a URL; a title or attributes end it.
    let mut end = 0;
    let mut at = 0;
    loop {
        let word = text[at..].find(char::is_whitespace).map_or(text.len(), |i| at + i);
        if word > at {
            end = word;
        }
        let next = word + text[word..].len() - text[word..].trim_start().len();
        if next >= text.len() || text[next..].starts_with('{') || title(text[next..].trim_end()).is_some() {
            break;
        }
        at = next;
    }
    (end > 0).then(|| (&text[..end], end, 0))
}

/// A title in quotes or parentheses at the start of a text, and the bytes that it takes.
fn title(text: &str) -> Option<(&str, usize)> {
    let close = match text.as_bytes().first()? {
        b'"' => '"',
        b'\'' => '\'',
        b'(' => ')',
        _ => return None,
    };
    // The last closing mark counts: quotes within a title need no escape. Only attributes may follow.
    let body = match text.rfind('{') {
        Some(at) if text.ends_with('}') => text[..at].trim_end(),
        _ => text,
    };
    let end = body.rfind(close).filter(|end| *end > 0 && *end + 1 == body.len())?;
    Some((&text[1..end], end + 1))
}

/// The text without backslashes before punctuation.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(next)) if next.is_ascii_punctuation() => {}
            _ => out.push(c),
        }
    }
    out
}
