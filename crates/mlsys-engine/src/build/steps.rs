//! The steps after linking. Each runs one pass over all pages and declares its inputs.

use super::inputs::{BodyInputs, MediaInputs, PageInputs, SearchInputs, SiteIdentities};
use super::linked::Linked;
use super::outputs::Previous;
use crate::files::{Content, Files};
use crate::leaves::diagrams::PageDiagrams;
use crate::leaves::images::responsive::Images;
use crate::memo::pack::Part;
use crate::memo::per_page::{Identity, PerPage, PerSelectedPage};
use crate::memo::store::Store;
use crate::memo::{self, Memo};
use crate::options::BuildOptions;
use crate::project::Book;
use crate::site::config_markdown::markdown;
use crate::site::embedded_resources::{embeds_resources, with_resources};
use crate::site::listings::{PageListings, page_listings};
use crate::site::media::{PageMedia, page_media};
use crate::site::page_urls::PageUrls;
use crate::site::preview_image::preview_image;
use crate::site::resources::{add_copies, manifest, site_files};
use crate::site::search::page_entry;
use crate::site::shell::{Shell, chapter_number};
use mlsys_book::{Chapter, Checked, Code, Diagnostic, Media, Span};
use mlsys_render::{
    Clock, Html, Markdown, PageContext, Purpose, SearchPage, plain, plain_title, search_page, site_search,
};
use std::sync::Arc;

/// The files that each page uses, and its drawn diagrams.
pub(super) fn media(
    book: &Book,
    options: &BuildOptions,
    memo: &Memo<'_>,
    linked: &Linked,
    diagrams: &PerPage<PageDiagrams>,
    previous: Option<&Previous>,
) -> PerSelectedPage<PageMedia> {
    let images = options.images;
    let earlier = previous.map(|previous| memo::Previous {
        results: &previous.outputs.media,
        inputs: |id| {
            let outputs = &previous.outputs;
            MediaInputs::new(&previous.book, &outputs.linked, &outputs.diagrams, images, id)
        },
    });
    let same_files = previous.is_some_and(|previous| previous.book.files == book.files);
    // Diagnostics about missing files name similar ones.
    let is_valid =
        |media: &Checked<PageMedia>| (same_files || media.diagnostics.is_empty()) && media.value.is_current(&book.vfs);
    let store = Store::new(options.diagrams.cache.clone());
    let inputs = |id| MediaInputs::new(book, linked, diagrams, images, id);
    let media = memo.each_selected_page(inputs, earlier, is_valid, |id| {
        let mut media = page_media(book, id, &linked.chapters[id]);
        media.value.media.diagrams = diagrams[id].diagrams.clone();
        if images == Images::Resized {
            media.value.resize(book, id, &store);
        }
        media
    });
    store.trim();
    media
}

/// The output that bodies are for.
#[derive(Clone, Copy)]
pub(super) enum Medium {
    /// Pages of a site.
    Site,
    /// Pages of an EPUB. Their URLs are those of the site; the package replaces them.
    Epub,
}

/// The text of each page as HTML.
pub(super) fn body(
    book: &Book,
    memo: &Memo<'_>,
    (linked, medium): (&Linked, Medium),
    media: &PerSelectedPage<PageMedia>,
    site: &SiteIdentities,
    previous: Option<&Previous>,
) -> PerSelectedPage<Html> {
    let earlier = previous.map(|previous| memo::Previous {
        results: &previous.outputs.bodies,
        inputs: |id| {
            let outputs = &previous.outputs;
            BodyInputs::new(&previous.book, &outputs.linked, &outputs.media, &outputs.site.folders, id)
        },
    });
    let inputs = |id| BodyInputs::new(book, linked, media, &site.folders, id);
    memo.each_selected_page_stored(Part::Body, inputs, earlier, |id| {
        let Some((links, media)) = linked.links.get(id).zip(media.get(id)) else {
            return Checked::clean(Html::default());
        };
        let urls = PageUrls::new(book, id);
        let chapter = &linked.chapters[id];
        memo.with_page_memo(id, |memo| match medium {
            Medium::Site => mlsys_render::body(chapter, links, &media.media, &urls, &mut memo.typeset),
            Medium::Epub => mlsys_render::epub_body(chapter, links, &media.media, &urls, &mut memo.typeset),
        })
    })
}

/// The listings of each page. They depend on any page, so they are computed in every build.
pub(super) fn listings(
    book: &Book,
    memo: &Memo<'_>,
    linked: &Linked,
    bodies: &PerSelectedPage<Html>,
    previous: Option<&Previous>,
) -> PerSelectedPage<Option<PageListings>> {
    let earlier = previous.map(|previous| memo::Previous { results: &previous.outputs.listings, inputs: |_| () });
    let compute = |id| page_listings(book, &linked.chapters, bodies, id);
    memo.each_selected_page(|_| (), earlier, |_| false, compute)
}

/// What a page is composed of.
pub(super) struct Contents<'a> {
    pub media: &'a PerSelectedPage<PageMedia>,
    pub bodies: &'a PerSelectedPage<Html>,
    pub listings: &'a PerSelectedPage<Option<PageListings>>,
}

/// Each page with the site around it.
pub(super) fn page(
    book: &Book,
    memo: &Memo<'_>,
    linked: &Linked,
    Contents { media, bodies, listings }: &Contents<'_>,
    (shell, identity, site): (&Shell, &Identity, &SiteIdentities),
    previous: Option<&Previous>,
) -> PerSelectedPage<Option<Arc<[u8]>>> {
    let earlier = previous.map(|previous| memo::Previous {
        results: &previous.outputs.pages,
        inputs: |id| {
            let outputs = &previous.outputs;
            let (media, bodies, listings) = (&outputs.media, &outputs.bodies, &outputs.listings);
            PageInputs::new(
                &previous.book,
                &outputs.linked,
                media,
                bodies,
                listings,
                (&outputs.shell_identity, &outputs.site),
                id,
            )
        },
    });
    let inputs = |id| PageInputs::new(book, linked, media, bodies, listings, (identity, site), id);
    memo.each_selected_page(
        inputs,
        earlier,
        |_| true,
        |id| {
            let at = id.index();
            let (chapter, input) = (&linked.chapters[id], &book.pages[at]);
            let Some(html) = bodies.get(id) else { return Checked::clean(None) };
            let listings = listings.get(id).and_then(Option::as_ref);
            let feeds: Vec<(String, String)> = listings.map_or_else(Vec::new, |l| {
                let url = |path: &str| crate::url::relative(&book.project.pages[at].output, path);
                l.feeds.iter().map(|(path, title, _)| (url(path), title.clone())).collect()
            });
            let placed = listings.filter(|l| !l.placed.is_empty());
            let placed = placed.map(|l| Html { content: l.placed_in(html), ..html.clone() });
            let html = placed.as_ref().unwrap_or(html);
            let preview = preview_image(chapter);
            let title = linked.links.get(id).and_then(|links| plain_title(chapter, links));
            let context = PageContext {
                project: &book.project,
                chrome: shell.chrome_of(&chapter.meta),
                page: id,
                meta: &chapter.meta,
                number: chapter_number(&book.project, &linked.refs, id, chapter),
                title: title.as_deref(),
                html,
                markdown: Markdown(&|text| markdown(book, &book.project.pages[at].input, text)),
                file: &|path| input.included.get(path).cloned(),
                missing: &|url| shell.missing.contains(url),
                listing_categories: listings.map_or("", |l| &l.categories),
                listings_after: listings.map_or("", |l| &l.rest),
                feeds: &feeds,
                preview: preview.as_deref(),
                picture_size: media.get(id).and_then(|media| media.preview_size),
                manifest: manifest(&book.files),
                source: book.source(id).files.first().map_or("", |file| &file.text),
                assets: &shell.assets_of(&book.theme_files(&chapter.meta, input.brand.as_ref())),
                clock: Clock { today: book.today, modified: input.modified },
            };
            match mlsys_render::page(&shell.theme.templates, &context) {
                Ok(page) => Checked::clean(Some(page.into_bytes().into())),
                Err(error) => {
                    let place = book.source(id).place(Span::new(0, 0));
                    let diagnostic = Diagnostic::new(Code::InvalidTemplate, place, error.to_string());
                    Checked { value: None, diagnostics: vec![diagnostic] }
                }
            }
        },
    )
}

/// What each page adds to the search index; `None` for pages that it leaves out.
pub(super) fn search(
    book: &Book,
    options: &BuildOptions,
    memo: &Memo<'_>,
    linked: &Linked,
    media: &PerSelectedPage<PageMedia>,
    shell: &Shell,
    previous: Option<&Previous>,
) -> PerSelectedPage<Option<SearchPage>> {
    let is_shown = options.search && site_search(&book.project).is_some();
    let earlier = previous.map(|previous| memo::Previous {
        results: &previous.outputs.searched,
        inputs: |id| {
            let outputs = &previous.outputs;
            SearchInputs::new(&previous.book, &outputs.linked, &outputs.media, &outputs.shell, is_shown, id)
        },
    });
    let inputs = |id| SearchInputs::new(book, linked, media, shell, is_shown, id);
    memo.each_selected_page_stored(Part::Search, inputs, earlier, |id| {
        let entry = page_entry(book, (&linked.chapters, &linked.refs), shell, id).filter(|_| is_shown);
        let page = || {
            let (links, media) = linked.links.get(id).zip(media.get(id))?;
            let text = plain(&linked.chapters[id], links, &media.media, Purpose::Search);
            Some(search_page(text, &entry?))
        };
        Checked::clean(page())
    })
}

/// The media of the selected pages. A format needs them and the result of [`super::linked::linked`], and nothing else.
pub fn media_of_pages(
    book: &Book,
    options: &BuildOptions,
    linked: &Linked,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Option<Media>> {
    let memo = Memo::new(book);
    let diagrams = crate::leaves::diagrams::diagrams(book, &options.diagrams, &linked.chapters, None, diagnostics);
    let media = media(book, options, &memo, linked, &diagrams, None);
    diagnostics.extend(media.diagnostics().cloned());
    media.iter().map(|media| media.map(|media| media.media.clone())).collect()
}

/// The site: pages, copies of what they use, and the site's own files.
pub(super) fn files(
    book: &Book,
    pages: &PerSelectedPage<Option<Arc<[u8]>>>,
    media: &PerSelectedPage<PageMedia>,
    chapters: &PerPage<Chapter>,
    own: &Files,
    index: &Files,
    shell: &Shell,
) -> Files {
    let mut files = shell.files.clone();
    files.extend(own.iter().chain(index).map(|(path, content)| (path.clone(), content.clone())));
    for (page, html) in book.project.pages.iter().zip(pages.iter()) {
        if let Some(Some(html)) = html {
            files.insert(page.output.clone(), Content::Bytes(html.clone()));
        }
    }
    files.extend(media.values().flat_map(PageMedia::smaller_images));
    add_copies(book, media.values().flat_map(|media| &media.files), &mut files);
    add_copies(book, &site_files(book), &mut files);
    for (id, page) in book.page_ids().zip(&book.project.pages) {
        if let Some(Some(html)) = pages.get(id)
            && embeds_resources(&chapters[id].meta)
        {
            let html = with_resources(book, &page.output, &String::from_utf8_lossy(html), &files);
            files.insert(page.output.clone(), Content::Bytes(html.into_bytes().into()));
        }
    }
    files
}
