//! "Did you mean": the name that an author probably meant by one that does not exist.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Included, Unbounded};

/// How many mistakes of one page or pass get a suggestion. Each costs a comparison with every candidate.
pub const SUGGESTIONS: usize = 20;

/// A longer name is compared with none: the edit distance takes the product of both lengths.
const LONGEST: usize = 100;

/// The most edits between a name and a suggestion. Paths of one folder share most of their letters, so a share alone would suggest
/// any other file in it.
const MOST_EDITS: usize = 4;

/// Up to this many candidates are all compared. With more, the time would be the mistakes times the names.
const ALL: usize = 5_000;

/// Of more candidates, how many are compared on each side of the place where the missing name would be.
const NEIGHBOURS: usize = 100;

/// The candidate nearest to a missing name: at most a quarter of the letters may differ, rounded, and from one to four. Of several
/// equally near candidates, the first in order.
///
/// ```
/// use mlsys_book::suggest;
///
/// assert_eq!(suggest("fig-lop", ["fig-loop", "fig-pipeline"]), Some("fig-loop"));
/// assert_eq!(suggest("fig-x", ["sec-introduction"]), None);
/// ```
pub fn suggest<'n>(name: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let length = name.chars().count();
    suggest_within(name, ((length + 2) / 4).clamp(1, MOST_EDITS), candidates)
}

/// As [`suggest`], with at most this many edits: an author's own names may be similar to a known one.
pub fn suggest_within<'n>(name: &str, most: usize, candidates: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let length = name.chars().count();
    if length > LONGEST {
        return None;
    }
    let letters = Letters::of(name);
    let near = candidates.into_iter().filter(|candidate| {
        // A letter is at most four bytes, so this bounds the candidate's length, too.
        candidate.len() <= 4 * (length + most) && letters.least_edits(&Letters::of(candidate)) <= most
    });
    let distances = near.map(|candidate| (strsim::osa_distance(name, candidate), candidate));
    distances.filter(|(distance, _)| *distance <= most).min().map(|(_, candidate)| candidate)
}

/// The hint that names the candidate which [`suggest`] finds.
pub fn did_you_mean<'n>(name: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<String> {
    suggest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// The candidates worth a comparison with a missing name, from items in ascending order: all of a few thousand, otherwise those
/// with the same beginning. `text` gives an item's name.
pub fn near<'n, T>(items: &'n [T], text: impl Fn(&T) -> &str, missing: &str) -> &'n [T] {
    if items.len() <= ALL {
        return items;
    }
    let at = items.partition_point(|item| text(item) < missing);
    items.get(at.saturating_sub(NEIGHBOURS)..items.len().min(at + NEIGHBOURS)).unwrap_or(items)
}

/// As [`near`], for the keys of a map.
pub fn near_keys<'n, V>(names: &'n BTreeMap<String, V>, missing: &str) -> impl Iterator<Item = &'n str> {
    let most = if names.len() <= ALL { usize::MAX } else { NEIGHBOURS };
    let below = names.range::<str, _>((Unbounded, Excluded(missing))).rev().take(most);
    let above = names.range::<str, _>((Included(missing), Unbounded)).take(most);
    below.chain(above).map(|(name, _)| name.as_str())
}

/// How often each letter occurs in a name, in 32 classes: a cheap lower bound on the edit distance.
struct Letters([u8; 32]);

impl Letters {
    fn of(name: &str) -> Self {
        let mut counts = [0u8; 32];
        for letter in name.chars() {
            let count = &mut counts[letter as usize % 32];
            *count = count.saturating_add(1);
        }
        Letters(counts)
    }

    /// A lower bound on the edit distance: an edit adds a letter, removes one, or does both.
    fn least_edits(&self, other: &Letters) -> usize {
        let pairs = || self.0.iter().zip(&other.0);
        let removed: usize = pairs().map(|(a, b)| usize::from(a.saturating_sub(*b))).sum();
        let added: usize = pairs().map(|(a, b)| usize::from(b.saturating_sub(*a))).sum();
        removed.max(added)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_the_letters_may_differ() {
        for (name, candidate, near) in [
            ("toc", "toq", true),
            ("toc", "taq", false),
            ("sidbar", "sidebars", true),
            ("sidbar", "slidebars", false),
            ("bibliography", "bibliographies", true),
            ("sec-introduction-life", "sec-introduction-death", false),
            ("images/png/tiny_ml.png", "images/png/edge_ml.png", true),
            ("images/png/tiny_ml.png", "images/png/edge_io.png", false),
            ("sec-introduction", "sec-conclusion", false),
            ("größe", "grösse", false),
            ("größe", "größen", true),
        ] {
            assert_eq!(suggest(name, [candidate]).is_some(), near, "{name} {candidate}");
        }
        assert_eq!(suggest("page-b", ["page-c", "page-a"]), Some("page-a"));
        assert_eq!(suggest(&"a".repeat(101), ["a"]), None);
    }

    #[test]
    fn of_many_names_those_with_the_same_beginning_are_near() {
        for (many, expected) in [(ALL, ALL), (ALL + 1, 2 * NEIGHBOURS)] {
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
