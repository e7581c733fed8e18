//! Listings: posts, cards and tables that show other pages. Source: Quarto, "Document Listings".

mod cards;
mod categories;
mod feed;
mod options;
mod order;
mod table;

pub use categories::categories;
pub use feed::{Feed, FeedItem, feed};
pub use options::ListingOptions;
pub use order::ordered;

use crate::page::dates::{self, Clock};
use crate::body::{inlines_html, linked_inlines_html};
use crate::html::escape;
use crate::html::icon;
use crate::markdown::Markdown;
use crate::plain::plain_inlines;
use crate::words::Words;
use jiff::civil::{Date, DateTime};
use mlsys_book::{Inline, Value};
use options::{CategoryStyle, ListingKind};

/// An item of a listing: a page, or something elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct ListingItem {
    /// The URL, as seen from the listing's page.
    pub href: String,
    /// The page's metadata, or what the author wrote about something elsewhere.
    pub meta: Value,
    /// The title.
    pub title: Vec<Inline>,
    /// The first paragraph of the text, for items without `description`.
    pub opening: Vec<Inline>,
    /// The URL of the image as seen from the listing's page; empty without one.
    pub image: String,
    /// The width and height of the image, if known.
    pub image_size: Option<(u32, u32)>,
    /// How many words the text has.
    pub words: usize,
    /// The source's name without its folder.
    pub file_name: String,
    /// The day of the source's last change, for pages.
    pub modified: Option<Date>,
}

/// The page that a listing is on.
pub struct ListingContext<'a> {
    /// The page's metadata.
    pub meta: &'a Value,
    /// The days of the build and of the page's last change.
    pub clock: Clock,
    /// Reads inline Markdown.
    pub markdown: Markdown<'a>,
    /// The level of the titles' headings.
    pub level: usize,
    /// The classes of the div that the author has for the listing.
    pub classes: &'a [String],
}

/// Writes a listing. The items come in the order in which it shows them.
pub fn listing(id: &str, options: &ListingOptions, items: &[ListingItem], cx: &ListingContext<'_>) -> String {
    let words = Words::new(cx.meta);
    let writer = Writer { options, cx, words };
    let kind = options.kind.name();
    let own: String = cx.classes.iter().map(|class| format!("{} ", escape(class))).collect();
    let mut out = format!(
        "<div id=\"listing-{}\" class=\"{own}quarto-listing quarto-listing-container-{kind}\"",
        escape(id.strip_prefix("listing-").unwrap_or(id))
    );
    if items.len() > options.page_size {
        out.push_str(&format!(" data-page-size=\"{}\"", options.page_size));
    }
    out.push_str(">\n");
    out.push_str(&writer.actions(id));
    out.push_str(&match options.kind {
        ListingKind::Default => writer.posts(items),
        ListingKind::Grid => writer.grid(items),
        ListingKind::Table => writer.table(items),
    });
    out.push_str(&format!(
        "<div class=\"listing-no-matching d-none\">{}</div>\n",
        escape(&writer.words.get("listing-page-no-matches"))
    ));
    if items.len() > options.page_size {
        out.push_str(&format!(
            "<nav id=\"{}-pagination\" class=\"listing-pagination\" aria-label=\"{}\"></nav>\n",
            escape(id),
            escape(&writer.words.get("listing-page-pages"))
        ));
    }
    out.push_str("</div>\n");
    out
}

/// The writer of one listing.
struct Writer<'a> {
    options: &'a ListingOptions,
    cx: &'a ListingContext<'a>,
    words: Words<'a>,
}

impl Writer<'_> {
    /// True if the listing shows a field.
    fn shows(&self, field: &str) -> bool {
        self.options.fields.iter().any(|f| f == field)
    }

    /// The controls. The script shows them, because they need it.
    fn actions(&self, id: &str) -> String {
        if !self.options.sort_ui && !self.options.filter_ui {
            return String::new();
        }
        let both = if self.options.sort_ui && self.options.filter_ui { " listing-actions-both" } else { "" };
        let mut out = format!("<div class=\"listing-actions-group{both}\">\n");
        if self.options.sort_ui {
            out.push_str(&self.sort_control(id));
        }
        if self.options.filter_ui {
            let label = escape(&self.words.get("listing-page-filter"));
            out.push_str(&format!(
                "<div class=\"input-group input-group-sm quarto-listing-filter\"><span class=\"input-group-text\">{}</span>\
                 <input type=\"search\" class=\"search form-control\" placeholder=\"{label}\" aria-label=\"{label}\"></div>\n",
                icon("search", None)
            ));
        }
        out.push_str("</div>\n");
        out
    }

    fn sort_control(&self, id: &str) -> String {
        let label = escape(&self.words.get("listing-page-order-by"));
        let mut out = format!(
            "<div class=\"input-group input-group-sm quarto-listing-sort\"><span class=\"input-group-text\">{}</span>\
             <select id=\"{}-sort\" class=\"form-select\" aria-label=\"{label}\">\n<option value=\"index\">{}</option>\n",
            icon("sort-down", None),
            escape(id),
            escape(&self.words.get("listing-page-order-by-default"))
        );
        for field in self.options.sort_fields() {
            let name = self.display_name(field);
            let mut option = |direction: &str, text: &str| {
                out.push_str(&format!(
                    "<option value=\"{}\" data-direction=\"{direction}\">{}</option>\n",
                    escape(field),
                    escape(text)
                ));
            };
            match field {
                "date" | "date-modified" | "file-modified" => {
                    option("asc", &format!("{name} - {}", self.words.get("listing-page-order-by-date-asc")));
                    option("desc", &format!("{name} - {}", self.words.get("listing-page-order-by-date-desc")));
                }
                "word-count" | "reading-time" => {
                    option("asc", &format!("{name} - {}", self.words.get("listing-page-order-by-number-asc")));
                    option("desc", &format!("{name} - {}", self.words.get("listing-page-order-by-number-desc")));
                }
                _ => option("asc", &name),
            }
        }
        out.push_str("</select></div>\n");
        out
    }

    /// The name of a field as the reader sees it.
    fn display_name(&self, field: &str) -> String {
        let own = self.options.display_names.iter().find(|(name, _)| name == field);
        let known = || {
            let key = format!("listing-page-field-{}", field.replace('-', ""));
            let word = self.words.get(&key);
            if word == key { field.to_owned() } else { word }
        };
        own.map_or_else(known, |(_, text)| text.clone())
    }

    /// The attributes of an item, by which the script sorts and filters.
    fn attributes(&self, at: usize, item: &ListingItem) -> String {
        let mut out = format!(" data-index=\"{at}\"");
        // The script shows it on a later page.
        if at >= self.options.page_size {
            out.push_str(" data-later");
        }
        let categories = item.categories();
        if !categories.is_empty() {
            out.push_str(&format!(" data-categories=\"{}\"", categories::encoded(&categories.join(","))));
        }
        let mut fields = self.options.sort_fields();
        fields.extend(["date", "reading-time", "word-count"].iter().filter(|f| self.shows(f)));
        fields.sort_unstable();
        fields.dedup();
        for field in fields {
            if let Some(key) = item.sort_key(field, &self.cx.clock) {
                out.push_str(&format!(" data-listing-{}-sort=\"{}\"", escape(field), escape(&key)));
            }
        }
        out
    }

    /// The text of a field as HTML; `None` without a value.
    fn field(&self, item: &ListingItem, field: &str) -> Option<String> {
        let text = |key: &str| item.meta.get(key).and_then(Value::to_text).filter(|t| !t.is_empty());
        match field {
            "title" => Some(item.title_html()),
            "date" | "date-modified" => {
                let format = self.options.date_format.as_deref().or(Some("medium"));
                text(field).map(|date| escape(&dates::shown(&date, format, &self.words, &self.cx.clock)))
            }
            "file-modified" => {
                let format = self.options.date_format.as_deref().or(Some("medium"));
                item.modified.map(|day| escape(&dates::shown(&day.to_string(), format, &self.words, &self.cx.clock)))
            }
            "author" => {
                let authors = item.authors();
                (!authors.is_empty())
                    .then(|| authors.iter().map(|a| self.cx.markdown.html(a)).collect::<Vec<_>>().join(", "))
            }
            "description" => match text("description") {
                Some(own) => Some(self.cx.markdown.html(&own)),
                None => match shortened(&item.opening, self.options.max_description) {
                    Some(text) => Some(escape(&text)),
                    None => Some(item.opening_html().trim().to_owned()).filter(|html| !html.is_empty()),
                },
            },
            "categories" => {
                let categories = item.categories();
                (!categories.is_empty()).then(|| escape(&categories.join(", ")))
            }
            "reading-time" => (item.words > 0).then(|| {
                let minutes = item.words.div_ceil(200).to_string();
                escape(&self.words.get("listing-page-minutes-compact").replace("{0}", &minutes))
            }),
            "word-count" => (item.words > 0)
                .then(|| escape(&self.words.get("listing-page-words").replace("{0}", &item.words.to_string()))),
            "filename" => (!item.file_name.is_empty()).then(|| escape(&item.file_name)),
            _ => text(field).map(|value| self.cx.markdown.html(&value)),
        }
    }

    /// The description as plain text.
    fn plain_description(&self, item: &ListingItem) -> Option<String> {
        let own = item.meta.get("description").and_then(Value::to_text).filter(|text| !text.is_empty());
        let opening = || {
            let short = shortened(&item.opening, self.options.max_description);
            Some(short.unwrap_or_else(|| plain_inlines(&item.opening))).filter(|text| !text.is_empty())
        };
        own.map_or_else(opening, |own| Some(self.cx.markdown.plain(&own)))
    }

    /// The image of an item as HTML; `None` without one.
    fn picture(&self, item: &ListingItem) -> Option<String> {
        if item.image.is_empty() {
            return None;
        }
        let alt = item.meta.get("image-alt").and_then(Value::to_text).unwrap_or_default();
        let style = match &self.options.image_height {
            Some(height) => format!(" style=\"height: {};\"", escape(height)),
            None => String::new(),
        };
        // The size reserves the image's place before it loads.
        let size = item.image_size.map_or_else(String::new, |(w, h)| format!(" width=\"{w}\" height=\"{h}\""));
        Some(format!(
            "<p class=\"card-img-top\"><img class=\"thumbnail-image card-img\" src=\"{}\" alt=\"{}\"{size} loading=\"lazy\"{style}></p>",
            escape(&item.image),
            escape(&alt)
        ))
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
        self.meta.get("categories").map(Value::items).unwrap_or(&[]).iter().filter_map(Value::to_text).collect()
    }

    /// The names of the authors, as Markdown.
    pub fn authors(&self) -> Vec<String> {
        let authors = self.meta.get("author").or_else(|| self.meta.get("authors"));
        let name = |author: &Value| author.to_text().or_else(|| author.get("name")?.to_text());
        authors.map(Value::items).unwrap_or(&[]).iter().filter_map(name).collect()
    }

    /// The moment of `date`.
    pub fn moment(&self, clock: &Clock) -> Option<DateTime> {
        dates::moment(
            &self.meta.get("date")?.to_text()?,
            &Clock { modified: self.modified.unwrap_or(clock.modified), ..*clock },
        )
    }

    /// The key that an item is sorted by: dates in milliseconds, numbers as they are, text without markup.
    pub(crate) fn sort_key(&self, field: &str, clock: &Clock) -> Option<String> {
        let milliseconds = |at: DateTime| {
            let moment = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
            Some(moment.timestamp().as_millisecond().to_string())
        };
        match field {
            "title" => Some(self.title_text()),
            "date" => self.moment(clock).and_then(milliseconds),
            "date-modified" => {
                let text = self.meta.get("date-modified")?.to_text()?;
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

/// The first characters of inlines as plain text, cut between words; `None` if they have no more than `limit`.
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

/// The style of the categories in the margin; `None` if the listing does not ask for them.
pub(crate) fn category_style(options: &ListingOptions) -> Option<CategoryStyle> {
    options.categories
}
