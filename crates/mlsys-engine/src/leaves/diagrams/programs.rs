//! Programs on the machine: where they are, which version, and runs with a time limit. Every process of a build starts here.

use crate::memo::store::{Key, Store};
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant, UNIX_EPOCH};

/// The kind of cache entries that hold versions.
const VERSIONS: &str = "versions";

/// How long a program may take to say its version.
const VERSION_LIMIT: Duration = Duration::from_secs(30);

/// How long a program may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(3);

/// Where programs are looked for.
#[derive(Clone, Debug)]
pub struct Programs {
    /// Folders, in the form of `PATH`.
    search: OsString,
}

/// A program that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Program {
    /// Its file.
    pub path: PathBuf,
    /// What it says of its version, on one line.
    pub version: String,
}

impl Programs {
    /// Programs in these folders.
    pub fn new(search: OsString) -> Self {
        Programs { search }
    }

    /// Finds a program by its name, or by its path if the name is one.
    pub fn find(&self, name: &str, cache: &Store) -> Option<Program> {
        let path = if Path::new(name).components().count() > 1 {
            Some(PathBuf::from(name)).filter(|path| path.is_file())
        } else {
            std::env::split_paths(&self.search).find_map(|folder| program_in(&folder, name))
        }?;
        let path = std::path::absolute(path).ok()?;
        let version = version(&path, cache);
        Some(Program { path, version })
    }
}

/// The file of a program in a folder.
fn program_in(folder: &Path, name: &str) -> Option<PathBuf> {
    if folder.as_os_str().is_empty() {
        return None;
    }
    let plain = folder.join(name);
    let windows = cfg!(windows).then(|| folder.join(format!("{name}.exe")));
    [Some(plain), windows].into_iter().flatten().find(|path| path.is_file())
}

/// The version of a program. It is asked once, then remembered for as long as the file is the same.
fn version(path: &Path, cache: &Store) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stamp = std::fs::metadata(path).and_then(|m| Ok((m.len(), m.modified()?)));
    let stamp = stamp.map(|(size, time)| (size, time.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos()));
    let key = Key::new([path.to_string_lossy().as_bytes(), format!("{stamp:?}").as_bytes()]);
    if let Some(known) = cache.get(VERSIONS, key).and_then(|bytes| String::from_utf8(bytes).ok()) {
        return known;
    }
    let Ok(folder) = tempfile::tempdir() else { return name };
    let flag = if name.starts_with("dot") { "-V" } else { "--version" };
    let run = Run { program: path, arguments: &[flag.into()], folder: folder.path(), environment: &[] };
    let ended = run.start("version", VERSION_LIMIT);
    let version = ended.output.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or(&name).to_owned();
    if ended.how == How::Done {
        cache.put(VERSIONS, key, version.as_bytes());
    }
    version
}

/// A program to run.
#[derive(Debug)]
pub struct Run<'a> {
    /// Its file.
    pub program: &'a Path,
    /// What it is told.
    pub arguments: &'a [OsString],
    /// The folder that it works in.
    pub folder: &'a Path,
    /// Variables to set over those of this process.
    pub environment: &'a [(&'a str, String)],
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// By itself, with success.
    Done,
    /// By itself, without success.
    Failed,
    /// It was ended, since it took too long.
    TimedOut,
    /// It could not be started; why.
    NotStarted(String),
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Ended {
    /// How it ended.
    pub how: How,
    /// What it printed.
    pub output: String,
}

impl Run<'_> {
    /// Runs the program. What it prints goes to the file `NAME.out` in its folder, and it is given nothing to read.
    pub fn start(&self, name: &str, limit: Duration) -> Ended {
        let out = self.folder.join(format!("{name}.out"));
        let how = match self.spawn(&out) {
            Ok(child) => wait(child, limit),
            Err(error) => How::NotStarted(error.to_string()),
        };
        let output = std::fs::read(&out).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        Ended { how, output }
    }

    fn spawn(&self, out: &Path) -> std::io::Result<Child> {
        let out = File::create(out)?;
        let errors = out.try_clone()?;
        let mut command = Command::new(self.program);
        command.args(self.arguments).current_dir(self.folder);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(out).stderr(errors).spawn()
    }
}

/// Waits for a process, and ends it when it takes too long.
fn wait(mut child: Child, limit: Duration) -> How {
    match wait_until(&mut child, Instant::now() + limit) {
        Some(status) if status.success() => How::Done,
        Some(_) => How::Failed,
        None => {
            // Asked first, a program can end what it has started itself: a browser.
            ask_to_end(&child);
            if wait_until(&mut child, Instant::now() + GRACE).is_none() {
                // It may have ended in this moment.
                let _ = child.kill();
                let _ = child.wait();
            }
            How::TimedOut
        }
    }
}

/// Looks for the end of a process ever less often; nothing when it has not come by then.
fn wait_until(child: &mut Child, end: Instant) -> Option<ExitStatus> {
    let mut pause = Duration::from_millis(1);
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if Instant::now() >= end {
            return None;
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

#[cfg(unix)]
fn ask_to_end(child: &Child) {
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
    }
}

#[cfg(not(unix))]
fn ask_to_end(_: &Child) {}
