//! Cells that do not end well: each costs a diagnostic at its place, the other pages are built, and no process is left.
//!
//! The real command runs. The tests need Linux, `python3`, and for more kinds of cells R with knitr and the environment in
//! `target/cells` that `.ci/run` installs. `MLSYS_TEST_KILLS` is the number of random moments at which processes are killed.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests start programs")]
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The command, beside the folder of the test binaries; `None` where it was not built.
fn command() -> Option<PathBuf> {
    let own = std::env::current_exe().expect("this test's path");
    let command = own.parent().and_then(Path::parent).expect("a target folder").join("mlsys");
    if command.is_file() {
        return Some(command);
    }
    assert!(std::env::var_os("CI").is_none(), "the command was not built");
    eprintln!("skipped: {} was not built", command.display());
    None
}

/// A website, and the mark in the environment of all processes that work on it.
struct Project {
    folder: tempfile::TempDir,
    home: tempfile::TempDir,
    command: PathBuf,
    has_kernels: bool,
    has_r: bool,
}

/// The variable with the mark.
const MARK: &str = "MLSYS_TEST_PROJECT";

impl Project {
    fn new(pages: &[(&str, &str)]) -> Option<Project> {
        let command = command()?;
        let is_there = |what: &str, is_there: bool| {
            assert!(is_there || std::env::var_os("CI").is_none(), "{what} is missing");
            is_there || {
                eprintln!("partly skipped: {what} is missing");
                false
            }
        };
        let has_kernels = is_there("the environment in target/cells", environment().join("bin/python3").is_file());
        let rscript = Command::new("Rscript").args(["-e", "library(knitr)"]).output();
        let has_r = is_there("R with knitr", rscript.is_ok_and(|output| output.status.success()));
        let folder = || tempfile::tempdir().expect("a folder");
        let project = Project { folder: folder(), home: folder(), command, has_kernels, has_r };
        project.write("_quarto.yml", "project:\n  type: website\n");
        pages.iter().for_each(|(path, text)| project.write(path, text));
        Some(project)
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.folder.path().join(path), text).expect("a file");
    }

    /// The text of a page of the site.
    fn page(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(format!("_site/{name}.html"))).unwrap_or_default()
    }

    fn mark(&self) -> String {
        self.folder.path().file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn start(&self, timeout: u32) -> Child {
        let mut command = Command::new(&self.command);
        command.args(["build", "--output-dir", "_site"]).current_dir(self.folder.path());
        // A user's profile may do anything.
        command.env("HOME", self.home.path());
        command.env(MARK, self.mark()).env("MLSYS_CELL_TIMEOUT", timeout.to_string());
        if self.has_kernels {
            command.env("VIRTUAL_ENV", environment());
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the command starts")
    }

    fn build(&self, timeout: u32) -> Output {
        self.start(timeout).wait_with_output().expect("the command ends")
    }

    /// The processes that work on the project, with their parents and commands.
    fn processes(&self) -> BTreeMap<u32, (u32, String)> {
        let mark = format!("{MARK}={}", self.mark()).into_bytes();
        let entries = std::fs::read_dir("/proc").expect("processes").flatten();
        let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let processes = pids.filter_map(|pid| {
            let file = |name: &str| std::fs::read(format!("/proc/{pid}/{name}")).ok();
            // Zombies have no environment any more.
            let is_ours = file("environ")?.windows(mark.len()).any(|window| window == mark.as_slice());
            let stat = String::from_utf8_lossy(&file("stat")?).into_owned();
            let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
            let is_alive = fields.next() != Some("Z");
            let parent = fields.next()?.parse().ok()?;
            let command = String::from_utf8_lossy(&file("cmdline")?).replace('\0', " ");
            (is_ours && is_alive).then_some((pid, (parent, command)))
        });
        processes.collect()
    }

    /// Asserts that a second later no process is left.
    fn assert_no_process(&self, when: &str) {
        let start = Instant::now();
        loop {
            let left = self.processes();
            if left.is_empty() {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(1), "{when}: {left:#?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The environment with IPython and kernels.
fn environment() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/cells");
    std::path::absolute(own).expect("a path")
}

/// A page with cells of a language.
fn page(language: &str, cells: &[&str]) -> String {
    let cells = cells.iter().map(|code| format!("```{{{language}}}\n#| echo: false\n{code}\n```\n\n"));
    format!("---\ntitle: Page\n---\n\n{}", cells.collect::<String>())
}

/// Seconds that suffice for any page that ends by itself.
const AMPLE: u32 = 300;

/// Cells of a language that do not end well, with parts of the report. Without such a part, the page has no fault.
struct Ends<'a> {
    language: &'a str,
    /// A cell that ends well.
    good: &'a str,
    /// These end at the limit of time. `LIMIT` in the report stands for its seconds.
    endless: &'a [(&'a str, &'a str)],
    /// These end before it.
    others: &'a [(&'a str, &'a str)],
}

impl Ends<'_> {
    /// Builds the cells, each on a page of its own.
    ///
    /// The limit of the endless ones is four times what the good page takes on this machine, and at least `least` seconds.
    fn assert_reported(&self, least: u32) {
        let Some(project) = Project::new(&[("good.qmd", &page(self.language, &[self.good]))]) else { return };
        if (self.language == "r" && !project.has_r) || (self.language == "bash" && !project.has_kernels) {
            return;
        }
        let start = Instant::now();
        project.build(AMPLE);
        assert!(project.page("good").contains("well"), "the good page alone");
        let limit = (start.elapsed().as_secs() as u32 * 4).max(least);
        let seconds = limit.to_string();
        let endless: Vec<_> =
            self.endless.iter().map(|(code, part)| (*code, part.replace("LIMIT", &seconds))).collect();
        let endless: Vec<_> = endless.iter().map(|(code, part)| (*code, part.as_str())).collect();
        assert_reports(self.language, self.good, &endless, limit);
        assert_reports(self.language, self.good, self.others, AMPLE);
    }
}

/// Builds pages with a good cell and another, and one with the good cell alone, and compares the report.
fn assert_reports(language: &str, good: &str, cells: &[(&str, &str)], timeout: u32) {
    let Some(project) = Project::new(&[]) else { return };
    for (number, (code, _)) in cells.iter().enumerate() {
        project.write(&format!("page-{number}.qmd"), &page(language, &[good, code]));
    }
    project.write("good.qmd", &page(language, &[good]));
    let output = project.build(timeout);
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    project.assert_no_process("after the build");
    for (number, (code, expected)) in cells.iter().enumerate() {
        let place = format!("page-{number}.qmd:");
        let own: Vec<&str> = report.split("\n\n").filter(|part| part.contains(&place)).collect();
        if expected.is_empty() {
            assert!(own.is_empty(), "{code}: {own:?}");
        } else {
            let is_reported = own.iter().any(|part| part.contains(expected));
            assert!(is_reported, "{code}: `{expected}` is not in {own:?}\n{report}");
            let is_placed = own.iter().any(|part| part.contains(&format!("{place}1")));
            assert!(is_placed, "{code}: {own:?}");
        }
        assert!(project.page(&format!("page-{number}")).contains("well"), "{code}: its first cell has its output");
    }
    assert!(project.page("good").contains("well"), "{report}");
    // Equal findings are shown once, with their places.
    let parts = report.split("\n\n").filter(|part| part.contains("[cell-failed]") || part.contains("[cell-warning]"));
    let places: usize = parts.map(|part| part.matches(".qmd:").count()).sum();
    assert_eq!(places, cells.iter().filter(|(_, part)| !part.is_empty()).count(), "{report}");
}

#[test]
fn ends_of_python_cells() {
    let endless = [("while True: pass", "did not finish within LIMIT s")];
    let others = [
        ("import os; os._exit(3)", "exit status 3"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("for _ in range(1024): print('x' * (1 << 20))", "wrote more than 64 MB"),
        ("import os\nfor _ in range(1024): os.write(1, b'x' * (1 << 20))", "wrote more than 64 MB"),
        ("import subprocess; subprocess.run('yes | head -c 1000000000', shell=True)", "wrote more than 64 MB"),
        ("input('Name?')", "cells have no input"),
        ("import sys; sys.exit(2)", "SystemExit"),
        ("import signal, os; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.kill(os.getpid(), 9)", "SIGKILL"),
        ("raise RuntimeError('x' * 10_000_000)", "the cell raised RuntimeError: xxx"),
        ("def f(n): return f(n + 1)\nf(0)", "RecursionError"),
        ("x = b'x' * (1 << 45)", "MemoryError"),
        // These leave something behind, but their results are complete.
        (
            "import threading, time; threading.Thread(target=time.sleep, args=(600,), name='slow').start()",
            "the thread `slow` was still running",
        ),
        (
            "import subprocess; _ = [subprocess.Popen([*more, 'sleep', '600']) for more in ([], ['setsid'])]",
            "the processes `sleep`, `sleep` were still running",
        ),
        ("import os; os.system('(setsid sleep 600 &)')", "the process `sleep` was still running"),
        ("import atexit, time; _ = atexit.register(time.sleep, 600)", "the functions of `atexit` were still running"),
        ("import os\nif os.fork() == 0:\n    import time; time.sleep(600)", "was still running"),
        ("import threading, time; threading.Thread(target=time.sleep, args=(600,), daemon=True).start()", ""),
        ("from concurrent.futures import *; assert ThreadPoolExecutor(2).submit(abs, -1).result() == 1", ""),
        ("import multiprocessing\nwith multiprocessing.Pool(2) as pool: assert pool.map(abs, [-1]) == [1]", ""),
    ];
    Ends { language: "python", good: "print('we' + 'll')", endless: &endless, others: &others }.assert_reported(6);
}

#[test]
fn ends_of_r_cells() {
    let endless = [("repeat {}", "within LIMIT s")];
    let others = [
        ("quit(status = 3)", "R ended with status 3"),
        ("tools::pskill(Sys.getpid(), 11); Sys.sleep(60)", "signal 11"),
        ("for (i in 1:1024) cat(strrep('x', 2^20))", "64 MB"),
        ("system('yes | head -c 1000000000')", "larger than 64 MB"),
        ("system('setsid sleep 600 & sleep 600 &')", "the processes `sleep`, `sleep` were still running"),
        ("stopifnot(nchar(readline('Name? ')) == 0)", ""),
    ];
    Ends { language: "r", good: "cat('we', 'll', sep = '')", endless: &endless, others: &others }.assert_reported(6);
}

#[test]
fn ends_of_cells_in_a_kernel() {
    let endless = [
        ("while true; do :; done", "did not finish within LIMIT s"),
        // The kernel collects what its shell prints before it sends any of it, so the time limit comes first.
        ("yes | head -c 1000000000", "did not finish within LIMIT s"),
    ];
    let others = [
        ("kill -KILL $PPID", "has ended"),
        ("(setsid sleep 600 &)", "the process `sleep` was still running"),
        ("sleep 0 &", ""),
    ];
    Ends { language: "bash", good: "echo we''ll", endless: &endless, others: &others }.assert_reported(6);
}

/// Numbers that look random and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % bound
    }
}

/// Pages whose cells have processes of their own, with the number of a round in their code.
fn busy_pages(project: &Project, round: u64) -> Vec<String> {
    let python = [
        format!(
            "import subprocess, time\nfor more in [], ['setsid']: subprocess.Popen([*more, 'sleep', '600'])\nprint('first-{round}-')"
        ),
        format!("time.sleep(0.2)\nprint('second-{round}-')"),
    ];
    let r = [
        format!("system('setsid sleep 600 & sleep 600 &')\ncat('first-{round}-')"),
        format!("Sys.sleep(0.2)\ncat('second-{round}-')"),
    ];
    let bash =
        [format!("setsid sleep 600 &\nsleep 600 &\necho first-{round}-"), format!("sleep 0.2\necho second-{round}-")];
    let mut pages = vec![("python-1", "python", &python), ("python-2", "python", &python)];
    pages.extend(project.has_r.then_some(("r", "r", &r)));
    pages.extend(project.has_kernels.then_some(("kernel", "bash", &bash)));
    for (name, language, cells) in &pages {
        project.write(&format!("{name}.qmd"), &page(language, &[&cells[0], &cells[1]]));
    }
    pages.iter().map(|(name, _, _)| (*name).to_owned()).collect()
}

#[test]
fn killed_at_any_moment() {
    let Some(project) = Project::new(&[]) else { return };
    let count = std::env::var("MLSYS_TEST_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(6);
    let mut random = Random(7);
    busy_pages(&project, count);
    let start = Instant::now();
    let output = project.build(120);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let whole = start.elapsed();
    for round in 0..count {
        let pages = busy_pages(&project, round);
        let mut running = project.start(120);
        std::thread::sleep(whole.mul_f64(random.below(1000) as f64 / 1000.0));
        let processes = project.processes();
        // The kernel replaces a shell that has ended, and reports no error.
        let is_shell_of_kernel =
            |parent: &u32| processes.get(parent).is_some_and(|(_, of)| of.contains("-m bash_kernel"));
        let others = processes.iter().filter(|(pid, (parent, _))| **pid != running.id() && !is_shell_of_kernel(parent));
        let others: Vec<u32> = others.map(|(pid, _)| *pid).collect();
        let is_parent = others.is_empty() || random.below(3) == 0;
        let victim = if is_parent { running.id() } else { others[random.below(others.len() as u64) as usize] };
        let command = processes.get(&victim).map_or("the command", |(_, command)| command);
        let when = format!("round {round}, after SIGKILL of {victim} ({command})\nof {processes:#?}");
        let killed = Command::new("kill").args(["-KILL", &victim.to_string()]).stderr(Stdio::null()).status();
        assert!(killed.is_ok(), "{when}");
        if is_parent {
            running.wait().expect("it has ended");
        } else {
            // It reports the loss.
            let output = running.wait_with_output().expect("it ends");
            assert!(matches!(output.status.code(), Some(0 | 1)), "{when}: {output:?}");
        }
        project.assert_no_process(&when);
        let output = project.build(120);
        assert!(output.status.success(), "{when}: {}", String::from_utf8_lossy(&output.stderr));
        project.assert_no_process(&when);
        for page in pages {
            let text = project.page(&page);
            let is_whole = ["first", "second"].iter().all(|cell| text.contains(&format!("{cell}-{round}-")));
            assert!(is_whole, "{when}: {page} is not whole");
        }
    }
}
