//! Notes: at the end of the page, section or block, or in the margin beside their paragraph.

use super::options::NotePlace;
use super::{Body, Medium};
use crate::html::{Elements, Tag};
use crate::note_queue::NoteReference;
use mlsys_book::{Block, BlockKind, NoteId};

impl<'a> Body<'a> {
    /// A reference to a note, and the note.
    pub(super) fn note(&mut self, id: NoteId) {
        if self.flat || self.chapter.notes.get(id.index()).is_none() {
            return;
        }
        let is_within = self.in_note();
        match self.notes.refer(id) {
            NoteReference::Repeated(number) => self.note_reference(number, false),
            NoteReference::New(number) => {
                self.note_reference(number, true);
                if !is_within {
                    self.write_notes();
                }
            }
        }
    }

    /// Writes the notes in the queue.
    fn write_notes(&mut self) {
        while let Some((number, id)) = self.notes.current() {
            let outer = std::mem::take(&mut self.margin);
            let chapter = self.chapter;
            let blocks = chapter.notes.get(id.index()).map_or(&[][..], |note| &note.content);
            let content = self.captured(|b| b.held(|b| b.note_content(number, blocks)));
            let inner = std::mem::replace(&mut self.margin, outer);
            let length = content.len();
            self.place_note(number, content, inner);
            self.notes.finish_current(length);
        }
    }

    /// Places a note. `margin` is margin content of its own text. In the margin, a note's mark links back; it also closes the
    /// note where the style sheet opens it in place.
    pub(super) fn place_note(&mut self, number: u32, content: String, margin: Vec<String>) {
        if self.options.notes != NotePlace::Margin {
            self.notes.waiting.push((number, content));
            self.margin.extend(margin);
            return;
        }
        let tag = Tag::new("div").id(&format!("fn{number}")).attr("role", "doc-footnote");
        let note = self.captured(|b| {
            b.line(tag, |b| {
                b.raw(&content);
                margin.iter().for_each(|item| b.raw(item));
            });
        });
        self.margin.push(note);
    }

    /// The mark in the text that links to a note. The note links back to the first one.
    pub(super) fn note_reference(&mut self, number: u32, is_first: bool) {
        let tag = Tag::new("a").attr("href", format!("#fn{number}")).class("footnote-ref");
        let tag = tag.when(is_first, |t| t.id(&format!("fnref{number}"))).attr("role", "doc-noteref");
        let tag = tag.when(self.medium == Medium::Epub, |t| t.attr("epub:type", "noteref"));
        self.element(tag, |b| b.leaf(Tag::new("sup"), &number.to_string()));
    }

    /// The content of a note with its link back: at its start in the margin, otherwise at its end.
    fn note_content(&mut self, number: u32, blocks: &'a [Block]) {
        if self.number_comes_first() {
            let (text, rest) = if let Some((Block { kind: BlockKind::Para(text), .. }, rest)) = blocks.split_first() {
                (text.as_slice(), rest)
            } else {
                (&[][..], blocks)
            };
            self.line(Tag::new("p"), |b| {
                b.back_mark(number);
                b.inlines(text);
            });
            return self.blocks(rest);
        }
        if let Some((Block { kind: BlockKind::Para(text), .. }, rest)) = blocks.split_last() {
            self.blocks(rest);
            self.element(Tag::new("p"), |b| {
                b.inlines(text);
                b.back_link(number);
            });
        } else {
            self.blocks(blocks);
            self.out.trim_end();
            self.back_link(number);
        }
    }

    /// A note for a citation in a note style.
    pub(super) fn citation_note(&mut self, write: impl FnOnce(&mut Self)) {
        let number = self.notes.next_number();
        self.note_reference(number, true);
        let in_margin = self.number_comes_first();
        let content = self.captured(|b| {
            b.element(Tag::new("p"), |b| {
                if in_margin {
                    b.back_mark(number);
                }
                write(b);
                if !in_margin {
                    b.back_link(number);
                }
            });
            if in_margin {
                b.newline();
            }
        });
        self.place_note(number, content, Vec::new());
    }

    /// True if a note starts with its number, false if it is an item of a list.
    fn number_comes_first(&self) -> bool {
        self.options.notes == NotePlace::Margin || self.medium == Medium::Epub
    }

    /// The number of a note in the margin, which links back to the text.
    fn back_mark(&mut self, number: u32) {
        let tag = Tag::new("a").attr("href", format!("#fnref{number}")).attr("role", "doc-backlink");
        self.element(tag, |b| b.leaf(Tag::new("sup"), &number.to_string()));
        self.text("\u{a0}");
    }

    fn back_link(&mut self, number: u32) {
        let tag = Tag::new("a").attr("href", format!("#fnref{number}")).class("footnote-back");
        self.leaf(tag.attr("role", "doc-backlink"), "↩\u{fe0e}");
    }

    /// True while a note is being written.
    pub(super) fn in_note(&self) -> bool {
        self.notes.current().is_some()
    }

    /// True if notes are queued for a list.
    pub(super) fn has_waiting_notes(&self) -> bool {
        !self.notes.waiting.is_empty()
    }

    /// The list of the queued notes.
    pub(super) fn note_list(&mut self) {
        let waiting = std::mem::take(&mut self.notes.waiting);
        if self.medium == Medium::Epub {
            // Reading systems show an `aside` where the text refers to it. Source: EPUB 3.3, "Footnotes".
            for (number, content) in &waiting {
                let tag = Tag::new("aside").id(&format!("fn{number}")).attr("role", "doc-footnote");
                let tag = tag.attr("aria-label", number.to_string());
                self.line(tag.attr("epub:type", "footnote"), |b| b.raw(content));
            }
            return;
        }
        let start = waiting.first().map(|(number, _)| *number).filter(|number| *number > 1);
        self.lines(Tag::new("ol").maybe("start", start.map(|number| number.to_string())), |b| {
            for (number, content) in &waiting {
                b.line(Tag::new("li").id(&format!("fn{number}")), |b| b.raw(content));
            }
        });
    }

    /// Writes the queued notes as an `aside`, at the end of a block or section. Source: Quarto, `reference-location`.
    pub(super) fn notes_here(&mut self, place: NotePlace) {
        if self.options.notes != place || !self.has_waiting_notes() {
            return;
        }
        self.counters.footnote_lists += 1;
        let suffix = match self.counters.footnote_lists {
            1 => String::new(),
            n => format!("-{n}"),
        };
        let (class, has_rule) = match place {
            NotePlace::Section => ("footnotes-end-of-section", true),
            NotePlace::Document | NotePlace::Block | NotePlace::Margin => ("footnotes-end-of-block", false),
        };
        let tag = Tag::new("aside").id(&format!("footnotes{suffix}")).class("footnotes").class(class);
        self.lines(tag.attr("role", "doc-footnote"), |b| {
            if has_rule {
                b.rule();
            }
            b.note_list();
        });
    }
}
