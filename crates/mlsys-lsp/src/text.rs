//! Positions of the protocol, and byte offsets of texts.

use crate::protocol::{Change, Position, Range};

/// The unit of [`Position::character`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what every editor understands.
    #[default]
    Utf16,
}

impl Encoding {
    /// The first of the editor's encodings that the server has.
    pub fn chosen(offered: &[String]) -> Encoding {
        match offered.iter().find(|name| matches!(name.as_str(), "utf-8" | "utf-16")) {
            Some(name) if name == "utf-8" => Encoding::Utf8,
            Some(_) | None => Encoding::Utf16,
        }
    }

    /// Its name in the protocol.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
        }
    }

    /// The length of a text in this unit.
    pub fn length(self, text: &str) -> u32 {
        match self {
            Encoding::Utf8 => text.len() as u32,
            Encoding::Utf16 => text.encode_utf16().count() as u32,
        }
    }

    /// The byte of a line at an offset in this unit; the line's end for an offset behind it.
    fn byte(self, line: &str, character: u32) -> usize {
        let mut units = 0;
        for (at, c) in line.char_indices() {
            if units >= character {
                return at;
            }
            units += match self {
                Encoding::Utf8 => c.len_utf8(),
                Encoding::Utf16 => c.len_utf16(),
            } as u32;
        }
        line.len()
    }

    /// The byte of a text at a position; the text's end for a position behind it.
    pub fn offset(self, text: &str, position: Position) -> usize {
        let mut start = 0;
        for _ in 0..position.line {
            match text[start..].find('\n') {
                Some(end) => start += end + 1,
                None => return text.len(),
            }
        }
        start + self.byte(line_at(text, start), position.character)
    }

    /// The position of a byte of a text.
    pub fn position(self, text: &str, byte: usize) -> Position {
        let before = &text[..byte];
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        Position { line: line as u32, character: self.length(&before[start..]) }
    }

    /// The range of bytes of a text.
    pub fn range(self, text: &str, bytes: std::ops::Range<usize>) -> Range {
        Range { start: self.position(text, bytes.start), end: self.position(text, bytes.end) }
    }

    /// Applies a change to a text.
    pub fn apply(self, text: &mut String, change: Change) {
        match change.range {
            None => *text = change.text,
            Some(range) => {
                let start = self.offset(text, range.start);
                let end = self.offset(text, range.end).max(start);
                text.replace_range(start..end, &change.text);
            }
        }
    }
}

/// The line that begins at a byte, without its end.
fn line_at(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
    line.strip_suffix('\r').unwrap_or(line)
}

/// The line around a byte, and its first byte.
pub fn line_around(text: &str, byte: usize) -> (usize, &str) {
    let start = text[..byte].rfind('\n').map_or(0, |end| end + 1);
    (start, line_at(text, start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_bytes_agree() {
        let text = "aé🎈b\r\n中文 x\n\n🎈";
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (byte, _) in text.char_indices().filter(|(_, c)| *c != '\n') {
                let position = encoding.position(text, byte);
                assert_eq!(encoding.offset(text, position), byte, "{encoding:?} {position:?}");
            }
        }
        let utf16 = |line, character| Encoding::Utf16.offset(text, Position { line, character });
        assert_eq!(&text[utf16(0, 4)..], &text["aé🎈".len()..]);
        assert_eq!(utf16(0, 99), "aé🎈b".len(), "behind the line");
        assert_eq!(utf16(99, 0), text.len(), "behind the text");
    }

    #[test]
    fn changes_apply_one_after_the_other() {
        let mut text = "one 🎈 two\nthree".to_owned();
        let at = |line, character| Position { line, character };
        let change = |start, end, new: &str| Change { range: Some(Range { start, end }), text: new.to_owned() };
        Encoding::Utf16.apply(&mut text, change(at(0, 4), at(0, 6), "中"));
        assert_eq!(text, "one 中 two\nthree");
        Encoding::Utf16.apply(&mut text, change(at(0, 9), at(1, 0), " "));
        assert_eq!(text, "one 中 two three");
        Encoding::Utf16.apply(&mut text, change(at(0, 5), at(0, 1), "!"));
        assert_eq!(text, "one 中! two three", "a range that ends before it starts is empty");
        Encoding::Utf16.apply(&mut text, Change { range: None, text: "new".to_owned() });
        assert_eq!(text, "new");
    }
}
