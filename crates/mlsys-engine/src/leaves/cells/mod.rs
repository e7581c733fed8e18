//! Executed cells: pages with code become pages with results.
//!
//! [`Cells::execute`] comes between reading and parsing. It plans the pages that have code, looks their results up in memory and
//! in the store, runs the rest in workers, and replaces each page's source by one with the results in place of the cells. What
//! follows sees Markdown only. `check` never runs anything.

mod committed;
mod compose;
pub mod knitr;
pub mod python;
mod results;
mod workers;

use crate::leaves::progress::ProgressListener;
use crate::memo::store::Store;
use crate::parallel::in_parallel;
use crate::project::Book;
use crate::project::vfs::{GeneratedFile, folder_of};
use camino::Utf8PathBuf;
use committed::{Committed, EmbeddedPage, EmbeddedPages, frozen_files, has_results, with_embeds};
use compose::{Composition, compose};
use mlsys_book::{Checked, Code, Diagnostic, Entry, PageId, Place, Source, SourceId, Span, Value, ValueKind};
use mlsys_cells::{Dependencies, Document, Failure, Frozen, Job, Markdown, PageRun, Step};
use mlsys_parse::{front_matter, lift_format};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use workers::{Program, Worker, Workers};

/// When to run cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellMode {
    /// Always, also where results are frozen: a page that cannot be run is an error.
    Required,
    /// If the interpreter is installed. Otherwise the page shows stored results or its code, with a warning.
    #[default]
    Auto,
    /// Never, but show frozen and stored results.
    Cached,
    /// Never, and show frozen results only.
    Off,
}

impl CellMode {
    /// The values with their names on the command line.
    pub const NAMES: [(&str, CellMode); 4] = [
        ("required", CellMode::Required),
        ("auto", CellMode::Auto),
        ("cached", CellMode::Cached),
        ("off", CellMode::Off),
    ];

    /// True if cells may run.
    pub fn runs(self) -> bool {
        match self {
            CellMode::Required | CellMode::Auto => true,
            CellMode::Cached | CellMode::Off => false,
        }
    }
}

/// The class of cells with results of an earlier version, while the new ones are running.
const STALE_CLASS: &str = "mlsys-stale";

/// How often a run looks for interruptions.
const POLL: Duration = Duration::from_millis(20);

/// How to run cells.
#[derive(Clone, Debug, Default)]
pub struct CellOptions {
    /// When to run them.
    pub mode: CellMode,
    /// The folder of the cache; `None` stores nothing.
    pub cache: Option<Utf8PathBuf>,
    /// Hears which cell runs.
    pub progress: ProgressListener,
    /// Hears, before anything runs, what will.
    pub announcement: ProgressListener,
}

/// The cells of a project, with the workers and results of this process.
pub struct Cells {
    options: CellOptions,
    store: Store,
    workers: Workers,
    /// The programs that were announced.
    announced: Mutex<BTreeSet<String>>,
    /// By the path of the page.
    pages: BTreeMap<String, Executed>,
}

/// A page with code.
#[derive(Clone)]
struct Plan {
    /// The source as read.
    source: Arc<Source>,
    /// The metadata of the project, the page's folders and the page.
    meta: Value,
    document: Arc<Checked<Document>>,
    /// What runs it.
    worker: Option<Worker>,
    job: Arc<Job>,
    /// The results that the sources have.
    committed: Arc<Committed>,
}

impl Plan {
    /// Plans a page; `None` if it has no code. `earlier` is reused if the page and its metadata are the same.
    fn new(book: &Book, id: PageId, earlier: Option<&Executed>) -> Option<Plan> {
        let page = &book.pages[id.0 as usize];
        let source = &book.sources[page.source.0 as usize];
        // Most pages have none.
        let has_code = source.text.contains("```{") || source.text.contains("`{") || source.text.contains("`r ");
        if !has_code && !has_results(page, source) {
            return None;
        }
        let front = lift_format(&front_matter(source).value.meta, &book.scope.format);
        let meta = book.scope.meta.merge_all([&page.folder_meta, &front]);
        if let Some(Executed { plan, .. }) = earlier
            && (Arc::ptr_eq(&plan.source, source) || plan.source == *source)
            && plan.meta == meta
            && plan.committed.is_of(page)
        {
            return Some(plan.clone());
        }
        let Checked { value, diagnostics } = committed::document(page, source, &meta);
        let document = value?;
        let worker = Worker::of(&document);
        let path = &book.project.pages[id.0 as usize].input;
        let mut job = mlsys_cells::job(&document, source, &meta, path);
        let committed = Arc::new(Committed::new(page, source, folder_of(path), &meta, &document));
        if book.project.executes_in_root {
            job.folder = String::new();
        }
        let document = Arc::new(Checked { value: document, diagnostics });
        Some(Plan { source: source.clone(), meta, document, worker, job: Arc::new(job), committed })
    }
}

/// A page with results.
#[derive(Clone)]
struct Executed {
    plan: Plan,
    /// The results; `None` if there are none.
    run: Option<Arc<PageRun>>,
    /// The frozen results that stand for them.
    frozen: Option<Arc<Frozen>>,
    composition: Arc<Composition>,
    markdown: Arc<Checked<Markdown>>,
}

/// A page on its way to its results.
#[derive(Clone)]
struct PlannedPage {
    id: PageId,
    plan: Plan,
    run: Run,
}

/// The results of a page.
#[derive(Clone)]
enum Run {
    /// The page has nothing to run.
    Nothing,
    /// All steps ran, up to the one that failed; or the page is a notebook.
    Complete(Arc<PageRun>),
    /// They are frozen.
    Frozen(Arc<Frozen>),
    /// There are none.
    Missing(Missing),
}

/// What happens while pages run.
pub struct Meanwhile<'a> {
    /// How long to wait before anything is shown.
    pub patience: Duration,
    /// Gets the book with earlier results.
    pub show: &'a mut dyn FnMut(Book),
    /// True if the run is to be given up.
    pub is_interrupted: &'a mut dyn FnMut() -> bool,
}

/// Why a page has no results.
#[derive(Clone)]
enum Missing {
    /// Nothing is run in this mode.
    NotAsked,
    /// The worker cannot run, and why.
    Unavailable(String),
}

impl Cells {
    /// The cells of a project that has not been executed yet.
    pub fn new(options: CellOptions) -> Self {
        let store = Store::new(options.cache.clone());
        Cells { options, store, workers: Workers::default(), announced: Mutex::default(), pages: BTreeMap::new() }
    }

    /// True if another run gives the same results. False after a time-out.
    pub fn is_reproducible(&self) -> bool {
        let failures = self.pages.values().filter_map(|page| page.run.as_ref()?.failure.as_ref());
        !failures.into_iter().any(|failure| failure.is_transient)
    }

    /// Replaces the cells of a book by their results, which are run where they are missing and may be run.
    pub fn execute(&mut self, book: Book) -> Book {
        let mut never = || false;
        let mut nothing = |_| ();
        let meanwhile = Meanwhile { patience: Duration::MAX, show: &mut nothing, is_interrupted: &mut never };
        // Nothing interrupts it.
        self.execute_meanwhile(book, meanwhile).unwrap_or_else(|book| book)
    }

    /// Replaces the cells of a book by their results. If running takes long, shows the book with earlier results meanwhile.
    ///
    /// # Errors
    /// The book as it was, if the run was interrupted. The pages that have ended are stored.
    pub fn execute_meanwhile(&mut self, book: Book, meanwhile: Meanwhile<'_>) -> Result<Book, Book> {
        let plans = self.plans(&book);
        let (mut pages, waiting) = self.stored(&book, plans);
        if !waiting.is_empty() && !self.run(&book, &mut pages, &waiting, meanwhile) {
            return Err(book);
        }
        let (book, executed) = self.assemble(book, pages);
        self.pages = executed;
        self.store.trim();
        Ok(book)
    }

    /// The pages with code, in book order.
    fn plans(&self, book: &Book) -> Vec<(PageId, Plan)> {
        let plan = |id: PageId| {
            let earlier = self.pages.get(&book.project.pages[id.0 as usize].input);
            Some((id, Plan::new(book, id, earlier)?))
        };
        in_parallel(book.page_ids().collect(), plan).into_iter().flatten().collect()
    }

    /// The stored results of pages, and the indexes of the pages that are to run.
    fn stored(&mut self, book: &Book, plans: Vec<(PageId, Plan)>) -> (Vec<PlannedPage>, Vec<usize>) {
        let mode = self.options.mode;
        let uses_frozen = mode != CellMode::Required;
        let has_steps = |plan: &Plan| {
            let committed = &plan.committed;
            let is_committed = committed.notebook.is_some() || (uses_frozen && committed.frozen().is_some());
            !plan.job.steps.is_empty() && !is_committed
        };
        let with_steps = plans.iter().filter(|(_, plan)| has_steps(plan));
        let workers: BTreeSet<Worker> = with_steps.filter_map(|(_, plan)| plan.worker.clone()).collect();
        match self.options.mode {
            CellMode::Off => {}
            CellMode::Required | CellMode::Auto | CellMode::Cached => self.workers.find(book, workers, &self.store),
        }
        let this = &*self;
        let pages = in_parallel(plans, |(id, plan): (PageId, Plan)| {
            if let Some(run) = plan.committed.notebook.clone() {
                return PlannedPage { id, plan, run: Run::Complete(run) };
            }
            if let Some(frozen) = plan.committed.frozen().filter(|_| uses_frozen) {
                return PlannedPage { id, plan, run: Run::Frozen(frozen) };
            }
            let Some(worker) = plan.worker.as_ref().filter(|_| !plan.job.steps.is_empty()) else {
                return PlannedPage { id, plan, run: Run::Nothing };
            };
            let run = match this.workers.program(worker) {
                None => Run::Missing(Missing::NotAsked),
                Some(Err(error)) => Run::Missing(Missing::Unavailable(error.clone())),
                Some(Ok(program)) => match this.remembered(&plan, worker, program) {
                    Some(run) => Run::Complete(run),
                    None => Run::Missing(Missing::NotAsked),
                },
            };
            let cannot_run = match &run {
                Run::Missing(Missing::Unavailable(_)) => true,
                Run::Missing(Missing::NotAsked) => !mode.runs(),
                Run::Nothing | Run::Complete(_) | Run::Frozen(_) => false,
            };
            let run = match plan.committed.fallback().filter(|_| uses_frozen && cannot_run) {
                Some(frozen) => Run::Frozen(frozen),
                None => run,
            };
            PlannedPage { id, plan, run }
        });
        let is_waiting = |page: &PlannedPage| {
            self.options.mode.runs()
                && book.pages[page.id.0 as usize].wanted
                && matches!(page.run, Run::Missing(Missing::NotAsked))
        };
        let waiting = pages.iter().enumerate().filter(|(_, page)| is_waiting(page)).map(|(at, _)| at).collect();
        (pages, waiting)
    }

    /// The results of a page in memory or in the store, if they are complete and current.
    fn remembered(&self, plan: &Plan, worker: &Worker, program: &Program) -> Option<Arc<PageRun>> {
        let earlier = self.pages.get(&plan.job.page).filter(|page| page.plan.job == plan.job);
        let in_memory = earlier.and_then(|page| page.run.as_ref());
        if let Some(run) = in_memory.filter(|run| run.failure.is_none())
            && let Some(current) = results::is_current(&self.store, &plan.job, worker, program)
        {
            return current.then(|| run.clone());
        }
        results::load(&self.store, &plan.job, worker, program).map(Arc::new)
    }

    /// Runs the waiting pages, and adds their results. False if it was interrupted.
    fn run(&self, book: &Book, pages: &mut [PlannedPage], waiting: &[usize], meanwhile: Meanwhile<'_>) -> bool {
        self.announce(pages, waiting);
        let plans = waiting.iter().map(|at| &pages[*at].plan);
        let jobs: Vec<(Arc<Job>, Worker)> =
            plans.filter_map(|plan| Some((plan.job.clone(), plan.worker.clone()?))).collect();
        let done = |job: &Job, worker: &Worker, run: &PageRun| {
            if let Some(Ok(program)) = self.workers.program(worker) {
                results::store(&self.store, job, worker, program, run);
            }
        };
        let (sender, receiver) = channel();
        let mut is_interrupted = false;
        let fresh = std::thread::scope(|scope| {
            let running = scope.spawn(|| {
                let fresh = self.workers.run(book, &jobs, &self.options.progress, &done);
                // Nobody waits any more.
                let _ = sender.send(());
                fresh
            });
            if receiver.recv_timeout(meanwhile.patience) == Err(RecvTimeoutError::Timeout) {
                (meanwhile.show)(self.assemble(book.clone(), self.stale(pages, waiting)).0);
                while receiver.recv_timeout(POLL) == Err(RecvTimeoutError::Timeout) {
                    if !is_interrupted && (meanwhile.is_interrupted)() {
                        is_interrupted = true;
                        self.workers.stop();
                    }
                }
            }
            running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        for (at, run) in waiting.iter().zip(fresh) {
            pages[*at].run = match run {
                Ok(run) => Run::Complete(Arc::new(run)),
                Err(error) => Run::Missing(Missing::Unavailable(error)),
            };
        }
        !is_interrupted
    }

    /// Says what will run, once for each program: the next runs of a server are no news.
    fn announce(&self, pages: &[PlannedPage], waiting: &[usize]) {
        let mut programs: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for plan in waiting.iter().map(|at| &pages[*at].plan) {
            let program = plan.worker.as_ref().and_then(|worker| self.workers.program(worker));
            let Some(Ok(program)) = program else { continue };
            let (cells, pages) = programs.entry(program.name.clone()).or_default();
            *pages += 1;
            *cells += plan.job.steps.iter().filter(|step| matches!(step, Step::Cell { .. })).count();
        }
        let count = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
        let mut announced = self.announced.lock().unwrap_or_else(PoisonError::into_inner);
        for (program, (cells, pages)) in programs {
            if !announced.insert(program.clone()) {
                continue;
            }
            let (cells, pages) = (count(cells, "cell"), count(pages, "page"));
            self.options
                .announcement
                .step(&format!("running {cells} of {pages} with {program} (`--cells cached` runs nothing)"));
        }
    }

    /// The pages with earlier results in place of those that are running.
    fn stale(&self, pages: &[PlannedPage], waiting: &[usize]) -> Vec<PlannedPage> {
        let mut pages = pages.to_vec();
        for at in waiting {
            let page = &mut pages[*at];
            if let Some((document, run)) =
                self.pages.get(&page.plan.job.page).and_then(|earlier| stale(&page.plan, earlier))
            {
                let Checked { diagnostics, .. } = &*page.plan.document;
                page.plan.document = Arc::new(Checked { value: document, diagnostics: diagnostics.clone() });
                page.run = Run::Complete(Arc::new(run));
            }
        }
        pages
    }

    /// The book with results in place of cells, and its executed pages.
    fn assemble(&self, mut book: Book, pages: Vec<PlannedPage>) -> (Book, BTreeMap<String, Executed>) {
        let embedded = embedded_pages(&pages);
        let executed = in_parallel(pages, |PlannedPage { id, plan, run }: PlannedPage| {
            let earlier = self.pages.get(&plan.job.page);
            let (run, frozen, missing) = match run {
                Run::Nothing => (None, None, None),
                Run::Complete(run) => (Some(run), None, None),
                Run::Frozen(frozen) => (None, Some(frozen), None),
                Run::Missing(missing) => (None, None, Some(missing)),
            };
            (id, executed(&book, id, plan, (run, frozen), &embedded, earlier), missing)
        });
        let mut generated = Vec::new();
        for (id, page, missing) in &executed {
            replace(&mut book, *id, page, &mut generated);
            report(&mut book, page, missing.as_ref(), self.options.mode);
        }
        book.installed.extend(self.workers.files());
        let vfs = book.vfs.clone().with_generated(generated);
        let pages = executed.into_iter().map(|(_, page, _)| (page.plan.job.page.clone(), page)).collect();
        book.vfs = vfs;
        (book, pages)
    }
}

/// The page with the results of its previous run: cells that have changed, and those after them, are marked.
fn stale(plan: &Plan, earlier: &Executed) -> Option<(Document, PageRun)> {
    let run = earlier.run.as_ref()?;
    let (now, then) = (&plan.document.value, &earlier.plan.document.value);
    let changed = now.cells.iter().zip(&then.cells).position(|(now, then)| now.code != then.code);
    let changed = changed.unwrap_or(now.cells.len().min(then.cells.len()));
    let mut document = now.clone();
    for cell in &mut document.cells[changed..] {
        let place = cell.options.place;
        let value = |kind| Value { place, kind };
        let class = value(ValueKind::Seq(vec![value(ValueKind::String(STALE_CLASS.to_owned()))]));
        let classes = Entry { key: "classes".to_owned(), key_place: place, value: class };
        cell.options = cell.options.merge(&value(ValueKind::Map(vec![classes])));
    }
    let mut stale = PageRun { failure: None, ..PageRun::clone(run) };
    stale.cells.resize(now.cells.len(), None);
    let value_of = |expression: &str| {
        let at = then.values.iter().position(|value| value.expression == expression)?;
        run.values.get(at).cloned().flatten()
    };
    stale.values = now.values.iter().map(|value| value_of(&value.expression)).collect();
    Some((document, stale))
}

/// The pages whose cells others show.
fn embedded_pages(pages: &[PlannedPage]) -> EmbeddedPages {
    let named: BTreeSet<&str> = pages.iter().flat_map(|page| page.plan.committed.embedded_pages()).collect();
    let embedded = pages.iter().filter(|page| named.contains(page.plan.job.page.as_str())).map(|page| {
        let Plan { source, meta, document, job, .. } = &page.plan;
        let run = match &page.run {
            Run::Complete(run) => Some(run.clone()),
            Run::Nothing | Run::Frozen(_) | Run::Missing(_) => None,
        };
        let title = meta.get("title").and_then(Value::to_text).unwrap_or_default();
        (job.page.clone(), EmbeddedPage { source: source.clone(), title, document: document.clone(), run })
    });
    embedded.collect()
}

/// A page with its results as Markdown.
fn executed(
    book: &Book,
    id: PageId,
    plan: Plan,
    (run, frozen): (Option<Arc<PageRun>>, Option<Arc<Frozen>>),
    embedded: &EmbeddedPages,
    earlier: Option<&Executed>,
) -> Executed {
    let shows_pages = plan.committed.embedded_pages().next().is_some();
    if let Some(earlier) = earlier.filter(|_| !shows_pages)
        && Arc::ptr_eq(&earlier.plan.document, &plan.document)
        && Arc::ptr_eq(&earlier.plan.committed, &plan.committed)
        && earlier.plan.source.id == plan.source.id
        && earlier.run.as_ref().map(Arc::as_ptr) == run.as_ref().map(Arc::as_ptr)
        && earlier.frozen.as_ref().map(Arc::as_ptr) == frozen.as_ref().map(Arc::as_ptr)
    {
        return Executed { plan, run, frozen, ..earlier.clone() };
    }
    let page = book.pages[id.0 as usize].quizzes.page;
    let settings = mlsys_cells::Settings::new(&plan.meta, &plan.job.page);
    let markdown = match &frozen {
        Some(frozen) => Checked::clean(frozen.markdown(&plan.source, page)),
        None => mlsys_cells::write(&plan.document.value, &plan.source, run.as_deref(), &settings),
    };
    let markdown = with_embeds(book, &plan.committed, embedded, &plan.source, &plan.meta, &settings, markdown);
    let composition = compose(&plan.source, page, &markdown.value);
    Executed { plan, run, frozen, composition: Arc::new(composition), markdown: Arc::new(markdown) }
}

/// Replaces a page's source, and everything that depends on it, by those with results.
fn replace(book: &mut Book, id: PageId, page: &Executed, generated: &mut Vec<(String, GeneratedFile)>) {
    let Executed { composition, markdown, run, frozen, plan } = page;
    let input = &mut book.pages[id.0 as usize];
    let source = input.source;
    book.sources[source.0 as usize] = composition.source.clone();
    input.quizzes = composition.moved_quizzes(&input.quizzes);
    let moved = |place: Place| match place.source == source {
        true => Place { span: composition.moved(place.span), ..place },
        false => place,
    };
    for diagnostic in &mut book.diagnostics {
        diagnostic.place = moved(diagnostic.place);
        diagnostic.related.iter_mut().for_each(|(place, _)| *place = moved(*place));
    }
    let Markdown { files, head, before_body, after_body, segments: _ } = &markdown.value;
    for (key, texts) in
        [("include-in-header", head), ("include-before-body", before_body), ("include-after-body", after_body)]
    {
        input.folder_meta = input.folder_meta.merge(&included(key, texts, input.folder_meta.place));
    }
    let folder = folder_of(&book.project.pages[id.0 as usize].input);
    let path = |path: &str| match path.strip_prefix('/') {
        Some(rooted) => rooted.to_owned(),
        None if folder.is_empty() => path.to_owned(),
        None => format!("{folder}/{path}"),
    };
    generated.extend(files.iter().map(|(file, bytes)| (path(file), GeneratedFile::Bytes(bytes.as_slice().into()))));
    if frozen.is_some() {
        generated.extend(frozen_files(book, &plan.job.page));
    }
    for Dependencies { files, packages } in run.iter().map(|run| &run.dependencies) {
        book.read.extend(files.iter().map(Utf8PathBuf::from));
        book.installed.extend(packages.iter().map(Utf8PathBuf::from));
    }
}

/// Metadata that includes HTML in a page.
fn included(key: &str, texts: &[String], place: Place) -> Value {
    let value = |kind| Value { place, kind };
    let entry = |key: &str, value| Entry { key: key.to_owned(), key_place: place, value };
    let text = |text: &String| value(ValueKind::Map(vec![entry("text", value(ValueKind::String(text.clone())))]));
    match texts {
        [] => Value::empty(place),
        texts => value(ValueKind::Map(vec![entry(key, value(ValueKind::Seq(texts.iter().map(text).collect())))])),
    }
}

/// Adds the diagnostics about a page's cells to those of the book.
fn report(book: &mut Book, page: &Executed, missing: Option<&Missing>, mode: CellMode) {
    let Executed { plan, run, composition, markdown, frozen: _ } = page;
    let mut diagnostics: Vec<Diagnostic> = plan
        .document
        .diagnostics
        .iter()
        .chain(&plan.committed.diagnostics)
        .chain(&markdown.diagnostics)
        .cloned()
        .collect();
    if missing.is_some() {
        let not_run = diagnostics.iter().find(|diagnostic| diagnostic.code == Code::CellNotExecuted);
        let place = not_run.map_or(Span::new(0, 0), |diagnostic| diagnostic.place.span);
        diagnostics.extend(plan.committed.outdated(&plan.source, place));
    }
    for diagnostic in diagnostics.iter_mut().filter(|diagnostic| diagnostic.code == Code::CellNotExecuted) {
        match missing {
            Some(Missing::Unavailable(error)) => diagnostic.hints.insert(0, error.clone()),
            Some(Missing::NotAsked) if mode.runs() => {}
            Some(Missing::NotAsked) => {
                diagnostic.hints.insert(0, "`mlsys build` runs them; see `--cells`".to_owned());
            }
            None => {}
        }
        if mode == CellMode::Required {
            diagnostic.severity = mlsys_book::Severity::Error;
        }
    }
    let failure = run.as_ref().and_then(|run| run.failure.as_ref());
    diagnostics.extend(failure.map(|failure| failed(&plan.source, &plan.document.value, failure)));
    let id: SourceId = plan.source.id;
    for diagnostic in &mut diagnostics {
        let moved = |place: Place| match place.source == id {
            true => Place { span: composition.moved(place.span), ..place },
            false => place,
        };
        diagnostic.place = moved(diagnostic.place);
        diagnostic.related.iter_mut().for_each(|(place, _)| *place = moved(*place));
    }
    book.diagnostics.extend(diagnostics);
}

/// The diagnostic about the error that ended a page's run.
fn failed(source: &Source, document: &Document, failure: &Failure) -> Diagnostic {
    let place = source.place(document.span_of(source, &failure.place));
    let mut diagnostic = Diagnostic::new(Code::CellFailed, place, failure.message.clone());
    diagnostic.hints.extend(failure.hint.clone());
    diagnostic
}
