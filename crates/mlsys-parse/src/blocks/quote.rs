//! Block quotations. Source: Pandoc manual, "Block quotations".

use super::scan::{marked, strip_up_to, trim_start};
use super::{Parser, parse};
use crate::draft::DraftKind;
use crate::text::Line;

/// The line without `>` and one space after it.
fn unquoted(line: Line, source: &str) -> Option<Line> {
    let (inner, text) = marked(line, source)?;
    if !text.starts_with('>') {
        return None;
    }
    let rest = Line { start: inner.start + 1, end: line.end, spaces: 0 };
    Some(strip_up_to(rest, 1, source))
}

impl<'a> Parser<'_, 'a> {
    /// A quotation. Lines without `>` continue it up to a blank line.
    pub(super) fn quote(&mut self) -> bool {
        let Some(first) = self.peek(0) else { return false };
        let Some(inner) = unquoted(first, self.source) else { return false };
        let mut lines = vec![inner];
        self.at += 1;
        while let Some(line) = self.peek(0).filter(|l| !l.is_blank(self.source)) {
            match unquoted(line, self.source) {
                Some(inner) => lines.push(inner),
                None => {
                    let marker = self.cx.in_list && self.list_marker(self.at).is_some();
                    if marker || self.ends_lazy_line(self.at) || self.code_interrupts(self.at) {
                        break;
                    }
                    lines.push(trim_start(line, self.source));
                }
            }
            self.at += 1;
        }
        let content = parse(&lines, self.cx);
        let span = self.span_from(first.start);
        self.push(span, DraftKind::BlockQuote(content));
        true
    }
}
