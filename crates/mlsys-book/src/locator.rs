//! Lines and columns of places.

use crate::{File, Place, Source};
use std::cell::OnceCell;
use std::fmt;

/// A place as file, line and column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location<'a> {
    /// Path relative to the project's folder.
    pub path: &'a str,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The offset in the line, in bytes.
    pub offset: usize,
    /// The text of the line, without its end.
    pub source_line: &'a str,
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

/// Finds the files, lines and columns of places. It indexes a file once, so that many diagnostics on one long line are as fast as
/// on many lines.
pub struct Locator<'a> {
    /// The sources in the order of their ids, each with the line indexes of its files.
    sources: Vec<(&'a Source, Vec<OnceCell<Lines>>)>,
}

impl<'a> Locator<'a> {
    /// A locator for sources in the order of their ids.
    pub fn new<S: AsRef<Source> + 'a>(sources: &'a [S]) -> Self {
        let lines = |source: &Source| source.files.iter().map(|_| OnceCell::new()).collect();
        Locator { sources: sources.iter().map(|source| (source.as_ref(), lines(source.as_ref()))).collect() }
    }

    /// The start of a place; `None` if its source is unknown.
    pub fn start(&self, place: Place) -> Option<Location<'a>> {
        self.locate(place, place.span.start)
    }

    /// The end of a place; `None` if its source is unknown.
    pub fn end(&self, place: Place) -> Option<Location<'a>> {
        self.locate(place, place.span.end)
    }

    fn locate(&self, place: Place, offset: u32) -> Option<Location<'a>> {
        // The first source of a build is its configuration, which is where a project is described.
        let source = if place.is_project() { 0 } else { place.source.index() };
        let (source, lines) = self.sources.get(source)?;
        let (file, inside) = source.origin(offset.min(source.text.len() as u32));
        let lines = lines[file].get_or_init(|| Lines::new(&source.files[file].text));
        Some(lines.locate(&source.files[file], inside))
    }
}

impl Source {
    /// The location of an offset. Each call indexes the file; use a [`Locator`] for more than one.
    pub fn locate(&self, offset: u32) -> Location<'_> {
        let (file, inside) = self.origin(offset);
        Lines::new(&self.files[file].text).locate(&self.files[file], inside)
    }
}

/// The line index of a text.
struct Lines {
    /// The start of each line, in bytes.
    starts: Vec<u32>,
    /// The number of characters before each [`STEP`]th byte, and in the whole text.
    characters: Vec<u32>,
}

/// The number of bytes between two entries of [`Lines::characters`].
const STEP: usize = 256;

impl Lines {
    fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let starts = memchr::memchr_iter(b'\n', bytes).map(|end| end as u32 + 1);
        let mut characters = vec![0];
        characters.extend(bytes.chunks(STEP).scan(0, |sum, part| {
            *sum += characters_in(part);
            Some(*sum)
        }));
        Lines { starts: std::iter::once(0).chain(starts).collect(), characters }
    }

    /// The location of a byte of the file.
    fn locate<'a>(&self, file: &'a File, inside: usize) -> Location<'a> {
        let line = self.starts.partition_point(|start| *start as usize <= inside);
        let start = self.starts[line - 1] as usize;
        let end = self.starts.get(line).map_or(file.text.len(), |next| *next as usize - 1);
        let text = &file.text[start..end];
        Location {
            path: &file.path,
            line,
            column: self.characters_before(&file.text, inside) - self.characters_before(&file.text, start) + 1,
            offset: inside - start,
            source_line: text.strip_suffix('\r').unwrap_or(text),
        }
    }

    fn characters_before(&self, text: &str, byte: usize) -> usize {
        let part = byte / STEP;
        (self.characters[part] + characters_in(&text.as_bytes()[part * STEP..byte])) as usize
    }
}

/// The number of characters that begin in some bytes: all bytes but UTF-8 continuations.
fn characters_in(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SourceId, Span};

    /// Line, column, offset and text of a place, counted from the start of the text.
    fn counted(text: &str, at: usize) -> (usize, usize, usize, &str) {
        let before = &text[..at];
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = text[start..].split('\n').next().unwrap_or_default();
        let column = before[start..].chars().count() + 1;
        (before.matches('\n').count() + 1, column, at - start, line.strip_suffix('\r').unwrap_or(line))
    }

    #[test]
    fn lines_and_columns_are_those_that_one_counts() {
        // Lines shorter and longer than a step, of characters of one to four bytes; texts that end on the border of a step.
        let long = "aé€🎈".repeat(STEP);
        for text in
            ["", "\n", "one\r\ntwo", &"é".repeat(STEP / 2), &"\n".repeat(2 * STEP), &format!("é\n\n{long}\n{long}z")]
        {
            let source = Source::new(SourceId(0), "a.qmd", text);
            let sources = [std::sync::Arc::new(source)];
            let locator = Locator::new(&sources);
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let found = locator.start(sources[0].place(Span::new(at, at))).expect("a known source");
                assert_eq!((found.line, found.column, found.offset, found.source_line), counted(text, at), "{at}");
            }
        }
    }

    #[test]
    fn places_behind_the_end_and_in_no_source() {
        let sources = [std::sync::Arc::new(Source::new(SourceId(0), "a.qmd", "one\ntwé"))];
        let locator = Locator::new(&sources);
        let at = |source, end| locator.end(Place { source: SourceId(source), span: Span::new(0, end) });
        assert_eq!(at(0, 7).map(|at| at.to_string()), Some("a.qmd:2:3".to_owned()), "within a character");
        assert_eq!(at(0, 99).map(|at| at.to_string()), Some("a.qmd:2:4".to_owned()));
        assert_eq!(at(1, 0), None);
    }
}
