//! Code spans, inline cells and raw inlines.

use super::{Found, Reader};
use crate::braces::shown_braces;
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
            let text = self.expand_verbatim(&text, at..after);
            return Some((after + length, InlineKind::RawInline(format.to_owned(), text)));
        }
        let (attr, length) =
            attr::parse(&self.s[after..end], |i| self.text.offset(after + i)).unwrap_or((Attr::default(), 0));
        let attr = self.expanded(attr);
        let text = if attr.get("shortcodes") == Some("false") { text } else { self.expand_verbatim(&text, at..after) };
        if length == 0
            && let Some((language, code)) = cell(&text)
        {
            return Some((after, InlineKind::Cell(language.to_owned(), code.to_owned())));
        }
        Some((after + length, InlineKind::Code(Box::new(attr), shown_braces(&text, false))))
    }

    /// The text with `meta`, `var`, `env` and `brand` shortcodes expanded; others stay. Undefined names are reported at `range`.
    pub(super) fn expand_verbatim(&mut self, text: &str, range: std::ops::Range<usize>) -> String {
        if self.expanding || !text.contains("{{<") {
            return text.to_owned();
        }
        let shortcode::Expanded { text, missing } = shortcode::expand_verbatim(text, self.cx.scope, &mut self.cx.keys);
        for (_, shortcode, name) in missing {
            self.report_missing(&shortcode, &name, range.clone());
        }
        text
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
