//! Attributes of elements: `{#id .class key="value"}`.

use crate::source::Span;
use serde::{Deserialize, Serialize};

/// The attributes of an element (Pandoc's `Attr`). Source: Pandoc manual, "Extension: header_attributes" and
/// "fenced_code_attributes".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attr {
    /// The id, without `#`.
    pub id: Option<Id>,
    /// The classes, without dots, in source order.
    pub classes: Vec<String>,
    /// Keys and values in source order; a repeated key keeps its first value.
    pub pairs: Vec<Pair>,
}

/// An id and its source range.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Id {
    /// The id.
    pub name: String,
    /// The id's bytes; for an automatic id, those of the heading.
    pub span: Span,
    /// True if the id was derived from the heading's text.
    pub automatic: bool,
}

/// A key-value pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The key.
    pub key: String,
    /// The value, unescaped and without quotes.
    pub value: String,
    /// The value's bytes, without the quotes.
    pub value_span: Span,
}

impl Attr {
    /// True if there is no id, class or pair.
    pub fn is_empty(&self) -> bool {
        self.id.is_none() && self.classes.is_empty() && self.pairs.is_empty()
    }

    /// The id's name, or `""`.
    pub fn id(&self) -> &str {
        self.id.as_ref().map_or("", |id| &id.name)
    }

    /// True if the class is among the classes.
    pub fn has_class(&self, class: &str) -> bool {
        self.classes.iter().any(|c| c == class)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pair(key).map(|p| p.value.as_str())
    }

    /// The pair of a key.
    pub fn pair(&self, key: &str) -> Option<&Pair> {
        self.pairs.iter().find(|p| p.key == key)
    }
}
