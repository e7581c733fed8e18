//! Disambiguation: more names, given names, year suffixes, `disambiguate="true"`, in this order. Each method applies to the cites
//! that the earlier ones left ambiguous. Source: CSL 1.0.2, "Disambiguation".

use super::bare_citation;
use crate::item::{Item, NameHint};
use crate::output::{Output, Tag};
use crate::rendering::Setting;
use crate::rendering::name::initials;
use citationberg::DisambiguationRule;
use mlsys_book::Name;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An item whose cite equals another one's.
#[derive(Clone, Debug, PartialEq)]
struct Ambiguous {
    item: usize,
    names: Vec<Name>,
}

/// Disambiguates the items. Year suffixes follow `order`, the order of the bibliography.
pub(crate) fn disambiguate(setting: Setting<'_>, items: &mut [Item], order: &[usize]) {
    let citation = &setting.style.csl.citation;
    let rule = citation.disambiguate_add_givenname.then_some(citation.givenname_disambiguation_rule);
    if let Some(rule) = rule.filter(|r| *r != DisambiguationRule::ByCite) {
        hint_names(setting, items, rule);
    }
    let mut groups = ambiguities(setting, items);
    if citation.disambiguate_add_names && !groups.is_empty() {
        for group in &groups {
            if rule == Some(DisambiguationRule::ByCite) {
                hint_by_cite(items, group);
            }
            add_names(items, group, rule);
        }
        groups = ambiguities(setting, items);
    }
    if rule == Some(DisambiguationRule::ByCite) && !groups.is_empty() {
        groups.iter().for_each(|group| hint_by_cite(items, group));
        groups = ambiguities(setting, items);
    }
    if citation.disambiguate_add_year_suffix && !groups.is_empty() {
        let rank: FxHashMap<usize, usize> = order.iter().enumerate().map(|(rank, item)| (*item, rank)).collect();
        for group in &groups {
            let mut sorted: Vec<usize> = group.iter().map(|a| a.item).collect();
            sorted.sort_by_key(|i| rank.get(i).copied().unwrap_or(usize::MAX));
            for (n, item) in sorted.into_iter().enumerate() {
                items[item].year_suffix = Some(n + 1);
            }
        }
        groups = ambiguities(setting, items);
    }
    for ambiguous in groups.iter().flatten() {
        items[ambiguous.item].ambiguous = true;
    }
}

/// Groups of items with equal cites.
fn ambiguities(setting: Setting<'_>, items: &[Item]) -> Vec<Vec<Ambiguous>> {
    let mut by_text: BTreeMap<String, Vec<Ambiguous>> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        let output = bare_citation(setting, item);
        let mut text = String::new();
        output.push_plain(&mut text);
        if text.trim().is_empty() {
            continue;
        }
        by_text.entry(text).or_default().push(Ambiguous { item: index, names: names(&output) });
    }
    by_text.into_values().filter(|group| group.len() > 1).collect()
}

fn names(output: &Output) -> Vec<Name> {
    let mut out = Vec::new();
    output.walk(&mut |o| {
        if let Output::Tagged(Tag::Names(list), _) = o {
            out.extend(list.iter().cloned());
        }
    });
    out
}

/// Shows as many names as distinguish the items of a group.
fn add_names(items: &mut [Item], group: &[Ambiguous], rule: Option<DisambiguationRule>) {
    let most = group.iter().map(|a| a.names.len()).max().unwrap_or(0);
    let mut left: Vec<&Ambiguous> = group.iter().collect();
    for shown in 1..=most {
        let forms: Vec<Vec<Name>> = left.iter().map(|a| shown_names(&a.names, shown, rule)).collect();
        let mut counts: FxHashMap<&[Name], usize> = FxHashMap::default();
        forms.iter().for_each(|form| *counts.entry(form).or_default() += 1);
        let (unique, ambiguous): (Vec<usize>, Vec<usize>) = (0..left.len()).partition(|i| counts[&*forms[*i]] == 1);
        if unique.is_empty() {
            continue;
        }
        for ambiguous in &left {
            items[ambiguous.item].shown_names = Some(shown);
        }
        left = ambiguous.into_iter().map(|i| left[i]).collect();
        if left.is_empty() {
            break;
        }
    }
}

/// The first names, in the form that the rule shows.
fn shown_names(names: &[Name], count: usize, rule: Option<DisambiguationRule>) -> Vec<Name> {
    let bare = |name: &Name| Name { given: None, ..name.clone() };
    let initialled =
        |name: &Name| Name { given: name.given.as_deref().map(|g| initials(g, true, false, "")), ..name.clone() };
    names
        .iter()
        .take(count)
        .enumerate()
        .map(|(i, name)| match rule {
            Some(DisambiguationRule::AllNames | DisambiguationRule::ByCite) => name.clone(),
            Some(DisambiguationRule::AllNamesWithInitials) => initialled(name),
            Some(DisambiguationRule::PrimaryName) if i == 0 => name.clone(),
            Some(DisambiguationRule::PrimaryNameWithInitials) if i == 0 => initialled(name),
            Some(DisambiguationRule::PrimaryName | DisambiguationRule::PrimaryNameWithInitials) | None => bare(name),
        })
        .collect()
}

/// Distinct names, counted by family name and by initials.
#[derive(Default)]
struct Alike<'n> {
    seen: FxHashSet<&'n Name>,
    families: FxHashMap<Option<&'n str>, usize>,
    initials: FxHashMap<(Option<&'n str>, String), usize>,
}

impl<'n> Alike<'n> {
    fn add(&mut self, name: &'n Name) {
        if self.seen.insert(name) {
            *self.families.entry(name.family.as_deref()).or_default() += 1;
            if let Some(given) = initials_of(name) {
                *self.initials.entry((name.family.as_deref(), given)).or_default() += 1;
            }
        }
    }

    /// True if another name has this family name.
    fn has_family(&self, name: &Name) -> bool {
        self.families.get(&name.family.as_deref()).is_some_and(|count| *count > 1)
    }

    /// True if another name has this family name and these initials.
    fn has_initials(&self, name: &Name) -> bool {
        let given = initials_of(name);
        given.and_then(|given| self.initials.get(&(name.family.as_deref(), given))).is_some_and(|count| *count > 1)
    }
}

fn initials_of(name: &Name) -> Option<String> {
    name.given.as_deref().map(|given| initials(given, true, false, ""))
}

/// Adds given names or initials to names that share their family name within a group of ambiguous cites.
fn hint_by_cite(items: &mut [Item], group: &[Ambiguous]) {
    let most = group.iter().map(|a| a.names.len()).max().unwrap_or(0);
    let mut left: FxHashSet<usize> = group.iter().map(|a| a.item).collect();
    for position in 0..most {
        let mut column = Alike::default();
        group.iter().filter_map(|a| a.names.get(position)).for_each(|name| column.add(name));
        for ambiguous in group {
            let Some(name) = ambiguous.names.get(position).filter(|name| column.has_family(name)) else { continue };
            let hint = if column.has_initials(name) { NameHint::GivenName } else { NameHint::Initials };
            Arc::make_mut(&mut items[ambiguous.item].name_hints).insert(name.clone(), hint);
            left.remove(&ambiguous.item);
        }
        if left.is_empty() {
            break;
        }
    }
}

/// Adds given names or initials to all names that share their family name, even in unambiguous cites.
fn hint_names(setting: Setting<'_>, items: &mut [Item], rule: DisambiguationRule) {
    let primary = matches!(rule, DisambiguationRule::PrimaryName | DisambiguationRule::PrimaryNameWithInitials);
    let mut shown = Vec::new();
    for item in items.iter() {
        bare_citation(setting, item).walk(&mut |o| {
            if let Output::Tagged(Tag::Names(list), _) = o {
                let names = list.iter().take(if primary { 1 } else { usize::MAX });
                shown.extend(names.filter(|name| name.family.is_some()).cloned());
            }
        });
    }
    let mut alike = Alike::default();
    shown.iter().for_each(|name| alike.add(name));
    let mut hints = FxHashMap::default();
    for name in shown.iter().filter(|name| alike.has_family(name)) {
        let hint = match (alike.has_initials(name), rule) {
            (true, DisambiguationRule::AllNamesWithInitials | DisambiguationRule::PrimaryNameWithInitials) => continue,
            (true, DisambiguationRule::PrimaryName) => NameHint::GivenNameIfPrimary,
            (true, _) => NameHint::GivenName,
            (false, DisambiguationRule::PrimaryName | DisambiguationRule::PrimaryNameWithInitials) => {
                NameHint::InitialsIfPrimary
            }
            (false, _) => NameHint::Initials,
        };
        hints.insert(name.clone(), hint);
    }
    let hints = Arc::new(hints);
    items.iter_mut().for_each(|item| item.name_hints = Arc::clone(&hints));
}
