//! A chapter in reading order.

use mlsys_book::{Block, Chapter, Children, Inline, InlineKind, Note, NoteId};

/// A step of reading.
#[derive(Clone, Copy)]
pub(crate) enum Visit<'a> {
    /// A block begins.
    Enter(&'a Block),
    /// The block that began last ends.
    Leave,
    /// An inline; its children follow.
    Inline(&'a Inline),
    /// A note begins; its reference was the last inline or stands in the note before.
    EnterNote,
    /// The note ends.
    LeaveNote,
    /// The title, subtitle and abstract end.
    EndOfTitle,
}

/// Reads a chapter: title, subtitle and abstract, then the text, each note where it is first referred to.
///
/// A note that only another note refers to follows that note, so that no chain of notes makes the reading deep. Notes that
/// nothing refers to are not read: no page shows them.
pub(crate) fn read<'a>(chapter: &'a Chapter, f: &mut impl FnMut(Visit<'a>)) {
    let mut reader = Reader { notes: &chapter.notes, seen: vec![false; chapter.notes.len()], waiting: Vec::new(), f };
    reader.inlines(chapter.title.as_deref().unwrap_or(&[]));
    reader.inlines(chapter.subtitle.as_deref().unwrap_or(&[]));
    reader.blocks(&chapter.summary);
    (reader.f)(Visit::EndOfTitle);
    reader.blocks(&chapter.blocks);
}

struct Reader<'a, 'f, F> {
    notes: &'a [Note],
    seen: Vec<bool>,
    /// Within a note: the notes that it refers to.
    waiting: Vec<NoteId>,
    f: &'f mut F,
}

impl<'a, F: FnMut(Visit<'a>)> Reader<'a, '_, F> {
    fn blocks(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            (self.f)(Visit::Enter(block));
            block.visit_children(|children| self.children(children));
            (self.f)(Visit::Leave);
        }
    }

    fn inlines(&mut self, inlines: &'a [Inline]) {
        for inline in inlines {
            (self.f)(Visit::Inline(inline));
            inline.visit_children(|children| self.children(children));
            if let InlineKind::Note(id) = &inline.kind {
                self.note(*id);
            }
        }
    }

    fn children(&mut self, children: Children<'a>) {
        match children {
            Children::Blocks(blocks) => self.blocks(blocks),
            Children::Inlines(_, inlines) => self.inlines(inlines),
        }
    }

    /// Reads a note that was not read yet, and the ones that wait for it; within a note, lets it wait.
    fn note(&mut self, id: NoteId) {
        match self.seen.get_mut(id.index()) {
            Some(seen) if !*seen => *seen = true,
            _ => return,
        }
        let within_note = !self.waiting.is_empty();
        self.waiting.push(id);
        if within_note {
            return;
        }
        let mut next = 0;
        while let Some(note) = self.waiting.get(next).and_then(|id| self.notes.get(id.index())) {
            next += 1;
            (self.f)(Visit::EnterNote);
            self.blocks(&note.content);
            (self.f)(Visit::LeaveNote);
        }
        self.waiting.clear();
    }
}
