//! The search index and `search.json`.

use crate::files::{Content, Files};
use crate::memo::per_page::{PerPage, PerSelectedPage};
use crate::project::Book;
use crate::site::embedded::SEARCH;
use crate::site::media::PageMedia;
use crate::site::shell::{Shell, chapter_number};
use mlsys_book::{Chapter, Links, PageId, Refs};
use mlsys_render::{PageEntry, Purpose, SearchIndex, SearchPage, plain, search_index, search_json, site_search};

/// The search entry of a page; `None` for excluded pages.
pub(crate) fn page_entry(
    book: &Book,
    (chapters, refs): (&PerPage<Chapter>, &Refs),
    shell: &Shell,
    id: PageId,
) -> Option<PageEntry> {
    let chapter = &chapters[id];
    let number = chapter_number(&book.project, refs, id, chapter);
    mlsys_render::page_entry(&book.project, &shell.chrome, id, &chapter.meta, number)
}

/// The search index and its files.
#[derive(Clone, Default)]
pub(crate) struct SearchFiles {
    /// The files of the index, and `search.json`.
    pub files: Files,
    index: SearchIndex,
}

/// Builds the search index, and `search.json` if it is on. Word ranges of the previous index are reused if none of their pages
/// changed.
pub(crate) fn search_files(
    book: &Book,
    (chapters, refs): (&PerPage<Chapter>, &Refs),
    links: &PerSelectedPage<Links>,
    media: &PerSelectedPage<PageMedia>,
    searched: &PerSelectedPage<Option<SearchPage>>,
    shell: &Shell,
    previous: Option<(&PerSelectedPage<Option<SearchPage>>, &SearchFiles)>,
) -> SearchFiles {
    let mut files = Files::new();
    let mut index = SearchIndex::default();
    if site_search(&book.project).is_some() {
        let earlier = previous.map(|(searched, files)| (pages(searched), &files.index));
        index = search_index(&pages(searched), earlier.as_ref().map(|(pages, index)| (pages.as_slice(), *index)));
        let texts = std::mem::take(&mut index.files).into_iter();
        files.extend(texts.map(|(name, text)| (format!("{SEARCH}/{name}"), Content::Bytes(text.into()))));
    }
    if book.project.site.search.as_ref().is_some_and(|search| search.json) {
        let pages = book.page_ids().filter_map(|id| {
            let (links, media) = links.get(id).zip(media.get(id))?;
            let entry = page_entry(book, (chapters, refs), shell, id)?;
            Some((plain(&chapters[id], links, &media.media, Purpose::SearchJson), entry))
        });
        files.insert("search.json".to_owned(), Content::Bytes(search_json(pages.collect()).into_bytes().into()));
    }
    SearchFiles { files, index }
}

/// The searchable pages.
fn pages(searched: &PerSelectedPage<Option<SearchPage>>) -> Vec<&SearchPage> {
    searched.values().flatten().collect()
}
