//! Files of the project as sources of the book, with a log of everything that was read.

use crate::parallel::in_parallel;
use crate::project::overlay::FileText;
use crate::project::similar::similar_file;
use crate::project::text_cache::{FileRead, ReadLog, TextCache};
use crate::project::vfs::{OutsideFolders, Vfs};
use camino::Utf8PathBuf;
use mlsys_book::{Code, Diagnostic, Place, Source, SourceId, Span};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Result;
use std::sync::Arc;

/// Reads files as sources. Every read goes to the log, every problem to the diagnostics.
#[derive(Debug)]
pub struct SourceReader {
    /// The project's files.
    pub vfs: Vfs,
    /// The files that were read or looked for, and the folders that were listed.
    pub log: ReadLog,
    /// Every source of the build, by [`SourceId`].
    pub sources: Vec<Arc<Source>>,
    /// The folder that paths in a source are relative to, by [`SourceId`]; relative to the project's folder.
    pub bases: Vec<String>,
    /// Problems with the files.
    pub diagnostics: Vec<Diagnostic>,
    /// The project's files, once they are listed.
    pub files: Vec<String>,
    /// The index in `files` of the first file with each name.
    pub names: BTreeMap<String, usize>,
    /// Texts and sources of the previous read.
    pub cache: SourceCache,
    outside: OutsideFolders,
}

/// Texts and sources between two reads of a project.
#[derive(Clone, Debug, Default)]
pub struct SourceCache {
    texts: TextCache,
    /// Files that are a source by themselves.
    sources: FxHashMap<String, (Arc<FileText>, Arc<Source>)>,
}

impl SourceCache {
    /// Removes all files but these.
    pub fn retain(&mut self, vfs: &Vfs, files: &BTreeSet<Utf8PathBuf>) {
        self.texts.retain(files);
        self.sources.retain(|path, _| files.contains(&vfs.absolute(path)));
    }
}

impl SourceReader {
    /// A reader without sources.
    pub fn new(vfs: Vfs, cache: SourceCache) -> Self {
        SourceReader {
            vfs,
            log: ReadLog::default(),
            sources: Vec::new(),
            bases: Vec::new(),
            diagnostics: Vec::new(),
            files: Vec::new(),
            names: BTreeMap::new(),
            cache,
            outside: OutsideFolders::default(),
        }
    }

    /// Reads a file of the project.
    ///
    /// # Errors
    /// When it cannot be read, or lies outside the project.
    pub fn text(&mut self, path: &str) -> Result<Arc<FileText>> {
        let (read, text) = self.cache.texts.read(&self.vfs, path, &mut self.outside);
        self.log(read);
        text
    }

    /// Reads files of the project in parallel; the results are in their order.
    pub fn texts(&mut self, paths: &[String]) -> Vec<Result<Arc<FileText>>> {
        let paths = TextCache::check(&self.vfs, paths, &mut self.outside);
        let (vfs, texts) = (&self.vfs, &self.cache.texts);
        let reads = in_parallel(paths, |(path, is_outside): (String, bool)| texts.read_checked(vfs, &path, is_outside));
        let log = |(read, text)| {
            self.log(read);
            text
        };
        reads.into_iter().map(log).collect()
    }

    /// Reads a file of the project without logging it, so that pages can be read in parallel; see [`SourceReader::log`].
    ///
    /// # Errors
    /// When it cannot be read, or lies outside the project.
    pub fn read(&self, path: &str, outside: &mut OutsideFolders) -> (FileRead, Result<Arc<FileText>>) {
        self.cache.texts.read(&self.vfs, path, outside)
    }

    /// Logs a read and caches its text.
    pub fn log(&mut self, read: FileRead) {
        self.cache.texts.insert(&read);
        self.log.files.insert(read.absolute);
    }

    /// True if there is a file at the path.
    pub fn has_file(&mut self, path: &str) -> bool {
        self.log.files.insert(self.vfs.absolute(path));
        self.vfs.is_file(path)
    }

    /// A hint that names the file that was probably meant by a missing one.
    pub fn similar(&self, path: &str) -> Option<String> {
        similar_file(&self.files, &self.names, path)
    }

    /// Reads a file as a source by itself. Paths in it are relative to `base`.
    ///
    /// # Errors
    /// When it cannot be read, or lies outside the project.
    pub fn source(&mut self, path: &str, base: &str) -> Result<SourceId> {
        let text = self.text(path)?;
        let id = self.next_id();
        let source = match self.cache.sources.get(path) {
            Some((cached, source)) if Arc::ptr_eq(cached, &text) && source.id == id => source.clone(),
            _ => Arc::new(Source::sharing(id, path, text.text.clone())),
        };
        self.cache.sources.insert(path.to_owned(), (text.clone(), source.clone()));
        let place = |at| source.place(Span::new(at, (at + 3).min(source.text.len())));
        self.diagnostics.extend(text.invalid.map(|at| invalid_utf8(path, place(at))));
        self.push(source, base);
        Ok(id)
    }

    /// The id of the next source.
    pub fn next_id(&self) -> SourceId {
        SourceId(self.sources.len() as u32)
    }

    /// Adds a source; its id must be [`SourceReader::next_id`].
    pub fn push(&mut self, source: Arc<Source>, base: &str) {
        self.sources.push(source);
        self.bases.push(base.to_owned());
    }

    /// A source.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.index()]
    }

    /// The folder that a path written at this place is relative to.
    pub fn base(&self, place: Place) -> &str {
        self.bases.get(place.source.index()).map_or("", String::as_str)
    }

    /// Lists the project's files, in ascending order; see [`Vfs::list`]. Reports links that lead out of the project.
    pub fn list(&mut self, outputs: &[Utf8PathBuf]) -> Vec<String> {
        let listing = self.vfs.list(outputs);
        self.log.folders.extend(listing.folders);
        for link in listing.links_outside {
            let message =
                format!("`{link}` is a link that leads out of the project's folder; it is not part of the book");
            let place = Place { source: SourceId(0), span: Span::new(0, 0) };
            let finding = Diagnostic::new(Code::UnreadableFile, place, message);
            self.diagnostics.push(finding.hint("put the files themselves into the folder"));
        }
        listing.files
    }

    /// Lists the files of one folder, in ascending order. [`SourceReader::list`] reports its links.
    pub fn list_folder(&mut self, folder: &str) -> Vec<String> {
        let listing = self.vfs.list_folder(folder, &[]);
        self.log.folders.extend(listing.folders);
        listing.files
    }
}

/// The diagnostic for a file that is not UTF-8.
pub fn invalid_utf8(path: &str, place: Place) -> Diagnostic {
    let message = format!("`{path}` is not UTF-8; invalid bytes are shown as U+FFFD");
    Diagnostic::new(Code::InvalidUtf8, place, message).hint("save the file as UTF-8")
}
