//! Merging metadata. Source: Quarto, "Front Matter", "Metadata Merging".

use crate::source::Place;
use crate::value::{Entry, Value, ValueKind};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The size up to which lists and maps are searched linearly.
const FEW: usize = 8;

impl Value {
    /// Merges `over` onto this value as Quarto merges metadata: maps are merged key by key, lists are concatenated without
    /// duplicates, and other values are replaced. A single value merged with a list is a list of one.
    #[must_use]
    pub fn merge(&self, over: &Value) -> Value {
        self.merge_all([over])
    }

    /// Merges values onto this one from left to right; see [`Value::merge`]. Linear in the size of all values together.
    #[must_use]
    pub fn merge_all<'v>(&'v self, over: impl IntoIterator<Item = &'v Value>) -> Value {
        let mut place = self.place;
        let merged = over.into_iter().fold(Merging::One(self), |merged, over| {
            place = over.place;
            merged.with(over)
        });
        Value { place, kind: merged.end() }
    }
}

/// The result of merging the values so far.
enum Merging<'v> {
    One(&'v Value),
    Seq(Items<'v>),
    Map(Entries<'v>),
}

impl<'v> Merging<'v> {
    fn with(self, over: &'v Value) -> Self {
        use ValueKind::{Map, Null, Seq};
        match (self, &over.kind) {
            (Merging::Map(base), Map(new)) => Merging::Map(base.with(new)),
            (Merging::One(Value { kind: Map(base), .. }), Map(new)) => Merging::Map(Entries::new(base).with(new)),
            (list @ (Merging::Seq(_) | Merging::One(Value { kind: Seq(_), .. })), Null) => list,
            (Merging::Seq(_) | Merging::One(Value { kind: Seq(_), .. }), Map(_))
            | (Merging::Map(_) | Merging::One(Value { kind: Map(_), .. }), Seq(_)) => Merging::One(over),
            (Merging::Seq(base), _) => Merging::Seq(base.with(over.items())),
            (Merging::One(base @ Value { kind: Seq(_), .. }), _) | (Merging::One(base), Seq(_)) => {
                Merging::Seq(Items::new(base.items()).with(over.items()))
            }
            (Merging::One(_) | Merging::Map(_), _) => Merging::One(over),
        }
    }

    fn end(self) -> ValueKind {
        match self {
            Merging::One(value) => value.kind.clone(),
            Merging::Seq(list) => ValueKind::Seq(list.items.into_iter().cloned().collect()),
            Merging::Map(map) => ValueKind::Map(map.entries.into_iter().map(Overlaid::end).collect()),
        }
    }
}

/// A list under construction.
struct Items<'v> {
    items: Vec<&'v Value>,
    /// The indexes of the first `indexed` items, by their hash.
    places: BTreeMap<u64, Vec<usize>>,
    indexed: usize,
}

impl<'v> Items<'v> {
    fn new(items: &'v [Value]) -> Self {
        Items { items: items.iter().collect(), places: BTreeMap::new(), indexed: 0 }
    }

    /// Adds the items that are not in the list yet. Duplicates among the new items stay.
    fn with(mut self, new: &'v [Value]) -> Self {
        let old = self.items.len();
        if old <= FEW {
            let added = new.iter().filter(|value| !self.items.contains(value)).collect::<Vec<_>>();
            self.items.extend(added);
            return self;
        }
        for (at, item) in self.items.iter().enumerate().skip(self.indexed) {
            self.places.entry(hash(item)).or_default().push(at);
        }
        self.indexed = old;
        for value in new {
            let alike = self.places.get(&hash(value)).map_or(&[][..], Vec::as_slice);
            if !alike.iter().any(|at| self.items.get(*at).is_some_and(|item| *item == value)) {
                self.items.push(value);
            }
        }
        self
    }
}

fn hash(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// An entry under construction: all values of one key.
struct Overlaid<'v> {
    key: &'v str,
    key_place: Place,
    first: &'v Value,
    over: Vec<&'v Value>,
}

impl<'v> Overlaid<'v> {
    fn new(entry: &'v Entry) -> Self {
        Overlaid { key: &entry.key, key_place: entry.key_place, first: &entry.value, over: Vec::new() }
    }

    fn end(self) -> Entry {
        Entry { key: self.key.to_owned(), key_place: self.key_place, value: self.first.merge_all(self.over) }
    }
}

/// A map under construction.
struct Entries<'v> {
    entries: Vec<Overlaid<'v>>,
    /// The index of the first entry of each key, for the first `indexed` entries.
    places: BTreeMap<&'v str, usize>,
    indexed: usize,
}

impl<'v> Entries<'v> {
    fn new(entries: &'v [Entry]) -> Self {
        Entries { entries: entries.iter().map(Overlaid::new).collect(), places: BTreeMap::new(), indexed: 0 }
    }

    fn with(mut self, new: &'v [Entry]) -> Self {
        for entry in new {
            match self.place(&entry.key) {
                Some(overlaid) => {
                    overlaid.key_place = entry.key_place;
                    overlaid.over.push(&entry.value);
                }
                None => self.entries.push(Overlaid::new(entry)),
            }
        }
        self
    }

    /// The entry of a key.
    fn place(&mut self, key: &str) -> Option<&mut Overlaid<'v>> {
        if self.entries.len() <= FEW {
            return self.entries.iter_mut().find(|overlaid| overlaid.key == key);
        }
        for (at, overlaid) in self.entries.iter().enumerate().skip(self.indexed) {
            self.places.entry(overlaid.key).or_insert(at);
        }
        self.indexed = self.entries.len();
        self.entries.get_mut(*self.places.get(key)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(kind: ValueKind) -> Value {
        Value { place: Place::project(), kind }
    }

    fn entry(key: usize, kind: ValueKind) -> Entry {
        let value = value(kind);
        Entry { key: format!("k{key}"), key_place: value.place, value }
    }

    /// Short and long lists and maps are merged alike.
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

            let map = |from: usize, is_over: bool| {
                value(ValueKind::Map((from..from + many).map(|key| entry(key, ValueKind::Bool(is_over))).collect()))
            };
            let merged = map(0, false).merge(&map(1, true));
            let expected = (0..=many).map(|key| entry(key, ValueKind::Bool(key > 0))).collect();
            assert_eq!(merged.kind, ValueKind::Map(expected), "{many}");
        }
    }

    /// Merging many values equals merging them one by one.
    #[test]
    fn merging_many_values() {
        let text = |text: &str| value(ValueKind::String(text.to_owned()));
        let list = |items: &[&str]| value(ValueKind::Seq(items.iter().map(|item| text(item)).collect()));
        let map = |inner: Value| {
            value(ValueKind::Map(vec![Entry { key: "k".to_owned(), key_place: inner.place, value: inner }]))
        };
        let plain = [value(ValueKind::Null), text("a"), text("b"), list(&["a", "c"]), list(&["c", "c"]), list(&[])];
        let all: Vec<Value> = plain.iter().cloned().chain(plain.iter().cloned().map(map)).collect();
        for first in &all {
            for second in &all {
                for third in &all {
                    let each = first.merge(second).merge(third);
                    assert_eq!(first.merge_all([second, third]), each, "{first:?} {second:?} {third:?}");
                }
            }
        }
    }
}
