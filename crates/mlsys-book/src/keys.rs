//! Looking up many keys.

use crate::value::Value;
use std::collections::BTreeMap;

/// Up to how many entries of a map are looked through for each key.
const FEW: usize = 32;

/// The keys of long maps, so that many are looked up in the time of one look through the map.
#[derive(Debug, Default)]
pub struct Keys<'a>(BTreeMap<*const Value, BTreeMap<&'a str, &'a Value>>);

impl<'a> Keys<'a> {
    /// The value of a map's key.
    pub fn get(&mut self, map: &'a Value, key: &str) -> Option<&'a Value> {
        if map.entries().len() <= FEW {
            return map.get(key);
        }
        // Of equal keys the first one counts.
        let keys = || map.entries().iter().rev().map(|entry| (entry.key.as_str(), &entry.value)).collect();
        self.0.entry(map).or_insert_with(keys).get(key).copied()
    }
}
