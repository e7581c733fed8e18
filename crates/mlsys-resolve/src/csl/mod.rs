//! Citations and reference lists by the Citation Style Language 1.0.2.
//!
//! The evaluator follows the specification chapter by chapter, one file each, on citationberg's types of style and locale. Where
//! the specification leaves room, Pandoc's processor is the model: authors know its citations.
//!
//! | file | chapter |
//! |---|---|
//! | `element` | rendering elements: text, group, choose, macros |
//! | `conditions` | conditions of `if` |
//! | `names`, `name`, `date`, `number` | lists of names, one name; dates; numbers, labels, page ranges |
//! | `locale` | terms and options of locales |
//! | `sorting`, `disambiguate`, `collapse` | sorting; disambiguation; grouping and collapsing |
//! | `citing` | what a page cites, apart from its places |
//! | `cluster`, `locator` | a citation with its items; locators in the author's text |
//! | `output`, `rich`, `punctuation`, `text_case` | formatting of what was printed |

mod citing;
mod cluster;
mod collapse;
mod conditions;
mod date;
mod disambiguate;
mod element;
mod item;
mod locale;
mod locator;
mod name;
mod names;
mod number;
mod output;
mod punctuation;
mod rich;
mod sorting;
mod style;
mod substitute;
mod text_case;

pub use citing::{Citing, CitingCluster};
use cluster::CiteItem;
use element::Setting;
use item::Item;
use locale::Terms;
use locator::Labels;
use mlsys_book::{Bibliography, CitationMode, Inline, InlineKind, Reference, Span};
use output::{ItemMode, Output, RenderOptions, render};
use rich::Rich;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
pub use style::{Style, StyleError};

/// What a page's citations and its reference list say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Citations {
    /// The text of each cluster, in the order of the clusters.
    pub texts: Vec<CitedText>,
    /// The reference list in the style's order.
    pub references: Vec<Reference>,
    /// Whether the reference list hangs.
    pub hanging_indent: bool,
    /// Keys that the bibliography does not hold, each with the index of its cluster.
    pub missing: Vec<(usize, String)>,
}

/// What a cluster says, wherever it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CitedText {
    /// The cited keys in the author's order.
    pub keys: Vec<String>,
    /// Whether the style wants it as a note.
    pub note: bool,
    /// An author who is named in the running text before a note.
    lead: Option<Vec<Rich>>,
    content: Vec<Rich>,
}

impl CitedText {
    /// The text at its place. In a note it is the note's; an author who is named in the running text stands before it in a span
    /// of class `csl-lead`.
    pub fn inlines(self, span: Span) -> Vec<Inline> {
        let mut inlines = Vec::new();
        if let Some(lead) = self.lead {
            let attr = mlsys_book::Attr { classes: vec!["csl-lead".to_owned()], ..mlsys_book::Attr::default() };
            inlines.push(Inline { span, kind: InlineKind::Span(Box::new(attr), rich::to_inlines(lead, span)) });
        }
        inlines.extend(rich::to_inlines(self.content, span));
        inlines
    }
}

/// The reference list that the pages of a book share: how it numbers its works and tells them apart.
#[derive(Debug, Default)]
pub struct Joint {
    items: FxHashMap<String, Item>,
}

/// The joint list of these keys, in the order in which they are first cited.
pub fn joint(style: &Style, bibliography: &Bibliography, keys: &[String], lang: &str) -> Joint {
    let terms = style.terms(lang);
    let names = style.csl.settings.options.apply(&style.csl.citation.name_options);
    let setting = Setting { style, terms: &terms, names: &names, in_bibliography: false, sort_key: None };
    let mut works = Works::collect(bibliography, std::iter::empty(), keys);
    let (order, _) = works.order(setting);
    disambiguate::disambiguate(setting, &mut works.items, &order);
    Joint { items: works.items.into_iter().map(|item| (item.key.clone(), item)).collect() }
}

/// The texts of a page's citations and its reference list.
///
/// The works of the page decide on numbers, year suffixes and the names that have to be shown, unless the page's citations lead
/// to a list that all pages share, which then decides.
pub fn cite(style: &Style, bibliography: &Bibliography, citing: &Citing, joint: Option<&Joint>) -> Citations {
    let terms = style.terms(&citing.lang);
    let names = style.csl.settings.options.apply(&style.csl.citation.name_options);
    let setting = Setting { style, terms: &terms, names: &names, in_bibliography: false, sort_key: None };
    let mut works = Works::collect(bibliography, citing.cited(), &citing.nocite);
    let (order, entry_names) = works.order(setting);
    disambiguate::disambiguate(setting, &mut works.items, &order);
    if let Some(joint) = joint {
        let known = works.items.iter_mut().filter_map(|item| Some((joint.items.get(&item.key)?, item)));
        known.for_each(|(known, item)| *item = known.clone());
    }

    let mut missing = Vec::new();
    let labels = Labels::new(&terms);
    let mut cited: Vec<Vec<CiteItem>> = Vec::with_capacity(citing.clusters.len());
    for (index, cluster) in citing.clusters.iter().enumerate() {
        let items = works.cite_items(cluster, &labels);
        let unknown = cluster.items.iter().filter(|c| c.key != "*" && !works.index.contains_key(c.key.as_str()));
        missing.extend(unknown.map(|c| (index, c.key.clone())));
        cited.push(works.sorted(setting, items));
    }
    let keys: Vec<String> = works.items.iter().map(|i| i.key.clone()).collect();
    let render_options = RenderOptions { keys: &keys, link_citations: citing.link_citations, link_bibliography: true };
    let mut positions = substitute::Positions::new(style);
    let texts = citing
        .clusters
        .iter()
        .zip(&cited)
        .map(|(cluster, items)| {
            let at = positions.of(items);
            let output = cluster::citation(setting, &works.items, items, &at);
            let keys = cluster.items.iter().map(|c| c.key.clone()).collect();
            finish_citation(keys, &output, cluster.in_note, render_options, &terms)
        })
        .collect();

    let setting = Setting { names: &entry_names, in_bibliography: true, ..setting };
    let entries = order.iter().map(|index| (*index, cluster::entry(setting, &works.items, *index))).collect();
    let entries = substitute::subsequent_authors(style, entries);
    let entry_options = RenderOptions { link_citations: false, ..render_options };
    let references = entries
        .into_iter()
        .filter_map(|(index, output)| {
            let key = keys.get(index)?.clone();
            Some(finish_entry(key, &output, entry_options, &terms))
        })
        .collect();
    let hanging_indent = style.csl.bibliography.as_ref().is_some_and(|b| b.hanging_indent);
    Citations { texts, references, hanging_indent, missing }
}

/// The works of a page.
struct Works {
    items: Vec<Item>,
    index: FxHashMap<String, usize>,
}

impl Works {
    /// Works in the order of their first citation, then those of `nocite`.
    fn collect<'k>(bibliography: &'k Bibliography, cited: impl Iterator<Item = &'k str>, nocite: &'k [String]) -> Self {
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

    /// The order of the reference list, which also numbers the items, and the name options of its entries.
    fn order(&mut self, setting: Setting<'_>) -> (Vec<usize>, citationberg::InheritableNameOptions) {
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

    /// The items of a citation; an author in the text is an item of its own.
    fn cite_items(&self, cluster: &CitingCluster, labels: &Labels) -> Vec<CiteItem> {
        let mut out = Vec::with_capacity(cluster.items.len());
        for citation in cluster.items.iter().filter(|c| c.key != "*") {
            let mut prefix = citation.prefix.clone();
            if !prefix.is_empty() && !matches!(rich::last_char(&prefix), Some(c) if c.is_whitespace()) {
                prefix.push(Rich::Text(" ".to_owned()));
            }
            let (locator, mut suffix) = labels.take(citation.suffix.clone());
            if rich::is_blank(&suffix) {
                suffix.clear();
            }
            let item = CiteItem {
                item: self.index.get(citation.key.as_str()).copied(),
                key: citation.key.clone(),
                mode: ItemMode::Normal,
                prefix,
                suffix,
                locator,
            };
            match citation.mode {
                CitationMode::Normal => out.push(item),
                CitationMode::SuppressAuthor => out.push(CiteItem { mode: ItemMode::SuppressAuthor, ..item }),
                CitationMode::AuthorInText => {
                    let author =
                        CiteItem { mode: ItemMode::AuthorOnly, suffix: Vec::new(), locator: None, ..item.clone() };
                    out.push(author);
                    out.push(CiteItem { mode: ItemMode::SuppressAuthor, prefix: Vec::new(), ..item });
                }
            }
        }
        out
    }

    /// Sorts the items of a citation; a prefix begins and a suffix ends what may be sorted.
    fn sorted(&self, setting: Setting<'_>, items: Vec<CiteItem>) -> Vec<CiteItem> {
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

/// Punctuation into quotes, then the quotation marks, as the locale has them.
fn finish(mut runs: Vec<Rich>, terms: &Terms<'_>) -> Vec<Rich> {
    if terms.punctuation_in_quote() {
        runs = punctuation::move_into_quotes(runs);
    }
    rich::trim_end(&mut runs, &|c| c == ' ');
    let (outer, inner) = terms.quotes();
    punctuation::put_quotes(runs, outer, inner)
}

/// The text of a citation of these keys.
fn finish_citation(
    keys: Vec<String>,
    output: &Output,
    in_note: bool,
    options: RenderOptions<'_>,
    terms: &Terms<'_>,
) -> CitedText {
    let (lead, note) = match output {
        Output::Note(note) => (None, note),
        Output::Formatted(_, parts) => match parts.as_slice() {
            [author, Output::Note(note)] => (Some(author), note),
            _ => return CitedText { keys, note: false, lead: None, content: finish(render(output, options), terms) },
        },
        _ => return CitedText { keys, note: false, lead: None, content: finish(render(output, options), terms) },
    };
    let lead = lead.map(|l| finish(render(l, options), terms));
    let note = finish(render(&Output::Note(note.clone()), options), terms);
    if in_note {
        // A note within a note is a remark in it.
        let mut note = note;
        rich::trim_end(&mut note, &|c| c == '.');
        let mut runs = lead.map_or_else(Vec::new, |mut lead| {
            lead.push(Rich::Text(" ".to_owned()));
            lead
        });
        runs.push(Rich::Text("(".to_owned()));
        runs.append(&mut note);
        runs.push(Rich::Text(")".to_owned()));
        return CitedText { keys, note: false, lead: None, content: runs };
    }
    CitedText { keys, note: true, lead, content: cluster::capitalised(note) }
}

/// An entry; a label in its own column is apart.
fn finish_entry(key: String, output: &Output, options: RenderOptions<'_>, terms: &Terms<'_>) -> Reference {
    let span = Span { start: 0, end: 0 };
    let mut runs = finish(render(output, options), terms);
    let label = match runs.first_mut() {
        Some(Rich::Styled(rich::Face::LeftMargin, label)) => {
            let label = std::mem::take(label);
            runs.remove(0);
            if let [Rich::Styled(rich::Face::RightInline, content)] = runs.as_mut_slice() {
                runs = std::mem::take(content);
            }
            Some(rich::to_inlines(label, span))
        }
        _ => None,
    };
    Reference { key, content: rich::to_inlines(runs, span), label }
}
