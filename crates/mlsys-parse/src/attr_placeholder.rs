//! Stands in for the attribute parser until it lands.

use mlsys_book::{Attr, Id, Pair, Span};

/// Parses `{...}` at the start of `text`; `offset_of` gives the source offset of an offset in `text`.
pub(crate) fn parse(text: &str, offset_of: impl Fn(usize) -> u32) -> Option<(Attr, usize)> {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'{') {
        return None;
    }
    let span = |a: usize, b: usize| Span { start: offset_of(a), end: offset_of(b) };
    let mut attr = Attr::default();
    let mut at = 1;
    loop {
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        let rest = &text[at..];
        let word = rest.find(|c: char| c.is_whitespace() || c == '}' || c == '=').unwrap_or(rest.len());
        match bytes.get(at)? {
            b'}' => return Some((attr, at + 1)),
            b'#' => attr.id = Some(Id { name: rest[1..word].into(), span: span(at, at + word), automatic: false }),
            b'.' => attr.classes.push(rest[1..word].into()),
            b'-' if word == 1 => attr.classes.push("unnumbered".into()),
            _ => {
                if word == 0 || bytes.get(at + word) != Some(&b'=') {
                    return None;
                }
                let start = at + word + 1;
                let quote = *bytes.get(start)?;
                let (value, value_at, end) = if quote == b'"' || quote == b'\'' {
                    let length = text[start + 1..].find(quote as char)?;
                    (&text[start + 1..start + 1 + length], start + 1, start + length + 2)
                } else {
                    let length = text[start..].find(|c: char| c.is_whitespace() || c == '}')?;
                    (&text[start..start + length], start, start + length)
                };
                let value_span = span(value_at, value_at + value.len());
                attr.pairs.push(Pair { key: rest[..word].into(), value: value.into(), value_span });
                at = end;
                continue;
            }
        }
        at += word;
    }
}
