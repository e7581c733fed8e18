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
/// win over tags and metadata.
///
/// `number` is the cell's in the notebook, from 0: cells without an id are called after it.
pub(super) fn option_comments(
    cell: &NotebookCell,
    number: usize,
    language: &str,
    overrides: &[(&str, Value)],
) -> String {
    let mut options = Map::new();
    let tags = cell.metadata.get("tags").and_then(Value::as_array);
    for (key, value) in tags.into_iter().flatten().filter_map(|tag| option_of(tag.as_str()?)) {
        options.insert(key.into(), Value::Bool(value));
    }
    let is_option = |key: &str, value: &Value| !EDITORS.contains(&key) && !value.is_object() && !value.is_null();
    let metadata = cell.metadata.iter().filter(|(key, value)| is_option(key, value));
    options.extend(metadata.map(|(key, value)| (key.clone(), value.clone())));
    let id = cell.id.clone().unwrap_or_else(|| format!("cell-{number}"));
    options.insert("id".into(), Value::String(id));
    let (open, close) = option_marks(language);
    options.extend(overrides.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
    for (own, _) in own_options(&cell.source.text, open) {
        options.remove(own);
    }
    let close = if close.is_empty() { String::new() } else { format!(" {close}") };
    options.iter().map(|(key, value)| format!("{open}| {key}: {value}{close}\n")).collect()
}

/// The option comments at the start of a cell's code: keys and values as written.
fn own_options<'c>(code: &'c str, open: &str) -> impl Iterator<Item = (&'c str, &'c str)> {
    let comments = code.lines().map_while(move |line| line.strip_prefix(open)?.strip_prefix('|'));
    comments.filter_map(|line| line.split_once(':')).map(|(key, value)| (key.trim(), value.trim()))
}

/// The label of a cell.
pub(super) fn label(cell: &NotebookCell, language: &str) -> Option<String> {
    let own = own_options(&cell.source.text, option_marks(language).0).find(|(key, _)| *key == "label");
    let own = own.map(|(_, value)| value.trim_matches(['"', '\'']).to_owned());
    own.or_else(|| cell.metadata.get("label")?.as_str().map(str::to_owned))
}
