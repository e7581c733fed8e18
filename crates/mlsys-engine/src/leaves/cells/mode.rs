//! When and how cells are run.

use crate::leaves::progress::ProgressListener;
use camino::Utf8PathBuf;

/// When to run cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellMode {
    /// Always, also where results are frozen: a page that cannot be run is an error.
    Required,
    /// If the interpreter is installed. Otherwise the page shows stored results or its code, with a warning.
    #[default]
    Auto,
    /// Never, but show frozen and stored results.
    Cached,
    /// Never, and show frozen results only.
    Off,
    /// As `Cached`, for a check of the sources: a build runs the cells later.
    Check,
}

impl CellMode {
    /// The values with their names on the command line.
    pub const NAMES: [(&str, CellMode); 4] = [
        ("required", CellMode::Required),
        ("auto", CellMode::Auto),
        ("cached", CellMode::Cached),
        ("off", CellMode::Off),
    ];

    /// True if cells may run.
    pub fn runs(self) -> bool {
        match self {
            CellMode::Required | CellMode::Auto => true,
            CellMode::Cached | CellMode::Off | CellMode::Check => false,
        }
    }
}

/// How to run cells.
#[derive(Clone, Debug, Default)]
pub struct CellOptions {
    /// When to run them.
    pub mode: CellMode,
    /// The folder of the cache; `None` stores nothing.
    pub cache: Option<Utf8PathBuf>,
    /// Hears which cell runs.
    pub progress: ProgressListener,
    /// Hears, before anything runs, what will.
    pub announcement: ProgressListener,
}
