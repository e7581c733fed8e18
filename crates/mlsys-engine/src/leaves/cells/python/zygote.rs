//! The process that runs pages, and the pages' side of it.

use super::running_page::{PageLimits, RunningPage, Stop, Watch};
use super::stream::{receive, send};
use crate::leaves::cells::socket_folder::socket_folder;
use crate::leaves::process::{Run, Service, kill_group};
use mlsys_cells::{Job, PageRun, Step};
use serde::Serialize;
use std::collections::BTreeMap;
use std::ffi::OsString;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use tempfile::TempDir;

/// The package that Python runs.
const WORKER: [(&str, &str); 14] = [
    ("__init__.py", include_str!("worker/__init__.py")),
    ("channel.py", include_str!("worker/channel.py")),
    ("dependencies.py", include_str!("worker/dependencies.py")),
    ("figures.py", include_str!("worker/figures.py")),
    ("imports.py", include_str!("worker/imports.py")),
    ("ipython.py", include_str!("worker/ipython.py")),
    ("leftovers.py", include_str!("worker/leftovers.py")),
    ("outputs.py", include_str!("worker/outputs.py")),
    ("page.py", include_str!("worker/page.py")),
    ("places.py", include_str!("worker/places.py")),
    ("plain.py", include_str!("worker/plain.py")),
    ("system.py", include_str!("worker/system.py")),
    ("widgets.py", include_str!("worker/widgets.py")),
    ("zygote.py", include_str!("worker/zygote.py")),
];

/// Starts the package in the folder of the first argument with the arguments after it.
const BOOT: &str = "import sys
if sys.version_info < (3, 8): sys.exit('Python 3.8 or later is needed')
sys.path.insert(0, sys.argv[1])
from mlsys_worker.zygote import main
sys.path.remove(sys.argv[1])
main(*sys.argv[2:])";

/// The name of the socket's file, in the worker's folder.
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
    /// The process that forks; `None` where each page starts an interpreter.
    service: Option<Mutex<Service>>,
    /// The number of interpreters that were started for pages.
    interpreters: AtomicUsize,
    /// The number of times that running pages were cancelled.
    cancellations: AtomicUsize,
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
        let mut zygote = Zygote {
            folder: socket_folder("mlsys-python-")?,
            interpreter: interpreter.to_owned(),
            project: std::path::absolute(project)?,
            settings,
            service: None,
            interpreters: AtomicUsize::new(0),
            cancellations: AtomicUsize::new(0),
        };
        if settings.forks {
            zygote.service = Some(Mutex::new(zygote.serve(modules)?));
        }
        Ok(zygote)
    }

    /// Starts the process that forks.
    fn serve(&self, modules: &[String]) -> std::io::Result<Service> {
        let mut service = self.launch("serve", ZYGOTE, modules)?;
        let listening = service.output.as_mut().map(|output| receive(output)).transpose()?.flatten();
        if listening.is_none() {
            let errors = self.errors(ZYGOTE);
            return Err(std::io::Error::other(errors.lines().last().unwrap_or("it ended at once").to_owned()));
        }
        Ok(service)
    }

    /// Starts the worker in a mode. `name` names the file with its errors.
    fn launch(&self, mode: &str, name: &str, modules: &[String]) -> std::io::Result<Service> {
        let folder = self.folder.path();
        let package = folder.join("mlsys_worker");
        if !package.is_dir() {
            std::fs::create_dir_all(&package)?;
            for (name, text) in WORKER {
                std::fs::write(package.join(name), text)?;
            }
        }
        let mut arguments: Vec<OsString> = vec!["-c".into(), BOOT.into(), folder.into(), mode.into(), folder.into()];
        arguments.push(self.settings.limits.output.to_string().into());
        arguments.extend(modules.iter().map(Into::into));
        let threads = self.settings.threads.max(1).to_string();
        let unless_set = [
            // The order of sets is then the same in each run.
            ("PYTHONHASHSEED", "0"),
            ("OPENBLAS_NUM_THREADS", &threads),
            ("OMP_NUM_THREADS", &threads),
            ("MKL_NUM_THREADS", &threads),
        ];
        let unset = unless_set.iter().filter(|(name, _)| std::env::var_os(name).is_none());
        let environment: Vec<(&str, String)> = unset.map(|(name, value)| (*name, (*value).to_owned())).collect();
        let run =
            Run { program: &self.interpreter, arguments: &arguments, folder: &self.project, environment: &environment };
        run.start(name, folder)
    }

    /// True if the process that forks has not ended.
    pub fn is_alive(&self) -> bool {
        let has_ended = |service: &Mutex<Service>| service.lock().unwrap_or_else(PoisonError::into_inner).has_ended();
        !self.service.as_ref().is_some_and(has_ended)
    }

    /// What a process printed on its standard error.
    fn errors(&self, name: &str) -> String {
        let bytes = std::fs::read(self.folder.path().join(format!("{name}.err"))).unwrap_or_default();
        String::from_utf8_lossy(&bytes).trim().to_owned()
    }

    /// Runs a page. `on_step` is called as each step begins, with its index. Several threads can run pages at once.
    ///
    /// What ends the run is its [`mlsys_cells::Failure`]; the cells before it have their results.
    pub fn run(&self, job: &Job, on_step: &dyn Fn(usize)) -> PageRun {
        let mut page = RunningPage::new(job);
        if let Err(stop) = self.follow(&mut page, on_step) {
            page.fail(stop, &self.settings.limits);
        }
        page.run
    }

    /// Ends the pages that are running: each gets a failure.
    pub fn stop(&self) {
        self.cancellations.fetch_add(1, Ordering::Relaxed);
    }

    fn follow(&self, page: &mut RunningPage<'_>, on_step: &dyn Fn(usize)) -> Result<(), Stop> {
        let request = self.request(page.job);
        let lost = |name: &str, error: &std::io::Error| match self.errors(name) {
            errors if errors.is_empty() => Stop::Lost(error.to_string()),
            errors => Stop::Lost(errors),
        };
        let watch = Watch { limit: self.settings.limits.time, cancellations: &self.cancellations, on_step };
        match &self.service {
            #[cfg(unix)]
            Some(service) => {
                let stream = self.connect(service).and_then(|mut stream| {
                    send(&mut stream, &request)?;
                    Ok((stream.try_clone()?, stream))
                });
                let (mut reads, stream) = stream.map_err(|error| lost(ZYGOTE, &error))?;
                // The other end kills the page when this one is closed.
                let close = || drop(stream.shutdown(std::net::Shutdown::Both));
                let result = page.follow(&mut reads, close, &watch);
                let ended = service.lock().unwrap_or_else(PoisonError::into_inner).has_ended();
                if let (Some(pid), true) = (page.pid, ended) {
                    kill_group(pid);
                }
                if result? { Ok(()) } else { Err(Stop::Lost(self.errors(ZYGOTE))) }
            }
            _ => {
                let name = format!("page-{}", self.interpreters.fetch_add(1, Ordering::Relaxed));
                let mut service = self.launch("page", &name, &[]).map_err(|error| lost(&name, &error))?;
                if let Some(input) = &mut service.input {
                    send(input, &request).map_err(|error| lost(&name, &error))?;
                }
                let Some(mut output) = service.output.take() else { return Err(Stop::Lost(String::new())) };
                match page.follow(&mut output, || service.kill(), &watch)? {
                    true => Ok(()),
                    false => Err(Stop::Lost(self.errors(&name))),
                }
            }
        }
    }

    /// Connects to the process that forks. If it has ended, another is started, without the imports that may have ended it.
    #[cfg(unix)]
    fn connect(&self, service: &Mutex<Service>) -> std::io::Result<UnixStream> {
        let mut service = service.lock().unwrap_or_else(PoisonError::into_inner);
        let socket = self.folder.path().join(SOCKET);
        if service.has_ended() {
            // It may have removed the folder.
            std::fs::create_dir_all(self.folder.path())?;
            let _ = std::fs::remove_file(&socket);
            *service = self.serve(&[])?;
        }
        UnixStream::connect(socket)
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
        Step::Cell { code, line, allow_error, .. } => {
            let is_parameters = step.is_parameters();
            RequestedStep::Cell { code, line: *line, allow_error: *allow_error, is_parameters }
        }
        Step::Value { expression, line, .. } => RequestedStep::Value { expression, line: *line },
    }
}
