//! Pieces of raw HTML, and the mapping of their offsets to the source.

use mlsys_book::{Source, Span};

/// The number of additional source lines to search for a line: the fence of a block, and blank lines.
const FURTHER: usize = 16;

/// A piece of raw HTML with its span in the source.
pub struct Piece<'a> {
    /// The HTML.
    pub text: &'a str,
    span: Span,
    lines: Vec<Line>,
}

/// A line of the HTML, or several that are the same in the source.
struct Line {
    /// The offset in the HTML.
    start: usize,
    /// The offset in the source, and the length of leading white space that is missing there; `None` if it was not found.
    found: Option<(usize, usize)>,
}

impl<'a> Piece<'a> {
    /// Finds the lines of the HTML in the source. The HTML lacks the prefixes of containers and the marks around it, so each line is
    /// searched from its own line number on.
    pub fn new(source: &Source, text: &'a str, span: Span) -> Self {
        let written = source.slice(span);
        let base = span.start as usize;
        if let Some(at) = written.find(text) {
            return Piece { text, span, lines: vec![Line { start: 0, found: Some((base + at, 0)) }] };
        }
        let candidates: Vec<&str> = written.split_inclusive('\n').collect();
        let mut start = 0;
        let mut at = base;
        let mut lines = Vec::new();
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let words = line.trim();
            let mut below = at;
            let found = candidates.iter().skip(number).take(FURTHER).find_map(|candidate| {
                let inside = candidate.find(words).map(|inside| below + inside);
                below += candidate.len();
                inside
            });
            lines.push(Line { start, found: found.map(|found| (found, line.len() - line.trim_start().len())) });
            start += line.len();
            at += candidates.get(number).map_or(0, |candidate| candidate.len());
        }
        Piece { text, span, lines }
    }

    /// The span of a range in the source; the whole piece if its line was not found. A range over several lines ends with its first
    /// line.
    pub fn locate(&self, start: usize, end: usize) -> Span {
        let at = self.lines.partition_point(|line| line.start <= start).saturating_sub(1);
        let Some(Line { start: line, found: Some((found, indent)) }) = self.lines.get(at) else { return self.span };
        let line_end = match self.lines.get(at + 1) {
            Some(next) => line + self.text[*line..next.start].trim_end_matches(['\r', '\n']).len(),
            None => self.text.len(),
        };
        let from = found + (start - line).saturating_sub(*indent);
        Span::new(from, from + (end.min(line_end).max(start) - start))
    }
}
