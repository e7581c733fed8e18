//! Reads `html.json`.

use crate::frozen::placeholder::substitute;
use crate::frozen::{Frozen, FrozenIncludes};
use mlsys_book::{Checked, Code, Diagnostic, Place};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The file, as far as it is used.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    hash: String,
    result: Result,
}

#[derive(Deserialize)]
struct Result {
    engine: Option<String>,
    markdown: String,
    #[serde(default)]
    supporting: Value,
    #[serde(default)]
    filters: Value,
    #[serde(default)]
    includes: BTreeMap<String, Value>,
    #[serde(default)]
    preserve: Value,
}

/// Reads the frozen results of a page. A file that cannot be read costs a diagnostic at `place`: the page's first cell.
pub fn read_frozen(path: &str, json: &str, place: Place) -> Checked<Option<Frozen>> {
    let file: File = match serde_json::from_str(json) {
        Ok(file) => file,
        Err(error) => {
            let is_conflict = ["<<<<<<<", "=======", ">>>>>>>"].iter().all(|mark| json.contains(mark));
            let diagnostic = match is_conflict {
                true => {
                    let message = format!("`{path}` has the marks of a merge conflict; its results are not used");
                    Diagnostic::new(Code::InvalidResults, place, message)
                        .hint("choose one side, or run the page and commit its results again")
                }
                false => {
                    let message = format!("`{path}` cannot be read, so its results are not used: {error}");
                    Diagnostic::new(Code::InvalidResults, place, message)
                        .hint("run the page and commit its results again")
                }
            };
            return Checked { value: None, diagnostics: vec![diagnostic] };
        }
    };
    let File { hash, result } = file;
    let include = |key: &str| result.includes.get(key).map(strings).unwrap_or_default();
    let preserved = match &result.preserve {
        Value::Object(map) => {
            map.iter().filter_map(|(key, html)| Some((key.as_str(), html.as_str()?))).collect::<Vec<_>>()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Vec::new(),
    };
    Checked::clean(Some(Frozen {
        hash,
        includes: FrozenIncludes {
            in_header: include("include-in-header"),
            before_body: include("include-before-body"),
            after_body: include("include-after-body"),
        },
        supporting: strings(&result.supporting),
        filters: strings(&result.filters),
        engine: result.engine,
        markdown: substitute(result.markdown, &preserved),
    }))
}

/// The strings of a list, or a string alone.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    }
}
