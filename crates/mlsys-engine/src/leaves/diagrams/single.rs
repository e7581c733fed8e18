//! Graphviz and Mermaid: programs that draw one diagram per run.

use super::engines::Engine;
use super::outcome::{DiagramError, Outcome, Problem};
use super::picture::Picture;
use super::svg;
use crate::leaves::executables::Executable;
use crate::leaves::process::{Exit, Run, RunResult};
use camino::Utf8Path;
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// The time limit of a run. Mermaid starts a browser.
const LIMIT: Duration = Duration::from_secs(120);

/// Mermaid's configuration, unless the project has its own: labels as text, because images cannot show HTML, and reproducible
/// ids.
const MERMAID: &str =
    r#"{"htmlLabels":false,"flowchart":{"htmlLabels":false},"class":{"htmlLabels":false},"deterministicIds":true}"#;

/// Draws a diagram. Files in its options are relative to `root`.
pub fn draw(picture: &Picture, program: &Executable, root: &Utf8Path) -> Outcome {
    let folder = match TempDir::with_prefix("mlsys-") {
        Ok(folder) => folder,
        Err(error) => return Outcome::unavailable(DiagramError::NoFolder(error.to_string())),
    };
    let written = std::fs::write(folder.path().join("picture.txt"), format!("{}\n", picture.source))
        .and_then(|()| std::fs::write(folder.path().join("mermaid.json"), MERMAID));
    if let Err(error) = written {
        return Outcome::unavailable(DiagramError::NoFolder(error.to_string()));
    }
    let result = match picture.engine {
        Engine::Mermaid => mermaid(picture, program, folder.path(), root),
        Engine::Dot | Engine::Tikz | Engine::Other(_) => graphviz(program, folder.path()),
    };
    let drawn = std::fs::read(folder.path().join("picture.svg")).map(|b| String::from_utf8_lossy(&b).into_owned());
    match (result.exit, drawn) {
        (Exit::Success, Ok(raw)) => match svg::clean(&raw, false) {
            Ok(svg) => Outcome::drawn(Some(svg), Vec::new()),
            Err(error) => Outcome::failed(&DiagramError::Svg("the program", error)),
        },
        (Exit::Success | Exit::Failure, _) => Outcome::drawn(None, vec![problem(&result.output)]),
        (Exit::TimedOut, _) => Outcome::failed(&DiagramError::TimedOut("the program")),
        (Exit::NotStarted(error), _) => Outcome::unavailable(DiagramError::NotStarted("the program", error)),
    }
}

fn graphviz(program: &Executable, folder: &Path) -> RunResult {
    let arguments = ["-Tsvg", "-opicture.svg", "picture.txt"].map(OsString::from);
    // With this variable Graphviz does not read files named in a diagram. Source: Graphviz, "Command Line", environment variables.
    let environment = [("SERVER_NAME", "mlsys".to_owned())];
    Run { program: &program.path, arguments: &arguments, folder, environment: &environment }.run("dot", LIMIT)
}

fn mermaid(picture: &Picture, program: &Executable, folder: &Path, root: &Utf8Path) -> RunResult {
    let mut arguments: Vec<OsString> =
        ["--quiet", "--input", "picture.txt", "--output", "picture.svg"].map(OsString::from).to_vec();
    let mut own_file = false;
    for (name, value) in &picture.settings.options {
        let (option, is_file) = match name.as_str() {
            "theme" => ("--theme", false),
            "background-color" => ("--backgroundColor", false),
            "scale" => ("--scale", false),
            "icon-packs" => ("--iconPacks", false),
            "config-file" => ("--configFile", true),
            "css-file" => ("--cssFile", true),
            "puppeteer-config-file" => ("--puppeteerConfigFile", true),
            _ => continue,
        };
        own_file |= option == "--configFile";
        arguments.push(option.into());
        arguments.push(if is_file { root.join(value).into() } else { value.into() });
    }
    if !own_file {
        arguments.extend(["--configFile", "mermaid.json"].map(OsString::from));
    }
    Run { program: &program.path, arguments: &arguments, folder, environment: &[] }.run("mmdc", LIMIT)
}

/// The program's error message and its line: `syntax error in line 3 near '->'`, `Parse error on line 3:`.
fn problem(output: &str) -> Problem {
    let mut lines = output.lines().map(str::trim).filter(|line| !line.is_empty());
    let message = lines.find(|line| line.to_ascii_lowercase().contains("error")).unwrap_or("the program failed");
    let line = message.split_once("line ").and_then(|(_, rest)| {
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        rest[..digits].parse().ok()
    });
    let message = message.trim_start_matches("Error: ").trim_start_matches("picture.txt: ");
    Problem { line, message: message.trim_end_matches(':').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_read_from_the_message() {
        let dot = problem("Error: picture.txt: syntax error in line 3 near '->'\n");
        assert_eq!(dot, Problem { line: Some(3), message: "syntax error in line 3 near '->'".into() });
        let mermaid = problem("\nError: Parse error on line 12:\n...\n");
        assert_eq!(mermaid, Problem { line: Some(12), message: "Parse error on line 12".into() });
        assert_eq!(problem("").line, None);
    }
}
