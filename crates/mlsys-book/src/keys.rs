//! An index for looking up many keys of one map.

use crate::value::Value;
use std::collections::BTreeMap;

/// The size up to which a map is searched linearly.
const FEW: usize = 32;

/// Indexes of large maps, made at the first look-up. Many look-ups take the time of one pass over the map.
#[derive(Debug, Default)]
pub struct Keys<'a>(BTreeMap<*const Value, BTreeMap<&'a str, &'a Value>>);

impl<'a> Keys<'a> {
    /// The value of a map's key.
    pub fn get(&mut self, map: &'a Value, key: &str) -> Option<&'a Value> {
        if map.entries().len() <= FEW {
            return map.get(key);
        }
        // If a key is repeated, the first one wins.
        let keys = || map.entries().iter().rev().map(|entry| (entry.key.as_str(), &entry.value)).collect();
        self.0.entry(map).or_insert_with(keys).get(key).copied()
    }
}
