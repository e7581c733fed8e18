//! What a worker answers, and how it becomes a [`PageRun`].

use crate::leaves::cells::bundle::to_bundle;
use mlsys_cells::{CellRun, CodePlace, Failure, Job, Output, PageRun, Step, StreamName};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A message of a worker about a page.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Answer {
    /// The page has a process.
    Started {
        /// The process, which leads a group.
        pid: u32,
    },
    /// A step begins.
    Step {
        /// Its index in [`Job::steps`].
        step: usize,
    },
    /// A cell has run.
    Cell {
        /// The step.
        step: usize,
        /// The number of the execution.
        count: Option<u32>,
        /// The outputs.
        outputs: Vec<AnsweredOutput>,
    },
    /// An inline value.
    Value {
        /// The step.
        step: usize,
        /// Its representations, binary ones as base64.
        data: BTreeMap<String, String>,
    },
    /// An output of an earlier cell has changed (`update_display`).
    Update {
        /// The step.
        step: usize,
        /// The index of the output.
        index: usize,
        /// The new output.
        output: AnsweredOutput,
    },
    /// An exception ended the page.
    Failure {
        /// The step.
        step: usize,
        /// The class.
        name: String,
        /// The message.
        value: String,
        /// The place in the step's code.
        place: Option<LinePlace>,
        /// The traceback without colours.
        traceback: String,
        /// What to do.
        hint: Option<String>,
    },
    /// The page has written too much.
    Limit,
    /// The page is complete, as far as it ran.
    End {
        /// The files that the results depend on.
        files: Vec<String>,
        /// The records of imported packages.
        packages: Vec<String>,
        /// The state of widgets as JSON.
        widgets: Option<String>,
    },
    /// A thread is still running at the end of the page.
    Thread {
        /// The step that started it.
        step: usize,
        /// Its name.
        name: String,
    },
    /// The page has done what it does at its end (`atexit`).
    Leftovers {
        /// The step that started the last process.
        step: usize,
        /// The names of its processes that are still running, by their numbers.
        processes: BTreeMap<String, String>,
    },
    /// The process of the page has ended.
    Exit {
        /// Its status, if it ended by itself.
        code: Option<i32>,
        /// The signal that ended it.
        signal: Option<String>,
        /// True if it was ended because it wrote too much.
        has_exceeded: bool,
        /// The names of processes that it had left running and that had left its session, by their numbers.
        orphans: BTreeMap<String, String>,
    },
}

/// A place in a step's code, from 1.
#[derive(Debug, Deserialize)]
pub struct LinePlace {
    line: u32,
    column: u32,
}

/// An output as the worker gives it.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum AnsweredOutput {
    /// Text of a stream.
    Stream {
        /// `stdout` or `stderr`.
        name: String,
        /// The text.
        text: String,
    },
    /// A displayed value.
    Display {
        /// Its representations, binary ones as base64.
        data: BTreeMap<String, String>,
        /// JSON.
        metadata: String,
        /// The number of the execution, for a result.
        count: Option<u32>,
    },
    /// An exception.
    Error {
        /// The class.
        name: String,
        /// The message.
        value: String,
        /// The traceback with colours.
        traceback: Vec<String>,
        /// The place in the step's code.
        place: Option<LinePlace>,
    },
}

/// Puts a cell's result into a run.
pub fn put_cell(run: &mut PageRun, job: &Job, step: usize, count: Option<u32>, outputs: Vec<AnsweredOutput>) {
    if let Some(Step::Cell { index, .. }) = job.steps.get(step) {
        let outputs = outputs.into_iter().map(|output| to_output(output, *index)).collect();
        run.cells[*index] = Some(CellRun { execution_count: count, outputs });
    }
}

/// Replaces an output of an earlier cell.
pub fn put_update(run: &mut PageRun, job: &Job, step: usize, output: usize, new: AnsweredOutput) {
    if let Some(Step::Cell { index, .. }) = job.steps.get(step)
        && let Some(place) = run.cells[*index].as_mut().and_then(|cell| cell.outputs.get_mut(output))
    {
        *place = to_output(new, *index);
    }
}

/// Puts an inline value into a run.
pub fn put_value(run: &mut PageRun, job: &Job, step: usize, data: BTreeMap<String, String>) {
    if let Some(Step::Value { index, .. }) = job.steps.get(step) {
        run.values[*index] = Some(to_bundle(data));
    }
}

fn to_output(output: AnsweredOutput, cell: usize) -> Output {
    match output {
        AnsweredOutput::Stream { name, text } => {
            Output::Stream(if name == "stderr" { StreamName::Stderr } else { StreamName::Stdout }, text)
        }
        AnsweredOutput::Display { data, metadata, count } => {
            Output::Display { data: to_bundle(data), metadata, execution_count: count }
        }
        AnsweredOutput::Error { name, value, traceback, place } => {
            let place = place.map(|place| CodePlace::Cell { index: cell, line: place.line, column: place.column });
            Output::Error { name, value, traceback, place }
        }
    }
}

/// The place of a step in the page.
pub fn place_of(job: &Job, step: usize, place: Option<LinePlace>) -> CodePlace {
    let (line, column) = place.map_or((0, 0), |place| (place.line, place.column));
    match job.steps.get(step) {
        Some(Step::Value { index, .. }) => CodePlace::Value(*index),
        Some(Step::Cell { index, .. }) => CodePlace::Cell { index: *index, line, column },
        None => CodePlace::Cell { index: 0, line, column },
    }
}

/// The failure of an exception.
pub fn exception(
    job: &Job,
    step: usize,
    (name, value): (&str, &str),
    place: Option<LinePlace>,
    (traceback, hint): (String, Option<String>),
) -> Failure {
    let what = match job.steps.get(step) {
        Some(Step::Value { .. }) => "inline expression",
        Some(Step::Cell { .. }) | None => "cell",
    };
    // Messages of some exceptions have several lines; the traceback has them all.
    let value = value.lines().next().unwrap_or_default().trim_end_matches('.');
    let colon = if value.is_empty() { "" } else { ": " };
    let message = format!("the {what} raised {name}{colon}{value}");
    Failure { message, place: place_of(job, step, place), traceback, hint, is_transient: false }
}
