//! What a page asks to be run: its cells, inline values and engine.

mod engine;
mod fences;
mod inline_values;
mod job;
mod known;
mod options;
mod r_values;

use crate::document::{Cell, Document, Engine, dedent};
use crate::label::html_id;
use crate::params;
use fences::Fence;
pub use job::job;
pub(crate) use known::is_of_knitr;
use mlsys_book::{Checked, Code, Diagnostic, Source, Span, Value, name};
use rustc_hash::FxHashMap;

/// Finds the executable code of a page; `None` if it has none.
///
/// `source` is the page's text with its includes, `meta` its metadata merged with that of its folder and project. Options that are
/// no YAML or have a wrong value are reported as [`Code::InvalidCellOption`], probable spelling mistakes as
/// [`Code::UnknownCellOption`], labels of several cells as [`Code::DuplicateLabel`].
pub fn plan(source: &Source, meta: &Value) -> Checked<Option<Document>> {
    let text = source.text.as_str();
    let start = mlsys_parse::front_matter(source).value.body.start as usize;
    let fences = fences::fences(text, start);
    let (engine, language) = engine::engine(source, meta, &fences);
    let is_knitr = engine == Engine::Knitr;
    let languages: &[&str] = match engine {
        // Values that nothing runs are found, so that they can be reported.
        Engine::Markdown => &["python", "r", "julia"],
        Engine::Jupyter(_) | Engine::Knitr => &[language.as_str()],
    };
    let values = inline_values::inline_values(text, start, &fences, languages, is_knitr);
    let values = match engine {
        Engine::Markdown => inline_values::outside_code(text, start, values),
        Engine::Jupyter(_) | Engine::Knitr => values,
    };
    let mut diagnostics = Vec::new();
    let mut cells = Vec::new();
    for fence in &fences {
        if !engine::DRAWN.contains(&fence.language.as_str()) {
            cells.push(cell(source, fence, is_knitr, &mut diagnostics));
        }
    }
    duplicate_labels(&cells, &mut diagnostics);
    let document = Document { engine, language, cells, values };
    diagnostics.extend(params::unused(&document, source, meta));
    let is_empty = document.cells.is_empty() && document.values.is_empty();
    Checked { value: (!is_empty).then_some(document), diagnostics }
}

fn cell(source: &Source, fence: &Fence, is_knitr: bool, diagnostics: &mut Vec<Diagnostic>) -> Cell {
    let read = options::cell_options(source, fence, is_knitr, diagnostics);
    let body = Span { start: read.code_start, end: fence.body.end.max(read.code_start) };
    let written = source.slice(body);
    let blank: usize = written.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum();
    let start = body.start as usize + blank;
    let code_span = Span::new(start, start + written[blank..].trim_end().len());
    let lines: Vec<&str> = source.slice(code_span).lines().map(|line| dedent(line, fence.indent)).collect();
    Cell {
        language: fence.language.clone(),
        span: fence.span,
        indent: fence.indent,
        options: read.options,
        option_lines: read.option_lines,
        code: lines.join("\n"),
        code_span,
    }
}

/// Reports labels that several cells have.
fn duplicate_labels(cells: &[Cell], diagnostics: &mut Vec<Diagnostic>) {
    let mut first = FxHashMap::default();
    for label in cells.iter().filter_map(|cell| cell.options.value(name!("cell", "label"))) {
        let Some(name) = label.to_text() else { continue };
        if let Some(other) = first.get(&html_id(&name)) {
            let message = format!("another cell has the label `{name}`");
            diagnostics.push(
                Diagnostic::new(Code::DuplicateLabel, label.place, message)
                    .related(*other, "first defined here")
                    .hint("give each cell a label of its own"),
            );
        } else {
            first.insert(html_id(&name), label.place);
        }
    }
}
