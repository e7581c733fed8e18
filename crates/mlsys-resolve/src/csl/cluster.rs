//! A citation: its items, their layout, and the author's name before the brackets.

use super::collapse::collapse;
use super::element::{Evaluation, Setting};
use super::item::Item;
use super::locator::FoundLocator;
use super::output::{Format, ItemMode, Output, Tag, formatted, grouped};
use super::rich::{self, Face, Rich};
use citationberg::{Layout, StyleClass, TestPosition, TextCase, ToAffixes, ToFormatting};

/// One work in a citation.
#[derive(Clone, Debug)]
pub(super) struct CiteItem {
    /// Its index in the list of items; nothing when no bibliography has the key.
    pub item: Option<usize>,
    pub key: String,
    pub mode: ItemMode,
    pub prefix: Vec<Rich>,
    pub suffix: Vec<Rich>,
    pub locator: Option<FoundLocator>,
}

/// The formatting of a layout.
pub(super) fn layout_format(layout: &Layout) -> Format {
    Format {
        delimiter: layout.delimiter.clone(),
        affixes_inside: true,
        ..Format::new(layout.to_formatting(), &layout.to_affixes())
    }
}

/// An item's citation without prefix, suffix and locator: what disambiguation compares.
pub(super) fn bare_citation(setting: Setting<'_>, item: &Item) -> Output {
    let mut evaluation = Evaluation::new(setting, item);
    evaluation.positions = &[TestPosition::First];
    grouped(evaluation.elements(&setting.style.csl.citation.layout.elements))
}

/// The output of a citation. `positions` are those of its items.
pub(super) fn citation(
    setting: Setting<'_>,
    items: &[Item],
    cites: &[CiteItem],
    positions: &[Vec<TestPosition>],
) -> Output {
    let csl = &setting.style.csl;
    let format = layout_format(&csl.citation.layout);
    let mut outputs: Vec<Output> =
        cites.iter().zip(positions).map(|(cite, positions)| cited(setting, items, cite, positions)).collect();
    // The author in the text stands before the brackets, with nothing of theirs.
    let author = match cites.first() {
        Some(cite) if cite.mode == ItemMode::AuthorOnly => Some(outputs.remove(0)),
        _ => None,
    };
    outputs.retain(|o| !o.is_nothing());
    let rest = collapse(&csl.citation, &format, outputs);
    let rest = without_suppressed_authors(rest);
    let note = csl.settings.class == StyleClass::Note;
    let rest = if note && !rest.is_nothing() { Output::Note(Box::new(rest)) } else { rest };
    match author {
        None => rest,
        Some(author) if author.is_nothing() => rest,
        Some(author) if rest.is_nothing() => author,
        Some(author) if note => grouped(vec![author, rest]),
        Some(author) => grouped(vec![author, Output::text(" "), rest]),
    }
}

fn cited(setting: Setting<'_>, items: &[Item], cite: &CiteItem, positions: &[TestPosition]) -> Output {
    let Some((index, item)) = cite.item.and_then(|i| items.get(i).map(|item| (i, item))) else {
        if cite.mode == ItemMode::AuthorOnly {
            return Output::Nothing;
        }
        let missing = vec![Rich::Styled(Face::Bold, rich::text(format!("{}?", cite.key)))];
        return with_affixes(Output::Text(missing), cite);
    };
    let mut evaluation = Evaluation::new(setting, item);
    evaluation.locator = cite.locator.as_ref();
    evaluation.positions = positions;
    let parts = evaluation.elements(&setting.style.csl.citation.layout.elements);
    let output = if cite.mode == ItemMode::AuthorOnly {
        grouped(parts).authors().cloned().unwrap_or(Output::Nothing)
    } else {
        grouped(parts)
    };
    with_affixes(output.tagged(Tag::Item(cite.mode, index)), cite)
}

fn with_affixes(output: Output, cite: &CiteItem) -> Output {
    let output = match cite.suffix.is_empty() {
        true => output,
        false => grouped(vec![output, Output::Text(cite.suffix.clone())]).tagged(Tag::Suffix),
    };
    match cite.prefix.is_empty() {
        true => output,
        false => grouped(vec![Output::Text(cite.prefix.clone()), output]).tagged(Tag::Prefix),
    }
}

/// Takes the author out of items that are to have none.
fn without_suppressed_authors(output: Output) -> Output {
    output.replace(&mut |o| match o {
        Output::Tagged(tag @ Tag::Item(ItemMode::SuppressAuthor, _), inner) => {
            let author = inner.authors().cloned();
            let stripped =
                (**inner).clone().replace(&mut |part| (Some(part) == author.as_ref()).then_some(Output::Nothing));
            Some(stripped.tagged(tag.clone()))
        }
        _ => None,
    })
}

/// An entry of the reference list.
pub(super) fn entry(setting: Setting<'_>, items: &[Item], index: usize) -> Output {
    let (Some(bibliography), Some(item)) = (&setting.style.csl.bibliography, items.get(index)) else {
        return Output::Nothing;
    };
    let mut evaluation = Evaluation::new(setting, item);
    let mut parts = evaluation.elements(&bibliography.layout.elements);
    if !evaluation.used_identifier
        && let Some(url) = item.address()
    {
        // No address is shown: the title leads there, or else the whole entry.
        parts = if evaluation.used_title {
            let mut link = |o: &Output| match o {
                Output::Tagged(Tag::Title, _) => Some(Output::Linked(url.clone(), vec![o.clone()])),
                _ => None,
            };
            parts.into_iter().map(|o| o.replace(&mut link)).collect()
        } else {
            vec![Output::Linked(url, parts)]
        };
    }
    let mut format = layout_format(&bibliography.layout);
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

/// A note begins with a capital.
pub(super) fn capitalised(runs: Vec<Rich>) -> Vec<Rich> {
    rich::with_case(runs, TextCase::CapitalizeFirst)
}
