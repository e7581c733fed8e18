//! Source text and places in it.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A half-open range of bytes in a [`Source`]'s text. Both ends lie on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
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

    /// Whether `other` lies inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Which source of a build: its index in the build's list of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceId(pub u32);

/// A span in a named source: where a diagnostic points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The source.
    pub source: SourceId,
    /// The bytes in it.
    pub span: Span,
}

/// A part of a [`Source`]'s text that was copied from a file.
///
/// A source without includes has one piece. `{{< include >}}` and quiz files add more, so that one chapter is one text with
/// one offset space, and a place can still be printed as file, line and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Offset in the source's text at which the piece begins.
    pub start: u32,
    /// The file, as an index into [`Source::files`].
    pub file: u32,
    /// Offset in that file's text at which the piece was taken.
    pub offset: u32,
}

/// One file's text, kept for printing diagnostics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path relative to the project's folder, with `/`.
    pub path: String,
    /// The file's text, which sources that hold nothing else share with whoever has read the file.
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

    /// A source that is one file of which the text is at hand.
    pub fn sharing(id: SourceId, path: impl Into<String>, text: Arc<String>) -> Self {
        Source {
            id,
            files: vec![File { path: path.into(), text: text.clone() }],
            pieces: vec![Piece { start: 0, file: 0, offset: 0 }],
            text,
        }
    }

    /// Adds text that was taken from a file at `offset` bytes, and returns where it now stands. Whoever composes a source calls
    /// this in order; passes only read.
    pub fn append(&mut self, file: u32, offset: usize, text: &str) -> Span {
        let start = self.text.len();
        self.pieces.push(Piece { start: start as u32, file, offset: offset as u32 });
        Arc::make_mut(&mut self.text).push_str(text);
        Span::new(start, self.text.len())
    }

    /// Makes room for so many bytes that will be appended.
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

    /// The text of a span; empty when the span is not in the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The place of a span in this source.
    pub fn place(&self, span: Span) -> Place {
        Place { source: self.id, span }
    }

    /// The file, as an index into [`Source::files`], and the byte offset in it that an offset of the text comes from.
    pub fn origin(&self, offset: u32) -> (usize, usize) {
        let at = self.pieces.partition_point(|p| p.start <= offset).saturating_sub(1);
        let piece = &self.pieces[at];
        let text = &self.files[piece.file as usize].text;
        let mut inside = (piece.offset as usize + (offset - piece.start) as usize).min(text.len());
        while !text.is_char_boundary(inside) {
            inside -= 1;
        }
        (piece.file as usize, inside)
    }
}
