//! Listings as tables.

use super::{ListingItem, Writer};
use crate::html::escape;

impl Writer<'_> {
    /// A row for each item. Headings of columns that can be sorted say by what; the script makes buttons of them.
    pub(super) fn table(&self, items: &[ListingItem]) -> String {
        let mut out = format!("<table class=\"{}\">\n<thead>\n<tr>\n", self.options.table_classes);
        let sortable = self.options.sort_fields();
        for field in &self.options.fields {
            let name = if field == "image" { String::new() } else { escape(&self.display_name(field)) };
            if sortable.contains(&field.as_str()) {
                out.push_str(&format!("<th scope=\"col\" data-sort=\"{}\">{name}</th>\n", escape(field)));
            } else if name.is_empty() {
                out.push_str("<td></td>\n");
            } else {
                out.push_str(&format!("<th scope=\"col\">{name}</th>\n"));
            }
        }
        out.push_str("</tr>\n</thead>\n<tbody class=\"list\">\n");
        for (at, item) in items.iter().enumerate() {
            out.push_str(&format!("<tr{}>\n", self.attributes(at, item)));
            for field in &self.options.fields {
                let text = match field.as_str() {
                    "title" => {
                        format!(
                            "<a class=\"title listing-title\" href=\"{}\">{}</a>",
                            escape(&item.href),
                            item.title_html()
                        )
                    }
                    "image" => self.picture(item).unwrap_or_default(),
                    field => {
                        let text = self.field(item, field).unwrap_or_else(|| "&nbsp;".to_owned());
                        format!("<span class=\"listing-{}\">{text}</span>", escape(field))
                    }
                };
                out.push_str(&format!("<td>{text}</td>\n"));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody>\n</table>\n");
        out
    }
}
