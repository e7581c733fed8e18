//! Runs other programs, with limits of time and memory. Every process of a build starts here.

use super::marks::{MARK, kill_marked, names_of_marked, random_name};
use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

/// The time that a program gets to exit after it was asked to.
const GRACE: Duration = Duration::from_secs(3);

/// The time that processes get to end after the program that started them.
const LEFTOVERS: Duration = Duration::from_millis(300);

/// A program to run.
#[derive(Debug)]
pub struct Run<'a> {
    /// The file of the program.
    pub program: &'a Path,
    /// The arguments.
    pub arguments: &'a [OsString],
    /// The working folder.
    pub folder: &'a Path,
    /// Variables that override those of this process.
    pub environment: &'a [(&'a str, String)],
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The program succeeded.
    Success,
    /// The program failed.
    Failure,
    /// The program took too long and was stopped.
    TimedOut,
    /// The program could not be started, and why.
    NotStarted(String),
}

/// The result of a run.
#[derive(Clone, Debug)]
pub struct RunResult {
    /// How it ended.
    pub exit: Exit,
    /// What the program printed.
    pub output: String,
}

impl Run<'_> {
    /// Runs the program without input. Its output goes to the file `NAME.out` in the working folder.
    pub fn run(&self, name: &str, limit: Duration) -> RunResult {
        self.run_to(&self.folder.join(format!("{name}.out")), limit)
    }

    /// Runs the program without input. Its output goes to a file.
    pub fn run_to(&self, out: &Path, limit: Duration) -> RunResult {
        let exit = match self.spawn(out) {
            Ok(child) => wait(child, limit),
            Err(error) => Exit::NotStarted(error.to_string()),
        };
        let output = std::fs::read(out).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        RunResult { exit, output }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command.args(self.arguments).current_dir(self.folder);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn spawn(&self, out: &Path) -> std::io::Result<Child> {
        let out = File::create(out)?;
        let errors = out.try_clone()?;
        self.command().stdin(Stdio::null()).stdout(out).stderr(errors).spawn()
    }
}

/// A running program that serves this process, in a process group of its own. Dropping it ends the program.
#[derive(Debug)]
pub struct Service {
    child: Child,
    /// Its standard input: it is to end when the stream does.
    pub input: Option<ChildStdin>,
    /// Its standard output.
    pub output: Option<ChildStdout>,
    /// The mark of its processes.
    mark: String,
    /// Ends the thread that started it.
    _thread: Sender<()>,
}

impl Run<'_> {
    /// Starts the program and does not wait for it. Its errors go to the file `NAME.err` in the folder `errors`.
    ///
    /// Linux tells a program that its parent has ended when the *thread* that started it has. So a thread of its own starts
    /// the program, and lasts as long.
    pub fn start(&self, name: &str, errors: &Path) -> std::io::Result<Service> {
        let errors = File::create(errors.join(format!("{name}.err")))?;
        let mark = random_name();
        let mut command = self.command();
        command.env(MARK, &mark);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let (started, start) = channel();
        let (thread, end) = channel::<()>();
        std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            // If the caller has gone, so have the streams, and the program ends.
            let _ = started.send(command.spawn());
            let _ = end.recv();
        })?;
        let mut child = start.recv().map_err(std::io::Error::other)??;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        Ok(Service { child, input, output, mark, _thread: thread })
    }
}

impl Service {
    /// True if the program has ended.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// How the program ended; `None` if it is running.
    pub fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks the program and its process group to interrupt what they do, as Ctrl-C does.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            // It may have ended.
            let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::INT);
        }
    }

    /// Other systems have no such signal.
    #[cfg(not(unix))]
    pub fn interrupt(&self) {}

    /// Kills the program and its process group.
    pub fn kill(&mut self) {
        if !self.has_ended() {
            kill_group(self.child.id());
            // Where there are no groups.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    /// The names of the processes that the program has left running, sorted, without those of `guard`, a script. Processes that end
    /// with the program get a moment for it.
    pub fn leftovers(&self, guard: &str) -> Vec<String> {
        let end = Instant::now() + LEFTOVERS;
        loop {
            let names = names_of_marked(&self.mark, guard);
            if names.is_empty() || Instant::now() >= end {
                return names;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills what the program has left behind.
    pub fn kill_rest(&self) {
        kill_marked(&self.mark);
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // The end of its input asks it to end its own processes first.
        self.input = None;
        if wait_until(&mut self.child, Instant::now() + GRACE).is_none() {
            self.kill();
        }
        self.kill_rest();
    }
}

/// Kills the processes of a group.
#[cfg(unix)]
pub fn kill_group(group: u32) {
    if let Some(pid) = i32::try_from(group).ok().and_then(rustix::process::Pid::from_raw) {
        // It may have no members any more.
        let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
    }
}

/// Other systems have no process groups.
#[cfg(not(unix))]
pub fn kill_group(_: u32) {}

/// Waits for a process, and stops it if it takes too long.
fn wait(mut child: Child, limit: Duration) -> Exit {
    match wait_until(&mut child, Instant::now() + limit) {
        Some(status) if status.success() => Exit::Success,
        Some(_) => Exit::Failure,
        None => {
            // A program that is asked first can stop its own children, such as a browser.
            terminate(&child);
            if wait_until(&mut child, Instant::now() + GRACE).is_none() {
                // The process may have exited just now.
                let _ = child.kill();
                let _ = child.wait();
            }
            Exit::TimedOut
        }
    }
}

/// Polls a process with growing pauses; `None` if it is still running at `end`.
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
fn terminate(child: &Child) {
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
    }
}

#[cfg(not(unix))]
fn terminate(_: &Child) {}

/// Limits of a process for itself, on Unix.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Seconds of CPU time.
    pub cpu_seconds: u64,
    /// Bytes of address space.
    pub memory: u64,
}

impl Limits {
    /// Applies the limits to this process, and turns core dumps off.
    #[cfg(unix)]
    pub fn apply(self) {
        use rustix::process::{Resource, Rlimit, setrlimit};
        for (resource, limit) in [(Resource::Cpu, self.cpu_seconds), (Resource::As, self.memory), (Resource::Core, 0)] {
            // If the system refuses, the time limit of the parent process still holds.
            let _ = setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) });
        }
    }

    /// Other systems have only the time limit of the parent process.
    #[cfg(not(unix))]
    pub fn apply(self) {}
}
