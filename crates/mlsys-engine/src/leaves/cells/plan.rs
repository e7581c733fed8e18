//! What is to run on a page, and what is known of its results.

use super::committed::{self, Committed, EmbeddedPage, EmbeddedPages, has_results};
use super::workers::Worker;
use crate::project::Book;
use crate::project::vfs::folder_of;
use mlsys_book::{Checked, Page, PageId, Source, Span, Value, key};
use mlsys_cells::{Document, Frozen, Job, PageRun, lift_execute};
use mlsys_parse::{front_matter, lift_format};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A page with code.
#[derive(Clone)]
pub struct Plan {
    /// The source as read.
    pub source: Arc<Source>,
    /// The page's own text in it, without the texts that quizzes have appended.
    pub span: Span,
    /// The metadata of the project, the page's folders and the page.
    pub meta: Value,
    /// The page's code.
    pub document: Arc<Checked<Document>>,
    /// What runs it.
    pub worker: Option<Worker>,
    /// What runs.
    pub job: Arc<Job>,
    /// The results that the sources have.
    pub committed: Arc<Committed>,
    /// True for the preview of a notebook.
    pub is_preview: bool,
}

impl Plan {
    /// Plans a page; `None` if it has no code. `earlier` is reused if the page and its metadata are the same.
    pub fn new(book: &Book, id: PageId, earlier: Option<&Plan>) -> Option<Plan> {
        let page = &book.pages[id.0 as usize];
        let source = &book.sources[page.source.0 as usize];
        // Most pages have none.
        let has_code = source.text.contains("```{") || source.text.contains("`{") || source.text.contains("`r ");
        if !has_code && !has_results(page, source) {
            return None;
        }
        let front = lift_format(&front_matter(source).value.meta, &book.scope.format);
        let [project, folder, own] = [&book.scope.meta, &page.folder_meta, &front].map(lift_execute);
        let meta = project.merge_all([&*folder, &*own]);
        let Page { input: path, is_preview, .. } = &book.project.pages[id.0 as usize];
        if let Some(plan) = earlier
            && (Arc::ptr_eq(&plan.source, source) || plan.source == *source)
            && plan.span == page.quizzes.page
            && plan.meta == meta
            && plan.is_preview == *is_preview
            && plan.committed.is_of(page)
        {
            return Some(plan.clone());
        }
        let Checked { value, diagnostics } = committed::document(page, source, &meta);
        let document = value?;
        let worker = Worker::of(&document);
        let mut job = mlsys_cells::job(&document, source, &meta, path);
        let committed = Arc::new(Committed::new(page, source, folder_of(path), &meta, &document));
        if book.project.executes_in_root {
            job.folder = String::new();
        }
        let document = Arc::new(Checked { value: document, diagnostics });
        Some(Plan {
            source: source.clone(),
            span: page.quizzes.page,
            meta,
            document,
            worker,
            job: Arc::new(job),
            committed,
            is_preview: *is_preview,
        })
    }
}

/// A page on its way to its results.
#[derive(Clone)]
pub struct PlannedPage {
    /// Its number.
    pub id: PageId,
    /// What is to run.
    pub plan: Plan,
    /// What is known of its results.
    pub run: Run,
}

/// The results of a page.
#[derive(Clone)]
pub enum Run {
    /// The page has nothing to run.
    Nothing,
    /// All steps ran, up to the one that failed; or the page is a notebook.
    Complete(Arc<PageRun>),
    /// They are frozen.
    Frozen(Arc<Frozen>),
    /// There are none.
    Missing(Missing),
}

/// Why a page has no results.
#[derive(Clone)]
pub enum Missing {
    /// Nothing is run in this mode.
    NotAsked,
    /// The worker cannot run, and why.
    Unavailable(String),
}

/// The pages whose cells others show.
pub fn embedded_pages(pages: &[PlannedPage]) -> EmbeddedPages {
    let named: BTreeSet<&str> = pages.iter().flat_map(|page| page.plan.committed.embedded_pages()).collect();
    let embedded = pages.iter().filter(|page| named.contains(page.plan.job.page.as_str())).map(|page| {
        let Plan { source, meta, document, job, .. } = &page.plan;
        let (run, frozen) = match &page.run {
            Run::Complete(run) => (Some(run.clone()), None),
            Run::Frozen(frozen) => (None, Some(frozen.clone())),
            Run::Nothing | Run::Missing(_) => (None, None),
        };
        let title = meta.read(key!("title")).unwrap_or_default();
        (job.page.clone(), EmbeddedPage { source: source.clone(), title, document: document.clone(), run, frozen })
    });
    embedded.collect()
}
