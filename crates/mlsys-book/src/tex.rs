//! TeX syntax that both the parser and the renderer read.

use std::ops::Range;

/// The deepest nesting of groups. It bounds the search for the end of an unclosed group, so that thousands of them are read in
/// linear time. KaTeX has the same limit.
const DEEPEST: u32 = 100;

/// The text of the group in braces at the start of `text`, and the rest. `None` if there is no closed group, or if more than a
/// hundred groups nest. A brace after a backslash is text. Source: The TeXbook, chapter 20, undelimited parameters.
pub fn tex_group(text: &str) -> Option<(&str, &str)> {
    delimited(text, b'{', b'}')
}

/// As [`tex_group`], for an argument in braces or in brackets. Source: LaTeX, optional arguments.
pub fn tex_argument(text: &str) -> Option<(&str, &str)> {
    tex_group(text).or_else(|| delimited(text, b'[', b']'))
}

/// The name in braces at the start of `text`, as of a label or an environment, and the rest. A name has neither braces nor
/// commands. Source: LaTeX, `\\label`, `\\begin`.
pub fn tex_name(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('{')?;
    let (name, after) = inner.split_at(inner.find(['{', '}', '\\'])?);
    Some((name, after.strip_prefix('}')?))
}

fn delimited(text: &str, open: u8, close: u8) -> Option<(&str, &str)> {
    let inner = text.strip_prefix(char::from(open))?;
    let mut depth = 0_u32;
    let mut escaped = false;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            _ if byte == open && depth == DEEPEST => return None,
            _ if byte == open => depth += 1,
            _ if byte == close && depth == 0 => return Some((&inner[..at], &inner[at + 1..])),
            _ if byte == close => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The references in a formula, `\ref{name}` and `\eqref{name}`: their bytes, the name, and true for `\eqref`, which puts the number
/// in parentheses. Source: LaTeX; the package amsmath.
pub fn tex_references(tex: &str) -> impl Iterator<Item = (Range<usize>, &str, bool)> {
    tex.match_indices("ref{").filter_map(|(at, _)| {
        let before = &tex[..at];
        let (start, in_parentheses) = match before.strip_suffix("\\eq") {
            Some(start) => (start.len(), true),
            None => (before.strip_suffix('\\')?.len(), false),
        };
        let (name, rest) = tex_name(&tex[at + 3..])?;
        Some((start..tex.len() - rest.len(), name.trim(), in_parentheses))
    })
}

/// The name of the command at the start of `text`, without its backslash, and the rest. A name is letters, or one other character.
/// Source: The TeXbook, chapter 3.
pub fn tex_command(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix('\\')?;
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let length = if letters > 0 { letters } else { rest.chars().next()?.len_utf8() };
    Some(rest.split_at(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_nest_and_escaped_braces_are_text() {
        assert_eq!(tex_group(r"{a{b}\}}c"), Some((r"a{b}\}", "c")));
        assert_eq!(tex_group("{a"), None);
        assert_eq!(tex_group("a"), None);
        assert_eq!(tex_argument("[a[b]]c"), Some(("a[b]", "c")));
    }

    #[test]
    fn names_have_no_commands() {
        assert_eq!(tex_name("{a b}c}"), Some(("a b", "c}")));
        assert_eq!(tex_name(r"{a\b}"), None);
        assert_eq!(tex_name("{a{b}}"), None);
        assert_eq!(tex_name("{a"), None);
    }

    #[test]
    fn groups_nest_at_most_a_hundred_deep() {
        let nested = |depth: usize| "{".repeat(depth) + "x" + &"}".repeat(depth);
        assert!(tex_group(&nested(101)).is_some());
        assert_eq!(tex_group(&nested(102)), None);
    }

    #[test]
    fn a_command_is_letters_or_one_character() {
        assert_eq!(tex_command(r"\alpha x"), Some(("alpha", " x")));
        assert_eq!(tex_command(r"\{x"), Some(("{", "x")));
        assert_eq!(tex_command(r"\"), None);
    }
}
