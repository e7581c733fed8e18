//! Python cells: real interpreters run pages.
//!
//! The tests of plain Python need `python3`. Those of IPython, matplotlib and other packages need the environment in
//! `target/cells` (or the interpreter that `MLSYS_TEST_PYTHON` names), which `.ci/run` installs; elsewhere they say that they
//! are skipped.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests start programs")]

use mlsys_cells::{CodePlace, FigureSettings, Job, MimeData, Output, PageRun, Step, StreamName};
use mlsys_engine::leaves::cells::python::{Settings, Zygote};
use std::path::{Path, PathBuf};

/// A job with the cells of a page, each on the line that it would have after the others.
fn job(cells: &[&str]) -> Job {
    let mut line = 3;
    let steps = cells.iter().enumerate().map(|(index, code)| {
        let first = line + 1;
        line += code.lines().count() as u32 + 3;
        let is_value = code.starts_with("= ");
        if is_value {
            return Step::Value { index, expression: code[2..].to_owned(), line: first };
        }
        Step::Cell {
            index,
            language: "python".into(),
            code: (*code).to_owned(),
            line: first,
            allow_error: code.contains("# error: true"),
            label: String::new(),
            options: "{}".into(),
        }
    });
    Job {
        execute: "{}".to_owned(),
        page: "page.qmd".into(),
        folder: String::new(),
        steps: steps.collect(),
        figures: FigureSettings::default(),
        params: None,
    }
}

fn start(python: &Path, folder: &Path) -> Zygote {
    Zygote::start(python, folder, &[], Settings::default()).expect("Python starts")
}

fn run(python: &Path, cells: &[&str]) -> PageRun {
    let folder = tempfile::tempdir().expect("a folder");
    start(python, folder.path()).run(&job(cells), &|_| {})
}

/// The outputs of a page in short: `out: ..`, `err: ..`, `[n]: ..` or `show: ..`, `NAME: ..`.
fn short(run: &PageRun) -> Vec<Vec<String>> {
    let cells = run.cells.iter().flatten();
    cells.map(|cell| cell.outputs.iter().map(short_output).collect()).collect()
}

fn short_output(output: &Output) -> String {
    match output {
        Output::Stream(StreamName::Stdout, text) => format!("out: {text}"),
        Output::Stream(StreamName::Stderr, text) => format!("err: {text}"),
        Output::Display { data, execution_count, .. } => {
            let (mime, value) = data.0.iter().rfind(|(mime, _)| mime != "text/plain").unwrap_or(&data.0[0]);
            let value = match value {
                MimeData::Text(text) => text.clone(),
                MimeData::Bytes(bytes) => format!("{} bytes", bytes.len()),
            };
            let value = if mime == "text/plain" { value } else { format!("{mime} {value}") };
            execution_count.map_or(format!("show: {value}"), |count| format!("[{count}]: {value}"))
        }
        Output::Error { name, value, .. } => format!("{name}: {value}"),
        Output::Source(text) | Output::Condition(text) | Output::AsIs(text) => text.clone(),
    }
}

/// The Python without IPython.
fn plain() -> PathBuf {
    PathBuf::from(std::env::var_os("MLSYS_TEST_PLAIN_PYTHON").unwrap_or("python3".into()))
}

/// The Python with IPython and the packages of `tests/python/requirements.txt`.
fn full() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/cells/bin/python3");
    let python = std::env::var_os("MLSYS_TEST_PYTHON").map(PathBuf::from).or(Some(own).filter(|path| path.is_file()));
    if python.is_none() {
        assert!(std::env::var_os("CI").is_none(), "the environment in target/cells is missing");
        println!("skipped: no IPython in target/cells (see .ci/run)");
    }
    python
}

#[test]
fn results_streams_and_values_of_plain_python() {
    let page =
        run(&plain(), &["2 + 3", "print('out')\nimport sys; print('err', file=sys.stderr)\nx = 'y'", "= x", "x;"]);
    assert_eq!(page.failure, None);
    assert_eq!(short(&page), [vec!["[1]: 5"], vec!["out: out\n", "err: err\n"], vec![]]);
    assert_eq!(page.values[2].as_ref().and_then(|value| value.text("text/plain")), Some("'y'"));
}

#[test]
fn an_exception_ends_the_page_at_its_line() {
    let page = run(&plain(), &["y = 1", "z = y\nz + missing", "print('never')"]);
    let failure = page.failure.expect("a failure");
    assert_eq!(failure.message, "the cell raised NameError: name 'missing' is not defined");
    assert!(matches!(failure.place, CodePlace::Cell { index: 1, line: 2, .. }), "{:?}", failure.place);
    assert!(!failure.is_transient);
    assert!(page.cells[2].is_none());
}

#[test]
fn results_of_ipython() {
    let Some(python) = full() else { return };
    let page = run(
        &python,
        &[
            "2 + 3",
            "%%html\n<b>x</b>",
            "h = display(1, display_id=True)",
            "h.update(2)",
            "await __import__('asyncio').sleep(0, 7)",
        ],
    );
    assert_eq!(page.failure, None);
    let expected: [&[&str]; 5] = [&["[1]: 5"], &["show: text/html <b>x</b>\n"], &["show: 2"], &[], &["[5]: 7"]];
    assert_eq!(short(&page), expected);
}
