//! A notebook as the text of a page, and its outputs as results.

use crate::document::Document;
use crate::fence::fence_for;
use crate::job::PageRun;
use crate::notebook::front_matter::{Head, TitleHeading, head, title_heading};
use crate::notebook::options::option_comments;
use crate::notebook::{CellKind, Notebook, NotebookCell};
use crate::output::CellRun;
use crate::plan::plan;
use mlsys_book::{Checked, Entry, File, Source, SourceId, Span, Value, ValueKind};
use rustc_hash::FxHashMap;
use serde_json::Value as Json;
use std::ops::Range;
use std::sync::Arc;

/// A notebook as a page.
#[derive(Clone, Debug, PartialEq)]
pub struct NotebookPage {
    /// The text of the page; its own file is the notebook.
    pub source: Source,
    /// The language of its cells, in lower case.
    pub language: String,
    /// The kernel that runs its cells, if they are to be run.
    pub kernel: String,
    /// The results of its cells: the offset of each cell's code in the file, and its outputs.
    pub runs: Vec<(usize, CellRun)>,
    /// The images attached to Markdown cells: path relative to the page's folder, and content.
    pub files: Vec<(String, Vec<u8>)>,
    /// The state of its widgets as JSON.
    pub widgets: Option<String>,
}

impl NotebookPage {
    /// The document of the page's text: that of the notebook's kernel, whatever languages its text shows.
    ///
    /// `source` has the page's text and what it includes, `meta` is the page's merged metadata.
    pub fn document(&self, source: &Source, meta: &Value) -> Checked<Option<Document>> {
        // Only a page's own keys choose its engine.
        let place = source.place(Span::new(0, 0));
        let text = |text: &str| Value { place, kind: ValueKind::String(text.to_owned()) };
        let map = |entries: Vec<(&str, Value)>| Value {
            place,
            kind: ValueKind::Map(
                entries.into_iter().map(|(key, value)| Entry { key: key.into(), key_place: place, value }).collect(),
            ),
        };
        let kernel = map(vec![("name", text(&self.kernel)), ("language", text(&self.language))]);
        let own = map(vec![("jupyter", map(vec![("kernelspec", kernel)])), ("engine", text("jupyter"))]);
        // Lists and maps of both would be joined.
        let entries =
            meta.entries().iter().filter(|entry| !matches!(entry.key.as_str(), "jupyter" | "knitr" | "engine"));
        let meta = Value { place, kind: ValueKind::Map(entries.cloned().collect()) }.merge(&own);
        plan(source, &meta)
    }

    /// The notebook's outputs as the run of a document that was planned from `source`, which has the page's text and more.
    pub fn run(&self, source: &Source, document: &Document) -> PageRun {
        let runs: FxHashMap<usize, &CellRun> = self.runs.iter().map(|(offset, run)| (*offset, run)).collect();
        let run = |start: u32| {
            let (file, offset) = source.origin(start);
            runs.get(&offset).filter(|_| file == 0).map(|run| (*run).clone())
        };
        PageRun {
            cells: document.cells.iter().map(|cell| run(cell.span.start)).collect(),
            values: vec![None; document.values.len()],
            widgets: self.widgets.clone(),
            files: self.files.clone(),
            ..PageRun::default()
        }
    }
}

/// How a notebook becomes a page.
#[derive(Clone, Copy, Debug)]
pub struct NotebookOptions<'o> {
    /// True if the heading that begins the notebook is its title; false in books, whose chapters have their own rule.
    pub takes_title: bool,
    /// The cells that are shown, by index; `None` for all.
    pub cells: Option<&'o [usize]>,
    /// Options of all cells, which override their own.
    pub overrides: &'o [(&'o str, Json)],
}

/// Makes a page of a notebook. `path` is the notebook's, relative to the project's folder.
pub fn notebook_page(
    notebook: &Notebook,
    id: SourceId,
    path: &str,
    json: Arc<String>,
    takes_title: bool,
) -> NotebookPage {
    let options = NotebookOptions { takes_title, cells: None, overrides: &[] };
    notebook_part(notebook, id, path, json, &options)
}

/// Makes a page of cells of a notebook.
pub(crate) fn notebook_part(
    notebook: &Notebook,
    id: SourceId,
    path: &str,
    json: Arc<String>,
    options: &NotebookOptions<'_>,
) -> NotebookPage {
    let file = File { path: path.to_owned(), text: json };
    let mut page = NotebookPage {
        source: Source { id, text: Arc::default(), files: vec![file], pieces: Vec::new() },
        language: notebook.language.clone(),
        kernel: if notebook.kernel.is_empty() { "python3".into() } else { notebook.kernel.clone() },
        runs: Vec::new(),
        files: Vec::new(),
        widgets: notebook.widgets.clone(),
    };
    let head = head(notebook);
    let title = if options.takes_title { title_heading(notebook, head.as_ref()) } else { None };
    if options.cells.is_none() {
        page.front_matter(notebook, head.as_ref(), title.as_ref());
    }
    // A title that had no front matter gets a cell of its own in Quarto.
    let first = usize::from(title.is_some() && head.is_none());
    for (at, cell) in notebook.cells.iter().enumerate() {
        if options.cells.is_some_and(|cells| !cells.contains(&at)) {
            continue;
        }
        let mut range = 0..cell.source.text.len();
        if let Some(head) = head.as_ref().filter(|head| head.cell == at) {
            range.start = head.length;
        }
        if let Some(title) = title.as_ref().filter(|title| title.cell == at) {
            range.start = title.range.end;
        }
        match cell.kind {
            CellKind::Code => page.code(cell, at + first, options.overrides),
            CellKind::Markdown => page.text(cell, range, at + first),
            CellKind::Raw => page.raw(cell, range, at + first),
        }
    }
    if page.source.pieces.is_empty() {
        page.source.append_generated(0, 0, "");
    }
    page
}

impl NotebookPage {
    fn front_matter(&mut self, notebook: &Notebook, head: Option<&Head>, title: Option<&TitleHeading>) {
        let title = title.map(|title| {
            let offset = notebook.cells[title.cell].source.offset(title.range.start);
            (offset, format!("title: {}\n", Json::String(title.title.clone())))
        });
        match (head, title) {
            (None, None) => {}
            (None, Some((offset, title))) => {
                self.source.append_generated(0, offset, &format!("---\n{title}---\n\n"));
            }
            (Some(head), title) => {
                let text = &notebook.cells[head.cell].source;
                let fence =
                    text.text.find("---").map_or(0, |at| text.text[at..].find('\n').map_or(at, |end| at + end + 1));
                text.append(0..fence, &mut self.source);
                if let Some((offset, title)) = title {
                    self.source.append_generated(0, offset, &title);
                }
                text.append(fence..head.length, &mut self.source);
                self.end_block(text.offset(head.length));
            }
        }
    }

    /// Ends the last line, and adds a blank one.
    fn end_block(&mut self, offset: usize) {
        let end = if self.source.text.ends_with('\n') { "\n" } else { "\n\n" };
        self.source.append_generated(0, offset, end);
    }

    fn code(&mut self, cell: &NotebookCell, number: usize, overrides: &[(&str, Json)]) {
        let text = &cell.source;
        if text.text.is_empty() && cell.run.outputs.is_empty() {
            return;
        }
        let offset = text.start().unwrap_or(0);
        let fence = fence_for(&text.text);
        let language = &self.language;
        let options = option_comments(cell, number, language, overrides);
        self.source.append_generated(0, offset, &format!("{fence}{{{language}}}\n{options}"));
        text.append(0..text.text.len(), &mut self.source);
        let end = if text.text.ends_with('\n') || text.text.is_empty() { "" } else { "\n" };
        self.source.append_generated(0, offset, &format!("{end}{fence}\n\n"));
        self.runs.push((offset, cell.run.clone()));
    }

    /// The text of a Markdown cell, in which attachments become files. `number` is the cell's in the notebook, from 0.
    fn text(&mut self, cell: &NotebookCell, range: Range<usize>, number: usize) {
        if range.is_empty() {
            return;
        }
        let text = &cell.source;
        let stem =
            self.source.path().rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(stem, _)| stem);
        let id = cell.id.clone().unwrap_or_else(|| format!("cell-{number}"));
        let mut uses: Vec<(Range<usize>, String)> = Vec::new();
        for (at, (name, content)) in cell.attachments.iter().enumerate() {
            let path = format!("{stem}_files/figure-html/{id}-{}-{name}", at + 1);
            let mark = format!("attachment:{name}");
            let matches = text.text.match_indices(&mark).map(|(start, mark)| (start..start + mark.len(), path.clone()));
            uses.extend(matches);
            self.files.push((path, content.clone()));
        }
        uses.sort_by_key(|(range, _)| range.start);
        let (end, mut at) = (range.end, range.start);
        for (used, path) in uses.into_iter().filter(|(used, _)| used.start >= range.start) {
            if used.start < at {
                continue;
            }
            text.append(at..used.start, &mut self.source);
            self.source.append_generated(0, text.offset(used.start), &path);
            at = used.end;
        }
        text.append(at..end, &mut self.source);
        self.end_block(text.offset(end.saturating_sub(1)));
    }

    /// A raw cell: raw text of its format, or Markdown.
    fn raw(&mut self, cell: &NotebookCell, range: Range<usize>, number: usize) {
        let mime = cell.metadata.get("raw_mimetype").and_then(Json::as_str);
        let format = match mime {
            Some("text/html") => "html",
            Some("text/latex") => "latex",
            Some("text/restructuredtext" | "text/x-rst") => "rst",
            Some("application/rtf") => "rtf",
            Some(_) | None => return self.text(cell, range, number),
        };
        let text = &cell.source;
        let (offset, fence) = (text.offset(range.start), fence_for(&text.text));
        self.source.append_generated(0, offset, &format!("{fence}{{={format}}}\n"));
        text.append(range.clone(), &mut self.source);
        let end = if text.text.ends_with('\n') { "" } else { "\n" };
        self.source.append_generated(0, text.offset(range.end.saturating_sub(1)), &format!("{end}{fence}\n\n"));
    }
}
