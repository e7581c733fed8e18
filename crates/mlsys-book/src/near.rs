//! Names near another one, in order: the candidates of "did you mean".

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included, Unbounded};

/// Up to so many names all are compared with one that is not among them. Of more it would cost a project the number of its
/// mistakes times that of its names.
const ALL: usize = 5_000;

/// How many names are compared on each side of the place where the missing one would stand.
const BESIDE: usize = 100;

/// Of names in ascending order those that are worth a comparison with a missing one: all of a few thousands, else those with the
/// same beginning. `text` gives an item's name.
pub fn near<'n, T>(names: &'n [T], text: impl Fn(&T) -> &str, missing: &str) -> &'n [T] {
    if names.len() <= ALL {
        return names;
    }
    let at = names.partition_point(|name| text(name) < missing);
    names.get(at.saturating_sub(BESIDE)..names.len().min(at + BESIDE)).unwrap_or(names)
}

/// As [`near`], of the keys of a map.
pub fn near_keys<'n, V>(names: &'n BTreeMap<String, V>, missing: &str) -> impl Iterator<Item = &'n str> {
    let most = if names.len() <= ALL { usize::MAX } else { BESIDE };
    let below = names.range::<str, _>((Unbounded, Excluded(missing))).rev().take(most);
    let above = names.range::<str, _>((Included(missing), Unbounded)).take(most);
    below.chain(above).map(|(name, _)| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_names_those_with_the_same_beginning_are_near() {
        for (many, expected) in [(ALL, ALL), (ALL + 1, 2 * BESIDE)] {
            let names: Vec<String> = (0..many).map(|n| format!("name-{n:06}")).collect();
            let missing = "name-002500x";
            let found = near(&names, |name| name, missing);
            assert_eq!(found.len(), expected);
            assert!(found.contains(&"name-002500".to_owned()));
            let map: BTreeMap<String, ()> = names.iter().map(|name| (name.clone(), ())).collect();
            let mut keys: Vec<&str> = near_keys(&map, missing).collect();
            keys.sort_unstable();
            assert_eq!(keys, found.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(near(&names, |name| name, "a").first(), names.first());
            assert_eq!(near(&names, |name| name, "z").last(), names.last());
        }
    }
}
