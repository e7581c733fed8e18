//! A page's cache of typeset formulas and highlighted code.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The formulas and code of one page, each keyed by everything that its markup depends on.
///
/// A stale cache can miss, never be wrong. Rendering a page keeps the entries that the page uses and drops the others, so the
/// cache does not grow with edits.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct TypesetCache {
    entries: Entries,
    /// Entries that the page has not used yet, while it is being rendered.
    #[serde(skip)]
    unused: Entries,
    #[serde(skip)]
    changed: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Entries {
    formulas: BTreeMap<String, Formula>,
    /// By language and text; `None` for a language without a grammar.
    code: BTreeMap<(String, String), Option<Vec<String>>>,
}

impl Entries {
    fn is_empty(&self) -> bool {
        self.formulas.is_empty() && self.code.is_empty()
    }
}

/// A typeset formula.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Formula {
    /// The markup.
    pub html: String,
    /// KaTeX's message if it rejects the formula.
    pub error: Option<String>,
}

impl TypesetCache {
    /// True if rendering the page added or dropped entries, so that a stored copy is out of date.
    pub fn changed(&self) -> bool {
        self.changed
    }

    /// Begins a page: no entry is in use yet.
    pub(crate) fn begin_page(&mut self) {
        self.unused = std::mem::take(&mut self.entries);
        self.changed = false;
    }

    /// Ends a page: drops the entries that it did not use.
    pub(crate) fn end_page(&mut self) {
        self.changed |= !std::mem::take(&mut self.unused).is_empty();
    }

    /// The formula for `key`, and true if it is the page's first with this key.
    pub(crate) fn formula(&mut self, key: String, typeset: impl FnOnce() -> Formula) -> (&Formula, bool) {
        let is_first = !self.entries.formulas.contains_key(&key);
        let formula = self.entries.formulas.entry(key).or_insert_with_key(|key| {
            self.unused.formulas.remove(key).unwrap_or_else(|| {
                self.changed = true;
                typeset()
            })
        });
        (formula, is_first)
    }

    /// The highlighted lines of code; `None` if the language has no grammar.
    pub(crate) fn code(
        &mut self,
        language: &str,
        text: &str,
        highlight: impl FnOnce() -> Option<Vec<String>>,
    ) -> Option<&[String]> {
        let key = (language.to_owned(), text.to_owned());
        let lines = self.entries.code.entry(key).or_insert_with_key(|key| {
            self.unused.code.remove(key).unwrap_or_else(|| {
                self.changed = true;
                highlight()
            })
        });
        lines.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_what_it_uses() {
        let mut cache = TypesetCache::default();
        let mut page = |keys: &[&str]| {
            let mut typeset = 0;
            cache.begin_page();
            for key in keys {
                cache.formula((*key).to_owned(), || {
                    typeset += 1;
                    Formula::default()
                });
            }
            cache.end_page();
            (typeset, cache.changed())
        };
        assert_eq!(page(&["x", "y", "x"]), (2, true));
        assert_eq!(page(&["y", "x"]), (0, false));
        assert_eq!(page(&["y"]), (0, true));
        assert_eq!(page(&["x", "y"]), (1, true));
    }
}
