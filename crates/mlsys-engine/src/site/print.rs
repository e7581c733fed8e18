//! What a book may ask for beside its pages: one page that prints all of them, and a worker that keeps them for reading without a
//! network.

use crate::files::{Content, Files};
use crate::project::Book;
use crate::site::shell::Shell;
use mlsys_book::{Code, Diagnostic, Value};
use mlsys_render::{WholeBook, fingerprinted, whole_book};

/// The largest copied file, in bytes, that is kept before it is seen: pictures of a page, not recordings.
const LARGEST: u64 = 300_000;

/// Whether the configuration turns on a feature of ours.
fn is_on(book: &Book, key: &str) -> bool {
    book.project.meta.path(&format!("mlsys.{key}")).and_then(Value::as_bool) == Some(true)
}

/// Adds `print.html`, where `mlsys: print-page: true` asks for it: a page that gathers the others in their order.
/// The finding is a template's error.
pub fn add_print_page(book: &Book, shell: &Shell, files: &mut Files) -> Option<Diagnostic> {
    if !is_on(book, "print-page") {
        return None;
    }
    let titles = shell.chrome.titles_html();
    let shown = book.project.pages.iter().zip(&titles);
    let shown = shown.filter(|(page, _)| page.draft.is_none() && page.output != "404.html");
    let page = WholeBook {
        project: &book.project,
        pages: shown.map(|(page, title)| (page.output.as_str(), title.as_str())).collect(),
        assets: &shell.assets,
    };
    match whole_book(&shell.theme.templates, &page) {
        Ok(html) => {
            files.insert("print.html".to_owned(), Content::Bytes(html.into_bytes().into()));
            None
        }
        Err(error) => {
            let place = book.project.meta.path("mlsys.print-page").unwrap_or(&book.project.meta).place;
            Some(Diagnostic::new(Code::InvalidTemplate, place, error.to_string()))
        }
    }
}

/// Adds `service-worker.js`, where `mlsys: offline: true` asks for it. It knows all files of this build but the largest.
pub fn add_worker(book: &Book, files: &mut Files) {
    if !is_on(book, "offline") {
        return;
    }
    let mut kept = Vec::new();
    let mut marks = String::new();
    for (path, content) in files.iter() {
        match content {
            Content::Bytes(bytes) => marks.push_str(&fingerprinted(path, bytes)),
            Content::Copy(file) => match std::fs::metadata(file).map(|data| data.len()) {
                Ok(size) if size <= LARGEST => marks.push_str(&format!("{path} {size}")),
                _ => continue,
            },
        }
        kept.push(path.clone());
    }
    let version = fingerprinted("pages", marks.as_bytes());
    let kept = serde_json::to_string(&kept).unwrap_or_default();
    let text = format!("const version = \"{version}\";\nconst kept = {kept};\n{}", include_str!("service-worker.js"));
    files.insert("service-worker.js".to_owned(), Content::Bytes(text.into_bytes().into()));
}
