//! Reads texts through a cache, and the log of what was read.

use crate::project::fingerprint::Fingerprint;
use crate::project::overlay::FileText;
use crate::project::sandbox::outside_error;
use crate::project::vfs::{OutsideFolders, Vfs};
use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::io::{Error, Result};
use std::sync::Arc;

/// The size limit for source files, in bytes: about a hundred times the longest chapter of a book.
const MAX_TEXT: u64 = 64 << 20;

/// The paths that a build depends on: a change of one of them may change the site.
#[derive(Clone, Debug, Default)]
pub struct ReadLog {
    /// Every file that was read or looked for; absolute.
    pub files: BTreeSet<Utf8PathBuf>,
    /// Every folder that was listed; absolute.
    pub folders: BTreeSet<Utf8PathBuf>,
}

/// A read that is not logged yet.
#[derive(Debug)]
pub struct FileRead {
    /// The path as requested.
    pub path: String,
    /// The absolute path.
    pub absolute: Utf8PathBuf,
    fingerprint: Option<Fingerprint>,
    /// The text, if it could be read.
    pub text: Option<Arc<FileText>>,
}

/// Texts of files by path, with the fingerprints that tell whether they are current.
#[derive(Clone, Debug, Default)]
pub struct TextCache {
    files: FxHashMap<Utf8PathBuf, (Fingerprint, Arc<FileText>)>,
}

impl TextCache {
    /// Reads a file of the project, from the cache if it is certainly unchanged.
    ///
    /// # Errors
    /// When it cannot be read, or lies outside the project.
    pub fn read(&self, vfs: &Vfs, path: &str, outside: &mut OutsideFolders) -> (FileRead, Result<Arc<FileText>>) {
        self.read_checked(vfs, path, vfs.file_leads_out(path, outside))
    }

    /// The paths, each with whether it leads out of the project, for [`TextCache::read_checked`].
    pub fn check(vfs: &Vfs, paths: &[String], outside: &mut OutsideFolders) -> Vec<(String, bool)> {
        paths.iter().map(|path| (path.clone(), vfs.file_leads_out(path, outside))).collect()
    }

    /// Like [`TextCache::read`], for a path of which it is known whether it leads out of the project.
    ///
    /// # Errors
    /// When it cannot be read, or lies outside the project.
    pub fn read_checked(&self, vfs: &Vfs, path: &str, is_outside: bool) -> (FileRead, Result<Arc<FileText>>) {
        let absolute = vfs.absolute(path);
        let read =
            |fingerprint, text| FileRead { path: path.to_owned(), absolute: absolute.clone(), fingerprint, text };
        match if is_outside { Err(outside_error()) } else { self.read_absolute(vfs, &absolute) } {
            Ok((fingerprint, text)) => (read(fingerprint, Some(text.clone())), Ok(text)),
            Err(error) => (read(None, None), Err(error)),
        }
    }

    fn read_absolute(&self, vfs: &Vfs, path: &Utf8Path) -> Result<(Option<Fingerprint>, Arc<FileText>)> {
        if let Some(text) = vfs.unsaved(path) {
            return Ok((None, text.clone()));
        }
        let fingerprint = Fingerprint::of(path);
        if let (Some(now), Some((then, text))) = (&fingerprint, self.files.get(path))
            && then.is_still(now)
        {
            return Ok((fingerprint, text.clone()));
        }
        if let Some(file) = &fingerprint {
            // Reading a pipe or a device may never end.
            if !file.is_file() {
                return Err(Error::other("it is not a file"));
            }
            if file.bytes > MAX_TEXT {
                return Err(Error::other(format!("it is larger than {} MB", MAX_TEXT >> 20)));
            }
        }
        Ok((fingerprint, Arc::new(FileText::decode(std::fs::read(path)?))))
    }

    /// Adds the text of a read.
    pub fn insert(&mut self, read: &FileRead) {
        if let (Some(fingerprint), Some(text)) = (read.fingerprint, &read.text) {
            self.files.insert(read.absolute.clone(), (fingerprint, text.clone()));
        }
    }

    /// Removes all files but these.
    pub fn retain(&mut self, files: &BTreeSet<Utf8PathBuf>) {
        self.files.retain(|path, _| files.contains(path));
    }
}
