//! `mlsys serve` as a process: shutdown, a removed project folder, and memory use.
#![cfg(unix)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start the command"
)]

use mlsys_tests::edits::{Random, random_edit, sample};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// The time limit of a step, generous for a busy machine.
const LONGEST: Duration = Duration::from_secs(60);

/// A served book and its process.
struct Serve {
    folder: tempfile::TempDir,
    child: Child,
    lines: Receiver<String>,
    address: SocketAddr,
}

impl Serve {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = folder.path().join("book").join(path);
            std::fs::create_dir_all(path.parent().expect("a folder above")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlsys"));
        command.arg("serve").arg(folder.path().join("book")).args(["--port", "0"]);
        command.env("MLSYS_CACHE_DIR", folder.path().join("cache")).env_remove("QUARTO_PROFILE");
        let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
        let stderr = BufReader::new(child.stderr.take().expect("what it says"));
        let (sender, lines) = channel();
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut serve = Serve { folder, child, lines, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let line = serve.line("http://");
        let address = line.split_once("http://").and_then(|(_, rest)| rest.split_once('/'));
        serve.address = address.expect("an address").0.parse().expect("an address");
        serve
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("book")
    }

    /// The next line that contains a text.
    fn line(&self, text: &str) -> String {
        self.line_within(text, LONGEST).unwrap_or_else(|| panic!("nothing with `{text}` was said"))
    }

    /// The next line that contains a text, within a time.
    fn line_within(&self, text: &str, time: Duration) -> Option<String> {
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) if line.contains(text) => return Some(line),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        let request = format!("GET /{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// Presses Ctrl-C and waits for the end.
    fn interrupt(mut self) -> (ExitStatus, SocketAddr) {
        kill_process(Pid::from_child(&self.child), Signal::INT).expect("it runs");
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a state") {
                return (status, self.address);
            }
            assert!(start.elapsed() < LONGEST, "Ctrl-C does not end it");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        // It has already exited if the test passed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn ctrl_c_ends_it_and_frees_the_port() {
    let serve = Serve::new(&sample());
    // A browser with an event stream, and one without a request yet.
    let mut listener = TcpStream::connect(serve.address).expect("a connection");
    let request = "GET /.mlsys/events?page=/index.html&tag=x&build=x.0 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    listener.write_all(request.as_bytes()).expect("sent");
    listener.read_exact(&mut [0; 12]).expect("an answer");
    let silent = TcpStream::connect(serve.address).expect("a connection");
    let (status, address) = serve.interrupt();
    assert!(matches!(status.code(), Some(0 | 130)), "{status}");
    drop((listener, silent));
    TcpListener::bind(address).expect("the port is free");
}

#[test]
fn a_folder_that_has_gone_is_waited_for() {
    let serve = Serve::new(&sample());
    std::fs::remove_dir_all(serve.root()).expect("removed");
    serve.line("error: ");
    assert!(serve.get("index.html").contains("Orchard"), "the last good site stays");
    std::fs::create_dir(serve.root()).expect("made");
    std::fs::write(serve.root().join("index.qmd"), "---\ntitle: Meadow\n---\n").expect("written");
    let start = Instant::now();
    while !serve.get("index.html").contains("Meadow") {
        assert!(start.elapsed() < LONGEST, "the new folder is not seen");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::fs::remove_dir_all(serve.root()).expect("removed");
    serve.line("error: ");
    assert!(matches!(serve.interrupt().0.code(), Some(0 | 130)));
}

#[test]
fn what_no_build_reads_causes_no_rebuild() {
    let serve = Serve::new(&sample());
    let root = serve.root();
    std::fs::create_dir(root.join(".git")).expect("made");
    for touch in 0..1000 {
        let name =
            ["serve.log", "TODO.txt", ".index.qmd.swp", "index.qmd~", "4913", ".git/HEAD", "notes.tmp"][touch % 7];
        std::fs::write(root.join(name), format!("{touch}\n")).expect("written");
    }
    // The events of these files come before those of the page.
    std::thread::sleep(Duration::from_millis(200));
    std::fs::write(root.join("index.qmd"), "---\ntitle: Meadow\n---\n").expect("written");
    let first = serve.line("built in");
    assert!(first.contains("index.qmd changed: "), "{first}");
    std::fs::write(root.join("new.qmd"), "---\ntitle: New\n---\n").expect("written");
    let second = serve.line("built in");
    assert!(second.contains("new.qmd changed: "), "{second}");
}

/// The resident memory of a process, in kilobytes.
#[cfg(target_os = "linux")]
fn resident(child: &Child) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Makes a hundred edits, or 1,000 with `MLSYS_SOAK=1000 cargo test -p mlsys --test serve`. The Sass compiler leaks about 0.1 MB
/// per style sheet, and one edit in twenty changes the theme; the margin allows for that, but not for a leak of whole builds.
#[cfg(target_os = "linux")]
#[test]
fn memory_stays_flat() {
    const MARGIN: usize = 10_000;
    let count = std::env::var("MLSYS_SOAK").ok().and_then(|count| count.parse().ok()).unwrap_or(100);
    let serve = Serve::new(&sample());
    let mut random = Random::new(7);
    let mut edit = |times: usize| {
        for _ in 0..times {
            serve.lines.try_iter().for_each(drop);
            if random_edit(&serve.root(), &mut random).expect("an edit") != "nothing" {
                // No build reads a picture or a style sheet that no page shows.
                serve.line_within("built in", Duration::from_secs(2));
            }
        }
        resident(&serve.child)
    };
    let warm = edit(50);
    let end = edit(count);
    assert!(end < warm + MARGIN, "{warm} kB after 50 edits, {end} kB after {count} more");
    let status = serve.interrupt().0;
    assert!(matches!(status.code(), Some(0 | 130)), "{status}");
}
