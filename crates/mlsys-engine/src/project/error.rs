//! Errors of finding and reading a project.

use camino::Utf8PathBuf;

/// Why there is no project to build.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProjectError {
    /// No configuration near the current folder.
    #[error("there is no _quarto.yml in `{0}`, in a folder above it or in `quarto`")]
    NoProject(Utf8PathBuf),
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
    #[error("`{0}` has no page (.qmd or .md) to render")]
    NoPages(Utf8PathBuf),
}
