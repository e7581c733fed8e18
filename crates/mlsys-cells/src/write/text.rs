//! The text of a page as it is written, in segments that know what they stand for.

use crate::markdown::Segment;
use mlsys_book::Span;

/// Collects segments. Neighbours with the same place are joined.
#[derive(Default)]
pub(super) struct Text {
    pub segments: Vec<Segment>,
}

impl Text {
    /// Adds generated text that points to `replaces`.
    pub fn push(&mut self, text: &str, replaces: Span) {
        if text.is_empty() {
            return;
        }
        if let Some(Segment::Generated { text: last, replaces: at }) = self.segments.last_mut()
            && *at == replaces
        {
            last.push_str(text);
            return;
        }
        self.segments.push(Segment::Generated { text: text.to_owned(), replaces });
    }

    /// Adds bytes of the source.
    pub fn copy(&mut self, span: Span) {
        if span.start < span.end {
            self.segments.push(Segment::Copied(span));
        }
    }
}

/// The backticks of a fence around a text: three, or more than any line of it begins with.
pub(super) fn ticks(text: &str, least: usize) -> String {
    let most = text.lines().map(|line| line.trim_start().bytes().take_while(|b| *b == b'`').count()).max();
    "`".repeat(least.max(most.unwrap_or(0) + 1))
}

/// A fenced block.
pub(super) fn fenced(info: &str, text: &str) -> String {
    let ticks = ticks(text, 3);
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{ticks}{info}\n{text}{end}{ticks}\n")
}

/// A value in single quotes: an attribute that may stand for anything.
pub(super) fn quoted(value: &str) -> String {
    format!("'{}'", one_line(value).replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A value in double quotes.
pub(super) fn double_quoted(value: &str) -> String {
    format!("\"{}\"", one_line(value).replace('\\', "\\\\").replace('"', "\\\""))
}

/// A text on one line.
pub(super) fn one_line(text: &str) -> String {
    text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}
