//! What a build keeps for the next one, and which inputs have stayed the same since.
//!
//! Every step of the pipeline asks here whether it may take a page's earlier result. The rule is the firewall of
//! `crates/README.md`: a result is taken when everything that it was made from is equal, and only then.

use crate::build::linked::Linked;
use crate::leaves::diagrams::PageDiagrams;
use crate::memo::kept::Kept;
use crate::memo::store::Cache;
use crate::project::{Book, PageInput};
use crate::site::listings::PageListings;
use crate::site::media::PageMedia;
use crate::site::search::SearchFiles;
use crate::site::shell::{Design, Frame};
use mlsys_book::{Checked, Diagnostic, Project, Source, SourceId};
use mlsys_render::{Html, PageEntry, SearchPage};
use std::sync::Arc;

/// An earlier build of the same project; empty before the first.
pub struct Memory {
    last: Option<(Book, Results)>,
    /// What earlier runs of the command have kept.
    cache: Cache,
}

impl Memory {
    /// The memory of no build, beside a cache.
    pub fn new(cache: Cache) -> Self {
        Memory { last: None, cache }
    }

    /// The book of the last build.
    pub fn book(&self) -> Option<&Book> {
        self.last.as_ref().map(|(book, _)| book)
    }

    /// Keeps a build.
    pub(crate) fn keep(&mut self, book: Book, results: Results) {
        self.last = Some((book, results));
        self.cache.trim();
    }

    /// Forgets the build.
    pub(crate) fn clear(&mut self) {
        self.last = None;
    }
}

/// What the steps of a build have made.
pub(crate) struct Results {
    pub linked: Linked,
    pub drawn: PerPage<PageDiagrams>,
    pub media: PerPage<Option<PageMedia>>,
    pub bodies: PerPage<Option<Html>>,
    pub listings: PerPage<Option<PageListings>>,
    pub frame: Frame,
    pub pages: PerPage<Option<Arc<[u8]>>>,
    /// What was found while the site's own files were made.
    pub site: Vec<Diagnostic>,
    /// What the pages give to the search.
    pub searched: PerPage<Option<(PageEntry, SearchPage)>>,
    /// The search index.
    pub index: SearchFiles,
}

impl Results {
    /// Whether a finding about a page lies outside the pages: in the configuration, where it names a place that other edits
    /// move.
    pub fn point_outside(&self, book: &Book) -> bool {
        let mut inside = vec![false; book.sources.len()];
        book.pages.iter().for_each(|page| inside[page.source.0 as usize] = true);
        let outside = |id: SourceId| !inside.get(id.0 as usize).copied().unwrap_or(false);
        self.linked.chapters.findings().any(|d| points_to(d, outside))
            || self.linked.links.findings().any(|d| points_to(d, outside))
            || self.media.findings().any(|d| points_to(d, outside))
            || self.bodies.findings().any(|d| points_to(d, outside))
            || self.listings.findings().chain(&self.site).any(|d| points_to(d, outside))
    }
}

/// Whether one of a finding's places is in such a source.
pub(crate) fn points_to(finding: &Diagnostic, source: impl Fn(SourceId) -> bool) -> bool {
    source(finding.place.source) || finding.related.iter().any(|(place, _)| source(place.source))
}

/// A step's result for one page.
#[derive(Debug)]
pub(crate) struct Made<T> {
    /// The result and its findings.
    pub result: Arc<Checked<T>>,
    /// Whether the result equals that of the last build.
    pub same: bool,
}

/// A step's results, one for each page in book order.
#[derive(Debug)]
pub struct PerPage<T> {
    pub(crate) made: Vec<Made<T>>,
}

impl<T> PerPage<T> {
    /// The results in book order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.made.iter().map(|made| &made.result.value)
    }

    /// The findings in book order.
    pub fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.made.iter().flat_map(|made| &made.result.diagnostics)
    }

    /// Whether a page's result equals that of the last build.
    pub(crate) fn is_same(&self, page: usize) -> bool {
        self.made.get(page).is_some_and(|made| made.same)
    }
}

impl<'p, T> IntoIterator for &'p PerPage<T> {
    type Item = &'p T;
    type IntoIter = Box<dyn Iterator<Item = &'p T> + 'p>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl<T> std::ops::Index<usize> for PerPage<T> {
    type Output = T;

    fn index(&self, page: usize) -> &T {
        &self.made[page].result.value
    }
}

/// The last build as seen from a new one: its results, and which inputs have stayed the same.
pub(crate) struct Since<'m> {
    last: Option<&'m (Book, Results)>,
    /// The design of the last build, if it is made from the same files; other pages make no other design.
    pub design: Option<&'m Arc<Design>>,
    /// Whether a source has the text that it had, by its number.
    same: Vec<bool>,
    /// Whether all sources have.
    pub sources: bool,
    /// Whether a source that is no page, such as the configuration, has another text.
    pub outside_moved: bool,
    /// Whether what pages share of their surroundings is the same.
    pub scope: bool,
    /// Whether the project as configured is the same.
    pub project: bool,
    /// Whether the project has the same files.
    pub files: bool,
    /// Whether the project has the same folders with files in them.
    pub folders: bool,
    /// What earlier runs of the command have kept.
    pub kept: Kept<'m>,
}

impl<'m> Since<'m> {
    /// A first build: nothing is the same.
    pub fn nothing() -> Self {
        Since {
            last: None,
            design: None,
            same: Vec::new(),
            sources: false,
            outside_moved: false,
            scope: false,
            project: false,
            files: false,
            folders: false,
            kept: Kept::default(),
        }
    }

    /// A first build of this run: earlier ones may have kept something.
    pub fn runs(book: &Book, cache: &'m Cache) -> Self {
        Since { kept: Kept::new(book, cache), ..Since::nothing() }
    }

    /// Compares a book with that of the last build. With other pages, another order of pages or of sources everything is made
    /// anew: numbers of pages and sources are part of every result.
    pub fn new(book: &Book, memory: &'m Memory) -> Self {
        let Some(last @ (then, results)) = &memory.last else { return Self::runs(book, &memory.cache) };
        let design = Some(&results.frame.design).filter(|design| design.is_clean() && book.same_design(then));
        let anew = || Since { design, ..Self::runs(book, &memory.cache) };
        let same_page = |(a, b): (&PageInput, &PageInput)| {
            (a.source, a.wanted, &a.bibliographies) == (b.source, b.wanted, &b.bibliographies)
        };
        let comparable = book.root == then.root
            && book.output == then.output
            && book.project.pages == then.project.pages
            && book.pages.len() == then.pages.len()
            && book.pages.iter().zip(&then.pages).all(same_page)
            && book.sources.len() == then.sources.len();
        if !comparable {
            return anew();
        }
        let mut is_page = vec![false; book.sources.len()];
        book.pages.iter().for_each(|page| is_page[page.source.0 as usize] = true);
        let same: Vec<bool> = book.sources.iter().zip(&then.sources).map(|(a, b)| is_same(a, b)).collect();
        let outside_moved = same.iter().zip(&is_page).any(|(same, is_page)| !same && !is_page);
        if outside_moved && results.point_outside(then) {
            return anew();
        }
        let files = book.files == then.files;
        Since {
            last: Some(last),
            design,
            sources: same.iter().all(|same| *same),
            same,
            outside_moved,
            scope: book.scope == then.scope,
            project: same_project(&book.project, &then.project),
            files,
            folders: files || folders(book) == folders(then),
            kept: Kept::new(book, &memory.cache).parts(),
        }
    }

    /// The last build's book.
    pub fn book(&self) -> Option<&'m Book> {
        self.last.map(|(book, _)| book)
    }

    /// The last build's results.
    pub fn results(&self) -> Option<&'m Results> {
        self.last.map(|(_, results)| results)
    }

    /// Whether a source has the text that it had.
    fn source(&self, id: SourceId) -> bool {
        self.same.get(id.0 as usize).copied().unwrap_or(false)
    }

    /// Whether a page's text and all that its tree is made from is the same.
    pub fn text(&self, book: &Book, page: usize) -> bool {
        self.last.is_some_and(|(then, _)| {
            let (a, b) = (&book.pages[page], &then.pages[page]);
            self.scope
                && (&a.folder_meta, &a.quizzes, &a.glossary) == (&b.folder_meta, &b.quizzes, &b.glossary)
                && self.source(a.source)
        })
    }

    /// Whether a page cites from the same files in the same style.
    pub fn citations(&self, book: &Book, page: usize) -> bool {
        self.last.is_some_and(|(then, _)| {
            let (a, b) = (&book.pages[page], &then.pages[page]);
            a.style == b.style && book.style(a) == then.style(b) && a.bibliographies.iter().all(|id| self.source(*id))
        })
    }

    /// Whether the files that the metadata includes in a page's head or body are the same.
    pub fn includes(&self, book: &Book, page: usize) -> bool {
        self.last.is_some_and(|(then, _)| book.pages[page].included == then.pages[page].included)
    }

    /// Whether everything that the page around a body takes from the page's own files is the same.
    pub fn surroundings(&self, book: &Book, page: usize) -> bool {
        self.last.is_some_and(|(then, _)| {
            let (a, b) = (&book.pages[page], &then.pages[page]);
            (&a.included, a.modified, book.today) == (&b.included, b.modified, then.today)
        })
    }
}

/// Whether two sources are composed of the same files in the same way, and so have the same text.
fn is_same(a: &Arc<Source>, b: &Arc<Source>) -> bool {
    Arc::ptr_eq(a, b) || (a.id, &a.pieces, &a.files) == (b.id, &b.pieces, &b.files) && a.text.len() == b.text.len()
}

/// Whether two projects are configured alike. Filters do their work before the pipeline starts.
fn same_project(a: &Project, b: &Project) -> bool {
    let Project { kind, output_dir, pages, resources, meta, filters: _, variables, profiles, site } = a;
    (kind, output_dir, pages, resources) == (&b.kind, &b.output_dir, &b.pages, &b.resources)
        && (meta, variables, profiles, site) == (&b.meta, &b.variables, &b.profiles, &b.site)
}

/// The folders that hold files, in ascending order.
pub(crate) fn folders(book: &Book) -> Vec<&str> {
    let mut folders: Vec<&str> =
        book.files.iter().map(|file| file.rsplit_once('/').map_or("", |(folder, _)| folder)).collect();
    folders.dedup();
    folders.sort_unstable();
    folders.dedup();
    folders
}
