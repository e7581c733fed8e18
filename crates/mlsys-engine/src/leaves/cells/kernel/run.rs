//! A page's run in a kernel of its own.

use super::client::{Client, Stop};
use super::failure::{self, End};
use super::kernelspec::KernelSpec;
use super::launch::{Launched, Transport};
use super::limits::PageLimits;
use super::message::Session;
use super::outputs::{KernelError, Outputs, bundle, number};
use super::setup::setup;
use crate::leaves::marks::random_name;
use camino::Utf8PathBuf;
use mlsys_cells::{CellRun, CodePlace, Job, MimeBundle, MimeData, Output, PageRun, RunWarning};
use mlsys_cells::{RunWarningKind, Step, StreamName, parameters};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The time that a kernel gets to end when it is asked to, and to show where an interruption found it.
const GRACE: Duration = Duration::from_secs(2);

/// A kernel that runs pages, each in a process of its own.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// The kernel.
    pub spec: KernelSpec,
    /// Its program.
    pub program: Utf8PathBuf,
    /// The folder of the project.
    pub project: PathBuf,
    /// The limits of each page.
    pub limits: PageLimits,
}

/// A page while it runs.
struct RunningPage<'a> {
    job: &'a Job,
    run: PageRun,
    outputs: Outputs,
    /// Where it is.
    place: CodePlace,
}

/// What a page's end depends on.
struct Watch<'a> {
    launched: Launched,
    limits: PageLimits,
    end: Instant,
    is_stopped: &'a AtomicBool,
}

impl Watch<'_> {
    /// Whether to go on.
    fn check(&mut self) -> Result<(), Stop> {
        if self.is_stopped.load(Ordering::Relaxed) {
            return Err(Stop::Cancelled);
        }
        if Instant::now() >= self.end {
            return Err(Stop::TimedOut);
        }
        if self.launched.log_size() > self.limits.output {
            return Err(Stop::TooMuchOutput);
        }
        if self.launched.service.has_ended() { Err(Stop::Lost) } else { Ok(()) }
    }
}

impl Kernel {
    /// Runs a page. `on_step` is called as each step begins, with its index. Several threads can run pages at once.
    ///
    /// What ends the run is its [`mlsys_cells::Failure`]; the cells before it have their results.
    pub fn run(&self, job: &Job, is_stopped: &AtomicBool, on_step: &dyn Fn(usize)) -> PageRun {
        let place = job.steps.first().map_or(CodePlace::Value(0), place_of);
        let mut page = RunningPage { job, run: PageRun::empty(job), outputs: Outputs::default(), place };
        if let Err(end) = self.run_page(&mut page, is_stopped, on_step) {
            page.fail(&self.spec, &self.limits, &end);
        }
        page.run.dependencies.files = self.files(job);
        page.run
    }

    fn run_page(
        &self,
        page: &mut RunningPage<'_>,
        is_stopped: &AtomicBool,
        on_step: &dyn Fn(usize),
    ) -> Result<(), End> {
        // A kernel that ends before it answers is started once more: its port was taken, or it has no files for sockets.
        let mut started = self.start(page.job, self.spec.transport(), is_stopped);
        if matches!(started, Err(End::Ended(..))) {
            started = self.start(page.job, Transport::Tcp, is_stopped);
        }
        let (mut client, mut watch) = started?;
        self.run_steps(page, &mut client, &mut watch, on_step).map_err(|stop| End::new(stop, &mut watch.launched))
    }

    /// Starts a kernel.
    fn start<'a>(
        &self,
        job: &Job,
        transport: Transport,
        is_stopped: &'a AtomicBool,
    ) -> Result<(Client, Watch<'a>), End> {
        let folder = self.project.join(&job.folder);
        let launched = self.spec.launch(self.program.as_str(), &folder, &self.environment(job), transport);
        let launched = launched.map_err(|error| End::NotStarted(error.to_string()))?;
        let session = Session::new(launched.key.clone(), random_name());
        let endpoints = launched.endpoints.clone();
        let end = Instant::now() + self.limits.time;
        let mut watch = Watch { launched, limits: self.limits, end, is_stopped };
        match Client::connect(&endpoints, session, self.limits.output, &mut || watch.check()) {
            Ok(client) => Ok((client, watch)),
            Err(stop) => Err(End::new(stop, &mut watch.launched)),
        }
    }

    fn run_steps(
        &self,
        page: &mut RunningPage<'_>,
        client: &mut Client,
        watch: &mut Watch<'_>,
        on_step: &dyn Fn(usize),
    ) -> Result<(), Stop> {
        if let Some(code) = setup(&self.spec.language, &page.job.figures) {
            let request = client.execute(&silent(&code))?;
            client.reply(&request, &mut |_, _| {}, &mut || watch.check())?;
        }
        watch.end = Instant::now() + self.limits.time;
        for (at, step) in page.job.steps.iter().enumerate() {
            on_step(at);
            page.place = place_of(step);
            let goes_on = match step {
                Step::Cell { .. } => self.run_cell(page, step, client, watch)?,
                Step::Value { index, expression, .. } => page.run_value(*index, expression, client, watch)?,
            };
            if !goes_on {
                break;
            }
        }
        // It may remove temporary files.
        client.shut_down();
        let end = Instant::now() + GRACE;
        while Instant::now() < end && !watch.launched.service.has_ended() {
            std::thread::sleep(Duration::from_millis(5));
        }
        let names = watch.launched.service.guarded_leftovers();
        if !names.is_empty() && page.run.failure.is_none() && watch.launched.service.has_ended() {
            let kind = RunWarningKind::Processes(names);
            page.run.warnings.push(RunWarning { place: page.place.clone(), kind });
        }
        Ok(())
    }

    /// Runs a cell. True if the page goes on.
    fn run_cell(
        &self,
        page: &mut RunningPage<'_>,
        step: &Step,
        client: &mut Client,
        watch: &mut Watch<'_>,
    ) -> Result<bool, Stop> {
        let Step::Cell { index, code, allow_error, language, .. } = step else { return Ok(true) };
        page.outputs.start(*index);
        let request = client.execute(&json!({
            "code": code, "silent": false, "store_history": true, "user_expressions": {}, "allow_stdin": false,
            "stop_on_error": true,
        }))?;
        let reply = page.reply(&request, client, watch);
        if reply == Err(Stop::TimedOut) {
            self.interrupt(client, watch);
            watch.end = Instant::now() + GRACE;
            if let Ok(reply) = page.reply(&request, client, watch) {
                page.move_to(KernelError::new(&reply).line(number(&reply["execution_count"])));
            }
        }
        let reply = reply?;
        let count = number(&reply["execution_count"]);
        let error = (reply["status"] != "ok").then(|| KernelError::new(&reply));
        if let Some(error) = &error {
            page.move_to(error.line(count));
            page.outputs.error(error, Some(page.place.clone()));
        }
        let outputs = page.outputs.finish();
        page.run.cells[*index] = Some(CellRun { execution_count: count, outputs });
        if let Some(error) = error.filter(|_| !allow_error) {
            page.run.failure = Some(failure::of_error("cell", &error, page.place.clone()));
            return Ok(false);
        }
        let params = page.job.params.as_deref().filter(|_| step.is_parameters());
        if let Some(code) = params.and_then(|params| parameters(language, params)) {
            let request = client.execute(&silent(&code))?;
            page.reply(&request, client, watch)?;
        }
        Ok(true)
    }

    /// Interrupts the code that runs.
    fn interrupt(&self, client: &mut Client, watch: &Watch<'_>) {
        if self.spec.is_interrupted_by_message {
            client.interrupt();
        } else {
            watch.launched.service.interrupt();
        }
    }

    /// What Quarto tells kernels.
    fn environment(&self, job: &Job) -> Vec<(&'static str, String)> {
        let page = self.project.join(&job.page);
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let figures = &job.figures;
        let is_retina = figures.format == "retina";
        let mut environment = vec![
            ("QUARTO_PROJECT_ROOT", text(&self.project)),
            ("QUARTO_DOCUMENT_PATH", page.parent().map(text).unwrap_or_default()),
            ("QUARTO_DOCUMENT_FILE", page.file_name().map(|name| text(Path::new(name))).unwrap_or_default()),
            ("QUARTO_FIG_WIDTH", figures.width.to_string()),
            ("QUARTO_FIG_HEIGHT", figures.height.to_string()),
            ("QUARTO_FIG_DPI", (figures.dpi * if is_retina { 2 } else { 1 }).to_string()),
            ("QUARTO_FIG_FORMAT", if is_retina { "png".to_owned() } else { figures.format.clone() }),
        ];
        let unless_set = [
            ("PYTHONHASHSEED", "0"),
            ("PLOTLY_RENDERER", "notebook_connected"),
            // The debugger that ipykernel loads would print a warning.
            ("PYDEVD_DISABLE_FILE_VALIDATION", "1"),
        ];
        let unset = unless_set.into_iter().filter(|(name, _)| std::env::var_os(name).is_none());
        environment.extend(unset.map(|(name, value)| (name, value.to_owned())));
        environment
    }

    /// The files that the code names and that there are, sorted. What a kernel opens is not seen.
    fn files(&self, job: &Job) -> Vec<String> {
        let folder = self.project.join(&job.folder);
        let is_end = |c: char| c.is_whitespace() || "\"'`()[]{}<>,;=|&".contains(c);
        let code = job.steps.iter().map(|step| match step {
            Step::Cell { code, .. } => code,
            Step::Value { expression, .. } => expression,
        });
        let words = code.flat_map(|code| code.split(is_end)).filter(|word| word.contains(['.', '/']));
        let files = words.map(|word| folder.join(word)).filter(|path| path.is_file());
        let mut files: Vec<String> = files.map(|path| path.to_string_lossy().into_owned()).collect();
        files.push(self.spec.file.to_string());
        files.sort();
        files.dedup();
        files
    }
}

impl RunningPage<'_> {
    /// Waits for the reply to a request, and collects outputs.
    fn reply(&mut self, request: &str, client: &mut Client, watch: &mut Watch<'_>) -> Result<Value, Stop> {
        let RunningPage { outputs, run, .. } = self;
        client.reply(request, &mut |kind, content| outputs.add(kind, content, &mut run.cells), &mut || watch.check())
    }

    /// Runs an inline expression. True if the page goes on.
    fn run_value(
        &mut self,
        index: usize,
        expression: &str,
        client: &mut Client,
        watch: &mut Watch<'_>,
    ) -> Result<bool, Stop> {
        self.outputs.start(usize::MAX);
        let request = client.execute(&json!({
            "code": "", "silent": true, "store_history": false, "user_expressions": {"value": expression},
            "allow_stdin": false,
        }))?;
        let reply = self.reply(&request, client, watch)?;
        let value = &reply["user_expressions"]["value"];
        let result = match value["status"].as_str() {
            Some("ok") => Ok(bundle(&value["data"])),
            Some(_) => Err(KernelError::new(value)),
            // The kernel has no such expressions: the outputs of the code are the value.
            None => self.run_as_code(expression, client, watch)?,
        };
        match result {
            Ok(value) => self.run.values[index] = Some(value),
            Err(error) => {
                self.run.failure = Some(failure::of_error("inline expression", &error, self.place.clone()));
            }
        }
        Ok(self.run.failure.is_none())
    }

    /// Runs an inline expression as code. Its value is the last one that is displayed, or else what it prints.
    fn run_as_code(
        &mut self,
        expression: &str,
        client: &mut Client,
        watch: &mut Watch<'_>,
    ) -> Result<Result<MimeBundle, KernelError>, Stop> {
        self.outputs.start(usize::MAX);
        let request = client.execute(&json!({
            "code": expression, "silent": false, "store_history": false, "user_expressions": {}, "allow_stdin": false,
        }))?;
        let reply = self.reply(&request, client, watch)?;
        if reply["status"] != "ok" {
            return Ok(Err(KernelError::new(&reply)));
        }
        let mut printed = String::new();
        let mut value = None;
        for output in self.outputs.finish() {
            match output {
                Output::Display { data, .. } => value = Some(data),
                Output::Stream(StreamName::Stdout, text) => printed += &text,
                Output::Stream(StreamName::Stderr, _)
                | Output::Error { .. }
                | Output::Source(_)
                | Output::Condition(_)
                | Output::AsIs(_) => {}
            }
        }
        let text = MimeData::Text(printed.trim_end().to_owned());
        Ok(Ok(value.unwrap_or_else(|| MimeBundle(vec![("text/plain".to_owned(), text)]))))
    }

    /// Records what ended the page, unless an error has.
    fn fail(&mut self, spec: &KernelSpec, limits: &PageLimits, end: &End) {
        let failure = failure::of_end(end, &spec.name, limits, self.place.clone());
        self.run.failure.get_or_insert(failure);
    }

    /// Sets the line within the current cell, if it is known.
    fn move_to(&mut self, to_line: Option<u32>) {
        match (&mut self.place, to_line) {
            (CodePlace::Cell { line, .. }, Some(to_line)) => *line = to_line,
            (CodePlace::Cell { .. } | CodePlace::Value(_), _) => {}
        }
    }
}

/// A request to run code that leaves no trace.
fn silent(code: &str) -> Value {
    json!({"code": code, "silent": true, "store_history": false, "user_expressions": {}, "allow_stdin": false})
}

/// The place of a step before it has begun.
fn place_of(step: &Step) -> CodePlace {
    match step {
        Step::Cell { index, .. } => CodePlace::Cell { index: *index, line: 0, column: 0 },
        Step::Value { index, .. } => CodePlace::Value(*index),
    }
}
