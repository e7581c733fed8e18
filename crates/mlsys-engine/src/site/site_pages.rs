//! Files of a site besides its pages: former addresses, site map, feeds, Markdown for language models.

use crate::files::{Content, Files};
use crate::memo::per_page::{PerPage, PerWantedPage};
use crate::project::Book;
use crate::site::listings::PageListings;
use crate::url::relative;
use jiff::civil::Date;
use mlsys_book::{
    Chapter, Checked, Code, Diagnostic, InlineKind, Links, Node, Page, PageId, ProjectKind, Value, clean_path, walk,
};
use mlsys_parse::front_matter;
use mlsys_render::{LlmsPage, llms_txt, redirect, robots, site_map};
use std::collections::{BTreeMap, BTreeSet};

/// What the files are made of; the lists are by [`PageId`].
pub struct SitePages<'a> {
    /// The book.
    pub book: &'a Book,
    /// The pages' trees.
    pub chapters: &'a PerPage<Chapter>,
    /// What they need from each other.
    pub links: &'a PerWantedPage<Links>,
    /// Their listings.
    pub listings: &'a PerWantedPage<Option<PageListings>>,
    /// Their titles in navigation.
    pub titles: &'a [String],
}

/// Makes the files. Reports aliases that are pages of the site, or that two pages claim.
pub fn site_pages(site: &SitePages<'_>) -> Checked<Files> {
    let mut files = Files::new();
    let mut diagnostics = Vec::new();
    let mut put = |path: &str, text: String| {
        files.insert(path.to_owned(), Content::Bytes(text.into_bytes().into()));
    };
    if site.book.project.kind != ProjectKind::Default {
        site.site_map(&mut put);
        site.language_models(&mut put);
    }
    site.listings(&mut put);
    for (path, text) in site.redirects(&mut diagnostics) {
        put(&path, text);
    }
    Checked { value: files, diagnostics }
}

impl SitePages<'_> {
    /// The pages that the site shows, with their trees.
    fn shown(&self) -> impl Iterator<Item = (usize, &Page)> {
        let pages = self.book.project.pages.iter().enumerate();
        pages.filter(|(_, page)| page.draft.is_none() && page.output != "404.html")
    }

    fn title(&self, at: usize) -> String {
        self.titles.get(at).cloned().unwrap_or_default()
    }

    /// `sitemap.xml` and `robots.txt`, for sites with an address. A file of the project's own goes over them.
    fn site_map(&self, put: &mut impl FnMut(&str, String)) {
        let Some(url) = &self.book.project.site.url else { return };
        let mut pages: Vec<(String, Option<Date>)> =
            self.shown().map(|(at, page)| (format!("{url}{}", page.output), self.changed(at))).collect();
        pages.sort();
        put("sitemap.xml", site_map(&pages));
        if !self.book.files.iter().any(|file| file == "robots.txt") {
            put("robots.txt", robots(url));
        }
    }

    /// The day of a page's last change: the one that the author states, else the file's.
    fn changed(&self, at: usize) -> Option<Date> {
        let meta = &self.chapters[page_id(at)].meta;
        let stated = ["date-modified", "date"].iter().filter_map(|key| meta.get(key)?.to_text());
        let stated = stated.filter_map(|text| text.get(..10)?.parse::<Date>().ok()).next();
        stated.or_else(|| self.book.pages.get(at).map(|page| page.modified))
    }

    /// `llms.txt` and the Markdown of each page, where the site asks for them.
    fn language_models(&self, put: &mut impl FnMut(&str, String)) {
        let site = &self.book.project.site;
        if site.raw.as_ref().and_then(|raw| raw.get("llms-txt")).and_then(Value::as_bool) != Some(true) {
            return;
        }
        let mut pages = Vec::new();
        for (at, page) in self.shown() {
            let path = markdown_path(page);
            let description = self.chapters[page_id(at)].meta.get("description").and_then(Value::to_text);
            let address = format!("{}{path}", site.url.as_deref().unwrap_or(""));
            pages.push(LlmsPage { title: self.title(at), address, description });
            if self.book.pages[at].wanted {
                put(&path, self.markdown(at));
            }
        }
        put("llms.txt", llms_txt(&site.title, site.description.as_deref(), &pages));
    }

    /// The Markdown of a page: its title and its text with its includes, links leading to the Markdown of other pages.
    fn markdown(&self, at: usize) -> String {
        let source = self.book.source(PageId(at as u32));
        let body = front_matter(source).value.body;
        let own = source.slice(body);
        let mut out = match self.chapters[page_id(at)].title {
            Some(_) => format!("# {}\n\n", self.title(at)),
            None => String::new(),
        };
        let mut rest = 0;
        for (start, end, address) in self.addresses(at) {
            let (start, end) = (start as usize, end as usize);
            let base = body.start as usize;
            if let (Some(from), Some(to)) = (start.checked_sub(base), end.checked_sub(base))
                && from >= rest
                && let Some(text) = own.get(rest..from)
            {
                out.push_str(text);
                out.push_str(&address);
                rest = to;
            }
        }
        out.push_str(own.get(rest..).unwrap_or(""));
        let trimmed = out.trim();
        format!("{trimmed}\n")
    }

    /// The links of a page to other pages: where their addresses stand in the source, and what stands there instead.
    fn addresses(&self, at: usize) -> Vec<(u32, u32, String)> {
        let mut found = Vec::new();
        let Some(links) = self.links.get(page_id(at)) else { return found };
        let from = markdown_path(&self.book.project.pages[at]);
        walk(&self.chapters[page_id(at)].blocks, &mut |node| {
            if let Node::Inline(inline) = node
                && let InlineKind::Link(link) = &inline.kind
                && let Some(target) = links.targets.get(&inline.span.start)
                && let Some(page) = self.book.project.pages.get(target.page.0 as usize)
            {
                let anchor = target.anchor.as_ref().map(|anchor| format!("#{anchor}")).unwrap_or_default();
                let address = relative(&from, &markdown_path(page)) + &anchor;
                found.push((link.url_span.start, link.url_span.end, address));
            }
            true
        });
        found.sort_unstable();
        found
    }

    /// Feeds, and `listings.json`, which says which pages each listing lists.
    fn listings(&self, put: &mut impl FnMut(&str, String)) {
        let mut lists: Vec<(String, Vec<String>)> = Vec::new();
        for (page, listings) in self.book.project.pages.iter().zip(self.listings.iter()) {
            let Some(Some(listings)) = listings else { continue };
            for (path, _, text) in &listings.feeds {
                put(path, text.clone());
            }
            let mut items: Vec<String> = Vec::new();
            for path in &listings.listed {
                let path = format!("/{path}");
                if !items.contains(&path) {
                    items.push(path);
                }
            }
            lists.push((format!("/{}", page.output), items));
        }
        lists.sort();
        if !lists.is_empty() {
            let quoted = |text: &String| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
            let lists = lists.iter().map(|(listing, items)| {
                let items = items.iter().map(|item| format!("   {}", quoted(item))).collect::<Vec<_>>().join(",\n");
                format!(" {{\n  \"listing\": {},\n  \"items\": [\n{items}\n  ]\n }}", quoted(listing))
            });
            put("listings.json", format!("[\n{}\n]\n", lists.collect::<Vec<_>>().join(",\n")));
        }
    }

    /// A page at each former address, by output file.
    fn redirects(&self, found: &mut Vec<Diagnostic>) -> BTreeMap<String, String> {
        let outputs: BTreeSet<&str> = self.book.project.pages.iter().map(|page| page.output.as_str()).collect();
        let mut former: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for (at, page) in self.book.project.pages.iter().enumerate().filter(|(_, page)| !page.is_hidden()) {
            for alias in self.chapters[page_id(at)].meta.get("aliases").map_or(&[][..], Value::items) {
                let Some((path, place)) = former_path(page, alias) else { continue };
                let mut report = |message: String| {
                    found.push(Diagnostic::new(Code::InvalidConfigValue, alias.place, message));
                };
                if outputs.contains(path.as_str()) {
                    report(format!("the alias `{path}` is the address of a page of the site"));
                } else if *former.entry(path.clone()).or_default().entry(place).or_insert(at) != at {
                    report(format!("the alias `{path}` leads to another page already"));
                }
            }
        }
        former.into_iter().map(|(path, places)| self.redirect(path, &places)).collect()
    }

    /// The page at a former address; `places` has the pages that its places lead to.
    fn redirect(&self, path: String, places: &BTreeMap<String, usize>) -> (String, String) {
        let page = |at: usize| &self.book.project.pages[at];
        let to = places.iter().map(|(place, at)| (place.clone(), relative(&path, &page(*at).output))).collect();
        let at = places.values().next().copied().unwrap_or(0);
        let address = page(at).output.strip_suffix("index.html").unwrap_or(&page(at).output);
        let canonical = self.book.project.site.url.as_ref().map(|url| format!("{url}{address}"));
        let lang =
            self.chapters[page_id(at)].meta.get("lang").and_then(Value::to_text).unwrap_or_else(|| "en".to_owned());
        let text = redirect(&to, canonical.as_deref(), &self.title(at), &lang);
        (path, text)
    }
}

/// The output file of an alias and the place on it: relative to the page, or from the site's root; a folder means its index
/// page. Source: Quarto, "Website Tools", redirects.
fn former_path(page: &Page, alias: &Value) -> Option<(String, String)> {
    let (alias, place) = match alias.as_str()?.split_once('#') {
        Some((alias, place)) => (alias, place),
        None => (alias.as_str()?, ""),
    };
    let folder = page.output.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = match alias.strip_prefix('/') {
        Some(rooted) => rooted.to_owned(),
        None => format!("{folder}/{alias}"),
    };
    let is_folder = path.ends_with('/') || !path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let clean = clean_path(&path);
    if clean.is_empty() || clean.starts_with("..") {
        return None;
    }
    Some((if is_folder { format!("{clean}/index.html") } else { clean }, place.to_owned()))
}

/// The file of a page's Markdown.
fn markdown_path(page: &Page) -> String {
    format!("{}.llms.md", page.output.strip_suffix(".html").unwrap_or(&page.output))
}

fn page_id(at: usize) -> PageId {
    PageId(at as u32)
}
