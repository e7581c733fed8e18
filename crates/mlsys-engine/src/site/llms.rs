//! `llms.txt` and the Markdown of each page, for language models. Source: llmstxt.org.

use crate::files::{Content, Files};
use crate::memo::per_page::{PerPage, PerSelectedPage};
use crate::parallel::in_parallel;
use crate::project::Book;
use crate::site::listings::PageListings;
use crate::site::media::PageMedia;
use crate::site::page_urls::PageUrls;
use crate::site::shell::chapter_number;
use crate::site::sitemap::public_pages;
use crate::url::relative;
use mlsys_book::{Chapter, Cited, Links, Media, Page, PageId, Refs, Target, encoded_path, key};
use mlsys_render::{LlmsPage, MarkdownListing, Urls, has_llms_txt, has_markdown, llms_txt, page_markdown};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The resolved trees of a book.
#[derive(Clone, Copy)]
pub struct Resolved<'a> {
    /// The trees.
    pub chapters: &'a PerPage<Chapter>,
    /// The numbers.
    pub refs: &'a Refs,
    /// The links.
    pub links: &'a PerSelectedPage<Links>,
}

/// Adds the pages' Markdown if the site has it, and `llms.txt` if `llms-txt` is on. `titles` are the pages' titles in navigation.
pub fn add_llms_files(
    book: &Book,
    pages: Resolved<'_>,
    (media, listings): (&PerSelectedPage<PageMedia>, &PerSelectedPage<Option<PageListings>>),
    titles: &[String],
    files: &mut Files,
) {
    if !has_markdown(&book.project) {
        return;
    }
    let site = &book.project.site;
    let content = |text: String| Content::Bytes(text.into_bytes().into());
    let of_page = |id: PageId| listings.get(id).and_then(Option::as_ref).map_or(&[][..], |listings| &listings.texts);
    let texts = markdown_of_pages(book, pages, &|id| Some((&media.get(id)?.media, of_page(id))));
    files.extend(texts.into_iter().map(|(path, text)| (path, content(text))));
    if !has_llms_txt(&book.project) {
        return;
    }
    let listed: Vec<LlmsPage> = public_pages(book)
        .map(|(id, page)| LlmsPage {
            title: titles.get(id.index()).cloned().unwrap_or_default(),
            url: format!("{}{}", site.url.as_deref().unwrap_or(""), encoded_path(&page.markdown_output())),
            description: pages.chapters[id].meta.read(key!("description")),
        })
        .collect();
    let index = llms_txt(&site.title, site.description.as_deref(), &listed);
    files.insert("llms.txt".to_owned(), content(index));
}

/// The Markdown of the public pages: output file and text. `contents` gives the media of a page and the listings on it.
pub fn markdown_of_pages<'m>(
    book: &Book,
    Resolved { chapters, refs, links }: Resolved<'_>,
    contents: &(dyn Fn(PageId) -> Option<(&'m Media, &'m [MarkdownListing])> + Sync),
) -> Vec<(String, String)> {
    let pages: Vec<(PageId, &Page)> = public_pages(book).collect();
    let public: BTreeSet<PageId> = pages.iter().map(|(id, _)| *id).collect();
    let targets = targets(links);
    let texts = in_parallel(pages, |(id, page)| {
        let (links, contents) = links.get(id).zip(contents(id))?;
        let chapter = &chapters[id];
        let number = chapter_number(&book.project, refs, id, chapter);
        let urls = MarkdownUrls { book, page: id, public: &public, site: PageUrls::new(book, id) };
        let targets = targets.get(&id).cloned().unwrap_or_default();
        let text = page_markdown(chapter, links, contents, number, &urls, &targets);
        Some((page.markdown_output(), text + "\n"))
    });
    texts.into_iter().flatten().collect()
}

/// The ids that other pages link to, by page.
fn targets(links: &PerSelectedPage<Links>) -> BTreeMap<PageId, BTreeSet<&str>> {
    let mut targets: BTreeMap<PageId, BTreeSet<&str>> = BTreeMap::new();
    for (page, id) in links.values().flat_map(targets_elsewhere) {
        targets.entry(page).or_default().insert(id);
    }
    targets
}

/// The ids on other pages that a page links to.
fn targets_elsewhere(links: &Links) -> Vec<(PageId, &str)> {
    let references = links.cites.values().flat_map(|cited| match cited {
        Cited::CrossReferences(references) => references.as_slice(),
        Cited::Citation { .. } | Cited::Text => &[],
    });
    let of_references = references.filter_map(|reference| reference.target.as_ref());
    let all = of_references.chain(links.targets.values()).chain(links.fragments.values());
    all.filter(|target| target.page != links.page).filter_map(|t| Some((t.page, t.anchor.as_deref()?))).collect()
}

/// The URLs in a page's Markdown: links lead to the Markdown of other pages, files are those of the site.
struct MarkdownUrls<'a> {
    book: &'a Book,
    page: PageId,
    /// The pages that have Markdown.
    public: &'a BTreeSet<PageId>,
    site: PageUrls<'a>,
}

impl Urls for MarkdownUrls<'_> {
    fn href(&self, target: &Target) -> String {
        let pages = &self.book.project.pages;
        match pages.page(target.page).filter(|_| target.page != self.page && self.public.contains(&target.page)) {
            Some(page) => {
                let anchor = target.anchor.as_ref().map(|anchor| format!("#{anchor}")).unwrap_or_default();
                let url = relative(&pages[self.page].output, &encoded_path(&page.markdown_output()));
                format!("{}{anchor}", url.strip_prefix("./").unwrap_or(&url))
            }
            None => self.site.href(target),
        }
    }

    fn resource(&self, url: &str) -> String {
        self.site.resource(url)
    }

    fn raw_html<'h>(&self, html: &'h str) -> Cow<'h, str> {
        self.site.raw_html(html)
    }
}
