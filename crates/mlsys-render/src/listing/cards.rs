//! Listings of posts one below the other and of cards in a grid.

use super::categories::percent_encoded;
use super::{ListingItem, Writer};
use crate::html::escape;

impl Writer<'_> {
    /// Posts one below the other, each with one link.
    pub(super) fn posts(&self, items: &[ListingItem]) -> String {
        let mut out = "<div class=\"list quarto-listing-default\">\n".to_owned();
        for (at, item) in items.iter().enumerate() {
            let href = escape(&item.href);
            out.push_str(&format!(
                "<div class=\"quarto-post image-{}\"{}>\n",
                self.options.image_align,
                self.attributes(at, item)
            ));
            if self.shows("image") {
                out.push_str("<div class=\"thumbnail\">");
                if let Some(picture) = self.picture(item) {
                    out.push_str(&format!(
                        "<a class=\"no-external\" href=\"{href}\" tabindex=\"-1\" aria-hidden=\"true\">{picture}</a>"
                    ));
                }
                out.push_str("</div>\n");
            }
            out.push_str("<div class=\"body\">\n");
            if self.shows("title") {
                out.push_str(&format!(
                    "<h{0} class=\"no-anchor listing-title\"><a class=\"no-external\" href=\"{href}\">{1}</a></h{0}>\n",
                    self.cx.level,
                    item.title_html()
                ));
            }
            self.part(&mut out, item, "subtitle", "listing-subtitle");
            if self.shows("categories") && !item.categories().is_empty() {
                out.push_str("<div class=\"listing-categories\">");
                for category in item.categories() {
                    out.push_str(&format!(
                        "<a class=\"listing-category\" href=\"#category={}\">{}</a>",
                        escape(&percent_encoded(&category)),
                        escape(&category)
                    ));
                }
                out.push_str("</div>\n");
            }
            if self.shows("description")
                && let Some(text) = self.field(item, "description")
            {
                out.push_str(&format!("<div class=\"delink listing-description\"><p>{text}</p></div>\n"));
            }
            out.push_str("</div>\n<div class=\"metadata\">\n");
            self.facts(&mut out, item, &["title", "subtitle", "image", "categories", "description"]);
            out.push_str("</div>\n</div>\n");
        }
        out.push_str("</div>\n");
        out
    }

    /// Cards in a grid; each is a link.
    pub(super) fn grid(&self, items: &[ListingItem]) -> String {
        let mut out = format!("<div class=\"list grid quarto-listing-cols-{}\">\n", self.options.columns);
        for (at, item) in items.iter().enumerate() {
            out.push_str(&format!(
                "<div class=\"g-col-1\"{}>\n<a class=\"quarto-grid-link\" href=\"{}\"><div class=\"quarto-grid-item card h-100 card-left\">\n",
                self.attributes(at, item),
                escape(&item.href)
            ));
            if self.shows("image") {
                match self.picture(item) {
                    Some(picture) => out.push_str(&picture),
                    None => out.push_str("<div class=\"listing-item-img-placeholder card-img-top\">&nbsp;</div>"),
                }
                out.push('\n');
            }
            out.push_str("<div class=\"card-body post-contents\">\n");
            if self.shows("title") {
                out.push_str(&format!(
                    "<h{0} class=\"no-anchor card-title listing-title\">{1}</h{0}>\n",
                    self.cx.level,
                    item.title_html()
                ));
            }
            self.part(&mut out, item, "subtitle", "card-subtitle listing-subtitle");
            self.part(&mut out, item, "reading-time", "listing-reading-time card-text text-muted");
            if self.shows("categories") && !item.categories().is_empty() {
                let categories = item.categories();
                let categories =
                    categories.iter().map(|c| format!("<span class=\"listing-category\">{}</span>", escape(c)));
                out.push_str(&format!("<div class=\"listing-categories\">{}</div>\n", categories.collect::<String>()));
            }
            if self.shows("description")
                && let Some(text) = self.plain_description(item)
            {
                // A card is a link, and a link cannot hold links.
                let text = escape(&text);
                out.push_str(&format!("<div class=\"card-text listing-description delink\"><p>{text}</p></div>\n"));
            }
            let mut facts = String::new();
            if self.shows("author") {
                self.part(&mut facts, item, "author", "listing-author");
            }
            let rest = ["title", "subtitle", "image", "categories", "description", "reading-time", "author"];
            self.facts(&mut facts, item, &rest);
            if !facts.is_empty() {
                out.push_str(&format!("<div class=\"card-attribution card-text-small justify\">\n{facts}</div>\n"));
            }
            out.push_str("</div>\n</div></a>\n</div>\n");
        }
        out.push_str("</div>\n");
        out
    }

    /// One field in an element of its own.
    fn part(&self, out: &mut String, item: &ListingItem, field: &str, class: &str) {
        if self.shows(field)
            && let Some(text) = self.field(item, field)
        {
            out.push_str(&format!("<div class=\"{class}\">{text}</div>\n"));
        }
    }

    /// The fields without a place of their own, in the order of `fields`.
    fn facts(&self, out: &mut String, item: &ListingItem, others: &[&str]) {
        for field in self.options.fields.iter().filter(|field| !others.contains(&field.as_str())) {
            self.part(out, item, field, &format!("listing-{}", escape(field)));
        }
    }
}
