//! The options of every subcommand that reads a project.

use super::diagnostics::{ColorWhen, set_color};
use super::error::CommandError;
use super::progress::Progress;
use crate::output::write::FORMATS;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use mlsys_book::{Code, Severity};
use mlsys_engine::leaves::cells::{CellMode, CellOptions};
use mlsys_engine::leaves::diagrams::{DiagramMode, DiagramOptions};
use mlsys_engine::leaves::progress::ProgressListener;
use mlsys_engine::leaves::sass;
use mlsys_engine::memo::store;
use mlsys_engine::options::BuildOptions;
use mlsys_engine::parallel::limit_threads;
use mlsys_engine::project::ReadOptions;
use mlsys_engine::project::locate::locate;
use mlsys_engine::report::Severities;
use std::collections::BTreeMap;

/// Options that select a project and its pages.
#[derive(Args, Debug)]
pub struct ProjectArguments {
    /// A project folder, a chapter (short name, file or folder) or a single .qmd file.
    ///
    /// Defaults to the nearest parent folder with `_quarto.yml`, then `quarto/`. `html` and `epub` also mean the project.
    pub path: Option<String>,
    /// Active profiles, separated by commas.
    #[arg(long, value_name = "PROFILE", value_delimiter = ',', env = "QUARTO_PROFILE")]
    pub profile: Vec<String>,
    /// Only these chapters, separated by commas: short names, files or folders.
    #[arg(long, value_name = "CHAPTER", value_delimiter = ',')]
    pub only: Vec<String>,
    /// When to draw diagrams [default: auto; for `check`: cached].
    ///
    /// `auto`: if the programs are installed; `required`: missing programs are an error; `cached`: use drawn diagrams only; `off`: never.
    #[arg(long, value_name = "WHEN", value_parser = named(DiagramMode::NAMES))]
    pub diagrams: Option<DiagramMode>,
    /// When messages have colours. `NO_COLOR` and `CLICOLOR_FORCE` are obeyed.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,
    /// The number of threads [default: one per core].
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<usize>,
    /// Print problems only.
    #[arg(long, short)]
    pub quiet: bool,
}

/// When to run the code of cells.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct CellArguments {
    /// When to run the code of cells [default: auto].
    ///
    /// `auto`: if the interpreter is installed; `required`: always, also where results are frozen, and a missing interpreter is an
    /// error; `cached`: use frozen and stored results only; `off`: use frozen results only.
    #[arg(long, value_name = "WHEN", env = "MLSYS_CELLS", value_parser = named(CellMode::NAMES))]
    pub cells: Option<CellMode>,
    /// Run all cells, like Quarto: short for `--cells required`.
    #[arg(long, conflicts_with_all = ["cells", "no_execute"])]
    pub execute: bool,
    /// Run no cells, like Quarto: short for `--cells cached`.
    #[arg(long, conflicts_with = "cells")]
    pub no_execute: bool,
}

/// The severities of diagnostics.
#[derive(Args, Clone, Debug, Default)]
pub struct SeverityArguments {
    /// The severity of a diagnostic: `error`, `warning`, `hint` or `off`. May be repeated.
    #[arg(long, value_name = "CODE=LEVEL", value_parser = Severities::choice)]
    severity: Vec<(Code, Option<Severity>)>,
    /// Exit with 1 if there are warnings.
    #[arg(long)]
    pub strict: bool,
}

impl SeverityArguments {
    /// The severities by code.
    pub fn by_code(&self) -> BTreeMap<Code, Option<Severity>> {
        self.severity.iter().copied().collect()
    }
}

impl CellArguments {
    /// The mode.
    pub fn mode(self) -> CellMode {
        match (self.execute, self.no_execute) {
            (true, _) => CellMode::Required,
            (false, true) => CellMode::Cached,
            (false, false) => self.cells.unwrap_or_default(),
        }
    }
}

impl ProjectArguments {
    /// The project to read. Also applies `--jobs` to this process.
    pub fn read_options(&self, format: &str) -> Result<ReadOptions, CommandError> {
        self.read_options_with(format, None)
    }

    /// The project to read, with a configuration in place of `_quarto.yml`.
    pub fn read_options_with(&self, format: &str, config: Option<&Utf8Path>) -> Result<ReadOptions, CommandError> {
        set_color(self.color);
        if let Some(jobs) = self.jobs {
            limit_threads(jobs)?;
        }
        let current = current_folder()?;
        // `build html`, as in the Book Binder: a format is not a path, unless a file or folder has this name.
        let path = self.path.as_deref().filter(|path| !FORMATS.contains(path) || current.join(path).exists());
        let mut request = locate(&current, path)?;
        request.config = config.map(|config| {
            let inside = current.join(config);
            inside.strip_prefix(&request.root).map_or_else(|_| config.to_string(), Utf8Path::to_string)
        });
        if !request.lone {
            request.only.extend(self.only.iter().cloned());
        }
        Ok(ReadOptions {
            request,
            profiles: self.profile.iter().filter(|p| !p.is_empty()).cloned().collect(),
            output_dir: None,
            format: format.to_owned(),
            overlay: mlsys_engine::project::Overlay::default(),
        })
    }

    /// How to run cells.
    pub fn cell_options(&self, root: &Utf8Path, mode: CellMode, progress: &Progress) -> CellOptions {
        let (steps, lines, quiet) = (progress.clone(), progress.clone(), self.quiet);
        CellOptions {
            mode,
            cache: Some(store::folder(root)),
            progress: ProgressListener::new(move |message| steps.step(message)),
            announcement: ProgressListener::new(move |message| lines.line(message, quiet)),
        }
    }

    /// The options of the build. `default` applies without `--diagrams`.
    pub fn build_options(&self, root: &Utf8Path, default: DiagramMode, progress: &Progress) -> BuildOptions {
        let progress = progress.clone();
        BuildOptions {
            diagrams: DiagramOptions {
                mode: self.diagrams.unwrap_or(default),
                programs: std::env::var_os("PATH").unwrap_or_default(),
                cache: Some(store::folder(root)),
                progress: ProgressListener::new(move |message| progress.step(message)),
            },
            sass: sass::own_file(),
            ..BuildOptions::default()
        }
    }
}

/// A value parser for options with named values.
pub fn named<T: Clone + Send + Sync + 'static, const N: usize>(
    values: [(&'static str, T); N],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(values.clone().map(|(name, _)| name)).try_map(move |name| {
        values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()).ok_or("unknown value")
    })
}

/// The current folder.
pub fn current_folder() -> Result<Utf8PathBuf, CommandError> {
    let folder = std::env::current_dir().map_err(CommandError::CurrentFolder)?;
    Utf8PathBuf::from_path_buf(folder).map_err(CommandError::FolderNotUtf8)
}
