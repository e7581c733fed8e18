//! Listings as tables.

use super::{Listing, ListingItem};
use crate::html::{Elements, Tag, Writer};

impl Listing<'_> {
    /// A row for each item. Sortable columns name their sort key; the script makes their headings buttons.
    pub(super) fn table(&self, out: &mut Writer, items: &[ListingItem]) {
        out.lines(Tag::new("table").class(&self.options.table_classes), |out| {
            out.lines(Tag::new("thead"), |out| out.lines(Tag::new("tr"), |out| self.headings(out)));
            out.lines(Tag::new("tbody").class("list"), |out| {
                for (at, item) in items.iter().enumerate() {
                    out.lines(self.attributes(Tag::new("tr"), at, item), |out| {
                        for field in &self.options.fields {
                            out.line(Tag::new("td"), |out| self.table_cell(out, item, field));
                        }
                    });
                }
            });
        });
    }

    fn headings(&self, out: &mut Writer) {
        let sortable = self.options.sort_fields();
        for field in &self.options.fields {
            let name = if field == "image" { String::new() } else { self.display_name(field) };
            let sort = Some(field).filter(|field| sortable.contains(&field.as_str()));
            if sort.is_none() && name.is_empty() {
                out.leaf(Tag::new("td"), "");
            } else {
                out.leaf(Tag::new("th").attr("scope", "col").maybe("data-sort", sort), &name);
            }
            out.newline();
        }
    }

    /// True if a field links to the item. Its own text may have links, which do not nest.
    fn is_linked(&self, item: &ListingItem, field: &str) -> bool {
        let has_link = || self.field(item, field).is_some_and(|html| html.contains(" href="));
        !item.href.is_empty() && self.options.field_links.iter().any(|linked| linked == field) && !has_link()
    }

    fn table_cell(&self, out: &mut Writer, item: &ListingItem, field: &str) {
        match field {
            "title" if self.is_linked(item, field) => {
                let tag = Tag::new("a").class("title listing-title").attr("href", &item.href);
                out.element(tag, |out| out.raw(&item.title_html()));
            }
            "image" => {
                if let Some(image) = self.image_tag(item) {
                    self.picture(out, image);
                }
            }
            field => {
                out.element(Tag::new("span").class(&format!("listing-{field}")), |out| match self.field(item, field) {
                    Some(text) if self.is_linked(item, field) => {
                        let tag = Tag::new("a").class(&format!("listing-{field}")).attr("href", &item.href);
                        out.element(tag, |out| out.raw(&text));
                    }
                    Some(text) => out.raw(&text),
                    None => out.no_break_space(),
                })
            }
        }
    }
}
