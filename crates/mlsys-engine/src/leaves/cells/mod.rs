//! Executed cells: pages with code become pages with results.
//!
//! [`Cells::execute`] comes between reading and parsing. It plans the pages that have code, looks their results up in memory and
//! in the store, runs the rest in workers, and replaces each page's source by one with the results in place of the cells. What
//! follows sees Markdown only. `check` never runs anything.

mod bundle;
mod committed;
mod compose;
mod executed;
pub mod kernel;
pub mod knitr;
mod mode;
mod plan;
pub mod python;
mod requirements;
mod results;
mod socket_folder;
mod stale;
mod workers;

pub use mode::{CellMode, CellOptions};
pub use requirements::{Package, Requirement, requirements};
pub use workers::{Program, Worker};

use crate::memo::store::Store;
use crate::parallel::in_parallel;
use crate::project::Book;
use executed::{Executed, executed, replace, report};
use mlsys_book::{Checked, PageId};
use mlsys_cells::{Frozen, Job, PageRun, Step};
use plan::{Missing, Plan, PlannedPage, Run, embedded_pages};
use stale::stale;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use workers::Workers;

/// How often a run looks for interruptions.
const POLL: Duration = Duration::from_millis(20);

/// The cells of a project, with the workers and results of this process.
pub struct Cells {
    options: CellOptions,
    store: Store,
    workers: Workers,
    /// The programs that were announced.
    announced: Mutex<BTreeSet<String>>,
    /// By the path of the page.
    pages: BTreeMap<String, Executed>,
    /// The paths of the pages that were edited since the first run.
    edited: BTreeSet<String>,
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

impl Cells {
    /// The cells of a project that has not been executed yet.
    pub fn new(options: CellOptions) -> Self {
        let store = Store::new(options.cache.clone());
        let (workers, announced) = (Workers::default(), Mutex::default());
        Cells { options, store, workers, announced, pages: BTreeMap::new(), edited: BTreeSet::new() }
    }

    /// The files of `_freeze` with the results of the last run, by their paths in the project: those of pages that have
    /// `execute: freeze` and that this process may run.
    pub fn frozen_files(&self) -> BTreeMap<String, Vec<u8>> {
        let pages = self.pages.values().filter(|_| self.options.mode.runs());
        pages.flat_map(Executed::frozen_files).collect()
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
        self.execute_meanwhile(book, meanwhile).unwrap_or_else(|book| *book)
    }

    /// Replaces the cells of a book by their results. If running takes long, shows the book with earlier results meanwhile.
    ///
    /// # Errors
    /// The book as it was, if the run was interrupted. The pages that have ended are stored.
    pub fn execute_meanwhile(&mut self, book: Book, meanwhile: Meanwhile<'_>) -> Result<Book, Box<Book>> {
        let plans = self.plans(&book);
        self.note_edits(&plans);
        let (mut pages, waiting) = self.stored(&book, plans);
        if !waiting.is_empty() && !self.run(&book, &mut pages, &waiting, meanwhile) {
            return Err(Box::new(book));
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
            Some((id, Plan::new(book, id, earlier.map(|page| &page.plan))?))
        };
        in_parallel(book.page_ids().collect(), plan).into_iter().flatten().collect()
    }

    /// Notes which pages have another text than in the last run.
    fn note_edits(&mut self, plans: &[(PageId, Plan)]) {
        for (_, plan) in plans {
            let text = |plan: &Plan| plan.source.files.first().map(|file| file.text.clone());
            let earlier = self.pages.get(&plan.job.page);
            if earlier.is_some_and(|page| text(&page.plan) != text(plan)) {
                self.edited.insert(plan.job.page.clone());
            }
        }
    }

    /// The frozen results of a page, unless they are to be replaced.
    ///
    /// With `freeze: true` those of another text are used too, except where the author works on the page: one that was edited
    /// while its site is served, or that was selected by name. Source: Quarto, "Freeze".
    fn frozen(&self, book: &Book, id: PageId, plan: &Plan) -> Option<Arc<Frozen>> {
        let mode = self.options.mode;
        let is_selected = || book.pages[id.0 as usize].is_selected && book.is_partial();
        let is_worked_on = || self.edited.contains(&plan.job.page) || is_selected();
        let is_replaced = plan.committed.is_stale() && mode.runs() && is_worked_on();
        plan.committed.frozen().filter(|_| mode != CellMode::Required && !is_replaced)
    }

    /// The stored results of pages, and the indexes of the pages that are to run.
    fn stored(&mut self, book: &Book, plans: Vec<(PageId, Plan)>) -> (Vec<PlannedPage>, Vec<usize>) {
        let mode = self.options.mode;
        let uses_frozen = mode != CellMode::Required;
        let has_steps = |id: PageId, plan: &Plan| {
            let is_committed = plan.committed.notebook.is_some() || self.frozen(book, id, plan).is_some();
            !plan.job.steps.is_empty() && !is_committed
        };
        let with_steps = plans.iter().filter(|(id, plan)| has_steps(*id, plan));
        let workers: BTreeSet<Worker> = with_steps.filter_map(|(_, plan)| plan.worker.clone()).collect();
        match self.options.mode {
            CellMode::Off => {}
            CellMode::Required | CellMode::Auto | CellMode::Cached | CellMode::Check => {
                self.workers.find(book, workers, &self.store)
            }
        }
        let this = &*self;
        let pages = in_parallel(plans, |(id, plan): (PageId, Plan)| {
            if let Some(run) = plan.committed.notebook.clone() {
                return PlannedPage { id, plan, run: Run::Complete(run) };
            }
            if let Some(frozen) = this.frozen(book, id, &plan) {
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
                && book.pages[page.id.0 as usize].is_selected
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
            (id, executed(&book, plan, (run, frozen), &embedded, earlier), missing)
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
