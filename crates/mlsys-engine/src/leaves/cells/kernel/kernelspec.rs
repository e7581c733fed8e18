//! The kernels that are installed. Source: "Making kernels for Jupyter", Kernel specs; `jupyter --paths`.

use camino::{Utf8Path, Utf8PathBuf};
use mlsys_book::{did_you_mean, suggest};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The environment variables that say where kernels are.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// `JUPYTER_PATH`: folders before all others.
    pub jupyter_path: Option<OsString>,
    /// `JUPYTER_DATA_DIR`: the user's folder.
    pub jupyter_data_dir: Option<OsString>,
    /// `HOME`, or `USERPROFILE` on Windows.
    pub home: Option<OsString>,
    /// `APPDATA`, on Windows.
    pub app_data: Option<OsString>,
}

/// An installed kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelSpec {
    /// The name of its folder.
    pub name: String,
    /// The file `kernel.json`.
    pub file: Utf8PathBuf,
    /// The text of the file.
    pub text: String,
    /// The command, with `{connection_file}` and other places to fill.
    pub argv: Vec<String>,
    /// The language, as the kernel writes it.
    pub language: String,
    /// Variables for the kernel, which may refer to others (`${PATH}`).
    pub env: BTreeMap<String, String>,
    /// True if it is interrupted by a message, false if by a signal.
    pub is_interrupted_by_message: bool,
    /// The installation of Python that it belongs to.
    pub prefix: Option<Utf8PathBuf>,
}

/// The content of `kernel.json`.
#[derive(Deserialize)]
struct File {
    argv: Vec<String>,
    #[serde(default)]
    language: String,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    interrupt_mode: String,
}

/// All kernels that were found. Of two with a name, only the first.
#[derive(Clone, Debug, Default)]
pub struct KernelSpecs(Vec<KernelSpec>);

impl KernelSpecs {
    /// Finds the kernels in Jupyter's folders: those of `JUPYTER_PATH`, of the interpreter's environment, of the user and of
    /// the system.
    pub fn find(variables: &Variables, interpreter: Option<&Path>) -> Self {
        let prefix = interpreter.and_then(|python| python.parent()?.parent()).map(Path::to_owned);
        let mut kernels = Vec::new();
        for (folder, prefix) in data_folders(variables, prefix) {
            let Ok(folder) = Utf8PathBuf::from_path_buf(folder.join("kernels")) else { continue };
            let Ok(entries) = folder.read_dir_utf8() else { continue };
            let mut names: Vec<String> = entries.flatten().map(|entry| entry.file_name().to_owned()).collect();
            names.sort();
            let found = names.iter().filter_map(|name| read(&folder, name, prefix.as_deref()));
            kernels.extend(found);
        }
        let mut specs = KernelSpecs::default();
        for kernel in kernels {
            if !specs.0.iter().any(|other| same(&other.name, &kernel.name)) {
                specs.0.push(kernel);
            }
        }
        specs
    }

    /// The kernel of a name; else that of a language, the latest version of several (`julia-1.10` after `julia-1.9`).
    pub fn get(&self, name: &str) -> Option<&KernelSpec> {
        let of_language = self.0.iter().filter(|kernel| same(&kernel.language, name));
        let latest = || of_language.max_by_key(|kernel| versions(&kernel.name));
        self.0.iter().find(|kernel| same(&kernel.name, name)).or_else(latest)
    }

    /// What to do about a kernel that is not installed.
    pub fn missing(&self, name: &str, language: &str) -> String {
        let names = || self.0.iter().map(|kernel| kernel.name.as_str());
        if suggest(name, names()).is_some() {
            let suggestion = did_you_mean(name, names()).unwrap_or_default();
            return format!("there is no Jupyter kernel `{name}`: {suggestion}");
        }
        let install = match language {
            "bash" | "sh" => "run `python3 -m pip install bash_kernel`, then `python3 -m bash_kernel.install`",
            "julia" => "run `import Pkg; Pkg.add(\"IJulia\")` in Julia",
            "r" => "run `install.packages(\"IRkernel\"); IRkernel::installspec()` in R",
            "rust" => "run `cargo install evcxr_jupyter`, then `evcxr_jupyter --install`",
            "javascript" | "typescript" => "install Deno, then run `deno jupyter --install`",
            _ => "`jupyter kernelspec list` shows those that are installed",
        };
        format!("there is no Jupyter kernel for `{name}`: {install}")
    }
}

/// Jupyter's folders for data, with the prefix of those that belong to an installation of Python.
fn data_folders(variables: &Variables, prefix: Option<PathBuf>) -> Vec<(PathBuf, Option<PathBuf>)> {
    let set = |value: &Option<OsString>| value.clone().filter(|value| !value.is_empty());
    let path = set(&variables.jupyter_path).unwrap_or_default();
    let mut folders: Vec<(PathBuf, Option<PathBuf>)> =
        std::env::split_paths(&path).filter(|path| path.is_absolute()).map(|path| (path, None)).collect();
    folders.extend(prefix.map(|prefix| (prefix.join("share/jupyter"), Some(prefix))));
    let home = set(&variables.home).map(PathBuf::from);
    let in_home = |folder: &str| home.as_ref().map(|home| home.join(folder));
    let user = set(&variables.jupyter_data_dir).map(PathBuf::from).or_else(|| match std::env::consts::OS {
        "macos" => in_home("Library/Jupyter"),
        "windows" => set(&variables.app_data).map(|folder| PathBuf::from(folder).join("jupyter")),
        _ => in_home(".local/share/jupyter"),
    });
    folders.extend(user.map(|user| (user, None)));
    if cfg!(unix) {
        folders.extend(["/usr/local", "/usr"].map(|prefix| (Path::new(prefix).join("share/jupyter"), None)));
    }
    folders
}

/// The kernel in a folder; `None` if there is none.
fn read(folder: &Utf8Path, name: &str, prefix: Option<&Path>) -> Option<KernelSpec> {
    let file = folder.join(name).join("kernel.json");
    let text = std::fs::read_to_string(&file).ok()?;
    let File { argv, language, env, interrupt_mode } = serde_json::from_str(&text).ok()?;
    let prefix = prefix.and_then(Utf8Path::from_path).map(Utf8Path::to_owned);
    let is_interrupted_by_message = interrupt_mode == "message";
    Some(KernelSpec { name: name.to_owned(), file, text, argv, language, env, is_interrupted_by_message, prefix })
}

/// Jupyter compares names without regard to case.
fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The numbers in a name.
fn versions(name: &str) -> Vec<u32> {
    name.split(|character: char| !character.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(name: &str, language: &str) -> KernelSpec {
        KernelSpec {
            name: name.into(),
            file: Utf8PathBuf::new(),
            text: String::new(),
            argv: Vec::new(),
            language: language.into(),
            env: BTreeMap::new(),
            is_interrupted_by_message: false,
            prefix: None,
        }
    }

    #[test]
    fn kernels_by_name_and_language() {
        let specs = KernelSpecs(vec![spec("julia-1.9", "julia"), spec("julia-1.10", "julia"), spec("bash", "bash")]);
        let name = |name| specs.get(name).map(|kernel| kernel.name.as_str());
        assert_eq!(
            [name("Bash"), name("julia"), name("julia-1.9")],
            [Some("bash"), Some("julia-1.10"), Some("julia-1.9")]
        );
        assert_eq!(name("bsh"), None);
        assert_eq!(specs.missing("bsh", "bsh"), "there is no Jupyter kernel `bsh`: did you mean `bash`?");
        assert!(specs.missing("r", "r").contains("IRkernel"));
    }
}
