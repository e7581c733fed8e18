//! The results of a page from the frames of R.

use super::frames::Frame;
use mlsys_cells::{CellRun, CodePlace, Failure, Job, MimeBundle, MimeData, Output, PageRun, RunWarning};
use mlsys_cells::{RunWarningKind, Step, StreamName};
use serde_json::{Map, Value, json};

/// The results so far.
#[derive(Debug)]
pub(super) struct Answer {
    pub run: PageRun,
    /// True if R has reported the end of the page or an error.
    pub is_complete: bool,
    /// Where R is: the place of the step, with the line of its code.
    pub place: CodePlace,
    outputs: Vec<Output>,
    value: Option<String>,
}

impl Answer {
    /// No results yet; R is at the first step.
    pub fn new(job: &Job) -> Self {
        let mut run = PageRun::default();
        for step in &job.steps {
            match step {
                Step::Cell { index, .. } => run.cells.resize(run.cells.len().max(index + 1), None),
                Step::Value { index, .. } => run.values.resize(run.values.len().max(index + 1), None),
            }
        }
        let place = job.steps.first().map_or(CodePlace::Value(0), place_of);
        Answer { run, is_complete: false, place, outputs: Vec::new(), value: None }
    }

    /// Adds a frame. The result is true if it begins a step.
    pub fn add(&mut self, frame: Frame) -> bool {
        let mut fields = frame.fields.into_iter();
        let mut next = || fields.next().unwrap_or_default();
        match frame.kind.as_str() {
            "begin" => {
                let (kind, index) = (next(), number(&next()) as usize);
                self.outputs.clear();
                self.value = None;
                self.place = if kind == "cell" {
                    CodePlace::Cell { index, line: 0, column: 0 }
                } else {
                    CodePlace::Value(index)
                };
                return true;
            }
            "line" => self.move_to(number(&next()), 0),
            "source" => self.outputs.push(Output::Source(next())),
            "stream" => self.outputs.push(Output::Stream(StreamName::Stdout, next())),
            "condition" => self.outputs.push(Output::Condition(next())),
            "asis" => self.outputs.push(Output::AsIs(next())),
            "error" => {
                let (value, line) = (next(), number(&next()));
                self.move_to(line, 0);
                let place = Some(self.place.clone());
                self.outputs.push(Output::Error { name: String::new(), value, traceback: Vec::new(), place });
            }
            "display" => {
                let (mime, payload, name, width, height) = (next(), next(), next(), next(), next());
                let pairs: Vec<String> = fields.collect();
                let data = if mime.starts_with("text/") { Ok(MimeData::Text(payload)) } else { image(&mime, &payload) };
                match data {
                    Ok(data) => {
                        let metadata = metadata(&mime, &name, &width, &height, &pairs);
                        let data = MimeBundle(vec![(mime, data)]);
                        self.outputs.push(Output::Display { data, metadata, execution_count: None });
                    }
                    Err(error) => self.fail(format!("cannot read the figure {name}: {error}"), String::new()),
                }
            }
            "text" => self.value = Some(next()),
            "warning" => self.warn(RunWarningKind::InlineValue(one_line(&next()))),
            "end" => {
                let (kind, index) = (next(), number(&next()) as usize);
                if kind == "cell" {
                    let result = CellRun { execution_count: None, outputs: std::mem::take(&mut self.outputs) };
                    self.run.cells.get_mut(index).into_iter().for_each(|cell| *cell = Some(result.clone()));
                } else if let (Some(value), Some(text)) = (self.run.values.get_mut(index), self.value.take()) {
                    *value = Some(MimeBundle(vec![("text/markdown".to_owned(), MimeData::Text(text))]));
                }
            }
            "head" => self.run.head.push(next()),
            "file" => {
                let (path, from) = (next(), next());
                match std::fs::read(&from) {
                    Ok(bytes) => self.run.files.push((path, bytes)),
                    Err(error) => self.fail(format!("cannot read {path}: {error}"), String::new()),
                }
            }
            "read" => self.run.dependencies.files.push(next()),
            "package" => self.run.dependencies.packages.push(next()),
            "failure" => {
                let (message, traceback, hint) = (next(), next(), next());
                let (line, column) = (number(&next()), number(&next()));
                self.move_to(line, column);
                self.fail(one_line(&message), traceback);
                if let Some(failure) = &mut self.run.failure {
                    failure.hint = Some(hint).filter(|hint| !hint.is_empty());
                }
                self.is_complete = true;
            }
            "done" => self.is_complete = true,
            _ => {}
        }
        false
    }

    /// Records what ended the run where R is, unless something has before.
    pub fn fail(&mut self, message: String, traceback: String) {
        let place = self.place.clone();
        let failure = Failure { message, place, traceback, hint: None, is_transient: false };
        self.run.failure.get_or_insert(failure);
    }

    /// Warns of processes that are still running at the end, at the last step.
    pub fn warn_of_processes(&mut self, names: Vec<String>) {
        if !names.is_empty() {
            self.warn(RunWarningKind::Processes(names));
        }
    }

    fn warn(&mut self, kind: RunWarningKind) {
        self.run.warnings.push(RunWarning { place: self.place.clone(), kind });
    }

    /// The results, with dependencies in order.
    pub fn finish(mut self) -> PageRun {
        for paths in [&mut self.run.dependencies.files, &mut self.run.dependencies.packages] {
            paths.sort();
            paths.dedup();
        }
        self.run
    }

    /// Sets the line within the current cell.
    fn move_to(&mut self, to_line: u32, to_column: u32) {
        match &mut self.place {
            CodePlace::Cell { line, column, .. } => (*line, *column) = (to_line, to_column),
            CodePlace::Value(_) => {}
        }
    }
}

/// The place of a step before it has begun.
fn place_of(step: &Step) -> CodePlace {
    match step {
        Step::Cell { index, .. } => CodePlace::Cell { index: *index, line: 0, column: 0 },
        Step::Value { index, .. } => CodePlace::Value(*index),
    }
}

fn number(text: &str) -> u32 {
    text.parse().unwrap_or(0)
}

/// A message without line ends: R wraps long ones.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A drawn file; SVG is text.
fn image(mime: &str, path: &str) -> std::io::Result<MimeData> {
    let bytes = std::fs::read(path)?;
    Ok(match mime {
        "image/svg+xml" => MimeData::Text(String::from_utf8_lossy(&bytes).into_owned()),
        _ => MimeData::Bytes(bytes),
    })
}

/// The metadata of a display, as the room's documentation describes it.
fn metadata(mime: &str, name: &str, width: &str, height: &str, pairs: &[String]) -> String {
    let mut metadata = Map::new();
    let sizes = [("width", width), ("height", height)].into_iter().filter(|(_, size)| !size.is_empty());
    let sizes: Map<String, Value> = sizes.map(|(key, size)| (key.to_owned(), json!(size))).collect();
    if !sizes.is_empty() {
        metadata.insert(mime.to_owned(), Value::Object(sizes));
    }
    if !name.is_empty() {
        metadata.insert("filename".to_owned(), json!(name));
    }
    let options: Map<String, Value> =
        pairs.as_chunks::<2>().0.iter().map(|[key, value]| (key.clone(), json!(value))).collect();
    if !options.is_empty() {
        metadata.insert("knitr".to_owned(), Value::Object(options));
    }
    Value::Object(metadata).to_string()
}
