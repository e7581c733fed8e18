//! Finds the Python that runs a project's cells.

use crate::leaves::executables::{Executable, SearchPath};
use crate::memo::store::Store;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The environment variables that choose the interpreter.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// `QUARTO_PYTHON`: a program, or a folder with one.
    pub quarto_python: Option<OsString>,
    /// `VIRTUAL_ENV`: the active virtual environment.
    pub virtual_env: Option<OsString>,
    /// `PATH`.
    pub path: OsString,
}

/// A Python interpreter, and why it was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// The program, with its version.
    pub executable: Executable,
    /// `QUARTO_PYTHON`, `VIRTUAL_ENV`, `.venv`, `env` or `PATH`.
    pub origin: &'static str,
}

impl Interpreter {
    /// Finds the interpreter of a project: `QUARTO_PYTHON`, `VIRTUAL_ENV`, a virtual environment in the project's folder or
    /// one above it, then `python3` and `python` on the `PATH`.
    ///
    /// A `QUARTO_PYTHON` that does not exist is an error with its value: another interpreter would give other results.
    /// Pages have no say. Source: Quarto, "Using Python", "Virtual Environments".
    pub fn find(variables: &Variables, project: &Path, cache: &Store) -> Result<Option<Self>, PathBuf> {
        let search = SearchPath::new(variables.path.clone());
        let find = |path: &Path, origin| {
            let executable = search.find(path.to_str()?, cache)?;
            Some(Interpreter { executable, origin })
        };
        let is_set = |value: &&OsString| !value.is_empty();
        if let Some(wanted) = variables.quarto_python.as_ref().filter(is_set).map(PathBuf::from) {
            let program = if wanted.is_dir() { program_in(&wanted) } else { Some(wanted.clone()) };
            let found = program.and_then(|program| find(&program, "QUARTO_PYTHON"));
            return found.map(Some).ok_or(wanted);
        }
        let active = variables.virtual_env.as_ref().filter(is_set).map(|folder| (PathBuf::from(folder), "VIRTUAL_ENV"));
        let own = [(project.join(".venv"), ".venv"), (project.join("env"), "env")];
        let environments =
            active.into_iter().chain(own.into_iter().filter(|(path, _)| path.join("pyvenv.cfg").is_file()));
        for (folder, origin) in environments {
            let programs = ["bin", "Scripts"].iter().filter_map(|name| program_in(&folder.join(name)));
            if let Some(found) = programs.filter_map(|program| find(&program, origin)).next() {
                return Ok(Some(found));
            }
        }
        Ok(["python3", "python"].iter().find_map(|name| find(Path::new(name), "PATH")))
    }
}

/// The interpreter in a folder.
fn program_in(folder: &Path) -> Option<PathBuf> {
    let names = ["python3", "python", "python3.exe", "python.exe"];
    names.iter().map(|name| folder.join(name)).find(|path| path.is_file())
}
