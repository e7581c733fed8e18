//! The process that runs pages, and the pages' side of it.

use super::running_page::{PageLimits, RunningPage, Stop};
use super::stream::{receive, send};
use crate::leaves::process::{Run, Service, kill_group};
use mlsys_cells::{Job, PageRun, Step};
use serde::Serialize;
use std::collections::BTreeMap;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use tempfile::TempDir;

/// The script that Python runs.
const WORKER: &str = include_str!("worker.py");

/// The name of the script's file.
const FILE: &str = "worker.py";

/// The name of the socket's file, in the script's folder.
#[cfg(unix)]
const SOCKET: &str = "socket";

/// The name of the process that forks, for the file with its errors.
const ZYGOTE: &str = "zygote";

/// How cells run.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The limits of each page.
    pub limits: PageLimits,
    /// The threads that numeric libraries may use in each page: cores by pages that run side by side.
    pub threads: usize,
    /// True if pages are forked from one process. Elsewhere, and on systems without fork, each starts an interpreter.
    pub forks: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { limits: PageLimits::default(), threads: 1, forks: cfg!(unix) }
    }
}

/// A Python process that imports modules once and forks a process for each page. Dropping it ends all of them.
#[derive(Debug)]
pub struct Zygote {
    folder: TempDir,
    interpreter: PathBuf,
    project: PathBuf,
    settings: Settings,
    /// The process that forks, if pages are forked.
    service: Option<Mutex<Service>>,
    /// The number of pages that were started.
    pages: AtomicUsize,
    /// The connections of the pages that run, by their numbers.
    #[cfg(unix)]
    streams: Mutex<BTreeMap<usize, UnixStream>>,
}

/// What the worker is sent.
#[derive(Serialize)]
struct Request<'a> {
    page: &'a str,
    root: String,
    folder: &'a str,
    steps: Vec<RequestedStep<'a>>,
    figures: &'a mlsys_cells::FigureSettings,
    params: Option<serde_json::Value>,
    environment: BTreeMap<&'static str, String>,
    output_limit: u64,
    memory_limit: u64,
}

#[derive(Serialize)]
#[serde(untagged)]
enum RequestedStep<'a> {
    Cell { code: &'a str, line: u32, allow_error: bool, is_parameters: bool },
    Value { expression: &'a str, line: u32 },
}

impl Zygote {
    /// Starts an interpreter, which then imports modules by their dotted names, as far as they are installed packages.
    ///
    /// # Errors
    ///
    /// The interpreter cannot be started.
    pub fn start(interpreter: &Path, project: &Path, modules: &[String], settings: Settings) -> std::io::Result<Self> {
        let folder = socket_folder()?;
        std::fs::write(folder.path().join(FILE), WORKER)?;
        let mut zygote = Zygote {
            folder,
            interpreter: interpreter.to_owned(),
            project: std::path::absolute(project)?,
            settings,
            service: None,
            pages: AtomicUsize::new(0),
            #[cfg(unix)]
            streams: Mutex::default(),
        };
        if settings.forks {
            let mut service = zygote.launch("serve", ZYGOTE, modules)?;
            let listening = service.output.as_mut().map(|output| receive(output)).transpose()?.flatten();
            if listening.is_none() {
                let errors = zygote.errors("zygote");
                return Err(std::io::Error::other(errors.lines().last().unwrap_or("it ended at once").to_owned()));
            }
            zygote.service = Some(Mutex::new(service));
        }
        Ok(zygote)
    }

    /// Starts the worker in a mode. `name` names the file with its errors.
    fn launch(&self, mode: &str, name: &str, modules: &[String]) -> std::io::Result<Service> {
        let mut arguments = vec![self.folder.path().join(FILE).into_os_string(), mode.into()];
        arguments.push(self.folder.path().into());
        arguments.extend(modules.iter().map(Into::into));
        let threads = self.settings.threads.max(1).to_string();
        let unless_set = [
            ("PYTHONHASHSEED", "0"),
            ("OPENBLAS_NUM_THREADS", &threads),
            ("OMP_NUM_THREADS", &threads),
            ("MKL_NUM_THREADS", &threads),
        ];
        let unset = unless_set.iter().filter(|(name, _)| std::env::var_os(name).is_none());
        let mut environment: Vec<(&str, String)> = unset.map(|(name, value)| (*name, (*value).to_owned())).collect();
        environment.push(("PYTHONIOENCODING", "utf-8".into()));
        let run =
            Run { program: &self.interpreter, arguments: &arguments, folder: &self.project, environment: &environment };
        run.start(name, self.folder.path())
    }

    /// True if the process that forks has not ended.
    pub fn is_alive(&self) -> bool {
        let has_ended = |service: &Mutex<Service>| service.lock().unwrap_or_else(PoisonError::into_inner).has_ended();
        !self.service.as_ref().is_some_and(has_ended)
    }

    /// Ends the pages that run, by closing their connections. Elsewhere than on Unix they run to their end.
    pub fn stop(&self) {
        #[cfg(unix)]
        for stream in self.streams.lock().unwrap_or_else(PoisonError::into_inner).values() {
            // It may have ended just now.
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
    }

    /// What a process printed on its standard error.
    fn errors(&self, name: &str) -> String {
        let bytes = std::fs::read(self.folder.path().join(format!("{name}.err"))).unwrap_or_default();
        String::from_utf8_lossy(&bytes).trim().to_owned()
    }

    /// Runs a page. `on_step` is called as each step begins, with its index. Several threads can run pages at once.
    ///
    /// What ends the run is its [`Failure`]; the cells before it have their results.
    pub fn run(&self, job: &Job, on_step: &dyn Fn(usize)) -> PageRun {
        let mut page = RunningPage::new(job);
        if let Err(stop) = self.connect(&mut page, on_step) {
            page.fail(stop, &self.settings.limits);
        }
        page.run
    }

    fn connect(&self, page: &mut RunningPage<'_>, on_step: &dyn Fn(usize)) -> Result<(), Stop> {
        let request = self.request(page.job);
        match &self.service {
            #[cfg(unix)]
            Some(service) => {
                let stream = UnixStream::connect(self.folder.path().join(SOCKET)).and_then(|mut stream| {
                    send(&mut stream, &request)?;
                    Ok((stream.try_clone()?, stream))
                });
                let (mut reads, stream) = stream.map_err(|_| Stop::Lost(self.errors(ZYGOTE)))?;
                let number = self.pages.fetch_add(1, Ordering::Relaxed);
                let streams = || self.streams.lock().unwrap_or_else(PoisonError::into_inner);
                streams().extend(stream.try_clone().map(|stream| (number, stream)));
                // The other end kills the page when this one is closed.
                let close = || drop(stream.shutdown(std::net::Shutdown::Both));
                let result = page.follow(&mut reads, close, self.settings.limits.time, on_step);
                streams().remove(&number);
                let mut service = service.lock().unwrap_or_else(PoisonError::into_inner);
                if let (Some(pid), true) = (page.pid, service.has_ended()) {
                    kill_group(pid);
                }
                result.and_then(|complete| if complete { Ok(()) } else { Err(Stop::Lost(self.errors(ZYGOTE))) })
            }
            _ => {
                let name = format!("page-{}", self.pages.fetch_add(1, Ordering::Relaxed));
                let lost = |error: std::io::Error| Stop::Lost(error.to_string());
                let mut service = self.launch("page", &name, &[]).map_err(lost)?;
                if let Some(input) = &mut service.input {
                    send(input, &request).map_err(lost)?;
                }
                let Some(mut output) = service.output.take() else { return Err(Stop::Lost(String::new())) };
                let complete = page.follow(&mut output, || service.kill(), self.settings.limits.time, on_step)?;
                if complete { Ok(()) } else { Err(Stop::Lost(self.errors(&name))) }
            }
        }
    }

    fn request<'a>(&self, job: &'a Job) -> Request<'a> {
        let file = self.project.join(&job.page);
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let figures = &job.figures;
        let is_retina = figures.format == "retina";
        let environment = [
            ("QUARTO_PROJECT_ROOT", text(&self.project)),
            ("QUARTO_DOCUMENT_PATH", file.parent().map(text).unwrap_or_default()),
            ("QUARTO_DOCUMENT_FILE", file.file_name().map(|name| text(Path::new(name))).unwrap_or_default()),
            ("QUARTO_FIG_WIDTH", figures.width.to_string()),
            ("QUARTO_FIG_HEIGHT", figures.height.to_string()),
            ("QUARTO_FIG_DPI", (figures.dpi * if is_retina { 2 } else { 1 }).to_string()),
            ("QUARTO_FIG_FORMAT", if is_retina { "png".into() } else { figures.format.clone() }),
        ];
        Request {
            page: &job.page,
            root: text(&self.project),
            folder: &job.folder,
            steps: job.steps.iter().map(requested).collect(),
            figures,
            params: job.params.as_deref().and_then(|params| serde_json::from_str(params).ok()),
            environment: environment.into_iter().collect(),
            output_limit: self.settings.limits.output,
            memory_limit: self.settings.limits.memory.unwrap_or(0),
        }
    }
}

fn requested(step: &Step) -> RequestedStep<'_> {
    match step {
        Step::Cell { code, line, allow_error, options, .. } => {
            let options: serde_json::Value = serde_json::from_str(options).unwrap_or_default();
            let tags = options.get("tags").and_then(|tags| tags.as_array());
            let is_parameters = tags.is_some_and(|tags| tags.iter().any(|tag| tag == "parameters"));
            RequestedStep::Cell { code, line: *line, allow_error: *allow_error, is_parameters }
        }
        Step::Value { expression, line, .. } => RequestedStep::Value { expression, line: *line },
    }
}

/// A folder for the socket. The paths of sockets have at most about 100 bytes, which some temporary folders exceed.
fn socket_folder() -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("mlsys-python-");
    let folder = builder.tempdir()?;
    if cfg!(unix) && folder.path().as_os_str().len() > 80 { builder.tempdir_in("/tmp") } else { Ok(folder) }
}
