//! Results of cells in fixtures, and what is written of them.
//!
//! A page's results are a file `results.json`: `{"cells": [...], "values": [...]}` with an item for each cell and value, `null` for
//! one that was not run. A cell's result is the list of its outputs as in nbformat 4, a value's result its data by MIME type.
//! knitr's outputs have the types `source`, `condition` and `asis`. An image is `{"width": 10, "height": 5, "dpi": 192}` for the
//! head of a PNG of that size.

use crate::Example;
use libtest_mimic::Failed;
use mlsys_book::{Locator, Source, SourceId, Span, Value};
use mlsys_cells::{CellRun, CodePlace, Document, Markdown, MimeBundle, MimeData, Output, PageRun, Segment};
use mlsys_cells::{Settings, Step, StreamName, lift_execute};
use serde_json::Value as Json;
use std::fmt::Write;

/// The Markdown of the example's page `index.qmd` with the results in `results.json`; then the names of files, what the head gets,
/// and the diagnostics with what they point to. With a file `show` that says `job` instead what is run, with
/// `numbers` the Markdown of a preview.
///
/// # Errors
/// A file that is no JSON.
pub fn written(example: &Example) -> Result<String, Failed> {
    let file = |name: &str| example.files.iter().find(|(path, _)| path == name).map(|(_, text)| text.as_str());
    let source = Source::new(SourceId(0), "index.qmd", file("index.qmd").unwrap_or(""));
    let config = Source::new(SourceId(1), "_quarto.yml", file("_quarto.yml").unwrap_or(""));
    let config = mlsys_parse::parse_yaml(&config, Span::new(0, config.text.len())).value;
    let front = mlsys_parse::front_matter(&source).value.meta;
    let meta = if config.entries().is_empty() { front } else { lift_execute(&config).merge(&lift_execute(&front)) };
    let planned = mlsys_cells::plan(&source, &meta);
    let mut diagnostics = planned.diagnostics;
    let Some(document) = planned.value else { return Ok("nothing to run\n".into()) };
    let mut out = String::new();
    if file("show") == Some("job\n") {
        job(&document, &source, &meta, &mut out)?;
        return Ok(out);
    }
    let mut settings = Settings::new(&meta, "index.qmd");
    settings.has_numbers = file("show") == Some("numbers\n");
    let results = file("results.json").map(serde_json::from_str::<Json>).transpose()?;
    let run = results.as_ref().map(page_run);
    let written = mlsys_cells::write(&document, &source, run.as_ref(), &settings);
    diagnostics.extend(written.diagnostics);
    out.push_str(text(&source, &written.value).trim_end());
    out.push('\n');
    for (path, _) in &written.value.files {
        writeln!(out, "--- file {path}")?;
    }
    for html in &written.value.head {
        writeln!(out, "--- head {}", html.lines().next().unwrap_or(""))?;
    }
    for html in &written.value.after_body {
        writeln!(out, "--- after body {}", html.replace('\n', " "))?;
    }
    let sources = [std::sync::Arc::new(source)];
    let locator = Locator::new(&sources);
    for diagnostic in &diagnostics {
        let at = locator.start(diagnostic.place).map(|at| at.to_string()).unwrap_or_default();
        writeln!(out, "--- {at} {}[{}] {}", diagnostic.severity, diagnostic.code, diagnostic.message)?;
        for hint in &diagnostic.hints {
            writeln!(out, "---   hint: {hint}")?;
        }
    }
    Ok(out)
}

/// The text of segments.
pub fn text(source: &Source, markdown: &Markdown) -> String {
    let segments = markdown.segments.iter().map(|segment| match segment {
        Segment::Copied(span) => source.slice(*span),
        Segment::Generated { text, .. } => text.as_str(),
    });
    segments.collect()
}

/// What is run of a page.
fn job(document: &Document, source: &Source, meta: &Value, out: &mut String) -> Result<(), Failed> {
    let job = mlsys_cells::job(document, source, meta, "part/index.qmd");
    let figures = &job.figures;
    writeln!(out, "{:?} in `{}`", document.engine, job.folder)?;
    writeln!(out, "figures {} x {} in, {} dpi, {}", figures.width, figures.height, figures.dpi, figures.format)?;
    if let Some(params) = &job.params {
        writeln!(out, "params {params}")?;
    }
    for step in &job.steps {
        match step {
            Step::Cell { index, language, code, line, allow_error, label, options } => {
                let error = if *allow_error { " error" } else { "" };
                writeln!(out, "cell {index} {language} line {line} [{label}]{error} {options} {code:?}")?;
            }
            Step::Value { index, expression, line } => writeln!(out, "value {index} line {line} {expression}")?,
        }
    }
    Ok(())
}

/// The results of a page.
fn page_run(json: &Json) -> PageRun {
    let items = |key: &str| json[key].as_array().into_iter().flatten();
    PageRun {
        cells: items("cells").map(|cell| cell.as_array().map(|outputs| cell_run(outputs))).collect(),
        values: items("values").map(|value| value.as_object().map(|_| bundle(value))).collect(),
        widgets: json["widgets"].as_object().map(|state| Json::Object(state.clone()).to_string()),
        failure: json["failure"].as_str().map(|message| mlsys_cells::Failure {
            message: message.to_owned(),
            place: CodePlace::Value(0),
            traceback: String::new(),
            hint: None,
            is_transient: false,
        }),
        ..PageRun::default()
    }
}

fn cell_run(outputs: &[Json]) -> CellRun {
    CellRun { execution_count: Some(1), outputs: outputs.iter().map(output).collect() }
}

fn output(json: &Json) -> Output {
    let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
    match json["output_type"].as_str().unwrap_or_default() {
        "stream" if json["name"] == "stderr" => Output::Stream(StreamName::Stderr, text("text")),
        "stream" => Output::Stream(StreamName::Stdout, text("text")),
        "error" => Output::Error {
            name: text("ename"),
            value: text("evalue"),
            traceback: json["traceback"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Json::as_str)
                .map(Into::into)
                .collect(),
            place: None,
        },
        "source" => Output::Source(text("text")),
        "condition" => Output::Condition(text("text")),
        "asis" => Output::AsIs(text("text")),
        kind => Output::Display {
            data: bundle(&json["data"]),
            metadata: json["metadata"].to_string(),
            execution_count: (kind == "execute_result").then_some(1),
        },
    }
}

fn bundle(json: &Json) -> MimeBundle {
    let data = json.as_object().into_iter().flatten().map(|(mime, data)| {
        let content = match data {
            Json::String(text) => MimeData::Text(text.clone()),
            Json::Object(size) if size.contains_key("dpi") => MimeData::Bytes(png(data)),
            data => MimeData::Text(data.to_string()),
        };
        (mime.clone(), content)
    });
    MimeBundle(data.collect())
}

/// The head of a PNG.
fn png(json: &Json) -> Vec<u8> {
    let number = |key: &str| json[key].as_u64().unwrap_or(0) as u32;
    let metre = (f64::from(number("dpi")) / 0.0254).round() as u32;
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend(number("width").to_be_bytes());
    png.extend(number("height").to_be_bytes());
    png.extend(b"\x08\x06\0\0\0\0\0\0\0\0\0\0\x09pHYs");
    png.extend(metre.to_be_bytes());
    png.extend(metre.to_be_bytes());
    png.extend(b"\x01\0\0\0\0");
    png
}
