//! Feeds of listings. Source: RSS 2.0; Quarto, "Document Listings", feeds.

use crate::html::{Elements, Syntax, Tag, Writer};
use jiff::civil::DateTime;

/// A feed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feed {
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// The absolute URL of the site or page that it belongs to.
    pub link: String,
    /// Its own absolute URL.
    pub self_url: String,
    /// Its language.
    pub language: String,
    /// The absolute URL of its image.
    pub image: Option<String>,
    /// Its items.
    pub items: Vec<FeedItem>,
}

/// An item of a feed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeedItem {
    /// Plain text.
    pub title: String,
    /// The absolute URL.
    pub link: String,
    /// The authors' names.
    pub authors: Vec<String>,
    /// HTML with absolute URLs.
    pub content: String,
    /// The categories.
    pub categories: Vec<String>,
    /// The date of publication.
    pub date: Option<DateTime>,
    /// The absolute URL of its image.
    pub image: Option<String>,
}

/// Renders an RSS feed. `lastBuildDate` is the date of the newest item, so that the same sources give the same feed.
pub fn feed(feed: &Feed) -> String {
    let rss = Tag::new("rss").attr("xmlns:atom", "http://www.w3.org/2005/Atom");
    let rss = rss.attr("xmlns:media", "http://search.yahoo.com/mrss/");
    let rss = rss.attr("xmlns:content", "http://purl.org/rss/1.0/modules/content/");
    let rss = rss.attr("xmlns:dc", "http://purl.org/dc/elements/1.1/").attr("version", "2.0");
    let mut out = Writer::new(Syntax::Xml);
    out.xml_declaration();
    out.lines(rss, |out| out.lines(Tag::new("channel"), |out| channel(out, feed)));
    out.finish()
}

fn channel(out: &mut Writer, feed: &Feed) {
    field(out, "title", &feed.title);
    field(out, "link", &feed.link);
    let tag = Tag::new("atom:link").attr("href", &feed.self_url).attr("rel", "self");
    out.void(tag.attr("type", "application/rss+xml"));
    out.newline();
    field(out, "description", &feed.description);
    if !feed.language.is_empty() {
        field(out, "language", &feed.language);
    }
    if let Some(image) = &feed.image {
        out.lines(Tag::new("image"), |out| {
            field(out, "url", image);
            field(out, "title", &feed.title);
            field(out, "link", &feed.link);
        });
    }
    field(out, "generator", concat!("mlsys-", env!("CARGO_PKG_VERSION")));
    if let Some(newest) = feed.items.iter().filter_map(|item| item.date).max() {
        field(out, "lastBuildDate", &rfc_822(newest));
    }
    for item in &feed.items {
        out.lines(Tag::new("item"), |out| write_item(out, item));
    }
}

fn write_item(out: &mut Writer, item: &FeedItem) {
    field(out, "title", &item.title);
    for author in &item.authors {
        field(out, "dc:creator", author);
    }
    field(out, "link", &item.link);
    out.line(Tag::new("description"), |out| out.cdata(item.content.trim()));
    for category in &item.categories {
        field(out, "category", category);
    }
    field(out, "guid", &item.link);
    if let Some(date) = item.date {
        field(out, "pubDate", &rfc_822(date));
    }
    if let Some(image) = &item.image {
        out.void(Tag::new("media:content").attr("url", image).attr("medium", "image"));
        out.newline();
    }
}

fn field(out: &mut Writer, name: &'static str, text: &str) {
    out.leaf(Tag::new(name), text);
    out.newline();
}

/// Formats a date and time for RSS: `Sun, 10 Mar 2024 00:00:00 GMT`. Source: RFC 822, section 5.
fn rfc_822(at: DateTime) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
