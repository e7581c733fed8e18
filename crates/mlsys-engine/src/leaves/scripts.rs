//! The scripts of `project: pre-render` and `post-render`. They run by the same rule as cells. Source: Quarto, "Project Scripts".

use crate::leaves::cells::CellOptions;
use crate::leaves::executables::SearchPath;
use crate::leaves::process::{Exit, Run};
use crate::memo::store::Store;
use crate::project::Book;
use mlsys_book::{Code, Diagnostic, Page, Place};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The time limit of a script.
const LIMIT: Duration = Duration::from_secs(3600);

/// The most lines of a failed script's output that its diagnostic shows.
const SHOWN_LINES: usize = 8;

/// When scripts run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before the sources are read.
    PreRender,
    /// After the site is written.
    PostRender,
}

impl Moment {
    fn key(self) -> &'static str {
        match self {
            Moment::PreRender => "pre-render",
            Moment::PostRender => "post-render",
        }
    }
}

fn commands(book: &Book, moment: Moment) -> &[(String, Place)] {
    match moment {
        Moment::PreRender => &book.project.scripts.pre_render,
        Moment::PostRender => &book.project.scripts.post_render,
    }
}

/// Runs the scripts of a project one after the other, until one fails. Reports that one, or, where nothing may run, all of them.
pub fn run_scripts(book: &Book, moment: Moment, options: &CellOptions, programs: OsString) -> Vec<Diagnostic> {
    let programs = SearchPath::new(programs);
    let cache = Store::new(options.cache.clone());
    let environment = environment(book, moment);
    let mut diagnostics = Vec::new();
    for (text, place) in commands(book, moment) {
        let key = moment.key();
        if !options.mode.runs() {
            let message = format!("the `{key}` script `{text}` was not run");
            diagnostics.push(
                Diagnostic::new(Code::ScriptNotRun, *place, message)
                    .hint("run it yourself, or build with `--cells auto`"),
            );
            continue;
        }
        options.announcement.step(&format!("running the `{key}` script `{text}` (`--cells cached` runs nothing)"));
        let result = program(book, &split(text), &programs, &cache)
            .and_then(|(program, arguments)| run(book, &program, &arguments, &environment));
        if let Err(problem) = result {
            let message = format!("the `{key}` script `{text}` {problem}");
            diagnostics.push(Diagnostic::new(Code::ScriptFailed, *place, message));
            break;
        }
    }
    diagnostics
}

/// The variables that scripts read.
fn environment(book: &Book, moment: Moment) -> Vec<(&'static str, String)> {
    let selected: Vec<&Page> = book
        .project
        .pages
        .iter()
        .zip(&book.pages)
        .filter(|(_, input)| input.is_selected)
        .map(|(page, _)| page)
        .collect();
    let inputs: Vec<&str> = selected.iter().map(|page| page.input.as_str()).collect();
    let mut variables = vec![
        ("QUARTO_PROJECT_ROOT", book.root.to_string()),
        ("QUARTO_PROJECT_OUTPUT_DIR", book.output.to_string()),
        ("QUARTO_PROJECT_SCRIPT_PROGRESS", "0".to_owned()),
        ("QUARTO_PROJECT_SCRIPT_QUIET", "1".to_owned()),
    ];
    if inputs.len() == book.pages.len() {
        variables.push(("QUARTO_PROJECT_RENDER_ALL", "1".to_owned()));
    }
    variables.push(match moment {
        Moment::PreRender => ("QUARTO_PROJECT_INPUT_FILES", inputs.join("\n")),
        Moment::PostRender => {
            let output = book.output.strip_prefix(&book.root).unwrap_or(&book.output);
            let files: Vec<String> = selected.iter().map(|page| output.join(&page.output).to_string()).collect();
            ("QUARTO_PROJECT_OUTPUT_FILES", files.join("\n"))
        }
    });
    variables
}

/// The program of a command and its arguments: an interpreter for scripts with a known ending.
fn program(
    book: &Book,
    words: &[String],
    programs: &SearchPath,
    cache: &Store,
) -> Result<(PathBuf, Vec<OsString>), String> {
    let Some((script, arguments)) = words.split_first() else { return Err("is empty".to_owned()) };
    let ending = Path::new(script).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let (names, before): (&[&str], &[&str]) = match ending.as_deref() {
        Some("py") => (&["python3", "python"], &[]),
        Some("r") => (&["Rscript"], &[]),
        Some("ts" | "js") => (&["deno"], &["run", "--allow-all"]),
        Some("lua") => (&["lua"], &[]),
        Some("sh") => (&["sh"], &[]),
        Some(_) | None => (&[], &[]),
    };
    if names.is_empty() {
        let own = book.root.join(script);
        let file = if own.is_file() { own.as_str() } else { script };
        let found = programs.find(file, cache).ok_or_else(|| format!("cannot run: there is no program `{script}`"))?;
        return Ok((found.path, arguments.iter().map(OsString::from).collect()));
    }
    let found = names.iter().find_map(|name| programs.find(name, cache));
    let found = found.ok_or_else(|| format!("cannot run: `{}` is not installed", names[0]))?;
    let words = before.iter().copied().chain([script.as_str()]).chain(arguments.iter().map(String::as_str));
    Ok((found.path, words.map(OsString::from).collect()))
}

fn run(book: &Book, program: &Path, arguments: &[OsString], environment: &[(&str, String)]) -> Result<(), String> {
    let temporary = tempfile::tempdir().map_err(|error| format!("cannot run: {error}"))?;
    let run = Run { program, arguments, folder: book.root.as_std_path(), environment };
    let result = run.run_to(&temporary.path().join("out"), LIMIT);
    let lines: Vec<&str> = result.output.lines().collect();
    let output = lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n");
    match result.exit {
        Exit::Success => Ok(()),
        Exit::Failure if output.is_empty() => Err("failed".to_owned()),
        Exit::Failure => Err(format!("failed:\n{output}")),
        Exit::TimedOut => Err(format!("took more than {} minutes and was stopped", LIMIT.as_secs() / 60)),
        Exit::NotStarted(error) => Err(format!("cannot run: {error}")),
    }
}

/// The words of a command: separated by spaces, with quotes around words that have some.
fn split(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in command.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if matches!(c, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(split("make  all"), ["make", "all"]);
        assert_eq!(split("python \"my script.py\" ''"), ["python", "my script.py", ""]);
    }
}
