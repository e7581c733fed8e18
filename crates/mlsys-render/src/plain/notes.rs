//! Notes and margin content.

use super::lines::Event;
use super::{Purpose, Walker};
use crate::body::options::NotePlace;
use crate::note_queue::NoteReference;
use mlsys_book::NoteId;

impl<'a> Walker<'a> {
    /// A reference to a note, and the note.
    pub(super) fn note(&mut self, id: NoteId) {
        if self.flat || self.chapter.notes.get(id.index()).is_none() {
            return;
        }
        let is_within = self.in_note();
        match self.notes.refer(id) {
            NoteReference::Repeated(number) => self.note_mark(number),
            NoteReference::New(number) => {
                self.note_mark(number);
                if !is_within {
                    self.read_notes();
                }
            }
        }
    }

    /// The mark of a note in the text. In an excerpt it would become a part of the word before it.
    pub(super) fn note_mark(&mut self, number: u32) {
        match self.purpose {
            Purpose::Search => {}
            Purpose::SearchJson => self.text(number.to_string()),
            Purpose::Document => self.text(format!("[{number}]")),
        }
    }

    /// Reads the notes in the queue.
    fn read_notes(&mut self) {
        while let Some((number, id)) = self.notes.current() {
            let outer = std::mem::take(&mut self.margin);
            let chapter = self.chapter;
            let blocks = chapter.notes.get(id.index()).map_or(&[][..], |note| &note.content);
            let content = self.captured(|w| w.held(|w| w.blocks(blocks)));
            let inner = std::mem::replace(&mut self.margin, outer);
            let length = length(&content);
            self.place_note(number, content, inner);
            self.notes.finish_current(length);
        }
    }

    /// Puts a note into the margin, or queues it for a list. `margin` is the margin content of the note itself.
    pub(super) fn place_note(&mut self, number: u32, content: Vec<Event<'a>>, margin: Vec<Vec<Event<'a>>>) {
        if self.options.notes != NotePlace::Margin {
            self.notes.waiting.push((number, content));
            self.margin.extend(margin);
            return;
        }
        let note = self.captured(|w| {
            w.in_lines(|w| {
                match w.purpose {
                    Purpose::Search => {}
                    Purpose::SearchJson => w.events.push(Event::Mark(format!("{number}\u{a0}"))),
                    Purpose::Document => w.events.push(Event::Mark(format!("[{number}] "))),
                }
                w.events.extend(content);
                w.line();
                w.events.extend(margin.into_iter().flatten());
            });
        });
        self.margin.push(note);
    }

    /// True while a note is being read.
    pub(super) fn in_note(&self) -> bool {
        self.notes.current().is_some()
    }

    /// True if notes wait for a list.
    pub(super) fn has_waiting_notes(&self) -> bool {
        !self.notes.waiting.is_empty()
    }

    /// The waiting notes, a line or more for each.
    pub(super) fn note_list(&mut self) {
        for (number, content) in std::mem::take(&mut self.notes.waiting) {
            self.in_lines(|w| {
                match w.purpose {
                    Purpose::Search | Purpose::SearchJson => {}
                    Purpose::Document => w.events.push(Event::Mark(format!("[{number}] "))),
                }
                w.events.extend(content);
            });
        }
    }

    /// The waiting notes here, at the end of a block or section.
    pub(super) fn notes_here(&mut self, place: NotePlace) {
        if self.options.notes == place && self.has_waiting_notes() {
            self.note_list();
        }
    }

    /// Adds the waiting margin content, if it can stand here.
    pub(super) fn flush_margin(&mut self) {
        if self.hold > 0 || self.margin.is_empty() {
            return;
        }
        self.line();
        for content in std::mem::take(&mut self.margin) {
            self.events.extend(content);
        }
        self.line();
    }
}

/// The bytes of text in a note.
fn length(events: &[Event<'_>]) -> usize {
    let bytes = |event: &Event<'_>| match event {
        Event::Text(text) | Event::Code(text) => text.len(),
        Event::Raw(html) => html.len(),
        Event::Line
        | Event::Mark(_)
        | Event::Join
        | Event::Section(..)
        | Event::Heading
        | Event::HeadingEnd
        | Event::Hide
        | Event::Show => 0,
    };
    events.iter().map(bytes).sum()
}
