//! Feeds of listings. Source: RSS 2.0; Quarto, "Document Listings", feeds.

use crate::html::escape;
use jiff::civil::DateTime;

/// A feed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feed {
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// The absolute URL of its site or page.
    pub link: String,
    /// Its own absolute URL.
    pub address: String,
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

/// Writes a feed. Its build date is that of its newest item, so that the same sources make the same feed.
pub fn feed(feed: &Feed) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <rss xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:media=\"http://search.yahoo.com/mrss/\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" version=\"2.0\">\n\
         <channel>\n<title>{0}</title>\n<link>{1}</link>\n\
         <atom:link href=\"{2}\" rel=\"self\" type=\"application/rss+xml\"/>\n<description>{3}</description>\n",
        escape(&feed.title),
        escape(&feed.link),
        escape(&feed.address),
        escape(&feed.description),
    );
    if !feed.language.is_empty() {
        out.push_str(&format!("<language>{}</language>\n", escape(&feed.language)));
    }
    if let Some(image) = &feed.image {
        out.push_str(&format!(
            "<image>\n<url>{}</url>\n<title>{}</title>\n<link>{}</link>\n</image>\n",
            escape(image),
            escape(&feed.title),
            escape(&feed.link)
        ));
    }
    out.push_str(&format!("<generator>mlsys-{}</generator>\n", env!("CARGO_PKG_VERSION")));
    if let Some(newest) = feed.items.iter().filter_map(|item| item.date).max() {
        out.push_str(&format!("<lastBuildDate>{}</lastBuildDate>\n", rfc_822(newest)));
    }
    for item in &feed.items {
        out.push_str(&format!("<item>\n<title>{}</title>\n", escape(&item.title)));
        for author in &item.authors {
            out.push_str(&format!("<dc:creator>{}</dc:creator>\n", escape(author)));
        }
        let link = escape(&item.link);
        // `]]>` within the text would end it.
        let content = item.content.trim().replace("]]>", "]]&gt;");
        out.push_str(&format!("<link>{link}</link>\n<description><![CDATA[{content}]]></description>\n"));
        for category in &item.categories {
            out.push_str(&format!("<category>{}</category>\n", escape(category)));
        }
        out.push_str(&format!("<guid>{link}</guid>\n"));
        if let Some(date) = item.date {
            out.push_str(&format!("<pubDate>{}</pubDate>\n", rfc_822(date)));
        }
        if let Some(image) = &item.image {
            out.push_str(&format!("<media:content url=\"{}\" medium=\"image\"/>\n", escape(image)));
        }
        out.push_str("</item>\n");
    }
    out.push_str("</channel>\n</rss>\n");
    out
}

/// A moment as feeds have it: `Sun, 10 Mar 2024 00:00:00 GMT`. Source: RFC 822, section 5.
fn rfc_822(at: DateTime) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
