//! Text in braces that was meant as attributes and is none.

use crate::attr;
use crate::text::at_most;
use mlsys_book::{FLOAT_KINDS, THEOREM_KINDS, label_kind};

/// The maximal length of attributes that are searched for a mistake.
const LONGEST: usize = 500;

/// A mistake in attributes.
pub(crate) struct Mistake {
    /// The bytes of the attributes as written, without a brace that is missing.
    pub length: usize,
    /// What is wrong.
    pub message: &'static str,
    /// What to write.
    pub hint: String,
    /// The attributes as they were probably meant, if they can be read then.
    pub meant: Option<String>,
}

/// The mistake in a text that begins with `{` and was probably meant as attributes; `None` for attributes and for other text.
pub(crate) fn mistake(text: &str) -> Option<Mistake> {
    let line = at_most(text, LONGEST);
    let line = &line[..line.find('\n').unwrap_or(line.len())];
    let inner = line.strip_prefix('{').filter(|inner| !inner.starts_with(['{', '=', '%']))?;
    let close = closing_brace(inner);
    let written = &inner[..close.unwrap_or_else(|| inner.trim_end_matches(':').trim_end().len())];
    let looks_meant = {
        let start = written.trim_start();
        let named = start.strip_prefix(['#', '.']).is_some_and(|name| name.starts_with(char::is_alphabetic));
        named || is_pair(start) || is_label(start.trim_end()) || is_class(start.trim_end())
    };
    let length = 1 + written.len() + usize::from(close.is_some());
    if !looks_meant || attr::parse(&line[..length], |at| at as u32).is_some() {
        return None;
    }
    let trimmed = written.trim();
    let (message, meant) = match close {
        None => ("the closing brace of these attributes is missing", format!("{{{trimmed}}}")),
        Some(_) if is_label(trimmed) => ("a label in braces begins with `#`", format!("{{#{trimmed}}}")),
        Some(_) if is_class(trimmed) => ("a class in braces begins with a full stop", format!("{{.{trimmed}}}")),
        Some(_) if trimmed.contains(['“', '”', '„', '‘', '’']) => (
            "the values of attributes have straight quotation marks",
            format!("{{{}}}", trimmed.replace(['“', '”', '„'], "\"").replace(['‘', '’'], "'")),
        ),
        Some(_) if trimmed.matches('"').count() % 2 == 1 => {
            ("a quotation mark of these attributes is missing", format!("{{{trimmed}\"}}"))
        }
        Some(_) if trimmed.contains([',', ';']) => {
            ("attributes are separated by spaces", format!("{{{}}}", without_separators(trimmed)))
        }
        Some(_) if trimmed.contains(" =") || trimmed.contains("= ") => {
            ("no space may stand around `=`", format!("{{{}}}", trimmed.replace(" =", "=").replace("= ", "=")))
        }
        Some(_) => ("this text in braces cannot be read as attributes", String::new()),
    };
    let is_readable = attr::parse(&meant, |at| at as u32).is_some_and(|(_, used)| used == meant.len());
    let hint = match is_readable {
        true => format!("did you mean `{meant}`?"),
        false => "write `{#id .class key=\"value\"}`".to_owned(),
    };
    Some(Mistake { length, message, hint, meant: is_readable.then_some(meant) })
}

/// The brace that closes attributes. One within quotation marks does not, unless they are not closed.
fn closing_brace(inner: &str) -> Option<usize> {
    let mut is_quoted = false;
    let outside = inner.char_indices().find(|(_, c)| {
        is_quoted ^= *c == '"';
        *c == '}' && !is_quoted
    });
    outside.map(|(at, _)| at).or_else(|| inner.find('}'))
}

/// True if a text begins with `key=`, with or without spaces.
fn is_pair(text: &str) -> bool {
    let key = text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(text.len());
    key > 1 && text[key..].trim_start().starts_with('=') && !text[key..].trim_start().starts_with("==")
}

/// True for a word that is a label of a kind that Quarto has.
fn is_label(text: &str) -> bool {
    let is_word = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let is_kind = |kind: String| {
        let kind = kind.as_str();
        matches!(kind, "sec" | "eq") || FLOAT_KINDS.contains(&kind) || THEOREM_KINDS.contains(&kind)
    };
    is_word && text.chars().all(|c| !c.is_uppercase()) && label_kind(text).is_some_and(is_kind)
}

/// True for a word that is a class which authors write in braces.
fn is_class(text: &str) -> bool {
    matches!(text, "unnumbered" | "unlisted" | "panel-tabset" | "column-margin" | "aside" | "lightbox")
        || text.starts_with("callout-") && !text.contains(char::is_whitespace)
}

/// Attributes without the commas and semicolons between them; those in quotation marks stay.
fn without_separators(text: &str) -> String {
    let mut is_quoted = false;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        is_quoted ^= c == '"';
        match c {
            ',' | ';' if !is_quoted => out.push(' '),
            c => out.push(c),
        }
    }
    out.split("  ").collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_have_a_meaning() {
        let meant = |text: &str| mistake(text).map(|mistake| mistake.meant.unwrap_or_default());
        for (text, expected) in [
            ("{tbl-x}", "{#tbl-x}"),
            ("{#fig-a .b", "{#fig-a .b}"),
            ("{.callout-tip title=\"a b\"", "{.callout-tip title=\"a b\"}"),
            ("{#fig-a, .b}", "{#fig-a .b}"),
            ("{#fig-a fig-alt=“A b”}", "{#fig-a fig-alt=\"A b\"}"),
            ("{#fig-a fig-alt=\"A b}", "{#fig-a fig-alt=\"A b\"}"),
            ("{width = 50%}", "{width=50%}"),
            ("{unnumbered}", "{.unnumbered}"),
            ("{.callout-tip :::", "{.callout-tip}"),
        ] {
            assert_eq!(meant(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(meant("{#fig a b}").as_deref(), Some(""));
        for text in
            ["{#fig-a}", "{x}", "{python}", "{=html}", "{{< x >}}", "{a == b}", "{.5}", "{", "{}", "{a, b}", "{#1}"]
        {
            assert!(mistake(text).is_none(), "{text}");
        }
    }
}
