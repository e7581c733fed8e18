//! Files for crawlers: `sitemap.xml`, `robots.txt`, `llms.txt`.

use crate::html::{Elements, Syntax, Tag, Writer};
use jiff::civil::Date;
use mlsys_book::{Project, ProjectKind, key};

/// `sitemap.xml`: absolute URLs with the dates of their last changes. Source: sitemaps.org, protocol 0.9.
pub fn site_map(pages: &[(String, Option<Date>)]) -> String {
    let mut out = Writer::new(Syntax::Xml);
    out.xml_declaration();
    out.lines(Tag::new("urlset").attr("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"), |out| {
        for (url, day) in pages {
            out.text("  ");
            out.line(Tag::new("url"), |out| {
                out.text("\n    ");
                out.leaf(Tag::new("loc"), url);
                if let Some(day) = day {
                    out.text("\n    ");
                    out.leaf(Tag::new("lastmod"), &day.to_string());
                }
                out.text("\n  ");
            });
        }
    });
    out.finish()
}

/// `robots.txt`, which names the sitemap. Source: RFC 9309 and the sitemaps.org protocol.
pub fn robots(site_url: &str) -> String {
    format!("Sitemap: {}/sitemap.xml\n", site_url.trim_end_matches('/'))
}

/// True if the site has `llms.txt`.
pub fn has_llms_txt(project: &Project) -> bool {
    let raw = project.site.raw.as_ref();
    raw.and_then(|raw| raw.read(key!("website", "llms-txt"))) == Some(true) && project.kind != ProjectKind::Default
}

/// True if pages have an action that copies their Markdown.
pub(crate) fn copies_markdown(project: &Project) -> bool {
    project.meta.read(key!("mlsys.copy-markdown")) == Some(true) && project.kind != ProjectKind::Default
}

/// True if the site has the Markdown of its public pages.
pub fn has_markdown(project: &Project) -> bool {
    has_llms_txt(project) || copies_markdown(project)
}

/// `llms.txt`: the site's name and description, and links to the Markdown of its pages. Source: llmstxt.org and Quarto,
/// "Website Options", `llms-txt`.
pub fn llms_txt(title: &str, description: Option<&str>, pages: &[LlmsPage]) -> String {
    let mut out = format!("# {}\n", line(title));
    if let Some(description) = description {
        out.push_str(&format!("\n> {}\n", line(description)));
    }
    out.push_str("\n## Pages\n\n");
    for page in pages {
        out.push_str(&format!("- [{}]({})", line(&page.title).replace(['[', ']'], ""), page.url));
        if let Some(description) = &page.description {
            out.push_str(&format!(": {}", line(description)));
        }
        out.push('\n');
    }
    out
}

/// A page in `llms.txt`.
pub struct LlmsPage {
    /// Its title as plain text.
    pub title: String,
    /// The URL of its Markdown.
    pub url: String,
    /// Its description as plain text.
    pub description: Option<String>,
}

/// Collapses white space, so that the text fits on one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
