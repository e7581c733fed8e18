//! Citations. Source: Pandoc manual, "Citation syntax". Cross-references have the same syntax.

use super::{Found, Reader};
use mlsys_book::{Citation, CitationMode, Cite, Code, Inline, InlineKind};
use std::ops::Range;

/// A key and its range.
struct Key {
    /// The key without `@` and braces.
    name: Range<usize>,
    /// `@key` or `-@key`.
    whole: Range<usize>,
    suppress_author: bool,
}

impl Reader<'_, '_> {
    /// `@key` or `-@key` in running text, with the locator in brackets after it.
    pub(super) fn cite(&mut self, at: usize, level: &Range<usize>) -> Found {
        if !self.cx.options.citations || self.after_word(at, level) {
            return None;
        }
        let key = self.key(at, level.end)?;
        let name = self.s[key.name.clone()].to_owned();
        if let Some(&number) = self.cx.definitions.examples.get(&name).filter(|_| !key.suppress_author) {
            return Some((key.whole.end, InlineKind::ExampleRef(number)));
        }
        let mode = if key.suppress_author { CitationMode::SuppressAuthor } else { CitationMode::AuthorInText };
        let span = self.text.span(key.whole.clone());
        let mut end = key.whole.end;
        let first = Citation { key: name, span, prefix: Vec::new(), suffix: Vec::new(), mode };
        let mut citations = vec![first];
        let gap = &self.s[end..level.end];
        let spaces = gap.len() - gap.trim_start_matches([' ', '\t', '\n', '\r']).len();
        let open = end + spaces;
        if gap[..spaces].matches('\n').count() < 2
            && self.byte(open) == b'['
            && self.byte(open + 1) != b'^'
            && let Some(close) = self.brackets.square(open, level.end)
        {
            if let Some((after, InlineKind::Cite(rest))) = self.bracketed_cite(open, close, level.end) {
                citations.extend(rest.citations);
                end = after;
            } else if (!matches!(self.byte(close + 1), b'[' | b'(') || close + 1 >= level.end)
                && let Some((suffix, rest)) = self.bare_locator(open + 1..close)
            {
                citations[0].suffix = suffix;
                citations.extend(rest);
                end = close + 1;
            }
        }
        Some((end, InlineKind::Cite(Cite { citations, bracketed: false })))
    }

    /// `[p. 3; see @other]` after a key in running text.
    fn bare_locator(&mut self, inner: Range<usize>) -> Option<(Vec<Inline>, Vec<Citation>)> {
        let parts = self.parts(&inner);
        let (first, rest) = parts.split_first()?;
        if rest.iter().any(|(_, key)| key.is_none()) {
            return None;
        }
        let suffix = self.suffix(first.0.clone());
        let rest = rest.iter().filter_map(|(part, key)| Some(self.citation(part, key.as_ref()?))).collect();
        Some((suffix, rest))
    }

    /// `[see @a, p. 3; -@b]`: every part between semicolons has a key.
    pub(super) fn bracketed_cite(&mut self, open: usize, close: usize, end: usize) -> Found {
        if !self.cx.options.citations {
            return None;
        }
        let inner = open + 1..close;
        self.find("@", inner.start, inner.end)?;
        let parts = self.parts(&inner);
        if parts.iter().any(|(_, key)| key.is_none()) || self.is_label(close, end) {
            return None;
        }
        let mut citations = Vec::with_capacity(parts.len());
        for (part, key) in &parts {
            let Some(key) = key else { continue };
            let citation = self.citation(part, key);
            if citation.suffix.iter().any(|i| matches!(i.kind, InlineKind::Cite(_))) {
                let span = self.text.span(open..close + 1);
                let message = format!("the text after `@{}` contains another citation", citation.key);
                let diagnostic = self.cx.report(Code::MalformedCitation, span, message);
                diagnostic.hints.push("separate citations with `;`".to_owned());
            }
            citations.push(citation);
        }
        Some((close + 1, InlineKind::Cite(Cite { citations, bracketed: true })))
    }

    /// True if the bracket is the text of a link or a span: a parenthesis, bracket or brace follows.
    fn is_label(&mut self, close: usize, end: usize) -> bool {
        let after = close + 1;
        if after >= end {
            return false;
        }
        let rest = &self.s[after..end];
        match self.byte(after) {
            b'(' => self.has_inline_destination(after, end),
            b'{' => crate::attr::parse(rest, |_| 0).is_some(),
            b'[' => !rest.starts_with("[^") && self.brackets.square(after, end).is_some(),
            _ => false,
        }
    }

    fn citation(&mut self, part: &Range<usize>, key: &Key) -> Citation {
        let prefix = self.inlines(part.start..key.whole.start);
        let suffix = self.suffix(key.whole.end..part.end);
        Citation {
            key: self.s[key.name.clone()].to_owned(),
            span: self.text.span(key.whole.clone()),
            prefix,
            suffix,
            mode: if key.suppress_author { CitationMode::SuppressAuthor } else { CitationMode::Normal },
        }
    }

    /// The text after a key. A space before it shows as a space.
    fn suffix(&mut self, range: Range<usize>) -> Vec<Inline> {
        let spaced = self.s[range.clone()].starts_with(|c: char| c.is_ascii_whitespace());
        let start = range.start;
        let mut content = self.inlines(range);
        if spaced && let Some(first) = content.first_mut() {
            let span = self.text.span(start..start + 1);
            if let InlineKind::Str(text) = &mut first.kind {
                text.insert(0, ' ');
                first.span = span.to(first.span);
            } else {
                content.insert(0, Inline { span, kind: InlineKind::Str(" ".to_owned()) });
            }
        }
        content
    }

    /// The parts between semicolons, each with its first key. Brackets and code are skipped.
    fn parts(&self, inner: &Range<usize>) -> Vec<(Range<usize>, Option<Key>)> {
        let bytes = self.s.as_bytes();
        let mut parts = Vec::new();
        let mut start = inner.start;
        let mut key = None;
        let mut i = inner.start;
        while i < inner.end {
            match bytes[i] {
                b'\\' if i + 1 < inner.end && bytes[i + 1].is_ascii() => i += 1,
                b'`' => {
                    if let Some((length, close)) = self.brackets.code(i, inner.end) {
                        i = close + length;
                        continue;
                    }
                }
                b'[' => {
                    if let Some(close) = self.brackets.square(i, inner.end) {
                        i = close;
                    }
                }
                b'@' | b'-' if key.is_none() && !self.after_word(i, inner) => {
                    if let Some(found) = self.key(i, inner.end) {
                        i = found.whole.end;
                        key = Some(found);
                        continue;
                    }
                }
                b';' => {
                    parts.push((start..i, key.take()));
                    start = i + 1;
                }
                _ => {}
            }
            i += 1;
        }
        parts.push((start..inner.end, key));
        parts
    }

    /// The key at `@` or `-@`: letters, digits and `_`, between them single marks of punctuation; or anything in braces.
    fn key(&self, at: usize, end: usize) -> Option<Key> {
        let suppress_author = self.byte(at) == b'-';
        let start = at + 1 + usize::from(suppress_author);
        if start >= end || self.byte(start - 1) != b'@' {
            return None;
        }
        let rest = &self.s[start..end];
        if rest.starts_with('{') {
            let close = self.brackets.curly(start, end)?;
            let name = start + 1..close;
            if name.is_empty() || self.s[name.clone()].contains(char::is_whitespace) {
                return None;
            }
            return Some(Key { name, whole: at..close + 1, suppress_author });
        }
        let is_regular = |c: char| c.is_alphanumeric() || c == '_';
        let mut chars = rest.char_indices().peekable();
        let (_, first) = chars.next()?;
        if !is_regular(first) && first != '*' {
            return None;
        }
        let mut length = first.len_utf8();
        while let Some((i, c)) = chars.next() {
            let next = chars.peek().map(|(_, c)| *c);
            let inside = match c {
                _ if is_regular(c) => true,
                ':' | '/' if next == Some('/') => true,
                ':' | '.' | '#' | '$' | '%' | '&' | '-' | '+' | '?' | '<' | '>' | '~' | '/' => {
                    next.is_some_and(is_regular)
                }
                _ => false,
            };
            if !inside {
                break;
            }
            length = i + c.len_utf8();
        }
        Some(Key { name: start..start + length, whole: at..start + length, suppress_author })
    }
}
