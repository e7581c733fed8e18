//! The options of every subcommand that reads a project.

use super::progress::Progress;
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use mlsys_engine::leaves::diagrams::{DiagramOptions, Say, Wanted};
use mlsys_engine::leaves::sass;
use mlsys_engine::memo::store;
use mlsys_engine::options::BuildOptions;
use mlsys_engine::parallel::limit_threads;
use mlsys_engine::project::ReadOptions;
use mlsys_engine::project::locate::locate;

/// Which project, which pages of it, and how to read them.
#[derive(Args, Debug)]
pub struct ProjectArguments {
    /// A project's folder, a chapter (short name, file or folder) or a single .qmd file. Without it, the nearest project
    /// upwards, else the folder `quarto`. A format's name stands for the project, unless there is a file or folder of it.
    pub path: Option<String>,
    /// Active profiles, separated by commas.
    #[arg(long, value_name = "PROFILE", value_delimiter = ',', env = "QUARTO_PROFILE")]
    pub profile: Vec<String>,
    /// Only these chapters, separated by commas: short names, files or folders.
    #[arg(long, value_name = "CHAPTER", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Whether diagrams are drawn: `required` makes one that is not drawn an error, `auto` shows its source, `cached` shows those
    /// that were drawn before, `off` none. The default is `auto`, for `check` it is `cached`.
    #[arg(long, value_name = "WHEN", value_parser = named(Wanted::NAMES))]
    pub diagrams: Option<Wanted>,
    /// How many threads to use.
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<usize>,
    /// Say nothing but findings.
    #[arg(long, short)]
    pub quiet: bool,
}

impl ProjectArguments {
    /// Which project to read. Limits the threads of this process where the author asks for it.
    pub fn read_options(&self, format: &str) -> Result<ReadOptions, String> {
        if let Some(jobs) = self.jobs {
            limit_threads(jobs)?;
        }
        let current = current_folder()?;
        // `build html`, as the Book Binder has it: a format is no path unless there is one of its name.
        let path = self.path.as_deref().filter(|path| *path != format || current.join(path).exists());
        let mut request = locate(&current, path)?;
        if !request.lone {
            request.only.extend(self.only.iter().cloned());
        }
        Ok(ReadOptions {
            request,
            profiles: self.profile.iter().filter(|p| !p.is_empty()).cloned().collect(),
            output_dir: None,
            format: format.to_owned(),
        })
    }

    /// How to build it: diagrams are drawn as the author says, else in the default mode.
    pub fn build_options(&self, root: &Utf8Path, default: Wanted, progress: &Progress) -> BuildOptions {
        let progress = progress.clone();
        BuildOptions {
            diagrams: DiagramOptions {
                wanted: self.diagrams.unwrap_or(default),
                programs: std::env::var_os("PATH").unwrap_or_default(),
                cache: Some(store::folder(root)),
                say: Say::new(move |what| progress.step(what)),
            },
            sass: sass::own_file(),
            ..BuildOptions::default()
        }
    }
}

/// A parser of options whose values have names.
pub fn named<T: Clone + Send + Sync + 'static, const N: usize>(
    values: [(&'static str, T); N],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(values.clone().map(|(name, _)| name)).try_map(move |name| {
        values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()).ok_or("unknown value")
    })
}

/// The folder that the author stands in.
pub fn current_folder() -> Result<Utf8PathBuf, String> {
    let folder = std::env::current_dir().map_err(|error| format!("the current folder: {error}"))?;
    Utf8PathBuf::from_path_buf(folder).map_err(|path| format!("`{}` is not UTF-8", path.display()))
}
