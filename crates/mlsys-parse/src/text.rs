//! Text that maps every byte to its source.

use mlsys_book::Span;
use std::borrow::Cow;

/// A line of a container: a source line without the container's prefixes (`> `, list indentation) and without its line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// First byte in the source.
    pub start: u32,
    /// One past the last byte in the source.
    pub end: u32,
    /// The rest of a tab that a container's prefix cut, in columns: virtual spaces before the line.
    pub spaces: u8,
}

impl Line {
    /// The line's bytes in the source, without the virtual spaces.
    pub fn text<'s>(&self, source: &'s str) -> &'s str {
        &source[self.start as usize..self.end as usize]
    }

    /// True if the line is blank.
    pub fn is_blank(&self, source: &str) -> bool {
        self.text(source).bytes().all(|b| b == b' ' || b == b'\t' || b == b'\r')
    }

    /// The line's span.
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }
}

/// The text of a leaf, with a map from its offsets to the source.
#[derive(Clone, Debug)]
pub(crate) struct Text<'s> {
    /// The text; line ends are `\n`.
    pub text: Cow<'s, str>,
    /// `(offset in text, offset in source)` of each contiguous segment, ascending; the first is at offset 0.
    segments: Vec<(u32, u32)>,
    /// The end in the source.
    end: u32,
    /// True if the map is approximate: the text is an unescaped value, which its source does not match byte by byte.
    squeezed: bool,
}

impl<'s> Text<'s> {
    /// The lines joined by `\n`.
    pub fn from_lines(source: &'s str, lines: &[Line]) -> Self {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
            return Text { text: Cow::Borrowed(""), segments: vec![(0, 0)], end: 0, squeezed: false };
        };
        let contiguous = lines.windows(2).all(|w| w[0].end + 1 == w[1].start && w[1].spaces == 0);
        if contiguous && first.spaces == 0 {
            return Text {
                text: Cow::Borrowed(&source[first.start as usize..last.end as usize]),
                segments: vec![(0, first.start)],
                end: last.end,
                squeezed: false,
            };
        }
        let mut text = String::new();
        let mut segments = Vec::with_capacity(lines.len());
        for (i, line) in lines.iter().enumerate() {
            if i > 0 {
                segments.extend(line_end(source, &lines[i - 1], line).map(|at| (text.len() as u32, at)));
                text.push('\n');
            }
            text.extend(std::iter::repeat_n(' ', line.spaces as usize));
            segments.push((text.len() as u32, line.start));
            text.push_str(line.text(source));
        }
        segments[0].0 = 0;
        Text { text: Cow::Owned(text), segments, end: last.end, squeezed: false }
    }

    /// A value that was read from `span`, as of an attribute or in YAML. The map is exact if the bytes agree, otherwise every part
    /// has the whole span.
    pub fn from_value(source: &str, value: &'s str, span: Span) -> Self {
        let span = on_characters(source, span);
        let (segments, squeezed) = value_segments(source, value, span);
        Text { text: Cow::Borrowed(value), segments, end: span.end, squeezed }
    }

    /// A value that was derived from `span`: every part has the whole span, unless the bytes agree.
    pub fn from_owned(source: &str, value: String, span: Span) -> Self {
        let span = on_characters(source, span);
        let (segments, squeezed) = value_segments(source, &value, span);
        Text { text: Cow::Owned(value), segments, end: span.end, squeezed }
    }

    /// A line of a line block: its lines joined by spaces, with leading spaces as no-break spaces.
    pub fn from_verse(source: &'s str, lines: &[Line]) -> Self {
        let Some((first, rest)) = lines.split_first() else { return Text::from_lines(source, lines) };
        let text = first.text(source);
        let white = text.len() - text.trim_start_matches(' ').len();
        if white == 0 && rest.is_empty() {
            return Text::from_lines(source, lines);
        }
        let mut joined = "\u{a0}".repeat(white);
        // A no-break space has two bytes where the source has one.
        let mut segments: Vec<(u32, u32)> = (0..=white as u32).map(|i| (2 * i, first.start + i)).collect();
        joined.push_str(&text[white..]);
        for line in rest {
            joined.push(' ');
            segments.push((joined.len() as u32, line.start));
            joined.push_str(line.text(source));
        }
        let end = rest.last().unwrap_or(first).end;
        Text { text: Cow::Owned(joined), segments, end, squeezed: false }
    }

    /// The offset in the source of an offset in the text.
    pub fn offset(&self, at: usize) -> u32 {
        let (local, source) = self.segments[self.segments.partition_point(|s| s.0 as usize <= at).saturating_sub(1)];
        let offset = source + (at as u32).saturating_sub(local);
        // An unescaped value is shorter than its source, so offsets stay inside it and in order.
        if self.squeezed && self.segments.len() > 1 {
            source
        } else if self.squeezed {
            offset.min(self.end.saturating_sub(1)).max(self.segments[0].1)
        } else {
            offset.min(self.end)
        }
    }

    /// The span in the source of a range of the text.
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        let start = self.offset(range.start);
        // The end belongs to the character before it, so that a range that ends with a line does not swallow the next prefix.
        let mut last = range.end.saturating_sub(1);
        while !self.text.is_char_boundary(last) {
            last -= 1;
        }
        let next = self.segments.partition_point(|s| (s.0 as usize) < range.end);
        let end = match self.segments.get(next).filter(|s| s.0 as usize == range.end) {
            _ if range.end <= range.start => start,
            Some(&(_, source)) if self.squeezed => source,
            Some(&(_, source)) => source.min(self.offset(last) + (range.end - last) as u32),
            None => self.offset(last) + (range.end - last) as u32,
        };
        Span { start, end: end.min(self.end).max(start) }
    }
}

/// The segments of a value that was read from `span`, and whether they are no more than near the truth. Where the source has
/// characters of more than one byte, each character of the value has its own segment, on a boundary.
fn value_segments(source: &str, value: &str, span: Span) -> (Vec<(u32, u32)>, bool) {
    let text = source.get(span.range()).unwrap_or("");
    if text == value {
        return (vec![(0, span.start)], false);
    }
    if text.is_ascii() && value.is_ascii() {
        return (vec![(0, span.start)], true);
    }
    let boundary = |at: usize| {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        span.start + at as u32
    };
    let mut segments: Vec<(u32, u32)> = value.char_indices().map(|(at, _)| (at as u32, boundary(at))).collect();
    segments.push((value.len() as u32, boundary(text.len())));
    (segments, true)
}

/// The span, moved to the boundaries of characters.
fn on_characters(source: &str, span: Span) -> Span {
    let boundary = |at: u32| {
        let mut at = (at as usize).min(source.len());
        while !source.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    Span::new(boundary(span.start), boundary(span.end))
}

/// The offset of the line end between two lines, if it does not follow the first at once.
fn line_end(source: &str, before: &Line, after: &Line) -> Option<u32> {
    let between = source.as_bytes().get(before.end as usize..after.start as usize)?;
    match between.first() {
        None | Some(b'\n' | b'\r') => None,
        Some(_) => memchr::memchr(b'\n', between).map(|at| before.end + at as u32),
    }
}

/// The start of a text: whole characters, at most a number of bytes.
pub(crate) fn at_most(text: &str, length: usize) -> &str {
    (0..4).find_map(|back| text.get(..length.saturating_sub(back))).unwrap_or(text)
}
