//! YAML values with their source places: front matter and configuration.

use crate::source::Place;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};

/// A YAML value and its place. Equality ignores the place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Value {
    /// Its place.
    pub place: Place,
    /// What it is.
    pub kind: ValueKind,
}

/// The kinds of YAML values: the core schema of YAML 1.2. `yes` and `no` are text, as in Quarto.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ValueKind {
    /// `null`, or no value.
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

/// A key of a map and its value. Equality ignores the places.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The key's place.
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

    /// The value of a key; `None` if this is no map or has no such key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries().iter().find(|e| e.key == key).map(|e| &e.value)
    }

    /// The value at a dotted path of keys.
    ///
    /// ```
    /// use mlsys_book::{Entry, Place, Value, ValueKind};
    ///
    /// let place = Place::project();
    /// let map = |key: &str, value| {
    ///     Value { place, kind: ValueKind::Map(vec![Entry { key: key.into(), key_place: place, value }]) }
    /// };
    /// let meta = map("format", map("toc", Value { place, kind: ValueKind::Bool(true) }));
    /// assert_eq!(meta.path("format.toc").and_then(Value::as_bool), Some(true));
    /// assert_eq!(meta.path("format.html"), None);
    /// ```
    pub fn path(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(self, |v, key| v.get(key))
    }

    /// The entries of a map; empty for other kinds.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            ValueKind::Map(entries) => entries,
            ValueKind::Null
            | ValueKind::Bool(_)
            | ValueKind::Int(_)
            | ValueKind::Float(..)
            | ValueKind::String(_)
            | ValueKind::Seq(_) => &[],
        }
    }

    /// The items of a list. A single value is a list of one, null an empty list.
    pub fn items(&self) -> &[Value] {
        match &self.kind {
            ValueKind::Seq(items) => items,
            ValueKind::Null => &[],
            ValueKind::Bool(_)
            | ValueKind::Int(_)
            | ValueKind::Float(..)
            | ValueKind::String(_)
            | ValueKind::Map(_) => std::slice::from_ref(self),
        }
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        if let ValueKind::String(text) = &self.kind { Some(text) } else { None }
    }

    /// The value, if this is a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        if let ValueKind::Bool(value) = self.kind { Some(value) } else { None }
    }

    /// The number, if this is an integer.
    pub fn as_int(&self) -> Option<i64> {
        if let ValueKind::Int(number) = self.kind { Some(number) } else { None }
    }

    /// A scalar as the author wrote it; `None` for lists, maps and null.
    pub fn to_text(&self) -> Option<String> {
        match &self.kind {
            ValueKind::Bool(b) => Some(b.to_string()),
            ValueKind::Int(i) => Some(i.to_string()),
            ValueKind::Float(_, s) | ValueKind::String(s) => Some(s.clone()),
            ValueKind::Null | ValueKind::Seq(_) | ValueKind::Map(_) => None,
        }
    }
}
