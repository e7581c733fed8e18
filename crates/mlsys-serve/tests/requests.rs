//! Responses over a real connection: URLs, entity tags, ranges and refused requests.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests write files")]

use mlsys_serve::{Content, Files, Listen, Note, Publication, Server};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

/// A server of a small site, and the folder of its files on disk.
struct Site {
    server: Server,
    folder: tempfile::TempDir,
}

const PAGE: &str = "<!DOCTYPE html>\n<title>Pears</title>\n<p>Pears.</p>\n";

impl Site {
    fn new() -> Self {
        let server = Server::start(&Listen { host: "127.0.0.1".into(), port: 0, next: false }).expect("a server");
        let site = Site { server, folder: tempfile::tempdir().expect("a folder") };
        std::fs::create_dir(site.root().join("book")).expect("a folder");
        std::fs::write(site.root().join("secret.txt"), "secret").expect("a file");
        std::fs::write(site.root().join("book/data.bin"), b"0123456789").expect("a file");
        std::fs::write(site.root().join("book/unpublished.txt"), "unpublished").expect("a file");
        #[cfg(unix)]
        std::os::unix::fs::symlink(site.root().join("secret.txt"), site.root().join("book/link.txt")).expect("a link");
        site.publish(PAGE, Vec::new());
        site
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn publish(&self, page: &str, notes: Vec<Note>) {
        let bytes = |text: &str| Content::Bytes(text.as_bytes().into());
        let book = self.root().join("book");
        let files = Files::from([
            ("index.html".to_owned(), bytes(page)),
            ("a/b.html".to_owned(), bytes("<p>b</p>\n")),
            ("a/index.html".to_owned(), bytes("<p>a</p>\n")),
            ("a/b.llms.md".to_owned(), bytes("# b\n")),
            ("style.css".to_owned(), bytes("p { color: red }\n")),
            ("404.html".to_owned(), bytes("<p>Nothing here.</p>\n")),
            ("data.bin".to_owned(), Content::File(book.join("data.bin"))),
            ("link.txt".to_owned(), Content::File(book.join("link.txt"))),
            ("gone.txt".to_owned(), Content::File(book.join("gone.txt"))),
        ]);
        self.server.publish(Publication { files, folder: book, prefix: "/book/".into(), notes });
    }

    fn connect(&self) -> TcpStream {
        connect(self.server.address())
    }

    /// Sends a raw request and reads the whole response.
    fn send(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("sent");
        Answer::read(stream)
    }

    /// Requests a raw URL with additional headers.
    fn get(&self, target: &str, headers: &str) -> Answer {
        self.send(&format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"))
    }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
    stream
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn read(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        // After a reset there is nothing more to read.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.map(str::trim)
    }
}

#[test]
fn programs_may_ask_for_the_markdown_of_a_page() {
    let site = Site::new();
    for target in ["/a/b", "/a/b.html", "/book/a/b.html"] {
        let answer = site.get(target, "Accept: text/markdown, text/html;q=0.9\r\n");
        assert_eq!((answer.status, answer.body.as_str()), (200, "# b\n"), "{target}");
        assert!(answer.head.contains("content-type: text/markdown; charset=utf-8"), "{}", answer.head);
        assert!(answer.head.contains("vary: accept"), "{}", answer.head);
    }
    let page = site.get("/a/b", "Accept: text/html, text/markdown;q=0.9\r\n");
    assert!(page.body.starts_with("<p>b</p>"), "{}", page.body);
    assert_eq!(site.get("/", "Accept: text/markdown\r\n").body, PAGE, "a page without Markdown");
    assert_eq!(site.get("/style.css", "Accept: text/markdown\r\n").body, "p { color: red }\n");
}

#[test]
fn urls_are_those_of_static_hosts() {
    let site = Site::new();
    let home = site.get("/", "");
    assert_eq!((home.status, home.body.as_str()), (200, PAGE));
    assert_eq!(home.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(site.get("/a/b", "").body, "<p>b</p>\n");
    assert_eq!(site.get("/a/b.html?x=1", "").body, "<p>b</p>\n");
    assert_eq!(site.get("/a/", "").body, "<p>a</p>\n");
    let folder = site.get("/a?x=1", "");
    assert_eq!((folder.status, folder.header("location")), (302, Some("/a/?x=1")));
    assert_eq!(site.get("/book/a/b.html", "").body, "<p>b</p>\n");
    let nothing = site.get("/nowhere", "");
    assert_eq!((nothing.status, nothing.body.as_str()), (404, "<p>Nothing here.</p>\n"));
    assert_eq!(site.get("/style.css", "").header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(site.get("/data.bin", "").header("content-type"), Some("application/octet-stream"));
    assert_eq!(site.send("POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").status, 405);
    let head = site.send("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), Some(PAGE.len().to_string().as_str()));
}

#[test]
fn browsers_get_the_script_and_nobody_else() {
    let site = Site::new();
    let shown = site.get("/", "Accept: text/html,*/*;q=0.8\r\n");
    assert!(shown.body.starts_with(PAGE) && shown.body.contains("/.mlsys/client.js"), "{}", shown.body);
    assert_eq!(site.get("/style.css", "Accept: text/html\r\n").body, "p { color: red }\n");
    let script = site.get("/.mlsys/client.js", "");
    assert_eq!((script.status, script.header("content-type")), (200, Some("text/javascript; charset=utf-8")));
}

#[test]
fn versions_and_ranges_are_respected() {
    let site = Site::new();
    for (target, whole) in [("/index.html", PAGE), ("/data.bin", "0123456789")] {
        let first = site.get(target, "");
        let tag = first.header("etag").expect("a tag").to_owned();
        assert_eq!(first.header("cache-control"), Some("no-cache"));
        let same = site.get(target, &format!("If-None-Match: {tag}\r\n"));
        assert_eq!((same.status, same.body.as_str()), (304, ""));
        let part = site.get(target, "Range: bytes=2-4\r\n");
        assert_eq!((part.status, part.body.as_str()), (206, &whole[2..5]));
        let length = whole.len();
        assert_eq!(part.header("content-range"), Some(format!("bytes 2-4/{length}").as_str()));
        assert_eq!(site.get(target, "Range: bytes=-3\r\n").body, whole[length - 3..]);
        let outside = site.get(target, "Range: bytes=99999-\r\n");
        assert_eq!(
            (outside.status, outside.header("content-range")),
            (416, Some(format!("bytes */{length}").as_str()))
        );
        assert_eq!(site.get(target, "Range: bytes=0-1\r\nIf-Range: \"other\"\r\n").body, whole);
    }
}

#[test]
fn nothing_outside_the_site_is_served() {
    let site = Site::new();
    let targets = [
        "/../secret.txt",
        "/a/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%252e%252e/secret.txt",
        "/..%5csecret.txt",
        "/data.bin%00.html",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/etc/passwd",
        "/book/../secret.txt",
        "/unpublished.txt",
        "/book/unpublished.txt",
        "/link.txt",
        "/gone.txt",
        "/%ff",
        "/.mlsys/",
        "/.mlsys/../index.html",
    ];
    for target in targets {
        let answer = site.get(target, "");
        assert!(matches!(answer.status, 400 | 404), "{target}: {answer:?}");
        for word in ["secret", "unpublished", "root:"] {
            assert!(!answer.body.contains(word), "{target}: {answer:?}");
        }
    }
    // An absolute URL in the request line, as for a proxy: its host counts.
    let answer = site.get("http://evil.example/", "");
    assert_eq!(answer.status, 403, "{answer:?}");
    assert_eq!(site.get("/", "").status, 200);
}

#[test]
fn other_hosts_and_origins_are_refused() {
    let site = Site::new();
    for host in ["evil.example", "evil.example:80", "localhost.evil.example", "192.0.2.7", ""] {
        let answer = site.send(&format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        assert!(matches!(answer.status, 400 | 403), "{host}: {answer:?}");
        assert!(!answer.body.contains("Pears"));
    }
    for head in ["", "Host: localhost\r\nHost: evil.example\r\n"] {
        let answer = site.send(&format!("GET / HTTP/1.1\r\n{head}Connection: close\r\n\r\n"));
        assert!(matches!(answer.status, 400 | 403), "{head}: {answer:?}");
    }
    let events = "/.mlsys/events?page=/&tag=x&build=0.0";
    for headers in [
        "Origin: http://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: http://localhost:1\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
    ] {
        assert_eq!(site.get(events, headers).status, 403, "{headers}");
    }
    let script = site.get("/.mlsys/client.js", "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n");
    assert_eq!(script.status, 200);
}

#[test]
fn oversized_headers_are_refused() {
    let site = Site::new();
    let mut stream = site.connect();
    let mut sent = stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ");
    let piece = vec![b'x'; 64 << 10];
    for _ in 0..160 {
        sent = sent.and_then(|()| stream.write_all(&piece));
    }
    let answer = Answer::read(stream);
    assert!(sent.is_err() || answer.status == 431, "{answer:?}");
    assert!(!answer.body.contains("Pears"));
    let many = "X: y\r\n".repeat(5000);
    assert!(site.get("/", &many).status != 200);
    assert_eq!(site.get("/", "").status, 200);
}

#[test]
fn silent_connections_do_not_keep_others_out() {
    let site = Site::new();
    let mut silent = Vec::new();
    for at in 0..5000 {
        let mut stream = site.connect();
        if at % 3 == 0 {
            // The server may already have closed it.
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: loc");
        }
        silent.push(stream);
        // More than the server's limit, but within the limit of open files of this process, which contains both ends.
        if silent.len() > 450 {
            silent.remove(0);
        }
        if at % 500 == 0 {
            assert_eq!(site.get("/", "").body, PAGE, "after {at} silent connections");
        }
    }
    assert_eq!(site.get("/", "").body, PAGE);
}

#[test]
fn readers_that_do_not_read_do_not_keep_others_out() {
    let site = Site::new();
    site.publish(&"<p>A long page.</p>\n".repeat(500_000), Vec::new());
    let request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let slow: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = site.connect();
            stream.write_all(request).expect("sent");
            stream
        })
        .collect();
    assert_eq!(site.get("/a/b.html", "").body, "<p>b</p>\n");
    drop(slow);
}

/// A subscriber to the events of a page.
struct Listener {
    lines: BufReader<TcpStream>,
}

impl Listener {
    fn new(site: &Site, page: &str, tag: &str, build: &str) -> Self {
        let mut stream = site.connect();
        let query = format!("page={page}&tag={tag}&build={build}");
        let request = format!("GET /.mlsys/events?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        Listener { lines: BufReader::new(stream) }
    }

    /// The data of the next event.
    fn next(&mut self) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.lines.read_line(&mut line).expect("an event") > 0, "the stream has ended");
            if let Some(data) = line.strip_prefix("data: ") {
                return data.trim().to_owned();
            }
        }
    }
}

/// The tag and build in a page as a browser gets it.
fn shown(site: &Site, target: &str) -> (String, String) {
    let page = site.get(target, "Accept: text/html\r\n").body;
    let value = |name: &str| {
        let start = page.find(&format!("{name}=\"")).expect("an attribute") + name.len() + 2;
        page[start..].split('"').next().unwrap_or("").to_owned()
    };
    (value("data-tag"), value("data-build"))
}

#[test]
fn only_subscribers_to_a_changed_page_are_notified() {
    let site = Site::new();
    let (tag, build) = shown(&site, "/");
    let (other_tag, _) = shown(&site, "/a/b");
    let mut home = Listener::new(&site, "/", &tag, &build);
    let mut other = Listener::new(&site, "/a/b", &other_tag, &build);
    site.publish("<p>Plums.</p>\n", Vec::new());
    let sent = home.next();
    let (now, _) = shown(&site, "/");
    assert!(sent.contains(&now) && now != tag, "{sent}");
    // The next event for the other page contains the note and the old tag.
    let note = Note {
        page: Some("a/b.html".into()),
        severity: "error".into(),
        message: "a <wrong> word".into(),
        place: "a/b.qmd:3:1".into(),
        source: "the line".into(),
        hints: Vec::new(),
    };
    site.publish("<p>Plums.</p>\n", vec![note.clone()]);
    let sent = other.next();
    assert!(sent.contains(&other_tag) && sent.contains("a/b.qmd:3:1") && sent.contains("\"failed\":false"), "{sent}");
    site.server.fail(vec![Note { page: None, ..note }]);
    assert!(home.next().contains("\"failed\":true"));
    assert_eq!(site.get("/", "").body, "<p>Plums.</p>\n", "the last good page stays");
}

#[test]
fn a_late_subscriber_gets_changes_at_once() {
    let site = Site::new();
    let (tag, build) = shown(&site, "/");
    site.publish("<p>Plums.</p>\n", Vec::new());
    assert!(Listener::new(&site, "/", &tag, &build).next().contains("\"changed\":[]"));
    // A page of an earlier server gets all changes.
    assert!(Listener::new(&site, "/", &tag, "earlier.7").next().contains("style.css"));
    // A page that was missing and was added.
    let sent = Listener::new(&site, "/", "404", &build).next();
    assert!(!sent.contains("\"tag\":\"404"), "{sent}");
}

#[test]
fn a_port_in_use_is_an_error_or_skipped() {
    let site = Site::new();
    let taken = site.server.address().port();
    let listen = Listen { host: "127.0.0.1".into(), port: taken, next: false };
    let error = Server::start(&listen).expect_err("the port is in use");
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    let other = Server::start(&Listen { next: true, ..listen }).expect("the next port");
    assert!(other.address().port() > taken);
}
