//! YAML as data with places: front matter and configuration.

use crate::source::Place;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

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

fn hash(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
        self.value.hash(state);
    }
}

/// Up to how many entries or items are sought one by one when values are merged.
const FEW: usize = 8;

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

    /// Merges `over` onto this value as Quarto merges metadata: maps key by key, lists one after the other without repeats (a
    /// single value beside a list counts as a list of one), anything else is replaced.
    #[must_use]
    pub fn merge(&self, over: &Value) -> Value {
        let kind = match (&self.kind, &over.kind) {
            (ValueKind::Map(base), ValueKind::Map(new)) => {
                let mut merged = base.clone();
                let keys = || base.iter().enumerate().rev().map(|(at, entry)| (entry.key.as_str(), at));
                let mut places: Option<BTreeMap<&str, usize>> = (new.len() > FEW).then(|| keys().collect());
                for entry in new {
                    let old = match &places {
                        Some(places) => places.get(entry.key.as_str()).copied(),
                        None => merged.iter().position(|e| e.key == entry.key),
                    };
                    match old.and_then(|at| merged.get_mut(at)) {
                        Some(old) => {
                            old.value = old.value.merge(&entry.value);
                            old.key_place = entry.key_place;
                        }
                        None => {
                            if let Some(places) = &mut places {
                                places.insert(&entry.key, merged.len());
                            }
                            merged.push(entry.clone());
                        }
                    }
                }
                ValueKind::Map(merged)
            }
            (ValueKind::Seq(_), ValueKind::Null) => self.kind.clone(),
            (ValueKind::Seq(_), ValueKind::Map(_)) | (ValueKind::Map(_), ValueKind::Seq(_)) => over.kind.clone(),
            (ValueKind::Seq(_), _) | (_, ValueKind::Seq(_)) => {
                let (base, new) = (self.items(), over.items());
                let mut by_hash: BTreeMap<u64, Vec<&Value>> = BTreeMap::new();
                if new.len() > FEW {
                    base.iter().for_each(|item| by_hash.entry(hash(item)).or_default().push(item));
                }
                let is_old = |v: &Value| match new.len() > FEW {
                    true => by_hash.get(&hash(v)).is_some_and(|items| items.contains(&v)),
                    false => base.contains(v),
                };
                let mut merged = base.to_vec();
                merged.extend(new.iter().filter(|v| !is_old(v)).cloned());
                ValueKind::Seq(merged)
            }
            (_, new) => new.clone(),
        };
        Value { place: over.place, kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SourceId, Span};

    fn value(kind: ValueKind) -> Value {
        Value { place: Place { source: SourceId(0), span: Span::new(0, 0) }, kind }
    }

    fn entry(key: usize, kind: ValueKind) -> Entry {
        let value = value(kind);
        Entry { key: format!("k{key}"), key_place: value.place, value }
    }

    /// Lists and maps of a few things and of many are merged alike.
    #[test]
    fn merging_long_lists_and_maps() {
        let float = || value(ValueKind::Float(0.1, "0.10".to_owned()));
        for many in [2, FEW, FEW + 1, 100] {
            let list = |from: usize| {
                let numbers = (from..from + many).map(|n| value(ValueKind::Int(n as i64)));
                value(ValueKind::Seq(numbers.chain([float(), value(ValueKind::Seq(vec![float()]))]).collect()))
            };
            let merged = list(0).merge(&list(1));
            let numbers: Vec<_> = merged.items().iter().filter_map(|item| item.to_text()).collect();
            let expected: Vec<_> =
                (0..many).map(|n| n.to_string()).chain(["0.10".to_owned(), many.to_string()]).collect();
            assert_eq!(numbers, expected, "{many}");

            let map = |from: usize, says: bool| {
                value(ValueKind::Map((from..from + many).map(|key| entry(key, ValueKind::Bool(says))).collect()))
            };
            let merged = map(0, false).merge(&map(1, true));
            let expected = (0..=many).map(|key| entry(key, ValueKind::Bool(key > 0))).collect();
            assert_eq!(merged.kind, ValueKind::Map(expected), "{many}");
        }
    }
}
