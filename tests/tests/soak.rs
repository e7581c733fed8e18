//! Random edits of a small book while it is served and browsers listen: after each edit the served site equals a clean build,
//! byte for byte, and every listener knows the version of its page.
//!
//! `MLSYS_SOAK=1000 cargo test --release -p mlsys-tests --test soak` makes so many edits; without it there are a few.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start the command"
)]

use camino::{Utf8Path, Utf8PathBuf};
use mlsys::live::{Live, keep_current};
use mlsys::reading::{Options, read};
use mlsys::write::{Content, Files};
use mlsys_serve::{Listen, Server, Stopper, Watcher};
use mlsys_tests::edits::{Random, random_edit, sample};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long an edit may take to arrive on a machine that has other things to do.
const LONGEST: Duration = Duration::from_secs(60);

/// A book that is served.
struct Served {
    folder: tempfile::TempDir,
    address: SocketAddr,
    stopper: Stopper,
    thread: Option<JoinHandle<Result<(), String>>>,
}

impl Served {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = Utf8PathBuf::from_path_buf(folder.path().join("book")).expect("a path of UTF-8");
        for (path, text) in sample() {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder above")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        let server = Server::start(&Listen { host: "127.0.0.1".into(), port: 0, next: false }).expect("a server");
        let address = server.address();
        let mut watcher = Watcher::new().expect("a watcher");
        let stopper = watcher.stopper();
        let mut live = Live::new(options(&root));
        let thread = std::thread::spawn(move || keep_current(&mut live, &server, &mut watcher, |_, _, _| Ok(())));
        Served { folder, address, stopper, thread: Some(thread) }
    }

    fn root(&self) -> Utf8PathBuf {
        Utf8PathBuf::from_path_buf(self.folder.path().join("book")).expect("a path of UTF-8")
    }

    /// The status and the body of an answer.
    fn get(&self, path: &str, accept: &str) -> (u16, Vec<u8>) {
        let path = path.replace(' ', "%20");
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        let request =
            format!("GET /{path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        let head = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
        let status = String::from_utf8_lossy(&bytes[9..12]).parse().expect("a status");
        (status, bytes.split_off(head + 4))
    }

    /// The tag and the build that a browser would get with a page.
    fn shown(&self, path: &str) -> (String, String) {
        let page = String::from_utf8_lossy(&self.get(path, "text/html").1).into_owned();
        let value = |name: &str| {
            let start = page.find(&format!("{name}=\"")).expect("the script") + name.len() + 2;
            page[start..].split('"').next().unwrap_or("").to_owned()
        };
        (value("data-tag"), value("data-build"))
    }

    /// What differs between the served site and the files; nothing when they are equal.
    fn difference(&self, files: &Files, gone: &BTreeSet<String>) -> Option<String> {
        for (path, content) in files {
            let expected = match content {
                Content::Bytes(bytes) => bytes.to_vec(),
                Content::Copy(from) => std::fs::read(from).expect("a file"),
            };
            let status = if path == "404.html" { 200 } else { self.get(path, "*/*").0 };
            if status != 200 || self.get(path, "*/*").1 != expected {
                return Some(path.clone());
            }
        }
        gone.iter().find(|path| self.get(path, "*/*").0 != 404).cloned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stopper.stop();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join().expect("no panic");
            assert_eq!(ended, Ok(()));
        }
    }
}

fn options(root: &Utf8Path) -> Options {
    let request = mlsys::locate(root, None).expect("a project");
    Options { request, profiles: Vec::new(), output_dir: Some(root.join("_site")), format: "html".into() }
}

/// A browser that shows a page, as far as the server can tell: it listens and keeps the page's tag.
struct Client {
    page: String,
    tag: Arc<Mutex<String>>,
}

impl Client {
    fn new(served: &Served, page: &str) -> Self {
        let (tag, build) = served.shown(page);
        let mut stream = TcpStream::connect(served.address).expect("a connection");
        let query = format!("page=/{page}&tag={tag}&build={build}");
        let request = format!("GET /.mlsys/events?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        let tag = Arc::new(Mutex::new(tag));
        let known = tag.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if let Some((_, rest)) = line.split_once("\"tag\":\"") {
                    *known.lock().expect("a lock") = rest.split('"').next().unwrap_or("").to_owned();
                }
            }
        });
        Client { page: page.to_owned(), tag }
    }

    fn knows(&self, tag: &str) -> bool {
        *self.tag.lock().expect("a lock") == tag
    }
}

/// Asks again until it is so.
fn wait_for(what: &str, mut is_so: impl FnMut() -> Result<(), String>) {
    let start = Instant::now();
    while let Err(message) = is_so() {
        assert!(start.elapsed() < LONGEST, "{what}: {message}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The memory of this process in kilobytes, where the system says it.
fn memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[test]
fn the_served_site_is_a_clean_build_after_every_edit() {
    let count: usize = std::env::var("MLSYS_SOAK").ok().and_then(|count| count.parse().ok()).unwrap_or(20);
    let served = Served::new();
    wait_for("the first build", || match served.get("index.html", "*/*").0 {
        200 => Ok(()),
        status => Err(status.to_string()),
    });
    let pages = ["index.html", "", "pears.html", "apples", "part/plums.html", "page1.html", "moved2.html"];
    let clients: Vec<Client> = (0..20).map(|at| Client::new(&served, pages[at % pages.len()])).collect();
    let mut random = Random::new(count as u64);
    let mut before = BTreeSet::new();
    let mut warm = None;
    for step in 0..count {
        let edit = random_edit(served.root().as_std_path(), &mut random).expect("an edit");
        let clean = mlsys::build(&read(&options(&served.root())).expect("a book")).files;
        let gone = before.iter().filter(|path| !clean.contains_key(*path)).cloned().collect();
        let what = format!("step {step}, after {edit}");
        wait_for(&what, || match served.difference(&clean, &gone) {
            Some(path) => Err(format!("`{path}` is not that of a clean build")),
            None => Ok(()),
        });
        for client in &clients {
            let (tag, _) = served.shown(&client.page);
            wait_for(&what, || match client.knows(&tag) {
                true => Ok(()),
                false => Err(format!("a listener on `{}` was not told", client.page)),
            });
        }
        before = clean.into_keys().collect();
        if step == count / 2 {
            warm = memory();
        }
    }
    if let (Some(warm), Some(now), true) = (warm, memory(), count >= 200) {
        assert!(now < warm + warm / 5 + 8192, "memory has grown from {warm} to {now} kilobytes");
        eprintln!("memory: {warm} kB after {} edits, {now} kB after {count}", count / 2);
    }
}

#[test]
fn a_folder_may_go_and_come_again() {
    let served = Served::new();
    let shows = |text: &'static str| {
        wait_for(text, || {
            let (_, body) = served.get("index.html", "*/*");
            let found = String::from_utf8_lossy(&body).contains(text);
            if found { Ok(()) } else { Err("not yet".into()) }
        });
    };
    shows("Orchard");
    let away = served.folder.path().join("away");
    std::fs::rename(served.root(), &away).expect("moved");
    std::thread::sleep(Duration::from_millis(300));
    shows("Orchard");
    std::fs::rename(&away, served.root()).expect("moved back");
    std::thread::sleep(Duration::from_millis(300));
    std::fs::write(served.root().join("index.qmd"), "---\ntitle: Meadow\n---\n").expect("written");
    shows("Meadow");
    // A folder that comes with its pages, and a page in it that comes later.
    std::fs::create_dir(served.root().join("late")).expect("made");
    std::thread::sleep(Duration::from_millis(300));
    std::fs::write(served.root().join("late/index.qmd"), "---\ntitle: Late\n---\n").expect("written");
    wait_for("a page in a new folder", || match served.get("late/index.html", "*/*").0 {
        200 => Ok(()),
        status => Err(status.to_string()),
    });
}

#[test]
fn a_broken_configuration_leaves_the_last_good_site() {
    let served = Served::new();
    wait_for("the first build", || match served.get("index.html", "*/*").0 {
        200 => Ok(()),
        status => Err(status.to_string()),
    });
    let (tag, build) = served.shown("index.html");
    let mut stream = TcpStream::connect(served.address).expect("a connection");
    let request =
        format!("GET /.mlsys/events?page=/index.html&tag={tag}&build={build} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let good = served.get("index.html", "*/*");
    std::fs::write(served.root().join("_quarto.yml"), "project: [\n").expect("written");
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let told = lines.find(|line| line.contains("\"failed\":true")).expect("an event");
    assert!(told.contains("_quarto.yml:") && told.contains("project: ["), "{told}");
    assert_eq!(served.get("index.html", "*/*"), good);
    std::fs::write(served.root().join("_quarto.yml"), "project:\n  type: website\n").expect("written");
    lines.find(|line| line.contains("\"failed\":false")).expect("an event");
}
