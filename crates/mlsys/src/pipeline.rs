//! From a book as read to the files of its site. All threads of a build are here and in [`crate::write`].

use crate::address::PageAddress;
use crate::media::{PageMedia, add_copies, page_media, site_files};
use crate::reading::Book;
use crate::write::{Content, Files};
use mlsys_book::{Bibliography, Chapter, Checked, Diagnostic, Index, Links, PageId, Refs};
use mlsys_render::Html;
use mlsys_resolve::csl::Style;
use rayon::prelude::*;

/// A built site.
#[derive(Debug, Default)]
pub struct Built {
    /// The files.
    pub files: Files,
    /// Everything that was found, unsorted.
    pub diagnostics: Vec<Diagnostic>,
}

/// Builds the site of a book.
///
/// Every page is parsed and indexed, because numbers and links need all of them; only the wanted pages are rendered.
pub fn build(book: &Book) -> Built {
    let mut found = book.diagnostics.clone();
    let chapters = parse(book, &mut found);
    let indexes = index(book, &chapters);
    let refs = mlsys_resolve::number(&book.project, &indexes).take(&mut found);
    let links = link(book, &chapters, &indexes, &refs, &mut found);
    let media = media(book, &chapters, &mut found);
    let bodies = body(book, &chapters, &links, &media, &mut found);
    let pages = page(book, &chapters, &bodies);
    Built { files: files(book, pages, media), diagnostics: found }
}

/// Parses every page.
fn parse(book: &Book, found: &mut Vec<Diagnostic>) -> Vec<Chapter> {
    each_page(book, found, |_, page| {
        let source = &book.sources[page.source.0 as usize];
        mlsys_parse::parse_with_quizzes(source, &book.page_scope(page), &page.quizzes)
    })
}

/// What each page offers to references and asks of them.
fn index(book: &Book, chapters: &[Chapter]) -> Vec<Index> {
    each_page(book, &mut Vec::new(), |id, _| Checked::clean(mlsys_resolve::index(&chapters[id.0 as usize], id)))
}

/// What each page's text needs from the others.
fn link(
    book: &Book,
    chapters: &[Chapter],
    indexes: &[Index],
    refs: &Refs,
    found: &mut Vec<Diagnostic>,
) -> Vec<Option<Links>> {
    let (bibliography, style) = (Bibliography::default(), Style::default());
    each_wanted(book, found, |id| {
        let (chapter, index) = (&chapters[id.0 as usize], &indexes[id.0 as usize]);
        mlsys_resolve::link(chapter, index, refs, &book.project, &bibliography, &style)
    })
}

/// The files that each page uses.
fn media(book: &Book, chapters: &[Chapter], found: &mut Vec<Diagnostic>) -> Vec<Option<PageMedia>> {
    each_wanted(book, found, |id| page_media(book, id, &chapters[id.0 as usize]))
}

/// The text of each page as HTML.
fn body(
    book: &Book,
    chapters: &[Chapter],
    links: &[Option<Links>],
    media: &[Option<PageMedia>],
    found: &mut Vec<Diagnostic>,
) -> Vec<Option<Html>> {
    let bodies = each_wanted(book, found, |id| {
        let at = id.0 as usize;
        match (&links[at], &media[at]) {
            (Some(links), Some(media)) => {
                let address = PageAddress::new(&book.project, id);
                mlsys_render::body(&chapters[at], links, &media.media, &address).map(Some)
            }
            _ => Checked::clean(None),
        }
    });
    bodies.into_iter().map(Option::flatten).collect()
}

/// Each page with the site around it.
fn page(book: &Book, _chapters: &[Chapter], bodies: &[Option<Html>]) -> Vec<Option<String>> {
    each_wanted(book, &mut Vec::new(), |id| {
        let html = bodies[id.0 as usize].clone().unwrap_or_default();
        let title = html.title.map(|t| format!("<h1 class=\"title\">{t}</h1>")).unwrap_or_default();
        Checked::clean(format!(
            "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>x</title></head><body>\n\
             <main class=\"content\" id=\"quarto-document-content\">\n{title}{}\n</main></body></html>\n",
            html.content
        ))
    })
}

/// The site: pages, and copies of what they use.
fn files(book: &Book, pages: Vec<Option<String>>, media: Vec<Option<PageMedia>>) -> Files {
    let mut files = Files::new();
    for (page, html) in book.project.pages.iter().zip(pages) {
        if let Some(html) = html {
            files.insert(page.output.clone(), Content::Bytes(html.into_bytes()));
        }
    }
    add_copies(book, media.into_iter().flatten().flat_map(|m| m.files), &mut files);
    add_copies(book, site_files(book), &mut files);
    files
}

/// Does something for every page, in parallel; results and findings come in book order.
fn each_page<T: Send>(
    book: &Book,
    found: &mut Vec<Diagnostic>,
    f: impl Fn(PageId, &crate::reading::PageInput) -> Checked<T> + Sync,
) -> Vec<T> {
    let results: Vec<Checked<T>> =
        book.pages.par_iter().enumerate().map(|(i, page)| f(PageId(i as u32), page)).collect();
    results.into_iter().map(|checked| checked.take(found)).collect()
}

/// Does something for every page that is to be written.
fn each_wanted<T: Send>(
    book: &Book,
    found: &mut Vec<Diagnostic>,
    f: impl Fn(PageId) -> Checked<T> + Sync,
) -> Vec<Option<T>> {
    each_page(book, found, |id, page| match page.wanted {
        true => f(id).map(Some),
        false => Checked::clean(None),
    })
}
