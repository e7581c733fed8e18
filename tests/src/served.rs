//! A small book that is served while a test edits it.

#![allow(clippy::disallowed_methods, reason = "tests write files")]

use camino::{Utf8Path, Utf8PathBuf};
use mlsys::serve::{Live, keep_current};
use mlsys_engine::leaves::cells::{CellMode, CellOptions, Cells};
use mlsys_engine::project::ProjectError;
use mlsys_engine::project::{Overlay, ReadOptions};
use mlsys_engine::{Book, BuildOptions};
use mlsys_serve::{Listen, Server, Stopper, WatchError, Watcher};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;

/// A book that is served.
pub struct Served {
    /// The folder that holds the book's folder.
    pub folder: tempfile::TempDir,
    /// Where it is served.
    pub address: SocketAddr,
    stopper: Stopper,
    thread: Option<JoinHandle<Result<(), WatchError>>>,
}

impl Served {
    /// Writes the files to a folder and serves them.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = Utf8PathBuf::from_path_buf(folder.path().join("book")).expect("a path of UTF-8");
        for (path, text) in files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder above")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        let server = Server::start(&Listen { host: "127.0.0.1".into(), port: 0, next: false }).expect("a server");
        let address = server.address();
        let mut watcher = Watcher::new().expect("a watcher");
        let stopper = watcher.stopper();
        let mut live = Live::new(
            options(&root),
            BuildOptions::default(),
            CellOptions { mode: CellMode::Off, ..CellOptions::default() },
        );
        let thread = std::thread::spawn(move || keep_current(&mut live, &server, &mut watcher, |_, _| Ok(())));
        Served { folder, address, stopper, thread: Some(thread) }
    }

    /// The book's folder.
    pub fn root(&self) -> Utf8PathBuf {
        Utf8PathBuf::from_path_buf(self.folder.path().join("book")).expect("a path of UTF-8")
    }

    /// The status and the body of an answer.
    pub fn get(&self, path: &str, accept: &str) -> (u16, Vec<u8>) {
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
    pub fn shown(&self, path: &str) -> (String, String) {
        let page = String::from_utf8_lossy(&self.get(path, "text/html").1).into_owned();
        let value = |name: &str| {
            let start = page.find(&format!("{name}=\"")).expect("the script") + name.len() + 2;
            page[start..].split('"').next().unwrap_or("").to_owned()
        };
        (value("data-tag"), value("data-build"))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stopper.stop();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join().expect("no panic");
            assert!(ended.is_ok(), "{ended:?}");
        }
    }
}

/// How the book is read.
pub fn options(root: &Utf8Path) -> ReadOptions {
    let request = mlsys_engine::locate(root, None).expect("a project");
    ReadOptions {
        request,
        profiles: Vec::new(),
        output_dir: Some(root.join("_site")),
        format: "html".into(),
        overlay: Overlay::default(),
    }
}

/// Reads the book, with its frozen results and the outputs of its notebooks. No cell runs.
///
/// # Errors
/// There is no project, or it cannot be read.
pub fn read(root: &Utf8Path) -> Result<Book, ProjectError> {
    let cells = CellOptions { mode: CellMode::Off, ..CellOptions::default() };
    Ok(Cells::new(cells).execute(mlsys_engine::read(&options(root))?))
}
