//! Notes: at the end of the page, section or block, or in the margin beside their paragraph.

use super::Body;
use super::options::NotePlace;
use mlsys_book::NoteId;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// A note with more markup, in bytes, is written once, however many references it has.
const LONG: usize = 16 << 10;

/// The notes of the page so far.
#[derive(Debug, Default)]
pub(super) struct Notes {
    count: u32,
    /// Notes that wait for the end of the block, section or page: number and content.
    waiting: Vec<(u32, String)>,
    /// For each note its first number, and whether its text is too long to be written again.
    first: FxHashMap<NoteId, (u32, bool)>,
    /// While a note is being written: it, and those that it refers to, which are written after it.
    unwritten: VecDeque<(u32, NoteId)>,
}

impl<'a> Body<'a> {
    /// A reference to a note. A note that is referred to twice becomes two notes, as each reference has its own way back; but
    /// where a note refers to another, or where that is long, it leads to the one that is there.
    pub(super) fn note(&mut self, id: NoteId) {
        if self.flat || self.chapter.notes.get(id.0 as usize).is_none() {
            return;
        }
        let is_within = self.in_note();
        if let Some(&(number, is_long)) = self.notes.first.get(&id)
            && (is_within || is_long)
        {
            self.push(&format!(
                "<a href=\"#fn{number}\" class=\"footnote-ref\" role=\"doc-noteref\"><sup>{number}</sup></a>"
            ));
            return;
        }
        let number = self.next_note();
        self.push(&format!(
            "<a href=\"#fn{number}\" class=\"footnote-ref\" id=\"fnref{number}\" role=\"doc-noteref\"><sup>{number}</sup></a>"
        ));
        self.notes.first.entry(id).or_insert((number, false));
        self.notes.unwritten.push_back((number, id));
        if !is_within {
            self.write_notes();
        }
    }

    /// Writes the notes that wait for it, one after the other, so that no chain of notes makes the writing deep.
    fn write_notes(&mut self) {
        while let Some(&(number, id)) = self.notes.unwritten.front() {
            let outer = std::mem::take(&mut self.margin);
            let chapter = self.chapter;
            let blocks = chapter.notes.get(id.0 as usize).map_or(&[][..], |note| &note.content);
            let content = self.captured(|b| b.held(|b| b.blocks(blocks)));
            let inner = std::mem::replace(&mut self.margin, outer);
            if let Some((_, is_long)) = self.notes.first.get_mut(&id) {
                *is_long = content.len() > LONG;
            }
            self.place_note(number, content, inner);
            self.notes.unwritten.pop_front();
        }
    }

    /// Puts a note where the page has its notes. `margin` is what its own text wants in the margin. A note in the margin goes
    /// back by its mark, which also closes it where the style sheet opens it in place.
    pub(super) fn place_note(&mut self, number: u32, content: String, margin: Vec<String>) {
        if self.options.notes != NotePlace::Margin {
            self.notes.waiting.push((number, content));
            self.margin.extend(margin);
            return;
        }
        let mark = format!("<a href=\"#fnref{number}\" role=\"doc-backlink\"><sup>{number}</sup></a>\u{a0}");
        let mut note = format!("<div id=\"fn{number}\" role=\"doc-footnote\">");
        match content.strip_prefix("<p>") {
            Some(rest) => {
                note.push_str("<p>");
                note.push_str(&mark);
                note.push_str(rest);
            }
            None => {
                note.push_str("<p>");
                note.push_str(&mark);
                note.push_str("</p>\n");
                note.push_str(&content);
            }
        }
        note.extend(margin);
        note.push_str("</div>\n");
        self.margin.push(note);
    }

    /// The number of the next note, for notes that a citation style makes.
    pub(super) fn next_note(&mut self) -> u32 {
        self.notes.count += 1;
        self.notes.count
    }

    /// Whether a note is being written.
    pub(super) fn in_note(&self) -> bool {
        !self.notes.unwritten.is_empty()
    }

    /// Whether notes wait for a list.
    pub(super) fn has_waiting_notes(&self) -> bool {
        !self.notes.waiting.is_empty()
    }

    /// The list items of the waiting notes, with their way back, and the first number.
    pub(super) fn note_items(&mut self) -> (u32, String) {
        let waiting = std::mem::take(&mut self.notes.waiting);
        let first = waiting.first().map_or(1, |(number, _)| *number);
        let mut items = String::new();
        for (number, content) in waiting {
            items.push_str(&format!("<li id=\"fn{number}\">"));
            let back =
                format!("<a href=\"#fnref{number}\" class=\"footnote-back\" role=\"doc-backlink\">↩\u{fe0e}</a>");
            let content = content.trim_end();
            match content.strip_suffix("</p>") {
                Some(text) => {
                    items.push_str(text);
                    items.push_str(&back);
                    items.push_str("</p>");
                }
                None => {
                    items.push_str(content);
                    items.push_str(&back);
                }
            }
            items.push_str("</li>\n");
        }
        (first, items)
    }

    /// The waiting notes as an `aside` here: the end of a block or section. Source: Quarto, `reference-location`.
    pub(super) fn notes_here(&mut self, place: NotePlace) {
        if self.options.notes != place || !self.has_waiting_notes() {
            return;
        }
        self.counters.footnote_lists += 1;
        let suffix = match self.counters.footnote_lists {
            1 => String::new(),
            n => format!("-{n}"),
        };
        let (class, rule) = if place == NotePlace::Section {
            ("footnotes-end-of-section", "<hr>\n")
        } else {
            ("footnotes-end-of-block", "")
        };
        let (first, items) = self.note_items();
        let start = if first > 1 { format!(" start=\"{first}\"") } else { String::new() };
        self.push(&format!(
            "<aside id=\"footnotes{suffix}\" class=\"footnotes {class}\" role=\"doc-footnote\">\n{rule}<ol{start}>\n{items}</ol>\n</aside>\n"
        ));
    }
}
