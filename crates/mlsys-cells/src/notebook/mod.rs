//! Notebooks, and scripts in the percent format, as pages. Source: nbformat 4; Quarto, "Jupyter: Notebook Rendering".
//!
//! A notebook becomes the text that its author would have written in a `.qmd` file: front matter, Markdown, and cells with their
//! options as comments. Its outputs stand beside the text as the results of a run. So a notebook takes the same way as any page,
//! and a diagnostic leads to the line and column of the notebook's JSON.

mod front_matter;
mod json;
mod options;
mod outputs;
mod page;
mod percent;
mod text;

pub(crate) use page::{NotebookOptions, notebook_part};
pub use page::{NotebookPage, notebook_page};
pub use percent::{is_percent_script, percent_page};

use crate::label::{cell_id, html_id};
use crate::output::CellRun;
use outputs::{decode, is_binary, number};
use serde_json::{Map, Value};
use text::Text;

/// A notebook as read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notebook {
    /// The language of its kernel, in lower case.
    pub language: String,
    /// The name of its kernel; empty if the file has none.
    pub kernel: String,
    /// The state of its widgets as JSON.
    pub widgets: Option<String>,
    /// Its cells in order.
    pub(crate) cells: Vec<NotebookCell>,
    /// What is wrong with outputs: the offset in the file, and a message.
    pub problems: Vec<(usize, String)>,
}

/// A cell of a notebook.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NotebookCell {
    pub kind: CellKind,
    pub id: Option<String>,
    pub source: Text,
    pub metadata: Map<String, Value>,
    pub run: CellRun,
    /// The attached images: name and content.
    pub attachments: Vec<(String, Vec<u8>)>,
}

/// The kinds of a notebook's cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum CellKind {
    #[default]
    Markdown,
    Raw,
    Code,
}

/// What an `embed` shortcode can say of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EmbeddableCell {
    /// Its id, label and tags.
    pub names: Vec<String>,
    /// The id that it has on its page.
    pub anchor: Option<String>,
}

impl Notebook {
    /// The title in its front matter, or its first heading.
    pub fn title(&self) -> Option<String> {
        front_matter::title(self)
    }

    /// What its cells can be called.
    pub(crate) fn embeddable(&self) -> Vec<EmbeddableCell> {
        let names = |cell: &NotebookCell| {
            let label = options::label(cell, &self.language);
            let tags = cell.metadata.get("tags").and_then(Value::as_array);
            let tags = tags.into_iter().flatten().filter_map(|tag| tag.as_str().map(str::to_owned));
            let is_code = cell.kind == CellKind::Code;
            let anchor = label.as_deref().map(html_id).or_else(|| cell.id.as_deref().map(cell_id)).filter(|_| is_code);
            EmbeddableCell { names: cell.id.clone().into_iter().chain(label).chain(tags).collect(), anchor }
        };
        self.cells.iter().map(names).collect()
    }
}

/// Why a text is no notebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotebookError {
    /// One lower-case sentence without a full stop.
    pub message: String,
    /// The offset in the text.
    pub offset: usize,
}

/// Reads the JSON of a notebook.
///
/// # Errors
/// When the text is not JSON, or has no cells.
pub fn read_notebook(text: &str) -> Result<Notebook, NotebookError> {
    let file: json::File<'_> = serde_json::from_str(text).map_err(|error| {
        let line = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
        let mut offset = (line + error.column().saturating_sub(1)).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        NotebookError { message: format!("the notebook cannot be read: {error}"), offset }
    })?;
    let sheets = file.worksheets.into_iter().flat_map(|sheet| sheet.cells);
    let raw_cells: Vec<json::Cell<'_>> = match file.cells {
        Some(cells) => cells,
        None => sheets.collect(),
    };
    let kernel = |key: &str| file.metadata.get("kernelspec")?.get(key)?.as_str();
    let name = kernel("name").unwrap_or("").to_owned();
    // Colab writes no language; VS Code writes it to `language_info` only.
    let info = || file.metadata.get("language_info")?.get("name")?.as_str();
    let language = kernel("language").or_else(info).unwrap_or("python").to_lowercase();
    let widgets = file.metadata.get("widgets").and_then(|all| all.get("application/vnd.jupyter.widget-state+json"));
    let mut notebook =
        Notebook { language, kernel: name, widgets: widgets.map(Value::to_string), ..Notebook::default() };
    for raw in raw_cells {
        let cell = cell(text, raw, &mut notebook.problems);
        notebook.cells.push(cell);
    }
    Ok(notebook)
}

fn cell(file: &str, raw: json::Cell<'_>, problems: &mut Vec<(usize, String)>) -> NotebookCell {
    let mut source = raw.source.or(raw.input).map(|source| Text::of(file, source)).unwrap_or_default();
    let kind = match raw.cell_type.as_str() {
        "code" => CellKind::Code,
        "raw" => CellKind::Raw,
        _ => CellKind::Markdown,
    };
    if raw.cell_type == "heading" {
        source.prepend(&format!("{} ", "#".repeat(raw.level.unwrap_or(1).clamp(1, 6))));
    }
    let (outputs, mut invalid) = outputs::outputs(raw.outputs);
    let mut attachments = Vec::new();
    for (name, data) in raw.attachments {
        let image = data.as_object().and_then(|data| data.iter().find(|(mime, _)| mime.starts_with("image/")));
        let Some((mime, data)) = image else { continue };
        let text = json::joined(data).unwrap_or_default();
        match is_binary(mime).then(|| decode(&text)) {
            Some(Some(bytes)) => attachments.push((name, bytes)),
            Some(None) => invalid += 1,
            None => attachments.push((name, text.into_bytes())),
        }
    }
    if invalid > 0 {
        let message = format!("{invalid} image{} of this cell cannot be decoded", if invalid == 1 { "" } else { "s" });
        problems.push((source.start().unwrap_or(0), message));
    }
    NotebookCell {
        kind,
        id: raw.id,
        run: CellRun { execution_count: raw.execution_count.or(raw.prompt_number).as_ref().and_then(number), outputs },
        source,
        metadata: raw.metadata,
        attachments,
    }
}
