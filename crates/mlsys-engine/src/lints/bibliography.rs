//! Bibliography entries that readers will stumble over.

use crate::build::linked::Linked;
use crate::project::Book;
use mlsys_book::{Cited, Code, Diagnostic, Source, Span, Value, Work};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Reports cited works without author, title or year, markup that is shown as it is, and keys that differ only in capitals.
pub fn check(book: &Book, linked: &Linked, found: &mut Vec<Diagnostic>) {
    let mut cited: BTreeSet<&str> = BTreeSet::new();
    for links in linked.links.iter().flatten() {
        // The reference list has the works of `nocite` and those beside cross-references; where it is suppressed, the
        // citations are there still.
        cited.extend(links.bibliography.iter().map(|reference| reference.key.as_str()));
        for cite in links.cites.values() {
            if let Cited::Citation { keys, .. } = cite {
                cited.extend(keys.iter().map(String::as_str));
            }
        }
    }
    let all_wanted = book.pages.iter().all(|page| page.wanted);
    let cites_all = linked.chapters.iter().any(|chapter| {
        let nocite = chapter.meta.get("nocite").map_or(&[][..], Value::items);
        nocite.iter().any(|value| value.as_str().is_some_and(|text| text.contains("@*")))
    });
    let mut keys: BTreeMap<String, &Arc<Work>> = BTreeMap::new();
    for (id, works) in &linked.library.value.works {
        let source = &book.sources[id.0 as usize];
        for work in works {
            if cited.contains(work.key.as_str()) {
                found.extend(incomplete(work));
            }
            let other = *keys.entry(work.key.to_lowercase()).or_insert(work);
            if other.key != work.key {
                let message = format!("the keys `{}` and `{}` differ only in capitals", work.key, other.key);
                let finding = Diagnostic::new(Code::SimilarCitationKeys, work.place, message);
                found.push(finding.related(other.place, "the other key").hint("citations of one may mean the other"));
            }
        }
        if all_wanted && !cites_all {
            found.extend(uncited(works, &cited, source));
        }
        if source.path().ends_with(".bib") {
            markup(source, found);
        }
    }
}

/// The works of a file that no page cites, in one finding.
fn uncited(works: &[Arc<Work>], cited: &BTreeSet<&str>, source: &Source) -> Option<Diagnostic> {
    let keys: Vec<&Arc<Work>> = works.iter().filter(|work| !cited.contains(work.key.as_str())).collect();
    let first = keys.first()?;
    let shown: Vec<&str> = keys.iter().take(8).map(|work| work.key.as_str()).collect();
    let more = if keys.len() > 8 { format!(" and {} more", keys.len() - 8) } else { String::new() };
    let (count, shown) = (works.len(), shown.join("`, `"));
    let message = format!("of the {count} works in `{}` no page cites `{shown}`{more}", source.path());
    Some(Diagnostic::new(Code::UncitedWorks, first.place, message).hint("delete what is no longer needed"))
}

fn incomplete(work: &Work) -> Option<Diagnostic> {
    let named = work.names.values().any(|names| !names.is_empty());
    let dated = work.dates.contains_key("issued") || work.texts.contains_key("status");
    let lacks: Vec<&str> = [(named, "author or editor"), (work.texts.contains_key("title"), "title"), (dated, "year")]
        .into_iter()
        .filter_map(|(there, what)| (!there).then_some(what))
        .collect();
    (!lacks.is_empty()).then(|| {
        let message = format!("the cited work `{}` has no {}", work.key, lacks.join(" and no "));
        let finding = Diagnostic::new(Code::IncompleteBibliographyEntry, work.place, message);
        if dated { finding } else { finding.hint("it is cited with \"n.d.\"; give it a `year` or a `date`") }
    })
}

/// HTML in a BibTeX file, which mlsys reads and most programs print, and TeX commands that no package defines: names with an accent's backslash before them.
fn markup(source: &Source, found: &mut Vec<Diagnostic>) {
    let text = &source.text;
    let mut report = |start: usize, end: usize, hint: &str| {
        let what = &text[start..end];
        let message = format!("`{what}` is no BibTeX; other programs print it as it is");
        found.push(Diagnostic::new(Code::BibliographyMarkup, source.place(Span::new(start, end)), message).hint(hint));
    };
    for (at, _) in text.match_indices("&amp;") {
        report(at, at + 5, "write `\\&`");
    }
    for tag in ["<scp>", "<i>", "<b>", "<u>", "<em>", "<sub>", "<sup>", "<mml:math"] {
        for (at, _) in text.match_indices(tag) {
            report(at, at + tag.len(), "write TeX (`\\emph{…}`), or leave the markup out");
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
            report(
                at,
                at + 1 + name,
                "TeX knows no such command; take the backslash away, or write the accent it stood for",
            );
        }
    }
}

/// TeX's own commands that begin with a capital and go on with small letters.
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
