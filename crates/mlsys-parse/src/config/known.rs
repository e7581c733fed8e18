//! Quarto's documented keys, and diagnostics for unknown ones.
//!
//! `keys.txt` lists the keys, section by section. In closed sections (`project`, `website`, `navbar` ...) every other key is
//! reported; in open ones (a page's metadata, `format.html`), where authors have data of their own, only a near miss is.

use mlsys_book::{Code, Diagnostic, Entry, Value, ValueKind, did_you_mean};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

const KEYS: &str = include_str!("keys.txt");

/// The keys of a section, each with the section for its value, if any.
struct Section {
    open: bool,
    keys: FxHashMap<&'static str, Option<&'static str>>,
}

/// Reports the unknown keys of a project's configuration.
pub(super) fn check(config: &Value, diagnostics: &mut Vec<Diagnostic>) {
    check_value(config, "config", sections(), diagnostics);
}

/// Reports misspelt keys of a front matter or of a folder's `_metadata.yml`.
pub fn check_metadata_keys(meta: &Value) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    check_value(meta, "metadata", sections(), &mut diagnostics);
    diagnostics
}

/// The table of `keys.txt`, read once.
fn sections() -> &'static FxHashMap<&'static str, Section> {
    static SECTIONS: OnceLock<FxHashMap<&'static str, Section>> = OnceLock::new();
    SECTIONS.get_or_init(read_sections)
}

/// Reads the table: `[section]` or `[section *]` for an open one, then keys; `key>section` names the section of the value,
/// and `=section` includes the keys of an earlier one.
fn read_sections() -> FxHashMap<&'static str, Section> {
    let mut sections: FxHashMap<&'static str, Section> = FxHashMap::default();
    let mut current = Section { open: false, keys: FxHashMap::default() };
    let mut name = "";
    for line in KEYS.lines().filter(|line| !line.starts_with('#')) {
        if let Some(header) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            let open = header.ends_with(" *");
            let next = Section { open, keys: FxHashMap::default() };
            sections.insert(name, std::mem::replace(&mut current, next));
            name = header.trim_end_matches(" *");
            continue;
        }
        for word in line.split_whitespace() {
            if let Some(other) = word.strip_prefix('=') {
                current.keys.extend(sections.get(other).map(|s| s.keys.clone()).unwrap_or_default());
            } else if let Some((key, section)) = word.split_once('>') {
                current.keys.insert(key, Some(section));
            } else {
                current.keys.insert(word, None);
            }
        }
    }
    sections.insert(name, current);
    sections
}

fn check_value(
    value: &Value,
    name: &str,
    sections: &FxHashMap<&'static str, Section>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(section) = sections.get(name) else { return };
    match &value.kind {
        ValueKind::Seq(items) => items.iter().for_each(|item| check_value(item, name, sections, diagnostics)),
        ValueKind::Map(entries) => {
            for entry in entries {
                match section.keys.get(entry.key.as_str()) {
                    Some(Some(child)) => check_value(&entry.value, child, sections, diagnostics),
                    Some(None) => {}
                    None => diagnostics.extend(unknown(entry, name, section)),
                }
            }
        }
        ValueKind::Null | ValueKind::Bool(_) | ValueKind::Int(_) | ValueKind::Float(..) | ValueKind::String(_) => {}
    }
}

fn unknown(entry: &Entry, name: &str, section: &Section) -> Option<Diagnostic> {
    let hint = did_you_mean(&entry.key, section.keys.keys().copied());
    if section.open && (hint.is_none() || entry.key.chars().count() < 4) {
        return None;
    }
    let message = match name {
        "config" | "metadata" | "html" => format!("unknown key `{}`", entry.key),
        _ => format!("unknown key `{}` in `{name}`", entry.key),
    };
    let mut diagnostic = Diagnostic::new(Code::UnknownConfigKey, entry.key_place, message);
    diagnostic.hints.extend(hint);
    Some(diagnostic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::{Source, SourceId, Span};

    #[test]
    fn closed_sections_report_all_and_open_ones_near_misses() {
        let text = "project: {tpye: website}\nwebsite:\n  sidbar: {}\n  navbar: {left: [{hrf: x}]}\nmine: 1\n\
                    format: {html: {toc-dept: 2, sidenote: true}}\nbibliograpy: x\n";
        let source = Source::new(SourceId(0), "_quarto.yml", text);
        let config = crate::parse_yaml(&source, Span::new(0, text.len())).value;
        let mut found = Vec::new();
        check(&config, &mut found);
        let keys: Vec<&str> = found.iter().map(|d| source.slice(d.place.span)).collect();
        assert_eq!(keys, ["tpye", "sidbar", "hrf", "toc-dept", "bibliograpy"]);
        assert!(found.iter().all(|d| d.hints.len() == 1), "{found:#?}");
    }
}
