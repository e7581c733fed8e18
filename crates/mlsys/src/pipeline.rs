//! From a book as read to the files of its site. All threads of a build are here and in [`crate::write`].

use crate::address::PageAddress;
use crate::cache::Cache;
use crate::check::{self, BesideFiles, Severities};
use crate::citations::{self, Library};
use crate::diagrams::{PageDiagrams, diagrams};
use crate::external_links::{self, AskOptions, Asked};
use crate::frame::{Frame, chapter_number, frame, markdown};
use crate::kept::{Keys, Step};
use crate::listings::{PageListings, page_listings, preview_image};
use crate::math_fonts;
use crate::media::{PageMedia, add_copies, check_included, manifest, page_media, site_files};
use crate::memory::{Made, Memory, PerPage, Results, Since, points_to};
use crate::reading::{Book, PageInput};
use crate::search_files::{page_entry, search_files};
use crate::site_pages::{SitePages, site_pages};
use crate::whole_book::{add_print_page, add_worker};
use crate::write::{Content, Files};
use camino::{Utf8Path, Utf8PathBuf};
use mlsys_book::{Chapter, Checked, Code, Diagnostic, Index, Links, PageId, Refs, Span};
use mlsys_render::{Clock, Html, PageContext, PageEntry, SearchPage, search_page, site_search};
use mlsys_resolve::CitedFrom;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A built site.
#[derive(Default)]
pub struct Built {
    /// The files.
    pub files: Files,
    /// Everything that was found, unsorted.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that pages name, whether they are there or not; absolute.
    pub asked: BTreeSet<Utf8PathBuf>,
    /// Whether another try with the same files would come to the same. A program that did not end in time may do better.
    pub lasting: bool,
    /// What the steps have made on the way.
    results: Option<Box<Results>>,
}

impl Built {
    /// Leaves the site, and what the steps made on the way, to the end of the process, which gives all of it back at once.
    pub fn leave(self) {
        std::mem::forget((self.files, self.diagnostics, self.asked, self.results));
    }
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
    make(book, &Since::nothing(), |_| ()).0
}

/// Builds the site of a book. What earlier runs have kept in the cache of pages that are as they were is taken from there, and
/// what is new is kept. The result is the same as that of [`build`], byte for byte, findings included.
pub fn build_again(book: &Book, cache: &Cache) -> Built {
    let (built, results) = make(book, &Since::runs(book, cache), |_| ());
    Built { results: Some(Box::new(results)), ..built }
}

/// Builds the site of a book of which an earlier build may be known: what an edit did not touch is taken from there. The result
/// is the same as that of [`build`], byte for byte, findings included.
///
/// `early` gets the site as soon as its pages are there, while its search index is still that of the last build; where there is
/// no last build that could be gone on from, it is not called.
pub fn rebuild(book: Book, memory: &mut Memory, early: impl FnOnce(&Book, Built)) -> Built {
    let since = Since::new(&book, memory);
    let outside_moved = since.outside_moved;
    let (mut built, mut results) = make(&book, &since, |built| early(&book, built));
    if outside_moved && results.point_outside(&book) {
        // A tree that was kept holds metadata with the places of an earlier configuration, and a finding has named one.
        memory.clear();
        (built, results) = make(&book, &Since::nothing(), |_| ());
    }
    memory.keep(book, results);
    built
}

/// All steps of a build.
fn make(book: &Book, since: &Since<'_>, early: impl FnOnce(Built)) -> (Built, Results) {
    let mut found = book.diagnostics.clone();
    found.extend(check_included(book));
    let linked = linked_since(book, since, &mut found);
    let Linked { chapters, refs, links, keys, .. } = &linked;
    let drawn = diagrams(book, chapters, since.results().map(|last| &last.drawn), &mut found);
    let media = media(book, since, chapters, &drawn, &mut found);
    let keys = since.kept.bodies(book, keys, &media);
    let bodies = body(book, since, chapters, links, &media, &keys, &mut found);
    let mut frame = frame(book, chapters, refs, since, &mut found);
    if bodies.iter().flatten().any(|html| html.has_math) {
        frame.assets.math_style = Some(math_fonts::add(&mut frame.files));
    }
    let listings = listings(book, since, chapters, &bodies, &mut found);
    let contents = Contents { media: &media, bodies: &bodies, listings: &listings };
    let pages = page(book, since, &linked, &contents, &frame, &mut found);
    let titles = frame.chrome.titles();
    let own = site_pages(&SitePages { book, chapters, links, listings: &listings, titles });
    let site = own.diagnostics.clone();
    let mut own = own.take(&mut found);
    own.extend(drawn.iter().flat_map(PageDiagrams::files));
    let site_with = |index: &Files| {
        let mut found = found.clone();
        let mut files = files(book, &pages, &media, &own, index, &frame);
        found.extend(add_print_page(book, &frame, &mut files));
        add_worker(book, &mut files);
        let asked = media.iter().flatten().flat_map(PageMedia::asked).cloned().collect();
        let lasting = drawn.iter().all(PageDiagrams::is_lasting);
        Built { files, diagnostics: weighed(book, found), asked, lasting, results: None }
    };
    // Findings may name places that have moved with the configuration: `rebuild` looks at them when all is done.
    if let Some(last) = since.results().filter(|_| !since.outside_moved) {
        early(site_with(&last.index.files));
    }
    let searched = search(book, since, &linked, &bodies, &keys, &frame);
    let index = search_files(book, since, &linked, &bodies, &searched, &frame);
    let built = site_with(&index.files);
    let Linked { chapters, indexes, refs, library, links, keys: _ } = linked;
    (
        built,
        Results {
            chapters,
            indexes,
            refs,
            library,
            links,
            drawn,
            media,
            bodies,
            listings,
            frame,
            pages,
            site,
            searched,
            index,
        },
    )
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
    let since = &Since::nothing();
    let linked = linked_since(book, since, &mut found);
    let drawn = diagrams(book, &linked.chapters, None, &mut found);
    let media = media(book, since, &linked.chapters, &drawn, &mut found);
    let bodies = body(book, since, &linked.chapters, &linked.links, &media, &Keys::default(), &mut found);
    let frame = frame(book, &linked.chapters, &linked.refs, since, &mut found);
    let Linked { chapters, links, .. } = &linked;
    let listings = listings(book, since, chapters, &bodies, &mut found);
    if !book.overrides("templates/").is_empty() {
        let contents = Contents { media: &media, bodies: &bodies, listings: &listings };
        page(book, since, &linked, &contents, &frame, &mut found);
    }
    let titles = frame.chrome.titles();
    site_pages(&SitePages { book, chapters, links, listings: &listings, titles }).take(&mut found);
    let nothing_known = |_| false;
    let check = |id| Checked { value: (), diagnostics: check::page(book, id, &linked) };
    each_wanted(book, since, None, &mut found, nothing_known, check);
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
    // A language without a grammar is reported where the book first uses it.
    let mut languages = BTreeSet::new();
    let is_first = |d: &Diagnostic, languages: &mut BTreeSet<String>| {
        d.code != Code::UnknownLanguage || languages.insert(d.message.clone())
    };
    found.retain(|finding| is_wanted(book, finding) && is_first(finding, &mut languages));
    Severities::of(&book.project.meta, &mut found).apply(&mut found);
    found
}

/// Whether a finding concerns the wanted pages or what all pages share.
fn is_wanted(book: &Book, finding: &Diagnostic) -> bool {
    book.pages.iter().all(|page| page.wanted || page.source != finding.place.source)
}

/// A book's trees, its numbers, and what each page's text needs from the other pages.
pub struct Linked {
    /// The pages, in book order.
    pub chapters: PerPage<Chapter>,
    /// What the pages offer to references and ask of them.
    pub indexes: PerPage<Index>,
    /// The numbers.
    pub refs: Refs,
    /// What the pages cite from.
    pub library: Arc<Checked<Library>>,
    /// The links of each wanted page.
    pub links: PerPage<Option<Links>>,
    /// By what the links are kept between runs.
    pub(crate) keys: Keys,
}

/// Parses the pages, numbers the book and resolves every reference: all that comes before HTML.
pub fn linked(book: &Book, found: &mut Vec<Diagnostic>) -> Linked {
    linked_since(book, &Since::nothing(), found)
}

fn linked_since(book: &Book, since: &Since<'_>, found: &mut Vec<Diagnostic>) -> Linked {
    let texts = since.kept.texts(book);
    let chapters = parse(book, since, &texts, found);
    let indexes = index(book, since, &chapters);
    let refs = mlsys_resolve::number(&book.project, indexes.iter()).take(found);
    let library = library(book, since);
    found.extend(library.diagnostics.iter().cloned());
    let keys = since.kept.links(book, &texts, &refs);
    let links = link(book, since, (&chapters, &indexes, &refs), &library.value, &keys, found);
    Linked { chapters, indexes, refs, library, links, keys }
}

/// The trees of the pages alone.
pub fn chapters(book: &Book) -> PerPage<Chapter> {
    parse(book, &Since::nothing(), &Keys::default(), &mut Vec::new())
}

/// Parses every page.
fn parse(book: &Book, since: &Since<'_>, keys: &Keys, found: &mut Vec<Diagnostic>) -> PerPage<Chapter> {
    let last = since.results().map(|results| &results.chapters);
    each_page(
        book,
        since,
        last,
        found,
        |at| since.text(book, at),
        |id| {
            let page = &book.pages[id.0 as usize];
            since.kept.page(Step::Tree, keys, book, id, || {
                mlsys_parse::parse_with_quizzes(book.source(id), &book.page_scope(page), &page.quizzes)
                    .map(|chapter| mlsys_parse::mark_terms(chapter, &page.glossary))
            })
        },
    )
}

/// What each page offers to references and asks of them.
fn index(book: &Book, since: &Since<'_>, chapters: &PerPage<Chapter>) -> PerPage<Index> {
    let last = since.results().map(|results| &results.indexes);
    each_page(
        book,
        since,
        last,
        &mut Vec::new(),
        |at| chapters.is_same(at),
        |id| Checked::clean(mlsys_resolve::index(&chapters[id.0 as usize], id)),
    )
}

/// What the pages cite from.
fn library(book: &Book, since: &Since<'_>) -> Arc<Checked<Library>> {
    let same = (0..book.pages.len()).all(|page| since.citations(book, page));
    match since.results() {
        Some(last) if same => last.library.clone(),
        _ => Arc::new(citations::library(book, since.kept)),
    }
}

/// What each page's text needs from the others.
fn link(
    book: &Book,
    since: &Since<'_>,
    (chapters, indexes, refs): (&PerPage<Chapter>, &PerPage<Index>, &Refs),
    library: &Library,
    keys: &Keys,
    found: &mut Vec<Diagnostic>,
) -> PerPage<Option<Links>> {
    let last = since.results().map(|results| &results.links);
    let same_refs = since.results().is_some_and(|last| refs.same_but_places(&last.refs));
    let same_kind = since.book().is_some_and(|last| last.project.kind == book.project.kind);
    // The reference list of a book cites from the files of all pages, and all pages' citations lead to it.
    let lists_all = |at: usize| refs.references.is_some_and(|page| page.0 as usize == at);
    let same_works = |at| match refs.references {
        Some(_) => (0..book.pages.len()).all(|page| since.citations(book, page)),
        None => since.citations(book, at),
    };
    let joint =
        refs.references.map(|page| library.joint(&book.pages[page.0 as usize], &refs.cited, &book.project.meta));
    let same = |at| same_refs && same_kind && chapters.is_same(at) && same_works(at);
    each_wanted(book, since, last, found, same, |id| {
        let at = id.0 as usize;
        since.kept.page(Step::Links, keys, book, id, || {
            let bibliography = match lists_all(at) {
                true => library.of_all_pages(),
                false => library.bibliography(&book.pages[at], &chapters[at].meta),
            };
            let style = library.style(&book.pages[at]);
            let joint = joint.as_ref().filter(|(of_list, _)| std::ptr::eq(*of_list, style)).map(|(_, joint)| joint);
            let cited = CitedFrom { bibliography: &bibliography, style, joint };
            mlsys_resolve::link(&chapters[at], &indexes[at], refs, &book.project, cited)
        })
    })
}

/// The files that each page uses, and its drawn diagrams.
fn media(
    book: &Book,
    since: &Since<'_>,
    chapters: &PerPage<Chapter>,
    drawn: &PerPage<PageDiagrams>,
    found: &mut Vec<Diagnostic>,
) -> PerPage<Option<PageMedia>> {
    let last = since.results().map(|results| &results.media);
    let same = |at: usize| {
        // Findings about missing files name similar ones, whichever they are.
        let before = last.map(|last| &last.made[at].result);
        before.is_some_and(|before| {
            chapters.is_same(at)
                && drawn.is_same(at)
                && (since.files || before.diagnostics.is_empty())
                && before.value.as_ref().is_none_or(PageMedia::is_current)
        })
    };
    each_wanted(book, since, last, found, same, |id| {
        let mut media = page_media(book, id, &chapters[id.0 as usize]);
        media.value.media.diagrams = drawn[id.0 as usize].diagrams.clone();
        media
    })
}

/// The text of each page as HTML.
fn body(
    book: &Book,
    since: &Since<'_>,
    chapters: &PerPage<Chapter>,
    links: &PerPage<Option<Links>>,
    media: &PerPage<Option<PageMedia>>,
    keys: &Keys,
    found: &mut Vec<Diagnostic>,
) -> PerPage<Option<Html>> {
    let last = since.results().map(|results| &results.bodies);
    let same_addresses =
        since.folders && since.book().is_some_and(|last| last.project.site.path == book.project.site.path);
    let same = |at| same_addresses && chapters.is_same(at) && links.is_same(at) && media.is_same(at);
    each_page(book, since, last, found, same, |id| {
        let at = id.0 as usize;
        match (&links[at], &media[at]) {
            (Some(links), Some(media)) => {
                let address = PageAddress::new(book, id);
                let make = || mlsys_render::body(&chapters[at], links, &media.media, &address);
                since.kept.page(Step::Body, keys, book, id, make).map(Some)
            }
            _ => Checked::clean(None),
        }
    })
}

/// What the listings of each page say about other pages. They depend on any of them, so they are always made.
fn listings(
    book: &Book,
    since: &Since<'_>,
    chapters: &PerPage<Chapter>,
    bodies: &PerPage<Option<Html>>,
    found: &mut Vec<Diagnostic>,
) -> PerPage<Option<PageListings>> {
    let last = since.results().map(|results| &results.listings);
    let make = |id: PageId| match book.pages[id.0 as usize].wanted {
        true => page_listings(book, chapters, bodies, id),
        false => Checked::clean(None),
    };
    each_page(book, since, last, found, |_| false, make)
}

/// What each page holds within the site's frame.
struct Contents<'a> {
    media: &'a PerPage<Option<PageMedia>>,
    bodies: &'a PerPage<Option<Html>>,
    listings: &'a PerPage<Option<PageListings>>,
}

/// Each page with the site around it.
fn page(
    book: &Book,
    since: &Since<'_>,
    linked: &Linked,
    Contents { media, bodies, listings }: &Contents<'_>,
    frame: &Frame,
    found: &mut Vec<Diagnostic>,
) -> PerPage<Option<Arc<[u8]>>> {
    let Linked { chapters, refs, .. } = linked;
    let last = since.results().map(|results| &results.pages);
    let same_frame = since.project && since.scope && since.results().is_some_and(|last| frame.is_same(&last.frame));
    let number = |id: PageId| chapter_number(&book.project, refs, id, &chapters[id.0 as usize]);
    let same = |at: usize| {
        same_frame
            && since.surroundings(book, at)
            && chapters.is_same(at)
            && bodies.is_same(at)
            && media.is_same(at)
            && since.files
            && listings.is_same(at)
            && same_number(book, since, linked, at)
    };
    each_page(book, since, last, found, same, |id| {
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
        let preview = preview_image(chapter);
        let context = PageContext {
            project: &book.project,
            chrome: &frame.chrome,
            page: id,
            meta: &chapter.meta,
            number: number(id),
            html,
            markdown: &|text| markdown(book, &book.project.pages[at].input, text),
            file: &|path| input.included.get(path).cloned(),
            listing_categories: listings.map_or("", |l| &l.categories),
            listings_after: listings.map_or("", |l| &l.rest),
            feeds: &feeds,
            preview: preview.as_deref(),
            picture_size: media[at].as_ref().and_then(|media| media.picture),
            manifest: manifest(&book.files),
            assets: &frame.assets_of(&chapter.meta),
            clock: Clock { today: book.today, modified: input.modified },
        };
        match mlsys_render::page(&frame.design.templates, &context) {
            Ok(page) => Checked::clean(Some(page.into_bytes().into())),
            Err(message) => {
                let place = book.source(id).place(Span::new(0, 0));
                Checked { value: None, diagnostics: vec![Diagnostic::new(Code::InvalidTemplate, place, message)] }
            }
        }
    })
}

/// Whether the number of the chapter that a page is, as the book shows it, is that of the last build.
fn same_number(book: &Book, since: &Since<'_>, linked: &Linked, at: usize) -> bool {
    let id = PageId(at as u32);
    let number = chapter_number(&book.project, &linked.refs, id, &linked.chapters[at]);
    let last = since.results();
    last.is_some_and(|last| number == chapter_number(&book.project, &last.refs, id, &last.chapters[at]))
}

/// What each page gives to the site's search, and what the site says of it there.
fn search(
    book: &Book,
    since: &Since<'_>,
    linked: &Linked,
    bodies: &PerPage<Option<Html>>,
    keys: &Keys,
    frame: &Frame,
) -> PerPage<Option<(PageEntry, SearchPage)>> {
    let is_shown = site_search(&book.project).is_some();
    let last = since.results().map(|results| &results.searched);
    let entry = |at: usize| {
        let html = bodies[at].as_ref().filter(|_| is_shown)?;
        page_entry(book, linked, frame, PageId(at as u32), html)
    };
    let same = |at: usize| {
        bodies.is_same(at) && last.is_some_and(|last| entry(at).as_ref() == last[at].as_ref().map(|(entry, _)| entry))
    };
    let keys = since.kept.searched(keys, entry);
    each_page(book, since, last, &mut Vec::new(), same, |id| {
        let at = id.0 as usize;
        let Some((html, entry)) = bodies[at].as_ref().zip(entry(at)) else { return Checked::clean(None) };
        let page = since.kept.page(Step::Search, &keys, book, id, || Checked::clean(search_page(html, &entry)));
        page.map(|page| Some((entry, page)))
    })
}

/// The site: pages, copies of what they use, and the site's own files.
fn files(
    book: &Book,
    pages: &PerPage<Option<Arc<[u8]>>>,
    media: &PerPage<Option<PageMedia>>,
    own: &Files,
    index: &Files,
    frame: &Frame,
) -> Files {
    let mut files = frame.files.clone();
    files.extend(own.iter().chain(index).map(|(path, content)| (path.clone(), content.clone())));
    for (page, html) in book.project.pages.iter().zip(pages.iter()) {
        if let Some(html) = html {
            files.insert(page.output.clone(), Content::Bytes(html.clone()));
        }
    }
    add_copies(book, media.iter().flatten().flat_map(|m| &m.files), &mut files);
    add_copies(book, &site_files(book), &mut files);
    files
}

/// Does something for every page, in parallel; results and findings come in book order. `same` says for which pages everything
/// that goes in is as it was in the last build, so that its result can be taken; results with findings elsewhere than on the page
/// are taken only when no source has changed, because their places may have moved.
fn each_page<T: PartialEq + Send + Sync>(
    book: &Book,
    since: &Since<'_>,
    last: Option<&PerPage<T>>,
    found: &mut Vec<Diagnostic>,
    same: impl Fn(usize) -> bool + Sync,
    make: impl Fn(PageId) -> Checked<T> + Sync,
) -> PerPage<T> {
    let one = |(at, page): (usize, &PageInput)| {
        let last = last.and_then(|last| last.made.get(at)).map(|made| &made.result);
        let elsewhere = |result: &Checked<T>| {
            result.diagnostics.iter().any(|finding| points_to(finding, |source| source != page.source))
        };
        match last.filter(|result| same(at) && (since.sources || !elsewhere(result))) {
            Some(result) => Made { result: result.clone(), same: true },
            None => {
                let result = make(PageId(at as u32));
                let same = last.is_some_and(|last| last.value == result.value);
                Made { result: Arc::new(result), same }
            }
        }
    };
    let pages = PerPage { made: book.pages.par_iter().enumerate().map(one).collect() };
    found.extend(pages.findings().cloned());
    pages
}

/// Does something for every page that is to be written.
fn each_wanted<T: PartialEq + Send + Sync>(
    book: &Book,
    since: &Since<'_>,
    last: Option<&PerPage<Option<T>>>,
    found: &mut Vec<Diagnostic>,
    same: impl Fn(usize) -> bool + Sync,
    make: impl Fn(PageId) -> Checked<T> + Sync,
) -> PerPage<Option<T>> {
    each_page(book, since, last, found, same, |id| match book.pages[id.0 as usize].wanted {
        true => make(id).map(Some),
        false => Checked::clean(None),
    })
}

/// Does something for every item, in parallel; results come in the items' order. For work that waits for other programs.
pub(crate) fn in_parallel<T: Send, R: Send>(items: Vec<T>, f: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    items.into_par_iter().with_max_len(1).map(f).collect()
}
