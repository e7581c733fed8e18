//! A page as the site names it in its search: where it is, its title, and whether it is there at all.

use crate::plain::PlainText;
use crate::site::Chrome;
use crate::site::navigation::{Label, numbered_text};
use mlsys_book::{BookRole, PageId, Project, Value, Words, encoded_path, key};
use serde::Serialize;

/// What the site knows of a page and its text does not.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PageEntry {
    /// The URL, relative to the site's root.
    pub href: String,
    /// True for a book's home page, which has the book's title in `search.json`.
    pub home: bool,
    /// The site's title.
    pub site_title: String,
    /// The chapter's number; that of an appendix with its word.
    pub number: Option<ChapterNumber>,
    /// The language.
    pub lang: String,
    /// The name in navigation.
    label: Label,
    /// The names of the sections above it in the sidebar, and its own; empty outside every sidebar.
    crumbs: Vec<Label>,
}

/// The number of a chapter as titles show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ChapterNumber {
    /// `2`: before the title.
    Chapter(String),
    /// `Appendix A`: before a dash and the title.
    Appendix(String),
}

/// The entry of a page. `None` for pages that the search leaves out: those with `search: false`, drafts, and the page for missing
/// ones. Source: Quarto, "Website Search", "Website Drafts".
pub fn page_entry(
    project: &Project,
    chrome: &Chrome,
    page: PageId,
    meta: &Value,
    number: Option<&str>,
) -> Option<PageEntry> {
    let this = project.pages.page(page)?;
    let off = meta.read(key!("search")) == Some(false);
    if off || this.output == "404.html" || this.is_hidden() {
        return None;
    }
    let words = Words::new(meta);
    let number = number.map(|number| match this.role {
        Some(BookRole::Appendix) => ChapterNumber::Appendix(format!("{} {number}", words.get("crossref-apx-prefix"))),
        Some(BookRole::Home | BookRole::Chapter | BookRole::Part | BookRole::References) | None => {
            ChapterNumber::Chapter(number.to_owned())
        }
    });
    let entry =
        chrome.sidebar_of(page, meta, false).and_then(|bar| bar.entries.iter().find(|entry| entry.page == page));
    let crumbs = entry.map(|entry| {
        let above = entry.sections.iter().map(|(label, _)| label.clone());
        above.chain([entry.label.clone()]).collect()
    });
    Some(PageEntry {
        href: encoded_path(&this.output).into_owned(),
        home: this.role == Some(BookRole::Home),
        site_title: project.site.title.clone(),
        number,
        lang: words.lang().to_owned(),
        label: chrome.labels.get(page.index()).cloned().unwrap_or_default(),
        crumbs: crumbs.unwrap_or_default(),
    })
}

impl PageEntry {
    /// The title with its number; empty where the page has none.
    pub(super) fn title(&self, page: &PlainText) -> String {
        let title = match page.title.as_deref() {
            Some(title) if !title.is_empty() => title,
            Some(_) | None if page.titled_by_heading() => &self.label.text,
            Some(_) | None if self.home => return self.site_title.clone(),
            Some(_) | None => return String::new(),
        };
        match &self.number {
            Some(ChapterNumber::Appendix(number)) => format!("{number} — {title}"),
            Some(ChapterNumber::Chapter(number)) => numbered_text(number, title),
            None => title.to_owned(),
        }
    }

    /// The title for results; pages without one have their label in navigation.
    pub(super) fn shown_title(&self, page: &PlainText) -> String {
        let title = self.title(page);
        if title.is_empty() { self.label.plain() } else { title }
    }

    /// The crumbs as plain text.
    pub(super) fn crumbs(&self) -> Vec<String> {
        self.crumbs.iter().map(Label::plain).collect()
    }

    /// The crumbs for `search.json`: a chapter's number has its markup, whose quotes are single.
    pub(super) fn crumbs_with_markup(&self) -> Vec<String> {
        let crumb = |label: &Label| match &label.number {
            Some(_) => label.html.fill(PageId(0), "./").replace('"', "'").replace("&nbsp;", "\u{a0}"),
            None => label.plain(),
        };
        self.crumbs.iter().map(crumb).collect()
    }
}
