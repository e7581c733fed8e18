//! Bibliographies: BibTeX and BibLaTeX files, and references as CSL data in JSON or YAML.
//!
//! Fields are mapped as in Pandoc's reader, which styles and authors are used to. We parse the TeX of fields ourselves instead of
//! using the `biblatex` crate: its strings have no formulas, links or protected case, and it rejects a file at its first broken
//! entry.

mod case;
mod csl_data;
mod dates;
mod entries;
mod fields;
mod html;
mod inherit;
mod names;
mod strings;
mod suspicious;
mod tex;

use crate::yaml::parse_yaml;
pub use csl_data::parse_references;
use mlsys_book::{Checked, Code, Diagnostic, Source, Span, Work};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// The works of a bibliography file, in the order of the file. `lang` is the language of titles whose entries name none: only
/// English titles are converted to sentence case. The extension of the source's path decides the format: `.json`,
/// `.yaml` and `.yml` hold CSL data, anything else is BibLaTeX. Source: Pandoc manual, "Specifying bibliographic data".
///
/// A broken entry is reported as [`Code::MalformedBibliographyEntry`], and the others are read; an entry that contradicts its key is
/// reported as [`Code::SuspiciousEntry`].
pub fn parse_bibliography(source: &Source, lang: &str) -> Checked<Vec<Work>> {
    let ending = source.path().rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    if matches!(ending.as_str(), "json" | "yaml" | "yml") {
        let mut diagnostics = Vec::new();
        let value = parse_yaml(source, Span::new(0, source.text.len())).take(&mut diagnostics);
        let list = value.get("references").unwrap_or(&value);
        let works = parse_references(list).take(&mut diagnostics);
        return Checked { value: works, diagnostics };
    }
    let (entries, mut diagnostics) = entries::read(source);
    let entries = inherit::inherit(entries);
    let works: Vec<Work> =
        entries.iter().filter(|e| e.kind != "xdata").map(|e| fields::work(e, source, lang)).collect();
    diagnostics.extend(works.iter().filter_map(suspicious::suspicious));
    diagnostics.sort_by_key(|d| d.place.span.start);
    Checked { value: works, diagnostics }
}

/// One list of works from several files: of equal keys the last one wins, so the page's own file comes last. Entries of one
/// key that differ are reported once, with the place of each ([`Code::ConflictingBibliographyEntry`]).
pub fn merge_bibliographies(files: &[&[Arc<Work>]]) -> Checked<Vec<Arc<Work>>> {
    let mut merged: Vec<Arc<Work>> = Vec::new();
    let mut at: FxHashMap<&str, usize> = FxHashMap::default();
    // The first entry of each key, and the entries that differ from it.
    let mut versions: Vec<Vec<&Arc<Work>>> = Vec::new();
    let mut seen = FxHashSet::default();
    for work in files.iter().flat_map(|file| file.iter()) {
        let Some(&index) = at.get(work.key.as_str()) else {
            at.insert(&work.key, merged.len());
            seen.insert((merged.len(), work.place));
            merged.push(Arc::clone(work));
            versions.push(vec![work]);
            continue;
        };
        merged[index] = Arc::clone(work);
        let known = &mut versions[index];
        if !known[0].same_content(work) && seen.insert((index, work.place)) {
            known.push(work);
        }
    }
    let mut conflicts: Vec<Diagnostic> = versions.iter().filter_map(|versions| conflict(versions)).collect();
    conflicts.sort_by_key(|diagnostic| diagnostic.place);
    Checked { value: merged, diagnostics: conflicts }
}

/// The diagnostic for the entries of a key that differ from the first.
fn conflict(versions: &[&Arc<Work>]) -> Option<Diagnostic> {
    let [first, second, others @ ..] = versions else { return None };
    let message = format!("two files define `{}` with different values of {}", first.key, difference(first, second));
    let diagnostic = Diagnostic::new(Code::ConflictingBibliographyEntry, second.place, message)
        .related(first.place, "the other definition")
        .hint("a page uses the entry of its own file, otherwise the last one; rename one of the two keys");
    Some(others.iter().fold(diagnostic, |diagnostic, work| {
        diagnostic.related(work.place, format!("another definition; it differs in {}", difference(first, work)))
    }))
}

/// The difference between two entries of a key: at most three CSL variables, the most telling first.
fn difference(a: &Work, b: &Work) -> String {
    const TELLING: [&str; 7] = ["title", "author", "issued", "container-title", "DOI", "URL", "publisher"];
    let differs = |variable: &str| {
        a.texts.get(variable) != b.texts.get(variable)
            || a.names.get(variable) != b.names.get(variable)
            || a.dates.get(variable) != b.dates.get(variable)
    };
    let keys = |work: &Work| -> Vec<String> {
        work.texts.keys().chain(work.names.keys()).chain(work.dates.keys()).cloned().collect()
    };
    let mut others: Vec<String> = [keys(a), keys(b)].concat();
    others.retain(|variable| !TELLING.contains(&variable.as_str()));
    others.sort_unstable();
    others.dedup();
    let all = TELLING.iter().copied().chain(others.iter().map(String::as_str));
    let mut differing: Vec<&str> = all.filter(|variable| differs(variable)).take(3).collect();
    if differing.is_empty() {
        differing.push("type");
    }
    match differing.as_slice() {
        [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
        only => only.concat(),
    }
}
