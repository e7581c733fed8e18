//! The options of a notebook's cell that are not in its code, as option comments. Source: Quarto, `jupyter.ts`
//! (`jupyterCellWithOptions`, `tagsToOptions`).

use crate::notebook::NotebookCell;
use mlsys_parse::option_marks;
use serde_json::{Map, Value};

/// Metadata of editors, which are no options.
const EDITORS: &[&str] = &[
    "collapsed",
    "autoscroll",
    "deletable",
    "editable",
    "format",
    "name",
    "id",
    "colab",
    "colab_type",
    "outputId",
    "lines_to_next_cell",
    "language",
    "raw_mimetype",
];

/// The option that a tag stands for.
fn option_of(tag: &str) -> Option<(&'static str, bool)> {
    match tag {
        "hide-cell" | "remove-cell" => Some(("include", false)),
        "hide-code" => Some(("echo", false)),
        "hide-output" => Some(("output", false)),
        "hide-warnings" => Some(("warning", false)),
        "show-code" => Some(("echo", true)),
        "show-output" => Some(("output", true)),
        "show-warnings" => Some(("warning", true)),
        _ => None,
    }
}

/// The option comments of a cell, a line each: those of its tags and metadata that its own comments do not set. `overrides`
/// come last.
pub(super) fn option_comments(cell: &NotebookCell, language: &str, overrides: &[(&str, Value)]) -> String {
    let mut options = Map::new();
    let tags = cell.metadata.get("tags").and_then(Value::as_array);
    for (key, value) in tags.into_iter().flatten().filter_map(|tag| option_of(tag.as_str()?)) {
        options.insert(key.into(), Value::Bool(value));
    }
    let is_option = |key: &str, value: &Value| !EDITORS.contains(&key) && !value.is_object() && !value.is_null();
    let metadata = cell.metadata.iter().filter(|(key, value)| is_option(key, value));
    options.extend(metadata.map(|(key, value)| (key.clone(), value.clone())));
    if let Some(id) = &cell.id {
        options.insert("id".into(), Value::String(id.clone()));
    }
    let (open, close) = option_marks(language);
    for own in own_keys(&cell.source.text, open) {
        options.remove(own);
    }
    options.extend(overrides.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
    let close = if close.is_empty() { String::new() } else { format!(" {close}") };
    options.iter().map(|(key, value)| format!("{open}| {key}: {value}{close}\n")).collect()
}

/// The keys of the option comments at the start of a cell's code.
fn own_keys<'c>(code: &'c str, open: &str) -> Vec<&'c str> {
    let comments = code.lines().map_while(|line| line.strip_prefix(open)?.strip_prefix('|'));
    comments.filter_map(|line| Some(line.split_once(':')?.0.trim())).collect()
}
