//! What the last build of a site saw and said, so that a build for which nothing has changed is done at once.
//!
//! A record names every file that the build read or looked for, every folder that it listed and every file that it wrote, with
//! their times and sizes as the file system gives them. While all of them are as they were, a build would read the same, write
//! the same and say the same; so the record says it. Whatever is in doubt leads to a build.

use crate::files::{Content, Files};
use crate::memo::store::{Key, Store, last_change, program};
use crate::parallel::in_parallel;
use crate::project::vfs::Fingerprint;
use crate::project::{Book, ReadOptions, today};
use crate::report::Counts;
use camino::{Utf8DirEntry, Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::time::SystemTime;

/// The kind of the cache's entries.
const KIND: &str = "builds";

/// Variables of the environment that shells change from command to command.
const OF_SHELLS: &[&str] = &["_", "PWD", "OLDPWD", "SHLVL", "COLUMNS", "LINES"];

/// What a build came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The findings as text.
    pub findings: String,
    /// How many findings there are.
    pub counts: Counts,
    /// The number of pages in words.
    pub pages: String,
    /// The output folder.
    pub output: Utf8PathBuf,
}

#[derive(Debug, Serialize, Deserialize)]
struct Record {
    /// What was at each path that was read or looked for.
    inputs: Vec<(Utf8PathBuf, Option<Fingerprint>)>,
    /// The names in each folder, sorted.
    folders: Vec<(Utf8PathBuf, Vec<String>)>,
    /// The site.
    outputs: Vec<(Utf8PathBuf, Fingerprint)>,
    report: Report,
}

/// The key of a build: the command itself, what it was asked for, and its surroundings. Shortcodes can show any variable of the
/// environment; programs for diagrams can come and go in the folders of `PATH`.
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

/// What a build would come to, when it is certain without building.
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

/// What a build has read and written besides its sources.
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

/// Records a build that began at a moment and has written its files. Nothing is recorded when an input is so new that it could
/// have changed unseen.
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

/// The names in a folder, sorted. Hidden folders hold no part of a book; the cache itself is in one.
fn names_in(folder: &Utf8Path) -> Vec<String> {
    let hidden =
        |entry: &Utf8DirEntry| entry.file_name().starts_with('.') && entry.file_type().is_ok_and(|kind| kind.is_dir());
    let entries = folder.read_dir_utf8().into_iter().flatten().flatten().filter(|entry| !hidden(entry));
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_owned()).collect();
    names.sort();
    names
}
