//! Cells of other languages: real Jupyter kernels run pages.
//!
//! The tests need the environment in `target/cells` with its kernels (or the one whose interpreter `MLSYS_TEST_PYTHON` names),
//! which `.ci/run` installs; elsewhere they say that they are skipped.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests start programs")]

use mlsys_cells::{CodePlace, FigureSettings, Job, MimeData, Output, PageRun, Step, StreamName};
use mlsys_engine::leaves::cells::kernel::{Kernel, KernelSpecs, PageLimits, Variables};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The Python with the kernels of `tests/python/requirements.txt`.
fn python() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/cells/bin/python3");
    let python = std::env::var_os("MLSYS_TEST_PYTHON").map(PathBuf::from).or(Some(own).filter(|path| path.is_file()));
    if python.is_none() {
        assert!(std::env::var_os("CI").is_none(), "the environment in target/cells is missing");
        eprintln!("skipped: no Jupyter kernels in target/cells (see .ci/run)");
    }
    python
}

/// A project with a kernel; `None` without kernels.
struct Project {
    folder: tempfile::TempDir,
    kernel: Kernel,
}

impl Project {
    fn new(name: &str) -> Option<Project> {
        let python = python()?;
        let kernels = KernelSpecs::find(&Variables::default(), Some(&python));
        let spec = kernels.get(name).unwrap_or_else(|| panic!("no kernel {name}: {kernels:?}")).clone();
        let interpreter = camino::Utf8PathBuf::from_path_buf(python).expect("UTF-8");
        let program = spec.program(Some(&interpreter)).expect("a program").into();
        let folder = tempfile::tempdir().expect("a folder");
        let limits = PageLimits { time: Duration::from_secs(120), output: 64 << 20 };
        let kernel = Kernel { spec, program, project: folder.path().to_owned(), limits };
        Some(Project { folder, kernel })
    }

    fn run(&self, cells: &[&str]) -> PageRun {
        self.kernel.run(&job(cells), &AtomicBool::new(false), &|_| {})
    }
}

/// A job with cells, and values that begin with `= `.
fn job(cells: &[&str]) -> Job {
    let steps = cells.iter().enumerate().map(|(index, code)| match code.strip_prefix("= ") {
        Some(expression) => Step::Value { index, expression: expression.to_owned(), line: 1 },
        None => Step::Cell {
            index,
            language: "bash".into(),
            code: (*code).to_owned(),
            line: 1,
            allow_error: code.contains("# error: true"),
            label: String::new(),
            options: if code.contains("# parameters") { r#"{"tags": ["parameters"]}"# } else { "{}" }.into(),
        },
    });
    Job {
        page: "page.qmd".into(),
        folder: String::new(),
        steps: steps.collect(),
        figures: FigureSettings::default(),
        execute: "{}".into(),
        params: Some(r#"{"size": 7}"#.into()),
    }
}

fn outputs(run: &PageRun, cell: usize) -> &[Output] {
    run.cells[cell].as_ref().map_or(&[], |cell| &cell.outputs)
}

fn stdout(text: &str) -> Output {
    Output::Stream(StreamName::Stdout, text.to_owned())
}

fn value(run: &PageRun, index: usize) -> Option<&str> {
    run.values[index].as_ref()?.text("text/plain")
}

/// True as soon as no process has a text in its command, within five seconds.
fn ends(text: &str) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(5) {
        let ps = std::process::Command::new("ps").args(["-eo", "stat=,args="]).output().expect("ps").stdout;
        let ps = String::from_utf8_lossy(&ps).into_owned();
        if !ps.lines().any(|line| line.contains(text) && !line.starts_with('Z')) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

#[test]
fn cells_and_values_of_bash() {
    let Some(project) = Project::new("bash") else { return };
    std::fs::write(project.folder.path().join("data.csv"), "1,2\n").expect("a file");
    let steps = std::sync::Mutex::new(Vec::new());
    let cells = ["size=1 # parameters", "echo $size; cat data.csv", "= echo $((size + 1))", "true"];
    let on_step = |step| steps.lock().expect("no panic").push(step);
    let run = project.kernel.run(&job(&cells), &AtomicBool::new(false), &on_step);
    assert_eq!(run.failure, None);
    assert_eq!(outputs(&run, 0), []);
    assert_eq!(outputs(&run, 1), [stdout("7\n1,2\n")]);
    assert_eq!(value(&run, 2), Some("8"));
    assert_eq!(outputs(&run, 3), []);
    assert_eq!(*steps.lock().expect("no panic"), [0, 1, 2, 3]);
    let data = project.folder.path().join("data.csv").to_string_lossy().into_owned();
    assert!(run.dependencies.files.contains(&data), "{:?}", run.dependencies);
    assert!(run.dependencies.files.contains(&project.kernel.spec.file.to_string()), "{:?}", run.dependencies);
}

#[test]
fn an_error_ends_the_page_unless_it_is_allowed() {
    let Some(project) = Project::new("bash") else { return };
    let run = project.run(&["echo a; (exit 3) # error: true", "false", "echo never"]);
    assert_eq!(outputs(&run, 0)[0], stdout("a\n"));
    assert!(matches!(&outputs(&run, 0)[1], Output::Error { value, .. } if value == "3"), "{:?}", outputs(&run, 0));
    let failure = run.failure.expect("a failure");
    assert_eq!(failure.message, "the cell ended with status 1");
    assert_eq!(failure.place, CodePlace::Cell { index: 1, line: 0, column: 0 });
    assert!(!failure.is_transient);
    assert_eq!(run.cells[2], None);
}

#[test]
fn cells_and_values_of_another_python() {
    let Some(project) = Project::new("ipykernel") else { return };
    let run = project.run(&[
        "size = 1 # parameters",
        "import sys\nprint('out')\nprint('err', file=sys.stderr)\nsize * 6",
        "= size",
        "= 'text'",
        "handle = display('one', display_id='a')",
        "handle.update('two')",
        "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])",
        "input('name')# error: true",
        "def f():\n  return 1 / 0\nf()",
    ]);
    let result = &outputs(&run, 1)[2];
    assert_eq!(outputs(&run, 1)[..2], [stdout("out\n"), Output::Stream(StreamName::Stderr, "err\n".into())]);
    assert!(
        matches!(result, Output::Display { data, execution_count: Some(2), .. } if data.text("text/plain") == Some("42"))
    );
    assert_eq!((value(&run, 2), value(&run, 3)), (Some("7"), Some("'text'")));
    assert!(matches!(&outputs(&run, 4)[0], Output::Display { data, .. } if data.text("text/plain") == Some("'two'")));
    let Output::Display { data, .. } = &outputs(&run, 6)[0] else { panic!("{:?}", outputs(&run, 6)) };
    assert!(matches!(data.get("image/png"), Some(MimeData::Bytes(bytes)) if bytes.starts_with(b"\x89PNG")));
    assert!(matches!(&outputs(&run, 7)[0], Output::Error { name, .. } if name == "StdinNotImplementedError"));
    let failure = run.failure.expect("a failure");
    assert_eq!(failure.message, "the cell raised ZeroDivisionError: division by zero");
    assert_eq!(failure.place, CodePlace::Cell { index: 8, line: 2, column: 0 });
    assert!(failure.traceback.contains("ZeroDivisionError") && !failure.traceback.contains('\x1b'));
}

#[test]
fn limits_end_a_kernel_and_show_where_it_was() {
    let Some(mut project) = Project::new("ipykernel") else { return };
    project.kernel.limits = PageLimits { time: Duration::from_secs(20), output: 1 << 20 };
    let run = project.run(&["1", "x = 1\nwhile x:\n    pass"]);
    let failure = run.failure.expect("a failure");
    assert_eq!(failure.message, "the page's cells did not finish within 20 s");
    assert!(matches!(failure.place, CodePlace::Cell { index: 1, line: 2 | 3, .. }), "{:?}", failure.place);
    assert!(failure.is_transient && run.cells[0].is_some());
    project.kernel.limits.time = Duration::from_secs(120);
    let ends = [
        ("while True: print('x' * 1000)", "the page's cells wrote more than 1 MB"),
        ("import os; os._exit(3)", "the kernel `ipykernel` has ended (exit status: 3)"),
        ("import ctypes; ctypes.string_at(0)", "the kernel `ipykernel` has ended (signal: 11 (SIGSEGV))"),
    ];
    for (code, message) in ends {
        let failure = project.run(&["1", code]).failure.expect("a failure");
        assert_eq!(failure.message, message);
        assert!(matches!(failure.place, CodePlace::Cell { index: 1, .. }), "{:?}", failure.place);
    }
}

#[test]
fn a_stopped_page_leaves_no_process() {
    let Some(project) = Project::new("bash") else { return };
    let is_stopped = AtomicBool::new(false);
    let on_step = |step| {
        if step == 1 {
            std::thread::sleep(Duration::from_millis(200));
            is_stopped.store(true, Ordering::Relaxed);
        }
    };
    // One sleeps in the kernel's session, one in its own.
    let cells = ["(setsid sleep 7411.25 &) ; sleep 7411.5 & ", "sleep 7411.75"];
    let failure = project.kernel.run(&job(&cells), &is_stopped, &on_step).failure.expect("a failure");
    assert_eq!(failure.message, "the run was cancelled");
    assert!(ends("sleep 7411."), "a process is left");
}
