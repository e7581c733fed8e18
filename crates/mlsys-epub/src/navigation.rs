//! The contents: as a page, and for readers of EPUB 2.

use crate::package::{Entry, Package, page};
use crate::paths::NAVIGATION;
use crate::xml::escape;
use std::fmt::Write;

/// The page with the contents and the landmarks.
pub(crate) fn navigation(package: &Package) -> String {
    let words = &package.words;
    let mut body =
        format!("<nav epub:type=\"toc\" role=\"doc-toc\" id=\"toc\">\n<h1>{}</h1>\n", escape(&words.contents));
    list(&mut body, package, &package.contents);
    body.push_str("</nav>\n<nav epub:type=\"landmarks\" id=\"landmarks\" hidden=\"hidden\">\n<ol>\n");
    let mut mark = |kind: &str, href: &str, label: &str| {
        let _ = writeln!(body, "<li><a epub:type=\"{kind}\" href=\"{href}\">{}</a></li>", escape(label));
    };
    if package.cover.is_some() {
        mark("cover", "cover.xhtml", &words.cover);
    }
    if package.has_title_page {
        mark("titlepage", "title.xhtml", &words.title_page);
    }
    mark("toc", NAVIGATION, &words.contents);
    if !package.documents.is_empty() {
        mark("bodymatter", package.paths.document(package.start), &words.start);
    }
    let references = package.documents.iter().position(|document| document.kind == Some("bibliography"));
    if let Some(references) = references {
        mark("bibliography", package.paths.document(references), &words.references);
    }
    body.push_str("</ol>\n</nav>");
    page(package, NAVIGATION, &words.contents, &body)
}

/// The URL of an entry.
fn href(package: &Package, entry: &Entry) -> String {
    let (document, id) = &entry.target;
    let path = package.paths.document(*document);
    let body = package.documents.get(*document).map(|document| &document.body);
    match id.as_deref().and_then(|id| body?.written_id(id)) {
        Some(id) => format!("{path}#{}", escape(&id)),
        None => path.to_owned(),
    }
}

/// A list of entries. Headings nest as deep as six levels, and parts above them: no deeper.
fn list(out: &mut String, package: &Package, entries: &[Entry]) {
    out.push_str("<ol>\n");
    for entry in entries {
        let _ = write!(out, "<li><a href=\"{}\">{}</a>", href(package, entry), escape(&entry.label));
        if !entry.children.is_empty() {
            out.push('\n');
            list(out, package, &entry.children);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
}

/// The contents for readers of EPUB 2. Source: OPF 2.0.1, "NCX".
pub(crate) fn ncx(package: &Package) -> String {
    let facts = &package.metadata;
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\" version=\"2005-1\" \
         xml:lang=\"{}\">\n<head>\n<meta name=\"dtb:uid\" content=\"{}\"/>\n<meta name=\"dtb:depth\" content=\"{}\"/>\n\
         <meta name=\"dtb:totalPageCount\" content=\"0\"/>\n<meta name=\"dtb:maxPageNumber\" content=\"0\"/>\n</head>\n\
         <docTitle><text>{}</text></docTitle>\n<navMap>\n",
        escape(&facts.language),
        escape(&facts.identifier),
        depth(&package.contents),
        escape(&facts.title)
    );
    points(&mut out, package, &package.contents, &mut 0);
    out.push_str("</navMap>\n</ncx>\n");
    out
}

fn depth(entries: &[Entry]) -> usize {
    entries.iter().map(|entry| 1 + depth(&entry.children)).max().unwrap_or(0)
}

fn points(out: &mut String, package: &Package, entries: &[Entry], number: &mut u32) {
    for entry in entries {
        *number += 1;
        let _ = write!(
            out,
            "<navPoint id=\"point-{number}\"><navLabel><text>{}</text></navLabel><content src=\"{}\"/>",
            escape(&entry.label),
            href(package, entry)
        );
        points(out, package, &entry.children, number);
        out.push_str("</navPoint>\n");
    }
}
