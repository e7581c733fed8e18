//! Line blocks. Source: Pandoc manual, "Line blocks".

use super::Parser;
use super::scan::{trim_end, trim_start};
use crate::draft::DraftKind;
use crate::text::{Line, Text};

impl<'a> Parser<'_, 'a> {
    /// Lines that begin with `|` and a space; lines that begin with a space continue them.
    pub(super) fn line_block(&mut self) -> bool {
        let begins = |line: &Line, source: &str| {
            let text = line.text(source);
            line.spaces == 0 && (text.starts_with("| ") || text.trim_ascii_end() == "|")
        };
        let Some(first) = self.peek(0).filter(|l| begins(l, self.source)) else {
            return false;
        };
        let mut lines: Vec<Vec<Line>> = Vec::new();
        while let Some(line) = self.peek(0) {
            let text = line.text(self.source);
            if begins(&line, self.source) {
                let start = if text.starts_with("| ") { line.start + 2 } else { line.end };
                lines.push(vec![trim_end(Line { start, end: line.end, spaces: 0 }, self.source)]);
            } else if let Some(last) = lines.last_mut()
                && text.starts_with(' ')
                && !line.is_blank(self.source)
                && last.first().is_some_and(|l| l.end > l.start)
            {
                last.push(trim_end(trim_start(line, self.source), self.source));
            } else {
                break;
            }
            self.at += 1;
        }
        let span = self.span_from(first.start);
        let texts = lines.iter().map(|l| Text::from_verse(self.source, l)).collect();
        self.push(span, DraftKind::LineBlock(texts));
        true
    }
}
