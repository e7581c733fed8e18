//! The document title, and the `meta` elements for search engines and social networks.

use crate::html::{Elements, Tag, Writer, html, site_path};
use crate::page::dates::{Clock, moment};
use mlsys_book::{BookRole, OptionName, Page, Project, ProjectKind, Value, encoded_path, key, name, without_index};

/// The text of the `title` element.
///
/// `PAGE – SITE`: `pagetitle` overrides the page's part and `title-prefix` the site's. A `pagetitle` set by the project would
/// make all browser tabs alike, so the page's own title precedes it. A book's home page has the book's title. Source: Quarto,
/// "HTML Options" (`pagetitle`, `title-prefix`), "Book Basics".
pub(crate) fn document_title(
    project: &Project,
    page: &Page,
    meta: &Value,
    title: &str,
    number: Option<&str>,
    appendix: &str,
) -> String {
    let text = |meta: &Value, key: OptionName| meta.text(key).filter(|t| !t.is_empty());
    let site = match text(meta, name!("title-prefix")) {
        Some(prefix) => prefix,
        None if project.kind == ProjectKind::Default => String::new(),
        None => project.site.title.clone(),
    };
    if page.role == Some(BookRole::Home) {
        return if site.is_empty() { title.to_owned() } else { site };
    }
    let of_page = text(meta, name!("pagetitle"));
    let of_project = text(&project.meta, name!("pagetitle"));
    let (own, site) = match (of_page, of_project) {
        (Some(own), shared) if shared.as_ref() != Some(&own) => (own, site),
        (Some(shared), _) => (title.to_owned(), shared),
        (None, _) => {
            let numbered = match (number, page.role) {
                (Some(number), Some(BookRole::Appendix)) => format!("{appendix} {number} — {title}"),
                (
                    Some(number),
                    None | Some(BookRole::Home | BookRole::Chapter | BookRole::Part | BookRole::References),
                ) => format!("{number}\u{a0} {title}"),
                (None, _) => title.to_owned(),
            };
            (numbered, site)
        }
    };
    match (own.is_empty(), site.is_empty()) {
        (true, _) => site,
        (false, true) => own,
        (false, false) if own == site => own,
        (false, false) => format!("{own} – {site}"),
    }
}

/// The values of the `meta` elements.
pub(crate) struct MetaTags<'a> {
    pub project: &'a Project,
    pub page: &'a Page,
    pub meta: &'a Value,
    /// The document's title.
    pub title: &'a str,
    /// Plain text.
    pub description: Option<&'a str>,
    /// Plain text, for cards of pages without a description.
    pub subtitle: Option<&'a str>,
    /// The dates that `today` and `last-modified` stand for.
    pub clock: Clock,
    pub authors: &'a [String],
    /// The URL of the page's preview image, from its text.
    pub preview: Option<&'a str>,
    /// Width and height of the page's image, or of the site's.
    pub picture_size: Option<(u32, u32)>,
}

impl MetaTags<'_> {
    /// The elements, one a line.
    pub fn html(&self) -> String {
        html(|out| self.write(out))
    }

    fn write(&self, out: &mut Writer) {
        let text = |key: OptionName| self.meta.text(key);
        match text(name!("author-meta")) {
            Some(author) => tag(out, "name", "author", &author),
            None => self.authors.iter().for_each(|author| tag(out, "name", "author", author)),
        }
        if let Some(date) = text(name!("date-meta")).or_else(|| self.date(name!("date"))) {
            tag(out, "name", "dcterms.date", &date);
        }
        let keywords: Vec<_> = self.meta.list(name!("keywords")).iter().filter_map(Value::to_text).collect();
        if !keywords.is_empty() {
            tag(out, "name", "keywords", &keywords.join(", "));
        }
        let description = text(name!("description-meta")).or_else(|| self.description.map(str::to_owned));
        let of_site = || self.project.site.description.clone();
        let in_cards = description.clone().or_else(|| self.subtitle.map(str::to_owned)).or_else(of_site);
        let description = description.or_else(of_site);
        if let Some(description) = &description {
            tag(out, "name", "description", description);
        }
        if self.page.draft.is_some() {
            tag(out, "name", "quarto:status", "draft");
        }
        self.card(
            out,
            "property",
            "og",
            name!("open-graph"),
            self.project.site.open_graph.as_ref(),
            in_cards.as_deref(),
        );
        self.card(
            out,
            "name",
            "twitter",
            name!("twitter-card"),
            self.project.site.twitter_card.as_ref(),
            in_cards.as_deref(),
        );
        if let Some(url) = self.canonical() {
            out.void(Tag::new("link").attr("rel", "canonical").attr("href", url));
            out.newline();
        }
    }

    /// The canonical URL: the author's, or the page's own if the site has a URL and the author does not disable it.
    pub(crate) fn canonical(&self) -> Option<String> {
        match self.meta.value(name!("canonical-url")) {
            Some(value) if value.as_bool() == Some(false) => None,
            Some(value) if value.as_str().is_some() => value.as_str().map(str::to_owned),
            _ => {
                let output = without_index(&self.page.output);
                // An error page appears at whatever URL the reader requested.
                (self.page.output != "404.html").then(|| self.absolute(&encoded_path(output))).flatten()
            }
        }
    }

    /// A date of the metadata in ISO form.
    pub(crate) fn date(&self, key: OptionName) -> Option<String> {
        self.iso(&self.meta.text(key)?)
    }

    /// A date in ISO form.
    pub(crate) fn iso(&self, date: &str) -> Option<String> {
        Some(moment(date.trim(), &self.clock)?.date().to_string())
    }

    pub(crate) fn absolute(&self, path: &str) -> Option<String> {
        self.project.site.url.as_ref().map(|url| format!("{}/{path}", url.trim_end_matches('/')))
    }

    /// `og:*` or `twitter:*`, if the project or the page enables them. Source: Quarto, "Website Tools", social metadata.
    fn card(
        &self,
        out: &mut Writer,
        attribute: &str,
        prefix: &str,
        key: OptionName,
        site: Option<&Value>,
        description: Option<&str>,
    ) {
        let page = self.meta.value(key);
        let enabled = |v: &Value| v.as_bool() != Some(false);
        if !page.or(site).is_some_and(enabled) {
            return;
        }
        let own = |key: OptionName| page.and_then(|p| p.value(key)).and_then(Value::to_text);
        let of_site = |key: OptionName| site.and_then(|s| s.value(key)).and_then(Value::to_text);
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                tag(out, attribute, &format!("{prefix}:{name}"), &value);
            }
        };
        put("title", Some(own(name!("open-graph", "title")).unwrap_or_else(|| self.title.to_owned())));
        put(
            "description",
            own(name!("open-graph", "description"))
                .or_else(|| description.map(str::to_owned))
                .or_else(|| of_site(name!("open-graph", "description"))),
        );
        let page_image = own(name!("open-graph", "image")).or_else(|| self.page_image());
        let image = match &page_image {
            Some(image) => self.image(self.folder(), image),
            None => of_site(name!("open-graph", "image"))
                .or_else(|| self.site_image())
                .and_then(|image| self.image("", &image)),
        };
        let has_image = image.is_some();
        let size = self.picture_size.filter(|_| image == self.picture());
        put("image", image);
        if has_image {
            // Size and alternative text come from the same place as the image.
            let of_image = |key: OptionName| if page_image.is_some() { own(key) } else { of_site(key) };
            let of_page = |key: OptionName| page_image.as_ref().and_then(|_| self.meta.text(key));
            let of_raw = |key: OptionName| self.project.site.raw.as_ref().and_then(|raw| raw.text(key));
            let site_alt = || if page_image.is_none() { of_raw(name!("website", "image-alt")) } else { None };
            let alt = of_image(name!("open-graph", "image-alt"));
            let alt = alt.or_else(|| of_page(name!("image-alt"))).or_else(site_alt);
            let own_size = |key: OptionName| of_page(key).map(|size| size.trim_end_matches("px").to_owned());
            let colon = |name: &str| if prefix == "og" { format!("image:{name}") } else { format!("image-{name}") };
            put(
                &colon("width"),
                of_image(name!("open-graph", "image-width"))
                    .or_else(|| own_size(name!("image-width")))
                    .or_else(|| size.map(|(width, _)| width.to_string())),
            );
            put(
                &colon("height"),
                of_image(name!("open-graph", "image-height"))
                    .or_else(|| own_size(name!("image-height")))
                    .or_else(|| size.map(|(_, height)| height.to_string())),
            );
            put("image:alt", alt);
        }
        if prefix == "og" {
            let kind = if self.page.output == "index.html" { "website" } else { "article" };
            put("type", Some(kind.to_owned()));
            put("url", self.canonical());
            let title = (!self.project.site.title.is_empty()).then(|| self.project.site.title.clone());
            put(
                "site_name",
                own(name!("open-graph", "site-name")).or_else(|| of_site(name!("open-graph", "site-name"))).or(title),
            );
            put("locale", own(name!("open-graph", "locale")).or_else(|| of_site(name!("open-graph", "locale"))));
        } else {
            put("creator", own(name!("twitter-card", "creator")).or_else(|| of_site(name!("twitter-card", "creator"))));
            put("site", own(name!("twitter-card", "site")).or_else(|| of_site(name!("twitter-card", "site"))));
            let style =
                own(name!("twitter-card", "card-style")).or_else(|| of_site(name!("twitter-card", "card-style")));
            put(
                "card",
                Some(style.unwrap_or_else(|| if has_image { "summary_large_image" } else { "summary" }.into())),
            );
        }
    }

    /// The folder that URLs on the page are relative to.
    fn folder(&self) -> &str {
        self.page.output.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The page's image: from its metadata, or the preview image from its text.
    fn page_image(&self) -> Option<String> {
        self.meta.text(name!("image")).or_else(|| self.preview.map(str::to_owned))
    }

    /// The picture of the site, from its root.
    fn site_image(&self) -> Option<String> {
        let raw = self.project.site.raw.as_ref()?;
        raw.read(key!("website", "image")).or_else(|| raw.read(key!("book", "cover-image")))
    }

    /// The absolute URL of the image of the page, otherwise of the site.
    pub(crate) fn picture(&self) -> Option<String> {
        match self.page_image() {
            Some(image) => self.image(self.folder(), &image),
            None => self.site_image().and_then(|image| self.image("", &image)),
        }
    }

    /// The absolute URL of an image; without the site's URL its path from the site's root.
    fn image(&self, folder: &str, image: &str) -> Option<String> {
        let Some(path) = site_path(image) else { return Some(image.to_owned()) };
        let mut parts: Vec<&str> = if image.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        parts.retain(|p| !p.is_empty());
        let path = parts.join("/");
        Some(self.absolute(&path).unwrap_or(path))
    }
}

/// Writes a `meta` element.
pub(super) fn tag(out: &mut Writer, attribute: &str, name: &str, content: &str) {
    out.void(Tag::new("meta").attr(attribute, name).attr("content", content));
    out.newline();
}
