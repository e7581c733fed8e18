//! Pandoc's filters of a project: built in, or unsupported.

use mlsys_book::{Code, Diagnostic, Place, Value, did_you_mean, name};

/// The filters that mlsys implements.
const NATIVE_FILTERS: &[&str] = &[
    "inject_quizzes",
    "custom-numbered-blocks",
    "diagram",
    "sidenote",
    "inject_glossary",
    "inject_parts",
    "pseudocode",
    "lightbox",
    "list-table",
    "quarto",
    "citeproc",
];

/// The filters of merged metadata, with their places.
pub(super) fn filters(meta: &Value) -> Vec<(String, Place)> {
    meta.list(name!("filters")).iter().filter_map(named).collect()
}

/// Reports the unsupported filters of a value of `filters`.
pub(super) fn unsupported(value: &Value) -> Vec<Diagnostic> {
    let unsupported = value.items().iter().filter_map(named);
    let unsupported = unsupported.filter(|(text, _)| !NATIVE_FILTERS.contains(&filter_stem(text)));
    unsupported
        .map(|(text, place)| {
            let message = format!("unsupported filter `{text}` is ignored");
            let mut diagnostic = Diagnostic::new(Code::UnsupportedFilter, place, message);
            diagnostic.hints.extend(did_you_mean(filter_stem(&text), NATIVE_FILTERS.iter().copied()));
            diagnostic
        })
        .collect()
}

/// A filter's name or path, and its place.
fn named(item: &Value) -> Option<(String, Place)> {
    let name = item.get("path").unwrap_or(item);
    Some((name.to_text()?, name.place))
}

/// The name of a filter: the last part of its path, without `.lua`.
pub fn filter_stem(filter: &str) -> &str {
    let name = filter.rsplit('/').next().unwrap_or(filter);
    name.strip_suffix(".lua").unwrap_or(name)
}
