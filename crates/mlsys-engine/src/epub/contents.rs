//! The order of the pages of a book, and its contents.

use crate::memo::per_page::{PerPage, PerSelectedPage};
use crate::project::Book;
use crate::site::config_markdown::markdown;
use crate::site::shell::chapter_number;
use mlsys_book::{BookRole, Chapter, Links, NavItem, PageId, ProjectKind, Refs, plain_text};
use mlsys_epub::{Entry, text};
use mlsys_render::{TocEntry, plain_title};

/// A document of the package.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A page of the book.
    Page(PageId),
    /// The title of a part that has no page of its own.
    Title(String),
}

/// The documents in reading order.
pub fn reading_order(book: &Book) -> Vec<Part> {
    let is_shown = |id: &PageId| {
        // Servers show `404.html` for other pages.
        let page = &book.project.pages[*id];
        book.pages[*id].is_selected && !page.is_hidden() && page.output != "404.html"
    };
    let mut parts: Vec<Part> = Vec::new();
    let titles = part_titles(book);
    for id in book.page_ids().filter(is_shown) {
        let title = titles.iter().find(|(first, _)| *first == id);
        parts.extend(title.map(|(_, title)| Part::Title(title.clone())));
        parts.push(Part::Page(id));
    }
    parts
}

/// The parts of a book without pages of their own, each with its first page.
fn part_titles(book: &Book) -> Vec<(PageId, String)> {
    if book.project.kind != ProjectKind::Book {
        return Vec::new();
    }
    let items = book.project.site.sidebars.first().map_or(&[][..], |sidebar| &sidebar.contents);
    let parts = items.iter().filter(|item| item.section && item.page.is_none());
    parts.filter_map(|item| Some((first_page(&item.contents)?, label(book, item)?))).collect()
}

fn first_page(items: &[NavItem]) -> Option<PageId> {
    items.iter().find_map(|item| item.page.or_else(|| first_page(&item.contents)))
}

/// The text of an item of the navigation.
fn label(book: &Book, item: &NavItem) -> Option<String> {
    let text = plain_text(&markdown(book, "", item.text.as_deref()?));
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The pages of a book, with their numbers and links.
#[derive(Clone, Copy)]
pub struct Pages<'a> {
    /// The book.
    pub book: &'a Book,
    /// The trees.
    pub chapters: &'a PerPage<Chapter>,
    /// The numbers.
    pub refs: &'a Refs,
    /// The links.
    pub links: &'a PerSelectedPage<Links>,
}

/// The headings of a page.
type Headings<'a> = dyn Fn(PageId) -> &'a [TocEntry] + 'a;

impl<'a> Pages<'a> {
    /// The title of a page, with its number.
    pub fn title(&self, id: PageId) -> String {
        let Pages { book, chapters, refs, links } = *self;
        let chapter = &chapters[id];
        let page = &book.project.pages[id];
        let title =
            links.get(id).and_then(|links| plain_title(chapter, links)).filter(|title| !title.trim().is_empty());
        let heading = || Some(plain_text(&chapter.first_heading()?.content)).filter(|text| !text.trim().is_empty());
        let of_book = || Some(book.project.site.title.clone()).filter(|_| page.role == Some(BookRole::Home));
        let title = title.or_else(of_book).or_else(heading).unwrap_or_default();
        let stem = || page.output.rsplit('/').next().unwrap_or("").trim_end_matches(".html").to_owned();
        let title = if title.is_empty() { stem() } else { title };
        match chapter_number(&book.project, refs, id, chapter) {
            Some(number) => format!("{number} {title}"),
            None => title,
        }
    }

    /// The contents: the book's navigation with the headings of each page below it, then the pages that it does not name.
    pub fn contents(&self, parts: &'a [Part], headings: &'a Headings<'a>) -> Vec<Entry> {
        let mut table = Table { pages: *self, parts, headings, named: vec![false; parts.len()] };
        let items = self.book.project.site.sidebars.first().map_or(&[][..], |sidebar| &sidebar.contents);
        let mut entries = table.entries(items, 0);
        for (at, part) in parts.iter().enumerate() {
            if !table.named[at] && matches!(part, Part::Page(_)) {
                let entry = table.page(at, None);
                // The home page of a book is the first of its pages.
                if at == 0 { entries.insert(0, entry) } else { entries.push(entry) }
            }
        }
        entries
    }
}

struct Table<'a> {
    pages: Pages<'a>,
    parts: &'a [Part],
    headings: &'a Headings<'a>,
    /// For each document, true if the contents have it.
    named: Vec<bool>,
}

/// The deepest level of navigation that is listed.
const DEEPEST: usize = 6;

impl Table<'_> {
    fn entries(&mut self, items: &[NavItem], depth: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        for item in items {
            let page = item.page.and_then(|page| self.parts.iter().position(|part| *part == Part::Page(page)));
            let own = page.filter(|at| !self.named[*at]).map(|at| self.page(at, label(self.pages.book, item)));
            if !item.section {
                entries.extend(own);
                continue;
            }
            let inner = if depth < DEEPEST { self.entries(&item.contents, depth + 1) } else { Vec::new() };
            match own.or_else(|| self.group(item, &inner)) {
                Some(mut group) => {
                    group.children.extend(inner);
                    entries.push(group);
                }
                None => entries.extend(inner),
            }
        }
        entries
    }

    /// A part, or a section of the navigation, which leads to its first page.
    fn group(&mut self, item: &NavItem, inner: &[Entry]) -> Option<Entry> {
        let label = label(self.pages.book, item)?;
        let title = self.parts.iter().position(|part| matches!(part, Part::Title(title) if *title == label));
        let target = match title {
            Some(at) => (at, None),
            None => inner.first()?.target.clone(),
        };
        Some(Entry { label, target, children: Vec::new() })
    }

    fn page(&mut self, at: usize, label: Option<String>) -> Entry {
        self.named[at] = true;
        let Part::Page(id) = &self.parts[at] else { return Entry::default() };
        let label = label.unwrap_or_else(|| self.pages.title(*id));
        Entry { label, target: (at, None), children: headings((self.headings)(*id), at) }
    }
}

/// The headings of a page.
fn headings(toc: &[TocEntry], document: usize) -> Vec<Entry> {
    let mut entries = Vec::new();
    for heading in toc {
        let label = text(&heading.html);
        let children = headings(&heading.children, document);
        let label = match &heading.number {
            Some(number) => format!("{number} {label}"),
            None => label,
        };
        if label.trim().is_empty() {
            entries.extend(children);
        } else {
            entries.push(Entry { label, target: (document, Some(heading.id.clone())), children });
        }
    }
    entries
}
