//! Results that the sources have: frozen results, the outputs of notebooks, and embedded cells.

use crate::project::vfs::GeneratedFile;
use crate::project::{Book, PageInput, PageResults};
use mlsys_book::{Checked, Code, Diagnostic, ProjectKind, Source, Span, Value, did_you_mean, name};
use mlsys_cells::{
    Document, Embed, EmbedLink, EmbedSource, Engine, Freeze, Frozen, FrozenIncludes, FrozenPage, LIBRARIES, Markdown,
    PageRun, Settings, Thaw, embed, embeds, frozen_destination, outdated_results, preview_path, read_frozen,
    read_notebook, stale_results,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The results that a page's sources have.
#[derive(Clone, Default)]
pub struct Committed {
    files: PageResults,
    /// The outputs of the page's notebook, unless it is to be run.
    pub notebook: Option<Arc<PageRun>>,
    /// The frozen results, and whether the page uses them.
    frozen: Option<(Arc<Frozen>, Thaw)>,
    /// The value of `execute: freeze`.
    pub freeze: Freeze,
    /// True if the frozen results are of the page's present text.
    is_current: bool,
    /// What is reported if the page shows its frozen results.
    pub stale: Vec<Diagnostic>,
    /// The cells of other documents that the page shows.
    pub embeds: Vec<Embed>,
    /// Problems with them.
    pub diagnostics: Vec<Diagnostic>,
}

/// True if a page has results in files, or shows cells of other documents.
pub fn has_results(page: &PageInput, source: &Source) -> bool {
    page.results.notebook.is_some() || page.results.frozen.is_some() || source.text.contains("{{< embed")
}

/// The code of a page; `None` if it has none and shows none.
pub fn document(page: &PageInput, source: &Source, meta: &Value) -> Checked<Option<Document>> {
    let mut checked = match &page.results.notebook {
        Some(notebook) => notebook.document(source, meta),
        None => mlsys_cells::plan(source, meta),
    };
    if checked.value.is_none() && has_results(page, source) {
        let (cells, values) = (Vec::new(), Vec::new());
        checked.value = Some(Document { engine: Engine::Markdown, language: String::new(), cells, values });
    }
    checked
}

impl Committed {
    /// Reads the results of a page.
    pub fn new(page: &PageInput, source: &Source, folder: &str, meta: &Value, document: &Document) -> Committed {
        let files = page.results.clone();
        let is_run = meta
            .value(name!("execute.enabled"))
            .or_else(|| meta.value(name!("execute.ipynb")))
            .and_then(Value::as_bool);
        let notebook = files.notebook.as_ref().filter(|_| is_run != Some(true));
        let notebook = notebook.map(|notebook| Arc::new(notebook.run(source, document)));
        let Checked { value: embeds, mut diagnostics } = embeds(source, folder);
        let first = document.cells.iter().map(|cell| cell.span).chain(document.values.iter().map(|value| value.span));
        let first = first.min_by_key(|span| span.start).map_or(0, |span| span.start);
        let frozen =
            files.frozen.as_ref().filter(|_| is_run != Some(false) && notebook.is_none()).and_then(|(path, text)| {
                let place = source.place(Span { start: first, end: first });
                read_frozen(path, &text.text, place).take(&mut diagnostics)
            });
        let own = source.files.first().map_or("", |file| file.text.as_str());
        let freeze = Freeze::of(meta.value(name!("execute.freeze")));
        let is_current = frozen.as_ref().is_some_and(|frozen| frozen.thaw(Freeze::Auto, own) == Thaw::Current);
        let frozen = frozen.map(|frozen| {
            let thaw = frozen.thaw(freeze, own);
            (Arc::new(frozen), thaw)
        });
        let frozen_page = FrozenPage { source, span: page.quizzes.page, document, meta };
        let stale =
            frozen.as_ref().map(|(frozen, thaw)| stale_results(frozen, *thaw, &frozen_page)).unwrap_or_default();
        Committed { files, notebook, frozen, freeze, is_current, stale, embeds, diagnostics }
    }

    /// True if the files with results of a page are the ones that this was read from.
    pub fn is_of(&self, page: &PageInput) -> bool {
        let same = |one: &Option<Arc<_>>, other: &Option<Arc<_>>| {
            one.as_ref().map(Arc::as_ptr) == other.as_ref().map(Arc::as_ptr)
        };
        let text = |results: &PageResults| results.frozen.as_ref().map(|(_, text)| Arc::as_ptr(text));
        let embedded = |results: &PageResults| -> Vec<_> { results.embedded.values().map(Arc::as_ptr).collect() };
        same(&self.files.notebook, &page.results.notebook)
            && text(&self.files) == text(&page.results)
            && self.files.embedded.keys().eq(page.results.embedded.keys())
            && embedded(&self.files) == embedded(&page.results)
    }

    /// The frozen results that the page uses whether it can be run or not.
    pub fn frozen(&self) -> Option<Arc<Frozen>> {
        let (frozen, thaw) = self.frozen.as_ref()?;
        match thaw {
            Thaw::Off | Thaw::Outdated => None,
            Thaw::Current | Thaw::Stale => Some(frozen.clone()),
        }
    }

    /// The frozen results of a page that cannot be run: those of its present text, and those that `freeze: true` asks for.
    pub fn fallback(&self) -> Option<Arc<Frozen>> {
        let (frozen, thaw) = self.frozen.as_ref()?;
        (self.is_current || *thaw == Thaw::Stale).then(|| frozen.clone())
    }

    /// True if the page shows frozen results of another text.
    pub fn is_stale(&self) -> bool {
        self.frozen.as_ref().is_some_and(|(_, thaw)| *thaw == Thaw::Stale)
    }

    /// The diagnostic about frozen results that a page without results does not use. `span` is its first cell.
    pub fn outdated(&self, source: &Source, span: Span) -> Option<Diagnostic> {
        let (_, thaw) = self.frozen.as_ref()?;
        let path = source.files.first().map_or("", |file| file.path.as_str());
        (*thaw == Thaw::Outdated).then(|| outdated_results(path, source.place(span)))
    }

    /// The pages whose cells this page shows.
    pub fn embedded_pages(&self) -> impl Iterator<Item = &str> {
        self.embeds.iter().map(|embed| embed.path.as_str()).filter(|path| !path.ends_with(".ipynb"))
    }
}

/// A page whose cells are embedded in others.
#[derive(Clone)]
pub struct EmbeddedPage {
    /// Its source as read.
    pub source: Arc<Source>,
    /// Its title; empty if it has none.
    pub title: String,
    /// Its code.
    pub document: Arc<Checked<Document>>,
    /// Its results.
    pub run: Option<Arc<PageRun>>,
    /// Its frozen results.
    pub frozen: Option<Arc<Frozen>>,
}

/// The pages whose cells are embedded in others, by path.
pub type EmbeddedPages = BTreeMap<String, EmbeddedPage>;

/// A page's Markdown with embedded cells in place of the shortcodes.
pub fn with_embeds(
    book: &Book,
    committed: &Committed,
    pages: &EmbeddedPages,
    source: &Source,
    meta: &Value,
    settings: &Settings,
    markdown: Checked<Markdown>,
) -> Checked<Markdown> {
    let Checked { value: mut markdown, mut diagnostics } = markdown;
    let mut linked = BTreeSet::new();
    for one in &committed.embeds {
        let link = link(book, one, meta).filter(|_| linked.insert(one.path.as_str()));
        let mut report = |message: String, hint: Option<String>| {
            let mut diagnostic = Diagnostic::new(Code::InvalidEmbed, source.place(one.span), message);
            diagnostic.hints.extend(hint);
            diagnostics.push(diagnostic);
        };
        let embedded = if let Some(text) = committed.files.embedded.get(&one.path) {
            match read_notebook(&text.text) {
                Ok(notebook) => {
                    let from = EmbedSource::Notebook(&notebook, &text.text);
                    embed(one, source, from, meta, settings, link.as_ref()).take(&mut diagnostics)
                }
                Err(error) => {
                    report(format!("`{}`: {}", one.name, error.message), None);
                    None
                }
            }
        } else if let Some(page) = pages.get(&one.path) {
            let EmbeddedPage { source: own, title, document, run, frozen } = page;
            let (document, run, frozen) = (&document.value, run.as_deref(), frozen.as_deref());
            let from = EmbedSource::Page { document, source: own, title, run, frozen };
            embed(one, source, from, meta, settings, link.as_ref()).take(&mut diagnostics)
        } else {
            let is_there = book.files.binary_search(&one.path).is_ok();
            match is_there {
                true => report(format!("page `{}` has no cells", one.name), None),
                false => {
                    let near = mlsys_book::near(&book.files, |file| file, &one.path);
                    let near = near
                        .iter()
                        .map(String::as_str)
                        .filter(|file| file.ends_with(".ipynb") || file.ends_with(".qmd"));
                    report(format!("file `{}` does not exist", one.name), did_you_mean(&one.path, near));
                }
            }
            None
        };
        if let Some(embedded) = embedded {
            markdown.put(one.span, embedded);
        }
    }
    Checked { value: markdown, diagnostics }
}

/// The link to the document of embedded cells: to its page, or to the preview of a notebook that has none. Books have no such
/// links, as in Quarto.
fn link(book: &Book, embed: &Embed, meta: &Value) -> Option<EmbedLink> {
    if book.project.kind == ProjectKind::Book {
        return None;
    }
    let mut link =
        EmbedLink::new(&embed.name, meta.value(name!("notebook-links")), meta.value(name!("notebook-view")))?;
    if link.is_page {
        let page = book.project.pages.iter().find(|page| page.input == embed.path);
        link.is_page = page.is_some();
        if page.is_some_and(|page| page.is_preview) {
            link.url = preview_path(&embed.name);
        }
    }
    Some(link)
}

/// The files of a page's frozen results under the names that its text has for them: its figures, and the libraries that it uses.
pub fn frozen_files(book: &Book, page: &str, frozen: &Frozen) -> Vec<(String, GeneratedFile)> {
    let Frozen { markdown, includes, hash: _, engine: _, supporting: _, filters: _ } = frozen;
    let FrozenIncludes { in_header, before_body, after_body } = includes;
    let texts = [in_header, before_body, after_body].into_iter().flatten().chain([markdown]);
    let libraries: BTreeSet<&str> = texts.flat_map(|text| libraries(text)).collect();
    let mut folders: Vec<String> = libraries.iter().map(|name| format!("_freeze/{LIBRARIES}/{name}/")).collect();
    folders.push(format!("_freeze/{}/", page.rsplit_once('.').map_or(page, |(stem, _)| stem)));
    let files = folders.iter().flat_map(|folder| {
        let start = book.files.partition_point(|file| file < folder);
        book.files[start..].iter().take_while(move |file| file.starts_with(folder))
    });
    let copy = |file: &String| Some((frozen_destination(page, file)?, GeneratedFile::Copy(book.vfs.absolute(file))));
    files.filter_map(copy).collect()
}

/// The names of the folders in `site_libs` that a text mentions.
fn libraries(text: &str) -> impl Iterator<Item = &str> {
    text.split("site_libs/").skip(1).filter_map(|rest| Some(rest.split_once('/')?.0)).filter(|name| {
        name.len() < 256 && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@' | '+'))
    })
}
