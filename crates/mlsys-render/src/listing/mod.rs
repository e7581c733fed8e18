//! Listings of pages and other items. Source: Quarto, "Document Listings".

mod cards;
mod categories;
mod custom;
mod feed;
mod listed;
mod options;
mod order;
mod table;

pub use categories::categories;
pub use custom::{ListingTemplate, custom_listing};
pub use feed::{Feed, FeedItem, feed};
pub use listed::{ListedItem, listed};
pub use options::ListingOptions;
pub use order::ordered;

use crate::body::{inlines_html, linked_inlines_html};
use crate::html::{Elements, Tag, Writer, escape, html, write_icon};
use crate::markdown::Markdown;
use crate::page::dates::{self, Clock};
use crate::plain::plain_inlines;
use jiff::civil::{Date, DateTime};
use mlsys_book::{Inline, Value, Words, key, name};
use options::ListingKind;

/// An item of a listing: a page, or an entry that the author wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct ListingItem {
    /// The URL, relative to the listing's page.
    pub href: String,
    /// The metadata of the page or entry.
    pub meta: Value,
    /// The title.
    pub title: Vec<Inline>,
    /// The first paragraph, for items without `description`.
    pub opening: Vec<Inline>,
    /// The image's URL, relative to the listing's page; empty without an image.
    pub image: String,
    /// The image's width and height, if known.
    pub image_size: Option<(u32, u32)>,
    /// The number of words.
    pub words: usize,
    /// The name of the source file, without its folder.
    pub file_name: String,
    /// The date of the source's last change, for pages.
    pub modified: Option<Date>,
}

/// Context of the page that shows the listing.
pub struct ListingContext<'a> {
    /// The page's metadata.
    pub meta: &'a Value,
    /// The dates of the build and of the page's last change.
    pub clock: Clock,
    /// Reads inline Markdown.
    pub markdown: Markdown<'a>,
    /// The heading level of the items' titles.
    pub level: usize,
    /// The classes of the div that the listing replaces.
    pub classes: &'a [String],
}

/// Renders a listing. The items come in the order in which it shows them.
pub fn listing(id: &str, options: &ListingOptions, items: &[ListingItem], cx: &ListingContext<'_>) -> String {
    let listing = Listing { options, cx, words: Words::new(cx.meta) };
    let kind = options.kind.name();
    let is_paged = items.len() > options.page_size;
    let tag = Tag::new("div").id(&format!("listing-{}", id.strip_prefix("listing-").unwrap_or(id)));
    let tag = tag
        .classes(cx.classes.iter().map(String::as_str))
        .class("quarto-listing")
        .class(&format!("quarto-listing-container-{kind}"));
    html(|out| {
        out.lines(tag.when(is_paged, |t| t.attr("data-page-size", options.page_size.to_string())), |out| {
            listing.actions(out, id);
            match options.kind {
                ListingKind::Default => listing.posts(out, items),
                ListingKind::Grid => listing.grid(out, items),
                ListingKind::Table => listing.table(out, items),
            }
            let no_match = listing.words.get("listing-page-no-matches");
            out.leaf(Tag::new("div").class("listing-no-matching d-none"), &no_match);
            out.newline();
            if is_paged {
                let tag = Tag::new("nav").id(&format!("{id}-pagination")).class("listing-pagination");
                out.leaf(tag.attr("aria-label", listing.words.get("listing-page-pages")), "");
                out.newline();
            }
        });
    })
}

/// The value of a field.
enum FieldValue {
    /// Plain text.
    Text(String),
    /// Texts that may have markup.
    Markdown(Vec<String>),
}

/// A listing that is being rendered.
struct Listing<'a> {
    options: &'a ListingOptions,
    cx: &'a ListingContext<'a>,
    words: Words<'a>,
}

impl Listing<'_> {
    /// True if a field is shown.
    fn shows(&self, field: &str) -> bool {
        self.options.fields.iter().any(|f| f == field)
    }

    /// The controls for sorting and filtering. The script shows them, because they need it.
    fn actions(&self, out: &mut Writer, id: &str) {
        let (sort_ui, filter_ui) = (self.options.sort_ui, self.options.filter_ui);
        if !sort_ui && !filter_ui {
            return;
        }
        let tag = Tag::new("div").class("listing-actions-group");
        out.lines(tag.when(sort_ui && filter_ui, |t| t.class("listing-actions-both")), |out| {
            if sort_ui {
                self.sort_control(out, id);
            }
            if filter_ui {
                let label = self.words.get("listing-page-filter");
                let input = Tag::new("input").attr("type", "search").class("search form-control");
                let input = input.attr("placeholder", &label).attr("aria-label", &label);
                out.line(Tag::new("div").class("input-group input-group-sm quarto-listing-filter"), |out| {
                    out.element(Tag::new("span").class("input-group-text"), |out| write_icon(out, "search", None));
                    out.void(input);
                });
            }
        });
    }

    fn sort_control(&self, out: &mut Writer, id: &str) {
        let select = Tag::new("select").id(&format!("{id}-sort")).class("form-select");
        let select = select.attr("aria-label", self.words.get("listing-page-order-by"));
        out.line(Tag::new("div").class("input-group input-group-sm quarto-listing-sort"), |out| {
            out.element(Tag::new("span").class("input-group-text"), |out| write_icon(out, "sort-down", None));
            out.element(select, |out| {
                let default = self.words.get("listing-page-order-by-default");
                out.newline();
                let heading = Tag::new("option").attr("value", "").flag("disabled").flag("selected");
                out.leaf(heading, &self.words.get("listing-page-order-by"));
                out.newline();
                out.leaf(Tag::new("option").attr("value", "index"), &default);
                out.newline();
                for field in self.options.sort_fields() {
                    self.sort_options(out, field);
                }
            });
        });
    }

    fn sort_options(&self, out: &mut Writer, field: &str) {
        let name = self.display_name(field);
        let mut option = |direction: &str, text: &str| {
            out.leaf(Tag::new("option").attr("value", field).attr("data-direction", direction), text);
            out.newline();
        };
        match field {
            "date" | "date-modified" | "file-modified" => {
                option("asc", &format!("{name} - {}", self.words.get("listing-page-order-by-date-asc")));
                option("desc", &format!("{name} - {}", self.words.get("listing-page-order-by-date-desc")));
            }
            "word-count" | "reading-time" => {
                option("asc", &format!("{name} ({})", self.words.get("listing-page-order-by-number-asc")));
                option("desc", &format!("{name} ({})", self.words.get("listing-page-order-by-number-desc")));
            }
            _ => option("asc", &name),
        }
    }

    /// The display name of a field.
    fn display_name(&self, field: &str) -> String {
        let own = self.options.display_names.iter().find(|(name, _)| name == field);
        let known = || {
            let key = format!("listing-page-field-{}", field.replace('-', ""));
            let word = self.words.get(&key);
            if word == key { field.to_owned() } else { word }
        };
        own.map_or_else(known, |(_, text)| text.clone())
    }

    /// Adds the attributes of an item that the script sorts and filters by.
    fn attributes(&self, tag: Tag, at: usize, item: &ListingItem) -> Tag {
        // With the script, a later item is on another page of the listing.
        let tag = tag.attr("data-index", at.to_string()).when(at >= self.options.page_size, |t| t.flag("data-later"));
        let categories = item.categories();
        let categories = (!categories.is_empty()).then(|| categories::encoded(&categories.join(",")));
        let mut fields = self.options.sort_fields();
        fields.extend(["date", "reading-time", "word-count"].iter().filter(|f| self.shows(f)));
        fields.sort_unstable();
        fields.dedup();
        fields.into_iter().fold(tag.maybe("data-categories", categories), |tag, field| {
            tag.maybe(&format!("data-listing-{field}-sort"), item.sort_key(field, &self.cx.clock))
        })
    }

    /// A field's value as HTML; `None` if the item has none.
    fn field(&self, item: &ListingItem, field: &str) -> Option<String> {
        match field {
            "title" => Some(item.title_html()),
            "description" => match item.meta.text(name!("description")).filter(|text| !text.is_empty()) {
                Some(own) => match self.shortened_own(&own) {
                    Some(text) => Some(escape(&text)),
                    None => Some(self.cx.markdown.html(&own)),
                },
                None => match shortened(&item.opening, self.options.max_description) {
                    Some(text) => Some(escape(&text)),
                    None => Some(item.opening_html().trim().to_owned()).filter(|html| !html.is_empty()),
                },
            },
            _ => match self.value(item, field)? {
                FieldValue::Text(text) => Some(escape(&text)),
                FieldValue::Markdown(texts) => {
                    Some(texts.iter().map(|text| self.cx.markdown.html(text)).collect::<Vec<_>>().join(", "))
                }
            },
        }
    }

    /// The value of a field other than title and description; `None` if the item has none.
    fn value(&self, item: &ListingItem, field: &str) -> Option<FieldValue> {
        let text = |field: &str| item.meta.get(field).and_then(Value::to_text).filter(|text| !text.is_empty());
        let of_page = || self.cx.meta.read(key!("date-format"));
        let date_format = || self.options.date_format.clone().or_else(of_page).unwrap_or_else(|| "medium".to_owned());
        let date = |date: &str| dates::shown(date, Some(&date_format()), &self.words, &self.cx.clock);
        let text = match field {
            "date" | "date-modified" => date(&text(field)?),
            "file-modified" => date(&item.modified?.to_string()),
            "author" => return Some(item.authors()).filter(|names| !names.is_empty()).map(FieldValue::Markdown),
            "categories" => item.categories().join(", "),
            "reading-time" if item.words > 0 => {
                let minutes = item.words.div_ceil(200).to_string();
                self.words.get("listing-page-minutes-compact").replace("{0}", &minutes)
            }
            "word-count" if item.words > 0 => {
                self.words.get("listing-page-words").replace("{0}", &item.words.to_string())
            }
            "reading-time" | "word-count" => return None,
            "filename" => item.file_name.clone(),
            _ => return Some(FieldValue::Markdown(vec![text(field)?])),
        };
        (!text.is_empty()).then_some(FieldValue::Text(text))
    }

    /// The description of an item as plain text; `None` if it has none.
    fn plain_description(&self, item: &ListingItem) -> Option<String> {
        let own = item.meta.read(key!("description")).filter(|text| !text.is_empty());
        let opening = || {
            let short = shortened(&item.opening, self.options.max_description);
            Some(short.unwrap_or_else(|| plain_inlines(&item.opening))).filter(|text| !text.is_empty())
        };
        own.map_or_else(opening, |own| Some(self.shortened_own(&own).unwrap_or_else(|| self.cx.markdown.plain(&own))))
    }

    /// A description that is longer than the listing shows, cut; `None` if it fits.
    fn shortened_own(&self, description: &str) -> Option<String> {
        shortened(&self.cx.markdown.parse(description), self.options.max_own_description?)
    }

    /// The image of an item; `None` if it has none.
    fn image_tag(&self, item: &ListingItem) -> Option<Tag> {
        if item.image.is_empty() {
            return None;
        }
        let alt = item.meta.read(key!("image-alt")).unwrap_or_default();
        let style = self.options.image_height.as_ref().map(|height| format!("height: {height};"));
        let tag = Tag::new("img").class("thumbnail-image card-img").attr("src", &item.image).attr("alt", alt);
        // The image's own size avoids a layout shift while it loads.
        let tag = item
            .image_size
            .into_iter()
            .fold(tag, |tag, (width, height)| tag.attr("width", width.to_string()).attr("height", height.to_string()));
        let is_lazy = item.meta.read(key!("image-lazy-loading")).unwrap_or(self.options.lazy_images);
        Some(tag.when(is_lazy, |t| t.attr("loading", "lazy")).maybe("style", style))
    }

    fn picture(&self, out: &mut Writer, image: Tag) {
        out.element(Tag::new("p").class("card-img-top"), |out| out.void(image));
    }
}

impl ListingItem {
    /// The title as HTML.
    pub(crate) fn title_html(&self) -> String {
        inlines_html(&self.title)
    }

    /// The title as plain text.
    pub fn title_text(&self) -> String {
        plain_inlines(&self.title)
    }

    /// The first paragraph as HTML.
    pub fn opening_html(&self) -> String {
        linked_inlines_html(&self.opening)
    }

    /// The categories.
    pub(crate) fn categories(&self) -> Vec<String> {
        self.meta.list(name!("categories")).iter().filter_map(Value::to_text).collect()
    }

    /// The names of the authors, as Markdown.
    pub fn authors(&self) -> Vec<String> {
        let authors = self.meta.value(name!("author")).or_else(|| self.meta.value(name!("authors")));
        let name = |author: &Value| author.to_text().or_else(|| author.text(name!("author", "name")));
        authors.map(Value::items).unwrap_or(&[]).iter().filter_map(name).collect()
    }

    /// `date` as date and time.
    pub fn moment(&self, clock: &Clock) -> Option<DateTime> {
        dates::moment(
            &self.meta.text(name!("date"))?,
            &Clock { modified: self.modified.unwrap_or(clock.modified), ..*clock },
        )
    }

    /// The sort key of a field: dates in milliseconds, other numbers as they are, text without markup.
    pub(crate) fn sort_key(&self, field: &str, clock: &Clock) -> Option<String> {
        let milliseconds = |at: DateTime| {
            let moment = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
            Some(moment.timestamp().as_millisecond().to_string())
        };
        match field {
            "title" => Some(self.title_text()),
            "date" => self.moment(clock).and_then(milliseconds),
            "date-modified" => {
                let text = self.meta.text(name!("date-modified"))?;
                dates::moment(&text, clock).and_then(milliseconds)
            }
            "file-modified" => self.modified.map(|day| day.at(0, 0, 0, 0)).and_then(milliseconds),
            "author" => Some(self.authors().join(", ")).filter(|a| !a.is_empty()),
            "word-count" => (self.words > 0).then(|| self.words.to_string()),
            "reading-time" => (self.words > 0).then(|| self.words.div_ceil(200).to_string()),
            "filename" => Some(self.file_name.clone()).filter(|name| !name.is_empty()),
            "categories" => Some(self.categories().join(", ")).filter(|c| !c.is_empty()),
            _ => self.meta.get(field).and_then(Value::to_text),
        }
    }
}

/// Truncates inlines to plain text of at most `limit` characters, between words; `None` if they have no more than that.
fn shortened(inlines: &[Inline], limit: usize) -> Option<String> {
    let text = plain_inlines(inlines);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= limit {
        return None;
    }
    let cut: String = text.chars().take(limit).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    Some(format!("{}…", cut.get(..end).unwrap_or(&cut)))
}
