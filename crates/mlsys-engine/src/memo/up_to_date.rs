//! The up-to-date check: if no input or output has changed, `build` prints the report of the last build and stops.
//!
//! A record lists every file that the build read or looked for, every folder that it listed and every file that it wrote, with
//! mtimes and sizes. If all of them are unchanged, another build would have the same result. In doubt the project is built.

use crate::files::{Content, Files};
use crate::memo::store::{Key, Store, last_change, program};
use crate::parallel::in_parallel;
use crate::project::fingerprint::Fingerprint;
use crate::project::{Book, ReadOptions, today};
use crate::report::Counts;
use camino::{Utf8DirEntry, Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::time::SystemTime;

/// The kind of the cache's entries.
const KIND: &str = "builds";

/// Environment variables that shells change with every command.
const OF_SHELLS: &[&str] = &["_", "PWD", "OLDPWD", "SHLVL", "COLUMNS", "LINES"];

/// The report of a build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The diagnostics as text.
    pub findings: String,
    /// The numbers of diagnostics.
    pub counts: Counts,
    /// The number of pages in words.
    pub pages: String,
    /// The output folder.
    pub output: Utf8PathBuf,
}

#[derive(Debug, Serialize, Deserialize)]
struct Record {
    /// The fingerprint at each path that was read or looked for; `None` if there was no file.
    inputs: Vec<(Utf8PathBuf, Option<Fingerprint>)>,
    /// The names in each folder, sorted.
    folders: Vec<(Utf8PathBuf, Vec<String>)>,
    /// The site.
    outputs: Vec<(Utf8PathBuf, Fingerprint)>,
    report: Report,
}

/// The key of a build: the executable, its options and its environment. Shortcodes can show any environment variable; programs
/// for diagrams can be installed in or removed from the folders of `PATH`.
pub fn key(options: &ReadOptions, programs: &OsStr, more: &str) -> Key {
    let asked = format!("{options:?} {more}");
    let folders = std::env::split_paths(programs).map(|folder| (last_change(&folder), folder));
    let mut environment: Vec<(String, String)> = std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
        .filter(|(name, _)| !OF_SHELLS.contains(&name.as_str()))
        .collect();
    environment.sort();
    let folder = std::env::current_dir().ok();
    let around = format!("{:?}", (program(), folders.collect::<Vec<_>>(), environment, folder, today()));
    Key::new([asked.as_bytes(), around.as_bytes()])
}

/// The report of the last build, if nothing has changed since.
pub fn unchanged(store: &Store, key: Key) -> Option<Report> {
    let record: Record = serde_json::from_slice(&store.get(KIND, key)?).ok()?;
    let is_same = |path: &Utf8Path, then: Option<&Fingerprint>| match (Fingerprint::of(path), then) {
        (Some(now), Some(then)) => now.is_same(then),
        (now, then) => now.is_none() && then.is_none(),
    };
    let same = record.inputs.iter().all(|(path, then)| is_same(path, then.as_ref()))
        && record.outputs.iter().all(|(path, then)| is_same(path, Some(then)))
        && record.folders.iter().all(|(folder, names)| names_in(folder) == *names);
    same.then_some(record.report)
}

/// The files of a build apart from its sources.
#[derive(Debug)]
pub struct OutputFiles<'a> {
    /// The files of the site.
    pub files: &'a Files,
    /// The files that pages name, existing or not; absolute.
    pub named_files: &'a BTreeSet<Utf8PathBuf>,
    /// The name of the list of written files in the output folder.
    pub list: &'a str,
    /// Frozen results, which the build has written among the sources: the only inputs that may be new. Absolute.
    pub frozen: &'a BTreeSet<Utf8PathBuf>,
}

/// Records a build that began at `began` and has written its files. Records nothing if an input is so new that it could have
/// changed since without a new mtime.
pub fn record(store: &Store, key: Key, began: SystemTime, book: &Book, output: &OutputFiles<'_>, report: Report) {
    let OutputFiles { files, named_files, list, frozen } = output;
    let copies = files.values().filter_map(|content| match content {
        Content::Copy(from) => Some(from),
        Content::Bytes(_) => None,
    });
    let inputs = book.read.iter().chain(&book.installed).chain(*named_files).chain(copies);
    let inputs = in_parallel(inputs.collect(), |path: &Utf8PathBuf| (path.clone(), Fingerprint::of(path)));
    let settled =
        inputs.iter().all(|(path, stamp)| stamp.is_none_or(|stamp| stamp.is_of(began) || frozen.contains(path)));
    if !settled {
        return;
    }
    let list = Some(book.output.join(list)).filter(|list| list.exists());
    let written = files.keys().map(|path| book.output.join(path)).chain(list);
    let stamped = |path: Utf8PathBuf| Fingerprint::of(&path).map(|stamp| (path, stamp));
    let Some(outputs) = in_parallel(written.collect(), stamped).into_iter().collect::<Option<Vec<_>>>() else { return };
    let folders = in_parallel(book.folders.iter().collect(), |folder: &Utf8PathBuf| (folder.clone(), names_in(folder)));
    if let Ok(text) = serde_json::to_vec(&Record { inputs, folders, outputs, report }) {
        store.put(KIND, key, &text);
    }
}

/// The names in a folder, sorted, without hidden folders: they hold no sources, and the cache is in one.
fn names_in(folder: &Utf8Path) -> Vec<String> {
    let hidden =
        |entry: &Utf8DirEntry| entry.file_name().starts_with('.') && entry.file_type().is_ok_and(|kind| kind.is_dir());
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten().filter(|entry| !hidden(entry));
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_owned()).collect();
    names.sort();
    names
}
