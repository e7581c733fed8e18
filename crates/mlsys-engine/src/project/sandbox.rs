//! The sandbox around a project: files outside of its folder are neither read nor copied.

use camino::{Utf8Path, Utf8PathBuf};
use std::io;
use std::path::PathBuf;

/// The folder that everything must lie in.
#[derive(Clone, Debug)]
pub struct Sandbox {
    root: Utf8PathBuf,
    /// The folder with all symbolic links resolved; `None` allows everything.
    real: Option<PathBuf>,
}

impl Sandbox {
    /// Allows the files of a folder only.
    pub fn around(root: &Utf8Path) -> Self {
        Sandbox { root: root.to_owned(), real: root.as_std_path().canonicalize().ok() }
    }

    /// Allows everything: a single page without a project may use files outside of its folder.
    pub fn none(root: &Utf8Path) -> Self {
        Sandbox { root: root.to_owned(), real: None }
    }

    /// True if a path, relative to the project's folder, leads out of it, through `..` or a symbolic link. A path that does not
    /// exist is judged by its name.
    pub fn leads_out(&self, path: &str) -> bool {
        let Some(real) = &self.real else { return false };
        match self.root.join(path).as_std_path().canonicalize() {
            Ok(found) => !found.starts_with(real),
            Err(_) => path == ".." || path.starts_with("../") || Utf8Path::new(path).is_absolute(),
        }
    }
}

/// The error for a file outside the sandbox.
pub fn outside_error() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "it is outside the project's folder")
}
