//! The steps of the pipeline, each for all pages: what goes in, when an earlier result may stand for it, and which pass makes it.

use crate::build::each_page::{each_page, each_wanted};
use crate::build::library::{self, Library};
use crate::build::linked::Linked;
use crate::files::{Content, Files};
use crate::leaves::diagrams::PageDiagrams;
use crate::leaves::images::responsive::Images;
use crate::memo::kept::{Keys, Step};
use crate::memo::memory::{PerPage, Since};
use crate::memo::store::Cache;
use crate::options::BuildOptions;
use crate::project::Book;
use crate::site::address::PageAddress;
use crate::site::listings::{PageListings, page_listings, preview_image};
use crate::site::media::{PageMedia, add_copies, manifest, page_media, site_files};
use crate::site::search::page_entry;
use crate::site::shell::{Frame, chapter_number, markdown};
use mlsys_book::{Chapter, Checked, Code, Diagnostic, Index, Links, PageId, Refs, Span};
use mlsys_render::{Clock, Html, PageContext, PageEntry, SearchPage, TypesetCache, search_page, site_search};
use mlsys_resolve::Citations;
use std::sync::{Arc, LazyLock};

/// Parses every page.
pub(crate) fn parse(book: &Book, since: &Since<'_>, keys: &Keys, found: &mut Vec<Diagnostic>) -> PerPage<Chapter> {
    let last = since.results().map(|results| &results.linked.chapters);
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
pub(crate) fn index(book: &Book, since: &Since<'_>, chapters: &PerPage<Chapter>) -> PerPage<Index> {
    let last = since.results().map(|results| &results.linked.indexes);
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
pub(crate) fn library(book: &Book, since: &Since<'_>) -> Arc<Checked<Library>> {
    let same = (0..book.pages.len()).all(|page| since.citations(book, page));
    match since.results() {
        Some(last) if same => last.linked.library.clone(),
        _ => Arc::new(library::library(book, since.kept)),
    }
}

/// What each page's text needs from the others.
pub(crate) fn link(
    book: &Book,
    since: &Since<'_>,
    (chapters, indexes, refs): (&PerPage<Chapter>, &PerPage<Index>, &Refs),
    library: &Library,
    keys: &Keys,
    found: &mut Vec<Diagnostic>,
) -> PerPage<Option<Links>> {
    let last = since.results().map(|results| &results.linked.links);
    let same_refs = since.results().is_some_and(|last| refs.same_but_places(&last.linked.refs));
    let same_kind = since.book().is_some_and(|last| last.project.kind == book.project.kind);
    // The reference list of a book cites from the files of all pages, and all pages' citations lead to it.
    let lists_all = |at: usize| refs.references.is_some_and(|page| page.0 as usize == at);
    let same_works = |at| match refs.references {
        Some(_) => (0..book.pages.len()).all(|page| since.citations(book, page)),
        None => since.citations(book, at),
    };
    let list = refs.references.map(|page| &book.pages[page.0 as usize]);
    let shared = LazyLock::new(|| list.map(|list| library.shared(list, &refs.cited, &book.project.meta)));
    let same = |at| same_refs && same_kind && chapters.is_same(at) && same_works(at);
    each_wanted(book, since, last, found, same, |id| {
        let at = id.0 as usize;
        since.kept.page(Step::Links, keys, book, id, || {
            let bibliography = match lists_all(at) {
                true => library.of_all_pages(),
                false => library.bibliography(&book.pages[at], &chapters[at].meta),
            };
            let (page, chapter, index) = (&book.pages[at], &chapters[at], &indexes[at]);
            let citing = mlsys_resolve::citing(chapter, index, refs, &book.project, &bibliography);
            let joins = citing.shared && list.is_some_and(|list| list.style == page.style);
            let works = library.keys((!joins && !lists_all(at)).then_some(&page.bibliographies));
            let list = joins.then(|| (&refs.cited, book.project.meta.get("lang")));
            let inputs = (book.style(page), chapter.meta.get("references"), &citing, list);
            let shared = || shared.as_ref().filter(|_| joins);
            let make = || mlsys_resolve::cite(library.style(page), &bibliography, &citing, shared());
            let citations = match citing.is_empty() {
                true => Citations::default(),
                false => since.kept.citations(works, &inputs, make),
            };
            mlsys_resolve::link(chapter, index, refs, &book.project, &bibliography, &citations)
        })
    })
}

/// The files that each page uses, and its drawn diagrams.
pub(crate) fn media(
    book: &Book,
    options: &BuildOptions,
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
                && since.includes(book, at)
                && (since.files || before.diagnostics.is_empty())
                && before.value.as_ref().is_none_or(|media| media.is_current(&book.vfs))
        })
    };
    let cache = Cache::new(options.diagrams.cache.clone());
    let pages = each_wanted(book, since, last, found, same, |id| {
        let mut media = page_media(book, id, &chapters[id.0 as usize]);
        media.value.media.diagrams = drawn[id.0 as usize].diagrams.clone();
        if options.images == Images::Resized {
            media.value.resize(book, id, &cache);
        }
        media
    });
    cache.trim();
    pages
}

/// The text of each page as HTML.
pub(crate) fn body(
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
                let body =
                    |earlier: &TypesetCache| mlsys_render::body(&chapters[at], links, &media.media, &address, earlier);
                let make = || since.kept.with_standing(&book.project.pages[at].input, body);
                since.kept.body(keys, book, id, make).map(Some)
            }
            _ => Checked::clean(None),
        }
    })
}

/// What the listings of each page say about other pages. They depend on any of them, so they are always made.
pub(crate) fn listings(
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
pub(crate) struct Contents<'a> {
    pub media: &'a PerPage<Option<PageMedia>>,
    pub bodies: &'a PerPage<Option<Html>>,
    pub listings: &'a PerPage<Option<PageListings>>,
}

/// Each page with the site around it.
pub(crate) fn page(
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
            && since.text(book, at)
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
            let address = |path: &str| crate::url::relative(&book.project.pages[at].output, path);
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
            missing: &|url| frame.missing.contains(url),
            listing_categories: listings.map_or("", |l| &l.categories),
            listings_after: listings.map_or("", |l| &l.rest),
            feeds: &feeds,
            preview: preview.as_deref(),
            picture_size: media[at].as_ref().and_then(|media| media.picture),
            manifest: manifest(&book.files),
            source: book.source(id).files.first().map_or("", |file| &file.text),
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
pub(crate) fn same_number(book: &Book, since: &Since<'_>, linked: &Linked, at: usize) -> bool {
    let id = PageId(at as u32);
    let number = chapter_number(&book.project, &linked.refs, id, &linked.chapters[at]);
    let last = since.results();
    last.is_some_and(|last| number == chapter_number(&book.project, &last.linked.refs, id, &last.linked.chapters[at]))
}

/// What each page gives to the site's search, and what the site says of it there.
pub(crate) fn search(
    book: &Book,
    options: &BuildOptions,
    since: &Since<'_>,
    linked: &Linked,
    bodies: &PerPage<Option<Html>>,
    keys: &Keys,
    frame: &Frame,
) -> PerPage<Option<(PageEntry, SearchPage)>> {
    let is_shown = options.search && site_search(&book.project).is_some();
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
pub(crate) fn files(
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
    files.extend(media.iter().flatten().flat_map(PageMedia::smaller));
    add_copies(book, media.iter().flatten().flat_map(|m| &m.files), &mut files);
    add_copies(book, &site_files(book), &mut files);
    files
}
