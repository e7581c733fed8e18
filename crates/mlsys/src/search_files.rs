//! The files of the site's search.

use crate::frame::{Frame, SEARCH, chapter_number};
use crate::media::PageMedia;
use crate::memory::{PerPage, Since};
use crate::pipeline::Linked;
use crate::reading::Book;
use crate::write::{Content, Files};
use camino::Utf8Path;
use mlsys_book::PageId;
use mlsys_render::{PageEntry, Purpose, SearchIndex, SearchPage, plain, search_index, search_json, site_search};

/// The entry of a page in the search; `None` for pages that are left out.
pub(crate) fn page_entry(book: &Book, linked: &Linked, frame: &Frame, id: PageId) -> Option<PageEntry> {
    let chapter = &linked.chapters[id.0 as usize];
    let number = chapter_number(&book.project, &linked.refs, id, chapter);
    mlsys_render::page_entry(&book.project, &frame.chrome, id, &chapter.meta, number)
}

/// The files of the search, and the index that they hold.
#[derive(Clone, Default)]
pub(crate) struct SearchFiles {
    /// The files of the index, and `search.json`.
    pub files: Files,
    index: SearchIndex,
}

/// The search index, and `search.json` where the project asks for it.
pub(crate) fn search_files(
    book: &Book,
    since: &Since<'_>,
    linked: &Linked,
    media: &PerPage<Option<PageMedia>>,
    searched: &PerPage<Option<(PageEntry, SearchPage)>>,
    frame: &Frame,
) -> SearchFiles {
    let Linked { chapters, links, .. } = linked;
    let is_same = |at| searched.is_same(at) && chapters.is_same(at) && links.is_same(at) && media.is_same(at);
    let same = (0..book.pages.len()).all(is_same);
    if let Some(last) = since.results().filter(|_| same && since.project) {
        return last.index.clone();
    }
    let content = |text: String| Content::Bytes(text.into_bytes().into());
    let mut files = Files::new();
    let mut index = SearchIndex::default();
    if site_search(&book.project).is_some() {
        let last = since.results().map(|last| (pages(&last.searched), &last.index.index));
        index = search_index(&pages(searched), last.as_ref().map(|(pages, index)| (pages.as_slice(), *index)));
        files.extend(index.files.iter().map(|(name, text)| (format!("{SEARCH}/{name}"), content(text.clone()))));
    }
    if book.project.site.search.as_ref().is_some_and(|search| search.json) {
        let pages = links.iter().zip(media).enumerate().filter_map(|(at, (links, media))| {
            let (links, media) = links.as_ref().zip(media.as_ref())?;
            let entry = page_entry(book, linked, frame, PageId(at as u32))?;
            Some((plain(&chapters[at], links, &media.media, Purpose::SearchJson), entry))
        });
        let json = search_json(pages.collect());
        files.insert("search.json".to_owned(), content(json));
    }
    SearchFiles { files, index }
}

/// The pages that are in the search.
fn pages(searched: &PerPage<Option<(PageEntry, SearchPage)>>) -> Vec<&SearchPage> {
    searched.iter().flatten().map(|(_, page)| page).collect()
}

/// Drops the files about all pages from a partial build if an earlier build wrote them: the search would find only the part,
/// and the worker would forget the rest.
pub fn keep_earlier(files: &mut Files, output: &Utf8Path) {
    let has_index = output.join(SEARCH).join("index.json").exists();
    let inside = format!("{SEARCH}/");
    files.retain(|path, _| match path.as_str() {
        "search.json" | "service-worker.js" => !output.join(path).exists(),
        _ => !(has_index && path.starts_with(&inside)),
    });
}
