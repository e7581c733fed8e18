//! The frames in which R reports results.
//!
//! A frame is a line `KIND N` and N fields; a field is a line with its number of bytes, the bytes, and a line end. Texts need no
//! escapes, and a frame that R did not complete is not read.

/// A report of R.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub kind: String,
    pub fields: Vec<String>,
}

/// Bytes that have been read, and how far they have been taken apart.
#[derive(Debug, Default)]
pub(super) struct Frames {
    bytes: Vec<u8>,
    at: usize,
}

impl Frames {
    /// The place for the next bytes.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        self.bytes.drain(..self.at);
        self.at = 0;
        &mut self.bytes
    }

    /// The next complete frame.
    pub fn next(&mut self) -> Option<Frame> {
        let mut at = self.at;
        let header = self.line(&mut at)?;
        let (kind, count) = header.split_once(' ')?;
        let mut fields = Vec::new();
        for _ in 0..count.parse::<usize>().ok()? {
            let length: usize = self.line(&mut at)?.parse().ok()?;
            let end = at.checked_add(length)?;
            if self.bytes.len() <= end {
                return None;
            }
            fields.push(String::from_utf8_lossy(&self.bytes[at..end]).into_owned());
            at = end + 1;
        }
        let kind = kind.to_owned();
        self.at = at;
        Some(Frame { kind, fields })
    }

    fn line(&self, at: &mut usize) -> Option<&str> {
        let rest = &self.bytes[*at..];
        let end = memchr::memchr(b'\n', rest)?;
        *at += end + 1;
        std::str::from_utf8(&rest[..end]).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_as_they_come() {
        let text = b"begin 2\n4\ncell\n1\n0\nstream 1\n4\na\nb\n\ndone 0\n";
        let mut frames = Frames::default();
        let mut all = Vec::new();
        for byte in text {
            frames.buffer().push(*byte);
            all.extend(std::iter::from_fn(|| frames.next()));
        }
        let kinds: Vec<&str> = all.iter().map(|frame| frame.kind.as_str()).collect();
        assert_eq!(kinds, ["begin", "stream", "done"]);
        assert_eq!(all[1].fields, ["a\nb\n"]);
    }
}
