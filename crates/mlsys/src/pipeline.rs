//! From a book as read to the files of its site.

use crate::cache::Cache;
use crate::check::{self, BesideFiles, Severities};
use crate::citations::Library;
use crate::diagrams::{PageDiagrams, diagrams};
use crate::each_page::{both, each_wanted};
use crate::external_links::{self, AskOptions, Asked};
use crate::frame::frame;
use crate::included_files::missing_included;
use crate::kept::Keys;
use crate::math_fonts;
use crate::media::PageMedia;
use crate::memory::{Memory, PerPage, Results, Since};
use crate::reading::Book;
use crate::search_files::search_files;
use crate::site_pages::{SitePages, site_pages};
use crate::steps::{Contents, body, files, index, library, link, listings, media, page, parse, search};
use crate::whole_book::{add_print_page, add_worker};
use crate::write::Files;
use camino::{Utf8Path, Utf8PathBuf};
use mlsys_book::{Chapter, Checked, Code, Diagnostic, Index, Links, Media, Refs};
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
        (built, results) = make(&book, &Since::new(&book, memory), |_| ());
    }
    memory.keep(book, results);
    built
}

/// All steps of a build.
fn make(book: &Book, since: &Since<'_>, early: impl FnOnce(Built)) -> (Built, Results) {
    let mut found = book.diagnostics.clone();
    let missing = missing_included(book, &mut found);
    let linked = linked_since(book, since, &mut found);
    let Linked { chapters, refs, links, keys, .. } = &linked;
    let drawn = diagrams(book, chapters, since.results().map(|last| &last.drawn), &mut found);
    let media = media(book, since, chapters, &drawn, &mut found);
    let keys = since.kept.bodies(book, keys, &media);
    let bodies = body(book, since, chapters, links, &media, &keys, &mut found);
    let mut frame = frame(book, (chapters, refs), missing, since, &mut found);
    if bodies.iter().flatten().any(|html| html.has_math) {
        frame.assets.math_style = Some(math_fonts::add(&mut frame.files));
    }
    let listings = listings(book, since, chapters, &bodies, &mut found);
    let contents = Contents { media: &media, bodies: &bodies, listings: &listings };
    let pages = page(book, since, &linked, &contents, &frame, &mut found);
    let titles = &frame.chrome.titles();
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
        let lasting = frame.design.lasting && drawn.iter().all(PageDiagrams::is_lasting);
        Built { files, diagnostics: weighed(book, found), asked, lasting, results: None }
    };
    // Findings may name places that have moved with the configuration: `rebuild` looks at them when all is done.
    if let Some(last) = since.results().filter(|_| !since.outside_moved) {
        early(site_with(&last.index.files));
    }
    let searched = search(book, since, &linked, &media, &keys, &frame);
    let index = search_files(book, since, &linked, &media, &searched, &frame);
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
    let missing = missing_included(book, &mut found);
    let since = &Since::nothing();
    let linked = linked_since(book, since, &mut found);
    let drawn = diagrams(book, &linked.chapters, None, &mut found);
    let media = media(book, since, &linked.chapters, &drawn, &mut found);
    let bodies = body(book, since, &linked.chapters, &linked.links, &media, &Keys::default(), &mut found);
    let frame = frame(book, (&linked.chapters, &linked.refs), missing, since, &mut found);
    let Linked { chapters, links, .. } = &linked;
    let listings = listings(book, since, chapters, &bodies, &mut found);
    if !book.overrides("templates/").is_empty() {
        let contents = Contents { media: &media, bodies: &bodies, listings: &listings };
        page(book, since, &linked, &contents, &frame, &mut found);
    }
    let titles = &frame.chrome.titles();
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
    let numbered = || {
        let chapters = parse(book, since, &texts, found);
        let indexes = index(book, since, &chapters);
        let refs = mlsys_resolve::number(&book.project, indexes.iter()).take(found);
        (chapters, indexes, refs)
    };
    let ((chapters, indexes, refs), library) = both(numbered, || library(book, since));
    found.extend(library.diagnostics.iter().cloned());
    let keys = since.kept.links(book, &texts, &refs, &library.value);
    let links = link(book, since, (&chapters, &indexes, &refs), &library.value, &keys, found);
    Linked { chapters, indexes, refs, library, links, keys }
}

/// What the wanted pages show besides their text, such as drawn diagrams: with [`linked`] all that a format needs.
pub fn page_media(book: &Book, linked: &Linked, found: &mut Vec<Diagnostic>) -> Vec<Option<Media>> {
    let drawn = diagrams(book, &linked.chapters, None, found);
    let media = media(book, &Since::nothing(), &linked.chapters, &drawn, found);
    media.iter().map(|media| media.as_ref().map(|media| media.media.clone())).collect()
}

/// The trees of the pages alone.
pub fn chapters(book: &Book) -> PerPage<Chapter> {
    parse(book, &Since::nothing(), &Keys::default(), &mut Vec::new())
}
