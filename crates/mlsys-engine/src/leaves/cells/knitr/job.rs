//! A job as an expression of R. R has no parser of JSON of its own, but it is one.

use mlsys_cells::{Job, Step};
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

/// The list that `knit.R` reads, as R code.
pub(super) fn job_expression(job: &Job, project: &Path) -> String {
    let folder = project.join(&job.folder);
    let (page_folder, name) = job.page.rsplit_once('/').unwrap_or(("", &job.page));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let depth = page_folder.split('/').filter(|part| !part.is_empty()).count();
    let mut out = String::from("list(\n");
    let mut entry = |name: &str, value: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "  {name} = {value},");
    };
    entry("page", string(&job.page));
    entry("stem", string(stem));
    entry("folder", string(&folder.to_string_lossy()));
    entry("libraries", string(&format!("{}site_libs/", "../".repeat(depth))));
    let figures = &job.figures;
    let size = format!("width = {}, height = {}, dpi = {}L", figures.width, figures.height, figures.dpi);
    entry("figures", format!("list({size}, format = {})", string(&figures.format)));
    entry("execute", json(&job.execute));
    entry("params", job.params.as_deref().map_or_else(|| "NULL".to_owned(), json));
    let steps: Vec<String> = job.steps.iter().map(step).collect();
    let _ = write!(out, "  steps = list(\n{}))", steps.join(",\n"));
    out
}

fn step(step: &Step) -> String {
    match step {
        Step::Cell { index, language, code, line: _, allow_error, label, options } => format!(
            "list(kind = \"cell\", index = {index}L, language = {}, label = {}, code = {}, allow_error = {}, options = {})",
            string(language),
            string(label),
            string(code),
            flag(*allow_error),
            json(options),
        ),
        Step::Value { index, expression, line: _ } => {
            format!("list(kind = \"value\", index = {index}L, code = {})", string(expression))
        }
    }
}

/// A JSON text as R: arrays of scalars of one kind are vectors, others and objects are lists. Text that is no JSON is `list()`.
fn json(text: &str) -> String {
    serde_json::from_str(text).map_or_else(|_| "list()".to_owned(), |value| literal(&value))
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(is) => flag(*is).to_owned(),
        Value::Number(number) => match number.as_i64().and_then(|number| i32::try_from(number).ok()) {
            Some(number) => format!("{number}L"),
            None => number.to_string(),
        },
        Value::String(text) => string(text),
        Value::Array(items) => {
            let kind = |value: &Value| match value {
                Value::Null | Value::Array(_) | Value::Object(_) => None,
                Value::Bool(_) => Some(0),
                Value::Number(_) => Some(1),
                Value::String(_) => Some(2),
            };
            let first = items.first().and_then(kind);
            let is_vector = first.is_some() && items.iter().all(|item| kind(item) == first);
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("{}({})", if is_vector { "c" } else { "list" }, items.join(", "))
        }
        Value::Object(entries) => {
            // R has no empty names.
            let entries = entries.iter().filter(|(key, _)| !key.is_empty());
            let entries: Vec<String> =
                entries.map(|(key, value)| format!("{} = {}", string(key), literal(value))).collect();
            format!("list({})", entries.join(", "))
        }
    }
}

fn flag(is: bool) -> &'static str {
    if is { "TRUE" } else { "FALSE" }
}

/// A string literal. Strings of R have no zero bytes.
fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\0' => {}
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_r() {
        let text =
            r#"{"a": [1, 2.5], "b": ["x", true], "c": null, "fig-cap": "say \"é\"\n\u0007", "layout": [[1], [1, 1]]}"#;
        let expected = "list(\"a\" = c(1L, 2.5), \"b\" = list(\"x\", TRUE), \"c\" = NULL, \
                        \"fig-cap\" = \"say \\\"é\\\"\\n\\u0007\", \"layout\" = list(c(1L), c(1L, 1L)))";
        assert_eq!(json(text), expected);
        assert_eq!(json("no JSON"), "list()");
    }
}
