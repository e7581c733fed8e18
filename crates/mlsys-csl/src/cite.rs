//! The processor: resolves the works of a document, then formats its citations and its bibliography.

use crate::citation::positions::Positions;
use crate::citation::{self, disambiguate::disambiguate};
use crate::citations::{Citations, Entry, MissingKey};
use crate::citing::Citing;
use crate::entry;
use crate::finish::{finish_citation, finish_entry};
use crate::item::Item;
use crate::locator::Labels;
use crate::output::RenderOptions;
use crate::rendering::Setting;
use crate::style::Style;
use crate::works::Works;
use mlsys_book::Bibliography;
use rustc_hash::FxHashMap;

/// A bibliography that several documents share, as the pages of a book do.
///
/// It numbers the works and tells them apart for all documents that cite from it.
#[derive(Debug, Default)]
pub struct SharedBibliography {
    items: FxHashMap<String, Item>,
}

impl SharedBibliography {
    /// The shared bibliography of these keys, in the order of their first citation.
    pub fn new(style: &Style, works: &Bibliography, keys: &[String], lang: &str) -> Self {
        let terms = style.terms(lang);
        let names = style.csl.settings.options.apply(&style.csl.citation.name_options);
        let setting = Setting { style, terms: &terms, names: &names, in_bibliography: false, sort_key: None };
        let mut works = Works::collect(works, std::iter::empty(), keys);
        let (order, _) = works.order(setting);
        disambiguate(setting, &mut works.items, &order);
        SharedBibliography { items: works.items.into_iter().map(|item| (item.key.clone(), item)).collect() }
    }
}

/// Formats a document's citations and its bibliography.
///
/// The cited works decide on citation numbers, year suffixes and how many names are shown. With a `shared` bibliography, that one
/// decides.
pub fn cite(style: &Style, works: &Bibliography, citing: &Citing, shared: Option<&SharedBibliography>) -> Citations {
    let terms = style.terms(&citing.lang);
    let names = style.csl.settings.options.apply(&style.csl.citation.name_options);
    let setting = Setting { style, terms: &terms, names: &names, in_bibliography: false, sort_key: None };
    let mut works = Works::collect(works, citing.cited(), &citing.nocite);
    let (order, entry_names) = works.order(setting);
    disambiguate(setting, &mut works.items, &order);
    if let Some(shared) = shared {
        for item in &mut works.items {
            if let Some(shared) = shared.items.get(&item.key) {
                *item = shared.clone();
            }
        }
    }

    let mut missing = Vec::new();
    let labels = Labels::new(&terms);
    let mut cited = Vec::with_capacity(citing.clusters.len());
    for (index, cluster) in citing.clusters.iter().enumerate() {
        let unknown = cluster.cites.iter().filter(|cite| cite.key != "*" && !works.contains(&cite.key));
        missing.extend(unknown.map(|cite| MissingKey { cluster: index, key: cite.key.clone() }));
        cited.push(works.sorted(setting, works.cite_items(cluster, &labels)));
    }
    let keys: Vec<String> = works.items.iter().map(|item| item.key.clone()).collect();
    let render_options = RenderOptions { keys: &keys, link_citations: citing.link_citations, link_bibliography: true };
    let mut positions = Positions::new(style);
    let clusters = citing
        .clusters
        .iter()
        .zip(&cited)
        .map(|(cluster, items)| {
            let at = positions.of(items);
            let output = citation::citation(setting, &works.items, items, &at);
            finish_citation(&output, cluster.in_note, render_options, &terms)
        })
        .collect();

    let setting = Setting { names: &entry_names, in_bibliography: true, ..setting };
    let entries = order.iter().map(|index| (*index, entry::entry(setting, &works.items, *index))).collect();
    let entries = entry::substitute_authors(style, entries);
    let entry_options = RenderOptions { link_citations: false, ..render_options };
    let entries = entries
        .into_iter()
        .filter_map(|(index, output)| {
            let key = keys.get(index)?.clone();
            Some(finish_entry(key, &output, entry_options, &terms))
        })
        .collect();
    let hanging_indent = style.csl.bibliography.as_ref().is_some_and(|b| b.hanging_indent);
    Citations { clusters, entries, hanging_indent, missing }
}

/// Formats a bibliography of these keys, without citations. `*` means all works.
pub fn bibliography(style: &Style, works: &Bibliography, keys: &[String], lang: &str) -> Vec<Entry> {
    let citing = Citing { nocite: keys.to_vec(), lang: lang.to_owned(), ..Citing::default() };
    cite(style, works, &citing, None).entries
}
