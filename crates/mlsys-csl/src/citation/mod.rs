//! Citations: the cites, their layout, and an author named before the brackets.

pub(crate) mod collapse;
pub(crate) mod disambiguate;
pub(crate) mod positions;

use crate::item::Item;
use crate::locator::ItemLocator;
use crate::output::{Format, ItemMode, Output, Tag, grouped};
use crate::rendering::{Evaluation, Setting};
use crate::rich::{self, Face, Rich};
use citationberg::{StyleClass, TestPosition, TextCase};
use collapse::collapse;

/// One work in a citation.
#[derive(Clone, Debug)]
pub(crate) struct CiteItem {
    /// Its index in the list of items; `None` if no work has the key.
    pub item: Option<usize>,
    pub key: String,
    pub mode: ItemMode,
    pub prefix: Vec<Rich>,
    pub suffix: Vec<Rich>,
    pub locator: Option<ItemLocator>,
}

/// A cite without prefix, suffix and locator, as disambiguation compares them.
pub(crate) fn bare_citation(setting: Setting<'_>, item: &Item) -> Output {
    let mut evaluation = Evaluation::new(setting, item);
    evaluation.positions = &[TestPosition::First];
    grouped(evaluation.elements(&setting.style.csl.citation.layout.elements))
}

/// The output of a citation. `positions` are those of its cites.
pub(crate) fn citation(
    setting: Setting<'_>,
    items: &[Item],
    cites: &[CiteItem],
    positions: &[Vec<TestPosition>],
) -> Output {
    let csl = &setting.style.csl;
    let format = Format::of_layout(&csl.citation.layout);
    let mut outputs: Vec<Output> =
        cites.iter().zip(positions).map(|(cite, positions)| cited(setting, items, cite, positions)).collect();
    // An author named in the text comes before the brackets, without the layout's affixes.
    let author = match cites.first() {
        Some(cite) if cite.mode == ItemMode::AuthorOnly => Some(outputs.remove(0)),
        Some(_) | None => None,
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

/// Removes the author from cites with [`ItemMode::SuppressAuthor`].
fn without_suppressed_authors(output: Output) -> Output {
    output.replace(&mut |o| {
        let Output::Tagged(tag @ Tag::Item(ItemMode::SuppressAuthor, _), inner) = o else { return None };
        let author = inner.authors().cloned();
        let stripped =
            (**inner).clone().replace(&mut |part| (Some(part) == author.as_ref()).then_some(Output::Nothing));
        Some(stripped.tagged(tag.clone()))
    })
}

/// The content of a note, which begins with a capital.
pub(crate) fn capitalised(runs: Vec<Rich>) -> Vec<Rich> {
    rich::text_case::apply(runs, TextCase::CapitalizeFirst)
}
