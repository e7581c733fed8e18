//! The files of a package. Source: EPUB 3.3, "Package document".

use crate::media_type::{image_type, sniffed_type};
use crate::metadata::Access;
use crate::navigation::{navigation, ncx};
use crate::package::{Cover, Package, page, style_path};
use crate::paths::NAVIGATION;
use crate::xhtml::Xhtml;
use crate::xml::escape;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

/// The folder of the book in the package.
const FOLDER: &str = "EPUB";

/// Our style sheet.
const STYLES: &str = include_str!("../assets/book.css");

/// The files of a package in the order of the archive.
pub fn files(package: &Package) -> Vec<(String, Arc<[u8]>)> {
    let mut files: Vec<(String, Arc<[u8]>)> = Vec::new();
    let bodies: Vec<&Xhtml> = package.documents.iter().map(|document| &document.body).collect();
    let mut add = |path: &str, bytes: Arc<[u8]>| files.push((path.to_owned(), bytes));
    add("mimetype", text("application/epub+zip"));
    add("META-INF/container.xml", text(CONTAINER));
    let mut inside = |path: &str, content: &str| add(&format!("{FOLDER}/{path}"), text(content));
    inside("package.opf", &package_document(package));
    inside(NAVIGATION, &navigation(package));
    inside("toc.ncx", &ncx(package));
    for (number, styles) in std::iter::once(STYLES).chain(package.styles.iter().map(String::as_str)).enumerate() {
        inside(&style_path(number), styles);
    }
    if let Some(image) = &package.cover {
        inside("cover.xhtml", &cover(package, image));
    }
    if package.has_title_page {
        inside("title.xhtml", &title_page(package));
    }
    for (index, document) in package.documents.iter().enumerate() {
        let kind = document.kind.map_or_else(String::new, |kind| format!(" epub:type=\"{kind}\" role=\"doc-{kind}\""));
        let label = escape(&document.title);
        let body = format!("<section{kind} aria-label=\"{label}\">\n{}\n</section>", document.body.linked(&bodies));
        inside(package.paths.document(index), &page(package, package.paths.document(index), &document.title, &body));
    }
    let used = used(package);
    for (path, bytes) in &package.resources {
        if used.contains(path.as_str()) {
            add(&format!("{FOLDER}/{path}"), bytes.clone());
        }
    }
    files
}

/// The paths of the images that the package shows.
fn used(package: &Package) -> BTreeSet<&str> {
    let of_pages = package.documents.iter().flat_map(|document| &document.body.images).map(String::as_str);
    of_pages.chain(package.cover.iter().map(|cover| cover.path.as_str())).collect()
}

fn text(text: &str) -> Arc<[u8]> {
    text.as_bytes().into()
}

const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n\
    <rootfiles><rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles>\n\
    </container>\n";

fn cover(package: &Package, Cover { path, alt, size }: &Cover) -> String {
    let size = size.map_or_else(String::new, |(width, height)| format!(" width=\"{width}\" height=\"{height}\""));
    let body = format!(
        "<section epub:type=\"cover\" class=\"mlsys-cover\" aria-label=\"{}\"><h1><img src=\"{path}\" \
         alt=\"{}\"{size}/></h1></section>",
        escape(&package.words.cover),
        escape(alt)
    );
    page(package, "cover.xhtml", &package.words.cover, &body)
}

fn title_page(package: &Package) -> String {
    let facts = &package.metadata;
    let mut body = format!(
        "<section epub:type=\"titlepage\" class=\"mlsys-title-page\" aria-label=\"{}\">\n<h1>{}</h1>\n",
        escape(&package.words.title_page),
        escape(&facts.title)
    );
    let lines = [("subtitle", facts.subtitle.iter().collect::<Vec<_>>()), ("author", facts.authors.iter().collect())];
    let more = [("publisher", &facts.publisher), ("date", &facts.shown_date), ("rights", &facts.rights)];
    let more = more.into_iter().map(|(class, fact)| (class, fact.iter().collect::<Vec<_>>()));
    for (class, texts) in lines.into_iter().chain(more) {
        for text in texts {
            let _ = writeln!(body, "<p class=\"{class}\">{}</p>", escape(text));
        }
    }
    page(package, "title.xhtml", &facts.title, &(body + "</section>"))
}

/// The package document.
fn package_document(package: &Package) -> String {
    let language = escape(&package.metadata.language);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" \
         unique-identifier=\"identifier\" xml:lang=\"{language}\">\n"
    );
    let cover = package.cover.as_ref().map(|_| "cover-image");
    package.metadata.write(&mut out, access(package), cover);
    out.push_str("<manifest>\n");
    let mut item = |id: &str, path: &str, kind: &str, properties: &str| {
        let properties = if properties.is_empty() { String::new() } else { format!(" properties=\"{properties}\"") };
        let _ = writeln!(out, "<item id=\"{id}\" href=\"{path}\" media-type=\"{kind}\"{properties}/>");
    };
    const XHTML: &str = "application/xhtml+xml";
    item("nav", NAVIGATION, XHTML, "nav");
    item("ncx", "toc.ncx", "application/x-dtbncx+xml", "");
    for number in 0..=package.styles.len() {
        item(&format!("style-{number}"), &style_path(number), "text/css", "");
    }
    if package.cover.is_some() {
        item("cover", "cover.xhtml", XHTML, "");
    }
    if package.has_title_page {
        item("title-page", "title.xhtml", XHTML, "");
    }
    for (index, document) in package.documents.iter().enumerate() {
        let properties = [("mathml", document.body.has_mathml), ("svg", document.body.has_svg)];
        let properties: Vec<&str> =
            properties.iter().filter(|(_, is_there)| *is_there).map(|(name, _)| *name).collect();
        item(&format!("page-{}", index + 1), package.paths.document(index), XHTML, &properties.join(" "));
    }
    let used = used(package);
    let cover_path = package.cover.as_ref().map(|cover| cover.path.as_str());
    let mut images = 0;
    for (path, bytes) in package.resources.iter().filter(|(path, _)| used.contains(path.as_str())) {
        images += 1;
        let kind = sniffed_type(bytes).or_else(|| image_type(path)).unwrap_or("application/octet-stream");
        match cover_path == Some(path.as_str()) {
            true => item("cover-image", path, kind, "cover-image"),
            false => item(&format!("image-{images}"), path, kind, ""),
        }
    }
    out.push_str("</manifest>\n<spine toc=\"ncx\">\n");
    let mut reference = |id: &str, is_linear: bool| {
        let _ = writeln!(out, "<itemref idref=\"{id}\"{}/>", if is_linear { "" } else { " linear=\"no\"" });
    };
    if package.cover.is_some() {
        reference("cover", true);
    }
    if package.has_title_page {
        reference("title-page", true);
    }
    reference("nav", true);
    (1..=package.documents.len()).for_each(|number| reference(&format!("page-{number}"), true));
    out.push_str("</spine>\n");
    if package.cover.is_some() {
        out.push_str("<guide><reference type=\"cover\" title=\"");
        out.push_str(&escape(&package.words.cover));
        out.push_str("\" href=\"cover.xhtml\"/></guide>\n");
    }
    out.push_str("</package>\n");
    out
}

fn access(package: &Package) -> Access {
    let used = used(package);
    let bodies = || package.documents.iter().map(|document| &document.body);
    Access {
        has_images: !used.is_empty() || bodies().any(|body| body.has_svg),
        has_animation: package.resources.iter().any(|(path, bytes)| {
            used.contains(path.as_str()) && matches!(sniffed_type(bytes), Some("image/gif" | "image/webp"))
        }),
        has_math: bodies().any(|body| body.has_mathml),
        is_described: bodies().all(|body| body.is_described)
            && package.cover.as_ref().is_none_or(|cover| !cover.alt.is_empty()),
    }
}
