//! The JSON of a notebook, as far as it is used. Source: nbformat 4, "The Jupyter Notebook format"; nbformat 3 in its upgrade.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The file. The texts of cells stay slices of it, so that their places are known.
#[derive(Deserialize)]
pub(super) struct File<'t> {
    #[serde(default)]
    pub metadata: Map<String, Value>,
    #[serde(borrow)]
    pub cells: Option<Vec<Cell<'t>>>,
    /// nbformat 3: the cells of each sheet.
    #[serde(borrow, default)]
    pub worksheets: Vec<Worksheet<'t>>,
}

#[derive(Deserialize)]
pub(super) struct Worksheet<'t> {
    #[serde(borrow, default)]
    pub cells: Vec<Cell<'t>>,
}

#[derive(Deserialize)]
pub(super) struct Cell<'t> {
    pub cell_type: String,
    pub id: Option<String>,
    /// A text, or a list of texts to be joined.
    #[serde(borrow)]
    pub source: Option<&'t RawValue>,
    /// nbformat 3: the code.
    #[serde(borrow)]
    pub input: Option<&'t RawValue>,
    #[serde(default)]
    pub metadata: Map<String, Value>,
    pub execution_count: Option<Value>,
    /// nbformat 3: the execution count.
    pub prompt_number: Option<Value>,
    #[serde(default)]
    pub outputs: Vec<Output>,
    #[serde(default)]
    pub attachments: Map<String, Value>,
    /// nbformat 3: the level of a heading.
    pub level: Option<usize>,
}

#[derive(Deserialize)]
pub(super) struct Output {
    pub output_type: String,
    pub name: Option<String>,
    /// nbformat 3: the name of a stream.
    pub stream: Option<String>,
    #[serde(default)]
    pub text: Value,
    #[serde(default)]
    pub data: Map<String, Value>,
    #[serde(default)]
    pub metadata: Value,
    pub execution_count: Option<Value>,
    /// nbformat 3: the execution count.
    pub prompt_number: Option<Value>,
    pub ename: Option<String>,
    pub evalue: Option<String>,
    #[serde(default)]
    pub traceback: Vec<String>,
    /// nbformat 3: the representations, by short names.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// The short names of nbformat 3 and their MIME types.
pub(super) const SHORT_NAMES: &[(&str, &str)] = &[
    ("html", "text/html"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpeg", "image/jpeg"),
    ("latex", "text/latex"),
    ("json", "application/json"),
    ("javascript", "application/javascript"),
];

/// A text, or the texts of a list joined.
pub(super) fn joined(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => items.iter().map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}
