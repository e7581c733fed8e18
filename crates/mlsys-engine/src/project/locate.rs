//! Finds the project and the pages that a path or name on the command line stands for.

use crate::project::config::CONFIG_FILES;
use crate::project::error::ProjectError;
use crate::project::overlay::normalized;
use crate::project::vfs::is_skipped;
use camino::{Utf8Path, Utf8PathBuf};
use mlsys_book::{NavItem, PageId, Project, did_you_mean};
use std::collections::BTreeSet;

/// A project, and the pages to build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The project's folder.
    pub root: Utf8PathBuf,
    /// The selected pages: short names, files or folders relative to the root. Empty for all.
    pub only: Vec<String>,
    /// True for a single page without a project.
    pub lone: bool,
    /// The configuration in place of `_quarto.yml`, relative to the root.
    pub config: Option<String>,
}

/// Finds the project. `path` is a project's folder, a page, a folder of pages or a chapter's short name. It defaults to the nearest
/// parent folder with a configuration, then `quarto`.
///
/// # Errors
/// When there is no project or no such file.
pub fn locate(current: &Utf8Path, path: Option<&str>) -> Result<Request, ProjectError> {
    let Some(path) = path else {
        let root = default_project(current)
            .ok_or_else(|| ProjectError::NoProject(current.to_owned(), projects_below(current)))?;
        return Ok(Request { root, only: Vec::new(), lone: false, config: None });
    };
    let absolute = normalized(&current.join(path));
    if absolute.is_dir() {
        if has_config(&absolute) {
            return Ok(Request { root: absolute, only: Vec::new(), lone: false, config: None });
        }
        if let Some(root) = project_above(&absolute) {
            return Ok(only(root, &absolute));
        }
        // A repository whose book lies in a folder is no project of README files.
        let below = if has_sources(&absolute) { Vec::new() } else { projects_below(&absolute) };
        return match below.is_empty() {
            true => Ok(Request { root: absolute, only: Vec::new(), lone: false, config: None }),
            false => Err(ProjectError::ProjectBelow(path.to_owned(), below)),
        };
    }
    if absolute.is_file() {
        if !matches!(absolute.extension(), Some("qmd" | "md" | "markdown")) {
            return Err(ProjectError::NotAPage(path.to_owned()));
        }
        let folder = absolute.parent().unwrap_or(&absolute).to_owned();
        return Ok(match project_above(&folder) {
            Some(root) => only(root, &absolute),
            None => Request {
                root: folder,
                only: absolute.file_name().map(str::to_owned).into_iter().collect(),
                lone: true,
                config: None,
            },
        });
    }
    match default_project(current) {
        Some(root) if !path.contains('/') && !path.contains('.') => {
            let names = path.split(',').map(str::trim).filter(|name| !name.is_empty());
            Ok(Request { root, only: names.map(str::to_owned).collect(), lone: false, config: None })
        }
        _ => Err(ProjectError::NoSuchPath(path.to_owned())),
    }
}

fn only(root: Utf8PathBuf, path: &Utf8Path) -> Request {
    let inside = path.strip_prefix(&root).map(|p| p.to_string()).unwrap_or_default();
    Request { root, only: vec![inside], lone: false, config: None }
}

fn has_config(folder: &Utf8Path) -> bool {
    CONFIG_FILES.iter().any(|file| folder.join(file).is_file())
}

fn project_above(folder: &Utf8Path) -> Option<Utf8PathBuf> {
    folder.ancestors().find(|f| has_config(f)).map(Utf8Path::to_owned)
}

/// True if a folder itself has pages in Quarto's own format.
fn has_sources(folder: &Utf8Path) -> bool {
    let is_source = |path: &Utf8Path| matches!(path.extension(), Some("qmd" | "ipynb" | "Rmd"));
    folder.read_dir_utf8().is_ok_and(|entries| entries.flatten().any(|entry| is_source(entry.path())))
}

/// How deep to look for projects in the folders of a repository, and in how many files and folders.
const DEPTH: usize = 3;
const MOST_ENTRIES: usize = 10_000;

/// The projects in the folders below one, relative to it, in ascending order. Hidden folders and those of other tools do not count.
fn projects_below(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let is_own = |entry: &walkdir::DirEntry| entry.depth() == 0 || !is_skipped(&entry.file_name().to_string_lossy());
    let entries = walkdir::WalkDir::new(folder).max_depth(DEPTH + 1).into_iter().filter_entry(is_own);
    let configs = entries
        .take(MOST_ENTRIES)
        .flatten()
        .filter(|entry| entry.depth() > 1 && CONFIG_FILES.iter().any(|name| entry.file_name().to_str() == Some(name)));
    let mut found: Vec<Utf8PathBuf> = configs
        .filter_map(|entry| {
            let config = Utf8PathBuf::from_path_buf(entry.into_path()).ok()?;
            Some(config.parent()?.strip_prefix(folder).ok()?.to_owned())
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

fn default_project(current: &Utf8Path) -> Option<Utf8PathBuf> {
    let quarto = current.join("quarto");
    project_above(current).or_else(|| has_config(&quarto).then_some(quarto))
}

/// The pages with these names. A name is a page's file, a folder of pages, or a short name: the file name without extension, its
/// beginning, or a part of it. Case, `-` and `_` are ignored. If a short name matches several pages, those in the navigation
/// are selected.
///
/// # Errors
/// When a name matches no page or several.
pub fn select_pages(project: &Project, names: &[String]) -> Result<Vec<String>, ProjectError> {
    let inputs: Vec<&str> = project.pages.iter().map(|page| page.input.as_str()).collect();
    let navigation = in_navigation(project);
    let mut selected = BTreeSet::new();
    for name in names {
        selected.extend(pages_of(name, &inputs, &navigation)?);
    }
    Ok(inputs.into_iter().filter(|input| selected.contains(input)).map(str::to_owned).collect())
}

/// The pages with one name.
fn pages_of<'p>(name: &str, inputs: &[&'p str], navigation: &BTreeSet<&str>) -> Result<Vec<&'p str>, ProjectError> {
    let path = name.trim_start_matches("./").trim_end_matches('/');
    let in_folder = |input: &str| input.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    let is_file = |input: &str| input == path || input.rsplit_once('.').is_some_and(|(bare, _)| bare == path);
    let whole: Vec<&str> = inputs.iter().copied().filter(|input| is_file(input)).collect();
    if !whole.is_empty() {
        return Ok(whole);
    }
    let inside: Vec<&str> = inputs.iter().copied().filter(|input| in_folder(input)).collect();
    if !inside.is_empty() {
        return Ok(inside);
    }
    let wanted = plain(path);
    let fits: [fn(&str, &str) -> bool; 3] =
        [|stem, wanted| stem == wanted, |stem, wanted| stem.starts_with(wanted), |stem, wanted| stem.contains(wanted)];
    for fits in fits {
        let mut found: Vec<&str> =
            inputs.iter().copied().filter(|input| !wanted.is_empty() && fits(&plain(stem(input)), &wanted)).collect();
        if found.iter().any(|input| navigation.contains(input)) {
            found.retain(|input| navigation.contains(input));
        }
        match found.as_slice() {
            [] => {}
            [_] => return Ok(found),
            several => {
                let pages = several.iter().map(|page| (*page).to_owned()).collect();
                return Err(ProjectError::AmbiguousPage(name.to_owned(), pages));
            }
        }
    }
    let hint = did_you_mean(&wanted, inputs.iter().map(|input| stem(input)));
    let hint = hint.unwrap_or_else(|| "`mlsys list` shows all".to_owned());
    Err(ProjectError::NoSuchPage(name.to_owned(), hint))
}

/// The pages in the navigation.
fn in_navigation(project: &Project) -> BTreeSet<&str> {
    fn collect(items: &[NavItem], found: &mut BTreeSet<PageId>) {
        for item in items {
            found.extend(item.page);
            collect(&item.contents, found);
        }
    }
    let mut found = BTreeSet::new();
    project.site.sidebars.iter().for_each(|sidebar| collect(&sidebar.contents, &mut found));
    if let Some(navbar) = &project.site.navbar {
        [&navbar.left, &navbar.right].into_iter().for_each(|items| collect(items, &mut found));
    }
    found.iter().filter_map(|page| Some(project.pages.page(*page)?.input.as_str())).collect()
}

/// The shortest unambiguous names of pages: the file name without extension, or the path if several pages share the name.
pub fn short_names(inputs: &[&str]) -> Vec<String> {
    let name = |input: &str| {
        let is_alone = inputs.iter().filter(|other| plain(stem(other)) == plain(stem(input))).count() == 1;
        let bare = input.rsplit_once('.').map_or(input, |(bare, _)| bare);
        if is_alone { stem(input).to_owned() } else { bare.to_owned() }
    };
    inputs.iter().map(|input| name(input)).collect()
}

/// A file name without folders and extension.
fn stem(input: &str) -> &str {
    let name = input.rsplit('/').next().unwrap_or(input);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// A name without the differences that matching ignores.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INPUTS: [&str; 6] = [
        "index.qmd",
        "core/introduction/introduction.qmd",
        "core/ml_systems/ml_systems.qmd",
        "core/training/training.qmd",
        "old/introduction/introduction.qmd",
        "old/index.qmd",
    ];

    fn selected(name: &str) -> Result<Vec<&'static str>, ProjectError> {
        let navigation = BTreeSet::from(["core/introduction/introduction.qmd", "core/training/training.qmd"]);
        pages_of(name, &INPUTS, &navigation)
    }

    #[test]
    fn names_may_be_short() {
        let introduction = Ok(vec!["core/introduction/introduction.qmd"]);
        assert_eq!(selected("introduction"), introduction);
        assert_eq!(selected("intro"), introduction);
        assert_eq!(selected("./core/introduction/"), introduction);
        assert_eq!(selected("core/introduction/introduction"), introduction);
        assert_eq!(selected("ML-Systems"), Ok(vec!["core/ml_systems/ml_systems.qmd"]));
        assert_eq!(selected("rain"), Ok(vec!["core/training/training.qmd"]));
        assert_eq!(selected("old"), Ok(vec!["old/introduction/introduction.qmd", "old/index.qmd"]));
        assert_eq!(selected("index"), Ok(vec!["index.qmd"]), "the file of this path");
    }

    #[test]
    fn unknown_and_ambiguous_names_are_reported() {
        let message = |name: &str| selected(name).expect_err("an error").to_string();
        assert!(message("trainig").ends_with("did you mean `training`?"));
        assert!(message("zebra").contains("mlsys list"));
        assert!(message("n").contains("`core/introduction/introduction.qmd`"), "{}", message("n"));
    }

    #[test]
    fn short_names_tell_pages_apart() {
        let names = short_names(&INPUTS);
        assert_eq!(names[1], "core/introduction/introduction");
        assert_eq!(names[2], "ml_systems");
        assert_eq!(names[0], "index");
    }
}
