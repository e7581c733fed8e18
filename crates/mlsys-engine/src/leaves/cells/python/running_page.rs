//! A page while it runs: the worker's answers become its results.

use super::answer::{self, Answer};
use super::stream::receive;
use mlsys_cells::{Dependencies, Failure, Job, PageRun, RunWarning, RunWarningKind};
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

/// The number of answers that wait to be read.
const QUEUE: usize = 16;

/// How often a run looks for cancellation.
const POLL: Duration = Duration::from_millis(50);

/// The limits of a page.
#[derive(Clone, Copy, Debug)]
pub struct PageLimits {
    /// Wall-clock time from the first step to the last, and as much again for imports before.
    pub time: Duration,
    /// Bytes of outputs.
    pub output: u64,
    /// Bytes of private memory (Linux); `None` for the memory of the machine. Reserved addresses, as of graphics cards, do not
    /// count.
    pub memory: Option<u64>,
}

impl Default for PageLimits {
    fn default() -> Self {
        PageLimits { time: Duration::from_secs(600), output: 64 << 20, memory: None }
    }
}

/// Who watches a page, and for how long.
pub struct Watch<'a> {
    /// The limit of its time.
    pub limit: Duration,
    /// Changes when running pages are to end.
    pub cancellations: &'a AtomicUsize,
    /// Hears which step begins.
    pub on_step: &'a dyn Fn(usize),
}

/// Why a page ended before its last step, other than by an exception.
#[derive(Debug)]
pub enum Stop {
    /// It took too long.
    TimedOut,
    /// Nobody wants its results any more.
    Cancelled,
    /// It wrote too much.
    TooMuchOutput,
    /// Its process ended itself with a status.
    Exited(i32),
    /// A signal ended its process.
    Killed(String),
    /// The worker ended, with what it printed.
    Lost(String),
}

/// A page while it runs.
pub struct RunningPage<'a> {
    /// What it runs.
    pub job: &'a Job,
    /// Its results so far.
    pub run: PageRun,
    /// Its process.
    pub pid: Option<u32>,
    /// The step that runs.
    step: usize,
    /// What the page has left running.
    leftovers: Option<Leftovers>,
}

/// The processes that a page has left running.
struct Leftovers {
    /// The step that started the last one.
    step: usize,
    /// Their names, by their numbers.
    processes: BTreeMap<String, String>,
}

impl<'a> RunningPage<'a> {
    /// A page without results.
    pub fn new(job: &'a Job) -> Self {
        RunningPage { job, run: PageRun::empty(job), pid: None, step: 0, leftovers: None }
    }

    /// Takes the worker's answers until it has no more. True if the page has ended by itself.
    ///
    /// `close` ends the stream from this side. The time counts anew from the start of the page's process, since modules are
    /// imported before.
    pub fn follow(
        &mut self,
        reads: &mut (dyn Read + Send),
        close: impl FnOnce(),
        watch: &Watch<'_>,
    ) -> Result<bool, Stop> {
        let (sender, answers) = sync_channel(QUEUE);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                while let Ok(Some(message)) = receive(reads) {
                    if sender.send(message).is_err() {
                        break;
                    }
                }
            });
            let cancellations = watch.cancellations.load(Ordering::Relaxed);
            let mut end = Instant::now() + watch.limit;
            let mut is_complete = false;
            let result = loop {
                if Instant::now() >= end {
                    break Err(Stop::TimedOut);
                }
                if watch.cancellations.load(Ordering::Relaxed) != cancellations {
                    break Err(Stop::Cancelled);
                }
                let message = match answers.recv_timeout(POLL) {
                    Ok(message) => message,
                    Err(RecvTimeoutError::Timeout) => continue,
                    Err(RecvTimeoutError::Disconnected) => break Ok(is_complete),
                };
                // The worker sends nothing else, unless a cell writes to its descriptors.
                let Ok(answer) = serde_json::from_slice(&message) else { continue };
                match self.take(answer, watch.on_step) {
                    Taken::Started => end = Instant::now() + watch.limit,
                    Taken::Result => {}
                    Taken::End => is_complete = true,
                    Taken::Stop(_) if is_complete => break Ok(true),
                    Taken::Stop(stop) => break Err(stop),
                }
            };
            if result.as_ref().is_ok_and(|is_complete| *is_complete) {
                self.report_leftovers();
            }
            close();
            drop(answers);
            result
        })
    }

    fn take(&mut self, answer: Answer, on_step: &dyn Fn(usize)) -> Taken {
        match answer {
            Answer::Started { pid } => {
                self.pid = Some(pid);
                return Taken::Started;
            }
            Answer::Step { step } => {
                self.step = step;
                on_step(step);
            }
            Answer::Cell { step, count, outputs } => answer::put_cell(&mut self.run, self.job, step, count, outputs),
            Answer::Value { step, data } => answer::put_value(&mut self.run, self.job, step, data),
            Answer::Update { step, index, output } => {
                answer::put_update(&mut self.run, self.job, step, index, output);
            }
            Answer::Failure { step, name, value, place, traceback, hint } => {
                let failure = answer::exception(self.job, step, (&name, &value), place, (traceback, hint));
                self.run.failure = Some(failure);
            }
            Answer::Limit => return Taken::Stop(Stop::TooMuchOutput),
            Answer::End { files, packages, widgets } => {
                self.run.dependencies = Dependencies { files, packages };
                self.run.widgets = widgets;
                return Taken::End;
            }
            Answer::Thread { step, name } => self.warn(step, RunWarningKind::Thread(name)),
            Answer::Leftovers { step, processes } => self.leftovers = Some(Leftovers { step, processes }),
            Answer::Exit { code, signal, has_exceeded, orphans } => {
                match &mut self.leftovers {
                    Some(leftovers) => leftovers.processes.extend(orphans),
                    None if signal.as_deref() == Some("SIGALRM") => self.warn(self.step, RunWarningKind::SlowEnd),
                    None => {}
                }
                return Taken::Stop(match (signal, code) {
                    _ if has_exceeded => Stop::TooMuchOutput,
                    (Some(signal), _) => Stop::Killed(signal),
                    (None, code) => Stop::Exited(code.unwrap_or(0)),
                });
            }
        }
        Taken::Result
    }

    /// Warns of what a page that has come to its end has left running.
    fn report_leftovers(&mut self) {
        let Some(Leftovers { step, processes }) = self.leftovers.take() else { return };
        if !processes.is_empty() {
            let mut names: Vec<String> = processes.into_values().collect();
            names.sort();
            self.warn(step, RunWarningKind::Processes(names));
        }
    }

    /// Adds a warning, unless the page has failed.
    fn warn(&mut self, step: usize, kind: RunWarningKind) {
        if self.run.failure.is_none() {
            self.run.warnings.push(RunWarning { place: answer::place_of(self.job, step, None), kind });
        }
    }

    /// Records what ended the page, unless an exception has.
    pub fn fail(&mut self, stop: Stop, limits: &PageLimits) {
        let (message, hint) = match stop {
            Stop::TimedOut => (
                format!("the page's cells did not finish within {} s", limits.time.as_secs()),
                Some("look for an endless loop, or set `MLSYS_CELL_TIMEOUT` to more seconds".to_owned()),
            ),
            Stop::Cancelled => ("the run was cancelled".to_owned(), None),
            Stop::TooMuchOutput => (format!("the page's cells wrote more than {} MB", limits.output >> 20), None),
            Stop::Exited(status) => (format!("the cell ended Python with exit status {status}"), None),
            Stop::Killed(signal) if signal == "SIGKILL" => {
                ("Python was killed (SIGKILL)".to_owned(), Some("this happens when memory runs out".to_owned()))
            }
            Stop::Killed(signal) => (format!("the cell crashed Python ({signal})"), None),
            Stop::Lost(errors) => {
                let last = errors.lines().last().unwrap_or_default().trim();
                let colon = if last.is_empty() { "" } else { ": " };
                (format!("the Python process has ended{colon}{last}"), None)
            }
        };
        let place = answer::place_of(self.job, self.step, None);
        let failure = Failure { message, place, traceback: String::new(), hint, is_transient: true };
        self.run.failure.get_or_insert(failure);
        self.run.warnings.clear();
    }
}

/// What an answer means for the wait.
enum Taken {
    Started,
    Result,
    End,
    Stop(Stop),
}
