//! The project's folder as a border: what a book's sources name beyond it is neither read nor copied.

use camino::{Utf8Path, Utf8PathBuf};
use std::io;
use std::path::PathBuf;

/// The border of a project.
#[derive(Clone, Debug)]
pub struct Bounds {
    root: Utf8PathBuf,
    /// The folder with all symbolic links followed; nothing where there is no border.
    real: Option<PathBuf>,
}

impl Bounds {
    /// The border around a folder.
    pub fn around(root: &Utf8Path) -> Self {
        Bounds { root: root.to_owned(), real: root.as_std_path().canonicalize().ok() }
    }

    /// No border: a page by itself, without a project, may read what stands beside its folder.
    pub fn none(root: &Utf8Path) -> Self {
        Bounds { root: root.to_owned(), real: None }
    }

    /// Whether a path, relative to the project's folder, leads out of it: by `..` or by a symbolic link. What is not there leads
    /// out when its name does.
    pub fn leads_out(&self, path: &str) -> bool {
        let Some(real) = &self.real else { return false };
        match self.root.join(path).as_std_path().canonicalize() {
            Ok(found) => !found.starts_with(real),
            Err(_) => path == ".." || path.starts_with("../") || Utf8Path::new(path).is_absolute(),
        }
    }
}

/// Why a file beyond the border is not read.
pub fn outside() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "it is outside the project's folder")
}
