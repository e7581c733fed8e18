//! Positions of cites: first, subsequent, `ibid`, near another note.
//!
//! Source: CSL 1.0.2, "Choose", `position`.

use crate::citation::CiteItem;
use crate::output::ItemMode;
use crate::style::Style;
use citationberg::{StyleClass, TestPosition};
use rustc_hash::FxHashMap;

/// The last cite of a work.
struct Last {
    cluster: usize,
    place: usize,
    alone: bool,
    locator: Option<crate::locator::ItemLocator>,
}

/// Computes the positions of cites, one cluster after the other.
pub(crate) struct Positions {
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

    /// The positions of the next cluster's cites.
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
