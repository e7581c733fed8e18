//! What a worker runs for a page.

use crate::document::{Document, InlineForm};
use crate::execute::lift_execute;
use crate::job::{Job, Step};
use crate::json::to_json;
use crate::label::html_id;
use crate::settings::Settings;
use mlsys_book::{Source, Value, key, name};
use rustc_hash::FxHashMap;

/// What is to be run of a page: cells of the engine's language with `eval`, and inline values, in the order of the text.
///
/// `meta` is the merged metadata, `page` the page's path relative to the project's folder. Without cells and values to run, or
/// with `execute: enabled: false`, the job has no steps.
pub fn job(document: &Document, source: &Source, meta: &Value, page: &str) -> Job {
    let settings = Settings::new(meta, page);
    let mut lines = Lines::default();
    let mut steps = Vec::new();
    for (index, cell) in document.cells.iter().enumerate() {
        let options = settings.options(cell);
        // knitr finds the code that is elsewhere, also to show it only.
        let is_elsewhere = cell.code.is_empty() && document.has_code(cell);
        let is_run = (options.eval || is_elsewhere) && document.runs(&cell.language) && document.has_code(cell);
        if !settings.is_enabled || !is_run {
            continue;
        }
        let label = cell.options.read(key!("cell", "label")).unwrap_or_default();
        let step = Step::Cell {
            index,
            language: cell.language.clone(),
            code: cell.code.clone(),
            line: lines.line_of(source, cell.code_span.start),
            allow_error: options.error,
            label: html_id(&label),
            options: to_json(&cell.options).to_string(),
        };
        steps.push((cell.span.start, step));
    }
    for (index, value) in document.values.iter().enumerate() {
        if !settings.is_enabled || !document.runs(&value.language) {
            continue;
        }
        // Quarto's R function that escapes texts; the worker defines it.
        let expression = match (value.form, value.language.as_str()) {
            (InlineForm::Braces, "r") if document.engine == crate::Engine::Knitr => {
                format!(".QuartoInlineRender({})", value.expression)
            }
            (InlineForm::Braces | InlineForm::Bare, _) => value.expression.clone(),
        };
        let line = lines.line_of(source, value.expression_span.start);
        steps.push((value.span.start, Step::Value { index, expression, line }));
    }
    steps.sort_by_key(|(start, _)| *start);
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    Job {
        page: page.to_owned(),
        folder: folder.to_owned(),
        steps: steps.into_iter().map(|(_, step)| step).collect(),
        figures: settings.figures,
        execute: defaults(meta).to_string(),
        params: meta.value(name!("params")).map(|params| to_json(params).to_string()),
    }
}

/// The page's defaults of cells: the keys of `execute`, and those beside it that knitr reads.
fn defaults(meta: &Value) -> serde_json::Value {
    let meta = &*lift_execute(meta);
    let own = meta.value(name!("execute")).map_or(&[][..], Value::entries).iter();
    let mut defaults: serde_json::Map<String, serde_json::Value> =
        own.map(|entry| (entry.key.clone(), to_json(&entry.value))).collect();
    for key in [name!("r-options"), name!("knitr")] {
        defaults.extend(meta.value(key).map(|value| (key.text().to_owned(), to_json(value))));
    }
    defaults.into()
}

/// The line starts of a source's files, computed once a file.
#[derive(Default)]
struct Lines(FxHashMap<usize, Vec<usize>>);

impl Lines {
    /// The line of an offset in its file, from 1.
    fn line_of(&mut self, source: &Source, offset: u32) -> u32 {
        let (file, at) = source.origin(offset);
        let ends = self.0.entry(file).or_insert_with(|| {
            source.files[file].text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i).collect()
        });
        ends.partition_point(|end| *end < at) as u32 + 1
    }
}
