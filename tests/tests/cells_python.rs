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

/// A Python in which IPython cannot be imported: an interpreter in a folder.
struct Plain(tempfile::TempDir);

impl Plain {
    fn new(python: &Path) -> Plain {
        let folder = tempfile::tempdir().expect("a folder");
        let package = folder.path().join("without/IPython");
        std::fs::create_dir_all(&package).expect("folders");
        let error = "raise ModuleNotFoundError(\"No module named 'IPython'\", name='IPython')";
        std::fs::write(package.join("__init__.py"), error).expect("a file");
        let without = package.parent().expect("a folder").display();
        let script = format!("#!/bin/sh\nPYTHONPATH='{without}' exec '{}' \"$@\"\n", python.display());
        let plain = Plain(folder);
        std::fs::write(plain.python(), script).expect("a file");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(plain.python(), mode).expect("a program");
        plain
    }

    fn python(&self) -> PathBuf {
        self.0.path().join("python3")
    }
}

/// Runs cells without IPython.
fn run_plain(cells: &[&str]) -> PageRun {
    let plain = Plain::new(Path::new("python3"));
    run(&plain.python(), cells)
}

/// The Python with IPython and the packages of `tests/python/requirements.txt`.
fn full() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/cells/bin/python3");
    let python = std::env::var_os("MLSYS_TEST_PYTHON").map(PathBuf::from).or(Some(own).filter(|path| path.is_file()));
    if python.is_none() {
        assert!(std::env::var_os("CI").is_none(), "the environment in target/cells is missing");
        eprintln!("skipped: no IPython in target/cells (see .ci/run)");
    }
    python
}

#[test]
fn results_streams_and_values_of_plain_python() {
    let page = run_plain(&["2 + 3", "print('out')\nimport sys; print('err', file=sys.stderr)\nx = 'y'", "= x", "x;"]);
    assert_eq!(page.failure, None);
    assert_eq!(short(&page), [vec!["[1]: 5"], vec!["out: out\n", "err: err\n"], vec![]]);
    assert_eq!(page.values[2].as_ref().and_then(|value| value.text("text/plain")), Some("'y'"));
}

#[test]
fn an_exception_ends_the_page_at_its_line() {
    let page = run_plain(&["y = 1", "z = y\nz + missing", "print('never')"]);
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

#[test]
fn values_are_the_same_with_and_without_ipython() {
    let Some(python) = full() else { return };
    let cells = [
        "import math\nclass Accelerator:\n    \"\"\"Goal: a ratio.\"\"\"\n    flops = 3e12\n    watts = 300\n    ratio = flops / watts / 1e9\n    ratio_str = f\"{ratio:.2f}\"\n    assert math.isclose(ratio, 10)",
        "= Accelerator.ratio_str",
        "= Accelerator.ratio",
        "= [Accelerator.watts, None, 'a']",
        "print(Accelerator.watts)\nAccelerator.watts + 1",
        "Accelerator.watts;",
        "class Bold:\n    def __repr__(self): return 'Bold()'\n    def _repr_markdown_(self): return '**b**'\nBold()",
        "= Bold()",
        "display(Bold())",
        "import asyncio\nawait asyncio.sleep(0, 7)",
    ];
    let plain = Plain::new(&python);
    let (with, without) = (run(&python, &cells), run(&plain.python(), &cells));
    assert_eq!((&with.failure, &without.failure), (&None, &None));
    assert_eq!(with.values, without.values);
    assert_eq!(short(&with), short(&without));
    assert_eq!(without.values[1].as_ref().and_then(|value| value.text("text/plain")), Some("'10.00'"));
}

#[test]
fn what_needs_ipython_names_it() {
    for code in [
        "%matplotlib inline",
        "!ls",
        "files = !ls",
        "%%bash\nls",
        "len?",
        "from IPython.display import HTML",
        "get_ipython()",
    ] {
        let failure = run_plain(&["1", code]).failure.expect("a failure");
        assert!(failure.hint.as_ref().is_some_and(|hint| hint.contains("pip install ipython")), "{code}: {failure:?}");
        assert!(matches!(failure.place, CodePlace::Cell { index: 1, .. }), "{code}: {failure:?}");
    }
}

/// Failures that do not come by a common traceback, with their messages with and without IPython.
#[test]
fn failures_of_all_kinds() {
    let cells = [
        ("raise ExceptionGroup('two', [ValueError(1), KeyError(2)])", "ExceptionGroup: two (2 sub-exceptions)"),
        ("class E(Exception):\n    def __str__(self): raise RuntimeError\nraise E()", ""),
        ("import sys; sys.exit(4)", "SystemExit: 4"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("class R:\n    def __repr__(self): raise ValueError('no repr')\nR()", "ValueError: no repr"),
        ("import asyncio\nasync def f(): raise ValueError('later')\nawait f()", "ValueError: later"),
    ];
    let full = full();
    let plain = Plain::new(full.as_deref().unwrap_or(Path::new("python3")));
    for python in full.into_iter().chain([plain.python()]) {
        for (code, message) in cells {
            let page = run(&python, &["1", code, "2"]);
            let failure = page.failure.unwrap_or_else(|| panic!("{code} has no failure in {}", python.display()));
            assert!(failure.message.contains(message), "{code}: {failure:?}");
            assert!(matches!(failure.place, CodePlace::Cell { index: 1, .. }), "{code}: {failure:?}");
            assert_eq!(page.cells[2], None);
        }
    }
}

#[test]
fn an_unknown_magic_ends_the_page_unless_it_is_allowed() {
    let Some(python) = full() else { return };
    let page = run(&python, &["%nothing # error: true", "%nothing", "1"]);
    assert!(short(&page)[0][0].starts_with("err: UsageError"), "{:?}", short(&page));
    let failure = page.failure.expect("a failure");
    assert!(failure.message.contains("Line magic function `%nothing"), "{failure:?}");
    assert_eq!(page.cells[2], None);
}

#[test]
fn cells_may_change_their_surroundings() {
    let cells = [
        "import os, sys, tempfile\nos.write(1, b'bad \\xff')",
        "sys.stdout.close()\nprint('still')",
        "sys.stdout.write('a\\0b')\nNone",
        "folder = tempfile.mkdtemp(); os.chdir(folder); os.rmdir(folder)",
        "import json.tool\nprint('gone')",
    ];
    let page = run_plain(&cells);
    assert_eq!(page.failure, None);
    let expected =
        [vec!["out: bad \u{fffd}", "[1]: 5"], vec!["out: still\n"], vec!["out: a\0b"], vec![], vec!["out: gone\n"]];
    assert_eq!(short(&page), expected);
}
