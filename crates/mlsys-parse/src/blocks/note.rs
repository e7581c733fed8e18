//! Definitions of notes: `[^label]: text`. Source: Pandoc manual, "Footnotes".

use super::scan::{indent, marked, strip, strip_up_to};
use super::{Parser, parse};
use crate::text::Line;
use mlsys_book::{Code, Note, NoteId, Span};

/// The label of a note definition at a line, and the rest after the colon.
fn marker(line: Line, source: &str) -> Option<(&str, Line)> {
    let (inner, text) = marked(line, source)?;
    let rest = text.strip_prefix("[^")?;
    let len = rest.find(|c: char| c == ']' || c.is_whitespace())?;
    let label = &rest[..len];
    if label.is_empty() || !rest[len..].starts_with("]:") {
        return None;
    }
    Some((label, Line { start: inner.start + (len + 4) as u32, end: line.end, spaces: 0 }))
}

impl<'a> Parser<'_, 'a> {
    /// A note's definition with its paragraphs: those after the first are indented by four columns.
    pub(super) fn note_definition(&mut self) -> bool {
        let Some(first) = self.peek(0) else { return false };
        let Some((label, rest)) = marker(first, self.source) else { return false };
        let mut lines = vec![strip_up_to(rest, 1, self.source)];
        self.at += 1;
        if rest.is_blank(self.source) {
            // The text may begin on the next line.
            if let Some(line) = self.peek(0).filter(|l| l.is_blank(self.source)) {
                lines.push(line);
                self.at += 1;
            }
        }
        self.note_lines(&mut lines);
        let mut end = self.at;
        loop {
            let blanks = self.lines[self.at..].iter().take_while(|l| l.is_blank(self.source)).count();
            let indented = self.peek(blanks).is_some_and(|l| indent(l, self.source) >= 4);
            if blanks == 0 || !indented {
                break;
            }
            lines.extend_from_slice(&self.lines[self.at..self.at + blanks]);
            self.at += blanks;
            self.note_lines(&mut lines);
            end = self.at;
        }
        self.at = end;
        let content_end = lines.last().map_or(rest.end, |l| l.end);
        let span = Span { start: first.start, end: content_end.max(first.end) };
        let label = label.to_string();
        let known = self.cx.definitions.notes.get(&label).and_then(|id| self.cx.notes.get(id.index())).map(|n| n.span);
        if let Some(known) = known {
            let place = self.cx.source.place(known);
            self.cx
                .report(Code::DuplicateFootnote, first.span(), format!("the note `{label}` is defined twice"))
                .related
                .push((place, "first defined here".into()));
        }
        let id = NoteId(self.cx.notes.len() as u32);
        self.cx.notes.push(Note { label: Some(label.clone()), span, content: Vec::new() });
        self.cx.note_uses.push(0);
        self.cx.definitions.notes.entry(label).or_insert(id);
        let drafts = parse(&lines, self.cx);
        self.cx.note_drafts.push((id, drafts));
        true
    }

    /// Lines of a note up to a blank one or the next note, without four columns of indentation where they have them.
    fn note_lines(&mut self, lines: &mut Vec<Line>) {
        while let Some(line) = self.peek(0) {
            if line.is_blank(self.source) || marker(line, self.source).is_some() || self.closes_div(self.at) {
                return;
            }
            lines.push(strip(line, 4, self.source).unwrap_or(line));
            self.at += 1;
        }
    }
}
