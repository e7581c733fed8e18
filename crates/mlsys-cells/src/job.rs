//! What a worker is asked to run for a page, and what it answers.

use crate::output::{CellRun, CodePlace, MimeBundle};
use serde::{Deserialize, Serialize};

/// A page to run, from its first step to its last, in one process.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The path of the page, relative to the project's folder.
    pub page: String,
    /// The working folder, relative to the project's folder: the page's own, or empty with `execute-dir: project`.
    pub folder: String,
    /// Cells and inline values in the order of the text.
    pub steps: Vec<Step>,
    /// The size and form of figures.
    pub figures: FigureSettings,
    /// The page's defaults of cells as a JSON object, for engines that obey more of them than the writer: the keys of `execute`,
    /// and `r-options` and `knitr` of the page's metadata.
    pub execute: String,
    /// The values of `params` as JSON, which replace the variables of the cell tagged `parameters`.
    pub params: Option<String>,
}

/// One thing to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// The code of a cell.
    Cell {
        /// The index in [`crate::Document::cells`].
        index: usize,
        /// `python`, `r`, ...
        language: String,
        /// The code without option lines.
        code: String,
        /// The first line of the code in the page's own file, from 1; for messages and tracebacks.
        line: u32,
        /// True if an error is shown as output and the page goes on.
        allow_error: bool,
        /// The label of the cell, or empty; knitr names figures after it.
        label: String,
        /// The cell's own options as JSON, for engines that obey more of them than the writer (knitr). A string that begins with
        /// `!expr ` is an expression of R, from YAML's tag or from the braces (`fig.cap=paste("a", n)`).
        options: String,
    },
    /// An inline expression.
    Value {
        /// The index in [`crate::Document::values`].
        index: usize,
        /// The expression.
        expression: String,
        /// Its line in the page's own file, from 1.
        line: u32,
    },
}

impl Step {
    /// True for a cell that is tagged `parameters`: the variables of `params` are set after it.
    pub fn is_parameters(&self) -> bool {
        let Step::Cell { options, .. } = self else { return false };
        let options: serde_json::Value = serde_json::from_str(options).unwrap_or_default();
        let tags = &options["tags"];
        tags == "parameters" || tags.as_array().is_some_and(|tags| tags.iter().any(|tag| tag == "parameters"))
    }

    /// A place in the code of another step as a place in the code of this one; `None` if they are of different kinds.
    pub fn place(&self, of: &CodePlace) -> Option<CodePlace> {
        match (self, of) {
            (Step::Cell { index, .. }, CodePlace::Cell { line, column, .. }) => {
                Some(CodePlace::Cell { index: *index, line: *line, column: *column })
            }
            (Step::Value { index, .. }, CodePlace::Value(_)) => Some(CodePlace::Value(*index)),
            (Step::Value { .. }, CodePlace::Cell { .. }) | (Step::Cell { .. }, CodePlace::Value(_)) => None,
        }
    }
}

/// The size and form of figures. Source: Quarto, "Execution Options", Figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureSettings {
    /// The width in inches.
    pub width: f64,
    /// The height in inches.
    pub height: f64,
    /// Dots per inch.
    pub dpi: u32,
    /// `retina` (PNG at twice the size), `png`, `jpeg`, `svg` or `pdf`.
    pub format: String,
}

impl Default for FigureSettings {
    fn default() -> Self {
        FigureSettings { width: 7.0, height: 5.0, dpi: 96, format: "retina".into() }
    }
}

/// The results of a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageRun {
    /// The result of each cell, by its index in [`crate::Document::cells`]; `None` if it was not run.
    pub cells: Vec<Option<CellRun>>,
    /// The result of each inline value, by its index in [`crate::Document::values`].
    pub values: Vec<Option<MimeBundle>>,
    /// What ended the run before its last step.
    pub failure: Option<Failure>,
    /// What its author should know although the results are complete.
    pub warnings: Vec<RunWarning>,
    /// The state of the page's widgets: the JSON of `application/vnd.jupyter.widget-state+json`.
    pub widgets: Option<String>,
    /// HTML for the page's head: the libraries of R's widgets.
    pub head: Vec<String>,
    /// Files beside the page that its head or outputs refer to: path relative to the page's folder, and content.
    pub files: Vec<(String, Vec<u8>)>,
    /// What the results depend on besides the code.
    pub dependencies: Dependencies,
}

impl PageRun {
    /// A run without results, with room for those of a job's steps.
    pub fn empty(job: &Job) -> Self {
        let (mut cells, mut values) = (0, 0);
        for step in &job.steps {
            match step {
                Step::Cell { index, .. } => cells = cells.max(index + 1),
                Step::Value { index, .. } => values = values.max(index + 1),
            }
        }
        PageRun { cells: vec![None; cells], values: vec![None; values], ..PageRun::default() }
    }
}

/// What a page's results depend on besides its code, as far as it was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependencies {
    /// Files that were opened for reading outside of the installation, and the project's own modules: absolute, sorted.
    pub files: Vec<String>,
    /// The records of the installed packages that were imported (`RECORD`, `DESCRIPTION`): absolute, sorted.
    pub packages: Vec<String>,
}

/// Something about a run that its outputs do not show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunWarning {
    /// Where.
    pub place: CodePlace,
    /// What.
    pub kind: RunWarningKind,
}

/// A kind of warnings about a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunWarningKind {
    /// The code of an inline value gave a warning with this message.
    InlineValue(String),
    /// A thread with this name, which the code at the place started, was still running at the end of the page.
    Thread(String),
    /// Processes with these names were still running at the end of the page. The code at the place started the last one, if that is
    /// known; otherwise it is the last step.
    Processes(Vec<String>),
    /// What the page does at its end took too long.
    SlowEnd,
}

/// What ended a page's run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// One lower-case sentence without a full stop.
    pub message: String,
    /// Where.
    pub place: CodePlace,
    /// The traceback as text, without colours.
    pub traceback: String,
    /// What to do, if it is known.
    pub hint: Option<String>,
    /// True if the next run may end otherwise: a time-out, a killed process. Such a result is not stored.
    pub is_transient: bool,
}
