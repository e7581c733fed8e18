//! Code spans, inline cells and raw inlines.

use super::{Found, Reader};
use crate::{attr, shortcode};
use mlsys_book::{Attr, InlineKind};

impl Reader<'_, '_> {
    /// A code span at a backtick. Source: Pandoc manual, "Verbatim", "Extension: inline_code_attributes" and
    /// "raw_attribute"; Quarto guide, "Inline Code".
    pub(super) fn code(&mut self, at: usize, end: usize) -> Found {
        let (fence, close) = self.brackets.code(at, end)?;
        let text = self.s[at + fence..close].trim().replace('\n', " ");
        let after = close + fence;
        if let Some((format, length)) = raw_format(&self.s[after..end]) {
            return Some((after + length, InlineKind::RawInline(format.to_owned(), text)));
        }
        let text =
            if text.contains("{{<") || text.contains("{{{<") { self.expand_verbatim(&text, at..after) } else { text };
        let (attr, length) =
            attr::parse(&self.s[after..end], |i| self.text.offset(after + i)).unwrap_or((Attr::default(), 0));
        if length == 0
            && let Some((language, code)) = cell(&text)
        {
            return Some((after, InlineKind::Cell(language.to_owned(), code.to_owned())));
        }
        Some((after + length, InlineKind::Code(attr, text)))
    }

    /// Text with its `meta`, `var` and `env` shortcodes replaced by their values; the others stay as they are.
    pub(super) fn expand_verbatim(&mut self, text: &str, range: std::ops::Range<usize>) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find("{{<") {
            let escaped = rest[start..].starts_with("{{<") && rest[..start].ends_with('{');
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            if escaped && let Some(close) = rest.find(">}}}") {
                // `{{{< x >}}}` shows `{{< x >}}`: one brace less on both sides.
                out.pop();
                out.push_str(&rest[..close + 3]);
                rest = &rest[close + 4..];
                continue;
            }
            let Some((call, length)) = shortcode::parse(rest).filter(|_| !self.expanding) else {
                out.push_str(&rest[..3]);
                rest = &rest[3..];
                // Without a closing part there is none for the next one either.
                if !rest.contains(">}}") {
                    break;
                }
                continue;
            };
            match shortcode::expand(&call, self.cx.scope) {
                Some(shortcode::Expansion::Text(value)) => out.push_str(&value),
                Some(shortcode::Expansion::Missing(name)) => {
                    self.report_missing(&call.name, &name, range.clone());
                    out.push_str(&format!("?{}:{name}", call.name));
                }
                None => out.push_str(&rest[..length]),
            }
            rest = &rest[length..];
        }
        out.push_str(rest);
        out
    }
}

/// `{=format}` at the start of the text, and its length.
fn raw_format(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix('{')?;
    let name = rest.trim_start().strip_prefix('=')?;
    let length = name.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'+')).count();
    let after = &name[length..];
    let close = after.trim_start().strip_prefix('}')?;
    (length > 0).then(|| (&name[..length], text.len() - close.len()))
}

/// `{python} x`: language and code.
fn cell(text: &str) -> Option<(&str, &str)> {
    let (language, code) = text.strip_prefix('{')?.split_once('}')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+');
    let named = !language.is_empty() && language.chars().all(is_name) && language.starts_with(char::is_alphabetic);
    (named && code.starts_with([' ', '\t'])).then(|| (language, code.trim()))
}
