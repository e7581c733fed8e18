//! Parts of a page that are costly on their own.

use crate::memo::store::Key;
use mlsys_render::TypesetCache;
use mlsys_resolve::Citations;
use serde::{Deserialize, Serialize};

/// What an edited page reuses of its earlier states: its citations, and its formulas and highlighted code.
///
/// A memo can be out of date, never wrong: each entry is keyed by everything that it was computed from.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct PageMemo {
    citations: Option<(Key, Citations)>,
    /// Formulas and highlighted code, by their sources.
    pub typeset: TypesetCache,
    /// True if `citations` is new, so that a stored copy is out of date.
    #[serde(skip)]
    has_new_citations: bool,
}

impl PageMemo {
    /// Decodes a stored memo; an empty one if the bytes are damaged.
    pub fn decode(bytes: &[u8]) -> Self {
        postcard::from_bytes(bytes).unwrap_or_default()
    }

    /// The page's citations: the cached ones if `key` is theirs, otherwise new ones.
    pub fn citations(&mut self, key: Option<Key>, compute: impl FnOnce() -> Citations) -> Citations {
        let Some(key) = key else { return compute() };
        match &self.citations {
            Some((cached, citations)) if *cached == key => citations.clone(),
            Some(_) | None => {
                let citations = compute();
                self.citations = Some((key, citations.clone()));
                self.has_new_citations = true;
                citations
            }
        }
    }

    fn is_changed(&self) -> bool {
        self.has_new_citations || self.typeset.changed()
    }
}

/// A page's memo, decoded on first use: in most builds most pages do not use theirs.
#[derive(Debug, Default)]
pub struct LazyMemo {
    /// The memo from a pack that has been dropped.
    encoded: Vec<u8>,
    decoded: Option<PageMemo>,
}

impl LazyMemo {
    /// The memo. `packed` reads it from the page's pack, which is the source of a memo without bytes of its own.
    pub fn get(&mut self, packed: impl FnOnce() -> PageMemo) -> &mut PageMemo {
        let encoded = std::mem::take(&mut self.encoded);
        self.decoded.get_or_insert_with(|| match encoded.as_slice() {
            [] => packed(),
            bytes => PageMemo::decode(bytes),
        })
    }

    /// The memo, if a stored copy is out of date.
    pub fn changed(&self) -> Option<&PageMemo> {
        self.decoded.as_ref().filter(|memo| memo.is_changed())
    }

    /// The memo for later builds. If nothing has decoded it, it holds a copy of the pack's bytes.
    pub fn or_encoded<'p>(self, packed: impl FnOnce() -> &'p [u8]) -> Self {
        match self.decoded {
            Some(_) => self,
            None => LazyMemo { encoded: packed().to_vec(), decoded: None },
        }
    }
}
