//! Metadata blocks in the middle of a page, which are merged into the page's metadata.
//!
//! Source: Pandoc manual, "Extension: yaml_metadata_block".

use super::Parser;
use crate::text::Line;

impl<'a> Parser<'_, 'a> {
    /// Metadata between `---` and `---` or `...`. It follows a blank line, and a line of text follows its fence.
    pub(super) fn metadata(&mut self) -> bool {
        let fence = |line: &Line, source: &str| line.spaces == 0 && line.text(source).trim_ascii_end() == "---";
        let Some(first) = self.peek(0).filter(|l| fence(l, self.source)) else { return false };
        let follows_blank = self.at == 0 || self.blank(self.at - 1);
        if !follows_blank || self.blank(self.at + 1) || self.missing.metadata_end {
            return false;
        }
        let closes = |l: &Line| matches!(l.text(self.source).trim_ascii_end(), "---" | "...");
        let Some(length) = self.lines[self.at + 1..].iter().position(closes) else {
            self.missing.metadata_end = true;
            return false;
        };
        let body = &self.lines[self.at + 1..self.at + 1 + length];
        // Text between two rules is metadata only if it is a map.
        let is_map = body.iter().all(|l| is_yaml_line(l.text(self.source)))
            && body.iter().any(|l| l.text(self.source).contains(':'));
        if !is_map {
            return false;
        }
        let (Some(start), Some(end)) = (body.first(), body.last()) else { return false };
        let span = mlsys_book::Span { start: start.start, end: end.end };
        self.cx.metadata.push(span);
        self.at += length + 2;
        let _ = first;
        true
    }
}

/// True if a line can be in a YAML map of plain keys: a key, an item, a comment, or the indented rest of a value.
fn is_yaml_line(text: &str) -> bool {
    let trimmed = text.trim_ascii();
    if trimmed.is_empty() || text.starts_with([' ', '\t', '#', ']', '}']) || trimmed.starts_with("- ") {
        return true;
    }
    match trimmed.split_once(':') {
        Some((key, rest)) => {
            let key = key.trim_matches(['"', '\'']);
            (rest.is_empty() || rest.starts_with([' ', '\t']))
                && !key.is_empty()
                && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        }
        None => false,
    }
}
