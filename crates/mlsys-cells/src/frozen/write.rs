//! Writes `html.json` with the fields and in the form of Quarto.

use crate::frozen::Frozen;
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Serialize)]
struct File<'f> {
    hash: &'f str,
    result: Result<'f>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result<'f> {
    engine: &'f str,
    markdown: &'f str,
    supporting: &'f [String],
    filters: &'f [String],
    includes: Includes<'f>,
    #[serde(skip_serializing_if = "Option::is_none")]
    engine_dependencies: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preserve: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_process: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Includes<'f> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    include_in_header: &'f [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    include_before_body: &'f [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    include_after_body: &'f [String],
}

/// The file of a page's frozen results. Without an engine, they are Jupyter's.
pub fn frozen_json(frozen: &Frozen) -> String {
    let engine = frozen.engine.as_deref().unwrap_or("jupyter");
    let is_knitr = engine == "knitr";
    let file = File {
        hash: &frozen.hash,
        result: Result {
            engine,
            markdown: &frozen.markdown,
            supporting: &frozen.supporting,
            filters: &frozen.filters,
            includes: Includes {
                include_in_header: &frozen.includes.in_header,
                include_before_body: &frozen.includes.before_body,
                include_after_body: &frozen.includes.after_body,
            },
            engine_dependencies: is_knitr.then(Map::new),
            preserve: is_knitr.then(Map::new),
            post_process: is_knitr.then_some(true),
        },
    };
    // Strings, lists and maps with string keys always serialize.
    serde_json::to_string_pretty(&file).unwrap_or_default()
}
