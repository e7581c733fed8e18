//! TeX in running text.

use super::{Found, Reader};
use mlsys_book::{Attr, Citation, CitationMode, Cite, Inline, InlineKind, Math};
use rustc_hash::FxHashMap;

/// The environments that are formulas, starred forms included.
const MATH_ENVIRONMENTS: &[&str] = &[
    "align",
    "alignat",
    "aligned",
    "displaymath",
    "dmath",
    "eqnarray",
    "equation",
    "flalign",
    "gather",
    "math",
    "multline",
    "split",
    "subequations",
    "xalignat",
];

impl Reader<'_, '_> {
    /// A command or an environment at a backslash before a letter. Source: Pandoc manual, "Extension: raw_tex": a command
    /// takes its arguments with it.
    pub(super) fn tex(&mut self, at: usize, end: usize) -> Found {
        if !self.cx.options.raw_tex {
            return None;
        }
        if self.s[at..end].starts_with("\\begin{")
            && let Some(found) = self.environment(at, end)
        {
            return Some(found);
        }
        let bytes = self.s.as_bytes();
        let mut i = at + 1;
        while i < end && bytes[i].is_ascii_alphabetic() {
            i += 1;
        }
        if i == at + 1 {
            return None;
        }
        let name_end = i;
        if let Some(found) = self.tex_reference(&self.s[at + 1..i], i, end) {
            return Some(found);
        }
        if i < end && bytes[i] == b'*' {
            i += 1;
        }
        let mut arguments = false;
        loop {
            let close = match bytes.get(i).filter(|_| i < end) {
                // `\index{word}[^1]` is followed by a note, not by an argument.
                Some(b'[') if bytes.get(i + 1) == Some(&b'^') => None,
                Some(b'[') => self.brackets.square(i, end),
                Some(b'{') => self.brackets.curly(i, end),
                _ => None,
            };
            let Some(close) = close else { break };
            arguments = true;
            i = close + 1;
        }
        if !arguments {
            if i > name_end {
                i = name_end;
            }
            // A space ends the command's name and belongs to it; a number after it is a dimension.
            let spaces = bytes[i..end].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            match dimension(&self.s[i + spaces..end]) {
                Some(length) => i += spaces + length,
                None => i += spaces,
            }
        }
        Some((i, InlineKind::RawInline("tex".to_owned(), self.s[at..i].to_owned())))
    }

    /// `\ref{label}` and similar commands as cross-references: `\ref` gives the number, `\eqref` puts it in parentheses, the
    /// others put the word before it. Source: LaTeX; the packages amsmath, hyperref, cleveref.
    fn tex_reference(&mut self, name: &str, at: usize, end: usize) -> Found {
        let mode = match name {
            "ref" | "eqref" => CitationMode::SuppressAuthor,
            "autoref" | "cref" | "Cref" => CitationMode::AuthorInText,
            _ => return None,
        };
        if self.byte(at) != b'{' {
            return None;
        }
        let close = self.brackets.curly(at, end)?;
        let key = self.s[at + 1..close].trim().to_owned();
        if key.is_empty() {
            return None;
        }
        let span = self.text.span(at + 1..close);
        let citation = Citation { key, span, prefix: Vec::new(), suffix: Vec::new(), mode };
        let cite = InlineKind::Cite(Cite { citations: vec![citation], bracketed: false });
        let kind = if name == "eqref" {
            let text = |text: &str, span| Inline { span, kind: InlineKind::Str(text.to_owned()) };
            let (open, shut) = (self.text.span(at..at + 1), self.text.span(close..close + 1));
            InlineKind::Span(Box::default(), vec![text("(", open), Inline { span, kind: cite }, text(")", shut)])
        } else {
            cite
        };
        Some((close + 1, kind))
    }

    /// `\begin{x}...\end{x}`: a formula if the environment is a mathematical one.
    fn environment(&mut self, at: usize, end: usize) -> Found {
        let s = self.s;
        let close = *self.environments.get_or_insert_with(|| environments(s)).get(&at)?;
        if close > end {
            return None;
        }
        let raw = s[at..close].to_owned();
        let name = raw["\\begin{".len()..].split('}').next().unwrap_or_default().trim_end_matches('*');
        let kind = if MATH_ENVIRONMENTS.contains(&name) {
            let labels = self.tex_labels(at, close);
            InlineKind::Math(Box::new(Math { display: true, tex: raw, attr: Attr::default(), labels }))
        } else {
            InlineKind::RawInline("tex".to_owned(), raw)
        };
        Some((close, kind))
    }
}

/// From the offset of each `\begin{x}` to the end of its `\end{x}`. Environments of the same name nest.
fn environments(s: &str) -> FxHashMap<usize, usize> {
    let mut open: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let mut closed = FxHashMap::default();
    for (at, b) in s.bytes().enumerate() {
        if b != b'\\' {
            continue;
        }
        let rest = &s[at + 1..];
        let (is_begin, rest) = match (rest.strip_prefix("begin{"), rest.strip_prefix("end{")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => continue,
        };
        let length = rest.bytes().take(64).take_while(|b| b.is_ascii_alphanumeric() || *b == b'*').count();
        if length == 0 || rest.as_bytes().get(length) != Some(&b'}') {
            continue;
        }
        let places = open.entry(&rest[..length]).or_default();
        if is_begin {
            places.push(at);
        } else if let Some(begin) = places.pop() {
            closed.insert(begin, s.len() - rest.len() + length + 1);
        }
    }
    closed
}

/// A number with an optional unit of TeX at the start of the text: its length.
fn dimension(text: &str) -> Option<usize> {
    let sign = usize::from(text.starts_with('-'));
    let digits = text[sign..].bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let number = &text[sign..sign + digits];
    if !number.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // A full stop after the number ends the sentence.
    let digits = number.trim_end_matches('.').len();
    let rest = &text[sign + digits..];
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    let unit = ["pt", "pc", "in", "bp", "cm", "mm", "dd", "cc", "sp", "ex", "em"]
        .iter()
        .any(|unit| rest[spaces..].starts_with(unit) && !rest[spaces + 2..].starts_with(|c: char| c.is_alphanumeric()));
    Some(sign + digits + if unit { spaces + 2 } else { 0 })
}
