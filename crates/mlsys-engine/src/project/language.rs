//! The authors' words for what a page shows besides its text: `language`, and the files that it names. Source: Quarto, "Document
//! Language".

use crate::project::pages::PageReader;
use mlsys_book::{Entry, Value, ValueKind};

/// The file with the words of a project, which needs no configuration.
const FILE: &str = "_language.yml";

impl PageReader<'_> {
    /// The words that layers of `language` give, each a map or the name of a file, in ascending priority, over those of
    /// `_language.yml`. `None` if no file has any: then the metadata has all.
    pub fn words(&mut self, layers: &[Option<&Value>]) -> Option<Value> {
        let of_project = self.value_of(FILE);
        if of_project.is_none() && !layers.iter().flatten().any(|value| value.as_str().is_some()) {
            return None;
        }
        let mut words: Vec<Value> = of_project.into_iter().collect();
        for value in layers.iter().flatten() {
            words.extend(self.words_of(value));
        }
        let (first, rest) = words.split_first()?;
        Some(first.merge_all(rest))
    }

    fn words_of(&mut self, value: &Value) -> Option<Value> {
        let Some(name) = value.as_str() else { return Some(value.clone()) };
        self.named_value(name, value.place).map(|(_, words)| words)
    }
}

/// Metadata with other words.
pub(super) fn with_words(meta: &Value, words: Value) -> Value {
    let mut meta = meta.clone();
    if let ValueKind::Map(entries) = &mut meta.kind {
        entries.retain(|entry| entry.key != "language");
        entries.push(Entry { key: "language".to_owned(), key_place: words.place, value: words });
    }
    meta
}
