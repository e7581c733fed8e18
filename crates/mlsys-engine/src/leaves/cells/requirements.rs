//! What a project's cells need: interpreters, and the packages that the code loads. Nothing of the project runs for it.

use super::knitr::loaded_packages;
use super::plan::Plan;
use super::python::imported_modules;
use super::workers::{Program, Worker, Workers};
use crate::leaves::process::{Exit, Run};
use crate::memo::store::Store;
use crate::parallel::in_parallel;
use crate::project::Book;
use mlsys_cells::{Job, Step};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

/// The time to look for packages.
const LIMIT: Duration = Duration::from_secs(30);

/// Says which top-level modules Python finds, without importing them. Those of the standard library are left out. The arguments are the number of folders that pages run in,
/// these folders, and the modules.
const FIND_MODULES: &str = r#"
import importlib.util, sys
count = int(sys.argv[1])
sys.path[:0] = sys.argv[2:2 + count]
for name in sys.argv[2 + count:]:
    if name in getattr(sys, "stdlib_module_names", ()):
        continue
    try:
        found = importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        found = False
    print("mlsys", name, int(found))
"#;

/// Says which packages R finds, without loading them.
const FIND_PACKAGES: &str =
    r#"for (name in commandArgs(TRUE)) cat("mlsys", name, as.integer(nzchar(system.file(package = name))), "\n")"#;

/// What the pages of one worker need.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// What runs the pages.
    pub worker: Worker,
    /// The number of pages that have to run: those without frozen results.
    pub pages: usize,
    /// The program that runs them, or why there is none.
    pub program: Result<Program, String>,
    /// What their code loads, in ascending order. Empty if it could not be found out, and for kernels.
    pub packages: Vec<Package>,
}

/// A module of Python or a package of R.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// True if the program finds it.
    pub is_installed: bool,
}

/// What the pages of a project need to run, by worker.
pub fn requirements(book: &Book, store: &Store) -> Vec<Requirement> {
    let plans = in_parallel(book.page_ids().collect(), |id| Plan::new(book, id, None));
    let mut jobs: BTreeMap<Worker, Vec<Arc<Job>>> = BTreeMap::new();
    for plan in plans.into_iter().flatten() {
        let has_results = plan.committed.notebook.is_some() || plan.committed.frozen().is_some();
        if let Some(worker) = plan.worker.filter(|_| !plan.job.steps.is_empty() && !has_results) {
            jobs.entry(worker).or_default().push(plan.job);
        }
    }
    let mut workers = Workers::default();
    workers.find(book, jobs.keys().cloned(), store);
    let requirement = |(worker, jobs): (Worker, Vec<Arc<Job>>)| {
        let none = || Err("the program was not looked for".to_owned());
        let program = workers.program(&worker).cloned().unwrap_or_else(none);
        let packages = program.as_ref().map(|program| packages(book, &worker, program, &jobs)).unwrap_or_default();
        Requirement { worker, pages: jobs.len(), program, packages }
    };
    jobs.into_iter().map(requirement).collect()
}

/// The packages that jobs load. One process looks for all of them.
fn packages(book: &Book, worker: &Worker, program: &Program, jobs: &[Arc<Job>]) -> Vec<Package> {
    let jobs = || jobs.iter().map(|job| &**job);
    let (mut arguments, names): (Vec<OsString>, BTreeSet<String>) = match worker {
        Worker::Python => {
            let folders: BTreeSet<&str> = jobs().map(|job| job.folder.as_str()).collect();
            let modules = imported_modules(jobs());
            let top_level = modules.iter().map(|name| name.split('.').next().unwrap_or(name).to_owned());
            let mut arguments: Vec<OsString> = ["-c", FIND_MODULES].map(OsString::from).into();
            arguments.push(folders.len().to_string().into());
            arguments.extend(folders.iter().map(|folder| book.root.join(folder).into_string().into()));
            (arguments, top_level.chain(["IPython".to_owned()]).collect())
        }
        Worker::Knitr => {
            let has_python = |step: &Step| matches!(step, Step::Cell { language, .. } if language == "python");
            let mut names = loaded_packages(jobs());
            names.insert("knitr".to_owned());
            names.extend(jobs().any(|job| job.steps.iter().any(has_python)).then(|| "reticulate".to_owned()));
            (["-e", FIND_PACKAGES].map(OsString::from).into(), names)
        }
        Worker::Kernel { .. } => return Vec::new(),
    };
    arguments.extend(names.iter().map(OsString::from));
    let Ok(folder) = tempfile::tempdir() else { return Vec::new() };
    let environment = [("PYTHONDONTWRITEBYTECODE", "1".to_owned())];
    let program = program.file.as_std_path();
    let run = Run { program, arguments: &arguments, folder: book.root.as_std_path(), environment: &environment };
    let result = run.run_to(&folder.path().join("packages.out"), LIMIT);
    if result.exit != Exit::Success {
        return Vec::new();
    }
    let package = |line: &str| {
        let mut words = line.strip_prefix("mlsys ")?.split_whitespace();
        Some(Package { name: words.next()?.to_owned(), is_installed: words.next() == Some("1") })
    };
    result.output.lines().filter_map(package).collect()
}
