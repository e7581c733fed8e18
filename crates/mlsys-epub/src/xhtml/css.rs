//! The declarations of `style` attributes.

/// The declarations that every reader of CSS accepts: a name, a colon and a value with its brackets in pairs. Those that load files or
/// turn the direction of text are left out. Source: EPUB 3.3, "CSS style sheets", and CSS Syntax 3, "Parse a declaration".
pub(super) fn declarations(style: &str) -> String {
    let mut out = String::new();
    for declaration in split(style) {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let (name, value) = (name.trim(), value.trim());
        let is_name = !name.is_empty()
            && name.strip_prefix('-').unwrap_or(name).starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let is_foreign =
            ["direction", "unicode-bidi", "position", "behavior"].iter().any(|n| name.eq_ignore_ascii_case(n));
        if !is_name || is_foreign || !is_value(value) {
            continue;
        }
        if !out.is_empty() {
            out.push_str("; ");
        }
        out.push_str(name);
        out.push_str(": ");
        out.push_str(value);
    }
    out
}

/// The parts between semicolons. One in a string or in brackets is part of the value.
fn split(style: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_u32, None);
    for (at, byte) in style.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') => depth = depth.saturating_sub(1),
            (None, b';') if depth == 0 => {
                parts.push(&style[start..at]);
                start = at + 1;
            }
            (None, _) => {}
        }
    }
    parts.push(&style[start..]);
    parts
}

fn is_value(value: &str) -> bool {
    let mut depth = 0_i32;
    let mut quote = None;
    for c in value.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (_, '\\' | '\n' | '\r' | '\u{c}') => return false,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, c) => {
                let is_plain = c.is_alphanumeric() || " \t#%.,+-*/_".contains(c);
                if !is_plain {
                    return value
                        .strip_suffix("!important")
                        .is_some_and(|rest| !rest.contains('!') && is_value(rest.trim()));
                }
            }
        }
        if depth < 0 {
            return false;
        }
    }
    let lower = value.to_ascii_lowercase();
    // A value needs a word, a number or a string.
    let is_something = value.chars().any(|c| c.is_alphanumeric() || c == '"' || c == '\'');
    is_something
        && depth == 0
        && quote.is_none()
        && !lower.contains("url(")
        && !lower.contains("expression(")
        && is_start(value)
}

/// True if a value does not start with a sign of operation.
fn is_start(value: &str) -> bool {
    !value.starts_with(['%', ',', '*', '/', '+'])
}

#[cfg(test)]
mod tests {
    use super::declarations;

    #[test]
    fn only_declarations_remain() {
        let cases = [
            ("width:50%;", "width: 50%"),
            ("color: red; ; }x{", "color: red"),
            ("background: url(http://a.b/c.png); margin: 0 !important", "margin: 0 !important"),
            ("font: 'a;b'; width: calc(1px + (2em)", "font: 'a;b'"),
            ("3d: x; --a: b; -x-y: 1; position: fixed", "-x-y: 1"),
        ];
        for (style, expected) in cases {
            assert_eq!(declarations(style), expected, "{style}");
        }
    }
}
