//! Bibliography entries with problems that readers notice.

use crate::build::linked::Linked;
use crate::project::Book;
use mlsys_book::{Cited, Code, Diagnostic, Source, Span, Work, name};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Reports cited works without author, title or year, uncited works, foreign markup, and keys that differ only in case.
pub fn check(book: &Book, linked: &Linked, found: &mut Vec<Diagnostic>) {
    let mut cited: BTreeSet<&str> = BTreeSet::new();
    for links in linked.links.iter().flatten() {
        // The reference list includes works in `nocite` and works cited along with cross-references. If it is suppressed, there
        // are still the citations.
        cited.extend(links.bibliography.iter().map(|reference| reference.key.as_str()));
        for cite in links.cites.values() {
            if let Cited::Citation { keys, .. } = cite {
                cited.extend(keys.iter().map(String::as_str));
            }
        }
    }
    // Pages that leave citations as they are written name works too.
    for (index, chapter) in linked.indexes.iter().zip(&linked.chapters) {
        if chapter.meta.value(name!("citeproc")).and_then(mlsys_book::Value::as_bool) == Some(false) {
            cited.extend(index.uses.iter().map(|used| used.key.as_str()));
        }
    }
    let all_selected = !book.is_partial();
    let cites_all = linked.chapters.iter().any(|chapter| {
        let nocite = chapter.meta.list(name!("nocite"));
        nocite.iter().any(|value| value.as_str().is_some_and(|text| text.contains("@*")))
    });
    let mut keys: BTreeMap<String, &Arc<Work>> = BTreeMap::new();
    for (id, works) in &linked.library.value.works {
        let source = &book.sources[id.index()];
        for work in works {
            if cited.contains(work.key.as_str()) {
                found.extend(incomplete(work));
            }
            let other = *keys.entry(work.key.to_lowercase()).or_insert(work);
            if other.key != work.key {
                let message = format!("the keys `{}` and `{}` differ only in case", work.key, other.key);
                let finding = Diagnostic::new(Code::SimilarCitationKeys, work.place, message);
                found.push(finding.related(other.place, "the other key").hint("citations of one may mean the other"));
            }
        }
        // What an extension brings is not the author's to delete.
        if all_selected && !cites_all && !source.path().starts_with("_extensions/") {
            found.extend(uncited(works, &cited, source));
        }
        if source.path().ends_with(".bib") {
            markup(source, found);
        }
    }
}

/// The uncited works of a file, in one diagnostic.
fn uncited(works: &[Arc<Work>], cited: &BTreeSet<&str>, source: &Source) -> Option<Diagnostic> {
    let keys: Vec<&Arc<Work>> = works.iter().filter(|work| !cited.contains(work.key.as_str())).collect();
    let first = keys.first()?;
    let shown: Vec<&str> = keys.iter().take(8).map(|work| work.key.as_str()).collect();
    let more = if keys.len() > 8 { format!(" and {} more", keys.len() - 8) } else { String::new() };
    let (count, shown) = (works.len(), shown.join("`, `"));
    let message = format!("{} of {count} works in `{}` are not cited: `{shown}`{more}", keys.len(), source.path());
    Some(Diagnostic::new(Code::UncitedWorks, first.place, message).hint("delete what is no longer needed"))
}

/// The missing fields of a work.
fn incomplete(work: &Work) -> Option<Diagnostic> {
    let named = work.names.values().any(|names| !names.is_empty());
    let dated = work.dates.contains_key("issued") || work.texts.contains_key("status");
    let missing: Vec<&str> =
        [(named, "author or editor"), (work.texts.contains_key("title"), "title"), (dated, "year")]
            .into_iter()
            .filter_map(|(there, what)| (!there).then_some(what))
            .collect();
    (!missing.is_empty()).then(|| {
        let message = format!("the cited work `{}` has no {}", work.key, missing.join(" and no "));
        let finding = Diagnostic::new(Code::IncompleteBibliographyEntry, work.place, message);
        if dated { finding } else { finding.hint("it is cited with \"n.d.\"; give it a `year` or a `date`") }
    })
}

/// Reports HTML in a BibTeX file, which mlsys supports but most programs print, and undefined TeX commands: names after the backslash
/// of an accent.
fn markup(source: &Source, found: &mut Vec<Diagnostic>) {
    let text = &source.text;
    let mut report = |start: usize, end: usize, hint: &str| {
        let what = &text[start..end];
        let message = format!("`{what}` is not BibTeX; other programs print it literally");
        found.push(Diagnostic::new(Code::BibliographyMarkup, source.place(Span::new(start, end)), message).hint(hint));
    };
    for (at, _) in text.match_indices("&amp;") {
        report(at, at + 5, "write `\\&`");
    }
    for tag in ["<scp>", "<i>", "<b>", "<u>", "<em>", "<sub>", "<sup>", "<mml:math"] {
        for (at, _) in text.match_indices(tag) {
            report(at, at + tag.len(), "use TeX (`\\emph{…}`), or remove the markup");
        }
    }
    for (at, _) in text.match_indices('\\') {
        let name: usize = text[at + 1..].bytes().take_while(u8::is_ascii_alphabetic).count();
        let word = &text[at + 1..at + 1 + name];
        let is_name = name >= 4
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && word[1..].bytes().all(|b| b.is_ascii_lowercase())
            && !CAPITALS.contains(&word);
        if is_name {
            report(at, at + 1 + name, "TeX has no such command; remove the backslash, or write the intended accent");
        }
    }
}

/// TeX's own commands in lower case with a capital first letter.
const CAPITALS: [&str; 12] = [
    "Alpha",
    "Beta",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Sigma",
    "Upsilon",
    "Omega",
    "Longrightarrow",
    "Rightarrow",
    "Leftarrow",
];
