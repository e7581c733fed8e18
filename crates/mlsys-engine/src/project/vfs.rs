//! The engine's file system: the project's folder, an overlay of unsaved texts and generated files, and the sandbox around them.
//!
//! Everything in the engine that reads a project's files does so through [`Vfs`]. An editor server puts the texts of its open
//! documents into the [`Overlay`]; a path in it is never read from disk. The figures of executed cells are [`GeneratedFile`]s: the
//! site uses them like files of the project. Paths are relative to the project's folder, or absolute.

use crate::project::fingerprint::Fingerprint;
use crate::project::overlay::{FileText, Overlay, normalized};
use crate::project::sandbox::Sandbox;
use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Result};
use std::path::Path;
use std::sync::Arc;
use walkdir::WalkDir;

/// Folders that never hold sources of a book.
const SKIPPED_FOLDERS: &[&str] = &["node_modules", "renv", "packrat", "venv", "__pycache__", "target"];

/// A file that the sources do not have under its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneratedFile {
    /// Its content, such as a figure that a cell has drawn.
    Bytes(Arc<[u8]>),
    /// The absolute path of a file with its content, such as a figure in `_freeze`.
    Copy(Utf8PathBuf),
}

/// The files of a project as the engine sees them.
#[derive(Clone, Debug)]
pub struct Vfs {
    root: Utf8PathBuf,
    sandbox: Sandbox,
    overlay: Overlay,
    /// By absolute path.
    generated: BTreeMap<Utf8PathBuf, GeneratedFile>,
}

/// Where the content of a path is.
enum Located<'v> {
    /// In memory.
    Memory(&'v [u8]),
    /// On disk.
    Disk(&'v Utf8Path),
}

/// The files and folders of a project.
#[derive(Debug, Default)]
pub struct Listing {
    /// The files, relative to the project's folder, in ascending order.
    pub files: Vec<String>,
    /// The folders that were listed; absolute.
    pub folders: BTreeSet<Utf8PathBuf>,
    /// Symbolic links to pages, templates or theme files outside the project. They are not part of the book.
    pub links_outside: Vec<String>,
}

impl Vfs {
    /// A file system with a project's folder and unsaved texts.
    pub fn new(root: Utf8PathBuf, sandbox: Sandbox, overlay: Overlay) -> Self {
        Vfs { root, sandbox, overlay, generated: BTreeMap::new() }
    }

    /// The same file system with generated files, by their paths relative to the project's folder.
    #[must_use]
    pub fn with_generated(self, files: impl IntoIterator<Item = (String, GeneratedFile)>) -> Self {
        let generated = files.into_iter().map(|(path, file)| (normalized(&self.absolute(path)), file)).collect();
        Vfs { generated, ..self }
    }

    /// The generated files in a folder, relative to the project's folder.
    pub fn generated_in(&self, folder: &str) -> impl Iterator<Item = String> {
        let folder = self.absolute(folder);
        let inside = self.generated.range(folder.clone()..).map(|(path, _)| path);
        let inside = inside.take_while(move |path| path.starts_with(&folder));
        inside.filter_map(|path| Some(path.strip_prefix(&self.root).ok()?.to_string()))
    }

    /// The absolute path of a file.
    pub fn absolute(&self, path: impl AsRef<Utf8Path>) -> Utf8PathBuf {
        self.root.join(path.as_ref())
    }

    /// The unsaved text of a file, if it has one.
    pub fn unsaved(&self, path: impl AsRef<Utf8Path>) -> Option<&Arc<FileText>> {
        self.overlay.get(&self.absolute(path))
    }

    /// The generated file at a path, if there is one.
    pub fn generated(&self, path: impl AsRef<Utf8Path>) -> Option<&GeneratedFile> {
        self.generated.get(&self.absolute(path))
    }

    fn locate<'v>(&'v self, path: &'v Utf8Path) -> Located<'v> {
        if let Some(text) = self.overlay.get(path) {
            return Located::Memory(text.text.as_bytes());
        }
        match self.generated.get(path) {
            Some(GeneratedFile::Bytes(bytes)) => Located::Memory(bytes),
            Some(GeneratedFile::Copy(from)) => Located::Disk(from),
            None => Located::Disk(path),
        }
    }

    /// The content of a file in memory, or the path of the file on disk.
    ///
    /// # Errors
    /// The absolute path, if the content is on disk.
    pub fn content(&self, path: impl AsRef<Utf8Path>) -> std::result::Result<Vec<u8>, Utf8PathBuf> {
        match self.locate(&self.absolute(path)) {
            Located::Memory(bytes) => Ok(bytes.to_vec()),
            Located::Disk(path) => Err(path.to_owned()),
        }
    }

    /// The fingerprint of a file or folder; `None` if there is none.
    pub fn fingerprint(&self, path: impl AsRef<Utf8Path>) -> Option<Fingerprint> {
        match self.locate(&self.absolute(path)) {
            Located::Memory(bytes) => Some(Fingerprint::of_bytes(bytes)),
            Located::Disk(path) => Fingerprint::of(path),
        }
    }

    /// True if there is a file at the path.
    pub fn is_file(&self, path: impl AsRef<Utf8Path>) -> bool {
        match self.locate(&self.absolute(path)) {
            Located::Memory(_) => true,
            Located::Disk(path) => path.is_file(),
        }
    }

    /// True if there is a file or folder at the path.
    pub fn exists(&self, path: impl AsRef<Utf8Path>) -> bool {
        match self.locate(&self.absolute(path)) {
            Located::Memory(_) => true,
            Located::Disk(path) => path.exists(),
        }
    }

    /// True if there is a folder at the path.
    pub fn is_folder(&self, path: impl AsRef<Utf8Path>) -> bool {
        self.absolute(path).is_dir()
    }

    /// The size of a file in bytes.
    pub fn size(&self, path: impl AsRef<Utf8Path>) -> Option<u64> {
        self.fingerprint(path).map(|file| file.bytes)
    }

    /// At most the first `limit` bytes of a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn beginning(&self, path: impl AsRef<Utf8Path>, limit: u64) -> Result<Vec<u8>> {
        match self.locate(&self.absolute(path)) {
            Located::Memory(bytes) => {
                let length = bytes.len().min(usize::try_from(limit).unwrap_or(usize::MAX));
                Ok(bytes[..length].to_vec())
            }
            Located::Disk(path) => {
                let mut bytes = Vec::new();
                std::fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }

    /// The content of a file; `None` for one that cannot be read or is larger than `limit` bytes.
    pub fn small_file(&self, path: impl AsRef<Utf8Path>, limit: u64) -> Option<Vec<u8>> {
        match self.locate(&self.absolute(path)) {
            Located::Memory(bytes) => (bytes.len() as u64 <= limit).then(|| bytes.to_vec()),
            Located::Disk(path) => (path.metadata().ok()?.len() <= limit).then(|| std::fs::read(path).ok())?,
        }
    }

    /// The date of a file's last change; `None` for unsaved texts.
    pub fn modified(&self, path: impl AsRef<Utf8Path>) -> Option<jiff::civil::Date> {
        let path = self.absolute(path);
        if self.overlay.get(&path).is_some() {
            return None;
        }
        let moment = std::fs::metadata(path).and_then(|meta| meta.modified()).ok()?;
        let moment = jiff::Timestamp::try_from(moment).ok()?;
        Some(moment.to_zoned(jiff::tz::TimeZone::system()).date())
    }

    /// True if a path leads out of the project; see [`Sandbox::leads_out`].
    pub fn leads_out(&self, path: &str) -> bool {
        self.sandbox.leads_out(path)
    }

    /// Like [`Vfs::leads_out`] for a file, looking at each folder once.
    pub(super) fn file_leads_out(&self, path: &str, outside: &mut OutsideFolders) -> bool {
        let folder = folder_of(path);
        let out = match outside.0.get(folder) {
            Some(out) => *out,
            None => {
                let out = self.leads_out(folder);
                outside.0.insert(folder.to_owned(), out);
                out
            }
        };
        out || self.unsaved(path).is_none() && self.absolute(path).is_symlink() && self.leads_out(path)
    }

    /// Lists the project. Skips hidden folders, `outputs`, and symbolic links that lead out of the project.
    pub fn list(&self, outputs: &[Utf8PathBuf]) -> Listing {
        self.list_folder("", outputs)
    }

    /// Like [`Vfs::list`], for one folder of the project; paths stay relative to the project.
    pub fn list_folder(&self, folder: &str, outputs: &[Utf8PathBuf]) -> Listing {
        if !folder.is_empty() && self.leads_out(folder) {
            return Listing::default();
        }
        // Without the slash at the end that joining an empty path leaves.
        let top = if folder.is_empty() { self.root.clone() } else { self.absolute(folder) };
        let is_output = |path: &Path| outputs.iter().any(|output| path == output.as_std_path());
        let mut links: Vec<String> = Vec::new();
        let is_listed = |entry: &walkdir::DirEntry| {
            if entry.depth() == 0 {
                return true;
            }
            let name = entry.file_name().to_string_lossy();
            if entry.file_type().is_dir() && (is_skipped(&name) || is_output(entry.path())) {
                return false;
            }
            let path =
                entry.path_is_symlink().then(|| relative(&self.root, Utf8Path::from_path(entry.path())?)).flatten();
            let outside = path.filter(|path| self.leads_out(path));
            let is_inside = outside.is_none();
            links.extend(outside);
            is_inside
        };
        let mut folders = BTreeSet::new();
        let walk = WalkDir::new(top).follow_links(true).into_iter().filter_entry(is_listed);
        let mut files: Vec<String> = walk
            .filter_map(|entry| match entry {
                Ok(entry) if entry.file_type().is_dir() => {
                    folders.extend(Utf8PathBuf::from_path_buf(entry.into_path()));
                    None
                }
                Ok(entry) => entry.file_type().is_file().then(|| entry.into_path()),
                // A dangling link counts as a file; reading it reports the error.
                Err(error) => error.path().filter(|path| path.is_symlink()).map(ToOwned::to_owned),
            })
            .filter_map(|path| relative(&self.root, Utf8Path::from_path(&path)?))
            .collect();
        let unsaved = self.unsaved_files(outputs);
        files.extend(unsaved.filter(|file| Utf8Path::new(file).starts_with(folder)));
        files.sort();
        files.dedup();
        links.sort();
        links.retain(|link| is_template_or_theme(link) || has_pages(&self.absolute(link)));
        Listing { files, folders, links_outside: links }
    }

    /// The project's files in the overlay, relative to its folder.
    fn unsaved_files(&self, outputs: &[Utf8PathBuf]) -> impl Iterator<Item = String> {
        let is_listed = |path: &&Utf8PathBuf| {
            let mut folders = path.ancestors().skip(1).take_while(|folder| *folder != self.root);
            folders.all(|folder| {
                !folder.file_name().is_some_and(is_skipped) && outputs.iter().all(|output| output.as_path() != folder)
            })
        };
        self.overlay.paths().filter(is_listed).filter_map(|path| relative(&self.root, path))
    }
}

/// By folder: true if it leads out of the project. Each folder is resolved once.
#[derive(Debug, Default)]
pub struct OutsideFolders(FxHashMap<String, bool>);

/// True for the names of folders that are not listed.
pub(super) fn is_skipped(name: &str) -> bool {
    name.starts_with('.') || SKIPPED_FOLDERS.contains(&name)
}

/// True for the path of a template or of a part of the theme.
fn is_template_or_theme(path: &str) -> bool {
    path.starts_with("templates/") || path.starts_with("themes/") || matches!(path, "templates" | "themes")
}

/// True for a page, and for a folder with pages in it.
fn has_pages(path: &Utf8Path) -> bool {
    let is_page = |path: &Path| path.extension().is_some_and(|ending| ending == "qmd" || ending == "md");
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().any(|entry| is_page(&entry.path())),
        Err(_) => is_page(path.as_std_path()),
    }
}

/// The path relative to a folder, with `/`; `None` outside of it.
fn relative(root: &Utf8Path, path: &Utf8Path) -> Option<String> {
    let parts: Vec<&str> = path.strip_prefix(root).ok()?.iter().collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The folder of a file, both relative to the project's folder; empty for that folder itself.
pub fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::text_cache::TextCache;

    fn project(files: &[(&str, &str)], unsaved: &[(&str, &str)]) -> (tempfile::TempDir, Vfs) {
        let folder = tempfile::tempdir().expect("a folder");
        let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).expect("a path of UTF-8");
        for (path, text) in files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder above")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        let mut overlay = Overlay::default();
        unsaved.iter().for_each(|(path, text)| overlay.set(root.join(path), *text));
        let vfs = Vfs::new(root.clone(), Sandbox::around(&root), overlay);
        (folder, vfs)
    }

    fn text(vfs: &Vfs, path: &str) -> Option<String> {
        let (_, text) = TextCache::default().read(vfs, path, &mut OutsideFolders::default());
        text.ok().map(|text| text.text.to_string())
    }

    #[test]
    fn unsaved_texts_replace_files_and_add_new_ones() {
        let (_folder, vfs) =
            project(&[("a.qmd", "disk"), ("b.qmd", "disk")], &[("a.qmd", "unsaved"), ("c/d.qmd", "new")]);
        assert_eq!(text(&vfs, "a.qmd").as_deref(), Some("unsaved"));
        assert_eq!(text(&vfs, "b.qmd").as_deref(), Some("disk"));
        assert_eq!(text(&vfs, "c/d.qmd").as_deref(), Some("new"));
        assert_eq!(vfs.list(&[]).files, ["a.qmd", "b.qmd", "c/d.qmd"]);
        assert!(vfs.is_file("c/d.qmd") && vfs.exists("c/d.qmd") && !vfs.exists("c/e.qmd"));
        assert_eq!(vfs.beginning("a.qmd", 2).expect("bytes"), b"un");
        assert_eq!(vfs.small_file("a.qmd", 7).as_deref(), Some(b"unsaved".as_slice()));
        assert_eq!(vfs.small_file("a.qmd", 6), None);
        assert_eq!(vfs.size("c/d.qmd"), Some(3));
    }

    #[test]
    fn an_unsaved_text_is_read_where_the_file_cannot_be() {
        let (_folder, vfs) = project(&[("a.qmd/b", "a folder stands at `a.qmd`")], &[("a.qmd", "unsaved")]);
        assert_eq!(text(&vfs, "a.qmd").as_deref(), Some("unsaved"));
        assert_eq!(text(&vfs, "./x/../a.qmd").as_deref(), Some("unsaved"));
    }

    #[test]
    fn the_sandbox_holds_for_unsaved_texts() {
        let (_folder, vfs) = project(&[], &[("../secret.qmd", "unsaved")]);
        assert_eq!(text(&vfs, "../secret.qmd"), None);
        assert!(vfs.list(&[]).files.is_empty());
    }

    #[test]
    fn hidden_folders_and_outputs_are_not_listed() {
        let unsaved = [(".git/x.qmd", ""), ("target/x.qmd", ""), ("_site/x.qmd", ""), (".hidden.qmd", "")];
        let (_folder, vfs) = project(&[("_site/y.qmd", "")], &unsaved);
        assert_eq!(vfs.list(&[vfs.absolute("_site")]).files, [".hidden.qmd"]);
    }

    #[test]
    fn fingerprints_follow_unsaved_texts() {
        let (_folder, vfs) = project(&[("a.qmd", "one")], &[]);
        let with = |text: &str| {
            let mut vfs = vfs.clone();
            vfs.overlay.set(vfs.absolute("a.qmd"), text);
            vfs.fingerprint("a.qmd").expect("a file")
        };
        assert!(with("one").is_still(&with("one")));
        assert!(!with("one").is_same(&with("two")), "of equal length");
        assert!(!with("one").is_same(&vfs.fingerprint("a.qmd").expect("a file")));
    }

    #[test]
    fn an_equal_unsaved_text_stays_the_same_value() {
        let (_folder, mut vfs) = project(&[], &[("a.qmd", "one")]);
        let path = vfs.absolute("a.qmd");
        let before = vfs.unsaved("a.qmd").expect("a text").clone();
        vfs.overlay.set(&path, "one");
        assert!(Arc::ptr_eq(&before, vfs.unsaved("a.qmd").expect("a text")));
        vfs.overlay.set(&path, "two");
        assert_eq!(*vfs.unsaved("a.qmd").expect("a text").text, "two");
        vfs.overlay.remove(&path);
        assert!(vfs.unsaved("a.qmd").is_none());
    }
}
