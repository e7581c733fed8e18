//! Random edits of a small book while it is served and browsers listen: after each edit the served site equals a clean build,
//! byte for byte, and every listener knows the version of its page.
//!
//! `MLSYS_SOAK=1000 cargo test --release -p mlsys-tests --test soak` sets the number of edits; by default there are a few.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start the command"
)]

use mlsys_engine::BuildOptions;
use mlsys_engine::project::read;
use mlsys_engine::{Content, Files};
use mlsys_tests::edits::{Random, random_edit, sample};
use mlsys_tests::served::{Served, options};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long an edit may take to arrive on a machine that has other things to do.
const LONGEST: Duration = Duration::from_secs(60);

/// The first difference between the served site and the files; `None` if they are equal.
fn difference(served: &Served, files: &Files, gone: &BTreeSet<String>) -> Option<String> {
    for (path, content) in files {
        let expected = match content {
            Content::Bytes(bytes) => bytes.to_vec(),
            Content::Copy(from) => std::fs::read(from).expect("a file"),
        };
        if served.get(path, "*/*") != (200, expected) {
            return Some(path.clone());
        }
    }
    gone.iter().find(|path| served.get(path, "*/*").0 != 404).cloned()
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

#[test]
fn the_served_site_is_a_clean_build_after_every_edit() {
    let count: usize = std::env::var("MLSYS_SOAK").ok().and_then(|count| count.parse().ok()).unwrap_or(20);
    let served = Served::new(&sample());
    wait_for("the first build", || match served.get("index.html", "*/*").0 {
        200 => Ok(()),
        status => Err(status.to_string()),
    });
    let pages = ["index.html", "", "pears.html", "apples", "part/plums.html", "page1.html", "moved2.html"];
    let clients: Vec<Client> = (0..20).map(|at| Client::new(&served, pages[at % pages.len()])).collect();
    let mut random = Random::new(count as u64);
    let mut before = BTreeSet::new();
    for step in 0..count {
        let edit = random_edit(served.root().as_std_path(), &mut random).expect("an edit");
        let clean =
            mlsys_engine::build(&read(&options(&served.root())).expect("a book"), &BuildOptions::default()).files;
        let gone = before.iter().filter(|path| !clean.contains_key(*path)).cloned().collect();
        let what = format!("step {step}, after {edit}");
        wait_for(&what, || match difference(&served, &clean, &gone) {
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
    }
}

#[test]
fn a_folder_may_go_and_come_again() {
    let served = Served::new(&sample());
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
    let served = Served::new(&sample());
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
