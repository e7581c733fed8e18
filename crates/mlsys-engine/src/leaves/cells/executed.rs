//! Pages with results in place of their cells.

use super::committed::{EmbeddedPages, frozen_files, with_embeds};
use super::compose::{Composition, compose};
use super::mode::CellMode;
use super::plan::{Missing, Plan};
use crate::project::Book;
use crate::project::vfs::{GeneratedFile, folder_of};
use camino::Utf8PathBuf;
use mlsys_book::{Checked, Code, Diagnostic, Entry, PageId, Place, Severity, Source, SourceId, Span, Value, ValueKind};
use mlsys_cells::{
    Dependencies, Document, Failure, Freeze, Frozen, Markdown, PageRun, RunWarning, RunWarningKind, Settings, freeze,
};
use std::sync::Arc;

/// A page with results.
#[derive(Clone)]
pub struct Executed {
    /// What was planned.
    pub plan: Plan,
    /// The results; `None` if there are none.
    pub run: Option<Arc<PageRun>>,
    /// The frozen results that stand for them.
    frozen: Option<Arc<Frozen>>,
    composition: Arc<Composition>,
    markdown: Arc<Checked<Markdown>>,
}

/// A page with its results as Markdown.
pub fn executed(
    book: &Book,
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
    let mut settings = Settings::new(&plan.meta, &plan.job.page);
    settings.has_numbers = plan.is_preview;
    let markdown = match &frozen {
        Some(frozen) => Checked::clean(frozen.markdown(&plan.source, plan.span)),
        None => mlsys_cells::write(&plan.document.value, &plan.source, run.as_deref(), &settings),
    };
    let markdown = with_embeds(book, &plan.committed, embedded, &plan.source, &plan.meta, &settings, markdown);
    let own = plan.document.diagnostics.iter().chain(&plan.committed.diagnostics).chain(&markdown.diagnostics);
    let own = own.chain(frozen.iter().flat_map(|_| &plan.committed.stale));
    let mut cited: Vec<Span> =
        own.flat_map(places).filter(|place| place.source == plan.source.id).map(|p| p.span).collect();
    let failure = run.as_ref().and_then(|run| run.failure.as_ref());
    let failure = failure.map(|failure| failed(&plan.source, &plan.document.value, failure));
    let warnings = run.iter().flat_map(|run| &run.warnings);
    let warnings = warnings.map(|warning| warned(&plan.source, &plan.document.value, warning));
    cited.extend(failure.into_iter().chain(warnings).map(|diagnostic| diagnostic.place.span));
    let composition = compose(&plan.source, plan.span, &markdown.value, &cited);
    Executed { plan, run, frozen, composition: Arc::new(composition), markdown: Arc::new(markdown) }
}

impl Executed {
    /// The files of `_freeze` with the page's results, if its metadata asks for them and it has run without an error.
    pub fn frozen_files(&self) -> Vec<(String, Vec<u8>)> {
        let Executed { plan, run, markdown, .. } = self;
        let Some(run) = run.as_ref().filter(|run| run.failure.is_none()) else { return Vec::new() };
        if plan.committed.freeze == Freeze::Off || plan.committed.notebook.is_some() || plan.job.steps.is_empty() {
            return Vec::new();
        }
        let document = &plan.document.value;
        let freeze = |markdown| freeze(&plan.job.page, &document.engine, &plan.source, plan.span, markdown);
        if plan.committed.embeds.is_empty() {
            return freeze(&markdown.value);
        }
        // Embedded cells are not the page's own results.
        let settings = Settings::new(&plan.meta, &plan.job.page);
        freeze(&mlsys_cells::write(document, &plan.source, Some(run), &settings).value)
    }
}

/// The places of a diagnostic.
fn places(diagnostic: &Diagnostic) -> impl Iterator<Item = Place> {
    std::iter::once(diagnostic.place).chain(diagnostic.related.iter().map(|(place, _)| *place))
}

/// Replaces a page's source, and everything that depends on it, by those with results.
pub fn replace(book: &mut Book, id: PageId, page: &Executed, generated: &mut Vec<(String, GeneratedFile)>) {
    let Executed { composition, markdown, run, frozen, plan } = page;
    let input = &mut book.pages[id];
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
    if let Some(frozen) = frozen {
        generated.extend(frozen_files(book, &plan.job.page, frozen));
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
pub fn report(book: &mut Book, page: &Executed, missing: Option<&Missing>, mode: CellMode) {
    let Executed { plan, run, composition, markdown, frozen } = page;
    let mut diagnostics: Vec<Diagnostic> = plan
        .document
        .diagnostics
        .iter()
        .chain(&plan.committed.diagnostics)
        .chain(&markdown.diagnostics)
        .chain(frozen.iter().flat_map(|_| &plan.committed.stale))
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
            Some(Missing::NotAsked) if !mode.runs() => {
                diagnostic.hints = vec!["`mlsys build` runs the cells".to_owned()];
                if mode == CellMode::Check {
                    diagnostic.severity = mlsys_book::Severity::Hint;
                }
            }
            Some(Missing::NotAsked) | None => {}
        }
        if mode == CellMode::Required {
            diagnostic.severity = Severity::Error;
        }
    }
    let failure = run.as_ref().and_then(|run| run.failure.as_ref());
    diagnostics.extend(failure.map(|failure| failed(&plan.source, &plan.document.value, failure)));
    let warnings = run.iter().flat_map(|run| &run.warnings);
    diagnostics.extend(warnings.map(|warning| warned(&plan.source, &plan.document.value, warning)));
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

/// The diagnostic about a warning of a page's run.
fn warned(source: &Source, document: &Document, RunWarning { place, kind }: &RunWarning) -> Diagnostic {
    let place = source.place(document.span_of(source, place));
    let report = |message: String| Diagnostic::new(Code::CellWarning, place, message);
    match kind {
        RunWarningKind::InlineValue(message) => report(format!("the inline expression gave a warning: {message}")),
        RunWarningKind::Thread(name) => {
            report(format!("the thread `{name}` was still running at the end of the page and was stopped"))
                .hint("wait for it in the code: `thread.join()`")
        }
        RunWarningKind::Processes(names) => {
            let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let message = match names.len() {
                1 => format!("the process {list} was still running at the end of the page and was stopped"),
                _ => format!("the processes {list} were still running at the end of the page and were stopped"),
            };
            report(message).hint("wait for it in the code, or end it there")
        }
        RunWarningKind::SlowEnd => report(
            "the functions of `atexit` were still running 2 s after the end of the page and were stopped".to_owned(),
        )
        .hint("call them in the code"),
    }
}
