//! One process of R a page.

use super::answer::Answer;
use super::frames::Frames;
use super::job::job_expression;
use crate::leaves::process::{Run, Service};
use mlsys_cells::{Job, PageRun};
use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The script that runs a page.
const SCRIPT: &str = include_str!("knit.R");

/// R needs a locale of Unicode to print other letters than those of ASCII.
#[cfg(unix)]
const WRAPPER: &str = r#"
case "${LC_ALL:-${LC_CTYPE:-$LANG}}" in ''|C|POSIX) unset LC_ALL; export LC_CTYPE="$MLSYS_UNICODE_LOCALE";; esac
exec "$@""#;

/// The file with what R prints.
const LOG: &str = "r.err";

/// How often the sizes of outputs are measured.
const MEASURE: Duration = Duration::from_millis(100);

/// The limits of a page.
#[derive(Clone, Copy, Debug)]
pub struct PageLimits {
    /// Wall-clock time from the start of R to its end.
    pub time: Duration,
    /// Bytes of outputs.
    pub output: u64,
}

impl Default for PageLimits {
    fn default() -> Self {
        PageLimits { time: Duration::from_secs(600), output: 64 << 20 }
    }
}

/// Runs pages with R.
#[derive(Clone, Debug)]
pub struct Rscript {
    program: PathBuf,
    project: PathBuf,
    limits: PageLimits,
    /// True if the pages are to end.
    is_stopped: Arc<AtomicBool>,
}

/// How R ended.
enum End {
    Exited(ExitStatus),
    TimedOut,
    TooLarge,
}

impl Rscript {
    /// Pages of a project run with `program`, an `Rscript`, which starts in the project's folder, so that its `.Rprofile` counts.
    pub fn new(program: &Path, project: &Path, limits: PageLimits) -> Self {
        let project = std::path::absolute(project).unwrap_or_else(|_| project.to_owned());
        Rscript { program: program.to_owned(), project, limits, is_stopped: Arc::default() }
    }

    /// Ends the pages that run, and all that begin later.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Runs a page. `on_step` is called as each step begins, with its index. Several threads can run pages at once.
    pub fn run(&self, job: &Job, on_step: &dyn Fn(usize)) -> PageRun {
        let mut answer = Answer::new(job);
        if job.steps.is_empty() {
            return answer.finish();
        }
        match self.run_in(&mut answer, job, on_step) {
            Ok(()) => {}
            Err(error) => {
                answer.fail(format!("cannot start R: {error}"), String::new());
                answer.run.failure.iter_mut().for_each(|failure| failure.is_transient = true);
            }
        }
        answer.finish()
    }

    fn run_in(&self, answer: &mut Answer, job: &Job, on_step: &dyn Fn(usize)) -> std::io::Result<()> {
        let folder = tempfile::Builder::new().prefix("mlsys-r-").tempdir()?;
        let script = folder.path().join("knit.R");
        std::fs::write(&script, SCRIPT)?;
        std::fs::write(folder.path().join("job.R"), job_expression(job, &self.project))?;
        let mut service = self.start(&script, folder.path(), job)?;
        let mut frames = Tail::new(folder.path().join("frames"));
        let mut step = 0;
        let mut read = |answer: &mut Answer, frames: &mut Tail| {
            frames.read();
            while let Some(frame) = frames.frames.next() {
                if answer.add(frame) {
                    on_step(step);
                    step += 1;
                }
            }
        };
        let end = self.wait(&mut service, folder.path(), || read(answer, &mut frames));
        // What R wrote between the last look and its end.
        read(answer, &mut frames);
        if answer.is_complete && answer.run.failure.is_none() {
            answer.warn_of_processes(service.guarded_leftovers());
        }
        drop(service);
        if !answer.is_complete {
            self.report(answer, &end, &folder);
        } else if size_of(folder.path(), &["frames", "figures", "libraries"]) > self.limits.output {
            self.report(answer, &End::TooLarge, &folder);
        }
        Ok(())
    }

    fn start(&self, script: &Path, folder: &Path, job: &Job) -> std::io::Result<Service> {
        let page = self.project.join(&job.page);
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let environment = [
            ("TMPDIR", text(folder)),
            ("MLSYS_UNICODE_LOCALE", if cfg!(target_os = "macos") { "en_US.UTF-8" } else { "C.UTF-8" }.to_owned()),
            ("QUARTO_PROJECT_ROOT", text(&self.project)),
            ("QUARTO_PROJECT_DIR", text(&self.project)),
            ("QUARTO_DOCUMENT_PATH", text(page.parent().unwrap_or(&self.project))),
            ("QUARTO_DOCUMENT_FILE", text(page.file_name().unwrap_or_default().as_ref())),
        ];
        let mut arguments: Vec<OsString> = Vec::new();
        #[cfg(unix)]
        let program = {
            arguments.extend(["-c".into(), WRAPPER.into(), "sh".into(), self.program.clone().into_os_string()]);
            Path::new("/bin/sh")
        };
        #[cfg(not(unix))]
        let program = self.program.as_path();
        arguments.extend([script.as_os_str().to_owned(), folder.as_os_str().to_owned()]);
        Run { program, arguments: &arguments, folder: &self.project, environment: &environment }
            .start_guarded("r", folder)
    }

    /// Waits for R, and calls `look` now and then.
    fn wait(&self, service: &mut Service, folder: &Path, mut look: impl FnMut()) -> End {
        let start = Instant::now();
        let mut measured = start;
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(status) = service.status() {
                return End::Exited(status);
            }
            let now = Instant::now();
            if now - start >= self.limits.time || self.is_stopped.load(Ordering::Relaxed) {
                service.kill();
                return End::TimedOut;
            }
            if now - measured >= MEASURE {
                measured = now;
                if size_of(folder, &["frames", "figures", LOG]) > self.limits.output {
                    service.kill();
                    return End::TooLarge;
                }
            }
            look();
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }

    /// Records why R did not complete the page.
    fn report(&self, answer: &mut Answer, end: &End, folder: &TempDir) {
        let log = std::fs::read(folder.path().join(LOG)).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.trim_end().lines().collect();
        let traceback = lines[lines.len().saturating_sub(20)..].join("\n");
        let (message, hint, is_transient) = match end {
            End::Exited(status) => match (status.code(), signal(status)) {
                (_, Some(signal)) => (format!("R was ended by signal {signal}"), None, signal == 9),
                (Some(status), None) => {
                    (format!("R ended with status {status} before the end of the page"), None, false)
                }
                (None, None) => ("R ended before the end of the page".to_owned(), None, true),
            },
            End::TimedOut => {
                let hint = "allow more seconds with the environment variable `MLSYS_CELL_TIMEOUT`";
                (format!("the page's cells did not end within {} s", self.limits.time.as_secs()), Some(hint), true)
            }
            End::TooLarge => {
                let hint = "print less, or draw fewer or smaller figures";
                (format!("the page's outputs are larger than {} MB", self.limits.output >> 20), Some(hint), false)
            }
        };
        answer.fail(message, traceback);
        if let Some(failure) = &mut answer.run.failure {
            failure.hint = failure.hint.take().or(hint.map(str::to_owned));
            failure.is_transient = is_transient;
        }
    }
}

/// A file that grows, and its frames.
struct Tail {
    path: PathBuf,
    file: Option<File>,
    frames: Frames,
}

impl Tail {
    fn new(path: PathBuf) -> Self {
        Tail { path, file: None, frames: Frames::default() }
    }

    /// Reads what was appended. R creates the file.
    fn read(&mut self) {
        if self.file.is_none() {
            self.file = File::open(&self.path).ok();
        }
        if let Some(file) = &mut self.file {
            // What cannot be read now can be later.
            let _ = file.read_to_end(self.frames.buffer());
        }
    }
}

/// The bytes of files, and of the files in folders.
fn size_of(folder: &Path, names: &[&str]) -> u64 {
    let files = names.iter().flat_map(|name| walkdir::WalkDir::new(folder.join(name)));
    files.flatten().filter_map(|entry| entry.metadata().ok()).filter(|m| m.is_file()).map(|m| m.len()).sum()
}

#[cfg(unix)]
fn signal(status: &ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(status)
}

#[cfg(not(unix))]
fn signal(_: &ExitStatus) -> Option<i32> {
    None
}
