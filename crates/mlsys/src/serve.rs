//! A project under `serve`: rebuilt after every change, with the pipeline of `build` and the results of the previous build.

use crate::dependencies::Dependencies;
use crate::output::frozen::write_frozen;
use camino::{Utf8Path, Utf8PathBuf};
use mlsys_book::{Code, Diagnostic, Locator, Severity};
use mlsys_engine::Memory;
use mlsys_engine::build::rebuild;
use mlsys_engine::files::{Content, Files};
use mlsys_engine::leaves::cells::{CellOptions, Cells, Meanwhile};
use mlsys_engine::memo::store::Store;
use mlsys_engine::options::BuildOptions;
use mlsys_engine::project::{Book, FileCache, ProjectError, ReadOptions, read_again};
use mlsys_engine::report;
use mlsys_serve::{Note, Publication, Server, WatchError, Watcher};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Diagnostics that make the new site useless: the pages of the previous build are shown instead.
const FATAL: &[Code] = &[Code::InvalidConfig, Code::InvalidFrontMatter, Code::InvalidTheme, Code::InvalidTemplate];

/// The time that cells may take before the site is shown with their earlier results.
const PATIENCE: Duration = Duration::from_millis(300);

/// A project and its last build.
pub struct Live {
    reading: ReadOptions,
    options: BuildOptions,
    cells: Cells,
    cache: FileCache,
    memory: Memory,
    findings: Vec<Diagnostic>,
    failure: Option<UpdateError>,
    published: bool,
    /// What the last build depends on; everything before the first one, or while the project cannot be read.
    dependencies: Option<Dependencies>,
    named_files: BTreeSet<Utf8PathBuf>,
    copied: BTreeSet<Utf8PathBuf>,
    /// The times to read and to build in the last update, until the first publication.
    pub times: (Duration, Duration),
}

/// The result of an update.
#[derive(Debug)]
pub enum Update {
    /// A site.
    Site(Publication),
    /// The build failed, with the errors to show.
    Failure(Vec<Note>),
    /// There is no site yet.
    Nothing,
}

/// Why an update has no site.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpdateError {
    /// The project cannot be read.
    #[error(transparent)]
    Project(ProjectError),
    /// The project's folder was removed.
    #[error("`{0}` no longer exists")]
    FolderRemoved(Utf8PathBuf),
    /// There was no update yet.
    #[error("the book has not been read yet")]
    NotBuilt,
}

impl Live {
    /// A project that has not been built yet.
    pub fn new(reading: ReadOptions, options: BuildOptions, cells: CellOptions) -> Live {
        Live {
            reading,
            cache: FileCache::default(),
            memory: Memory::new(Store::new(options.diagrams.cache.clone())),
            options,
            cells: Cells::new(cells),
            findings: Vec::new(),
            failure: None,
            published: false,
            dependencies: None,
            named_files: BTreeSet::new(),
            copied: BTreeSet::new(),
            times: (Duration::ZERO, Duration::ZERO),
        }
    }

    /// Reads changed files and rebuilds what depends on them. `early` gets the site before the search index is updated, and, while
    /// cells run, the site with their earlier results. `is_interrupted` is true if another update waits.
    pub fn update(&mut self, mut early: impl FnMut(Publication), mut is_interrupted: impl FnMut() -> bool) -> Update {
        let start = Instant::now();
        let root = &self.reading.request.root;
        // If the folder is removed while it is read, the book is incomplete: report an error instead.
        let read = read_again(&self.reading, &mut self.cache).map_err(UpdateError::Project);
        let whole = |book| if root.is_dir() { Ok(book) } else { Err(UpdateError::FolderRemoved(root.clone())) };
        let book = match read.and_then(whole) {
            Ok(book) => book,
            Err(error) => {
                let note = Note {
                    page: None,
                    severity: Severity::Error.to_string(),
                    message: error.to_string(),
                    place: self.reading.request.root.to_string(),
                    source: String::new(),
                    hints: Vec::new(),
                };
                self.failure = Some(error);
                return Update::Failure(vec![note]);
            }
        };
        let read = start.elapsed();
        let (memory, options) = (&mut self.memory, &self.options);
        let mut show = |book| {
            let built = rebuild(book, options, memory, |_, _| ());
            if let Some(book) = memory.book().filter(|_| !built.diagnostics.iter().any(is_fatal)) {
                early(publication(book, built.files, &built.diagnostics));
            }
        };
        let meanwhile = Meanwhile { patience: PATIENCE, show: &mut show, is_interrupted: &mut is_interrupted };
        let Ok(book) = self.cells.execute_meanwhile(book, meanwhile) else { return Update::Nothing };
        // The event of the new files finds results that are current, and changes nothing.
        let frozen = if self.reading.request.lone { BTreeMap::new() } else { self.cells.frozen_files() };
        let (_, frozen_problem) = write_frozen(frozen, root);
        let mut first = None;
        let built = rebuild(book, &self.options, &mut self.memory, |book, built| {
            if !built.diagnostics.iter().any(is_fatal) {
                first = Some(start.elapsed() - read);
                early(publication(book, built.files, &built.diagnostics));
            }
        });
        self.times = (read, first.unwrap_or_else(|| start.elapsed() - read));
        let copied = built.files.values().filter_map(|content| match content {
            Content::Copy(from) => Some(from.clone()),
            Content::Bytes(_) => None,
        });
        let copied: BTreeSet<Utf8PathBuf> = copied.collect();
        self.named_files = built.named_files;
        self.findings = built.diagnostics;
        self.findings.extend(frozen_problem);
        self.failure = None;
        let Some(book) = self.memory.book() else { return Update::Nothing };
        if self.published && self.findings.iter().any(is_fatal) {
            let locator = Locator::new(&book.sources);
            let fatal = self.findings.iter().filter(|finding| is_fatal(finding));
            return Update::Failure(fatal.map(|finding| note(&locator, finding, None)).collect());
        }
        self.published = true;
        self.copied = copied;
        Update::Site(publication(book, built.files, &self.findings))
    }

    /// The last book and its diagnostics.
    ///
    /// # Errors
    /// The message if the project could not be read.
    pub fn state(&self) -> Result<(&Book, &[Diagnostic]), &UpdateError> {
        match (&self.failure, self.memory.book()) {
            (Some(error), _) => Err(error),
            (None, Some(book)) => Ok((book, &self.findings)),
            (None, None) => Err(&UpdateError::NotBuilt),
        }
    }

    /// Notes what the last build depends on.
    fn note_dependencies(&mut self) {
        let book = self.memory.book().filter(|_| self.failure.is_none());
        self.dependencies = book.map(|book| Dependencies::new(book, &self.named_files, &self.copied));
    }

    /// The name of a changed file: its path from the project's folder.
    fn name_of(&self, path: &Path) -> Option<String> {
        let path = Utf8Path::from_path(path)?;
        let inside = path.strip_prefix(&self.reading.request.root).unwrap_or(path).as_str();
        (!inside.is_empty()).then(|| inside.to_owned())
    }

    /// True if a change of a file may change the site.
    fn concerns(&self, path: &Path) -> bool {
        self.dependencies.as_ref().is_none_or(|dependencies| dependencies.concerns(path))
    }

    /// The folders to watch: all listed folders, and the folders of files that are elsewhere or behind symbolic links.
    pub fn watched(&self) -> BTreeSet<Utf8PathBuf> {
        let root = &self.reading.request.root;
        let mut folders: BTreeSet<Utf8PathBuf> = BTreeSet::from([root.clone()]);
        if let Some(book) = self.memory.book() {
            folders.extend(book.folders.iter().cloned());
            for file in &book.read {
                let is_link = std::fs::symlink_metadata(file).is_ok_and(|meta| meta.is_symlink());
                let target = if is_link { file.canonicalize_utf8().ok() } else { None };
                let folder = target.as_ref().unwrap_or(file).parent().map(Utf8Path::to_owned);
                folders.extend(folder.filter(|folder| !folders.contains(folder) && folder.is_dir()));
            }
        }
        folders
    }
}

/// How often to retry a project that cannot be read, for example because its folder was removed.
const LOOK: Duration = Duration::from_millis(500);

/// A publication.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// The changed files that caused it, relative to the project's folder; empty if anything may have changed.
    pub causes: Vec<String>,
    /// The number of pages that changed.
    pub pages: usize,
    /// The time to publish.
    pub time: Duration,
}

/// Publishes a project and all its changes until the watcher stops. Calls `after` with each publication. Changes of files that the
/// last build did not depend on cause none.
///
/// # Errors
/// If a folder cannot be watched or `after` fails.
pub fn keep_current<E: From<WatchError>>(
    live: &mut Live,
    server: &Server,
    watcher: &mut Watcher,
    mut after: impl FnMut(&Live, &Published) -> Result<(), E>,
) -> Result<(), E> {
    let mut causes = Vec::new();
    loop {
        let (mut early, mut pages) = (None, 0);
        let publish = |publication| {
            let start = Instant::now();
            pages += server.publish(publication);
            early = Some(start.elapsed());
        };
        let before = live.dependencies.take();
        let concerns = |path: &Path| before.as_ref().is_none_or(|dependencies| dependencies.concerns(path));
        let update = live.update(publish, || watcher.is_pending(concerns));
        let start = Instant::now();
        match update {
            Update::Site(publication) => pages += server.publish(publication),
            Update::Failure(notes) => server.fail(notes),
            Update::Nothing => {}
        }
        let time = early.unwrap_or_else(|| start.elapsed());
        let folders = live.watched().into_iter().map(Into::into).collect();
        let unseen = watcher.watch(&folders)?;
        after(live, &Published { causes: std::mem::take(&mut causes), pages, time })?;
        live.note_dependencies();
        // Changes before the start of watching were not seen: read again at once.
        let gone = !watcher.watches(live.reading.request.root.as_std_path());
        let patience = (live.state().is_err() || gone).then_some(LOOK);
        if !unseen {
            let Some(changed) = next_change(live, watcher, patience, gone) else { return Ok(()) };
            causes = changed;
        }
    }
}

/// Waits for a change that concerns the site, and returns the names of the files; `None` after a stop.
fn next_change(live: &Live, watcher: &mut Watcher, patience: Option<Duration>, is_gone: bool) -> Option<Vec<String>> {
    loop {
        let batch = watcher.next(patience)?;
        let concerned: Vec<&PathBuf> = batch.paths.iter().filter(|path| live.concerns(path)).collect();
        if !concerned.is_empty() || batch.paths.is_empty() || is_gone {
            return Some(concerned.into_iter().filter_map(|path| live.name_of(path)).collect());
        }
    }
}

fn is_fatal(finding: &Diagnostic) -> bool {
    FATAL.contains(&finding.code)
}

fn publication(book: &Book, files: Files, findings: &[Diagnostic]) -> Publication {
    let files = files.into_iter().map(|(path, content)| match content {
        Content::Bytes(bytes) => (path, mlsys_serve::Content::Bytes(bytes)),
        Content::Copy(from) => (path, mlsys_serve::Content::File(from.into())),
    });
    Publication {
        files: files.collect(),
        folder: book.root.clone().into(),
        prefix: book.project.site.path.clone(),
        notes: notes(book, findings),
    }
}

/// The notes for browsers: each error on its page, errors of shared files on all pages.
fn notes(book: &Book, findings: &[Diagnostic]) -> Vec<Note> {
    let pages: BTreeMap<_, _> =
        book.pages.iter().zip(&book.project.pages).map(|(input, page)| (input.source, page.output.as_str())).collect();
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let locator = Locator::new(&book.sources);
    errors.map(|finding| note(&locator, finding, pages.get(&finding.place.source).copied())).collect()
}

fn note(locator: &Locator<'_>, finding: &Diagnostic, page: Option<&str>) -> Note {
    let at = report::excerpt(locator, "", finding.place);
    Note {
        page: page.map(str::to_owned),
        severity: finding.severity.to_string(),
        message: finding.message.clone(),
        place: at.as_ref().map(|at| format!("{}:{}:{}", at.path, at.line, at.column)).unwrap_or_default(),
        source: at.map(|at| at.text).unwrap_or_default(),
        hints: finding.hints.clone(),
    }
}
