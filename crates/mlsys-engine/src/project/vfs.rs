//! The project's folder as the build sees it: what is there, and every file that was read.

use crate::parallel::in_parallel;
use crate::project::pages::KnownPage;
use crate::project::sandbox::{Bounds, outside};
use camino::{Utf8Path, Utf8PathBuf};
use mlsys_book::{Code, Diagnostic, Place, Source, SourceId, Span};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use walkdir::WalkDir;

/// Folders that hold no part of a book.
const SKIPPED_FOLDERS: &[&str] = &["node_modules", "renv", "packrat", "venv", "__pycache__", "target"];

/// How long a file must have been left alone before its time of change says that it is the same. File systems count time in
/// steps of up to two seconds; within one step a file can change twice.
const SETTLED: Duration = Duration::from_secs(2);

/// The longest text that is read, in bytes. A book's longest chapters come to one or two hundredths of it.
const LONGEST: u64 = 64 << 20;

/// What a file's directory entry says about its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    changed: SystemTime,
    bytes: u64,
    is_file: bool,
    settled: bool,
}

impl Stamp {
    /// The stamp of what is at a path now; nothing when there is nothing.
    pub fn of(path: &Utf8Path) -> Option<Stamp> {
        let meta = std::fs::metadata(path).ok()?;
        let changed = meta.modified().ok()?;
        let settled = SystemTime::now().duration_since(changed).is_ok_and(|age| age > SETTLED);
        Some(Stamp { changed, bytes: meta.len(), is_file: meta.is_file(), settled })
    }

    /// Whether the content is certainly the one that the file had at a moment; the stamp was taken later.
    pub fn is_of(&self, moment: SystemTime) -> bool {
        moment.duration_since(self.changed).is_ok_and(|age| age > SETTLED)
    }

    /// Whether two stamps say the same of a file.
    pub fn is_same(&self, other: &Stamp) -> bool {
        (self.changed, self.bytes, self.is_file) == (other.changed, other.bytes, other.is_file)
    }

    /// Whether it is a file, no folder.
    pub fn is_file(&self) -> bool {
        self.is_file
    }

    /// Whether the content is certainly the same as when this stamp was taken.
    pub fn is_still(&self, now: &Stamp) -> bool {
        self.settled && self.is_same(now)
    }
}

/// The texts of files that have been read, and what they came to, for reading the project again with the same options.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    files: FxHashMap<Utf8PathBuf, (Stamp, Arc<FileText>)>,
    /// Files that are sources of their own.
    sources: FxHashMap<String, (Arc<FileText>, Arc<Source>)>,
    /// Pages, by the paths of their files.
    pub pages: FxHashMap<String, KnownPage>,
}

impl Texts {
    /// A file's text, from memory when the file is certainly the same, and what its directory entry said before.
    fn read(&self, path: &Utf8Path) -> std::io::Result<(Option<Stamp>, Arc<FileText>)> {
        let stamp = Stamp::of(path);
        if let (Some(now), Some((then, text))) = (&stamp, self.files.get(path))
            && then.is_still(now)
        {
            return Ok((stamp, text.clone()));
        }
        match &stamp {
            // A pipe or a device may never end.
            Some(stamp) if !stamp.is_file => return Err(std::io::Error::other("it is not a file")),
            Some(stamp) if stamp.bytes > LONGEST => {
                return Err(std::io::Error::other(format!("it is larger than {} MB", LONGEST >> 20)));
            }
            _ => {}
        }
        Ok((stamp, Arc::new(file_text(std::fs::read(path)?))))
    }

    /// Remembers a file's text.
    fn know(&mut self, path: &Utf8Path, stamp: Option<Stamp>, text: &Arc<FileText>) {
        match stamp {
            Some(stamp) => self.files.insert(path.to_owned(), (stamp, text.clone())),
            None => self.files.remove(path),
        };
    }

    /// Forgets all files but these.
    pub fn keep(&mut self, root: &Utf8Path, files: &BTreeSet<Utf8PathBuf>) {
        self.files.retain(|path, _| files.contains(path));
        self.sources.retain(|path, _| files.contains(&root.join(path)));
        self.pages.retain(|path, _| files.contains(&root.join(path)));
    }
}

/// The project's folder and the sources read from it.
#[derive(Debug)]
pub struct Disk {
    /// The project's folder.
    pub root: Utf8PathBuf,
    /// The border of what is read.
    pub bounds: Bounds,
    folders_out: FoldersOut,
    /// Every source of the build, by [`SourceId`].
    pub sources: Vec<Arc<Source>>,
    /// The folder that paths in a source are relative to, by [`SourceId`], relative to the root.
    pub bases: Vec<String>,
    /// Every file that was read or asked for.
    pub read: BTreeSet<Utf8PathBuf>,
    /// Every folder that was listed.
    pub folders: BTreeSet<Utf8PathBuf>,
    /// What was wrong with the files.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts of files that an earlier build has read.
    pub texts: Texts,
}

/// Whether folders lead out of the project, by their paths: each is looked at once.
pub type FoldersOut = FxHashMap<String, bool>;

/// A file that was read, for [`Disk::note`].
#[derive(Debug)]
pub struct Read {
    /// The path, as it was asked for.
    pub path: String,
    full: Utf8PathBuf,
    stamp: Option<Stamp>,
    /// The text, if it could be read.
    pub text: Option<Arc<FileText>>,
}

/// A file's text, and the byte at which it stopped being UTF-8.
#[derive(Debug, Default)]
pub struct FileText {
    /// The text, with U+FFFD in place of other bytes and without a byte order mark.
    pub text: Arc<String>,
    /// Where the first byte stands that is not UTF-8.
    pub invalid: Option<usize>,
}

impl Disk {
    /// A project's folder, with nothing read yet but the texts that an earlier build has kept.
    pub fn new(root: Utf8PathBuf, bounds: Bounds, texts: Texts) -> Self {
        Disk {
            root,
            bounds,
            folders_out: FoldersOut::default(),
            sources: Vec::new(),
            bases: Vec::new(),
            read: BTreeSet::new(),
            folders: BTreeSet::new(),
            diagnostics: Vec::new(),
            texts,
        }
    }

    /// Reads a file of the project.
    ///
    /// # Errors
    /// When it cannot be read, or lies outside the project.
    pub fn text(&mut self, path: &str) -> std::io::Result<Arc<FileText>> {
        let mut folders_out = std::mem::take(&mut self.folders_out);
        let (read, text) = self.look(path, &mut folders_out);
        self.folders_out = folders_out;
        self.note(read);
        text
    }

    /// Reads files of the project, side by side; what each came to, in their order, as [`Disk::text`] gives it.
    pub fn each_text(&mut self, paths: &[String]) -> Vec<std::io::Result<Arc<FileText>>> {
        let mut folders_out = std::mem::take(&mut self.folders_out);
        let inside = |path: &String| (path.clone(), !self.leads_out(path, &mut folders_out));
        let files = paths.iter().map(inside).collect();
        self.folders_out = folders_out;
        let looked = in_parallel(files, |(path, inside): (String, bool)| self.look_inside(path, inside));
        let note = |(read, text)| {
            self.note(read);
            text
        };
        looked.into_iter().map(note).collect()
    }

    /// Reads a file of the project without noting it.
    ///
    /// # Errors
    /// As [`Disk::text`].
    pub fn look(&self, path: &str, folders_out: &mut FoldersOut) -> (Read, std::io::Result<Arc<FileText>>) {
        self.look_inside(path.to_owned(), !self.leads_out(path, folders_out))
    }

    fn look_inside(&self, path: String, inside: bool) -> (Read, std::io::Result<Arc<FileText>>) {
        let full = self.root.join(&path);
        match if inside { self.texts.read(&full) } else { Err(outside()) } {
            Ok((stamp, text)) => (Read { path, full, stamp, text: Some(text.clone()) }, Ok(text)),
            Err(error) => (Read { path, full, stamp: None, text: None }, Err(error)),
        }
    }

    /// Notes that a file was read.
    pub fn note(&mut self, read: Read) {
        if let Some(text) = &read.text {
            self.texts.know(&read.full, read.stamp, text);
        }
        self.read.insert(read.full);
    }

    /// Whether a path leads out of the project.
    fn leads_out(&self, path: &str, folders_out: &mut FoldersOut) -> bool {
        let folder = folder_of(path);
        let out = match folders_out.get(folder) {
            Some(out) => *out,
            None => {
                let out = self.bounds.leads_out(folder);
                folders_out.insert(folder.to_owned(), out);
                out
            }
        };
        out || self.root.join(path).is_symlink() && self.bounds.leads_out(path)
    }

    /// The day of a file's last change.
    pub fn modified(&self, path: &str) -> Option<jiff::civil::Date> {
        let moment = std::fs::metadata(self.root.join(path)).and_then(|m| m.modified()).ok()?;
        let moment = jiff::Timestamp::try_from(moment).ok()?;
        Some(moment.to_zoned(jiff::tz::TimeZone::system()).date())
    }

    /// Whether there is a file of this name.
    pub fn has_file(&mut self, path: &str) -> bool {
        let path = self.root.join(path);
        let there = path.is_file();
        self.read.insert(path);
        there
    }

    /// Reads a file as a source of its own. Paths in it are relative to `base`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn source(&mut self, path: &str, base: &str) -> std::io::Result<SourceId> {
        let text = self.text(path)?;
        let id = self.next_id();
        let source = match self.texts.sources.get(path) {
            Some((known, source)) if Arc::ptr_eq(known, &text) && source.id == id => source.clone(),
            _ => Arc::new(Source::sharing(id, path, text.text.clone())),
        };
        self.texts.sources.insert(path.to_owned(), (text.clone(), source.clone()));
        let place = |at| source.place(Span::new(at, (at + 3).min(source.text.len())));
        self.diagnostics.extend(text.invalid.map(|at| invalid_utf8(path, place(at))));
        self.push(source, base);
        Ok(id)
    }

    /// The number of the next source.
    pub fn next_id(&self) -> SourceId {
        SourceId(self.sources.len() as u32)
    }

    /// Adds a source; its id must be [`Disk::next_id`].
    pub fn push(&mut self, source: Arc<Source>, base: &str) {
        self.sources.push(source);
        self.bases.push(base.to_owned());
    }

    /// A source.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// The folder that a path written at this place is relative to.
    pub fn base(&self, place: Place) -> &str {
        self.bases.get(place.source.0 as usize).map_or("", String::as_str)
    }

    /// The project's files, relative to its folder, in ascending order. Hidden folders and `outputs` are left out, and so are
    /// symbolic links that lead out of the project; those that look like a part of the book are reported.
    pub fn list(&mut self, outputs: &[Utf8PathBuf]) -> Vec<String> {
        let keep = |entry: &walkdir::DirEntry| {
            let name = entry.file_name().to_string_lossy();
            let skipped = entry.file_type().is_dir()
                && (name.starts_with('.')
                    || SKIPPED_FOLDERS.contains(&name.as_ref())
                    || outputs.iter().any(|out| entry.path() == out.as_std_path()));
            entry.depth() == 0 || !skipped
        };
        let mut links_out = Vec::new();
        let bounds = &self.bounds;
        let keep = |entry: &walkdir::DirEntry| {
            if !keep(entry) {
                return false;
            }
            let path =
                entry.path_is_symlink().then(|| relative(&self.root, Utf8Path::from_path(entry.path())?)).flatten();
            match path.filter(|path| !path.is_empty() && bounds.leads_out(path)) {
                Some(path) => {
                    links_out.push(path);
                    false
                }
                None => true,
            }
        };
        let walk = WalkDir::new(&self.root).follow_links(true).into_iter().filter_entry(keep);
        let folders = &mut self.folders;
        let mut files: Vec<String> = walk
            .filter_map(|entry| match entry {
                Ok(entry) if entry.file_type().is_dir() => {
                    folders.extend(Utf8PathBuf::from_path_buf(entry.into_path()));
                    None
                }
                Ok(entry) => entry.file_type().is_file().then(|| entry.into_path()),
                // A link that leads nowhere is a file that cannot be read, which its reader will say.
                Err(error) => error.path().filter(|path| path.is_symlink()).map(ToOwned::to_owned),
            })
            .filter_map(|path| relative(&self.root, Utf8Path::from_path(&path)?))
            .collect();
        files.sort();
        links_out.sort();
        for link in links_out.iter().filter(|link| is_design(link) || holds_pages(&self.root.join(link))) {
            let message =
                format!("`{link}` is a link that leads out of the project's folder; it is no part of the book");
            let place = Place::project();
            let finding = Diagnostic::new(Code::UnreadableFile, place, message);
            self.diagnostics.push(finding.hint("put the files themselves into the folder"));
        }
        files
    }
}

/// Whether a path is that of a template or of a part of the theme.
fn is_design(path: &str) -> bool {
    path.starts_with("templates/") || path.starts_with("themes/") || matches!(path, "templates" | "themes")
}

/// Whether a path is a page's, or a folder's in which there are pages.
fn holds_pages(path: &Utf8Path) -> bool {
    let is_page = |path: &Path| path.extension().is_some_and(|ending| ending == "qmd" || ending == "md");
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().any(|entry| is_page(&entry.path())),
        Err(_) => is_page(path.as_std_path()),
    }
}

/// The path relative to a folder, with `/`.
fn relative(root: &Utf8Path, path: &Utf8Path) -> Option<String> {
    let parts: Vec<&str> = path.strip_prefix(root).ok()?.iter().collect();
    Some(parts.join("/"))
}

/// The folder of a file, both relative to the project's folder; empty for that folder itself.
pub fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The text of bytes.
pub fn file_text(mut bytes: Vec<u8>) -> FileText {
    if bytes.starts_with("\u{feff}".as_bytes()) {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => FileText { text: Arc::new(text), invalid: None },
        Err(error) => {
            let invalid = Some(error.utf8_error().valid_up_to());
            FileText { text: Arc::new(String::from_utf8_lossy(error.as_bytes()).into_owned()), invalid }
        }
    }
}

/// The finding about a file that is not UTF-8.
pub fn invalid_utf8(path: &str, place: Place) -> Diagnostic {
    let message = format!("`{path}` is not UTF-8; bytes that cannot be read are shown as U+FFFD");
    Diagnostic::new(Code::InvalidUtf8, place, message).hint("save the file as UTF-8")
}
