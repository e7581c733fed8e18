//! Parts of a page that are costly on their own.

use crate::memo::store::Key;
use mlsys_render::TypesetCache;
use mlsys_resolve::Citations;
use serde::{Deserialize, Serialize};

/// What an edited page reuses of its earlier states: its citations, and its formulas and highlighted code.
///
/// A memo can be out of date, never wrong: each entry is found by all that it was computed from.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct PageMemo {
    citations: Option<(Key, Citations)>,
    /// Formulas and highlighted code, by their sources.
    pub typeset: TypesetCache,
}

impl PageMemo {
    /// The page's citations: those computed before from inputs of the same key, else new ones.
    pub fn citations(&mut self, key: Option<Key>, compute: impl FnOnce() -> Citations) -> Citations {
        let Some(key) = key else { return compute() };
        match &self.citations {
            Some((cached, citations)) if *cached == key => citations.clone(),
            Some(_) | None => {
                let citations = compute();
                self.citations = Some((key, citations.clone()));
                citations
            }
        }
    }
}
