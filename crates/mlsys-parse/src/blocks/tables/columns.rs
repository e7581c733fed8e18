//! The display columns of characters, and the table columns of a rule.

use mlsys_book::Alignment;
use unicode_width::UnicodeWidthChar;

/// How to measure characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// By East Asian Width, as Pandoc measures.
    Display,
    /// One column a character, as many editors and formatters pad.
    Characters,
}

/// A line with a map from columns to bytes.
#[derive(Clone, Debug)]
pub(super) struct Ruler<'s> {
    pub text: &'s str,
    /// The byte offset of each column; empty if columns are bytes.
    offsets: Option<Vec<u32>>,
}

impl<'s> Ruler<'s> {
    /// Measures a line. Tabs go to the next multiple of four.
    pub fn new(text: &'s str, measure: Measure) -> Self {
        if text.bytes().all(|b| b.is_ascii() && b != b'\t') {
            return Ruler { text, offsets: None };
        }
        let mut offsets = Vec::with_capacity(text.len());
        for (at, c) in text.char_indices() {
            let width = match (c, measure) {
                ('\t', _) => 4 - offsets.len() % 4,
                (_, Measure::Characters) => 1,
                (_, Measure::Display) => c.width().unwrap_or(0),
            };
            // The second column of a wide character begins where the next character does, so that a cut there keeps the
            // character whole.
            for column in 0..width {
                offsets.push(if column == 0 { at } else { at + c.len_utf8() } as u32);
            }
        }
        Ruler { text, offsets: Some(offsets) }
    }

    /// The number of columns of the line.
    pub fn width(&self) -> usize {
        self.offsets.as_ref().map_or(self.text.len(), Vec::len)
    }

    /// The byte offset of a column; after the last column, the line's length.
    pub fn byte(&self, column: usize) -> usize {
        match &self.offsets {
            None => column.min(self.text.len()),
            Some(offsets) => offsets.get(column).map_or(self.text.len(), |at| *at as usize),
        }
    }

    /// The ASCII character in a column; 0x80 for other characters and their second columns, `None` after the end.
    pub fn ascii(&self, column: usize) -> Option<u8> {
        if column >= self.width() {
            return None;
        }
        let byte = *self.text.as_bytes().get(self.byte(column)).unwrap_or(&0x80);
        Some(if self.is_second(column) { 0x80 } else { byte })
    }

    /// True if the column is the second half of a wide character.
    fn is_second(&self, column: usize) -> bool {
        let Some(offsets) = &self.offsets else { return false };
        let next = offsets.get(column + 1).map_or(self.text.len(), |at| *at as usize);
        offsets[column] as usize == next
    }

    /// The text between two columns.
    pub fn slice(&self, from: usize, to: usize) -> &'s str {
        let (from, to) = (self.byte(from), self.byte(to));
        self.text.get(from..to.max(from)).unwrap_or("")
    }
}

/// The alignment that the colons at the ends of a column's rule ask for, and the rule without them.
pub(super) fn alignment(rule: &str) -> (Alignment, &str) {
    let (left, rest) = rule.strip_prefix(':').map_or((false, rule), |rest| (true, rest));
    let (right, dashes) = rest.strip_suffix(':').map_or((false, rest), |dashes| (true, dashes));
    let align = match (left, right) {
        (false, false) => Alignment::Default,
        (true, false) => Alignment::Left,
        (false, true) => Alignment::Right,
        (true, true) => Alignment::Center,
    };
    (align, dashes)
}

/// The start and alignment of each column of a rule of `mark`.
pub(super) fn specs(line: &str, mark: u8) -> Option<Vec<(usize, Alignment)>> {
    let inner = line.strip_prefix('+')?.strip_suffix('+')?;
    let mut specs = Vec::new();
    let mut start = 1;
    for part in inner.split('+') {
        let (align, dashes) = alignment(part);
        if !dashes.bytes().all(|b| b == mark) || (dashes.is_empty() && !part.starts_with(':')) {
            return None;
        }
        specs.push((start, align));
        start += part.len() + 1;
    }
    Some(specs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        let ruler = Ruler::new("a漢|b", Measure::Display);
        assert_eq!(ruler.width(), 5);
        assert_eq!(
            (1..5).map(|c| ruler.ascii(c)).collect::<Vec<_>>(),
            [Some(0xe6), Some(0x80), Some(b'|'), Some(b'b')]
        );
        assert_eq!(ruler.slice(1, 3), "漢");
        assert_eq!(Ruler::new("a漢|b", Measure::Characters).slice(1, 2), "漢");
    }
}
