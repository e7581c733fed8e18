//! The parts of a package.

use crate::metadata::Metadata;
use crate::paths::{Paths, relative};
use crate::xhtml::Xhtml;
use crate::xml::escape;
use std::fmt::Write;
use std::sync::Arc;

/// The parts of a package.
#[derive(Debug, Default)]
pub struct Package {
    /// The facts of the book.
    pub metadata: Metadata,
    /// The paths of its documents and resources.
    pub paths: Paths,
    /// The pages, in the order of `paths`.
    pub documents: Vec<Document>,
    /// The contents.
    pub contents: Vec<Entry>,
    /// The words of the book's language.
    pub words: Words,
    /// Style sheets after our own, which override it.
    pub styles: Vec<String>,
    /// The files that pages show: path in the package and content. Only those that a page uses go into the package.
    pub resources: Vec<(String, Arc<[u8]>)>,
    /// The image of the cover.
    pub cover: Option<Cover>,
    /// True if a page with title and authors comes first.
    pub has_title_page: bool,
    /// The page where reading starts.
    pub start: usize,
}

/// The image of the cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Its path in the package.
    pub path: String,
    /// Its alternative text.
    pub alt: String,
    /// Its width and height.
    pub size: Option<(u32, u32)>,
}

/// A page of the package.
#[derive(Debug, Default)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// Its body.
    pub body: Xhtml,
    /// What it is in a book: `chapter`, `part`, `appendix`, `bibliography`.
    pub kind: Option<&'static str>,
}

/// An entry of the contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its text.
    pub label: String,
    /// The document, and the id of an element in it.
    pub target: (usize, Option<String>),
    /// The entries below it.
    pub children: Vec<Entry>,
}

/// The words that a package shows.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The title of the contents.
    pub contents: String,
    /// The name of the cover.
    pub cover: String,
    /// The name of the title page.
    pub title_page: String,
    /// Where reading starts.
    pub start: String,
    /// The name of the list of references.
    pub references: String,
}

/// A document of the package around its body.
pub(crate) fn page(package: &Package, path: &str, title: &str, body: &str) -> String {
    let language = escape(&package.metadata.language);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" \
         xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"{language}\" xml:lang=\"{language}\">\n<head>\n\
         <meta charset=\"utf-8\"/>\n<title>{}</title>\n",
        escape(title)
    );
    for number in 0..=package.styles.len() {
        let href = relative(path, &style_path(number));
        let _ = writeln!(out, "<link rel=\"stylesheet\" type=\"text/css\" href=\"{href}\"/>");
    }
    out.push_str("</head>\n<body>\n<main>\n");
    out.push_str(body);
    out.push_str("\n</main>\n</body>\n</html>\n");
    out
}

/// The path of a style sheet.
pub(crate) fn style_path(number: usize) -> String {
    if number == 0 { "styles/book.css".to_owned() } else { format!("styles/own-{number}.css") }
}
