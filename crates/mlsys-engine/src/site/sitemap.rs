//! `sitemap.xml` and `robots.txt`.

use crate::files::{Content, Files};
use crate::memo::per_page::PerPage;
use crate::project::Book;
use jiff::civil::Date;
use mlsys_book::{Chapter, Page, PageId, ProjectKind, encoded_path, name};
use mlsys_render::{robots, site_map};

/// The pages that search engines and other lists may show: no drafts, no previews, and not the page for missing URLs.
pub fn public_pages(book: &Book) -> impl Iterator<Item = (PageId, &Page)> {
    book.page_ids().zip(&book.project.pages).filter(|(_, page)| page.is_public())
}

/// Adds the sitemap and `robots.txt` of a site that has a `site-url`. The project's own `robots.txt` takes precedence.
pub fn add_sitemap(book: &Book, chapters: &PerPage<Chapter>, files: &mut Files) {
    let Some(url) = book.project.site.url.as_ref().filter(|_| book.project.kind != ProjectKind::Default) else {
        return;
    };
    let mut pages: Vec<(String, Option<Date>)> = public_pages(book)
        .map(|(id, page)| (format!("{url}{}", encoded_path(&page.output)), last_modified(book, chapters, id)))
        .collect();
    pages.sort();
    let content = |text: String| Content::Bytes(text.into_bytes().into());
    files.insert("sitemap.xml".to_owned(), content(site_map(&pages)));
    if !book.files.iter().any(|file| file == "robots.txt") {
        files.insert("robots.txt".to_owned(), content(robots(url)));
    }
}

/// The date of a page's last change: the one in its metadata, otherwise the file's.
fn last_modified(book: &Book, chapters: &PerPage<Chapter>, id: PageId) -> Option<Date> {
    let meta = &chapters[id].meta;
    let stated = [name!("date-modified"), name!("date")].into_iter().filter_map(|key| meta.text(key));
    let stated = stated.filter_map(|text| text.get(..10)?.parse::<Date>().ok()).next();
    stated.or_else(|| book.pages.page(id).map(|page| page.modified))
}
