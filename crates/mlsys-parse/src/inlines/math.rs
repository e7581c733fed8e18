//! Formulas between dollars.

use super::{Found, Reader};
use crate::attr;
use mlsys_book::{Attr, Code, Id, InlineKind, Math, tex_name};

impl Reader<'_, '_> {
    /// A formula at a dollar.
    pub(super) fn math(&mut self, at: usize, end: usize) -> Found {
        if self.byte(at + 1) == b'$'
            && let Some(found) = self.display_math(at, end)
        {
            return Some(found);
        }
        self.inline_math(at, end)
    }

    /// `\(...\)` and `\[...\]`, with one or two backslashes. Source: Pandoc manual, "Extension: tex_math_single_backslash".
    pub(super) fn delimited_math(&mut self, at: usize, backslashes: usize, end: usize) -> Found {
        let open = at + backslashes;
        let (display, close) = match (self.byte(open), backslashes) {
            (b'(', 1) => (false, "\\)"),
            (b'[', 1) => (true, "\\]"),
            (b'(', _) => (false, "\\\\)"),
            (b'[', _) => (true, "\\\\]"),
            _ => return None,
        };
        let found = self.find(close, open + 1, end)?;
        let tex = self.s[open + 1..found].trim();
        if tex.is_empty() {
            return None;
        }
        let labels = if display { self.tex_labels(open + 1, found) } else { Vec::new() };
        let tex = self.expand_verbatim(tex, open + 1..found);
        Some((found + close.len(), InlineKind::Math(Box::new(Math { display, tex, attr: Attr::default(), labels }))))
    }

    /// `$$...$$`, with the equation's label after it. Source: Quarto guide, "Cross References: Equations".
    fn display_math(&mut self, at: usize, end: usize) -> Found {
        let close = self.find("$$", at + 3, end)?;
        let tex = self.s[at + 2..close].trim();
        if tex.is_empty() {
            return None;
        }
        let mut after = close + 2;
        let mut attr = Attr::default();
        let spaces = self.s[after..end].bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
        match attr::parse_spaced(&self.s[after + spaces..end], |i| self.text.offset(after + spaces + i)) {
            Some((label, length)) if label.id().starts_with("eq-") => {
                attr = label;
                after += spaces + length;
            }
            Some((label, _)) => self.report_label(label.id),
            None => self.report_attributes(after + spaces, end),
        }
        let labels = if attr.id.is_some() { Vec::new() } else { self.tex_labels(at + 2, close) };
        let tex = self.expand_verbatim(tex, at + 2..close);
        Some((after, InlineKind::Math(Box::new(Math { display: true, tex, attr, labels }))))
    }

    /// Reports the label of an equation that is none: the braces are text.
    fn report_label(&mut self, id: Option<Id>) {
        let Some(id) = id.filter(|_| !self.expanding) else { return };
        let name = id.name.strip_prefix("eq").unwrap_or(&id.name).trim_start_matches([':', '_', '.']);
        let message = format!("`{}` is no label of an equation, which begins with `eq-`", id.name);
        let diagnostic = self.cx.report(Code::MisspelledAttribute, id.span, message);
        diagnostic.hints.push(format!("did you mean `#eq-{name}`?"));
    }

    /// `$...$`: the opening dollar has no space after it, the closing one no space before and no digit after it. The first
    /// dollar decides: if it cannot close, there is no formula, so that amounts of money stay text.
    ///
    /// Source: Pandoc manual, "Extension: tex_math_dollars".
    fn inline_math(&mut self, at: usize, end: usize) -> Found {
        let bytes = self.s.as_bytes();
        let mut i = at + 1;
        if i >= end || bytes[i].is_ascii_whitespace() || bytes[i] == b'$' {
            return None;
        }
        let mut tex = String::new();
        loop {
            if i >= end {
                return None;
            }
            match bytes[i] {
                b'$' => break,
                b'\\' => {
                    if self.s[i..end].starts_with("\\text{") {
                        // Dollars inside `\text{...}` belong to it.
                        if let Some(close) = self.brackets.curly(i + 5, end) {
                            tex.push_str(&self.s[i..=close]);
                            i = close + 1;
                            continue;
                        }
                    }
                    let length = self.char_at(i + 1).filter(|_| i + 1 < end).map_or(0, char::len_utf8);
                    tex.push_str(&self.s[i..i + 1 + length]);
                    i += 1 + length;
                }
                b' ' | b'\t' | b'\n' | b'\r' => {
                    i += bytes[i..end].iter().take_while(|b| b.is_ascii_whitespace()).count();
                    if i < end && bytes[i] == b'$' {
                        return None;
                    }
                    tex.push(' ');
                }
                _ => {
                    let length = self.char_at(i).map_or(1, char::len_utf8);
                    tex.push_str(&self.s[i..i + length]);
                    i += length;
                }
            }
        }
        if self.byte(i + 1).is_ascii_digit() && i + 1 < end {
            return None;
        }
        let (tex, attr) = (self.expand_verbatim(tex.trim(), at..i), Attr::default());
        Some((i + 1, InlineKind::Math(Box::new(Math { display: false, tex, attr, labels: Vec::new() }))))
    }

    /// The `\label`s of a display formula.
    pub(super) fn tex_labels(&self, start: usize, end: usize) -> Vec<Id> {
        const LABEL: &str = "\\label";
        let label = |at: usize| {
            let from = start + at + LABEL.len();
            let (name, _) = tex_name(&self.s[from..end])?;
            let span = self.text.span(from + 1..from + 1 + name.len());
            Some(Id { name: name.trim().to_owned(), span, automatic: false })
        };
        self.s[start..end].match_indices(LABEL).filter_map(|(at, _)| label(at)).collect()
    }
}
