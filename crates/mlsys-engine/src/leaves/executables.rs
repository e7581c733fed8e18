//! Finds installed programs and their versions.

use crate::leaves::process::{Exit, Run};
use crate::memo::store::{Key, Store};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

/// The kind of cache entries with versions.
const VERSIONS: &str = "versions";

/// The time limit for printing a version.
const VERSION_LIMIT: Duration = Duration::from_secs(30);

/// The folders to search for programs, in the form of `PATH`.
#[derive(Clone, Debug)]
pub struct SearchPath(OsString);

/// An installed program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Executable {
    /// Its file.
    pub path: PathBuf,
    /// The line with its version.
    pub version: String,
}

impl SearchPath {
    /// A search path.
    pub fn new(folders: OsString) -> Self {
        SearchPath(folders)
    }

    /// Finds a program by its name or path.
    pub fn find(&self, name: &str, cache: &Store) -> Option<Executable> {
        let path = if Path::new(name).components().count() > 1 {
            Some(PathBuf::from(name)).filter(|path| path.is_file())
        } else {
            std::env::split_paths(&self.0).find_map(|folder| executable_in(&folder, name))
        }?;
        let path = std::path::absolute(path).ok()?;
        let version = version(&path, cache);
        Some(Executable { path, version })
    }
}

/// The file of a program in a folder.
fn executable_in(folder: &Path, name: &str) -> Option<PathBuf> {
    if folder.as_os_str().is_empty() {
        return None;
    }
    let plain = folder.join(name);
    let windows = cfg!(windows).then(|| folder.join(format!("{name}.exe")));
    [Some(plain), windows].into_iter().flatten().find(|path| path.is_file())
}

/// The version of a program, cached until its file changes.
fn version(path: &Path, cache: &Store) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stamp = std::fs::metadata(path).and_then(|m| Ok((m.len(), m.modified()?)));
    let stamp = stamp.map(|(size, time)| (size, time.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos()));
    let key = Key::new([path.to_string_lossy().as_bytes(), format!("{stamp:?}").as_bytes()]);
    if let Some(cached) = cache.get(VERSIONS, key).and_then(|bytes| String::from_utf8(bytes).ok()) {
        return cached;
    }
    let Ok(folder) = tempfile::tempdir() else { return name };
    let flag = if name.starts_with("dot") { "-V" } else { "--version" };
    let run = Run { program: path, arguments: &[flag.into()], folder: folder.path(), environment: &[] };
    let result = run.run("version", VERSION_LIMIT);
    let version = result.output.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or(&name).to_owned();
    if result.exit == Exit::Success {
        cache.put(VERSIONS, key, version.as_bytes());
    }
    version
}
