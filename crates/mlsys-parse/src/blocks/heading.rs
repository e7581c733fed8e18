//! Headings. Source: Pandoc manual, "Headings".

use super::Parser;
use super::scan::{trim_end, trim_start};
use crate::attr;
use crate::attr_mistake::mistake;
use crate::draft::{DraftKind, HeaderDraft};
use crate::text::{Line, Text};
use mlsys_book::{Attr, Code, Span};

/// HTML has six levels.
const LEVELS: usize = 6;

impl<'a> Parser<'_, 'a> {
    /// A heading with number signs or an underline. `first` is the line's first byte that is not a space.
    pub(super) fn heading(&mut self, first: u8) -> bool {
        let Some(line) = self.peek(0) else { return false };
        if let Some(level) = self.underlined() {
            let text = trim_end(trim_start(line, self.source), self.source);
            self.at += 2;
            let span = self.span_from(line.start);
            let (attr, text) = self.heading_text(text);
            self.push(span, DraftKind::Header(HeaderDraft { level, attr, text, content: None }));
            return true;
        }
        if first != b'#' || line.spaces > 0 {
            return false;
        }
        let Some(level) = self.heading_level(line.text(self.source)) else { return false };
        self.at += 1;
        let rest = Line { start: line.start + level as u32, end: line.end, spaces: 0 };
        let (attr, text) = self.heading_text(trim_end(trim_start(rest, self.source), self.source));
        let level = level.min(LEVELS) as u8;
        self.push(line.span(), DraftKind::Header(HeaderDraft { level, attr, text, content: None }));
        true
    }

    /// The number of number signs before a heading.
    pub(super) fn heading_level(&self, text: &str) -> Option<usize> {
        let level = text.bytes().take_while(|b| *b == b'#').count();
        let is_apart = text.as_bytes().get(level).is_none_or(|b| matches!(b, b' ' | b'\t'));
        (level > 0 && (is_apart || !self.cx.options.space_in_atx_header)).then_some(level)
    }

    /// The level that an underline of `=` or `-` below the current line gives it.
    fn underlined(&self) -> Option<u8> {
        let underline = self.peek(1)?;
        if underline.spaces > 0 {
            return None;
        }
        let text = underline.text(self.source).trim_ascii_end();
        let mark = *text.as_bytes().first().filter(|b| matches!(b, b'=' | b'-'))?;
        text.bytes().all(|b| b == mark).then_some(if mark == b'=' { 1 } else { 2 })
    }

    /// A heading's text without its attributes and closing number signs.
    fn heading_text(&mut self, line: Line) -> (Attr, Text<'a>) {
        let mut line = line;
        let mut attr = Attr::default();
        let text = line.text(self.source);
        if text.ends_with('}') {
            // Attributes come last; a brace in a value is quoted, so the last one that makes sense begins them.
            let opens = memchr::memrchr_iter(b'{', text.as_bytes()).take(8);
            for open in opens {
                let parsed = attr::parse(&text[open..], |i| line.start + (open + i) as u32);
                if let Some((found, used)) = parsed
                    && open + used == text.len()
                    && !ends_with_inline(&text[..open])
                {
                    attr = found;
                    line = trim_end(Line { end: line.start + open as u32, ..line }, self.source);
                    break;
                }
            }
        }
        if attr.is_empty()
            && let Some(open) = text.rfind('{').filter(|open| text[..*open].ends_with(' '))
            && let Some(found) = mistake(&text[open..]).filter(|found| open + found.length == text.len())
        {
            let start = line.start as usize + open;
            let span = Span::new(start, start + found.length);
            self.cx.report(Code::MalformedAttributes, span, found.message).hints.push(found.hint);
        }
        let text = line.text(self.source);
        let closing = text.trim_end_matches('#');
        if closing.len() < text.len() && (closing.is_empty() || closing.ends_with([' ', '\t'])) {
            line = trim_end(Line { end: line.start + closing.len() as u32, ..line }, self.source);
        }
        (attr, Text::from_lines(self.source, &[line]))
    }
}

/// True if a text ends with an inline that takes the attributes right after it: a span, link, image or code. Pandoc reads
/// inlines first, so these attributes are not the heading's. Notes and citations take none.
fn ends_with_inline(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes.last() {
        Some(b']') => opening(bytes, bytes.len() - 1).is_some_and(|open| {
            let label = &text[open + 1..];
            !label.starts_with(['^', '@']) && !label.starts_with("-@")
        }),
        Some(b')') => opening(bytes, bytes.len() - 1)
            .and_then(|open| open.checked_sub(1))
            .is_some_and(|end| bytes[end] == b']' && opening(bytes, end).is_some()),
        Some(b'`') => {
            let before = text.trim_end_matches('`');
            let fence = text.len() - before.len();
            before.split(|c| c != '`').any(|run| run.len() == fence)
        }
        Some(_) | None => false,
    }
}

/// The bracket that opens what the one at `close` closes. Escaped brackets do not count.
fn opening(bytes: &[u8], close: usize) -> Option<usize> {
    let (opener, closer) = if bytes[close] == b']' { (b'[', b']') } else { (b'(', b')') };
    let mut depth = 0usize;
    for at in (0..=close).rev() {
        if bytes[at] != opener && bytes[at] != closer {
            continue;
        }
        if bytes[..at].iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1 {
            continue;
        }
        if bytes[at] == closer {
            depth += 1;
        } else if bytes[at] == opener {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}
