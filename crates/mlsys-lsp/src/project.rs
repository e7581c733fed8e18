//! A project whose documents an editor has open: the engine's last build of it, and its findings.

use crate::findings::{Findings, findings};
use crate::text::Encoding;
use camino::Utf8Path;
use mlsys_book::{PageId, Source};
use mlsys_engine::build::rebuild;
use mlsys_engine::leaves::cells::{CellMode, CellOptions, Cells};
use mlsys_engine::leaves::diagrams::{DiagramMode, DiagramOptions};
use mlsys_engine::leaves::progress::ProgressListener;
use mlsys_engine::leaves::sass;
use mlsys_engine::memo::store::{self, Store};
use mlsys_engine::options::BuildOptions;
use mlsys_engine::project::locate::Request;
use mlsys_engine::project::{FileCache, Overlay, ReadOptions, read_again};
use mlsys_engine::{Book, Linked, Memory, lints};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A project with unsaved texts.
pub struct Project {
    reading: ReadOptions,
    options: BuildOptions,
    cells: Cells,
    files: FileCache,
    memory: Memory,
    encoding: Encoding,
    /// What the pipeline has found.
    built: Findings,
    /// What the lints have found, by page.
    of_pages: BTreeMap<PageId, Findings>,
    /// What the lints of the whole book have found.
    of_book: Findings,
    /// Why the project cannot be read.
    pub failure: Option<String>,
    /// True if the lints of the whole book are older than the last build.
    pub is_due: bool,
}

impl Project {
    /// A project that has not been built yet.
    pub fn new(request: Request, encoding: Encoding) -> Project {
        let cache = Some(store::folder(&request.root));
        let silent = || ProgressListener::new(|_| ());
        // An editor's checks run no program but mlsys itself: drawn diagrams and results of cells come from builds.
        let options = BuildOptions {
            diagrams: DiagramOptions {
                mode: DiagramMode::Cached,
                programs: std::ffi::OsString::new(),
                cache: cache.clone(),
                progress: silent(),
            },
            sass: sass::own_file(),
            search: false,
            ..BuildOptions::default()
        };
        let cells =
            CellOptions { mode: CellMode::Check, cache: cache.clone(), progress: silent(), announcement: silent() };
        Project {
            reading: ReadOptions {
                request,
                profiles: Vec::new(),
                output_dir: None,
                format: "html".to_owned(),
                overlay: Overlay::default(),
            },
            options,
            cells: Cells::new(cells),
            files: FileCache::default(),
            memory: Memory::new(Store::new(cache)),
            encoding,
            built: Findings::new(),
            of_pages: BTreeMap::new(),
            of_book: Findings::new(),
            failure: None,
            is_due: false,
        }
    }

    /// The project's folder.
    pub fn root(&self) -> &Utf8Path {
        &self.reading.request.root
    }

    /// True if a file belongs to the project.
    pub fn has(&self, path: &Utf8Path) -> bool {
        match self.reading.request.lone {
            true => self.reading.request.only.iter().any(|file| self.root().join(file) == path),
            false => path.starts_with(self.root()),
        }
    }

    /// Sets the text of an open document.
    pub fn set(&mut self, path: &Utf8Path, text: &str) {
        self.reading.overlay.set(path, text);
    }

    /// Forgets the text of a closed document: the file on disk counts again.
    pub fn close(&mut self, path: &Utf8Path) {
        self.reading.overlay.remove(path);
    }

    /// Builds the project again, and runs the lints of the pages that have changed.
    pub fn update(&mut self) {
        let book = match read_again(&self.reading, &mut self.files) {
            Ok(book) => self.cells.execute(book),
            Err(error) => {
                self.failure = Some(error.to_string());
                return;
            }
        };
        self.failure = None;
        let before: Vec<Arc<Source>> = self.memory.book().map(|book| book.sources.clone()).unwrap_or_default();
        let built = rebuild(book, &self.options, &mut self.memory, |_, _| ());
        let Some((book, linked)) = self.memory.book().zip(self.memory.linked()) else { return };
        self.built = findings(book, &book.sources, &built.diagnostics, self.encoding);
        // A page whose source is the same value has the same findings, at the same places.
        let is_same = |id: PageId| {
            let source = book.pages[id].source.index();
            before.get(source).is_some_and(|earlier| Arc::ptr_eq(earlier, &book.sources[source]))
        };
        let mut of_pages = std::mem::take(&mut self.of_pages);
        self.of_pages = book
            .page_ids()
            .map(|id| {
                let earlier = of_pages.remove(&id).filter(|_| is_same(id));
                (id, earlier.unwrap_or_else(|| self.lints_of(book, linked, id)))
            })
            .collect();
        self.is_due = true;
    }

    fn lints_of(&self, book: &Book, linked: &Linked, id: PageId) -> Findings {
        findings(book, &book.sources, &lints::of_page(book, linked, id), self.encoding)
    }

    /// Runs the lints of the whole book.
    pub fn finish(&mut self) {
        self.is_due = false;
        let Some((book, linked)) = self.memory.book().zip(self.memory.linked()) else { return };
        // The lints add the files that no page reads to the sources of their copy.
        let mut copy = book.clone();
        let found = lints::of_book(&mut copy, linked);
        self.of_book = findings(&copy, &copy.sources, &found, self.encoding);
        self.of_pages = book.page_ids().map(|id| (id, self.lints_of(book, linked, id))).collect();
    }

    /// All findings by the absolute paths of their files.
    pub fn findings(&self) -> Findings {
        let mut all = self.built.clone();
        for (path, more) in self.of_pages.values().chain([&self.of_book]).flatten() {
            let known = all.entry(path.clone()).or_default();
            known.extend(more.iter().filter(|finding| !known.contains(finding)).cloned().collect::<Vec<_>>());
        }
        all
    }

    /// The last build.
    pub fn built(&self) -> Option<Built<'_>> {
        let (book, linked) = self.memory.book().zip(self.memory.linked())?;
        Some(Built { book, linked, encoding: self.encoding })
    }
}

/// A built project, for requests.
#[derive(Clone, Copy)]
pub struct Built<'p> {
    /// The book.
    pub book: &'p Book,
    /// Its trees, numbers and links.
    pub linked: &'p Linked,
    /// The unit of columns.
    pub encoding: Encoding,
}

impl Built<'_> {
    /// The path of a file relative to the project's folder.
    pub fn relative<'a>(&self, path: &'a Utf8Path) -> Option<&'a str> {
        path.strip_prefix(&self.book.root).ok().map(Utf8Path::as_str)
    }

    /// The page of a file, or the first page that includes it.
    pub fn page_of(&self, file: &str) -> Option<PageId> {
        let own = self.book.page_ids().find(|id| self.book.source(*id).path() == file);
        own.or_else(|| self.book.page_ids().find(|id| self.book.source(*id).files.iter().any(|part| part.path == file)))
    }
}
