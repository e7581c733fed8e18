//! The report of cells and values that were not run.

use crate::document::{Document, Engine, first_line};
use crate::job::PageRun;
use crate::settings::{Echo, OutputMode, Settings};
use mlsys_book::{Code, Diagnostic, Severity, Source, Span};

/// One diagnostic for all that a page should have run; none if its run failed, which is reported by itself.
///
/// It is an error where readers see something wrong: the code of a value in the text, or nothing in place of an output.
pub(super) fn diagnostics(
    document: &Document,
    source: &Source,
    run: Option<&PageRun>,
    settings: &Settings,
) -> Option<Diagnostic> {
    if run.is_some_and(|run| run.failure.is_some()) || !settings.is_enabled {
        return None;
    }
    let mut cells: Vec<Span> = Vec::new();
    let mut is_false = false;
    for (index, cell) in document.cells.iter().enumerate() {
        let options = settings.options(cell);
        let has_result = run.is_some_and(|run| run.cells.get(index).is_some_and(Option::is_some));
        if has_result || !options.eval || !document.has_code(cell) {
            continue;
        }
        let length = first_line(source.slice(cell.span)).len();
        cells.push(Span::new(cell.span.start as usize, cell.span.start as usize + length));
        // Observable's cells never run here, so this is no state of one build: readers see less.
        let is_shown = options.include && options.output != OutputMode::Hidden;
        is_false |= options.echo == Echo::Hidden && is_shown && cell.language != "ojs";
    }
    let without_result = |index: &usize| run.is_none_or(|run| run.values.get(*index).is_none_or(Option::is_none));
    let values: Vec<usize> = (0..document.values.len()).filter(without_result).collect();
    let first_value = values.first().map(|index| document.values[*index].span);
    is_false |= !values.is_empty();
    let place = [cells.first().copied(), first_value].into_iter().flatten().min_by_key(|span| span.start)?;
    let mut parts = Vec::new();
    if !cells.is_empty() {
        parts.push(counted(cells.len(), "cell"));
    }
    if !values.is_empty() {
        parts.push(counted(values.len(), "inline value"));
    }
    let verb = if cells.len() + values.len() == 1 { "was" } else { "were" };
    let shown = match (cells.is_empty(), values.is_empty(), is_false) {
        (true, _, _) => "the text shows code",
        (false, false, _) => "the page shows code in their place",
        (false, true, true) => "the page has no output in place of hidden code",
        (false, true, false) => "the page shows code without output",
    };
    let message = format!("{} {verb} not run: {shown}", parts.join(" and "));
    let mut diagnostic = Diagnostic::new(Code::CellNotExecuted, source.place(place), message);
    if is_false {
        diagnostic.severity = Severity::Error;
    }
    Some(diagnostic.hint(hint(document)))
}

fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// What to do.
fn hint(document: &Document) -> String {
    let is_ojs = |language: &str| language == "ojs";
    match &document.engine {
        Engine::Markdown if document.cells.iter().any(|cell| is_ojs(&cell.language)) => {
            "Observable JavaScript is not supported; set `eval: false` to show the code".to_owned()
        }
        Engine::Markdown => "a page without cells has no engine: add `jupyter: python3` to its front matter".to_owned(),
        Engine::Jupyter(kernel) => format!("run the cells with `--cells required` (`{kernel}`), or set `eval: false`"),
        Engine::Knitr => "run the cells with `--cells required` (R with knitr), or set `eval: false`".to_owned(),
    }
}
