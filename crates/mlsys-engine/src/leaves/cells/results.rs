//! Results of cells in the store.
//!
//! Each step of a page has a key that covers the steps before it, so that prose and the options of presentation are not in it.
//! A page's entry holds its steps' results and what they depended on: files, modules and packages, by time and size, else by
//! content. If a step has no result or a dependency has changed, the whole page runs again, because a step needs the state that
//! the steps before it leave.

use crate::leaves::cells::workers::{Program, Worker};
use crate::memo::store::{Key, Store};
use crate::project::fingerprint::Fingerprint;
use camino::{Utf8Path, Utf8PathBuf};
use mlsys_cells::{
    CellRun, CodePlace, Dependencies, Failure, FigureSettings, Job, MimeBundle, MimeData, Output, PageRun, RunWarning,
    Step,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kind of the store's entries.
const KIND: &str = "cells";

/// The version of the workers' results: a new one invalidates stored results.
const RECIPE: &str = "3";

/// The largest file whose content is hashed when its time has changed.
const MAX_HASHED: u64 = 256 << 20;

/// What all steps of a page depend on besides their code.
#[derive(Debug, Serialize)]
pub struct Surroundings<'a> {
    /// The program that runs the page, with its version.
    pub program: &'a str,
    /// The page's path.
    pub page: &'a str,
    /// The working folder.
    pub folder: &'a str,
    /// The settings of figures.
    pub figures: &'a FigureSettings,
    /// The defaults of cells, for programs that obey more of them than the writer.
    pub execute: Option<&'a str>,
    /// The values of `params`.
    pub params: Option<&'a str>,
}

impl<'a> Surroundings<'a> {
    /// The surroundings of a job.
    pub fn new(job: &'a Job, worker: &Worker, program: &'a Program) -> Self {
        let Job { page, folder, figures, execute, params, steps: _ } = job;
        let execute = matches!(worker, Worker::Knitr).then_some(execute.as_str());
        Surroundings { program: &program.identity, page, folder, figures, execute, params: params.as_deref() }
    }
}

/// The stored results of a page.
#[derive(Serialize, Deserialize)]
struct Entry {
    // First, so that they can be read alone.
    fingerprints: Vec<(Utf8PathBuf, Content)>,
    steps: Vec<StoredStep>,
    /// With the key of its step.
    failure: Option<(Key, Failure)>,
    /// With the keys of their steps.
    warnings: Vec<(Key, RunWarning)>,
    widgets: Option<String>,
    head: Vec<String>,
    files: Vec<(String, Vec<u8>)>,
    dependencies: Dependencies,
}

#[derive(Serialize, Deserialize)]
struct StoredStep {
    key: Key,
    /// The line of the code, if the result names it: a warning or traceback says `page.qmd:12`.
    line: Option<u32>,
    result: StepResult,
}

#[derive(Serialize, Deserialize)]
enum StepResult {
    Cell(CellRun),
    Value(MimeBundle),
    /// The run ended here.
    Failed,
}

/// The content of a dependency.
#[derive(PartialEq, Serialize, Deserialize)]
struct Content {
    fingerprint: Option<Fingerprint>,
    hash: Option<[u8; 32]>,
}

impl Content {
    fn of(path: &Utf8Path) -> Content {
        let fingerprint = Fingerprint::of(path);
        Content { fingerprint, hash: fingerprint.and_then(|_| hash(path)) }
    }

    /// True if the file is as it was.
    fn is_current(&self, path: &Utf8Path) -> bool {
        match (&self.fingerprint, Fingerprint::of(path)) {
            (None, None) => true,
            (Some(then), Some(now)) => then.is_still(&now) || self.hash.is_some() && self.hash == hash(path),
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

fn hash(path: &Utf8Path) -> Option<[u8; 32]> {
    let is_small = path.metadata().is_ok_and(|meta| meta.is_file() && meta.len() <= MAX_HASHED);
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(std::fs::File::open(path).ok().filter(|_| is_small)?).ok()?;
    Some(*hasher.finalize().as_bytes())
}

/// The key of a page's entry, and of each of its steps.
fn keys(job: &Job, worker: &Worker, program: &Program) -> Option<(Key, Vec<Key>)> {
    let mut state = Key::of(&(RECIPE, Surroundings::new(job, worker, program)))?;
    let entry = Key::of(&(state, "page"))?;
    let mut keys = Vec::with_capacity(job.steps.len());
    for step in &job.steps {
        keys.push(match step {
            Step::Cell { language, code, allow_error, label, options, index: _, line: _ } => {
                // knitr obeys options that are presentation elsewhere, and names figures after labels.
                let of_engine = matches!(worker, Worker::Knitr).then_some((label, options));
                // The values of `params` come after this cell.
                let sets_params = job.params.is_some() && step.is_parameters();
                state = Key::of(&(state, language, code, allow_error, of_engine, sets_params))?;
                state
            }
            // A value reads the state; it is expected to leave it as it is.
            Step::Value { expression, index: _, line: _ } => Key::of(&(state, "value", expression))?,
        });
    }
    Some((entry, keys))
}

/// True if what the stored results of a page depend on is unchanged; `None` if none are stored.
pub fn is_current(store: &Store, job: &Job, worker: &Worker, program: &Program) -> Option<bool> {
    let (entry, _) = keys(job, worker, program)?;
    let read = |bytes: &[u8]| Some(postcard::take_from_bytes::<Vec<(Utf8PathBuf, Content)>>(bytes).ok()?.0);
    let fingerprints = store.read(KIND, entry, read)?;
    Some(fingerprints.iter().all(|(path, content)| content.is_current(path)))
}

/// The stored results of a page, if they are complete and current.
pub fn load(store: &Store, job: &Job, worker: &Worker, program: &Program) -> Option<PageRun> {
    let (entry, keys) = keys(job, worker, program)?;
    let entry: Entry = store.read(KIND, entry, |bytes| postcard::from_bytes(bytes).ok())?;
    if !entry.fingerprints.iter().all(|(path, content)| content.is_current(path)) {
        return None;
    }
    let Entry { steps, failure, warnings, widgets, head, files, dependencies, fingerprints: _ } = entry;
    // Other cells and values of the page may have come or gone. The failure of a step that is gone is no result.
    let moved = |key: &Key, place: &CodePlace| {
        let step = keys.iter().position(|other| other == key).and_then(|at| job.steps.get(at))?;
        step.place(place)
    };
    let failure = match failure {
        Some((key, failure)) => Some(Failure { place: moved(&key, &failure.place)?, ..failure }),
        None => None,
    };
    let warnings = warnings
        .into_iter()
        .filter_map(|(key, RunWarning { place, kind })| Some(RunWarning { place: moved(&key, &place)?, kind }));
    let warnings = warnings.collect();
    let mut stored: BTreeMap<Key, (Option<u32>, StepResult)> =
        steps.into_iter().map(|StoredStep { key, line, result }| (key, (line, result))).collect();
    let mut run = PageRun { failure, warnings, widgets, head, files, dependencies, ..PageRun::empty(job) };
    for (step, key) in job.steps.iter().zip(keys.iter().copied()) {
        let (line, result) = stored.remove(&key)?;
        if line.is_some_and(|line| line != line_of(step)) {
            return None;
        }
        match (step, result) {
            (Step::Cell { index, .. }, StepResult::Cell(cell)) => *run.cells.get_mut(*index)? = Some(cell),
            (Step::Value { index, .. }, StepResult::Value(value)) => {
                // The same expression may stand in the text again.
                stored.insert(key, (line, StepResult::Value(value.clone())));
                *run.values.get_mut(*index)? = Some(value);
            }
            (_, StepResult::Failed) => return Some(run),
            (Step::Cell { .. }, StepResult::Value(_)) | (Step::Value { .. }, StepResult::Cell(_)) => return None,
        }
    }
    Some(run)
}

/// Stores the results of a page, unless the next run may give others.
pub fn store(store: &Store, job: &Job, worker: &Worker, program: &Program, run: &PageRun) {
    if run.failure.as_ref().is_some_and(|failure| failure.is_transient) || !store.is_persistent() {
        return;
    }
    let Some((entry, keys)) = keys(job, worker, program) else { return };
    let name = job.page.rsplit('/').next().unwrap_or(&job.page);
    let mention = format!("{name}:");
    let mut steps = Vec::with_capacity(keys.len());
    let key_of = |place: &CodePlace| {
        let at = job.steps.iter().position(|step| step.place(place).as_ref() == Some(place))?;
        keys.get(at).copied()
    };
    let failure = run.failure.as_ref().and_then(|failure| Some((key_of(&failure.place)?, failure.clone())));
    if failure.is_none() && run.failure.is_some() {
        return;
    }
    let warnings = run.warnings.iter().filter_map(|warning| Some((key_of(&warning.place)?, warning.clone())));
    let warnings = warnings.collect();
    for (step, key) in job.steps.iter().zip(keys.iter().copied()) {
        let result = match step {
            Step::Cell { index, .. } => run.cells.get(*index).cloned().flatten().map(StepResult::Cell),
            Step::Value { index, .. } => run.values.get(*index).cloned().flatten().map(StepResult::Value),
        };
        let is_last = result.is_none();
        let result = result.unwrap_or(StepResult::Failed);
        let line = names_page(&result, &mention).then(|| line_of(step));
        steps.push(StoredStep { key, line, result });
        if is_last {
            break;
        }
    }
    let Dependencies { files, packages } = &run.dependencies;
    let paths = files.iter().chain(packages).map(Utf8PathBuf::from);
    let entry_value = Entry {
        steps,
        failure,
        warnings,
        widgets: run.widgets.clone(),
        head: run.head.clone(),
        files: run.files.clone(),
        dependencies: run.dependencies.clone(),
        fingerprints: paths.map(|path| (path.clone(), Content::of(&path))).collect(),
    };
    if let Ok(bytes) = postcard::to_stdvec(&entry_value) {
        store.put(KIND, entry, &bytes);
    }
}

fn line_of(step: &Step) -> u32 {
    match step {
        Step::Cell { line, .. } | Step::Value { line, .. } => *line,
    }
}

/// True if a result shows the page's name as a traceback does.
fn names_page(result: &StepResult, mention: &str) -> bool {
    let text = |data: &MimeBundle| {
        data.0.iter().any(|(_, data)| matches!(data, MimeData::Text(text) if text.contains(mention)))
    };
    match result {
        StepResult::Cell(cell) => cell.outputs.iter().any(|output| match output {
            Output::Stream(_, text) | Output::Source(text) | Output::Condition(text) | Output::AsIs(text) => {
                text.contains(mention)
            }
            Output::Display { data, .. } => text(data),
            Output::Error { .. } => true,
        }),
        StepResult::Value(data) => text(data),
        StepResult::Failed => true,
    }
}
