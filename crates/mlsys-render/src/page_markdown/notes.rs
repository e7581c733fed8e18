//! Notes: marks in the text, and their texts at the end of the page.

use super::Walker;
use crate::note_queue::NoteReference;
use mlsys_book::{Inline, NoteId};

impl<'a> Walker<'a> {
    /// A reference to a note, and the note. Its number is that of the page.
    pub(super) fn note(&mut self, id: NoteId) -> String {
        if self.flat || self.chapter.notes.get(id.index()).is_none() {
            return String::new();
        }
        let is_within = self.notes.current().is_some();
        match self.notes.refer(id) {
            NoteReference::Repeated(number) => format!("[^{number}]"),
            NoteReference::New(number) => {
                if !is_within {
                    self.write_notes();
                }
                format!("[^{number}]")
            }
        }
    }

    /// Writes the notes in the queue.
    fn write_notes(&mut self) {
        while let Some((number, id)) = self.notes.current() {
            let chapter = self.chapter;
            let blocks = chapter.notes.get(id.index()).map_or(&[][..], |note| &note.content);
            let margin = std::mem::take(&mut self.margin);
            let text = self.note_text(number, |w| w.blocks(blocks));
            self.margin = margin;
            self.notes.finish_current(text.len());
            self.notes.waiting.push((number, text));
        }
    }

    /// A citation in the form of a note.
    pub(super) fn citation_note(&mut self, content: &'a [Inline]) -> String {
        let number = self.notes.next_number();
        let text = self.note_text(number, |w| {
            let line = w.line_of(content);
            w.paragraph(&line);
        });
        self.notes.waiting.push((number, text));
        format!("[^{number}]")
    }

    fn note_text(&mut self, number: u32, write: impl FnOnce(&mut Self)) -> String {
        let outer = std::mem::take(&mut self.out);
        let container = self.out.open(&format!("[^{number}]: "), "    ", false);
        write(self);
        self.out.close(container);
        std::mem::replace(&mut self.out, outer).finish()
    }

    /// The waiting notes.
    pub(super) fn note_list(&mut self) {
        for (_, text) in std::mem::take(&mut self.notes.waiting) {
            self.out.begin(false);
            self.out.lines(&text);
        }
    }
}
