//! What ended a page, in words.

use super::client::Stop;
use super::launch::Launched;
use super::limits::PageLimits;
use super::outputs::KernelError;
use mlsys_cells::{CodePlace, Failure};
use std::time::{Duration, Instant};

/// How long the status of a kernel whose connections have ended is waited for.
const STATUS: Duration = Duration::from_secs(1);

/// How a page ended before its last step, other than by an error of its code.
#[derive(Debug)]
pub enum End {
    /// It took too long.
    TimedOut,
    /// Nobody wants its results any more.
    Cancelled,
    /// It wrote too much.
    TooMuchOutput,
    /// The kernel ended: how, and what it printed.
    Ended(String, String),
    /// The kernel could not be started, and why.
    NotStarted(String),
}

impl End {
    /// The end of a run, with that of its kernel.
    pub fn new(stop: Stop, launched: &mut Launched) -> Self {
        match stop {
            Stop::TimedOut => End::TimedOut,
            Stop::Cancelled => End::Cancelled,
            Stop::TooMuchOutput => End::TooMuchOutput,
            Stop::Lost => {
                let end = Instant::now() + STATUS;
                let status = loop {
                    match launched.service.status() {
                        Some(status) => break status.to_string(),
                        None if Instant::now() >= end => break "it closed its connections".to_owned(),
                        None => std::thread::sleep(Duration::from_millis(5)),
                    }
                };
                End::Ended(status, launched.log())
            }
        }
    }
}

/// The failure of a step's code.
pub fn of_error(what: &str, error: &KernelError, place: CodePlace) -> Failure {
    let KernelError { name, value, .. } = error;
    // Messages of some errors have several lines; the traceback has them all.
    let value = value.lines().next().unwrap_or_default().trim_end_matches('.');
    let message = match (name.as_str(), value) {
        ("", "") => format!("the {what} was interrupted"),
        // So the kernel of bash reports the status of the last command.
        ("", value) if value.parse::<u8>().is_ok() => format!("the {what} ended with status {value}"),
        ("", value) => format!("the {what} failed: {value}"),
        (name, "") => format!("the {what} raised {name}"),
        (name, value) => format!("the {what} raised {name}: {value}"),
    };
    let hint =
        (name == "StdinNotImplementedError").then(|| "cells have no input: assign the value in the code".to_owned());
    Failure { message, place, traceback: error.plain_traceback(), hint, is_transient: false }
}

/// The failure of a page that did not reach its end.
pub fn of_end(end: &End, kernel: &str, limits: &PageLimits, place: CodePlace) -> Failure {
    let (message, hint, traceback) = match end {
        End::TimedOut => (
            format!("the page's cells did not finish within {} s", limits.time.as_secs()),
            Some("look for an endless loop, or set `MLSYS_CELL_TIMEOUT` to more seconds".to_owned()),
            String::new(),
        ),
        End::Cancelled => ("the run was cancelled".to_owned(), None, String::new()),
        End::TooMuchOutput => {
            (format!("the page's cells wrote more than {} MB", limits.output >> 20), None, String::new())
        }
        End::Ended(status, log) => {
            let lines: Vec<&str> = log.lines().collect();
            let log = lines[lines.len().saturating_sub(20)..].join("\n");
            let last = lines.last().filter(|line| !line.trim().is_empty()).map(|line| format!("it printed: {line}"));
            (format!("the kernel `{kernel}` has ended ({status})"), last, log)
        }
        End::NotStarted(error) => (format!("the kernel `{kernel}` cannot start: {error}"), None, String::new()),
    };
    Failure { message, place, traceback, hint, is_transient: true }
}
