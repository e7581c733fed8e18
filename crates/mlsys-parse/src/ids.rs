//! Automatic ids of headings.

use crate::reader::ReaderOptions;
use mlsys_book::{Inline, plain_text};
use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::UnicodeNormalization;

/// A heading's automatic id, before it is made unique: its text in lower case, with letters, digits, `_`, `-` and `.`, and `-` for
/// spaces, from the first letter on; `section` if that is empty.
///
/// Source: Pandoc manual, "Extension: auto_identifiers", "ascii_identifiers", "gfm_auto_identifiers".
pub(crate) fn automatic_id(content: &[Inline], options: &ReaderOptions) -> String {
    // Emoji are symbols, which the filter drops; notes and raw inlines have no plain text.
    let text = plain_text(content);
    let filtered: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric() || c.is_whitespace() || matches!(c, '_' | '-' | '.'))
        .collect();
    let filtered = match options.ascii_identifiers {
        true => filtered.nfd().filter(char::is_ascii).collect(),
        false => filtered,
    };
    if options.gfm_auto_identifiers {
        let dashed = |c: char| if c.is_whitespace() { '-' } else { c };
        let id: String = filtered.chars().filter(|c| *c != '.').map(dashed).collect();
        return if id.is_empty() { "section".to_owned() } else { id };
    }
    let joined = filtered.split_whitespace().collect::<Vec<_>>().join("-");
    match joined.trim_start_matches(|c: char| !c.is_alphabetic()) {
        "" => "section".to_owned(),
        id => id.to_owned(),
    }
}

/// The ids of a page.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    taken: FxHashSet<String>,
    /// The last number of a repeated id.
    last: FxHashMap<String, u32>,
}

impl Ids {
    /// Reserves an id of the author's. True if it was free.
    pub fn insert(&mut self, id: &str) -> bool {
        self.taken.insert(id.to_owned())
    }

    /// The id itself if it is free, otherwise the id with the first free number: `id-1`, `id-2`, ...
    pub fn unique(&mut self, id: String) -> String {
        if self.taken.insert(id.clone()) {
            return id;
        }
        let mut number = self.last.get(&id).copied().unwrap_or(0);
        loop {
            number += 1;
            let numbered = format!("{id}-{number}");
            if self.taken.insert(numbered.clone()) {
                self.last.insert(id, number);
                return numbered;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::{InlineKind, Span};

    #[test]
    fn ids_follow_the_manual() {
        let id = |text: &str| {
            let text = Inline { span: Span { start: 0, end: 0 }, kind: InlineKind::Str(text.to_owned()) };
            automatic_id(&[text], &ReaderOptions::default())
        };
        assert_eq!(id("Heading identifiers in HTML"), "heading-identifiers-in-html");
        assert_eq!(id("Maître d’hôtel"), "maître-dhôtel");
        assert_eq!(id("3. Applications"), "applications");
        assert_eq!(id("*Dogs*?--in *my* house?"), "dogs--in-my-house");
        assert_eq!(id("33"), "section");
        let mut ids = Ids::default();
        assert_eq!(ids.unique("a".into()), "a");
        assert_eq!(ids.unique("a".into()), "a-1");
        assert_eq!(ids.unique("a".into()), "a-2");
    }
}
