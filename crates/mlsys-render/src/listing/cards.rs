//! Listings as posts, one below the other, and as cards in a grid.

use super::categories::percent_encoded;
use super::{Listing, ListingItem};
use crate::html::{Elements, Tag, Writer, html};

impl Listing<'_> {
    /// Posts, one below the other, each with a single link.
    pub(super) fn posts(&self, out: &mut Writer, items: &[ListingItem]) {
        out.lines(Tag::new("div").class("list quarto-listing-default"), |out| {
            for (at, item) in items.iter().enumerate() {
                let tag = Tag::new("div").class("quarto-post").class(&format!("image-{}", self.options.image_align));
                out.lines(self.attributes(tag, at, item), |out| self.post(out, item));
            }
        });
    }

    fn post(&self, out: &mut Writer, item: &ListingItem) {
        let has_link = !item.href.is_empty();
        let link = || Tag::new("a").class("no-external").attr("href", &item.href);
        if self.shows("image") {
            out.line(Tag::new("div").class("thumbnail"), |out| match self.image_tag(item) {
                Some(image) if has_link => {
                    let link = link().attr("tabindex", "-1").attr("aria-hidden", "true");
                    out.element(link, |out| self.picture(out, image));
                }
                Some(image) => self.picture(out, image),
                None => {}
            });
        }
        out.lines(Tag::new("div").class("body"), |out| {
            if self.shows("title") {
                out.line(Tag::heading(self.cx.level).class("no-anchor listing-title"), |out| match has_link {
                    true => out.element(link(), |out| out.raw(&item.title_html())),
                    false => out.raw(&item.title_html()),
                });
            }
            self.part(out, item, "subtitle", "listing-subtitle");
            if self.shows("categories") && !item.categories().is_empty() {
                out.line(Tag::new("div").class("listing-categories"), |out| {
                    for category in item.categories() {
                        let href = format!("#category={}", percent_encoded(&category));
                        out.leaf(Tag::new("a").class("listing-category").attr("href", href), &category);
                    }
                });
            }
            if self.shows("description")
                && let Some(text) = self.field(item, "description")
            {
                out.line(Tag::new("div").class("delink listing-description"), |out| {
                    out.element(Tag::new("p"), |out| out.raw(&text));
                });
            }
        });
        out.lines(Tag::new("div").class("metadata"), |out| {
            self.facts(out, item, &["title", "subtitle", "image", "categories", "description"]);
        });
    }

    /// Cards in a grid; each is a link.
    pub(super) fn grid(&self, out: &mut Writer, items: &[ListingItem]) {
        let columns = format!("quarto-listing-cols-{}", self.options.columns);
        out.lines(Tag::new("div").class("list grid").class(&columns), |out| {
            for (at, item) in items.iter().enumerate() {
                let link = match item.href.is_empty() {
                    true => Tag::new("div").class("quarto-grid-link"),
                    false => Tag::new("a").class("quarto-grid-link").attr("href", &item.href),
                };
                out.lines(self.attributes(Tag::new("div").class("g-col-1"), at, item), |out| {
                    out.line(link, |out| {
                        let card = Tag::new("div").class("quarto-grid-item card h-100");
                        let card = card.class(&format!("card-{}", self.options.card_align));
                        let card = card.when(!self.options.card_border, |tag| tag.class("borderless"));
                        out.element(card, |out| {
                            out.newline();
                            self.card(out, item);
                        });
                    });
                });
            }
        });
    }

    fn card(&self, out: &mut Writer, item: &ListingItem) {
        if self.shows("image") {
            match self.image_tag(item) {
                Some(image) => self.picture(out, image),
                None => {
                    let tag = Tag::new("div").class("listing-item-img-placeholder card-img-top");
                    out.element(tag, |out| out.no_break_space());
                }
            }
            out.newline();
        }
        out.lines(Tag::new("div").class("card-body post-contents"), |out| {
            if self.shows("title") {
                let tag = Tag::heading(self.cx.level).class("no-anchor card-title listing-title");
                out.line(tag, |out| out.raw(&item.title_html()));
            }
            self.part(out, item, "subtitle", "card-subtitle listing-subtitle");
            self.part(out, item, "reading-time", "listing-reading-time card-text text-muted");
            if self.shows("categories") && !item.categories().is_empty() {
                out.line(Tag::new("div").class("listing-categories"), |out| {
                    for category in item.categories() {
                        out.leaf(Tag::new("span").class("listing-category"), &category);
                    }
                });
            }
            if self.shows("description")
                && let Some(text) = self.plain_description(item)
            {
                // A card is a link, and a link cannot contain links.
                out.line(Tag::new("div").class("card-text listing-description delink"), |out| {
                    out.leaf(Tag::new("p"), &text);
                });
            }
            let facts = html(|out| {
                self.part(out, item, "author", "listing-author");
                let rest = ["title", "subtitle", "image", "categories", "description", "reading-time", "author"];
                self.facts(out, item, &rest);
            });
            if !facts.is_empty() {
                let tag = Tag::new("div").class("card-attribution card-text-small justify");
                out.lines(tag, |out| out.raw(&facts));
            }
        });
    }

    /// A field as an element.
    fn part(&self, out: &mut Writer, item: &ListingItem, field: &str, class: &str) {
        if self.shows(field)
            && let Some(text) = self.field(item, field)
        {
            out.line(Tag::new("div").class(class), |out| out.raw(&text));
        }
    }

    /// The fields without a fixed place, in the order of `fields`.
    fn facts(&self, out: &mut Writer, item: &ListingItem, others: &[&str]) {
        for field in self.options.fields.iter().filter(|field| !others.contains(&field.as_str())) {
            self.part(out, item, field, &format!("listing-{field}"));
        }
    }
}
