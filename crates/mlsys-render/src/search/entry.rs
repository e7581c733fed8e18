//! What the site says of a page in its search: title, way to it, and whether it is there at all.

use crate::body::Html;
use crate::html::{escape, text_of};
use crate::site::Chrome;
use crate::site::numbered_title;
use crate::words::Words;
use mlsys_book::{BookRole, PageId, Project, Value};

/// What the site says of a page that its body does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageEntry {
    /// Its address, relative to the site's root.
    pub href: String,
    /// Its title as HTML, with its number; empty where the page has none.
    pub title: String,
    /// Whether it is a book's home page, which goes by the book's title in `search.json`.
    pub home: bool,
    /// Its name in navigation as HTML.
    pub label: String,
    /// The titles of the sections above it in the sidebar, and its own, as HTML; empty outside every sidebar.
    pub crumbs: Vec<String>,
    /// Its language.
    pub lang: String,
}

/// The entry of a page; nothing for pages that the search leaves out: those that say `search: false`, drafts, and the page that
/// stands for missing ones. Source: Quarto, "Website Search", "Website Drafts".
pub fn page_entry(
    project: &Project,
    chrome: &Chrome,
    page: PageId,
    meta: &Value,
    number: Option<&str>,
    html: &Html,
) -> Option<PageEntry> {
    let this = project.pages.get(page.0 as usize)?;
    let off = meta.get("search").and_then(Value::as_bool) == Some(false);
    if off || this.output == "404.html" || this.is_hidden() {
        return None;
    }
    let words = Words::new(meta);
    let label = chrome.labels.get(page.0 as usize).cloned().unwrap_or_default();
    let title = match &html.title {
        Some(title) if !title.is_empty() => title.clone(),
        _ if titled_by_heading(html) => unnumbered(&label).to_owned(),
        _ => String::new(),
    };
    let title = match (number, this.role) {
        (_, Some(BookRole::Home)) if title.is_empty() => escape(&project.site.title),
        _ if title.is_empty() => title,
        (Some(number), Some(BookRole::Appendix)) => {
            format!("{} {} — {title}", escape(&words.get("crossref-apx-prefix")), escape(number))
        }
        (Some(number), _) => numbered_title(number, &title),
        (None, _) => title,
    };
    let entry = chrome.sidebar_of(page, meta).and_then(|bar| bar.entries.iter().find(|entry| entry.page == page));
    let crumbs = entry.map(|entry| {
        let above = entry.sections.iter().map(|(title, _)| title.clone());
        above.chain([entry.label.clone()]).collect()
    });
    Some(PageEntry {
        href: this.output.clone(),
        title,
        home: this.role == Some(BookRole::Home),
        label,
        crumbs: crumbs.unwrap_or_default(),
        lang: words.lang().to_owned(),
    })
}

/// Whether a page has its title from its first heading.
pub(super) fn titled_by_heading(html: &Html) -> bool {
    let first = || html.content.split("<section").nth(1)?.split_once('>');
    html.title.as_ref().is_none_or(String::is_empty) && first().is_some_and(|(tag, _)| tag.contains("\"level1"))
}

/// A page's name in navigation without the chapter's number.
fn unnumbered(label: &str) -> &str {
    let title = label.split_once("<span class=\"chapter-title\">").and_then(|(_, title)| title.strip_suffix("</span>"));
    title.unwrap_or(label)
}

impl PageEntry {
    /// The title for results, as plain text: the name in navigation stands in for a missing one.
    pub(super) fn shown_title(&self) -> String {
        text_of(if self.title.is_empty() { &self.label } else { &self.title })
    }
}
