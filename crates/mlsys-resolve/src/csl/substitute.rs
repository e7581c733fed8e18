//! What depends on the citation or entry before: positions (`ibid`), and dashes for repeated authors.
//!
//! Source: CSL 1.0.2, "Choose" (`position`), "Reference Grouping" (`subsequent-author-substitute`).

use super::Style;
use super::cluster::CiteItem;
use super::output::{ItemMode, Output, Tag};
use citationberg::{StyleClass, SubsequentAuthorSubstituteRule as Rule, TestPosition};
use mlsys_book::Name;
use rustc_hash::FxHashMap;

/// The last citation of a work.
struct Last {
    cluster: usize,
    place: usize,
    alone: bool,
    locator: Option<super::locator::FoundLocator>,
}

/// Which positions citations have, one cluster after the other.
pub(super) struct Positions {
    note_style: bool,
    near: usize,
    clusters: usize,
    last: FxHashMap<String, Last>,
}

impl Positions {
    pub fn new(style: &Style) -> Self {
        Positions {
            note_style: style.csl.settings.class == StyleClass::Note,
            near: style.csl.citation.near_note_distance as usize,
            clusters: 0,
            last: FxHashMap::default(),
        }
    }

    /// The positions of the next cluster's items.
    pub fn of(&mut self, items: &[CiteItem]) -> Vec<Vec<TestPosition>> {
        self.clusters += 1;
        let cluster = self.clusters;
        let lead = items.first().is_some_and(|i| i.mode == ItemMode::AuthorOnly);
        let alone = items.len() == 1 || items.len() == 2 && lead;
        let mut out = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            let place = if lead { i } else { i + 1 };
            let positions = match self.last.get(&item.key) {
                None => vec![TestPosition::First],
                Some(last) => {
                    let mut positions = vec![TestPosition::Subsequent];
                    if self.note_style && cluster - last.cluster < self.near {
                        positions.push(TestPosition::NearNote);
                    }
                    let follows = cluster == last.cluster && place == last.place + 1
                        || cluster == last.cluster + 1 && place == 1 && last.alone;
                    if follows {
                        match (&last.locator, &item.locator) {
                            (None, None) => positions.push(TestPosition::Ibid),
                            (Some(a), Some(b)) if a == b => positions.push(TestPosition::Ibid),
                            (_, Some(_)) => positions.extend([TestPosition::Ibid, TestPosition::IbidWithLocator]),
                            (Some(_), None) => {}
                        }
                    }
                    positions
                }
            };
            out.push(positions);
            if item.mode != ItemMode::AuthorOnly {
                self.last.insert(item.key.clone(), Last { cluster, place, alone, locator: item.locator.clone() });
            }
        }
        out
    }
}

/// Replaces the names of entries that repeat those of the entry before.
pub(super) fn subsequent_authors(style: &Style, mut entries: Vec<(usize, Output)>) -> Vec<(usize, Output)> {
    let Some(bibliography) = &style.csl.bibliography else { return entries };
    let Some(substitute) = &bibliography.subsequent_author_substitute else { return entries };
    let rule = bibliography.subsequent_author_substitute_rule;
    let mut before: Option<Output> = None;
    for (_, entry) in &mut entries {
        let authors = entry.authors().cloned();
        if let (Some(Output::Tagged(Tag::Names(old), _)), Some(current @ Output::Tagged(Tag::Names(new), _))) =
            (&before, &authors)
        {
            let replaced = replacement(rule, substitute, old, new, current, before.as_ref() == authors.as_ref());
            if let Some(replaced) = replaced {
                let whole = std::mem::replace(entry, Output::Nothing);
                let mut done = false;
                *entry = whole.replace(&mut |o| {
                    let hit = !done && o == current;
                    done |= hit;
                    hit.then(|| replaced.clone())
                });
            }
        }
        before = authors;
    }
    entries
}

fn replacement(
    rule: Rule,
    substitute: &str,
    old: &[Name],
    new: &[Name],
    current: &Output,
    equal: bool,
) -> Option<Output> {
    let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let complete = if new.is_empty() { equal } else { old == new };
    let count = match rule {
        Rule::CompleteAll if complete => {
            // The label of an editor stays, the names go.
            let mut first = true;
            let all = current.clone().replace(&mut |o| {
                matches!(o, Output::Tagged(Tag::Name(_), _)).then(|| {
                    let dash = if first { Output::text(substitute) } else { Output::Nothing };
                    first = false;
                    dash
                })
            });
            return Some(if first { Output::text(substitute) } else { all });
        }
        Rule::CompleteEach if complete => new.len(),
        Rule::PartialEach if same > 0 => same,
        Rule::PartialFirst if same > 0 => 1,
        Rule::CompleteAll | Rule::CompleteEach | Rule::PartialEach | Rule::PartialFirst => return None,
    };
    let mut left = count;
    Some(current.clone().replace(&mut |o| {
        let hit = left > 0 && matches!(o, Output::Tagged(Tag::Name(_), _));
        left -= usize::from(hit);
        hit.then(|| Output::text(substitute))
    }))
}
