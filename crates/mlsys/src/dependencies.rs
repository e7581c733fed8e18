//! The files that a site depends on: those that its last build read, looked for or listed. Other changes cause no rebuild.

use camino::{Utf8Path, Utf8PathBuf};
use mlsys_engine::project::Book;
use mlsys_parse::Globs;
use std::collections::BTreeSet;
use std::path::Path;

/// The extensions of files that become pages, templates or parts of a theme where they are created.
const PICKED_UP: [&str; 13] =
    ["qmd", "md", "markdown", "ipynb", "Rmd", "rmd", "py", "r", "R", "jl", "yml", "yaml", "webmanifest"];

/// What a site depends on.
#[derive(Clone, Debug)]
pub struct Dependencies {
    root: Utf8PathBuf,
    output: Utf8PathBuf,
    /// Files that were read, looked for or copied; absolute.
    files: BTreeSet<Utf8PathBuf>,
    /// Folders that were listed; absolute.
    folders: BTreeSet<Utf8PathBuf>,
    /// All files of the project, in ascending order.
    listed: Vec<String>,
    /// The project's `resources`.
    resources: Vec<String>,
}

impl Dependencies {
    /// Those of a book. `named` are the files that its pages name, `copied` those that its site takes over.
    pub fn new(book: &Book, named: &BTreeSet<Utf8PathBuf>, copied: &BTreeSet<Utf8PathBuf>) -> Self {
        let files = book.read.iter().chain(named).chain(copied).chain(&book.installed).cloned().collect();
        Dependencies {
            root: book.root.clone(),
            output: book.output.clone(),
            files,
            folders: book.folders.clone(),
            listed: book.files.clone(),
            resources: book.project.resources.clone(),
        }
    }

    /// True if a change of a file or folder may change the site. An empty path means that anything may have changed.
    pub fn concerns(&self, path: &Path) -> bool {
        let Some(path) = Utf8Path::from_path(path) else { return false };
        if path.as_str().is_empty() || self.files.contains(path) || self.folders.contains(path) {
            return true;
        }
        // Other folders are watched because files of the site are there.
        let Ok(inside) = path.strip_prefix(&self.root) else { return true };
        let is_hidden = inside.components().any(|part| part.as_str().starts_with('.'));
        if is_hidden || self.output != self.root && path.starts_with(&self.output) {
            return false;
        }
        let name = inside.as_str().replace('\\', "/");
        if self.listed.binary_search(&name).is_ok() {
            return false;
        }
        path.is_dir() || self.picks_up(&name)
    }

    /// True if a new file becomes part of the site without being named.
    fn picks_up(&self, name: &str) -> bool {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let is_design = ["templates/", "themes/", "_extensions/"].iter().any(|folder| name.starts_with(folder));
        let is_resource = || {
            let globs = Globs::new(self.resources.iter().map(String::as_str), |folder| self.root.join(folder).is_dir());
            !globs.select(&[name.to_owned()]).is_empty()
        };
        PICKED_UP.contains(&extension) || is_design || !self.resources.is_empty() && is_resource()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_build_reads_is_no_dependency() {
        let paths = |names: &[&str]| names.iter().map(Utf8PathBuf::from).collect();
        let dependencies = Dependencies {
            root: "/book".into(),
            output: "/book/_site".into(),
            files: paths(&["/book/a.qmd", "/book/lost.png", "/else/b.bib"]),
            folders: paths(&["/book"]),
            listed: vec!["a.qmd".into(), "serve.log".into()],
            resources: vec!["*.pdf".into()],
        };
        let concerns = |path: &str| dependencies.concerns(Path::new(path));
        for path in ["", "/book", "/book/a.qmd", "/book/lost.png", "/else/b.bib", "/book/new.qmd", "/book/new.pdf"] {
            assert!(concerns(path), "{path}");
        }
        for path in [
            "/book/serve.log",
            "/book/other.log",
            "/book/TODO.txt",
            "/book/.a.qmd.swp",
            "/book/.git",
            "/book/.git/HEAD",
            "/book/a.qmd~",
            "/book/4913",
            "/book/_site/a.html",
        ] {
            assert!(!concerns(path), "{path}");
        }
    }
}
