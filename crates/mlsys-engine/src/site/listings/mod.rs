//! Listings: their items, HTML and feeds, and `listings.json`. Source: Quarto, "Document Listings".

mod feeds;
mod items;

use crate::files::{Content, Files};
use crate::memo::per_page::{PerPage, PerSelectedPage};
use crate::project::Book;
use crate::site::config_markdown::markdown;
use mlsys_book::{Chapter, Checked, Code, Diagnostic, Inline, PageId, Value, key, name};
use mlsys_render::{
    Clock, Html, ListingContext, ListingItem, ListingOptions, ListingTemplate, Markdown, MarkdownListing, categories,
    custom_listing, listed, listing, ordered,
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
    /// The items of each listing as plain text, for formats without its layout.
    pub texts: Vec<MarkdownListing>,
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
    bodies: &PerSelectedPage<Html>,
    page: PageId,
) -> Checked<Option<PageListings>> {
    let lister = Lister { book, chapters, bodies, page };
    let mut diagnostics = Vec::new();
    let value = lister.listings(&mut diagnostics);
    Checked { value, diagnostics }
}

/// Adds the feeds, and `listings.json`, which lists the pages of each listing.
pub fn add_listing_files(book: &Book, listings: &PerSelectedPage<Option<PageListings>>, files: &mut Files) {
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
    bodies: &'a PerSelectedPage<Html>,
    page: PageId,
}

/// An item, and its page if it is a page of the project.
type Item = (Option<PageId>, ListingItem);

impl Lister<'_> {
    fn listings(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<PageListings> {
        let meta = &self.chapters[self.page].meta;
        let value = meta.value(name!("listing")).filter(|v| v.as_bool() != Some(false))?;
        let mut out = PageListings::default();
        let mut shown = Vec::new();
        let several = value.items().len() > 1;
        for (at, one) in value.items().iter().enumerate() {
            let id = one.read(key!("listing", "id"));
            // `listing: grid` is short for a listing of this type.
            let options = match one.as_str() {
                Some(kind) => ListingOptions::of_kind(kind),
                None => ListingOptions::new(one),
            };
            let number = if several { format!("listing-{}", at + 1) } else { "listing".to_owned() };
            let name = id.clone().unwrap_or(number);
            let pages = self.items(one);
            let (pages, mut items): (Vec<Option<PageId>>, Vec<ListingItem>) =
                ordered(pages, |(_, item)| item, &options, &self.clock()).into_iter().unzip();
            if let Some(placeholder) = &options.placeholder {
                self.add_placeholder(placeholder, &mut items);
            }
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
            let own =
                self.template(one).map(|template| custom_listing(&id_of_element, &template, &options, &items, &cx));
            let html = match own {
                Some(Ok(html)) => html,
                Some(Err(error)) => {
                    let place = one.value(name!("listing", "template")).map_or(one.place, |value| value.place);
                    diagnostics.push(Diagnostic::new(Code::InvalidTemplate, place, error.to_string()));
                    listing(&id_of_element, &options, &items, &cx)
                }
                None => listing(&id_of_element, &options, &items, &cx),
            };
            let id = slot.is_some().then(|| name.clone());
            out.texts.push(MarkdownListing { id, items: listed(&options, &pages, &items, &cx) });
            if slot.is_some() {
                out.placed.push((name, html))
            } else {
                out.rest.push_str(&html)
            }
            if let Some(feed) = one.value(name!("listing", "feed")).filter(|f| f.as_bool() != Some(false)) {
                self.feeds(feed, &pages, &items, &mut out, diagnostics);
            }
            out.listed.extend(pages.iter().flatten().map(|page| self.output(*page).to_owned()));
            shown.push((options, items));
        }
        out.categories = categories(meta, &shown);
        Some(out)
    }

    /// The template of a listing, if its file was read.
    fn template<'v>(&'v self, listing: &'v Value) -> Option<ListingTemplate<'v>> {
        let name = listing.value(name!("listing", "template"))?.as_str()?;
        let text = self.book.pages[self.page].listing_templates.get(name)?;
        Some(ListingTemplate { name, text, params: listing.value(name!("listing", "template-params")) })
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
}
