//! From what the author typed to a project's folder and the pages meant.

use crate::configuration::CONFIG_FILES;
use camino::{Utf8Path, Utf8PathBuf};

/// What is to be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The project's folder.
    pub root: Utf8PathBuf,
    /// The pages that are meant: short names, files or folders relative to the root. Empty for all.
    pub only: Vec<String>,
    /// Whether there is no project: the one page is all there is.
    pub lone: bool,
}

/// Finds the project. `path` is a project's folder, a page, a folder of pages or a chapter's short name; without it the nearest
/// project upwards, else the folder `quarto`.
///
/// # Errors
/// A message for the author when there is no project or no such file.
pub fn locate(current: &Utf8Path, path: Option<&str>) -> Result<Request, String> {
    let Some(path) = path else {
        let root = default_project(current)
            .ok_or_else(|| format!("there is no _quarto.yml in `{current}`, in a folder above it or in `quarto`"))?;
        return Ok(Request { root, only: Vec::new(), lone: false });
    };
    let absolute = normalised(&current.join(path));
    if absolute.is_dir() {
        if has_config(&absolute) {
            return Ok(Request { root: absolute, only: Vec::new(), lone: false });
        }
        return Ok(match project_above(&absolute) {
            Some(root) => only(root, &absolute),
            None => Request { root: absolute, only: Vec::new(), lone: false },
        });
    }
    if absolute.is_file() {
        if !matches!(absolute.extension(), Some("qmd" | "md" | "markdown")) {
            return Err(format!("`{path}` is not a page (.qmd or .md)"));
        }
        let folder = absolute.parent().unwrap_or(&absolute).to_owned();
        return Ok(match project_above(&folder) {
            Some(root) => only(root, &absolute),
            None => Request {
                root: folder,
                only: absolute.file_name().map(str::to_owned).into_iter().collect(),
                lone: true,
            },
        });
    }
    match default_project(current) {
        Some(root) if !path.contains('/') && !path.contains('.') => {
            Ok(Request { root, only: vec![path.to_owned()], lone: false })
        }
        _ => Err(format!("`{path}` does not exist")),
    }
}

fn only(root: Utf8PathBuf, path: &Utf8Path) -> Request {
    let inside = path.strip_prefix(&root).map(|p| p.to_string()).unwrap_or_default();
    Request { root, only: vec![inside], lone: false }
}

fn has_config(folder: &Utf8Path) -> bool {
    CONFIG_FILES.iter().any(|file| folder.join(file).is_file())
}

fn project_above(folder: &Utf8Path) -> Option<Utf8PathBuf> {
    folder.ancestors().find(|f| has_config(f)).map(Utf8Path::to_owned)
}

fn default_project(current: &Utf8Path) -> Option<Utf8PathBuf> {
    let beside = current.join("quarto");
    project_above(current).or_else(|| has_config(&beside).then_some(beside))
}

/// A path without `.` and `..` where they can be resolved by name.
fn normalised(path: &Utf8Path) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            camino::Utf8Component::CurDir => {}
            camino::Utf8Component::ParentDir => {
                out.pop();
            }
            other => out.push(other.as_str()),
        }
    }
    out
}

/// Whether a page is meant by one of the names: its file, a folder above it, or its short name.
pub fn is_meant(input: &str, only: &[String]) -> bool {
    let name = input.rsplit('/').next().unwrap_or(input);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    only.is_empty()
        || only.iter().any(|meant| {
            let meant = meant.trim_end_matches('/');
            meant == input
                || meant == stem
                || input.strip_prefix(meant).is_some_and(|rest| rest.starts_with('/'))
                || input.rsplit_once('.').is_some_and(|(path, _)| path == meant)
        })
}
