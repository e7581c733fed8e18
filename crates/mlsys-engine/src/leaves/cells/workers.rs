//! The programs that run pages, and their dispatch: each is looked for and started when a page needs it.

use crate::leaves::cells::kernel::{self, Kernel, KernelSpecs};
use crate::leaves::cells::knitr::{self, Installation, Rscript};
use crate::leaves::cells::python::{self, Interpreter, PageLimits, Settings, Zygote, imported_modules};
use crate::leaves::executables::{Executable, SearchPath};
use crate::leaves::progress::ProgressListener;
use crate::memo::store::Store;
use crate::parallel::in_parallel;
use crate::project::Book;
use camino::{Utf8Path, Utf8PathBuf};
use mlsys_cells::{Document, Engine, Job, PageRun, Step};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What runs a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worker {
    /// Python, without Jupyter.
    Python,
    /// R with knitr.
    Knitr,
    /// A Jupyter kernel.
    Kernel {
        /// Its name, or that of a language.
        name: String,
        /// The language of its cells.
        language: String,
    },
}

impl Worker {
    /// The worker of a page; `None` if nothing runs its cells.
    pub fn of(document: &Document) -> Option<Worker> {
        match &document.engine {
            Engine::Jupyter(kernel) => match (kernel.as_str(), document.language.as_str()) {
                ("" | "python" | "python3", "python") => Some(Worker::Python),
                (name, language) => Some(Worker::Kernel { name: name.to_owned(), language: language.to_owned() }),
            },
            Engine::Knitr => Some(Worker::Knitr),
            Engine::Markdown => None,
        }
    }
}

/// An installed program.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its path, for people.
    pub name: String,
    /// Its path and version, for keys.
    pub identity: String,
    /// Its file.
    pub file: Utf8PathBuf,
    /// The line with its version; empty for kernels.
    pub version: String,
    /// The setting that chose it: `VIRTUAL_ENV`, `PATH`, ...; empty for kernels.
    pub origin: &'static str,
}

impl Program {
    fn new(book: &Book, Executable { path, version }: &Executable, origin: &'static str) -> Self {
        let path = path.to_string_lossy().into_owned();
        let inside = path.strip_prefix(book.root.as_str()).and_then(|inside| inside.strip_prefix('/'));
        let name = inside.unwrap_or(&path).to_owned();
        let identity = format!("{path} {version}");
        Program { name, identity, file: path.into(), version: version.clone(), origin }
    }
}

/// The programs that were found, and the processes that wait for pages.
#[derive(Default)]
pub struct Workers {
    programs: BTreeMap<Worker, Result<Program, String>>,
    /// The kernels of the workers that are some. A kernel of Python that is not installed has none: Python runs its pages.
    kernels: BTreeMap<Worker, Kernel>,
    zygote: Mutex<Option<Arc<Zygote>>>,
    rscript: Mutex<Option<Rscript>>,
    is_stopped: AtomicBool,
}

impl Workers {
    /// Looks for the programs of workers.
    pub fn find(&mut self, book: &Book, workers: impl IntoIterator<Item = Worker>, store: &Store) {
        self.kernels.clear();
        for worker in workers {
            let found = match &worker {
                Worker::Python => find_python(book, store),
                Worker::Knitr => find_r(book, store),
                Worker::Kernel { name, language } => self.find_kernel(book, (name, language), &worker, store),
            };
            self.programs.insert(worker, found);
        }
    }

    /// Looks for a kernel. If none of Python has the name, the project's Python runs the pages, so that a project need not
    /// register an environment on each machine.
    fn find_kernel(
        &mut self,
        book: &Book,
        (name, language): (&str, &str),
        worker: &Worker,
        store: &Store,
    ) -> Result<Program, String> {
        let python = find_python(book, store);
        let interpreter = python.as_ref().ok().map(|program| program.file.as_path());
        let kernels = KernelSpecs::find(&kernel_variables(), interpreter.map(Utf8Path::as_std_path));
        let Some(spec) = kernels.get(name) else {
            if language == "python" {
                self.programs.insert(Worker::Python, python.clone());
                let with_reason = |program: Program| Program {
                    name: format!("{}, as the kernel `{name}` is not installed", program.name),
                    ..program
                };
                return python.map(with_reason);
            }
            return Err(kernels.missing(name, language));
        };
        let program = spec.program(interpreter).unwrap_or_default();
        let search = SearchPath::new(std::env::var_os("PATH").unwrap_or_default());
        let Some(Executable { path, version }) = search.find(&program, store) else {
            return Err(format!("the kernel `{}` needs `{program}`, which is not installed", spec.name));
        };
        let Ok(file) = Utf8PathBuf::from_path_buf(path) else {
            return Err("the kernel's path is not UTF-8".to_owned());
        };
        let PageLimits { time, output, memory: _ } = limits();
        let project = std::path::absolute(&book.root).unwrap_or_else(|_| book.root.clone().into());
        let limits = kernel::PageLimits { time, output };
        let identity = format!("{} {file} {version} {}", spec.file, blake3::hash(spec.text.as_bytes()));
        let name = format!("the kernel `{}`", spec.name);
        let kernel = Kernel { spec: spec.clone(), program: file, project, limits };
        let program = Program { name, identity, file: spec.file.clone(), version: String::new(), origin: "" };
        self.kernels.insert(worker.clone(), kernel);
        Ok(program)
    }

    /// The program of a worker, or why there is none; `None` if it was not looked for.
    pub fn program(&self, worker: &Worker) -> Option<&Result<Program, String>> {
        self.programs.get(worker)
    }

    /// The files of the programs.
    pub fn files(&self) -> impl Iterator<Item = Utf8PathBuf> {
        self.programs.values().flatten().map(|program| program.file.clone())
    }

    /// Runs pages side by side. `done` gets each result as soon as it is there. An error says why a page could not start.
    pub fn run(
        &self,
        book: &Book,
        jobs: &[(Arc<Job>, Worker)],
        progress: &ProgressListener,
        done: &(dyn Fn(&Job, &Worker, &PageRun) + Sync),
    ) -> Vec<Result<PageRun, String>> {
        self.is_stopped.store(false, Ordering::Relaxed);
        let python = jobs.iter().filter(|(_, worker)| self.is_python(worker)).map(|(job, _)| &**job);
        let zygote = match python.clone().next() {
            Some(_) => self.zygote(book, python),
            None => Err(String::new()),
        };
        let rscript = self.rscript(book);
        in_parallel(jobs.iter().collect(), |(job, worker): &(Arc<Job>, Worker)| {
            if self.is_stopped.load(Ordering::Relaxed) {
                return Err("the run was interrupted".to_owned());
            }
            let on_step = |at: usize| progress.step(&step_name(job, at));
            let run = match worker {
                Worker::Knitr => rscript.as_ref().map_err(Clone::clone)?.run(job, &on_step),
                Worker::Python | Worker::Kernel { .. } => match self.kernels.get(worker) {
                    Some(kernel) => kernel.run(job, &self.is_stopped, &on_step),
                    None => zygote.as_ref().map_err(Clone::clone)?.run(job, &on_step),
                },
            };
            done(job, worker, &run);
            Ok(run)
        })
    }

    /// True if our own Python runs a worker's pages.
    fn is_python(&self, worker: &Worker) -> bool {
        match worker {
            Worker::Python => true,
            Worker::Knitr => false,
            Worker::Kernel { .. } => !self.kernels.contains_key(worker),
        }
    }

    /// Ends the run of all pages.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
        if let Some(zygote) = self.zygote.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            zygote.stop();
        }
        if let Some(rscript) = self.rscript.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            rscript.stop();
        }
    }

    /// What starts R pages.
    fn rscript(&self, book: &Book) -> Result<Rscript, String> {
        let Some(Ok(program)) = self.programs.get(&Worker::Knitr) else { return Err("there is no R".to_owned()) };
        let PageLimits { time, output, memory: _ } = limits();
        let limits = knitr::PageLimits { time, output };
        let rscript = Rscript::new(program.file.as_std_path(), book.root.as_std_path(), limits);
        *self.rscript.lock().unwrap_or_else(PoisonError::into_inner) = Some(rscript.clone());
        Ok(rscript)
    }

    /// The process that forks Python pages, started anew if it has ended.
    fn zygote<'j>(&self, book: &Book, jobs: impl Iterator<Item = &'j Job>) -> Result<Arc<Zygote>, String> {
        let mut current = self.zygote.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(zygote) = current.as_ref().filter(|zygote| zygote.is_alive()) {
            return Ok(zygote.clone());
        }
        let Some(Ok(program)) = self.programs.get(&Worker::Python) else { return Err("there is no Python".to_owned()) };
        let jobs: Vec<&Job> = jobs.collect();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let settings =
            Settings { limits: limits(), threads: (cores / jobs.len().max(1)).max(1), ..Settings::default() };
        let modules = imported_modules(jobs);
        let zygote = Zygote::start(program.file.as_std_path(), book.root.as_std_path(), &modules, settings)
            .map_err(|error| format!("`{}` cannot run: {error}", program.name))?;
        Ok(current.insert(Arc::new(zygote)).clone())
    }
}

/// The limits of a page, with the time of `MLSYS_CELL_TIMEOUT`.
fn limits() -> PageLimits {
    let seconds = std::env::var("MLSYS_CELL_TIMEOUT").ok().and_then(|value| value.trim().parse().ok());
    let default = PageLimits::default();
    PageLimits { time: seconds.map_or(default.time, Duration::from_secs), ..default }
}

/// Where kernels are.
fn kernel_variables() -> kernel::Variables {
    kernel::Variables {
        jupyter_path: std::env::var_os("JUPYTER_PATH"),
        jupyter_data_dir: std::env::var_os("JUPYTER_DATA_DIR"),
        home: std::env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" }),
        app_data: std::env::var_os("APPDATA"),
    }
}

/// The interpreter of a project's Python pages.
fn find_python(book: &Book, store: &Store) -> Result<Program, String> {
    let variables = python::Variables {
        quarto_python: std::env::var_os("QUARTO_PYTHON"),
        virtual_env: std::env::var_os("VIRTUAL_ENV"),
        path: std::env::var_os("PATH").unwrap_or_default(),
    };
    match Interpreter::find(&variables, book.root.as_std_path(), store) {
        Ok(Some(found)) => Ok(Program::new(book, &found.executable, found.origin)),
        Ok(None) => Err("install Python to run the cells".to_owned()),
        Err(path) => Err(format!("`QUARTO_PYTHON` names `{}`, which does not exist", path.display())),
    }
}

/// The program of a project's R pages.
fn find_r(book: &Book, store: &Store) -> Result<Program, String> {
    let variables = knitr::Variables {
        quarto_r: std::env::var_os("QUARTO_R"),
        r_home: std::env::var_os("R_HOME"),
        path: std::env::var_os("PATH").unwrap_or_default(),
    };
    match Installation::find(&variables, store) {
        Ok(Some(found)) => Ok(Program::new(book, &found.executable, found.origin)),
        Ok(None) => Err("install R with the packages `knitr` and `rmarkdown` to run the cells".to_owned()),
        Err(path) => Err(format!("`QUARTO_R` names `{}`, which does not exist", path.display())),
    }
}

/// A step for the progress line.
fn step_name(job: &Job, at: usize) -> String {
    let is_cell = |step: &&Step| matches!(step, Step::Cell { .. });
    let cells = job.steps.iter().filter(is_cell).count();
    let number = job.steps.iter().take(at + 1).filter(is_cell).count();
    format!("running {}: cell {number} of {cells}", job.page)
}
