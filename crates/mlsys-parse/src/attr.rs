//! Attributes in braces: `{#id .class key="value"}`.

use crate::shortcode;
use mlsys_book::{Attr, Id, Pair, Span};
use std::collections::BTreeSet;

/// Parses the attributes at the start of `text`, and returns their length in bytes; `offset_of` maps an offset in `text` to the
/// source.
///
/// Source: Pandoc manual, "Extension: fenced_code_attributes" and "header_attributes". `-` stands for the class `unnumbered`;
/// the keys `id` and `class` set id and classes; a backslash in a value escapes any character but a letter or digit.
pub(crate) fn parse(text: &str, offset_of: impl Fn(usize) -> u32) -> Option<(Attr, usize)> {
    parse_as(text, offset_of, false)
}

/// Parses the attributes of a div or an equation, as [`parse`]. White space around `=` is allowed: Quarto mends it there.
pub(crate) fn parse_spaced(text: &str, offset_of: impl Fn(usize) -> u32) -> Option<(Attr, usize)> {
    parse_as(text, offset_of, true)
}

fn parse_as(text: &str, offset_of: impl Fn(usize) -> u32, is_spaced: bool) -> Option<(Attr, usize)> {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'{') {
        return None;
    }
    let span = |start: usize, end: usize| {
        let first = offset_of(start);
        // An end belongs to the byte before it; see `Text::span`.
        Span { start: first, end: if end > start { (offset_of(end - 1) + 1).max(first) } else { first } }
    };
    let mut attr = Attr::default();
    let mut keys = BTreeSet::new();
    let mut at = 1;
    loop {
        at += bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let rest = &text[at..];
        match *bytes.get(at)? {
            b'}' => return Some((attr, at + 1)),
            b'#' => {
                let length = name_length(&rest[1..]);
                if length == 0 {
                    return None;
                }
                let name = &rest[1..1 + length];
                attr.id = Some(Id { name: name.to_owned(), span: span(at, at + 1 + length), automatic: false });
                at += 1 + length;
            }
            b'.' => {
                let length = name_length(&rest[1..]);
                if length == 0 {
                    return None;
                }
                attr.classes.push(rest[1..1 + length].to_owned());
                at += 1 + length;
            }
            b'-' if rest.len() > 1 && !rest[1..].starts_with(is_name) => {
                attr.classes.push("unnumbered".to_owned());
                at += 1;
            }
            _ => {
                let length = name_length(rest);
                let spaces = |at: usize| match is_spaced {
                    true => bytes[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count(),
                    false => 0,
                };
                let equals = at + length + spaces(at + length);
                if length == 0 || bytes.get(equals) != Some(&b'=') {
                    return None;
                }
                let key = &rest[..length];
                let start = equals + 1 + spaces(equals + 1);
                let (value, inner, end) = value(text, start)?;
                let value_span = span(inner.start, inner.end);
                match key {
                    "id" => attr.id = Some(Id { name: value, span: value_span, automatic: false }),
                    "class" => attr.classes.extend(value.split_ascii_whitespace().map(str::to_owned)),
                    _ if keys.insert(key) => attr.pairs.push(Pair { key: key.to_owned(), value, value_span }),
                    // If a key is repeated, the first value wins.
                    _ => {}
                }
                at = end;
            }
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '/' | '+' | '%' | '@' | '&' | '?' | '!' | '\u{fe0f}')
}

fn name_length(text: &str) -> usize {
    text.find(|c| !is_name(c)).unwrap_or(text.len())
}

/// The value at `start`, unescaped; its range without quotes, and its end.
fn value(text: &str, start: usize) -> Option<(String, std::ops::Range<usize>, usize)> {
    let quote = text[start..].chars().next().filter(|c| matches!(c, '"' | '\''));
    let first = start + quote.map_or(0, char::len_utf8);
    let mut value = String::new();
    let mut at = first;
    loop {
        let rest = &text[at..];
        // Quotes in a shortcode do not end the value.
        if rest.starts_with("{{<")
            && let Some((_, length)) = shortcode::parse(rest)
        {
            value.push_str(&rest[..length]);
            at += length;
            continue;
        }
        let c = rest.chars().next()?;
        let next = at + c.len_utf8();
        match (c, quote) {
            ('\\', _) if text[next..].starts_with(|c: char| !c.is_alphanumeric() && c != '\n') => {
                let escaped = text[next..].chars().next()?;
                value.push(escaped);
                at = next + escaped.len_utf8();
                continue;
            }
            (_, Some(quote)) if c == quote => return Some((value, first..at, next)),
            ('\n', Some(_)) => value.push(' '),
            (_, Some(_)) => value.push(c),
            ('}' | ' ' | '\t' | '\n' | '\r', None) => return Some((value, first..at, at)),
            // Pandoc would continue; stopping here keeps a row of open braces linear.
            ('{', None) => return None,
            (_, None) => value.push(c),
        }
        at = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        parse(text, |at| at as u32).map(|(attr, end)| {
            let pairs: Vec<_> = attr.pairs.iter().map(|p| format!("{}={}", p.key, p.value)).collect();
            format!("{} [{}] [{}] {end}", attr.id(), attr.classes.join(" "), pairs.join(" "))
        })
    }

    #[test]
    fn attributes_are_read_as_in_pandoc() {
        assert_eq!(read("{#a .b c=\"d e\" f='g' h=1} x").as_deref(), Some("a [b] [c=d e f=g h=1] 25"));
        assert_eq!(read("{ .quiz-end }").as_deref(), Some(" [quiz-end] [] 13"));
        assert_eq!(read("{-}").as_deref(), Some(" [unnumbered] [] 3"));
        assert_eq!(
            read(r#"{lst-cap="a \"b\" \(u\) \alpha"}"#).as_deref(),
            Some(r#" [] [lst-cap=a "b" (u) \alpha] 32"#)
        );
        assert_eq!(read("{class=\"x y\" id=z}").as_deref(), Some("z [x y] [] 18"));
        assert_eq!(read("{a = b}"), None);
        let spaced = parse_spaced("{#a .b c = \"d\" e= f}", |at| at as u32).map(|(attr, _)| attr.pairs);
        let spaced: Vec<_> = spaced.unwrap_or_default().into_iter().map(|pair| (pair.key, pair.value)).collect();
        assert_eq!(spaced, [("c".to_owned(), "d".to_owned()), ("e".to_owned(), "f".to_owned())]);
        assert_eq!(read("{layout-narrow}"), None);
        assert_eq!(read("{=html}"), None);
        assert_eq!(read("{a=\"b"), None);
        assert_eq!(read("{}").as_deref(), Some(" [] [] 2"));
    }
}
