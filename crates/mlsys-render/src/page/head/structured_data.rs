//! Structured data: JSON-LD and Google Scholar's `meta` elements.

use super::meta_tags::{MetaTags, tag};
use crate::html::{Elements, Tag, Writer, html};
use mlsys_book::{BookRole, OptionName, ProjectKind, Value, key, name};
use serde_json::{Value as Json, json};

/// JSON-LD for a page of a site with a URL: book, chapter, article or web page, and its breadcrumbs. Source: schema.org;
/// Google, "Article" and "Breadcrumb" structured data.
///
/// `crumbs` are the breadcrumbs: name and absolute URL.
pub(crate) fn structured_data(
    tags: &MetaTags<'_>,
    headline: &str,
    description: Option<&str>,
    crumbs: &[(String, String)],
) -> String {
    let (Some(url), Some(site)) = (tags.canonical(), tags.project.site.url.as_ref()) else { return String::new() };
    let text = |key: OptionName| tags.meta.text(key);
    let whole = json!({
        "@type": if tags.project.kind == ProjectKind::Book { "Book" } else { "WebSite" },
        "name": tags.project.site.title,
        "url": site,
    });
    let is_home = tags.page.output == "index.html";
    let date = tags.date(name!("date"));
    let kind = match (tags.project.kind, tags.page.role) {
        (ProjectKind::Book, Some(BookRole::Home)) => "Book",
        (
            ProjectKind::Book,
            Some(BookRole::Chapter | BookRole::Part | BookRole::Appendix | BookRole::References) | None,
        ) => "Chapter",
        (ProjectKind::Website | ProjectKind::Default, _) if is_home => "WebSite",
        (ProjectKind::Website | ProjectKind::Default, _) if date.is_some() || !tags.authors.is_empty() => "Article",
        (ProjectKind::Website | ProjectKind::Default, _) => "WebPage",
    };
    let title = if is_home && !tags.project.site.title.is_empty() { &tags.project.site.title } else { headline };
    let mut page = json!({ "@type": kind, "name": title, "url": url });
    let mut put = |key: &str, value: Option<Json>| {
        if let (Some(map), Some(value)) = (page.as_object_mut(), value) {
            map.insert(key.to_owned(), value);
        }
    };
    if kind == "Article" {
        put("headline", Some(json!(title)));
    }
    put("description", description.map(|d| json!(d)));
    put("inLanguage", Some(json!(text(name!("lang")).unwrap_or_else(|| "en".to_owned()))));
    let people: Vec<Json> = tags.authors.iter().map(|name| json!({ "@type": "Person", "name": name })).collect();
    put("author", (!people.is_empty()).then(|| json!(people)));
    put("datePublished", date.map(|date| json!(date)));
    put("dateModified", tags.date(name!("date-modified")).map(|date| json!(date)));
    put("keywords", {
        let keywords: Vec<String> = [name!("keywords"), name!("categories")]
            .into_iter()
            .flat_map(|key| tags.meta.list(key))
            .filter_map(Value::to_text)
            .collect();
        (!keywords.is_empty()).then(|| json!(keywords))
    });
    put("image", tags.picture().map(|image| json!(image)));
    put("isPartOf", (!is_home).then_some(whole));
    let mut graph = vec![page];
    if crumbs.len() > 1 {
        let steps = crumbs
            .iter()
            .enumerate()
            .map(|(at, (name, url))| json!({ "@type": "ListItem", "position": at + 1, "name": name, "item": url }));
        graph.push(json!({ "@type": "BreadcrumbList", "itemListElement": steps.collect::<Vec<_>>() }));
    }
    let data = json!({ "@context": "https://schema.org", "@graph": graph }).to_string();
    // `<` could end the script element.
    let data = data.replace('<', "\\u003c");
    html(|out| out.line(Tag::new("script").attr("type", "application/ld+json"), |out| out.raw(&data)))
}

/// Google Scholar's `meta` elements, if `google-scholar` enables them. Source: Quarto, "Creating Citeable Articles"; Google
/// Scholar, "Inclusion Guidelines", indexing.
pub(crate) fn scholar_tags(tags: &MetaTags<'_>, title: &str) -> String {
    if tags.meta.read(key!("google-scholar")) != Some(true) {
        return String::new();
    }
    html(|out| write_scholar_tags(out, tags, title))
}

fn write_scholar_tags(out: &mut Writer, tags: &MetaTags<'_>, title: &str) {
    let citation = tags.meta.value(name!("citation"));
    let own = |key: OptionName| citation.and_then(|c| c.value(key)).and_then(Value::to_text);
    let meta = |key: OptionName| tags.meta.text(key);
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            tag(out, "name", &format!("citation_{name}"), &value);
        }
    };
    put("title", Some(title.to_owned()));
    put("abstract", meta(name!("abstract")));
    let keywords: Vec<String> = tags.meta.list(name!("keywords")).iter().filter_map(Value::to_text).collect();
    put("keywords", Some(keywords.join(",")));
    for author in tags.authors {
        put("author", Some(author.clone()));
    }
    let date = own(name!("citation", "issued")).or_else(|| meta(name!("date"))).and_then(|date| tags.iso(&date));
    put("publication_date", date.clone());
    put("cover_date", date.clone());
    put("year", date.as_deref().and_then(|date| date.get(..4)).map(str::to_owned));
    put("online_date", own(name!("citation", "available-date")).or(date));
    put("fulltext_html_url", own(name!("citation", "url")).or_else(|| tags.canonical()));
    put("pdf_url", own(name!("citation", "pdf-url")));
    put("issue", own(name!("citation", "issue")));
    put("doi", own(name!("citation", "doi")).or_else(|| meta(name!("doi"))));
    put("isbn", own(name!("citation", "isbn")));
    put("issn", own(name!("citation", "issn")));
    put("volume", own(name!("citation", "volume")));
    put(
        "firstpage",
        own(name!("citation", "page-first"))
            .or_else(|| own(name!("citation", "page")).and_then(|p| p.split(['-', '–']).next().map(str::to_owned))),
    );
    put("lastpage", own(name!("citation", "page-last")));
    put("publisher", own(name!("citation", "publisher")));
    put("language", Some(meta(name!("lang")).unwrap_or_else(|| "en".to_owned())));
    let container = match own(name!("citation", "type")).as_deref() {
        Some("paper-conference") => "conference_title",
        Some("chapter" | "book") => "inbook_title",
        Some("thesis") => "dissertation_institution",
        Some("report") => "technical_report_institution",
        _ => "journal_title",
    };
    put(container, own(name!("citation", "container-title")));
}
