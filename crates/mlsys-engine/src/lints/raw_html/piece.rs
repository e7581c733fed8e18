//! Pieces of raw HTML and where they stand in their source.

use mlsys_book::{Source, Span};

/// How many lines of the source below a line's own number may stand before it: the fence of a block, and blank lines around it.
const FURTHER: usize = 16;

/// A piece of raw HTML and the bytes of the source that it was read from.
pub struct Piece<'a> {
    /// What was read.
    pub text: &'a str,
    span: Span,
    lines: Vec<Line>,
}

/// A line of the text, or several that stand in the source as they are in the text.
struct Line {
    /// Where it begins in the text.
    start: usize,
    /// Where it begins in the source, and how much white space at its beginning is not there; nothing where it was not found.
    found: Option<(usize, usize)>,
}

impl<'a> Piece<'a> {
    /// Finds the text's lines in what was written there. Prefixes of a container's lines and marks around the text are not in the
    /// text, so a line is sought in the source from its number on.
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

    /// Where a range of the text stands in the source; the whole piece where its line was not found. What reaches into another
    /// line ends with its own.
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
