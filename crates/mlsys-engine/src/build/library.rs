//! Bibliographies and citation styles. Each file is parsed once, however many pages use it.

use crate::memo::Memo;
use crate::memo::per_page::points_to;
use crate::memo::store::Key;
use crate::parallel::in_parallel;
use crate::project::{Book, PageInput};
use mlsys_book::{Bibliography, Checked, Code, Diagnostic, Place, SourceId, Span, Value, Work, name};
use mlsys_csl::{SharedBibliography, Style};
use mlsys_parse::{merge_bibliographies, parse_bibliography, parse_references};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

/// The store's kind of entry for the works of a bibliography file.
const WORKS: &str = "works";

/// The bibliographies and citation styles of all pages.
#[derive(Debug)]
pub struct Library {
    /// The works of each bibliography file.
    pub works: BTreeMap<SourceId, Vec<Arc<Work>>>,
    /// The hash of each bibliography file.
    keys: BTreeMap<SourceId, Key>,
    /// The merged works of each list of files that a page uses.
    bibliographies: BTreeMap<Vec<SourceId>, Bibliography>,
    /// The citation styles, by file.
    styles: BTreeMap<String, Style>,
    /// The style of pages without `csl`. It is parsed on first use, because a warm build may not need it.
    default_style: LazyLock<Style>,
}

/// Parses bibliographies and styles. Conflicting entries are reported once, in the order of the project's files.
pub(crate) fn library(book: &Book, memo: &Memo<'_>) -> Checked<Library> {
    let mut diagnostics = Vec::new();
    let files: BTreeSet<SourceId> = book.pages.iter().flat_map(|p| p.bibliographies.iter().copied()).collect();
    let read = in_parallel(files.into_iter().collect(), |id: SourceId| {
        let source = &book.sources[id.index()];
        let lang = language_of(book, id);
        let key = Key::new([source.text.as_bytes(), lang.as_bytes()]);
        // Diagnostics that point into other files are not stored: edits there shift their positions.
        let compute = || match parse_bibliography(source, lang) {
            works if works.diagnostics.iter().any(|diagnostic| points_to(diagnostic, |other| other != id)) => {
                Err(works)
            }
            works => Ok(works),
        };
        let works = memo.leaf(WORKS, &(id, key), compute).unwrap_or_else(|works| works);
        (id, key, works.map(|works| works.into_iter().map(Arc::new).collect::<Vec<_>>()))
    });
    let keys = read.iter().map(|(id, key, _)| (*id, *key)).collect();
    let works: BTreeMap<SourceId, Vec<Arc<Work>>> =
        read.into_iter().map(|(id, _, works)| (id, works.take(&mut diagnostics))).collect();
    let all: Vec<&[Arc<Work>]> = works.values().map(Vec::as_slice).collect();
    merge_bibliographies(&all).take(&mut diagnostics);

    let lists: BTreeSet<&Vec<SourceId>> = book.pages.iter().map(|page| &page.bibliographies).collect();
    let list = |files: &Vec<SourceId>| (files.clone(), merged(&works, files));
    let bibliographies = in_parallel(lists.into_iter().collect(), list).into_iter().collect();
    let styles =
        book.styles.iter().map(|(path, text)| (path.clone(), style(book, path, text, &mut diagnostics))).collect();
    let library = Library { works, keys, bibliographies, styles, default_style: LazyLock::new(Style::default) };
    Checked { value: library, diagnostics }
}

/// The language of the entries of a bibliography file that name none: that of the first page that cites from it.
pub(super) fn language_of(book: &Book, file: SourceId) -> &str {
    let page = book.pages.iter().find(|page| page.bibliographies.contains(&file));
    page.and_then(|page| page.lang.as_deref()).unwrap_or("en")
}

fn merged(works: &BTreeMap<SourceId, Vec<Arc<Work>>>, files: &[SourceId]) -> Bibliography {
    let mut bibliography = Bibliography::default();
    bibliography.extend(files.iter().filter_map(|id| works.get(id)).flatten());
    bibliography
}

fn style(book: &Book, path: &str, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Style {
    Style::parse(text).unwrap_or_else(|error| {
        let source = book.sources.iter().find(|s| s.path() == path).map_or(SourceId(0), |s| s.id);
        let place = Place { source, span: Span::new(0, 0) };
        let message = format!("`{path}` is not a citation style: {error}");
        diagnostics.push(Diagnostic::new(Code::InvalidConfigValue, place, message));
        Style::default()
    })
}

impl Library {
    /// The works that a page may cite: from its bibliography files and the `references` in its metadata.
    pub fn bibliography(&self, page: &PageInput, meta: &Value) -> std::borrow::Cow<'_, Bibliography> {
        let files = self.bibliographies.get(&page.bibliographies);
        let Some(references) = meta.value(name!("references")).filter(|r| !r.items().is_empty()) else {
            return match files {
                Some(files) => std::borrow::Cow::Borrowed(files),
                None => std::borrow::Cow::Owned(merged(&self.works, &page.bibliographies)),
            };
        };
        let mut bibliography = files.cloned().unwrap_or_default();
        let inline: Vec<Arc<Work>> = parse_references(references).value.into_iter().map(Arc::new).collect();
        bibliography.extend(&inline);
        std::borrow::Cow::Owned(bibliography)
    }

    /// The works of all bibliography files, for the reference list of a book.
    pub fn of_all_pages(&self) -> std::borrow::Cow<'_, Bibliography> {
        let files: Vec<SourceId> = self.works.keys().copied().collect();
        std::borrow::Cow::Owned(merged(&self.works, &files))
    }

    /// The hashes of the bibliography files that a page cites from, or of all files.
    pub(crate) fn keys<'l>(&'l self, files: Option<&'l [SourceId]>) -> impl Iterator<Item = &'l Key> {
        let listed = files.into_iter().flatten().filter_map(|id| self.keys.get(id));
        let all = self.keys.values().filter(move |_| files.is_none());
        listed.chain(all)
    }

    /// The book's shared bibliography of the cited keys, in the style of the page that shows it.
    pub fn shared(&self, list: &PageInput, keys: &[String], meta: &Value) -> SharedBibliography {
        let lang = meta.value(name!("lang")).and_then(Value::as_str).unwrap_or("en");
        SharedBibliography::new(self.style(list), &self.of_all_pages(), keys, lang)
    }

    /// The citation style of a page.
    pub fn style(&self, page: &PageInput) -> &Style {
        page.style.as_ref().and_then(|path| self.styles.get(path)).unwrap_or(&self.default_style)
    }
}
