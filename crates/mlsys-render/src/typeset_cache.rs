//! Formulas and code as they were set, so that what comes again is not set again.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The formulas and the code of a page with their markup, each by all that it is made from. Printers call type that is kept for
/// the next printing standing type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TypesetCache {
    formulas: BTreeMap<String, Formula>,
    code: BTreeMap<(String, String), Option<Vec<String>>>,
}

/// A formula as it is written on the page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Formula {
    /// The markup.
    pub html: String,
    /// What KaTeX says against the formula.
    pub error: Option<String>,
}

/// What a page uses: of what was set before, what it has again; and what is set for it.
#[derive(Debug)]
pub(crate) struct Setting<'e> {
    earlier: &'e TypesetCache,
    used: TypesetCache,
}

impl TypesetCache {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.formulas.is_empty() && self.code.is_empty()
    }
}

impl<'e> Setting<'e> {
    /// The setting of a page of which an earlier state may be known.
    pub fn new(earlier: &'e TypesetCache) -> Self {
        Setting { earlier, used: TypesetCache::default() }
    }

    /// What the page has used.
    pub fn used(self) -> TypesetCache {
        self.used
    }

    /// The formula made from this, and whether it is the first such formula of the page.
    pub fn formula(&mut self, made_from: String, make: impl FnOnce() -> Formula) -> (&Formula, bool) {
        let is_new = !self.used.formulas.contains_key(&made_from);
        let earlier = self.earlier.formulas.get(&made_from).filter(|_| is_new);
        let made = || earlier.cloned().unwrap_or_else(make);
        (self.used.formulas.entry(made_from).or_insert_with(made), is_new)
    }

    /// The lines of a text in a language, with their markup; nothing when the language has no grammar.
    pub fn code(
        &mut self,
        language: &str,
        text: &str,
        highlight: impl FnOnce() -> Option<Vec<String>>,
    ) -> Option<&[String]> {
        let made_from = (language.to_owned(), text.to_owned());
        let earlier = self.earlier.code.get(&made_from);
        let made = || earlier.cloned().unwrap_or_else(highlight);
        self.used.code.entry(made_from).or_insert_with(made).as_deref()
    }
}
