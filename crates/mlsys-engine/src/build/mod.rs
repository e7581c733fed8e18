//! The pipeline: from a book as read to the files of its site. `build`, `serve` and `check` run the same one.

pub mod epub;
mod inputs;
mod library;
pub mod linked;
pub mod outputs;
mod steps;

pub use steps::media_of_pages;

use crate::files::Files;
use crate::leaves::diagrams::{PageDiagrams, diagrams};
use crate::memo::per_page::PerSelectedPage;
use crate::memo::store::Store;
use crate::memo::{Lifetime, Memo};
use crate::options::BuildOptions;
use crate::project::Book;
use crate::report::{Severities, fold};
use crate::site::head_includes::missing_included;
use crate::site::katex;
use crate::site::listings::add_listing_files;
use crate::site::llms::{Resolved, add_llms_files};
use crate::site::media::PageMedia;
use crate::site::offline::add_service_worker;
use crate::site::print::add_print_page;
use crate::site::redirects::redirects;
use crate::site::search::search_files;
use crate::site::shell::{Theme, shell};
use crate::site::sitemap::add_sitemap;
use camino::Utf8PathBuf;
use inputs::SiteIdentities;
use linked::link_book;
use mlsys_book::{Code, Diagnostic};
use outputs::{Comparison, Memory, Outputs, Previous, store_pages};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use steps::{Contents, Medium, body, files, listings, media, page, search};

/// A built site.
#[derive(Default)]
pub struct Built {
    /// The files.
    pub files: Files,
    /// The diagnostics, unsorted.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that pages name, existing or not; absolute.
    pub named_files: BTreeSet<Utf8PathBuf>,
    /// True if the build is reproducible. False after a time-out, so that the result is not recorded.
    pub is_reproducible: bool,
    /// The results of the steps.
    outputs: Option<Box<Outputs>>,
}

impl Built {
    /// Leaks the result: the process is about to exit, and dropping it would only take time.
    pub fn leak(self) {
        std::mem::forget((self.files, self.diagnostics, self.named_files, self.outputs));
    }
}

/// Builds the site of a book.
///
/// Every page is parsed and indexed, because numbers and links need all of them; only the selected pages are rendered.
pub fn build(book: &Book, options: &BuildOptions) -> Built {
    finished(book, run(book, options, Memo::new(book), None, None, |_| ()))
}

/// Builds the site of a book, reusing results of earlier runs from the store and adding new ones. The result is that of
/// [`build`], byte for byte, diagnostics included.
pub fn build_stored(book: &Book, options: &BuildOptions, store: &Store) -> Built {
    finished(book, run(book, options, Memo::stored(book, store, Lifetime::Build), None, None, |_| ()))
}

fn finished(book: &Book, (built, outputs): (Built, Outputs)) -> Built {
    Built { diagnostics: with_severities(book, built.diagnostics), outputs: Some(Box::new(outputs)), ..built }
}

/// Builds the site of a book again, reusing the previous build's results for all that an edit did not touch. The result is that
/// of [`build`], byte for byte, diagnostics included.
///
/// `early` gets the site as soon as its pages are done, with the search index of the previous build. Without a previous build
/// it is not called.
pub fn rebuild(book: Book, options: &BuildOptions, memory: &mut Memory, early: impl FnOnce(&Book, Built)) -> Built {
    let early = |built: Built| {
        early(&book, Built { diagnostics: with_severities(&book, built.diagnostics), ..built });
    };
    let theme = memory.previous.as_ref().and_then(|previous| {
        let theme = &previous.outputs.shell.theme;
        (theme.is_clean() && book.same_design(&previous.book)).then(|| theme.clone())
    });
    let compared = memory.previous.take().and_then(|previous| Some((Comparison::new(&book, &previous)?, previous)));
    // A diagnostic in the configuration names a place that the edit may have moved.
    let compared = compared.filter(|(comparison, previous)| {
        !comparison.outside_changed || !previous.outputs.point_outside(&previous.book)
    });
    let fresh = |theme| {
        let memo = Memo::stored(&book, &memory.store, Lifetime::Process);
        run(&book, options, memo, None, theme, |_| ())
    };
    let (built, outputs) = match compared {
        None => fresh(theme),
        Some((comparison, mut previous)) => {
            let page_memos = std::mem::take(&mut previous.outputs.page_memos);
            let memo = Memo::continued(&book, page_memos, comparison.unchanged);
            let early = |built| {
                // Diagnostics may name places that have moved with the configuration: see below.
                if !comparison.outside_changed {
                    early(built);
                }
            };
            let (built, outputs) = run(&book, options, memo, Some(&previous), theme.clone(), early);
            // A reused tree holds metadata with places in the previous configuration. If a diagnostic names one, build afresh.
            match comparison.outside_changed && outputs.point_outside(&book) {
                true => fresh(theme),
                false => (built, outputs),
            }
        }
    };
    let diagnostics = with_severities(&book, built.diagnostics);
    memory.store.trim();
    memory.previous = Some(Previous { book, outputs });
    Built { diagnostics, ..built }
}

/// The pipeline. `early` gets the site before the search index is made, if there is a previous one.
pub(crate) fn run(
    book: &Book,
    options: &BuildOptions,
    mut memo: Memo<'_>,
    previous: Option<&Previous>,
    theme: Option<Arc<Theme>>,
    early: impl FnOnce(Built),
) -> (Built, Outputs) {
    let mut diagnostics = book.diagnostics.clone();
    let missing = missing_included(book, &mut diagnostics);
    let linked = link_book(book, &memo, previous, &mut diagnostics);
    let earlier = previous.map(|previous| (&previous.outputs.diagrams, &previous.outputs.linked.chapters));
    let diagrams = diagrams(book, &options.diagrams, &linked.chapters, earlier, &mut diagnostics);
    let media = media(book, options, &memo, &linked, &diagrams, previous);
    diagnostics.extend(media.diagnostics().cloned());
    let mut shell =
        shell(book, options.sass.as_deref(), (&linked.chapters, &linked.refs), missing, theme, &memo, &mut diagnostics);
    let site = SiteIdentities::new(book, &memo, previous);
    let bodies = body(book, &memo, (&linked, Medium::Site), &media, &site, previous);
    diagnostics.extend(bodies.diagnostics().cloned());
    if bodies.values().any(|html| html.has_math) {
        shell.assets.math_style = Some(katex::add(&mut shell.files));
    }
    // Without a previous build no one waits for the pages. Then the index's entries come first, so that the packs can be
    // written, and their memory reused, before the pages are composed.
    let searched = previous.is_none().then(|| {
        let searched = search(book, options, &memo, &linked, &media, &shell, None);
        store_pages(&mut memo, &linked, &bodies, &searched);
        searched
    });
    let shell_identity = inputs::shell(&shell, previous);
    let listings = listings(book, &memo, &linked, &bodies, previous);
    diagnostics.extend(listings.diagnostics().cloned());
    let contents = Contents { media: &media, bodies: &bodies, listings: &listings };
    let pages = page(book, &memo, &linked, &contents, (&shell, &shell_identity, &site), previous);
    diagnostics.extend(pages.diagnostics().cloned());
    let bodies = match memo.lifetime() {
        Lifetime::Process => bodies,
        // The pages have copies, so their memory is free for the search index.
        Lifetime::Build => PerSelectedPage::default(),
    };
    let titles = &shell.chrome.titles();
    let mut own = Files::new();
    add_sitemap(book, &linked.chapters, &mut own);
    let resolved = Resolved { chapters: &linked.chapters, refs: &linked.refs, links: &linked.links };
    add_llms_files(book, resolved, (&media, &listings), titles, &mut own);
    add_listing_files(book, &listings, &mut own);
    let redirects = redirects(book, &linked.chapters, titles);
    let site_diagnostics = redirects.diagnostics.clone();
    own.extend(redirects.take(&mut diagnostics));
    own.extend(diagrams.iter().flat_map(PageDiagrams::files));
    let site_with = |index: &Files| {
        let mut diagnostics = diagnostics.clone();
        let mut files = files(book, &pages, &media, &linked.chapters, &own, index, &shell);
        diagnostics.extend(add_print_page(book, &shell, &mut files));
        add_service_worker(book, &mut files);
        let named_files = media.values().flat_map(PageMedia::paths).cloned().collect();
        let is_reproducible = shell.theme.is_reproducible && diagrams.iter().all(PageDiagrams::is_reproducible);
        Built { files, diagnostics, named_files, is_reproducible, outputs: None }
    };
    if let Some(previous) = previous {
        early(site_with(&previous.outputs.index.files));
    }
    let searched = searched.unwrap_or_else(|| search(book, options, &memo, &linked, &media, &shell, previous));
    let index = match previous {
        Some(previous) if inputs::same_search(book, &linked, &media, &searched, previous) => {
            previous.outputs.index.clone()
        }
        Some(_) | None => {
            let earlier = previous.map(|previous| (&previous.outputs.searched, &previous.outputs.index));
            search_files(book, (&linked.chapters, &linked.refs), &linked.links, &media, &searched, &shell, earlier)
        }
    };
    let built = site_with(&index.files);
    let outputs = Outputs {
        linked,
        diagrams,
        media,
        bodies,
        listings,
        shell,
        shell_identity,
        site,
        pages,
        site_diagnostics,
        searched,
        index,
        page_memos: memo.into_page_memos(),
    };
    (built, outputs)
}

/// The diagnostics about the selected pages and about what all pages share, with their severities: those of the project, then of the
/// page and its folders, then of the command line.
pub fn with_severities(book: &Book, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let unselected = book.pages.iter().filter(|page| !page.is_selected);
    let unselected: BTreeMap<_, _> = unselected.map(|page| (page.source, page.other_format.is_some())).collect();
    diagnostics.retain(|diagnostic| match unselected.get(&diagnostic.place.source) {
        // Of a page in another format only that is said.
        Some(is_of_other_format) => *is_of_other_format && diagnostic.code == Code::UnsupportedSetting,
        None => true,
    });
    fold(book, &mut diagnostics);
    let of_project = Severities::of(&book.project.meta, &mut diagnostics);
    let mut of_pages = BTreeMap::new();
    for page in book.pages.iter().filter(|page| page.is_selected) {
        if let Some(map) = &page.severities {
            let own = of_project.overridden_by(&Severities::of_map(map, &mut diagnostics));
            of_pages.insert(page.source, own.with_choices(&book.severities));
        }
    }
    let of_project = of_project.with_choices(&book.severities);
    diagnostics.retain_mut(|finding| of_pages.get(&finding.place.source).unwrap_or(&of_project).apply(finding));
    diagnostics
}
