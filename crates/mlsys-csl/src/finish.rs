//! The last step of formatting: punctuation moves into quotations, and the quotation marks are added.

use crate::citation;
use crate::citations::{ClusterText, Entry};
use crate::locale::Terms;
use crate::output::{Output, RenderOptions, render};
use crate::rich::{self, Face, Rich, punctuation};

/// Moves punctuation into quotations and adds the quotation marks, by the locale.
fn finish(mut runs: Vec<Rich>, terms: &Terms<'_>) -> Vec<Rich> {
    if terms.punctuation_in_quote() {
        runs = punctuation::move_into_quotes(runs);
    }
    rich::trim_end(&mut runs, &|c| c == ' ');
    let (outer, inner) = terms.quotes();
    punctuation::put_quotes(runs, outer, inner)
}

/// The text of a citation.
pub(crate) fn finish_citation(
    output: &Output,
    in_note: bool,
    options: RenderOptions<'_>,
    terms: &Terms<'_>,
) -> ClusterText {
    let Some((lead, note)) = lead_and_note(output) else {
        return ClusterText { note: false, lead: None, content: finish(render(output, options), terms) };
    };
    let lead = lead.map(|l| finish(render(l, options), terms));
    let note = finish(render(&Output::Note(Box::new(note.clone())), options), terms);
    if in_note {
        // Inside a note the citation is a parenthesis.
        let mut note = note;
        rich::trim_end(&mut note, &|c| c == '.');
        let mut runs = lead.map_or_else(Vec::new, |mut lead| {
            lead.push(Rich::Text(" ".to_owned()));
            lead
        });
        runs.push(Rich::Text("(".to_owned()));
        runs.append(&mut note);
        runs.push(Rich::Text(")".to_owned()));
        return ClusterText { note: false, lead: None, content: runs };
    }
    ClusterText { note: true, lead, content: citation::capitalised(note) }
}

/// The citation that a note style puts into a note, and the author whom the text names before it.
fn lead_and_note(output: &Output) -> Option<(Option<&Output>, &Output)> {
    if let Output::Formatted(_, parts) = output
        && let [author, Output::Note(note)] = parts.as_slice()
    {
        return Some((Some(author), note));
    }
    if let Output::Note(note) = output { Some((None, note)) } else { None }
}

/// An entry of the bibliography, its label apart if the style gives it a column of its own.
pub(crate) fn finish_entry(key: String, output: &Output, options: RenderOptions<'_>, terms: &Terms<'_>) -> Entry {
    let mut runs = finish(render(output, options), terms);
    let mut label = None;
    if let Some(Rich::Styled(Face::LeftMargin, margin)) = runs.first_mut() {
        label = Some(std::mem::take(margin));
        runs.remove(0);
        if let [Rich::Styled(Face::RightInline, content)] = runs.as_mut_slice() {
            runs = std::mem::take(content);
        }
    }
    Entry { key, content: runs, label }
}
