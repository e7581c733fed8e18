//! The classes and attributes of a cell's div.

use crate::document::Cell;
use crate::json::text_or_json;
use crate::plan::is_of_knitr;
use mlsys_book::{Value, name};

/// The classes of the options `classes`, `panel`, `column` and the like.
pub(super) fn classes(options: &Value) -> Vec<String> {
    let mut classes: Vec<String> = Vec::new();
    for item in options.list(name!("cell", "classes")) {
        let names = item.to_text().unwrap_or_default();
        classes.extend(names.split_whitespace().map(|name| name.trim_start_matches('.').to_owned()));
    }
    let named = [
        (name!("cell", "panel"), "panel"),
        (name!("cell", "column"), "column"),
        (name!("cell", "fig-column"), "fig-column"),
        (name!("cell", "tbl-column"), "tbl-column"),
        (name!("cell", "cap-location"), "caption"),
        (name!("cell", "fig-cap-location"), "fig-cap-location"),
        (name!("cell", "tbl-cap-location"), "tbl-cap-location"),
    ];
    for (key, prefix) in named {
        classes.extend(options.value(key).and_then(Value::as_str).map(|value| format!("{prefix}-{value}")));
    }
    classes.retain(|class| !class.is_empty());
    classes
}

/// Options that the writer or the engine obeys; they are no attributes of the div.
const OBEYED: &[&str] = &[
    "cap-location",
    "classes",
    "code-fold",
    "code-line-numbers",
    "code-overflow",
    "code-summary",
    "column",
    "echo",
    "error",
    "eval",
    "fig-align",
    "fig-alt",
    "fig-cap",
    "fig-cap-location",
    "fig-column",
    "fig-env",
    "fig-link",
    "fig-pos",
    "fig-scap",
    "fig-subcap",
    "html-table-processing",
    "id",
    "include",
    "label",
    "lst-cap",
    "lst-label",
    "out-height",
    "out-width",
    "output",
    "panel",
    "tbl-cap-location",
    "tbl-column",
    "warning",
];

/// The options that become attributes: all others, such as `layout-ncol`, `tbl-cap` and those of the author.
pub(super) fn forwarded(cell: &Cell, is_knitr: bool) -> Vec<(String, String)> {
    let is_obeyed = |key: &str| OBEYED.contains(&key) || (is_knitr && (key == "tags" || is_of_knitr(key)));
    let others = cell.options.entries().iter().filter(|entry| !is_obeyed(&entry.key.to_lowercase()));
    // A key that cannot be an attribute's name would make the whole line text.
    let named = others.filter(|entry| {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
        entry.key.starts_with(char::is_alphabetic) && entry.key.chars().all(is_name)
    });
    named.map(|entry| (entry.key.clone(), text_or_json(&entry.value))).collect()
}
