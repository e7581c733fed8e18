//! The book as an EPUB: the pipeline of the site up to the bodies of its pages, then the package.

use super::inputs::SiteIdentities;
use super::linked::{Linked, link_book};
use super::steps::{Medium, body, listings, media};
use super::{Built, with_severities};
use crate::epub::contents::{Pages, Part, reading_order};
use crate::epub::lost::lost;
use crate::epub::metadata::{cover, file_name, has_title_page, metadata};
use crate::epub::resources::{ImageFile, box_colors, images, styles};
use crate::files::{Content, Files};
use crate::leaves::diagrams::{PageDiagrams, diagrams};
use crate::leaves::images::size::image_size;
use crate::memo::per_page::PerSelectedPage;
use crate::memo::store::Store;
use crate::memo::{Lifetime, Memo};
use crate::options::BuildOptions;
use crate::parallel::in_parallel;
use crate::project::Book;
use crate::site::config_markdown::markdown;
use crate::site::listings::PageListings;
use crate::site::media::PageMedia;
use crate::site::resources::add_copies;
use crate::site::shell::chapter_number;
use mlsys_book::{BookRole, Code, Diagnostic, PageId, Place, Words, key};
use mlsys_epub::{Cover, Document, Package, Paths, ZipEntry, archive, xhtml};
use mlsys_render::Html;
use std::sync::Arc;

/// The files of a package: path and content.
type PackageFiles = Vec<(String, Arc<[u8]>)>;

/// Builds the EPUB of a book: one file, named after its title.
pub fn build_epub(book: &Book, options: &BuildOptions, store: &Store) -> Built {
    let (package, mut built) = run(book, options, store);
    match zipped(package) {
        Some(bytes) => {
            built.files.insert(file_name(book), Content::Bytes(bytes));
        }
        None => {
            let message = "the EPUB is larger than 4 GB, which its format does not allow";
            built.diagnostics.push(Diagnostic::new(Code::UnreadableFile, Place::project(), message));
        }
    }
    built
}

/// The files of a book's EPUB, in the order of the archive, and the diagnostics.
pub fn package_files(book: &Book, options: &BuildOptions) -> (PackageFiles, Vec<Diagnostic>) {
    let (files, built) = run(book, options, &Store::new(None));
    (files, built.diagnostics)
}

/// The archive of a package; `None` if it is too large for its format.
fn zipped(files: PackageFiles) -> Option<Arc<[u8]>> {
    let entries = in_parallel(files, |(path, bytes)| ZipEntry::new(&path, &bytes));
    Some(archive(&entries.into_iter().collect::<Option<Vec<ZipEntry>>>()?)?.into())
}

/// The pipeline: the files of the package, and a build without files.
fn run(book: &Book, options: &BuildOptions, store: &Store) -> (PackageFiles, Built) {
    let mut memo = Memo::stored(book, store, Lifetime::Build);
    let mut diagnostics = book.diagnostics.clone();
    let linked = link_book(book, &memo, None, &mut diagnostics);
    let diagrams = diagrams(book, &options.diagrams, &linked.chapters, None, &mut diagnostics);
    let media = media(book, options, &memo, &linked, &diagrams, None);
    diagnostics.extend(media.diagnostics().cloned());
    let site = SiteIdentities::new(book, &memo, None);
    let bodies = body(book, &memo, (&linked, Medium::Epub), &media, &site, None);
    diagnostics.extend(bodies.diagnostics().cloned());
    let listings = listings(book, &memo, &linked, &bodies, None);
    diagnostics.extend(listings.diagnostics().cloned());
    let wanted = book.page_ids().filter(|id| book.pages[*id].is_selected).collect();
    let losses = in_parallel(wanted, |id| lost(book, id, &linked.chapters[id]));
    diagnostics.extend(losses.into_iter().flatten());

    let mut own: Files = diagrams.iter().flat_map(PageDiagrams::files).collect();
    add_copies(book, media.values().flat_map(|media| &media.files), &mut own);
    let cover = cover(book).filter(|(file, _)| book.vfs.is_file(file));
    add_copies(book, cover.iter().map(|(file, _)| file), &mut own);
    let package = package(book, (&linked, &bodies, &listings), images(book, &own, store), cover);
    let package = mlsys_epub::files(&package);
    super::outputs::store_epub_pages(&mut memo, &linked, &bodies);
    let named_files = media.values().flat_map(PageMedia::paths).cloned().collect();
    let is_reproducible = diagrams.iter().all(PageDiagrams::is_reproducible);
    let diagnostics = with_severities(book, diagnostics);
    (package, Built { diagnostics, named_files, is_reproducible, ..Built::default() })
}

/// The package.
fn package(
    book: &Book,
    (linked, bodies, listings): (&Linked, &PerSelectedPage<Html>, &PerSelectedPage<Option<PageListings>>),
    images: Vec<ImageFile>,
    cover: Option<(String, String)>,
) -> Package {
    let pages = Pages { book, chapters: &linked.chapters, refs: &linked.refs, links: &linked.links };
    let parts = reading_order(book);
    let sites: Vec<String> = (0..).zip(&parts).map(|(at, part)| site_path(book, part, at)).collect();
    let files = images.iter().map(|image| (image.site.as_str(), image.package.as_str()));
    let site_url = book.project.site.url.as_deref();
    let paths = Paths::new(sites.iter().map(String::as_str), files, site_url);
    let documents = in_parallel(parts.iter().zip(&sites).enumerate().collect(), |(at, (part, site))| match part {
        Part::Title(title) => {
            let html = format!("<h1 class=\"part\">{}</h1>", mlsys_render::escaped(title));
            Document { title: title.clone(), body: xhtml(&html, &paths, site, at), kind: Some("part") }
        }
        Part::Page(id) => {
            let of_page = listings.get(*id).and_then(Option::as_ref);
            let html = bodies.get(*id).map(|html| page_html(book, linked, *id, html, of_page)).unwrap_or_default();
            let kind = kind(book, *id);
            Document { title: pages.title(*id), body: xhtml(&html, &paths, site, at), kind }
        }
    });
    let contents = pages.contents(&parts, &|id| bodies.get(id).map_or(&[][..], |html| &html.toc));
    let is_chapter = |part: &Part| match part {
        Part::Title(_) => false,
        Part::Page(id) => book.project.pages[*id].role == Some(BookRole::Chapter),
    };
    let metadata = metadata(book);
    let words = words(book, &metadata.title);
    let cover = cover.and_then(|(file, alt)| {
        Some(Cover { path: paths.resource(&file)?.to_owned(), alt, size: image_size(&book.vfs, &file) })
    });
    let resources = images.into_iter().filter_map(|image| Some((paths.resource(&image.site)?.to_owned(), image.bytes)));
    Package {
        metadata,
        documents,
        contents,
        words,
        styles: Some(box_colors(book)).filter(|colors| !colors.is_empty()).into_iter().chain(styles(book)).collect(),
        resources: resources.collect(),
        cover,
        has_title_page: has_title_page(book),
        start: parts.iter().position(is_chapter).unwrap_or(0),
        paths,
    }
}

/// The path on the site of a document.
fn site_path(book: &Book, part: &Part, at: usize) -> String {
    match part {
        Part::Page(id) => book.project.pages[*id].output.clone(),
        Part::Title(_) => format!("part-{}.html", at + 1),
    }
}

/// What a page is in a book.
fn kind(book: &Book, id: PageId) -> Option<&'static str> {
    match book.project.pages[id].role {
        Some(BookRole::Chapter) => Some("chapter"),
        Some(BookRole::Part) => Some("part"),
        Some(BookRole::Appendix) => Some("appendix"),
        Some(BookRole::References) => Some("bibliography"),
        Some(BookRole::Home) | None => None,
    }
}

/// The words that the package shows, in the book's language.
fn words(book: &Book, title: &str) -> mlsys_epub::Words {
    let meta = &book.project.meta;
    let words = Words::new(meta);
    let contents = meta.read(key!("toc-title")).unwrap_or_else(|| words.get("toc-title-document"));
    let references = words.get("section-title-references");
    let title = title.to_owned();
    mlsys_epub::Words { contents, cover: title.clone(), title_page: title.clone(), start: title, references }
}

/// A page: its title, then its body with its listings.
fn page_html(book: &Book, linked: &Linked, id: PageId, html: &Html, listings: Option<&PageListings>) -> String {
    let chapter = &linked.chapters[id];
    let number = chapter_number(&book.project, &linked.refs, id, chapter);
    let is_home = book.project.pages[id].role == Some(BookRole::Home);
    let own = html.title.clone().or_else(|| is_home.then(|| mlsys_render::escaped(&book.project.site.title)));
    let mut out = String::with_capacity(html.content.len() + 256);
    if let Some(title) = own {
        let number = number.filter(|_| html.title.is_some());
        let number =
            number.map_or_else(String::new, |number| format!("<span class=\"chapter-number\">{number}</span> "));
        let id =
            html.title_id.as_deref().map_or_else(String::new, |id| format!(" id=\"{}\"", mlsys_render::escaped(id)));
        out.push_str(&format!("<h1{id} class=\"title\">{number}{title}</h1>\n"));
    }
    if let Some(subtitle) = &html.subtitle {
        out.push_str(&format!("<p class=\"subtitle\">{subtitle}</p>\n"));
    }
    let of_book = || is_home.then(|| book_abstract(book)).filter(|html| !html.is_empty());
    if let Some(summary) = html.summary.clone().or_else(of_book) {
        out.push_str(&format!("<div class=\"abstract\">{summary}</div>\n"));
    }
    match listings {
        Some(listings) => {
            out.push_str(&listings.placed_in(html));
            out.push_str(&listings.rest);
        }
        None => out.push_str(&html.content),
    }
    out
}

/// The abstract in the configuration of a book, for its first page: the paragraphs, without the lines that are only markup of blocks.
fn book_abstract(book: &Book) -> String {
    let raw = book.project.site.raw.as_ref();
    let text: String = raw.and_then(|raw| raw.read(key!("book", "abstract"))).unwrap_or_default();
    let is_markup = |part: &str| part.contains(":::") || ["---", "<"].iter().any(|mark| part.starts_with(mark));
    let is_text = |part: &&str| !part.is_empty() && !is_markup(part);
    let paragraphs = text.split("\n\n").map(str::trim).filter(is_text);
    let html = paragraphs.map(|part| mlsys_render::linked_inlines_html(&markdown(book, "", part)));
    html.map(|html| format!("<p>{html}</p>\n")).collect()
}
