//! The last step of formatting: punctuation moves into quotations, and the quotation marks are added.

use crate::citation;
use crate::citations::{ClusterText, Entry};
use crate::locale::Terms;
use crate::output::{Output, RenderOptions, render};
use crate::rich::{self, Rich, punctuation};

/// Punctuation into quotes, then the quotation marks, as the locale has them.
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
    let (lead, note) = match output {
        Output::Note(note) => (None, note),
        Output::Formatted(_, parts) => match parts.as_slice() {
            [author, Output::Note(note)] => (Some(author), note),
            _ => return ClusterText { note: false, lead: None, content: finish(render(output, options), terms) },
        },
        _ => return ClusterText { note: false, lead: None, content: finish(render(output, options), terms) },
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
        return ClusterText { note: false, lead: None, content: runs };
    }
    ClusterText { note: true, lead, content: citation::capitalised(note) }
}

/// An entry of the bibliography, its label apart if the style gives it a column of its own.
pub(crate) fn finish_entry(key: String, output: &Output, options: RenderOptions<'_>, terms: &Terms<'_>) -> Entry {
    let mut runs = finish(render(output, options), terms);
    let label = match runs.first_mut() {
        Some(Rich::Styled(rich::Face::LeftMargin, label)) => {
            let label = std::mem::take(label);
            runs.remove(0);
            if let [Rich::Styled(rich::Face::RightInline, content)] = runs.as_mut_slice() {
                runs = std::mem::take(content);
            }
            Some(label)
        }
        _ => None,
    };
    Entry { key, content: runs, label }
}
