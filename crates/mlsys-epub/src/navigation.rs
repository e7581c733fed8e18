//! The contents: as a page, and for readers of EPUB 2.

use crate::package::{Entry, Package, page};
use crate::paths::{NAVIGATION, xml_id};
use crate::xml::escape;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The page with the contents and the landmarks.
pub(crate) fn navigation(package: &Package) -> String {
    let words = &package.words;
    let mut body =
        format!("<nav epub:type=\"toc\" role=\"doc-toc\" id=\"toc\">\n<h1>{}</h1>\n", escape(&words.contents));
    list(&mut body, &points(package));
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

/// An entry with its URL.
struct Point<'a> {
    label: &'a str,
    href: String,
    children: Vec<Point<'a>>,
}

/// The entries whose targets exist and come in the order of the text: readers of speech follow them. Broken HTML can move headings.
fn points<'a>(package: &'a Package) -> Vec<Point<'a>> {
    let mut positions: BTreeMap<usize, FxHashMap<&str, usize>> = BTreeMap::new();
    let mut last = (0, 0);
    let mut place = |entry: &Entry| -> Option<String> {
        let (document, id) = &entry.target;
        let path = package.paths.document(*document);
        let Some(id) = id else {
            last = (*document, 0);
            return Some(path.to_owned());
        };
        let body = &package.documents.get(*document)?.body;
        let id = xml_id(id);
        let at = *positions.entry(*document).or_insert_with(|| body.positions()).get(id.as_str())?;
        if (*document, at) < last {
            return None;
        }
        last = (*document, at);
        Some(format!("{path}#{}", escape(&id)))
    };
    below(&package.contents, &mut place)
}

fn below<'a>(entries: &'a [Entry], place: &mut impl FnMut(&Entry) -> Option<String>) -> Vec<Point<'a>> {
    let mut points = Vec::new();
    for entry in entries {
        let href = place(entry);
        let children = below(&entry.children, place);
        match href {
            Some(href) => points.push(Point { label: &entry.label, href, children }),
            None => points.extend(children),
        }
    }
    points
}

/// A list of entries. Headings nest as deep as six levels, and parts above them: no deeper.
fn list(out: &mut String, points: &[Point<'_>]) {
    out.push_str("<ol>\n");
    for point in points {
        let _ = write!(out, "<li><a href=\"{}\">{}</a>", point.href, escape(point.label));
        if !point.children.is_empty() {
            out.push('\n');
            list(out, &point.children);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
}

/// The contents for readers of EPUB 2. Source: OPF 2.0.1, "NCX".
pub(crate) fn ncx(package: &Package) -> String {
    let facts = &package.metadata;
    let points = points(package);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\" version=\"2005-1\" \
         xml:lang=\"{}\">\n<head>\n<meta name=\"dtb:uid\" content=\"{}\"/>\n<meta name=\"dtb:depth\" content=\"{}\"/>\n\
         <meta name=\"dtb:totalPageCount\" content=\"0\"/>\n<meta name=\"dtb:maxPageNumber\" content=\"0\"/>\n</head>\n\
         <docTitle><text>{}</text></docTitle>\n<navMap>\n",
        escape(&facts.language),
        escape(&facts.identifier),
        depth(&points),
        escape(&facts.title)
    );
    nav_points(&mut out, &points, &mut 0);
    out.push_str("</navMap>\n</ncx>\n");
    out
}

fn depth(points: &[Point<'_>]) -> usize {
    points.iter().map(|point| 1 + depth(&point.children)).max().unwrap_or(0)
}

fn nav_points(out: &mut String, points: &[Point<'_>], number: &mut u32) {
    for point in points {
        *number += 1;
        let _ = write!(
            out,
            "<navPoint id=\"point-{number}\"><navLabel><text>{}</text></navLabel><content src=\"{}\"/>",
            escape(point.label),
            point.href
        );
        nav_points(out, &point.children, number);
        out.push_str("</navPoint>\n");
    }
}
