//! A page's text with results in place of its cells and inline values.

mod ansi;
mod attributes;
mod captions;
mod cell;
mod code;
mod display;
mod head;
mod image;
mod inline_value;
mod outputs;
mod text;
mod unexecuted;
mod writer;

use crate::document::{Cell, Document, Engine};
use crate::job::PageRun;
use crate::label::html_id;
use crate::markdown::{Markdown, Segment};
use crate::output::CellRun;
use crate::settings::Settings;
use mlsys_book::{Checked, Source, Span, Value, key, name};
use rustc_hash::FxHashSet;
use text::Text;
use writer::Writer;

/// What the page says about a cell besides its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellContext {
    /// The cell's number in the page, from 1; names of files are made of it. With knitr cells with a label in their braces do not count.
    pub number: usize,
    /// True if an earlier cell has the same label, which this cell then does not get.
    pub is_duplicate: bool,
    /// True for the Markdown of knitr, which differs from that of Jupyter.
    pub is_knitr: bool,
}

/// Writes a page with the results of its run, or from the options of its cells alone.
///
/// Cells and values that should have been run and were not are reported once, as [`Code::CellNotExecuted`](mlsys_book::Code).
/// Code that options hide is never written.
pub fn write(document: &Document, source: &Source, run: Option<&PageRun>, settings: &Settings) -> Checked<Markdown> {
    let mut items: Vec<(Span, Item)> = Vec::with_capacity(document.cells.len() + document.values.len());
    items.extend(document.cells.iter().enumerate().map(|(index, cell)| (cell.span, Item::Cell(index))));
    items.extend(document.values.iter().enumerate().map(|(index, value)| (value.span, Item::Value(index))));
    items.sort_by_key(|(span, _)| span.start);
    let mut page = Page { document, source, run, settings, text: Text::default(), files: Vec::new() };
    let mut contexts = Contexts::new(document);
    let mut needs = head::Needs::default();
    let mut at = 0;
    for (span, item) in items {
        page.text.copy(Span { start: at, end: span.start.max(at) });
        at = span.end;
        match item {
            Item::Cell(index) => {
                let context = contexts.next(&document.cells[index]);
                let result = run.and_then(|run| run.cells.get(index)?.as_ref());
                if let Some(result) = result {
                    needs.add(result);
                }
                page.cell(&document.cells[index], result, context);
            }
            Item::Value(index) => page.value(index),
        }
    }
    page.text.copy(Span::new(at as usize, source.text.len()));
    let diagnostics = unexecuted::diagnostics(document, source, run, settings).into_iter().collect();
    let mut head = needs.head();
    let mut files = page.files;
    if let Some(run) = run {
        head.extend(run.head.iter().cloned());
        files.extend(run.files.iter().cloned());
    }
    let after_body = needs.after_body(run.and_then(|run| run.widgets.as_deref()));
    Checked {
        value: Markdown { segments: page.text.segments, files, head, before_body: Vec::new(), after_body },
        diagnostics,
    }
}

/// Writes one cell, for pages that are not written in Markdown: notebooks, embedded cells.
///
/// With a source, code lines are bytes of it. The result has no blank lines around it.
pub fn write_cell(
    cell: &Cell,
    run: Option<&CellRun>,
    source: Option<&Source>,
    context: CellContext,
    settings: &Settings,
) -> Markdown {
    let mut writer = Writer::new(cell, source, settings, context);
    writer.write(run);
    let mut needs = head::Needs::default();
    if let Some(run) = run {
        needs.add(run);
    }
    Markdown { segments: writer.text.segments, files: writer.files, head: needs.head(), ..Markdown::default() }
}

enum Item {
    Cell(usize),
    Value(usize),
}

/// Numbers the cells of a page.
struct Contexts {
    is_knitr: bool,
    number: usize,
    labels: FxHashSet<String>,
}

impl Contexts {
    fn new(document: &Document) -> Self {
        Contexts { is_knitr: document.engine == Engine::Knitr, number: 0, labels: FxHashSet::default() }
    }

    fn next(&mut self, cell: &Cell) -> CellContext {
        let label = cell.options.read(key!("cell", "label")).map(|label| html_id(&label));
        let is_duplicate = label.as_ref().is_some_and(|label| !self.labels.insert(label.clone()));
        // Jupyter does not see empty cells.
        let is_empty = cell.code.is_empty() && cell.option_lines.start == cell.option_lines.end;
        // knitr reads the options of comments after it has numbered the cells without a label in the braces.
        let in_braces = |label: &Value| !cell.option_lines.contains(label.place.span);
        let is_counted = match cell.options.value(name!("cell", "label")).filter(|_| self.is_knitr) {
            Some(label) => !in_braces(label),
            None => self.is_knitr || !is_empty,
        };
        self.number += usize::from(is_counted);
        CellContext { number: self.number, is_duplicate, is_knitr: self.is_knitr }
    }
}

/// A page that is being written.
struct Page<'a> {
    document: &'a Document,
    source: &'a Source,
    run: Option<&'a PageRun>,
    settings: &'a Settings,
    text: Text,
    files: Vec<(String, Vec<u8>)>,
}

impl Page<'_> {
    fn cell(&mut self, cell: &Cell, run: Option<&CellRun>, context: CellContext) {
        let mut writer = Writer::new(cell, Some(self.source), self.settings, context);
        writer.write(run);
        self.files.append(&mut writer.files);
        let before = &self.source.text[..cell.span.start as usize];
        let is_apart = before
            .strip_suffix('\n')
            .is_none_or(|before| before.rsplit('\n').next().is_none_or(|line| line.trim().is_empty()));
        if !is_apart {
            self.text.push("\n", cell.span);
        }
        let start = cell.span.start as usize;
        let indent = &self.source.text[start..start + cell.indent];
        for segment in writer.text.segments {
            match segment {
                Segment::Copied(span) => self.text.copy(span),
                Segment::Generated { text, replaces } if indent.is_empty() => self.text.push(&text, replaces),
                Segment::Generated { text, replaces } => {
                    for line in text.split_inclusive('\n') {
                        if !line.trim().is_empty() {
                            self.text.push(indent, replaces);
                        }
                        self.text.push(line, replaces);
                    }
                }
            }
        }
    }

    /// The result of a value in place of it. Without one its code stays.
    fn value(&mut self, index: usize) {
        let value = &self.document.values[index];
        let data = self.run.and_then(|run| run.values.get(index)?.as_ref());
        match data.and_then(inline_value::inline_value) {
            Some(text) => self.text.push(&text, value.span),
            None => self.text.copy(value.span),
        }
    }
}
