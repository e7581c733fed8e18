//! The title of a page: from its body, the book and its number.

use super::context::PageContext;
use super::root::from_root_url;
use super::title_block::{TitleBlock, title_block};
use crate::html::{Elements, Tag, escape, html};
use crate::site::navigation::numbered_title;
use mlsys_book::{BookRole, OptionName, Page, Value, Words, key, name};

/// What a page is called.
pub(super) struct Title {
    pub block: TitleBlock,
    /// The title as plain text.
    pub text: String,
    /// The description as plain text.
    pub description: Option<String>,
    /// The subtitle as plain text.
    pub subtitle: Option<String>,
}

/// The title of a page, with its title block.
pub(super) fn title(cx: &PageContext<'_>, page: &Page, words: &Words<'_>, appendix: &str, root: &str) -> Title {
    let home = (page.role == Some(BookRole::Home)).then(|| book_meta(cx));
    let meta = home.as_ref().unwrap_or(cx.meta);
    let description = meta.read(key!("description"));
    let description = description.map(|text| cx.markdown.plain(&text)).filter(|text| !text.is_empty());
    let subtitle = meta.read(key!("subtitle"));
    let subtitle = subtitle.map(|text| cx.markdown.plain(&text)).filter(|text| !text.is_empty());
    let mut block = title_block(meta, words, &cx.clock, cx.markdown);
    block.title = cx.html.title.clone().unwrap_or_default();
    block.subtitle = cx.html.subtitle.clone().unwrap_or_default();
    block.summary = cx.html.summary.clone().unwrap_or_default();
    if home.is_some() && block.title.is_empty() {
        block.title = cx.markdown.html(&cx.project.site.title);
        let subtitle = cx.project.site.subtitle.as_deref();
        block.subtitle = subtitle.map(|subtitle| cx.markdown.html(subtitle)).unwrap_or_default();
        block.cover = cover(cx, root);
    }
    if home.is_some() && block.summary.is_empty() {
        let summary = meta.read(key!("abstract")).unwrap_or_default();
        let paragraphs = summary.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
        block.summary = html(|out| {
            paragraphs.for_each(|text| out.line(Tag::new("p"), |out| out.raw(&cx.markdown.html(text))));
        });
    }
    // If the page has a title, that shows the number; otherwise the body's heading does.
    let is_front = page.output == "index.html" && cx.is_site() && !cx.project.site.title.is_empty();
    let text = match cx.title {
        Some(title) => title.to_owned(),
        // A front page without a title has that of its site.
        None if is_front => String::new(),
        None => cx.chrome.page_name(cx.page).to_owned(),
    };
    if let (Some(number), true) = (cx.number, cx.html.title.is_some()) {
        block.title = if page.role == Some(BookRole::Appendix) {
            let delim = cx.meta.read(key!("crossref.appendix-delim"));
            let delim = delim.unwrap_or_else(|| " —".to_owned());
            format!("{} {}{} {}", escape(appendix), escape(number), escape(&delim), block.title)
        } else {
            numbered_title(number, &block.title)
        };
    }
    if let Some(id) = &cx.html.title_id {
        let tag = Tag::new("span").id(id).class("quarto-section-identifier");
        block.title = html(|out| out.element(tag, |out| out.raw(&block.title)));
    }
    Title { block, text, description, subtitle }
}

/// The metadata of a book's home page: its own, over that of `book:`. Source: Quarto, "Book Basics".
fn book_meta(cx: &PageContext<'_>) -> Value {
    let mut book = Value::empty(cx.meta.place);
    if let (mlsys_book::ValueKind::Map(entries), Some(raw)) = (&mut book.kind, cx.project.site.raw.as_ref()) {
        let keys =
            ["author", "authors", "date", "date-modified", "date-format", "description", "doi", "abstract", "keywords"];
        entries.extend(raw.entries().iter().filter(|e| keys.contains(&e.key.as_str())).cloned());
    }
    // A page's own authors replace the book's instead of joining them.
    if let mlsys_book::ValueKind::Map(entries) = &mut book.kind {
        entries.retain(|entry| cx.meta.get(&entry.key).is_none());
    }
    book.merge(cx.meta)
}

/// The book's cover, for its home page.
fn cover(cx: &PageContext<'_>, root: &str) -> String {
    let text = |key: OptionName| cx.project.site.raw.as_ref().and_then(|raw| raw.value(key)).and_then(Value::to_text);
    let Some(image) = text(name!("book", "cover-image")) else { return String::new() };
    let tag = Tag::new("img").class("quarto-cover-image img-fluid nolightbox");
    let tag = tag.attr("src", from_root_url(&image, root));
    html(|out| out.void(tag.attr("alt", text(name!("book", "cover-image-alt")).unwrap_or_default())))
}
