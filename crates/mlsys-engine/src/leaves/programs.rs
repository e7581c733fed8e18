//! The programs that a build may call, and where to get them.

use std::process::{Command, Stdio};

/// What a program is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// TikZ pictures.
    Tikz,
    /// Graphviz graphs.
    Graphs,
    /// Python cells.
    Python,
    /// R cells.
    R,
}

impl Need {
    /// What a cell or picture of this language needs.
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
    /// Its name on the command line.
    pub command: &'static str,
    /// The argument that makes it say its version.
    pub version: &'static str,
    /// What it does for a book.
    pub what: &'static str,
    /// What it is needed for.
    pub need: Need,
    /// Its packages: Debian's, Fedora's, Homebrew's, Windows' (winget).
    packages: [&'static str; 4],
}

const TEX: [&str; 4] = [
    "texlive-latex-extra texlive-pictures texlive-science texlive-fonts-recommended",
    "texlive-scheme-medium texlive-standalone texlive-pgfplots",
    "--cask mactex-no-gui",
    "MiKTeX.MiKTeX",
];

/// The programs, in the order in which `doctor` shows them.
pub const PROGRAMS: &[Program] = &[
    Program { command: "latex", version: "--version", what: "typesets TikZ pictures", need: Need::Tikz, packages: TEX },
    Program {
        command: "lualatex",
        version: "--version",
        what: "typesets TikZ pictures that are too large for latex",
        need: Need::Tikz,
        packages: ["texlive-luatex", TEX[1], TEX[2], TEX[3]],
    },
    Program {
        command: "dvisvgm",
        version: "--version",
        what: "turns TikZ pictures into SVG",
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

/// The font files that the pictures of textbooks ask for, with TeX's own program for finding them.
pub const FONT: (&str, &str) = ("kpsewhich", "phvr8t.tfm");

/// The first line that a program says about its version; nothing where it is not there.
pub fn version(program: &Program) -> Option<String> {
    let output = Command::new(program.command).arg(program.version).stdin(Stdio::null()).output().ok()?;
    // Some say their version on the error stream.
    let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    let text = String::from_utf8_lossy(&text).into_owned();
    output.status.success().then(|| text.lines().next().unwrap_or("").trim().to_owned())
}

/// Whether TeX has the fonts of textbooks' pictures; nothing where TeX is not there.
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
