//! `llms.txt` and the Markdown of each page, for language models. Source: llmstxt.org.

use crate::files::{Content, Files};
use crate::memo::per_page::{PerPage, PerSelectedPage};
use crate::project::Book;
use crate::site::sitemap::public_pages;
use crate::url::relative;
use mlsys_book::{Chapter, InlineKind, Links, Node, Page, PageId, ProjectKind, key, walk};
use mlsys_parse::front_matter;
use mlsys_render::{LlmsPage, llms_txt};

/// Adds `llms.txt` and the pages' Markdown if `llms-txt` is on. `titles` are the pages' titles in navigation.
pub fn add_llms_files(
    book: &Book,
    chapters: &PerPage<Chapter>,
    links: &PerSelectedPage<Links>,
    titles: &[String],
    files: &mut Files,
) {
    let site = &book.project.site;
    let is_on = site.raw.as_ref().and_then(|raw| raw.read(key!("website", "llms-txt"))) == Some(true);
    if !is_on || book.project.kind == ProjectKind::Default {
        return;
    }
    let content = |text: String| Content::Bytes(text.into_bytes().into());
    let mut pages = Vec::new();
    for (id, page) in public_pages(book) {
        let path = markdown_path(page);
        let description = chapters[id].meta.read(key!("description"));
        let title = titles.get(id.index()).cloned().unwrap_or_default();
        if book.pages[id].is_selected {
            let replacements = link_replacements(book, &chapters[id], links.get(id), page);
            files.insert(path.clone(), content(page_markdown(book, &chapters[id], id, &title, replacements)));
        }
        let url = format!("{}{path}", site.url.as_deref().unwrap_or(""));
        pages.push(LlmsPage { title, url, description });
    }
    let index = llms_txt(&site.title, site.description.as_deref(), &pages);
    files.insert("llms.txt".to_owned(), content(index));
}

/// The URL of a link in the source, as bytes, and the URL that replaces it.
struct Replacement {
    start: usize,
    end: usize,
    url: String,
}

/// The source of a page with its includes, below its title; links lead to the Markdown of other pages.
fn page_markdown(book: &Book, chapter: &Chapter, id: PageId, title: &str, replacements: Vec<Replacement>) -> String {
    let source = book.source(id);
    let body = front_matter(source).value.body;
    let text = source.slice(body);
    let base = body.start as usize;
    let mut out = match chapter.title {
        Some(_) => format!("# {title}\n\n"),
        None => String::new(),
    };
    let mut rest = 0;
    for replacement in replacements {
        if let (Some(from), Some(to)) = (replacement.start.checked_sub(base), replacement.end.checked_sub(base))
            && from >= rest
            && let Some(before) = text.get(rest..from)
        {
            out.push_str(before);
            out.push_str(&replacement.url);
            rest = to;
        }
    }
    out.push_str(text.get(rest..).unwrap_or(""));
    format!("{}\n", out.trim())
}

/// The links of a page to other pages, in the order of the source.
fn link_replacements(book: &Book, chapter: &Chapter, links: Option<&Links>, page: &Page) -> Vec<Replacement> {
    let mut replacements = Vec::new();
    let Some(links) = links else { return replacements };
    let from = markdown_path(page);
    walk(&chapter.blocks, &mut |node| {
        if let Node::Inline(inline) = node
            && let InlineKind::Link(link) = &inline.kind
            && let Some(target) = links.targets.get(&inline.span.start)
            && let Some(page) = book.project.pages.page(target.page)
        {
            let anchor = target.anchor.as_ref().map(|anchor| format!("#{anchor}")).unwrap_or_default();
            let url = relative(&from, &markdown_path(page)) + &anchor;
            let (start, end) = (link.url_span.start as usize, link.url_span.end as usize);
            replacements.push(Replacement { start, end, url });
        }
        true
    });
    replacements.sort_unstable_by(|a, b| (a.start, a.end, &a.url).cmp(&(b.start, b.end, &b.url)));
    replacements
}

/// The output file of a page's Markdown.
fn markdown_path(page: &Page) -> String {
    format!("{}.llms.md", page.output.strip_suffix(".html").unwrap_or(&page.output))
}
