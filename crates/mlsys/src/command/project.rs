//! The options of every subcommand that reads a project.

use crate::cache;
use crate::diagrams::{DiagramOptions, Wanted};
use crate::each_page::limit_threads;
use crate::locate::locate;
use crate::reading::Options;
use camino::Utf8PathBuf;
use clap::Args;

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
    #[arg(long, value_name = "WHEN", value_enum)]
    pub diagrams: Option<Wanted>,
    /// How many threads to use.
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<usize>,
    /// Say nothing but findings.
    #[arg(long, short)]
    pub quiet: bool,
}

impl ProjectArguments {
    /// What to read. Limits the threads of this process where the author asks for it.
    pub fn options(&self, format: &str) -> Result<Options, String> {
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
        let diagrams = DiagramOptions {
            wanted: self.diagrams.unwrap_or_default(),
            programs: std::env::var_os("PATH").unwrap_or_default(),
            cache: Some(cache::folder(&request.root)),
            say: Default::default(),
        };
        Ok(Options {
            request,
            diagrams,
            profiles: self.profile.iter().filter(|p| !p.is_empty()).cloned().collect(),
            output_dir: None,
            sass: crate::sass::own_file(),
            format: format.to_owned(),
        })
    }
}

/// The folder that the author stands in.
pub fn current_folder() -> Result<Utf8PathBuf, String> {
    let folder = std::env::current_dir().map_err(|error| format!("the current folder: {error}"))?;
    Utf8PathBuf::from_path_buf(folder).map_err(|path| format!("`{}` is not UTF-8", path.display()))
}
