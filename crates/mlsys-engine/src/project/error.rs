//! Errors of finding and reading a project.

use camino::Utf8PathBuf;

/// Why there is no project to build.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProjectError {
    /// No configuration near the current folder.
    #[error("there is no _quarto.yml in `{0}`, in a folder above it or in `quarto`{hint}", hint = begin(.1))]
    NoProject(Utf8PathBuf, Vec<Utf8PathBuf>),
    /// The folder has no configuration and no sources, but folders in it have.
    #[error("`{0}` has no _quarto.yml{hint}", hint = begin(.1))]
    ProjectBelow(String, Vec<Utf8PathBuf>),
    /// The path does not exist.
    #[error("`{0}` does not exist")]
    NoSuchPath(String),
    /// The path is a file, but not a page.
    #[error("`{0}` is not a page (.qmd or .md)")]
    NotAPage(String),
    /// A page name without a match; the second text is a suggestion.
    #[error("the project has no page `{0}`; {1}")]
    NoSuchPage(String, String),
    /// A page name with several matches.
    #[error("`{}` is ambiguous: it matches `{}`; write more of the name, or the file", .0, .1.join("`, `"))]
    AmbiguousPage(String, Vec<String>),
    /// The project has no pages.
    #[error("`{0}` has no page (.qmd or .md) to render; write one, or create a starter book: `mlsys new DIR`")]
    NoPages(Utf8PathBuf),
    /// All pages have other formats than the one to build.
    #[error("the format `{0}` is not supported, and no page has `html`; add it to `format`")]
    OtherFormat(String),
}

/// How to begin where there is no project: with one of those in the folders below, or with a new one.
fn begin(below: &[Utf8PathBuf]) -> String {
    match below {
        [] => "; create a starter book: `mlsys new book`".to_owned(),
        [one] => format!("; its project is in `{one}`: name that folder"),
        several => {
            let names: Vec<&str> = several.iter().map(|folder| folder.as_str()).collect();
            format!("; its projects are in `{}`: name one of them", names.join("`, `"))
        }
    }
}
