//! Entries of the bibliography, and the substitute for authors that repeat.
//!
//! Source: CSL 1.0.2, "Bibliography", "Reference Grouping" (`subsequent-author-substitute`).

use crate::item::Item;
use crate::output::{Format, ItemMode, Output, Tag, formatted, grouped};
use crate::rendering::{Evaluation, Setting};
use crate::style::Style;
use citationberg::SubsequentAuthorSubstituteRule as Rule;
use mlsys_book::Name;

/// An entry of the bibliography.
pub(crate) fn entry(setting: Setting<'_>, items: &[Item], index: usize) -> Output {
    let (Some(bibliography), Some(item)) = (&setting.style.csl.bibliography, items.get(index)) else {
        return Output::Nothing;
    };
    let mut evaluation = Evaluation::new(setting, item);
    let mut parts = evaluation.elements(&bibliography.layout.elements);
    if !evaluation.used_identifier
        && let Some(url) = item.address()
    {
        // The entry shows no URL, so its title becomes a link, or otherwise the whole entry.
        parts = if evaluation.used_title {
            let mut link = |o: &Output| {
                matches!(o, Output::Tagged(Tag::Title, _)).then(|| Output::Linked(url.clone(), vec![o.clone()]))
            };
            parts.into_iter().map(|o| o.replace(&mut link)).collect()
        } else {
            vec![Output::Linked(url, parts)]
        };
    }
    let mut format = Format::of_layout(&bibliography.layout);
    if bibliography.second_field_align.is_some() && !parts.is_empty() {
        let first = parts.remove(0);
        let suffix = format.suffix.take();
        let left = Format { display: Some(citationberg::Display::LeftMargin), ..Format::default() };
        let right = Format { display: Some(citationberg::Display::RightInline), suffix, ..Format::default() };
        parts = vec![formatted(left, vec![first]), formatted(right, parts)];
    }
    let content = grouped(parts).tagged(Tag::Item(ItemMode::Normal, index));
    formatted(format, vec![content])
}

/// Replaces names that repeat those of the previous entry (`subsequent-author-substitute`).
pub(crate) fn substitute_authors(style: &Style, mut entries: Vec<(usize, Output)>) -> Vec<(usize, Output)> {
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
            // The label (`ed.`) stays.
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
