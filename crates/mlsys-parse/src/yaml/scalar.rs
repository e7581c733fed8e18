//! Plain scalars: null, booleans, numbers and text.

use mlsys_book::ValueKind;

/// The value of a plain scalar. Source: YAML 1.2.2, "Core Schema", tag resolution.
pub(super) fn plain(text: &str) -> ValueKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return ValueKind::Null,
        "true" | "True" | "TRUE" => return ValueKind::Bool(true),
        "false" | "False" | "FALSE" => return ValueKind::Bool(false),
        ".inf" | ".Inf" | ".INF" | "+.inf" => return ValueKind::Float(f64::INFINITY, text.to_owned()),
        "-.inf" | "-.Inf" | "-.INF" => return ValueKind::Float(f64::NEG_INFINITY, text.to_owned()),
        ".nan" | ".NaN" | ".NAN" => return ValueKind::Float(f64::NAN, text.to_owned()),
        _ => {}
    }
    match number(text) {
        Some(kind) => kind,
        None => ValueKind::String(text.to_owned()),
    }
}

/// A plain scalar as a number.
fn number(text: &str) -> Option<ValueKind> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return i64::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+')).map(ValueKind::Int);
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let only = |allowed: &str| unsigned.chars().all(|c| c.is_ascii_digit() || allowed.contains(c));
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if only("") {
        // Text with a leading zero is usually a name, such as `007`.
        let padded = unsigned.len() > 1 && unsigned.starts_with('0');
        return text.parse().ok().filter(|_| !padded).map(ValueKind::Int);
    }
    if only(".eE+-") && unsigned.contains(|c: char| c.is_ascii_digit()) {
        return text.parse().ok().map(|f| ValueKind::Float(f, text.to_owned()));
    }
    None
}
