//! The works of a document, numbered, and the items of its clusters.

use crate::citation::CiteItem;
use crate::citing::{CiteMode, Cluster};
use crate::item::Item;
use crate::locator::Labels;
use crate::output::ItemMode;
use crate::rendering::Setting;
use crate::rich::{self, Rich};
use crate::sorting;
use citationberg::InheritableNameOptions;
use mlsys_book::Bibliography;
use rustc_hash::FxHashMap;

/// The works of a document.
pub(crate) struct Works {
    pub items: Vec<Item>,
    index: FxHashMap<String, usize>,
}

impl Works {
    /// The works in the order of their first citation, then those of `nocite`.
    pub fn collect<'k>(
        bibliography: &'k Bibliography,
        cited: impl Iterator<Item = &'k str>,
        nocite: &'k [String],
    ) -> Self {
        let mut works = Works { items: Vec::new(), index: FxHashMap::default() };
        let all = nocite.iter().any(|k| k == "*");
        let listed = nocite.iter().map(String::as_str);
        let every = bibliography.keys().filter(|_| all);
        for key in cited.chain(listed).chain(every) {
            if works.index.contains_key(key) {
                continue;
            }
            if let Some(work) = bibliography.get(key) {
                works.index.insert(key.to_owned(), works.items.len());
                works.items.push(Item::new(work));
            }
        }
        for (i, item) in works.items.iter_mut().enumerate() {
            item.set_number(i + 1);
        }
        works
    }

    /// True if a work has the key.
    pub fn contains(&self, key: &str) -> bool {
        self.index.contains_key(key)
    }

    /// Sorts and numbers the items. Returns the order of the bibliography and the name options of its entries.
    pub fn order(&mut self, setting: Setting<'_>) -> (Vec<usize>, InheritableNameOptions) {
        let csl = &setting.style.csl;
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        let Some(bibliography) = &csl.bibliography else { return (order, csl.settings.options.clone()) };
        let names = csl.settings.options.apply(&bibliography.name_options);
        let setting = Setting { names: &names, in_bibliography: true, ..setting };
        let keys: Vec<_> = self.items.iter().map(|i| sorting::keys(bibliography.sort.as_ref(), setting, i)).collect();
        order.sort_by(|a, b| sorting::compare(&keys[*a], &keys[*b]));
        for (rank, index) in order.iter().enumerate() {
            self.items[*index].set_number(rank + 1);
        }
        (order, names)
    }

    /// The items of a cluster. An author named in the text is an item of its own.
    pub fn cite_items(&self, cluster: &Cluster, labels: &Labels) -> Vec<CiteItem> {
        let mut out = Vec::with_capacity(cluster.cites.len());
        for cite in cluster.cites.iter().filter(|c| c.key != "*") {
            let mut prefix = cite.prefix.clone();
            if !prefix.is_empty() && !matches!(rich::last_char(&prefix), Some(c) if c.is_whitespace()) {
                prefix.push(Rich::Text(" ".to_owned()));
            }
            let (locator, mut suffix) = labels.take(cite.suffix.clone());
            if rich::is_blank(&suffix) {
                suffix.clear();
            }
            let item = CiteItem {
                item: self.index.get(cite.key.as_str()).copied(),
                key: cite.key.clone(),
                mode: ItemMode::Normal,
                prefix,
                suffix,
                locator,
            };
            match cite.mode {
                CiteMode::Normal => out.push(item),
                CiteMode::SuppressAuthor => out.push(CiteItem { mode: ItemMode::SuppressAuthor, ..item }),
                CiteMode::AuthorInText => {
                    let author =
                        CiteItem { mode: ItemMode::AuthorOnly, suffix: Vec::new(), locator: None, ..item.clone() };
                    out.push(author);
                    out.push(CiteItem { mode: ItemMode::SuppressAuthor, prefix: Vec::new(), ..item });
                }
            }
        }
        out
    }

    /// Sorts the items of a cluster. No item moves across a prefix or a suffix.
    pub fn sorted(&self, setting: Setting<'_>, items: Vec<CiteItem>) -> Vec<CiteItem> {
        let Some(sort) = setting.style.csl.citation.sort.as_ref().filter(|_| items.len() > 1) else { return items };
        let mut runs: Vec<Vec<CiteItem>> = Vec::new();
        for item in items {
            let joins = |run: &Vec<CiteItem>| {
                item.prefix.is_empty()
                    && item.mode == ItemMode::Normal
                    && run.last().is_some_and(|l| l.suffix.is_empty() && l.mode == ItemMode::Normal)
            };
            match runs.last_mut().filter(|run| joins(run)) {
                Some(run) => run.push(item),
                None => runs.push(vec![item]),
            }
        }
        for run in &mut runs {
            let key = |item: &CiteItem| {
                item.item
                    .and_then(|i| self.items.get(i))
                    .map_or_else(Vec::new, |i| sorting::keys(Some(sort), setting, i))
            };
            let mut keyed: Vec<_> = run.drain(..).map(|item| (key(&item), item)).collect();
            keyed.sort_by(|a, b| sorting::compare(&a.0, &b.0));
            run.extend(keyed.into_iter().map(|(_, item)| item));
        }
        runs.concat()
    }
}
