//! From a book as read to the files of its site.

use crate::build::linked::{Linked, linked_since};
use crate::build::steps::{Contents, body, files, listings, media, page, search};
use crate::files::Files;
use crate::leaves::diagrams::{PageDiagrams, diagrams};
use crate::memo::memory::{Memory, Results, Since};
use crate::memo::store::Cache;
use crate::project::Book;
use crate::report::Severities;
use crate::site::head_includes::missing_included;
use crate::site::katex;
use crate::site::media::PageMedia;
use crate::site::print::{add_print_page, add_worker};
use crate::site::search::search_files;
use crate::site::shell::frame;
use crate::site::site_pages::{SitePages, site_pages};
pub mod each_page;
pub mod library;
pub mod linked;
pub mod steps;

use crate::options::BuildOptions;
use camino::Utf8PathBuf;
use mlsys_book::{Code, Diagnostic};
use std::collections::BTreeSet;

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
pub fn build(book: &Book, options: &BuildOptions) -> Built {
    finished(book, run(book, options, &Since::nothing(), |_| ()))
}

/// Builds the site of a book, reusing results of earlier runs from the cache and adding new ones. The result is that of
/// [`build`], byte for byte, diagnostics included.
pub fn build_cached(book: &Book, options: &BuildOptions, cache: &Cache) -> Built {
    finished(book, run(book, options, &Since::runs(book, cache), |_| ()))
}

fn finished(book: &Book, (built, results): (Built, Results)) -> Built {
    Built { diagnostics: with_severities(book, built.diagnostics), results: Some(Box::new(results)), ..built }
}

/// Builds the site of a book again, reusing the previous build's results for all that an edit did not touch. The result is that
/// of [`build`], byte for byte, diagnostics included.
///
/// `early` gets the site as soon as its pages are done, with the search index of the previous build. Without a previous build
/// it is not called.
pub fn rebuild(book: Book, options: &BuildOptions, memory: &mut Memory, early: impl FnOnce(&Book, Built)) -> Built {
    let since = Since::new(&book, memory);
    let outside_moved = since.outside_moved;
    let early = |built: Built| {
        early(&book, Built { diagnostics: with_severities(&book, built.diagnostics), ..built });
    };
    let (mut built, mut results) = run(&book, options, &since, early);
    if outside_moved && results.point_outside(&book) {
        // A reused tree holds metadata with positions of the previous configuration, and a diagnostic names one of them.
        memory.clear();
        (built, results) = run(&book, options, &Since::new(&book, memory), |_| ());
    }
    let diagnostics = with_severities(&book, built.diagnostics);
    memory.keep(book, results);
    Built { diagnostics, ..built }
}

/// All steps of a build.
pub(crate) fn run(
    book: &Book,
    options: &BuildOptions,
    since: &Since<'_>,
    early: impl FnOnce(Built),
) -> (Built, Results) {
    let mut found = book.diagnostics.clone();
    let missing = missing_included(book, &mut found);
    let linked = linked_since(book, since, &mut found);
    let Linked { chapters, refs, links, keys, .. } = &linked;
    let drawn = diagrams(book, &options.diagrams, chapters, since.results().map(|last| &last.drawn), &mut found);
    let media = media(book, options, since, chapters, &drawn, &mut found);
    let keys = since.kept.bodies(book, keys, &media);
    let bodies = body(book, since, chapters, links, &media, &keys, &mut found);
    let mut frame = frame(book, options.sass.as_deref(), (chapters, refs), missing, since, &mut found);
    if bodies.iter().flatten().any(|html| html.has_math) {
        frame.assets.math_style = Some(katex::add(&mut frame.files));
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
        let lasting = frame.design.lasting && drawn.iter().all(PageDiagrams::is_lasting);
        Built { files, diagnostics: found, asked, lasting, results: None }
    };
    // Findings may name places that have moved with the configuration: `rebuild` looks at them when all is done.
    if let Some(last) = since.results().filter(|_| !since.outside_moved) {
        early(site_with(&last.index.files));
    }
    let searched = search(book, options, since, &linked, &bodies, &keys, &frame);
    let index = search_files(book, since, &linked, &bodies, &searched, &frame);
    let built = site_with(&index.files);
    (built, Results { linked, drawn, media, bodies, listings, frame, pages, site, searched, index })
}

/// The findings about what was asked for, as severe as the project says.
pub fn with_severities(book: &Book, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
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
