//! YAML as data with places: front matter and configuration.

use crate::source::Place;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};

/// A YAML value and where it stands. Two values are equal when they say the same, wherever they stand.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Value {
    /// Where the value stands.
    pub place: Place,
    /// What it is.
    pub kind: ValueKind,
}

/// The kinds of YAML values, after the core schema of YAML 1.2 with Quarto's `yes`/`no` left as text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ValueKind {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number, with its source text, so that `0.10` stays `0.10`.
    Float(f64, String),
    /// Text.
    String(String),
    /// A list.
    Seq(Vec<Value>),
    /// A map in source order.
    Map(Vec<Entry>),
}

/// A key of a map and its value. Two entries are equal when they say the same, wherever they stand.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_place: Place,
    /// The value.
    pub value: Value,
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// Equal values have equal hashes.
impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(&self.kind).hash(state);
        match &self.kind {
            ValueKind::Null => {}
            ValueKind::Bool(is) => is.hash(state),
            ValueKind::Int(number) => number.hash(state),
            ValueKind::Float(_, text) | ValueKind::String(text) => text.hash(state),
            ValueKind::Seq(items) => items.hash(state),
            ValueKind::Map(entries) => entries.hash(state),
        }
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.value == other.value
    }
}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
        self.value.hash(state);
    }
}

impl Value {
    /// An empty map at a place.
    pub fn empty(place: Place) -> Self {
        Value { place, kind: ValueKind::Map(Vec::new()) }
    }

    /// The value of a key; nothing when this is not a map or has no such key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries().iter().find(|e| e.key == key).map(|e| &e.value)
    }

    /// The value at a dotted path of keys (`"format.html.toc"`).
    pub fn path(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(self, |v, key| v.get(key))
    }

    /// The entries of a map; empty for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            ValueKind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; a single value counts as a list of one, null as none.
    pub fn items(&self) -> &[Value] {
        match &self.kind {
            ValueKind::Seq(items) => items,
            ValueKind::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::String(s) => Some(s),
            _ => None,
        }
    }

    /// The boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            ValueKind::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// The whole number.
    pub fn as_int(&self) -> Option<i64> {
        match self.kind {
            ValueKind::Int(i) => Some(i),
            _ => None,
        }
    }

    /// A scalar as the text that an author would expect to see; nothing for lists, maps and null.
    pub fn to_text(&self) -> Option<String> {
        match &self.kind {
            ValueKind::Bool(b) => Some(b.to_string()),
            ValueKind::Int(i) => Some(i.to_string()),
            ValueKind::Float(_, s) | ValueKind::String(s) => Some(s.clone()),
            ValueKind::Null | ValueKind::Seq(_) | ValueKind::Map(_) => None,
        }
    }
}
