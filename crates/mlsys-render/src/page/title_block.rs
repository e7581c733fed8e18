//! The values of a page's title block.

use super::dates::{self, Clock};
use crate::html::{Elements, Tag, escape, html, write_icon};
use crate::markdown::Markdown;
use mlsys_book::{OptionName, Value, Words, key, name};
use serde::Serialize;
use std::collections::BTreeMap;

/// The title block's values. All strings are HTML. Source: Quarto, "Title Blocks".
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct TitleBlock {
    pub title: String,
    pub subtitle: String,
    pub description: String,
    pub categories: Vec<String>,
    pub authors: Vec<Author>,
    /// True if authors are shown with their affiliations.
    pub has_affiliations: bool,
    pub author_heading: String,
    pub affiliation_heading: String,
    /// Further items, such as dates.
    pub meta: Vec<MetaItem>,
    pub summary: String,
    pub summary_heading: String,
    pub keywords: String,
    pub keywords_heading: String,
    /// `default`, `plain`, `manuscript` or `none`.
    pub style: String,
    pub banner: bool,
    pub banner_style: String,
    /// The book's cover, on its home page.
    pub cover: String,
}

/// An author.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Author {
    pub html: String,
    pub name: String,
    pub affiliations: Vec<String>,
}

/// An item with a heading, such as a date.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct MetaItem {
    pub heading: String,
    pub class: String,
    pub html: String,
}

/// Reads the title block from metadata. `markdown` reads text that may contain markup.
pub(crate) fn title_block(meta: &Value, words: &Words<'_>, clock: &Clock, markdown: Markdown<'_>) -> TitleBlock {
    let text = |key: OptionName| meta.text(key);
    let heading =
        |key: OptionName, word: &str| text(key).map_or_else(|| escape(&words.get(word)), |t| markdown.html(&t));
    let authors = authors(meta, markdown);
    let format = text(name!("date-format"));
    let date = |value: &Value| {
        // `date: {value: .., format: ..}` is also allowed.
        let own = value.read(key!("date", "format"));
        let value = value.value(name!("date", "value")).unwrap_or(value).to_text()?;
        Some(escape(&dates::shown(&value, own.as_deref().or(format.as_deref()), words, clock)))
    };
    let mut items = Vec::new();
    for (key, heading) in [
        (name!("date"), heading(name!("published-title"), "title-block-published")),
        (name!("date-modified"), heading(name!("modified-title"), "title-block-modified")),
    ] {
        if let Some(html) = meta.value(key).and_then(date) {
            items.push(MetaItem { heading, class: key.text().to_owned(), html });
        }
    }
    if let Some(doi) = text(name!("doi")) {
        let doi = doi.trim_start_matches("https://doi.org/");
        let html = html(|out| out.leaf(Tag::new("a").url("href", &format!("https://doi.org/{doi}")), doi));
        items.push(MetaItem { heading: heading(name!("doi-title"), "title-block-doi"), class: "doi".to_owned(), html });
    }
    let number = if authors.len() > 1 { "plural" } else { "single" };
    let affiliations: usize = authors.iter().map(|a| a.affiliations.len()).sum();
    let of_affiliations = if affiliations > 1 { "plural" } else { "single" };
    let list = |key: OptionName| meta.value(key).map(Value::items).unwrap_or(&[]).iter().filter_map(Value::to_text);
    let banner = meta.value(name!("title-block-banner"));
    TitleBlock {
        description: text(name!("description")).map(|t| described(&t, markdown)).unwrap_or_default(),
        categories: if meta.read(key!("title-block-categories")) == Some(false) {
            Vec::new()
        } else {
            list(name!("categories")).map(|c| escape(&c)).collect()
        },
        has_affiliations: affiliations > 0,
        author_heading: heading(name!("author-title"), &format!("title-block-author-{number}")),
        affiliation_heading: heading(name!("affiliation-title"), &format!("title-block-affiliation-{of_affiliations}")),
        authors,
        meta: items,
        summary_heading: heading(name!("abstract-title"), "section-title-abstract"),
        keywords: list(name!("keywords")).map(|k| escape(&k)).collect::<Vec<_>>().join(", "),
        keywords_heading: heading(name!("keywords-title"), "title-block-keywords"),
        style: style(meta.value(name!("title-block-style"))),
        banner: banner.is_some_and(|b| b.as_bool() != Some(false) && b.to_text().is_some()),
        banner_style: banner_style(banner.and_then(Value::as_str), text(name!("title-block-banner-color")).as_deref()),
        ..TitleBlock::default()
    }
}

/// The style of the title block; `false` is `none`, unknown ones are `default`.
fn style(value: Option<&Value>) -> String {
    let name = value.and_then(Value::to_text).unwrap_or_default();
    match name.as_str() {
        "plain" | "manuscript" | "none" => name,
        "false" => "none".to_owned(),
        _ => "default".to_owned(),
    }
}

/// A description. That of several lines (`description: |`) is paragraphs.
fn described(text: &str, markdown: Markdown<'_>) -> String {
    if !text.contains('\n') {
        return markdown.html(text);
    }
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    html(|out| {
        for paragraph in paragraphs {
            out.element(Tag::new("p"), |out| out.raw(&markdown.html(paragraph)));
        }
    })
}

/// Inline style for the banner's colours or image.
fn banner_style(banner: Option<&str>, colour: Option<&str>) -> String {
    let mut style = match banner {
        Some(image) if image.contains('.') && !image.contains(['"', '\\', '(', ')']) => {
            format!("background-image: url({image}); background-size: cover;")
        }
        Some(background) => format!("background: {background};"),
        None => String::new(),
    };
    if let Some(colour) = colour.filter(|c| !matches!(*c, "body" | "body-bg")) {
        style.push_str(&format!(" color: {colour};"));
    }
    style.replace(['<', '>'], "")
}

/// The authors in `author:` or `authors:`: names, or maps with `name`, `url`, `email`, `orcid`, `degrees` and
/// `affiliation(s)`, which can refer to `affiliations:` by `ref`. Source: Quarto, "Author & Affiliations".
fn authors(meta: &Value, markdown: Markdown<'_>) -> Vec<Author> {
    let Some(value) = meta.value(name!("author")).or_else(|| meta.value(name!("authors"))) else { return Vec::new() };
    let listed = meta.list(name!("affiliations")).iter().rev();
    // Reversed, because the first of two with the same id counts.
    let known = listed.filter_map(|a| Some((a.read(key!("affiliation", "id"))?, a))).collect();
    let mut authors: Vec<Author> = value.items().iter().filter_map(|item| author(item, &known, markdown)).collect();
    // `institute` has no references: the first belongs to the first author, those without an author to the last.
    let institutes = meta.list(name!("institute")).iter().chain(meta.list(name!("institutes")));
    for (at, institute) in institutes.enumerate() {
        let last = authors.len().saturating_sub(1);
        let affiliation = affiliation(institute, &known, markdown);
        if let (Some(author), Some(affiliation)) = (authors.get_mut(at.min(last)), affiliation) {
            author.affiliations.push(affiliation);
        }
    }
    authors
}

/// The affiliations that authors can refer to, by id.
type Affiliations<'a> = BTreeMap<String, &'a Value>;

fn author(item: &Value, affiliations: &Affiliations<'_>, markdown: Markdown<'_>) -> Option<Author> {
    if let Some(name) = item.to_text() {
        return Some(Author { name: markdown.plain(&name), html: markdown.html(&name), affiliations: Vec::new() });
    }
    let text = |key: OptionName| item.text(key);
    let mut name = match item.value(name!("author", "name"))? {
        name if name.to_text().is_some() => name.to_text()?,
        parts if parts.value(name!("name", "literal")).is_some() => parts.read(key!("name", "literal"))?,
        parts => [
            name!("name", "given"),
            name!("name", "dropping-particle"),
            name!("name", "non-dropping-particle"),
            name!("name", "family"),
            name!("name", "suffix"),
        ]
        .into_iter()
        .filter_map(|part| parts.text(part))
        .collect::<Vec<_>>()
        .join(" "),
    };
    if name.is_empty() {
        name = text(name!("name", "literal"))?;
    }
    let html = html(|out| {
        let markup = markdown.html(&name);
        match text(name!("author", "url")) {
            Some(url) => out.element(Tag::new("a").attr("href", url), |out| out.raw(&markup)),
            None => out.raw(&markup),
        }
        for degree in item.list(name!("author", "degrees")).iter().filter_map(Value::to_text) {
            out.text(", ");
            out.text(&degree);
        }
        if let Some(email) = text(name!("author", "email")) {
            let tag = Tag::new("a").attr("href", format!("mailto:{email}")).class("quarto-title-author-email");
            out.text(" ");
            out.element(tag.attr("aria-label", email), |out| write_icon(out, "envelope", None));
        }
        if let Some(orcid) = text(name!("author", "orcid")) {
            let orcid = orcid.trim_start_matches("https://orcid.org/");
            let tag = Tag::new("a").attr("href", format!("https://orcid.org/{orcid}"));
            let tag = tag.class("quarto-title-author-orcid").attr("aria-label", format!("ORCID {orcid}"));
            out.text(" ");
            out.element(tag, |out| write_icon(out, "person-badge", None));
        }
    });
    let listed = item.value(name!("author", "affiliations")).or_else(|| item.value(name!("author", "affiliation")));
    let affiliations =
        listed.map(Value::items).unwrap_or(&[]).iter().filter_map(|a| affiliation(a, affiliations, markdown)).collect();
    Some(Author { html, name, affiliations })
}

fn affiliation(item: &Value, affiliations: &Affiliations<'_>, markdown: Markdown<'_>) -> Option<String> {
    if let Some(reference) = item.read(key!("affiliation", "ref")) {
        let found = affiliations.get(&reference)?;
        // A reference to a reference could be circular.
        return if found.value(name!("affiliation", "ref")).is_some() {
            None
        } else {
            affiliation(found, affiliations, markdown)
        };
    }
    if let Some(name) = item.to_text() {
        return Some(markdown.html(&name));
    }
    let name = markdown.html(
        &item.value(name!("author", "name")).or_else(|| item.value(name!("affiliation", "department")))?.to_text()?,
    );
    Some(match item.read(key!("affiliation", "url")) {
        Some(url) => html(|out| out.element(Tag::new("a").attr("href", url), |out| out.raw(&name))),
        None => name,
    })
}
