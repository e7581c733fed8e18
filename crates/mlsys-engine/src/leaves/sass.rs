//! The theme's style sheet. A project's own Sass is compiled by a process of its own.
//!
//! Sass is a programming language: a loop may have no end, a function may call itself until the stack is full, a text may double
//! itself until the memory is. The compiler knows no limits, and a thread can neither be ended nor survive a full stack. So this
//! command starts itself once more, with limits of time and memory, and hands over the texts. What the command brings along
//! is compiled here.

use crate::leaves::diagrams::programs::{How, Run};
use mlsys_render::{SassError, style_sheet};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// The argument that makes the command compile what is in its working folder. It is no part of the command line that authors see.
const ARGUMENT: &str = "--compile-style-sheet";

/// The texts, within the folder.
const LAYERS: &str = "layers.json";

/// What came of them, within the folder.
const RESULT: &str = "result.json";

/// How many seconds a processor may work on a style sheet; those of large themes take a tenth of a second.
const SECONDS: u64 = 5;

/// How long all may take on a machine that does other work besides.
const LIMIT: Duration = Duration::from_secs(60);

/// How much memory a style sheet may need, in bytes of addresses.
#[cfg(unix)]
const MEMORY: u64 = 2 << 30;

/// Why there is no style sheet.
pub enum Failure {
    /// A mistake in the texts.
    Mistake(SassError),
    /// The compiler did not come to an end.
    Endless,
}

/// The Sass texts of a style sheet.
#[derive(Serialize)]
pub struct Layers<'a> {
    /// What the command brings along.
    pub framework: Vec<&'a str>,
    /// What goes over it in the light mode.
    pub light: Vec<&'a str>,
    /// What goes over it in the dark mode.
    pub dark: Option<Vec<&'a str>>,
}

#[derive(Deserialize)]
struct OwnedLayers {
    framework: Vec<String>,
    light: Vec<String>,
    dark: Option<Vec<String>>,
}

/// Compiles layers, in a process of the command `compiler` where there is one.
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

/// What another process made of the layers; nothing where it came to no end.
fn in_process(layers: &Layers<'_>, compiler: &Path) -> Option<Result<String, (String, String)>> {
    let folder = tempfile::tempdir().ok()?;
    std::fs::write(folder.path().join(LAYERS), serde_json::to_vec(layers).ok()?).ok()?;
    let run = Run { program: compiler, arguments: &[ARGUMENT.into()], folder: folder.path(), environment: &[] };
    if run.start("compiler", LIMIT).how != How::Done {
        return None;
    }
    serde_json::from_slice(&std::fs::read(folder.path().join(RESULT)).ok()?).ok()
}

/// The command's own file, for [`compile`].
pub fn own_file() -> Option<PathBuf> {
    std::env::current_exe().ok()
}

/// Compiles the layers in the working folder, if that is what this process was started for.
pub fn compile_here() -> Option<ExitCode> {
    if std::env::args_os().nth(1)? != ARGUMENT {
        return None;
    }
    limit();
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

/// Sets the limits of this process.
#[cfg(unix)]
fn limit() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    for (resource, limit) in [(Resource::Cpu, SECONDS), (Resource::As, MEMORY), (Resource::Core, 0)] {
        // A system that refuses still ends the process when the time is over.
        let _ = setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) });
    }
}

#[cfg(not(unix))]
fn limit() {}
