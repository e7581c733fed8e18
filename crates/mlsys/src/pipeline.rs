//! From a book as read to the files of its site. All threads of a build are here and in [`crate::write`].

use crate::address::PageAddress;
use crate::check::{self, BesideFiles, Severities};
use crate::citations::{Library, library};
use crate::external_links::{self, AskOptions, Asked};
use crate::frame::{Frame, chapter_number, frame, markdown};
use crate::listings::{PageListings, page_listings};
use crate::math_fonts;
use crate::media::{PageMedia, add_copies, check_included, page_media, site_files};
use crate::reading::Book;
use crate::site_pages::{SitePages, site_pages};
use crate::write::{Content, Files};
use camino::Utf8Path;
use mlsys_book::{Chapter, Checked, Code, Diagnostic, Index, Links, PageId, Refs, Span};
use mlsys_render::{Clock, Html, PageContext};
use rayon::prelude::*;

/// A built site.
#[derive(Debug, Default)]
pub struct Built {
    /// The files.
    pub files: Files,
    /// Everything that was found, unsorted.
    pub diagnostics: Vec<Diagnostic>,
}

/// Uses at most so many threads for every build of this process; at least one.
///
/// # Errors
/// A message when threads have been started before.
pub fn limit_threads(count: usize) -> Result<(), String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(count.max(1));
    pool.build_global().map_err(|error| format!("--jobs {count}: {error}"))
}

/// Builds the site of a book.
///
/// Every page is parsed and indexed, because numbers and links need all of them; only the wanted pages are rendered.
pub fn build(book: &Book) -> Built {
    let mut found = book.diagnostics.clone();
    found.extend(check_included(book));
    let Linked { chapters, refs, links, .. } = linked(book, &mut found);
    let media = media(book, &chapters, &mut found);
    let bodies = body(book, &chapters, &links, &media, &mut found);
    let mut frame = frame(book, &chapters, &refs, &mut found);
    if bodies.iter().flatten().any(|html| html.has_math) {
        frame.assets.math_style = Some(math_fonts::add(&mut frame.files));
    }
    let listings = listings(book, &chapters, &bodies, &mut found);
    let pages = page(book, &chapters, &refs, &bodies, &listings, &frame, &mut found);
    let titles = frame.chrome.titles();
    let site = SitePages { book, chapters: &chapters, links: &links, listings: &listings, titles };
    let own = site_pages(&site).take(&mut found);
    Built { files: files(book, pages, media, own, frame), diagnostics: weighed(book, found) }
}

/// Finds all that there is to say about a book: what a build finds, and what only a check looks for. Pages are put together
/// only where the project has templates of its own, which may fail.
///
/// Adds to the book's sources the files that no build reads.
pub fn check(book: &mut Book) -> Vec<Diagnostic> {
    let beside = BesideFiles::read(book);
    let book = &*book;
    let mut found = book.diagnostics.clone();
    found.extend(check_included(book));
    let linked = linked(book, &mut found);
    let media = media(book, &linked.chapters, &mut found);
    let bodies = body(book, &linked.chapters, &linked.links, &media, &mut found);
    let frame = frame(book, &linked.chapters, &linked.refs, &mut found);
    let Linked { chapters, refs, links, .. } = &linked;
    let listings = listings(book, chapters, &bodies, &mut found);
    if !book.overrides("templates/").is_empty() {
        page(book, chapters, refs, &bodies, &listings, &frame, &mut found);
    }
    let titles = frame.chrome.titles();
    site_pages(&SitePages { book, chapters, links, listings: &listings, titles }).take(&mut found);
    each_wanted(book, &mut found, |id| Checked { value: (), diagnostics: check::page(book, id, &linked) });
    found.extend(check::book(book, &linked, &beside));
    weighed(book, found)
}

/// Asks for the addresses on other hosts that the wanted pages link to.
pub fn external_links(book: &Book, options: &AskOptions, cache: &Utf8Path) -> Asked {
    let mut asked = external_links::check(book, &chapters(book), options, cache);
    asked.diagnostics = weighed(book, asked.diagnostics);
    asked
}

/// The findings about what was asked for, as severe as the project says.
fn weighed(book: &Book, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.retain(|finding| is_wanted(book, finding));
    Severities::of(&book.project.meta, &mut found).apply(&mut found);
    found
}

/// Whether a finding concerns the wanted pages or what all pages share.
fn is_wanted(book: &Book, finding: &Diagnostic) -> bool {
    book.pages.iter().all(|page| page.wanted || page.source != finding.place.source)
}

/// A book's trees, its numbers, and what each page's text needs from the other pages.
#[derive(Debug)]
pub struct Linked {
    /// The pages, in book order.
    pub chapters: Vec<Chapter>,
    /// What each page offers to references and asks of them.
    pub indexes: Vec<Index>,
    /// The numbers.
    pub refs: Refs,
    /// The works and styles that the pages cite with.
    pub library: Library,
    /// The links of each wanted page.
    pub links: Vec<Option<Links>>,
}

/// Parses the pages, numbers the book and resolves every reference: all that comes before HTML.
pub fn linked(book: &Book, found: &mut Vec<Diagnostic>) -> Linked {
    let chapters = parse(book, found);
    let indexes = index(book, &chapters);
    let refs = mlsys_resolve::number(&book.project, &indexes).take(found);
    let library = library(book, found);
    let links = link(book, &chapters, &indexes, &refs, &library, found);
    Linked { chapters, indexes, refs, library, links }
}

/// The trees of the pages alone.
pub fn chapters(book: &Book) -> Vec<Chapter> {
    parse(book, &mut Vec::new())
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
    library: &Library,
    found: &mut Vec<Diagnostic>,
) -> Vec<Option<Links>> {
    each_wanted(book, found, |id| {
        let at = id.0 as usize;
        let bibliography = library.bibliography(&book.pages[at], &chapters[at].meta);
        let style = library.style(&book.pages[at]);
        mlsys_resolve::link(&chapters[at], &indexes[at], refs, &book.project, &bibliography, style)
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
                let address = PageAddress::new(book, id);
                mlsys_render::body(&chapters[at], links, &media.media, &address).map(Some)
            }
            _ => Checked::clean(None),
        }
    });
    bodies.into_iter().map(Option::flatten).collect()
}

/// What the listings of each page say about other pages.
fn listings(
    book: &Book,
    chapters: &[Chapter],
    bodies: &[Option<Html>],
    found: &mut Vec<Diagnostic>,
) -> Vec<Option<PageListings>> {
    let listings = each_wanted(book, found, |id| page_listings(book, chapters, bodies, id));
    listings.into_iter().map(Option::flatten).collect()
}

/// Each page with the site around it.
fn page(
    book: &Book,
    chapters: &[Chapter],
    refs: &Refs,
    bodies: &[Option<Html>],
    listings: &[Option<PageListings>],
    frame: &Frame,
    found: &mut Vec<Diagnostic>,
) -> Vec<Option<String>> {
    let pages = each_wanted(book, found, |id| {
        let at = id.0 as usize;
        let (chapter, input) = (&chapters[at], &book.pages[at]);
        let Some(html) = &bodies[at] else { return Checked::clean(None) };
        let listings = listings[at].as_ref();
        let feeds: Vec<(String, String)> = listings.map_or_else(Vec::new, |l| {
            let address = |path: &str| crate::address::relative(&book.project.pages[at].output, path);
            l.feeds.iter().map(|(path, title, _)| (address(path), title.clone())).collect()
        });
        let placed = listings.filter(|l| !l.placed.is_empty());
        let placed = placed.map(|l| Html { content: l.placed_in(&html.content), ..html.clone() });
        let html = placed.as_ref().unwrap_or(html);
        let context = PageContext {
            project: &book.project,
            chrome: &frame.chrome,
            page: id,
            meta: &chapter.meta,
            number: chapter_number(&book.project, refs, id, chapter),
            html,
            markdown: &|text| markdown(book, &book.project.pages[at].input, text),
            file: &|path| input.included.get(path).cloned(),
            listing_categories: listings.map_or("", |l| &l.categories),
            listings_after: listings.map_or("", |l| &l.rest),
            feeds: &feeds,
            assets: &frame.assets,
            clock: Clock { today: book.today, modified: input.modified },
        };
        match mlsys_render::page(&frame.templates, &context) {
            Ok(page) => Checked::clean(Some(page)),
            Err(message) => {
                let place = book.source(id).place(Span::new(0, 0));
                Checked { value: None, diagnostics: vec![Diagnostic::new(Code::InvalidTemplate, place, message)] }
            }
        }
    });
    pages.into_iter().map(Option::flatten).collect()
}

/// The site: pages, copies of what they use, and the site's own files.
fn files(book: &Book, pages: Vec<Option<String>>, media: Vec<Option<PageMedia>>, own: Files, frame: Frame) -> Files {
    let mut files = frame.files;
    files.extend(own);
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
