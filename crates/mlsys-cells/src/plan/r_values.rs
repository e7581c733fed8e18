//! Options in braces: `{r label, echo=FALSE, fig.cap="..."}`. Source: knitr, "Chunk options".

use super::known::normalized;
use mlsys_book::{Entry, Source, Span, Value, ValueKind};

/// The options in a text of R arguments. With `has_label` a first bare word is the label.
pub(super) fn r_options(source: &Source, span: Span, has_label: bool) -> Vec<Entry> {
    let text = source.slice(span);
    let mut entries: Vec<Entry> = Vec::new();
    let mut first = has_label;
    for part in arguments(text) {
        let written = &text[part.clone()];
        let trimmed = written.trim();
        let at = span.start as usize + part.start + (written.len() - written.trim_start().len());
        if trimmed.is_empty() {
            continue;
        }
        let place = |from: usize, length: usize| source.place(Span::new(at + from, at + from + length));
        let (key, key_place, value) = match trimmed.split_once('=').filter(|(key, _)| is_name(key.trim())) {
            Some((key, value)) => {
                let from = trimmed.len() - value.trim_start().len();
                let value = Value { place: place(from, value.trim().len()), kind: r_value(value.trim(), place(0, 0)) };
                (normalized(key.trim()), place(0, key.trim().len()), value)
            }
            None if first && !trimmed.starts_with(['.', '#']) && !trimmed.contains(char::is_whitespace) => {
                let kind = ValueKind::String(trimmed.to_owned());
                ("label".to_owned(), place(0, trimmed.len()), Value { place: place(0, trimmed.len()), kind })
            }
            // Pandoc's classes and ids.
            None => continue,
        };
        first = false;
        entries.retain(|entry| entry.key != key);
        entries.push(Entry { key, key_place, value });
    }
    entries
}

fn is_name(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

/// The ranges between the commas outside of quotes and brackets.
fn arguments(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0usize, None);
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            _ if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            (None, b',') if depth == 0 => {
                parts.push(start..at);
                start = at + 1;
            }
            (None, _) => {}
        }
    }
    parts.push(start..text.len());
    parts
}

/// A value of R: a constant, a text, a vector `c(...)` of them; any other expression is its text.
fn r_value(text: &str, place: mlsys_book::Place) -> ValueKind {
    match text {
        "TRUE" | "T" | "true" => return ValueKind::Bool(true),
        "FALSE" | "F" | "false" => return ValueKind::Bool(false),
        "NULL" | "NA" | "" => return ValueKind::Null,
        _ => {}
    }
    if let Some(inner) = text.strip_prefix("c(").and_then(|rest| rest.strip_suffix(')')) {
        let items = arguments(inner).into_iter().map(|range| {
            let item = inner[range].trim();
            // Names of elements have no meaning here; nested vectors stay expressions.
            let item = item.split_once('=').filter(|(name, _)| is_name(name.trim())).map_or(item, |(_, v)| v.trim());
            let kind = if item.starts_with("c(") { ValueKind::String(item.to_owned()) } else { r_value(item, place) };
            Value { place, kind }
        });
        return ValueKind::Seq(items.collect());
    }
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return ValueKind::String(unescaped(inner));
        }
    }
    if let Ok(number) = text.trim_end_matches('L').parse() {
        return ValueKind::Int(number);
    }
    match text.parse::<f64>() {
        Ok(number) if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.')) => {
            ValueKind::Float(number, text.to_owned())
        }
        Ok(_) | Err(_) => ValueKind::String(text.to_owned()),
    }
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            _ => out.push(c),
        }
    }
    out
}
