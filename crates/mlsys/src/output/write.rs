//! Writes the site: only changed files, and the old site stays until the new one is complete.
//!
//! Every changed file is first written to a staging folder inside the output folder. Then all are moved into place. Then files of
//! earlier builds that the new site no longer has are removed; a list in the output folder names the files that builds wrote, and
//! no others are removed. A build that is interrupted at any moment leaves complete pages, and the next one cleans up.

use camino::{Utf8Path, Utf8PathBuf};
use mlsys_engine::files::{Content, Files};
use mlsys_engine::site::embedded::SEARCH;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io::{self, Read};

/// The list of files written by builds of the site, one per line.
pub const LIST: &str = ".mlsys-files";

/// The output formats.
pub const FORMATS: [&str; 2] = ["html", "epub"];

/// The list of files written by builds of a format. Each has its own, so that formats may share an output folder.
pub fn list_name(format: &str) -> String {
    if format == "html" { LIST.to_owned() } else { format!("{LIST}-{format}") }
}

/// The staging folder of new files.
const WAITING: &str = ".mlsys-new";

/// What to do with files of earlier builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// Remove those that the new site does not have.
    Remove,
    /// Keep them: only a part of the site is written.
    Keep,
    /// Do not even list them: the output folder contains the author's own files.
    Unlisted,
}

/// The result of writing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// New or changed files.
    pub changed: usize,
    /// Unchanged files.
    pub unchanged: usize,
    /// Removed files of earlier builds.
    pub removed: usize,
}

/// A file or folder that cannot be created, read, written or moved.
#[derive(Debug, thiserror::Error)]
#[error("`{path}`: {error}")]
pub struct WriteError {
    path: Utf8PathBuf,
    error: io::Error,
}

/// Writes the files.
///
/// # Errors
/// If a folder cannot be created or a file cannot be read, written or moved. The output folder is unchanged
/// until all files are staged.
pub fn write(files: &Files, folder: &Utf8Path, earlier: Earlier) -> Result<Written, WriteError> {
    write_listed(files, folder, earlier, LIST)
}

/// Writes the files as [`write()`] does, with a list of their own: see [`list_name`].
///
/// # Errors
/// As [`write()`].
pub fn write_listed(files: &Files, folder: &Utf8Path, earlier: Earlier, list: &str) -> Result<Written, WriteError> {
    let waiting = folder.join(WAITING);
    // Left over from an interrupted build.
    let _ = std::fs::remove_dir_all(&waiting);
    let staged: Vec<Result<Option<&String>, WriteError>> = files
        .par_iter()
        .map(|(path, content)| {
            let changed = stage(&folder.join(path), &waiting.join(path), content);
            changed
                .map(|changed| changed.then_some(path))
                .map_err(|error| WriteError { path: folder.join(path), error })
        })
        .collect();
    let moved = staged.into_iter().collect::<Result<Vec<Option<&String>>, WriteError>>().and_then(|changed| {
        place(files, (folder, list), &waiting, earlier, &changed.into_iter().flatten().collect::<Vec<_>>())
    });
    let _ = std::fs::remove_dir_all(&waiting);
    moved
}

/// Moves staged files into place, and removes files of earlier builds.
fn place(
    files: &Files,
    (folder, name): (&Utf8Path, &str),
    waiting: &Utf8Path,
    earlier: Earlier,
    changed: &[&String],
) -> Result<Written, WriteError> {
    let listed = if earlier == Earlier::Unlisted { BTreeSet::new() } else { listed(folder, name) };
    let known: BTreeSet<String> = listed.iter().chain(files.keys()).cloned().collect();
    if earlier != Earlier::Unlisted && known != listed {
        // List files before moving them, so that none is forgotten if the build is interrupted.
        list(folder, name, &known)?;
    }
    let failed = |path: &Utf8Path| {
        let path = path.to_owned();
        move |error: io::Error| WriteError { path, error }
    };
    for path in changed {
        let target = folder.join(path);
        make_way(folder, path, files, &listed);
        let above = target.parent().unwrap_or(folder);
        std::fs::create_dir_all(above).map_err(failed(above))?;
        std::fs::rename(waiting.join(path), &target).map_err(failed(&target))?;
    }
    let mut written = Written { changed: changed.len(), unchanged: files.len() - changed.len(), removed: 0 };
    if earlier == Earlier::Remove {
        for path in listed.iter().filter(|path| !files.contains_key(*path)) {
            written.removed += usize::from(remove(folder, path));
        }
        if known.len() != files.len() {
            list(folder, name, &files.keys().cloned().collect())?;
        }
    }
    Ok(written)
}

/// Removes a file of an earlier build in the place of a folder, and an empty folder in the place of a file.
fn make_way(folder: &Utf8Path, path: &str, files: &Files, listed: &BTreeSet<String>) {
    for (at, _) in path.match_indices('/') {
        let above = &path[..at];
        if listed.contains(above) && !files.contains_key(above) {
            remove(folder, above);
        }
    }
    let target = folder.join(path);
    if target.is_dir() {
        let inside = format!("{path}/");
        let old = listed.iter().filter(|old| old.starts_with(&inside) && !files.contains_key(*old));
        old.for_each(|old| {
            remove(folder, old);
        });
        let _ = std::fs::remove_dir(&target);
    }
}

/// Removes a file and the folders that become empty. True if the file existed.
pub(super) fn remove(folder: &Utf8Path, path: &str) -> bool {
    // Anyone may have edited the list: it must not lead out of the folder.
    let leads_out = path.starts_with('/') || path.split('/').any(|part| matches!(part, ".." | "." | ""));
    if leads_out || std::fs::remove_file(folder.join(path)).is_err() {
        return false;
    }
    let mut above = Utf8Path::new(path).parent();
    while let Some(empty) = above.filter(|above| !above.as_str().is_empty()) {
        // Folders that are not empty stay.
        if std::fs::remove_dir(folder.join(empty)).is_err() {
            break;
        }
        above = empty.parent();
    }
    true
}

/// The files written by earlier builds.
pub fn listed(folder: &Utf8Path, list: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(folder.join(list)).unwrap_or_default();
    text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Writes the list atomically.
fn list(folder: &Utf8Path, name: &str, files: &BTreeSet<String>) -> Result<(), WriteError> {
    let (new, path) = (folder.join(WAITING).join(name), folder.join(name));
    let text: String = files.iter().map(|file| format!("{file}\n")).collect();
    let written = std::fs::create_dir_all(folder.join(WAITING))
        .and_then(|()| std::fs::write(&new, text))
        .and_then(|()| std::fs::rename(&new, &path));
    written.map_err(|error| WriteError { path, error })
}

/// Removes every file that builds wrote to a folder, and folders that become empty. Returns the number of files.
pub fn clean(folder: &Utf8Path) -> usize {
    let _ = std::fs::remove_dir_all(folder.join(WAITING));
    let mut removed = 0;
    for name in FORMATS.map(list_name) {
        removed += listed(folder, &name).iter().filter(|path| remove(folder, path)).count();
        let _ = std::fs::remove_file(folder.join(name));
    }
    let _ = std::fs::remove_dir(folder);
    removed
}

/// Stages a file, unless its place already has the same bytes. True if it was staged.
fn stage(target: &Utf8Path, waiting: &Utf8Path, content: &Content) -> io::Result<bool> {
    if is_same(target, content)? {
        return Ok(false);
    }
    std::fs::create_dir_all(waiting.parent().unwrap_or(waiting))?;
    match content {
        Content::Bytes(bytes) => std::fs::write(waiting, bytes)?,
        Content::Copy(from) => {
            std::fs::copy(from, waiting)?;
        }
    }
    Ok(true)
}

/// True if the file has this content. A copy is considered equal if it has the same length and is not older.
fn is_same(target: &Utf8Path, content: &Content) -> io::Result<bool> {
    let Ok(there) = std::fs::metadata(target) else { return Ok(false) };
    match content {
        Content::Bytes(bytes) => Ok(there.is_file() && there.len() == bytes.len() as u64 && holds(target, bytes)?),
        Content::Copy(from) => {
            let source = std::fs::metadata(from)?;
            let newer = there.modified()? >= source.modified()?;
            Ok(there.is_file() && there.len() == source.len() && newer)
        }
    }
}

/// True if a file of this length has these bytes. Reads it in pieces, to save memory.
fn holds(path: &Utf8Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = std::fs::File::open(path)?;
    let mut memory = [0; 1 << 15];
    for part in bytes.chunks(memory.len()) {
        let piece = &mut memory[..part.len()];
        match file.read_exact(piece) {
            Ok(()) if piece == part => {}
            // The file may have been truncated meanwhile.
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error),
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Drops site-wide files of a partial build if an earlier build wrote them: a search index or service worker of only these pages
/// would lose all others.
pub fn keep_earlier(files: &mut Files, output: &Utf8Path) {
    let has_index = output.join(SEARCH).join("index.json").exists();
    let inside = format!("{SEARCH}/");
    files.retain(|path, _| match path.as_str() {
        "search.json" | "service-worker.js" => !output.join(path).exists(),
        _ => !(has_index && path.starts_with(&inside)),
    });
}
