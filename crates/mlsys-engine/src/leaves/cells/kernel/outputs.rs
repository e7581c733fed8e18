//! The outputs of a cell, from the messages of a kernel.

use crate::leaves::cells::bundle::to_bundle;
use mlsys_cells::{CellRun, CodePlace, MimeBundle, Output, StreamName};
use serde_json::Value;
use std::collections::BTreeMap;

/// The outputs of the running cell, and of those before it.
///
/// Streams come in pieces, and in no reliable order with each other. So their text is put out when a value is displayed and at the
/// end of the cell, stdout before stderr, as for Python cells: results are then the same in each run.
#[derive(Debug, Default)]
pub struct Outputs {
    items: Vec<Output>,
    stdout: String,
    stderr: String,
    /// True if the next output replaces all so far.
    clears: bool,
    /// The outputs of each `display_id`: the number of the cell, and the index.
    displays: BTreeMap<String, Vec<(usize, usize)>>,
    /// The number of the running cell.
    cell: usize,
}

/// An error that a kernel reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelError {
    /// The class.
    pub name: String,
    /// The message.
    pub value: String,
    /// The traceback with colours.
    pub traceback: Vec<String>,
}

impl KernelError {
    /// Reads an error output, or a reply with the status `error`.
    pub fn new(content: &Value) -> Self {
        let lines = content["traceback"].as_array().map_or(&[][..], Vec::as_slice);
        let traceback = lines.iter().map(to_text).collect();
        KernelError { name: to_text(&content["ename"]), value: to_text(&content["evalue"]), traceback }
    }

    /// The line of a cell's code that the traceback shows last (`Cell In[2], line 3`), by the number of its execution.
    pub fn line(&self, count: Option<u32>) -> Option<u32> {
        let count = count?;
        let marks = [format!("In[{count}], line "), format!("In [{count}], line "), format!("In[{count}]:")];
        let text = self.plain_traceback();
        let after = marks.iter().filter_map(|mark| text.rfind(mark).map(|at| at + mark.len())).max()?;
        let digits: String = text[after..].chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }

    /// The traceback without colours.
    pub fn plain_traceback(&self) -> String {
        let mut plain = String::new();
        let text = self.traceback.join("\n");
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("\x1b[") {
            plain += before;
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
            rest = rest.strip_prefix('m').unwrap_or(rest);
        }
        plain + rest
    }
}

impl Outputs {
    /// Begins with the outputs of a cell.
    pub fn start(&mut self, cell: usize) {
        *self = Outputs { displays: std::mem::take(&mut self.displays), cell, ..Outputs::default() };
    }

    /// Adds a message. An output that replaces one of an earlier cell changes `cells`.
    pub fn add(&mut self, kind: &str, content: &Value, cells: &mut [Option<CellRun>]) {
        match kind {
            "stream" => {
                self.begin_output();
                let text = to_text(&content["text"]);
                if content["name"] == "stderr" { self.stderr += &text } else { self.stdout += &text }
            }
            "display_data" | "execute_result" => {
                let count = if kind == "execute_result" { number(&content["execution_count"]) } else { None };
                self.display(display(content, count), &content["transient"]["display_id"]);
            }
            "update_display_data" => self.update(content, cells),
            "clear_output" => {
                self.clears = true;
                if content["wait"] != true {
                    self.begin_output();
                }
            }
            // The reply to the request has the error.
            _ => {}
        }
    }

    /// Adds an error.
    pub fn error(&mut self, error: &KernelError, place: Option<CodePlace>) {
        self.begin_output();
        self.flush();
        let KernelError { name, value, traceback } = error.clone();
        self.items.push(Output::Error { name, value, traceback, place });
    }

    /// The outputs of the cell.
    pub fn finish(&mut self) -> Vec<Output> {
        self.flush();
        std::mem::take(&mut self.items)
    }

    fn display(&mut self, output: Output, identifier: &Value) {
        self.begin_output();
        self.flush();
        if let Some(identifier) = identifier.as_str() {
            self.displays.entry(identifier.to_owned()).or_default().push((self.cell, self.items.len()));
        }
        self.items.push(output);
    }

    fn update(&mut self, content: &Value, cells: &mut [Option<CellRun>]) {
        let identifier = content["transient"]["display_id"].as_str().unwrap_or_default();
        for (cell, index) in self.displays.get(identifier).into_iter().flatten() {
            let items = match cells.get_mut(*cell) {
                _ if *cell == self.cell => &mut self.items,
                Some(Some(cell)) => &mut cell.outputs,
                Some(None) | None => continue,
            };
            if let Some(Output::Display { data, metadata, .. }) = items.get_mut(*index) {
                (*data, *metadata) = (bundle(&content["data"]), metadata_of(content));
            }
        }
    }

    /// Drops the outputs so far, if they were to be replaced.
    fn begin_output(&mut self) {
        if std::mem::take(&mut self.clears) {
            self.items.clear();
            self.stdout.clear();
            self.stderr.clear();
            let cell = self.cell;
            self.displays.values_mut().for_each(|places| places.retain(|(owner, _)| *owner != cell));
        }
    }

    /// Puts out the text of the streams.
    fn flush(&mut self) {
        let streams = [(StreamName::Stdout, &mut self.stdout), (StreamName::Stderr, &mut self.stderr)];
        for (name, text) in streams {
            if !text.is_empty() {
                self.items.push(Output::Stream(name, std::mem::take(text)));
            }
        }
    }
}

fn display(content: &Value, execution_count: Option<u32>) -> Output {
    Output::Display { data: bundle(&content["data"]), metadata: metadata_of(content), execution_count }
}

fn metadata_of(content: &Value) -> String {
    let metadata = &content["metadata"];
    if metadata.is_object() { metadata.to_string() } else { "{}".to_owned() }
}

/// The representations of a value.
pub fn bundle(data: &Value) -> MimeBundle {
    let data = data.as_object().into_iter().flatten();
    to_bundle(data.map(|(mime, value)| (mime.clone(), to_text(value))).collect())
}

/// A number of an execution.
pub fn number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| u32::try_from(number).ok())
}

/// Text: lists of lines are joined, other values are JSON.
fn to_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(lines) if lines.iter().all(Value::is_string) => {
            lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().concat()
        }
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn outputs_of_messages() {
        let mut outputs = Outputs::default();
        let mut cells = vec![None, None];
        let shown = json!({"data": {"text/plain": "1"}, "transient": {"display_id": "a"}});
        outputs.start(0);
        outputs.add("stream", &json!({"name": "stderr", "text": "e"}), &mut cells);
        outputs.add("stream", &json!({"name": "stdout", "text": "o"}), &mut cells);
        outputs.add("display_data", &shown, &mut cells);
        let first = outputs.finish();
        assert_eq!(
            first[..2],
            [Output::Stream(StreamName::Stdout, "o".into()), Output::Stream(StreamName::Stderr, "e".into())]
        );
        cells[0] = Some(CellRun { execution_count: None, outputs: first });
        outputs.start(1);
        outputs.add(
            "update_display_data",
            &json!({"data": {"text/plain": "2"}, "transient": {"display_id": "a"}}),
            &mut cells,
        );
        outputs.add("stream", &json!({"name": "stdout", "text": "gone"}), &mut cells);
        outputs.add("clear_output", &json!({"wait": true}), &mut cells);
        outputs.add("stream", &json!({"name": "stdout", "text": "left"}), &mut cells);
        assert_eq!(outputs.finish(), [Output::Stream(StreamName::Stdout, "left".into())]);
        let Some(Output::Display { data, .. }) = cells[0].as_ref().and_then(|cell| cell.outputs.get(2)) else {
            panic!("no display");
        };
        assert_eq!(data.text("text/plain"), Some("2"));
    }

    #[test]
    fn lines_of_tracebacks() {
        let error = KernelError {
            name: "ZeroDivisionError".into(),
            value: "division by zero".into(),
            traceback: vec![
                "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[2]\x1b[39m\x1b[32m, line 3\x1b[39m".into(),
            ],
        };
        assert_eq!((error.line(Some(2)), error.line(Some(1)), error.line(None)), (Some(3), None, None));
    }
}
