//! Finds the R that runs a project's cells.

use crate::leaves::executables::{Executable, SearchPath};
use crate::memo::store::Store;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The environment variables that choose the installation.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// `QUARTO_R`: a program, or a folder with one.
    pub quarto_r: Option<OsString>,
    /// `R_HOME`: the folder of R.
    pub r_home: Option<OsString>,
    /// `PATH`.
    pub path: OsString,
}

/// The program `Rscript`, and why it was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// The program, with its version.
    pub executable: Executable,
    /// `QUARTO_R`, `R_HOME` or `PATH`.
    pub origin: &'static str,
}

impl Installation {
    /// Finds `Rscript`: in `QUARTO_R`, in `bin` of `R_HOME`, then on the `PATH`.
    ///
    /// A `QUARTO_R` without it is an error with its value: another installation would give other results. Source: Quarto,
    /// `rBinaryPath`.
    pub fn find(variables: &Variables, cache: &Store) -> Result<Option<Self>, PathBuf> {
        let search = SearchPath::new(variables.path.clone());
        let find = |path: &Path, origin| {
            let executable = search.find(path.to_str()?, cache)?;
            Some(Installation { executable, origin })
        };
        let set = |value: &Option<OsString>| value.clone().filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(wanted) = set(&variables.quarto_r) {
            let folder = if wanted.is_dir() { Some(wanted.as_path()) } else { wanted.parent() };
            let found = folder.and_then(|folder| find(&program_in(folder)?, "QUARTO_R"));
            return found.map(Some).ok_or(wanted);
        }
        let home = set(&variables.r_home).and_then(|home| find(&program_in(&home.join("bin"))?, "R_HOME"));
        Ok(home.or_else(|| find(Path::new("Rscript"), "PATH")))
    }
}

fn program_in(folder: &Path) -> Option<PathBuf> {
    ["Rscript", "Rscript.exe"].iter().map(|name| folder.join(name)).find(|path| path.is_file())
}
