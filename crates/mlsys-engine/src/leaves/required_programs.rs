//! The programs that books may need, and how to install them: the table behind `mlsys doctor`.

use std::process::{Command, Stdio};

/// The construct that needs a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// TikZ diagrams.
    Tikz,
    /// Graphviz graphs.
    Graphs,
    /// Python cells.
    Python,
    /// R cells.
    R,
}

impl Need {
    /// The need of a cell or diagram in a language.
    pub fn of_language(language: &str) -> Option<Self> {
        match language {
            "tikz" => Some(Need::Tikz),
            "dot" => Some(Need::Graphs),
            "python" => Some(Need::Python),
            "r" => Some(Need::R),
            _ => None,
        }
    }
}

/// A program.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// The name of the command.
    pub command: &'static str,
    /// The argument that prints the version.
    pub version: &'static str,
    /// What it does for a book, as a verb phrase.
    pub what: &'static str,
    /// The construct that needs it.
    pub need: Need,
    /// The packages that contain it: Debian, Fedora, Homebrew, winget.
    packages: [&'static str; 4],
}

const TEX: [&str; 4] = [
    "texlive-latex-extra texlive-pictures texlive-science texlive-fonts-recommended",
    "texlive-scheme-medium texlive-standalone texlive-pgfplots",
    "--cask mactex-no-gui",
    "MiKTeX.MiKTeX",
];

/// The programs, in the order of `doctor`'s report.
pub const PROGRAMS: &[Program] = &[
    Program { command: "latex", version: "--version", what: "typesets TikZ diagrams", need: Need::Tikz, packages: TEX },
    Program {
        command: "lualatex",
        version: "--version",
        what: "typesets TikZ diagrams that are too large for latex",
        need: Need::Tikz,
        packages: ["texlive-luatex", TEX[1], TEX[2], TEX[3]],
    },
    Program {
        command: "dvisvgm",
        version: "--version",
        what: "converts TikZ diagrams to SVG",
        need: Need::Tikz,
        packages: ["dvisvgm", "texlive-dvisvgm", TEX[2], TEX[3]],
    },
    Program {
        command: "dot",
        version: "-V",
        what: "draws graphs",
        need: Need::Graphs,
        packages: ["graphviz", "graphviz", "graphviz", "Graphviz.Graphviz"],
    },
    Program {
        command: "python3",
        version: "--version",
        what: "runs Python cells",
        need: Need::Python,
        packages: ["python3", "python3", "python", "Python.Python.3.13"],
    },
    Program {
        command: "Rscript",
        version: "--version",
        what: "runs R cells",
        need: Need::R,
        packages: ["r-base", "R", "r", "RProject.R"],
    },
];

/// A font file that diagrams in textbooks need, and TeX's program for finding it.
pub const FONT: (&str, &str) = ("kpsewhich", "phvr8t.tfm");

/// The first line of a program's version; `None` if it is not installed.
pub fn version(program: &Program) -> Option<String> {
    let output = Command::new(program.command).arg(program.version).stdin(Stdio::null()).output().ok()?;
    // Some programs print it to stderr.
    let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    let text = String::from_utf8_lossy(&text).into_owned();
    output.status.success().then(|| text.lines().next().unwrap_or("").trim().to_owned())
}

/// True if TeX has the fonts that diagrams in textbooks need; `None` without TeX.
pub fn has_fonts() -> Option<bool> {
    let output = Command::new(FONT.0).arg(FONT.1).stdin(Stdio::null()).output().ok()?;
    Some(output.status.success() && !output.stdout.is_empty())
}

/// The command that installs a program on this machine.
pub fn install_hint(program: &Program) -> Option<String> {
    let [debian, fedora, homebrew, windows] = program.packages;
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let is_like = |name: &str| {
        let lines = release.lines().filter(|line| line.starts_with("ID=") || line.starts_with("ID_LIKE="));
        lines.into_iter().any(|line| line.contains(name))
    };
    match std::env::consts::OS {
        "macos" => Some(format!("brew install {homebrew}")),
        "windows" => Some(format!("winget install {windows}")),
        _ if is_like("debian") || is_like("ubuntu") => Some(format!("apt-get install {debian}")),
        _ if is_like("fedora") || is_like("rhel") => Some(format!("dnf install {fedora}")),
        _ => None,
    }
}
