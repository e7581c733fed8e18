//! Compiles the theme. The Sass of a project is compiled in a separate process.
//!
//! Sass is a programming language with endless loops, unbounded recursion and strings that double. The compiler has no limits,
//! and a thread can neither be stopped nor survive a stack overflow. So the command starts itself again, with limits of time and
//! memory, and passes the sources in files. The built-in Sass is compiled in this process.

use crate::leaves::process::{Exit, Limits, Run};
use mlsys_render::{SassError, style_sheet};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// The argument that makes the command compile the sources in its working folder. It is not part of the public command line.
const ARGUMENT: &str = "--compile-style-sheet";

/// The file with the sources.
const LAYERS: &str = "layers.json";

/// The file with the result.
const RESULT: &str = "result.json";

/// The limits of the compiler. Large themes take a tenth of a second.
const LIMITS: Limits = Limits { cpu_seconds: 5, memory: 2 << 30 };

/// The limit of wall-clock time, for a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// Why there is no style sheet.
pub enum Failure {
    /// The sources have an error.
    Mistake(SassError),
    /// The compiler did not finish within its limits.
    Endless,
}

/// The Sass sources of a style sheet.
#[derive(Serialize)]
pub struct Layers<'a> {
    /// The built-in framework.
    pub framework: Vec<&'a str>,
    /// The layers over it in light mode.
    pub light: Vec<&'a str>,
    /// The layers over it in dark mode.
    pub dark: Option<Vec<&'a str>>,
}

#[derive(Deserialize)]
struct OwnedLayers {
    framework: Vec<String>,
    light: Vec<String>,
    dark: Option<Vec<String>>,
}

/// Compiles layers, in a process of the executable `compiler` if there is one.
pub fn compile(layers: &Layers<'_>, compiler: Option<&Path>) -> Result<String, Failure> {
    let Some(compiler) = compiler else {
        return style_sheet(&layers.framework, &layers.light, layers.dark.as_deref()).map_err(Failure::Mistake);
    };
    match in_process(layers, compiler) {
        Some(Ok(style)) => Ok(style),
        Some(Err((message, line))) => Err(Failure::Mistake(SassError { message, line })),
        None => Err(Failure::Endless),
    }
}

/// Compiles layers in another process; `None` if it does not finish.
fn in_process(layers: &Layers<'_>, compiler: &Path) -> Option<Result<String, (String, String)>> {
    let folder = tempfile::tempdir().ok()?;
    std::fs::write(folder.path().join(LAYERS), serde_json::to_vec(layers).ok()?).ok()?;
    let run = Run { program: compiler, arguments: &[ARGUMENT.into()], folder: folder.path(), environment: &[] };
    if run.run("compiler", LIMIT).exit != Exit::Success {
        return None;
    }
    serde_json::from_slice(&std::fs::read(folder.path().join(RESULT)).ok()?).ok()
}

/// The executable of this process, for [`compile`].
pub fn own_file() -> Option<PathBuf> {
    std::env::current_exe().ok()
}

/// Compiles the layers in the working folder, if this process was started by [`compile`].
pub fn compile_here() -> Option<ExitCode> {
    if std::env::args_os().nth(1)? != ARGUMENT {
        return None;
    }
    LIMITS.apply();
    let compiled = || {
        let layers: OwnedLayers = serde_json::from_slice(&std::fs::read(LAYERS).ok()?).ok()?;
        let (framework, light) = (texts(&layers.framework), texts(&layers.light));
        let dark = layers.dark.as_deref().map(texts);
        let result = style_sheet(&framework, &light, dark.as_deref()).map_err(|error| (error.message, error.line));
        std::fs::write(RESULT, serde_json::to_vec(&result).ok()?).ok()
    };
    Some(if compiled().is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
