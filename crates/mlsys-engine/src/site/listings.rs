//! Listings: their items, HTML and feeds, and `listings.json`. Source: Quarto, "Document Listings".

use crate::files::{Content, Files};
use crate::leaves::images::size::image_size;
use crate::memo::per_page::{PerPage, PerWantedPage};
use crate::project::{Book, is_listing_data};
use crate::site::config_markdown::markdown;
use crate::site::preview_image::{first_image, preview_image};
use crate::url::{local_file, relative};
use jiff::civil::Date;
use mlsys_book::{
    BlockKind, Chapter, Checked, Code, Diagnostic, Inline, InlineKind, Node, PageId, Span, Value, ValueKind, walk,
};
use mlsys_parse::Globs;
use mlsys_render::{
    Clock, Feed, FeedItem, Html, ListingContext, ListingItem, ListingOptions, Markdown, absolute_html, categories,
    feed, linked_inlines_html, listing, ordered, plain_inlines,
};

/// The listings of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageListings {
    /// Listings with a slot in the body: the slot's id and the HTML.
    pub placed: Vec<(String, String)>,
    /// The HTML of the listings without a slot.
    pub rest: String,
    /// The categories for the margin.
    pub categories: String,
    /// The feeds: output file, title, text.
    pub feeds: Vec<(String, String, String)>,
    /// The output files of the listed pages, in order.
    pub listed: Vec<String>,
}

impl PageListings {
    /// The body of the page with the listings in their slots.
    pub fn placed_in(&self, html: &Html) -> String {
        let listing = |id: &str| self.placed.iter().find(|(placed, _)| placed == id);
        html.filled(|id| listing(id).map(|(_, html)| html.as_str()))
    }
}

/// Renders the listings of a page; `None` if it has none.
pub fn page_listings(
    book: &Book,
    chapters: &PerPage<Chapter>,
    bodies: &PerWantedPage<Html>,
    page: PageId,
) -> Checked<Option<PageListings>> {
    let lister = Lister { book, chapters, bodies, page };
    let mut diagnostics = Vec::new();
    let value = lister.listings(&mut diagnostics);
    Checked { value, diagnostics }
}

/// Adds the feeds, and `listings.json`, which lists the pages of each listing.
pub fn add_listing_files(book: &Book, listings: &PerWantedPage<Option<PageListings>>, files: &mut Files) {
    let content = |text: String| Content::Bytes(text.into_bytes().into());
    let mut lists: Vec<(String, Vec<String>)> = Vec::new();
    for (page, listings) in book.project.pages.iter().zip(listings.iter()) {
        let Some(Some(listings)) = listings else { continue };
        for (path, _, text) in &listings.feeds {
            files.insert(path.clone(), content(text.clone()));
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
        files.insert("listings.json".to_owned(), content(listings_json(&lists)));
    }
}

/// `listings.json`: pages with listings, each with the pages that it lists.
fn listings_json(lists: &[(String, Vec<String>)]) -> String {
    let quoted = |text: &String| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let lists = lists.iter().map(|(listing, items)| {
        let items = items.iter().map(|item| format!("   {}", quoted(item))).collect::<Vec<_>>().join(",\n");
        format!(" {{\n  \"listing\": {},\n  \"items\": [\n{items}\n  ]\n }}", quoted(listing))
    });
    format!("[\n{}\n]\n", lists.collect::<Vec<_>>().join(",\n"))
}

/// The level of a listing's headings after a heading of level `last`: 3 as in Quarto, but 2 before the first section, because
/// headings must not skip a level. Source: HTML Living Standard, "Headings and outlines".
fn level_below(last: u8) -> usize {
    if last >= 2 { 3 } else { 2 }
}

struct Lister<'a> {
    book: &'a Book,
    chapters: &'a PerPage<Chapter>,
    bodies: &'a PerWantedPage<Html>,
    page: PageId,
}

/// An item, and its page if it is a page of the project.
type Item = (Option<PageId>, ListingItem);

impl Lister<'_> {
    fn listings(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<PageListings> {
        let meta = &self.chapters[self.page].meta;
        let value = meta.get("listing").filter(|v| v.as_bool() != Some(false))?;
        let mut out = PageListings::default();
        let mut shown = Vec::new();
        let several = value.items().len() > 1;
        for (at, one) in value.items().iter().enumerate() {
            let id = one.get("id").and_then(Value::to_text);
            // `listing: grid` is short for a listing of this type.
            let options = match one.as_str() {
                Some(kind) => ListingOptions::of_kind(kind),
                None => ListingOptions::new(one),
            };
            let number = if several { format!("listing-{}", at + 1) } else { "listing".to_owned() };
            let name = id.clone().unwrap_or(number);
            let pages = self.items(one);
            let (pages, items): (Vec<Option<PageId>>, Vec<ListingItem>) =
                ordered(pages, |(_, item)| item, &options, &self.clock()).into_iter().unzip();
            let body = self.bodies.get(self.page);
            let slot = body.and_then(|body| body.slots.iter().find(|slot| slot.id == name));
            let level = level_below(slot.map_or(body.map_or(1, |body| body.last_level), |slot| slot.level));
            let classes = slot.map_or(&[][..], |slot| &slot.classes);
            let cx = ListingContext {
                meta,
                clock: self.clock(),
                markdown: Markdown(&|text| self.markdown(text)),
                level,
                classes,
            };
            let id_of_element = if name.starts_with("listing") { name.clone() } else { format!("listing-{name}") };
            let html = listing(&id_of_element, &options, &items, &cx);
            if slot.is_some() {
                out.placed.push((name, html))
            } else {
                out.rest.push_str(&html)
            }
            if let Some(feed) = one.get("feed").filter(|f| f.as_bool() != Some(false)) {
                self.feeds(feed, &pages, &items, &mut out, diagnostics);
            }
            out.listed.extend(pages.iter().flatten().map(|page| self.output(*page).to_owned()));
            shown.push((options, items));
        }
        out.categories = categories(meta, &shown);
        Some(out)
    }

    fn clock(&self) -> Clock {
        Clock { today: self.book.today, modified: self.book.pages[self.page].modified }
    }

    fn output(&self, page: PageId) -> &str {
        &self.book.project.pages[page].output
    }

    fn input(&self) -> &str {
        &self.book.project.pages[self.page].input
    }

    fn markdown(&self, text: &str) -> Vec<Inline> {
        markdown(self.book, self.input(), text)
    }

    /// The items of a listing, without duplicates.
    fn items(&self, options: &Value) -> Vec<Item> {
        let here = self.input().rsplit_once('/').map_or("", |(folder, _)| folder);
        let contents = options.get("contents");
        let mut items: Vec<Item> = Vec::new();
        let patterns: Vec<String> = match contents {
            None => vec!["**".to_owned()],
            Some(contents) => contents.items().iter().filter_map(Value::to_text).collect(),
        };
        let in_folder = |pattern: &String| {
            let (exclude, pattern) = pattern.strip_prefix('!').map_or(("", pattern.as_str()), |p| ("!", p));
            match pattern.strip_prefix('/') {
                // A leading slash anchors a glob at the root.
                Some(rooted) if pattern.contains('*') => format!("{exclude}/{rooted}"),
                Some(rooted) => format!("{exclude}{rooted}"),
                None => {
                    let path = if here.is_empty() { pattern.to_owned() } else { format!("{here}/{pattern}") };
                    format!("{exclude}{}{path}", if pattern.contains('*') { "/" } else { "" })
                }
            }
        };
        let globs: Vec<String> = patterns.iter().filter(|p| !is_listing_data(p)).map(in_folder).collect();
        let is_folder = |name: &str| mlsys_book::is_folder(name.trim_end_matches('/'), &self.book.files);
        let globs = Globs::new(globs.iter().map(String::as_str), is_folder);
        let chosen = globs.select(&self.book.files);
        for (page, id) in self.book.project.pages.iter().zip(0..) {
            if PageId(id) != self.page && !page.is_hidden() && chosen.contains(&page.input.as_str()) {
                items.push(self.page_item(PageId(id), None));
            }
        }
        // Custom items: in the metadata itself, or in data files.
        for value in contents.map_or(&[][..], Value::items) {
            if matches!(value.kind, ValueKind::Map(_)) {
                items.push(self.custom_item(value, here));
            } else if let Some(data) = value.as_str().and_then(|name| self.book.pages[self.page].data.get(name)) {
                let folder = value.as_str().and_then(|name| name.rsplit_once('/')).map_or("", |(folder, _)| folder);
                let folder = if here.is_empty() { folder.to_owned() } else { format!("{here}/{folder}") };
                items.extend(data.items().iter().map(|item| self.custom_item(item, &folder)));
            }
        }
        let matches = |filter: Option<&Value>, meta: &Value, otherwise: bool| match filter {
            None => otherwise,
            Some(filter) => filter.entries().iter().all(|entry| matches_any(meta.get(&entry.key), &entry.value)),
        };
        items.retain(|(_, item)| {
            matches(options.get("include"), &item.meta, true) && !matches(options.get("exclude"), &item.meta, false)
        });
        items
    }

    /// A custom item. If its `path` is a page of the project, the item overrides that page's metadata.
    fn custom_item(&self, value: &Value, folder: &str) -> Item {
        let path = value.get("path").and_then(Value::to_text).unwrap_or_default();
        let base = format!("{folder}/x");
        let file = local_file(base.trim_start_matches('/'), &path);
        if let Some(file) = &file
            && let Some(at) =
                self.book.project.pages.iter().position(|page| page.input == *file || page.output == *file)
        {
            return self.page_item(PageId(at as u32), Some(value));
        }
        let text = |key: &str| value.get(key).and_then(Value::to_text);
        let item = ListingItem {
            href: file.map_or(path, |file| relative(self.output(self.page), &file)),
            title: text("title").map(|t| self.markdown(&t)).unwrap_or_default(),
            opening: Vec::new(),
            image: text("image").unwrap_or_default(),
            image_size: text("image").and_then(|image| self.size(&local_file(self.input(), &image)?)),
            words: 0,
            file_name: String::new(),
            modified: None,
            meta: value.clone(),
        };
        (None, item)
    }

    /// The item of a page; `overrides` take precedence over the page's metadata.
    fn page_item(&self, page: PageId, overrides: Option<&Value>) -> Item {
        let (chapter, input) = (&self.chapters[page], &self.book.project.pages[page].input);
        let meta = overrides.map_or_else(|| chapter.meta.clone(), |overrides| chapter.meta.merge(overrides));
        let file_name = input.rsplit('/').next().unwrap_or(input).to_owned();
        let custom_title =
            overrides.and_then(|meta| meta.get("title")).and_then(Value::to_text).map(|t| self.markdown(&t));
        let title = chapter.title.as_deref().or_else(|| chapter.first_heading().map(|h| h.content.as_slice()));
        let image = self.image(page);
        let item = ListingItem {
            href: relative(self.output(self.page), self.output(page)),
            title: custom_title
                .or_else(|| title.map(<[Inline]>::to_vec))
                .unwrap_or_else(|| vec![text_inline(&file_name)]),
            opening: opening(chapter),
            image_size: image.as_deref().filter(|file| !file.contains("://")).and_then(|file| self.size(file)),
            image: image.map_or_else(String::new, |file| match file.contains("://") {
                true => file,
                false => relative(self.output(self.page), &file),
            }),
            words: words(chapter),
            file_name,
            modified: Some(self.modified(page)),
            meta,
        };
        (Some(page), item)
    }

    /// The size in pixels of an image file of the project.
    fn size(&self, file: &str) -> Option<(u32, u32)> {
        image_size(&self.book.vfs, file)
    }

    fn modified(&self, page: PageId) -> Date {
        self.book.pages[page].modified
    }

    /// The image of a page: from its metadata, otherwise its preview image, otherwise its first image.
    fn image(&self, page: PageId) -> Option<String> {
        let chapter = &self.chapters[page];
        let input = &self.book.project.pages[page].input;
        let named = chapter.meta.get("image");
        if named.is_some_and(|value| value.as_bool() == Some(false)) {
            return None;
        }
        let (url, base) = match named.and_then(|value| Some((value.to_text()?, value.place))) {
            Some((url, place)) => (url, if place.source == chapter.source { input.as_str() } else { "" }),
            None => (preview_image(chapter).or_else(|| first_image(chapter))?, input.as_str()),
        };
        if url.contains("://") { Some(url) } else { local_file(base, &url) }
    }

    /// Renders the feed of a listing, and one for each category under `categories`.
    fn feeds(
        &self,
        value: &Value,
        pages: &[Option<PageId>],
        items: &[ListingItem],
        out: &mut PageListings,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let site = &self.book.project.site;
        let Some(url) = site.url.as_deref() else {
            let message = "a feed needs absolute URLs, but the site has no `site-url`";
            diagnostics.push(
                Diagnostic::new(Code::InvalidConfigValue, value.place, message).hint("add `site-url` to `website`"),
            );
            return;
        };
        let text = |key: &str| value.get(key).and_then(Value::to_text);
        let stem = self.output(self.page).strip_suffix(".html").unwrap_or(self.output(self.page));
        let max_items = value.get("items").and_then(Value::as_int).and_then(|n| usize::try_from(n).ok()).unwrap_or(20);
        let kind = text("type").unwrap_or_else(|| "full".to_owned());
        let title = text("title").unwrap_or_else(|| site.title.clone());
        let description = text("description").or_else(|| site.description.clone()).unwrap_or_default();
        let image = text("image").and_then(|image| Some(format!("{url}{}", local_file(self.input(), &image)?)));
        let meta = &self.chapters[self.page].meta;
        let lang = text("language").or_else(|| meta.get("lang").and_then(Value::to_text)).unwrap_or_default();
        let mut add = |file: String, category: Option<&str>| {
            let chosen = pages.iter().zip(items);
            let chosen = chosen.filter(|(_, item)| category.is_none_or(|category| has_category(item, category)));
            let items = chosen.take(max_items).map(|(page, item)| self.feed_item(url, *page, item, &kind)).collect();
            let title = category.map_or_else(|| title.clone(), |category| format!("{title} - {category}"));
            let contents = Feed {
                title: title.clone(),
                description: description.clone(),
                link: url.to_owned(),
                address: format!("{url}{file}"),
                language: lang.clone(),
                image: image.clone(),
                items,
            };
            out.feeds.push((file, title, feed(&contents)));
        };
        add(format!("{stem}.xml"), None);
        for category in names(value, "categories") {
            let slug: String =
                category.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
            add(format!("{stem}-{slug}.xml"), Some(&category));
        }
    }

    fn feed_item(&self, url: &str, page: Option<PageId>, item: &ListingItem, kind: &str) -> FeedItem {
        let description = item.meta.get("description").and_then(Value::to_text);
        let description = description.map(|text| linked_inlines_html(&self.markdown(&text)));
        let description = description.unwrap_or_else(|| item.opening_html());
        let link = match page {
            Some(page) => format!("{url}{}", self.output(page)),
            None => item.href.clone(),
        };
        let content = match (kind, page.and_then(|page| self.bodies.get(page))) {
            ("metadata", _) => String::new(),
            ("full", Some(body)) => absolute_html(&body.content, &link),
            _ => absolute_html(&format!("<p>{description}</p>"), &link),
        };
        let image = page.and_then(|page| self.image(page));
        FeedItem {
            title: item.title_text(),
            authors: item.authors(),
            content,
            categories: names(&item.meta, "categories"),
            date: item.moment(&self.clock()),
            image: image.map(|file| if file.contains("://") { file } else { format!("{url}{file}") }),
            link,
        }
    }
}

fn has_category(item: &ListingItem, category: &str) -> bool {
    names(&item.meta, "categories").iter().any(|name| name == category)
}

/// The texts of the list under a key.
fn names(value: &Value, key: &str) -> Vec<String> {
    value.get(key).map_or(&[][..], Value::items).iter().filter_map(Value::to_text).collect()
}

/// True if one of an item's values matches one of the patterns, ignoring case.
fn matches_any(value: Option<&Value>, patterns: &Value) -> bool {
    let texts = |value: &Value| -> Vec<String> {
        let name = |item: &Value| item.to_text().or_else(|| item.get("name")?.to_text());
        value.items().iter().filter_map(name).map(|text| text.to_lowercase()).collect()
    };
    let values = value.map(texts).unwrap_or_default();
    texts(patterns).iter().any(|pattern| values.iter().any(|text| is_match(pattern, text)))
}

/// True if a text matches a pattern, in which `*` stands for any characters.
fn is_match(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or("");
    for part in parts {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(end)
}

/// Plain text as an inline.
fn text_inline(text: &str) -> Inline {
    Inline { span: Span::new(0, 0), kind: InlineKind::Str(text.to_owned()) }
}

/// The first paragraph that has text.
fn opening(chapter: &Chapter) -> Vec<Inline> {
    let mut first = None;
    walk(&chapter.blocks, &mut |node| {
        if let Node::Block(block) = node
            && let BlockKind::Para(inlines) | BlockKind::Plain(inlines) = &block.kind
            && first.is_none()
        {
            first = Some(inlines.clone()).filter(|inlines| !plain_inlines(inlines).trim().is_empty());
        }
        first.is_none()
    });
    first.unwrap_or_default()
}

/// The number of words on a page.
fn words(chapter: &Chapter) -> usize {
    let mut count = 0;
    walk(&chapter.blocks, &mut |node| {
        if let Node::Inline(inline) = node
            && let InlineKind::Str(text) = &inline.kind
        {
            count += text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
        }
        true
    });
    count
}
