//! `mlsys self`: the version, where it came from, and how to update it.

use super::error::CommandError;
use super::{Outcome, write_out};
use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

/// The options of `self`.
#[derive(Args, Debug)]
pub struct Arguments {}

/// How this binary was installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Installer {
    Pip,
    Uv,
    Pipx,
    Npm,
    Cargo,
    Homebrew,
    /// A development build in a `target` folder.
    Target,
    /// An archive or the installer script.
    Archive,
}

impl Installer {
    /// Tells by the path of the binary. `has_wheel`: the wheel's files are in the environment around the binary.
    fn of(path: &Utf8Path, has_wheel: bool) -> Installer {
        let has = |name: &str| path.components().any(|part| part.as_str() == name);
        match () {
            () if has("node_modules") => Installer::Npm,
            () if has("Cellar") => Installer::Homebrew,
            () if has("uv") && has_wheel => Installer::Uv,
            () if has("pipx") && has_wheel => Installer::Pipx,
            () if has_wheel => Installer::Pip,
            () if has(".cargo") => Installer::Cargo,
            () if has("target") => Installer::Target,
            () => Installer::Archive,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Installer::Pip => "pip",
            Installer::Uv => "uv",
            Installer::Pipx => "pipx",
            Installer::Npm => "npm",
            Installer::Cargo => "cargo install",
            Installer::Homebrew => "Homebrew",
            Installer::Target => "a build of the sources",
            Installer::Archive => "an archive of a release",
        }
    }

    fn update(self) -> &'static str {
        match self {
            Installer::Pip => "pip install --upgrade mlsys-cli",
            Installer::Uv => "uv tool upgrade mlsys-cli",
            Installer::Pipx => "pipx upgrade mlsys-cli",
            Installer::Npm => "npm install mlsys-cli@latest",
            Installer::Cargo => "cargo install --locked mlsys",
            Installer::Homebrew => "brew upgrade mlsys",
            Installer::Target => "git pull && cargo build --release",
            Installer::Archive => {
                "curl -fsSL https://github.com/mlsysbook/mlsys/releases/latest/download/install.sh | sh"
            }
        }
    }
}

/// Prints what this binary is.
pub fn run(_: &Arguments) -> Result<Outcome, CommandError> {
    let path = std::env::current_exe().map_err(CommandError::Stdout)?;
    let path = Utf8PathBuf::from_path_buf(path).map_err(CommandError::FolderNotUtf8)?;
    let installer = Installer::of(&path, has_wheel(&path));
    write_out(&format!(
        "mlsys {}\nbinary: {path}\ninstalled by: {}\nupdate: {}\n",
        env!("CARGO_PKG_VERSION"),
        installer.name(),
        installer.update()
    ))?;
    Ok(Outcome::Clean)
}

/// True if the environment around the binary has the wheel's description: `lib/pythonX.Y/site-packages/mlsys_cli-*.dist-info`.
fn has_wheel(path: &Utf8Path) -> bool {
    let Some(environment) = path.parent().and_then(Utf8Path::parent) else { return false };
    let is_wheel = |folder: &Utf8Path| {
        folder.read_dir_utf8().is_ok_and(|mut entries| {
            entries.any(|entry| entry.is_ok_and(|entry| entry.file_name().starts_with("mlsys_cli-")))
        })
    };
    let pythons = environment.join("lib").read_dir_utf8().into_iter().flatten().flatten();
    let mut packages: Vec<Utf8PathBuf> = pythons.map(|python| python.path().join("site-packages")).collect();
    packages.push(environment.join("Lib").join("site-packages"));
    packages.iter().any(|folder| is_wheel(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_tells_the_installer() {
        let of = |path: &str, has_wheel| Installer::of(Utf8Path::new(path), has_wheel);
        assert_eq!(of("/book/.venv/bin/mlsys", true), Installer::Pip);
        assert_eq!(of("/Users/ada/.local/share/uv/tools/mlsys-cli/bin/mlsys", true), Installer::Uv);
        assert_eq!(of("/Users/ada/.local/pipx/venvs/mlsys-cli/bin/mlsys", true), Installer::Pipx);
        assert_eq!(of("/book/node_modules/mlsys-cli-linux-x64/bin/mlsys", false), Installer::Npm);
        assert_eq!(of("/Users/ada/.cargo/bin/mlsys", false), Installer::Cargo);
        assert_eq!(of("/opt/homebrew/Cellar/mlsys/1.0.0/bin/mlsys", false), Installer::Homebrew);
        assert_eq!(of("/src/mlsys/target/release/mlsys", false), Installer::Target);
        assert_eq!(of("/usr/local/bin/mlsys", false), Installer::Archive);
    }
}
