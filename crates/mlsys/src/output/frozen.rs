//! Writes the results of cells into `_freeze`, among the sources, where `execute: freeze` asks for it.

use super::write::{Earlier, write};
use camino::{Utf8Path, Utf8PathBuf};
use mlsys_book::{Code, Diagnostic, Place};
use mlsys_engine::files::{Content, Files};
use std::collections::{BTreeMap, BTreeSet};

/// The folder of frozen results.
const FOLDER: &str = "_freeze";

/// The end of the path of a page's frozen results.
const RESULTS: &str = "/execute-results/html.json";

/// The folder of a page's figures.
const FIGURES: &str = "figure-html";

/// Writes the changed ones of these files, given by their paths in the project. Returns their absolute paths.
///
/// A page's results come last, so that an interrupted build leaves no results without figures. Figures that the page no longer
/// has are removed.
pub fn write_frozen(files: BTreeMap<String, Vec<u8>>, root: &Utf8Path) -> (BTreeSet<Utf8PathBuf>, Option<Diagnostic>) {
    let folder = root.join(FOLDER);
    let paths = files.keys().map(|path| root.join(path)).collect();
    let inside = |path: String| path.strip_prefix(FOLDER)?.strip_prefix('/').map(str::to_owned);
    let files = files.into_iter().filter_map(|(path, bytes)| Some((inside(path)?, Content::Bytes(bytes.into()))));
    let (results, others): (Files, Files) = files.partition(|(path, _)| path.ends_with(RESULTS));
    let written = [&others, &results].into_iter().filter(|files| !files.is_empty()).try_for_each(|files| {
        write(files, &folder, Earlier::Unlisted)?;
        Ok(())
    });
    let problem = written.err().map(|error: super::write::WriteError| {
        let message = format!("the frozen results cannot be written: {error}");
        Diagnostic::new(Code::InvalidResults, Place::project(), message)
            .hint("make the folder `_freeze` writable, or set `freeze: false`")
    });
    if problem.is_none() {
        results.keys().filter_map(|path| path.strip_suffix(RESULTS)).for_each(|page| prune(&folder, page, &others));
    }
    (paths, problem)
}

/// Removes figures of earlier results of a page.
fn prune(folder: &Utf8Path, page: &str, files: &Files) {
    let figures = format!("{page}/{FIGURES}");
    for entry in folder.join(&figures).read_dir_utf8().into_iter().flatten().flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && !files.contains_key(&format!("{figures}/{}", entry.file_name())) {
            // A figure that stays is not shown anywhere.
            let _ = std::fs::remove_file(entry.path());
        }
    }
    // Unless it still has files.
    let _ = std::fs::remove_dir(folder.join(figures));
}
