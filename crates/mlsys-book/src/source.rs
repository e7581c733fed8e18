//! Source texts, and places in them.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A half-open range of bytes in a [`Source`]'s text. Both ends are on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end` (bytes).
    pub fn new(start: usize, end: usize) -> Self {
        Span { start: start as u32, end: end.max(start) as u32 }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Span) -> Self {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The span as a range for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// True if `other` is inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A source of a build: its index in the build's list of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceId(pub u32);

impl SourceId {
    /// The project as a whole: no text of it. A [`crate::Locator`] shows the project's configuration instead.
    pub const PROJECT: SourceId = SourceId(u32::MAX);

    /// The index in the build's list of sources.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A span in a named source: where a diagnostic points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The source.
    pub source: SourceId,
    /// The bytes in it.
    pub span: Span,
}

impl Place {
    /// The place of what belongs to the project and to no text in it: a template that the program carries, a value that nobody
    /// wrote, a file that cannot be listed.
    ///
    /// ```
    /// use mlsys_book::Place;
    ///
    /// assert!(Place::project().is_project());
    /// ```
    pub fn project() -> Self {
        Place { source: SourceId::PROJECT, span: Span { start: 0, end: 0 } }
    }

    /// True if the place is the project as a whole.
    pub fn is_project(self) -> bool {
        self.source == SourceId::PROJECT
    }
}

/// A part of a [`Source`]'s text that comes from a file.
///
/// A source without includes has one piece. `{{< include >}}`, quiz files and results of cells add more, so that one chapter is
/// one text with one offset space, and a place can still be printed as file, line and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Offset in the source's text at which the piece begins.
    pub start: u32,
    /// The file, as an index into [`Source::files`].
    pub file: u32,
    /// Offset in that file's text at which the piece was taken.
    pub offset: u32,
    /// True for generated text, such as the output of a cell: all of it points to `offset`. False for text that was copied.
    pub is_generated: bool,
}

/// A file's text, for printing diagnostics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path relative to the project's folder, with `/`.
    pub path: String,
    /// The file's text. A source that is this file alone shares it.
    pub text: Arc<String>,
}

/// The text of one page, configuration or bibliography, ready for parsing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its index in the build.
    pub id: SourceId,
    /// The text that spans count bytes of.
    pub text: Arc<String>,
    /// The files that the text was composed from; the first is the source's own.
    pub files: Vec<File>,
    /// The pieces in order of `start`; the first starts at 0.
    pub pieces: Vec<Piece>,
}

impl Source {
    /// A source that is one file. `path` is relative to the project's folder.
    pub fn new(id: SourceId, path: impl Into<String>, text: impl Into<String>) -> Self {
        Source::sharing(id, path, Arc::new(text.into()))
    }

    /// A source that is one file, sharing the file's text.
    pub fn sharing(id: SourceId, path: impl Into<String>, text: Arc<String>) -> Self {
        Source {
            id,
            files: vec![File { path: path.into(), text: text.clone() }],
            pieces: vec![Piece { start: 0, file: 0, offset: 0, is_generated: false }],
            text,
        }
    }

    /// Appends text that was copied from a file at an offset in bytes, and returns its span.
    pub fn append(&mut self, file: u32, offset: usize, text: &str) -> Span {
        self.push(file, offset, text, false)
    }

    /// Appends text that was generated from what stands in a file at an offset in bytes, and returns its span.
    pub fn append_generated(&mut self, file: u32, offset: usize, text: &str) -> Span {
        self.push(file, offset, text, true)
    }

    /// Appends a part of a source with the same files, piece by piece.
    pub fn append_part(&mut self, other: &Source, span: Span) {
        let first = other.pieces.partition_point(|piece| piece.start <= span.start).saturating_sub(1);
        let mut pieces = other.pieces[first..].iter().peekable();
        while let Some(piece) = pieces.next() {
            let end = pieces.peek().map_or(other.text.len() as u32, |next| next.start).min(span.end);
            let start = piece.start.max(span.start);
            if start >= span.end {
                break;
            }
            let text = other.slice(Span { start, end });
            if text.is_empty() {
                continue;
            }
            match piece.is_generated {
                true => self.append_generated(piece.file, piece.offset as usize, text),
                false => self.append(piece.file, (piece.offset + start - piece.start) as usize, text),
            };
        }
    }

    fn push(&mut self, file: u32, offset: usize, text: &str, is_generated: bool) -> Span {
        let start = self.text.len();
        self.pieces.push(Piece { start: start as u32, file, offset: offset as u32, is_generated });
        Arc::make_mut(&mut self.text).push_str(text);
        Span::new(start, self.text.len())
    }

    /// Reserves room for bytes to append.
    pub fn reserve(&mut self, bytes: usize) {
        match Arc::get_mut(&mut self.text) {
            Some(text) => text.reserve(bytes),
            None => {
                let mut text = String::with_capacity(self.text.len() + bytes);
                text.push_str(&self.text);
                self.text = Arc::new(text);
            }
        }
    }

    /// The path of the source's own file, relative to the project's folder.
    pub fn path(&self) -> &str {
        &self.files[0].path
    }

    /// The text of a span; empty if the span is not in the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The place of a span in this source.
    pub fn place(&self, span: Span) -> Place {
        Place { source: self.id, span }
    }

    /// The origin of an offset: the file, as an index into [`Source::files`], and the byte offset in that file.
    pub fn origin(&self, offset: u32) -> (usize, usize) {
        let at = self.pieces.partition_point(|p| p.start <= offset).saturating_sub(1);
        let piece = &self.pieces[at];
        let text = &self.files[piece.file as usize].text;
        let within = if piece.is_generated { 0 } else { (offset - piece.start) as usize };
        let mut inside = (piece.offset as usize + within).min(text.len());
        while !text.is_char_boundary(inside) {
            inside -= 1;
        }
        (piece.file as usize, inside)
    }
}
