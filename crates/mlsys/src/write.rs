//! Files to a folder: only what changed, and the old pages stay until the new ones are whole.

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// The files of a site by their path relative to the output folder, with `/`.
pub type Files = BTreeMap<String, Content>;

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// What another file holds; absolute.
    Copy(Utf8PathBuf),
}

/// What writing came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that were new or had changed.
    pub changed: usize,
    /// Files that were the same already.
    pub unchanged: usize,
}

/// Writes the files. First every changed file is written beside its place, then all are moved there, so that a failure leaves
/// the folder as it was.
///
/// # Errors
/// When a folder cannot be made or a file cannot be read, written or moved; the message names it.
pub fn write(files: &Files, folder: &Utf8Path) -> Result<Written, String> {
    let folders: BTreeSet<Utf8PathBuf> =
        files.keys().map(|path| folder.join(path).parent().unwrap_or(folder).to_owned()).collect();
    for folder in folders {
        std::fs::create_dir_all(&folder).map_err(|error| format!("`{folder}`: {error}"))?;
    }
    let staged: Vec<Result<Option<Staged>, String>> = files
        .par_iter()
        .map(|(path, content)| {
            let target = folder.join(path);
            stage(&target, content).map_err(|error| format!("`{target}`: {error}"))
        })
        .collect();
    let failure = staged.iter().find_map(|s| s.as_ref().err().cloned());
    let changed: Vec<Staged> = staged.into_iter().filter_map(|s| s.ok().flatten()).collect();
    if let Some(message) = failure {
        changed.iter().for_each(Staged::drop_file);
        return Err(message);
    }
    for file in &changed {
        std::fs::rename(&file.temporary, &file.target).map_err(|error| format!("`{}`: {error}", file.target))?;
    }
    Ok(Written { changed: changed.len(), unchanged: files.len() - changed.len() })
}

/// A file that is written but not yet in its place.
struct Staged {
    temporary: Utf8PathBuf,
    target: Utf8PathBuf,
}

impl Staged {
    fn drop_file(&self) {
        // It is a temporary file of a build that has failed; one that stays does no harm.
        let _ = std::fs::remove_file(&self.temporary);
    }
}

/// Writes a file beside its place; nothing when the place holds the same bytes already.
fn stage(target: &Utf8Path, content: &Content) -> io::Result<Option<Staged>> {
    if is_same(target, content)? {
        return Ok(None);
    }
    let name = target.file_name().unwrap_or("file");
    let temporary = target.with_file_name(format!(".{name}.mlsys"));
    match content {
        Content::Bytes(bytes) => std::fs::write(&temporary, bytes)?,
        Content::Copy(from) => {
            std::fs::copy(from, &temporary)?;
        }
    }
    Ok(Some(Staged { temporary, target: target.to_owned() }))
}

/// Whether the place holds the content. A copy counts as the same when it is as long and not older.
fn is_same(target: &Utf8Path, content: &Content) -> io::Result<bool> {
    let Ok(there) = std::fs::metadata(target) else { return Ok(false) };
    match content {
        Content::Bytes(bytes) => Ok(there.len() == bytes.len() as u64 && std::fs::read(target)? == *bytes),
        Content::Copy(from) => {
            let source = std::fs::metadata(from)?;
            let newer = there.modified()? >= source.modified()?;
            Ok(there.is_file() && there.len() == source.len() && newer)
        }
    }
}
