//! The notes of a page: their numbers, and the order in which they are rendered.

use mlsys_book::NoteId;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// Notes with more bytes than this are rendered once, however many references they have.
const LONG: usize = 16 << 10;

/// The notes of the page so far. `C` is the content of a note in the output.
///
/// A note is rendered after its reference. Notes within notes follow in a queue, so that chains of notes do not recurse.
#[derive(Debug)]
pub(crate) struct NoteQueue<C> {
    count: u32,
    /// Notes to be listed at the end of the block, section or page: number and content.
    pub waiting: Vec<(u32, C)>,
    /// For each note its first number, and true if it is too long to repeat.
    first: FxHashMap<NoteId, (u32, bool)>,
    /// The current note, and those that it refers to.
    queue: VecDeque<(u32, NoteId)>,
}

/// A reference to a note, with the note's number.
pub(crate) enum NoteReference {
    /// The note is queued.
    New(u32),
    /// The note is not repeated.
    Repeated(u32),
}

impl<C> Default for NoteQueue<C> {
    fn default() -> Self {
        NoteQueue { count: 0, waiting: Vec::new(), first: FxHashMap::default(), queue: VecDeque::new() }
    }
}

impl<C> NoteQueue<C> {
    /// Adds a reference to a note. Every reference gets a note of its own, with its own link back. But inside notes, and for long
    /// notes, further references lead to the first.
    pub fn refer(&mut self, id: NoteId) -> NoteReference {
        if let Some(&(number, is_long)) = self.first.get(&id)
            && (is_long || self.current().is_some())
        {
            return NoteReference::Repeated(number);
        }
        let number = self.next_number();
        self.first.entry(id).or_insert((number, false));
        self.queue.push_back((number, id));
        NoteReference::New(number)
    }

    /// The number of the next note.
    pub fn next_number(&mut self) -> u32 {
        self.count += 1;
        self.count
    }

    /// The note that is being rendered, or is to be rendered next.
    pub fn current(&self) -> Option<(u32, NoteId)> {
        self.queue.front().copied()
    }

    /// Ends the current note. `length` is the number of bytes of its content.
    pub fn finish_current(&mut self, length: usize) {
        let current = self.queue.pop_front();
        if let Some((_, is_long)) = current.and_then(|(_, id)| self.first.get_mut(&id)) {
            *is_long = length > LONG;
        }
    }
}
