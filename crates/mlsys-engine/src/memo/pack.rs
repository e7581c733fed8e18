//! The results of one page, in one file of the store.
//!
//! One file a page instead of one a result: on a site of a thousand pages creating files costs more than what is in them.
//! A pack is found by its page's path and replaced when the page has new results; the key of its inputs, which each result
//! carries, decides whether the result is used.

use crate::memo::page_memo::{LazyMemo, PageMemo};
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

    /// True if the store has no pack of the page.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The pack with the page's memo and nothing else: that of another format, whose other results are of no use here.
    pub fn memo_alone(mut self) -> Pack {
        self.entries.retain(|entry| entry.part == Part::Memo);
        self
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
        PageMemo::decode(self.encoded_memo())
    }

    /// The bytes of the page's memo; empty if there is none.
    pub fn encoded_memo(&self) -> &[u8] {
        self.bytes(Part::Memo, None).unwrap_or_default()
    }
}

/// The pack of a page with new results.
#[derive(Debug)]
pub struct PackWriter<'p> {
    previous: &'p Pack,
    page: SourceId,
    parts: Vec<(Part, Option<Key>, PartBytes<'p>)>,
}

/// The bytes of a result.
#[derive(Debug)]
enum PartBytes<'p> {
    /// In the previous pack.
    Stored(&'p [u8]),
    New(Vec<u8>),
}

impl<'p> PackWriter<'p> {
    /// A pack for the page with this source, to replace `previous`.
    pub fn new(previous: &'p Pack, page: SourceId) -> Self {
        PackWriter { previous, page, parts: Vec::new() }
    }

    /// Adds a result. One whose diagnostics point to other files is left out: those places move on their own.
    pub fn add<T: Serialize>(&mut self, part: Part, output: Option<&Output<T>>) {
        let Some(output) = output.filter(|output| !output.points_elsewhere(self.page)) else { return };
        let Some(key) = output.identity.key() else { return };
        let bytes = match self.previous.bytes(part, Some(key)) {
            Some(bytes) => PartBytes::Stored(bytes),
            None => PartBytes::New(encode(&*output.checked)),
        };
        self.parts.push((part, Some(key), bytes));
    }

    /// Adds the page's memo.
    pub fn add_memo(&mut self, memo: &LazyMemo) {
        let bytes = match (memo.changed(), self.previous.bytes(Part::Memo, None)) {
            (None, Some(bytes)) => PartBytes::Stored(bytes),
            (None, None) => return,
            (Some(memo), _) => PartBytes::New(encode(memo)),
        };
        self.parts.push((Part::Memo, None, bytes));
    }

    /// Writes the pack, unless all of it is in the store.
    pub fn write(self, store: &Store, page: Key) {
        if self.parts.iter().all(|(_, _, bytes)| matches!(bytes, PartBytes::Stored(_))) {
            return;
        }
        let (mut entries, mut slices, mut end) = (Vec::new(), Vec::new(), 0);
        for (part, key, bytes) in &self.parts {
            let bytes = match bytes {
                PartBytes::Stored(bytes) => bytes,
                PartBytes::New(bytes) => bytes.as_slice(),
            };
            entries.push(Entry { part: *part, key: *key, bytes: end..end + bytes.len() });
            slices.push(bytes);
            end += bytes.len();
        }
        let entries = encode(&entries);
        let length = (entries.len() as u64).to_le_bytes();
        slices.extend([entries.as_slice(), &length]);
        store.put_slices(KIND, page, &slices);
    }
}

/// The bytes of a value. One that cannot be encoded has none, which cannot be decoded, so it counts as missing.
fn encode(value: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(value).unwrap_or_default()
}
