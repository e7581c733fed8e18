//! The results of one page, in one file of the store.
//!
//! One file a page instead of one a result: on a site of a thousand pages creating files costs more than what is in them.
//! A pack is found by its page's path and replaced when the page has new results; the key of its inputs, which each result
//! carries, decides whether the result is used.

use crate::memo::page_memo::PageMemo;
use crate::memo::per_page::Output;
use crate::memo::store::{Key, Store};
use mlsys_book::{Checked, SourceId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The kind of the store's entries.
const KIND: &str = "pages";

/// What a pack holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// The tree.
    Tree,
    /// Links and citations.
    Links,
    /// The body as HTML.
    Body,
    /// The entry in the search index.
    Search,
    /// The page's memo. It has no key: its entries have.
    Memo,
}

impl Part {
    /// The key of a result with these inputs. `base` is the key of the executable: another version computes other results.
    pub fn key(self, base: Key, inputs: &impl Serialize) -> Option<Key> {
        Key::of(&(base, self, inputs))
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    part: Part,
    key: Option<Key>,
    bytes: Range<usize>,
}

/// A page's results as read from the store.
#[derive(Debug, Default)]
pub struct Pack {
    entries: Vec<Entry>,
    bytes: Vec<u8>,
}

impl Pack {
    /// Reads the pack of a page; empty if the store has none or a damaged one.
    pub fn read(store: &Store, page: Key) -> Pack {
        let Some(mut bytes) = store.get(KIND, page) else { return Pack::default() };
        let read = || {
            let (rest, length) = bytes.split_last_chunk()?;
            let start = rest.len().checked_sub(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
            let entries: Vec<Entry> = postcard::from_bytes(&rest[start..]).ok()?;
            entries.iter().all(|entry| entry.bytes.end <= start).then_some((entries, start))
        };
        let Some((entries, end)) = read() else { return Pack::default() };
        bytes.truncate(end);
        Pack { entries, bytes }
    }

    fn bytes(&self, part: Part, key: Option<Key>) -> Option<&[u8]> {
        let entry = self.entries.iter().find(|entry| entry.part == part && entry.key == key)?;
        self.bytes.get(entry.bytes.clone())
    }

    /// The result with this key.
    pub fn get<T: DeserializeOwned>(&self, part: Part, key: Key) -> Option<Checked<T>> {
        postcard::from_bytes(self.bytes(part, Some(key))?).ok()
    }

    /// The page's memo.
    pub fn memo(&self) -> PageMemo {
        self.bytes(Part::Memo, None).and_then(|bytes| postcard::from_bytes(bytes).ok()).unwrap_or_default()
    }
}

/// The pack of a page with new results.
#[derive(Debug)]
pub struct PackWriter<'p> {
    previous: &'p Pack,
    page: SourceId,
    next: Pack,
    changed: bool,
}

impl<'p> PackWriter<'p> {
    /// A pack for the page with this source, to replace `previous`.
    pub fn new(previous: &'p Pack, page: SourceId) -> Self {
        PackWriter { previous, page, next: Pack::default(), changed: false }
    }

    /// Adds a result. One whose diagnostics point to other files is left out: those places move on their own.
    pub fn add<T: Serialize>(&mut self, part: Part, output: Option<&Output<T>>) {
        let Some(output) = output.filter(|output| !output.points_elsewhere(self.page)) else { return };
        let Some(key) = output.identity.key() else { return };
        match self.previous.bytes(part, Some(key)) {
            Some(bytes) => self.push(part, Some(key), |out| out.extend_from_slice(bytes)),
            None => {
                self.changed = true;
                self.push(part, Some(key), |out| serialize(out, &*output.checked));
            }
        }
    }

    /// Adds the page's memo.
    pub fn add_memo(&mut self, memo: &PageMemo) {
        let mut bytes = Vec::new();
        serialize(&mut bytes, memo);
        self.changed |= self.previous.bytes(Part::Memo, None) != Some(bytes.as_slice());
        self.push(Part::Memo, None, |out| out.extend_from_slice(&bytes));
    }

    fn push(&mut self, part: Part, key: Option<Key>, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.next.bytes.len();
        write(&mut self.next.bytes);
        self.next.entries.push(Entry { part, key, bytes: start..self.next.bytes.len() });
    }

    /// Writes the pack, unless all of it is in the store.
    pub fn write(self, store: &Store, page: Key) {
        if !self.changed {
            return;
        }
        let Pack { entries, mut bytes } = self.next;
        let start = bytes.len();
        serialize(&mut bytes, &entries);
        let length = (bytes.len() - start) as u64;
        bytes.extend_from_slice(&length.to_le_bytes());
        store.put(KIND, page, &bytes);
    }
}

/// Appends a value. One that cannot be written is an entry that cannot be read, which counts as none.
fn serialize(out: &mut Vec<u8>, value: &impl Serialize) {
    let start = out.len();
    if postcard::to_io(value, &mut *out).is_err() {
        out.truncate(start);
    }
}
