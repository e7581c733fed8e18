//! The categories of listings, in the margin and on items.

use super::ListingItem;
use super::options::{CategoryStyle, ListingOptions};
use crate::html::{Elements, Tag, Writer, html};
use base64::Engine;
use mlsys_book::{Value, Words};
use std::collections::BTreeMap;

/// The categories of a page's listings, for its margin; empty if no listing asks for them. Each links to its own hash
/// (`#category=news`), which the script reads as a filter.
pub fn categories(meta: &Value, listings: &[(ListingOptions, Vec<ListingItem>)]) -> String {
    let Some(style) = listings.iter().find_map(|(options, _)| options.categories) else {
        return String::new();
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for category in listings.iter().flat_map(|(_, items)| items).flat_map(ListingItem::categories) {
        *counts.entry(category).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(name, _)| name.to_lowercase());
    let words = Words::new(meta);
    let all: usize = listings.iter().map(|(_, items)| items.len()).sum();
    let class = match style {
        CategoryStyle::Numbered => "category-default",
        CategoryStyle::Unnumbered => "category-unnumbered",
        CategoryStyle::Cloud => "category-cloud",
    };
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    html(|out| {
        let heading = words.get("listing-page-field-categories");
        out.leaf(Tag::new("h2").class("quarto-listing-category-title"), &heading);
        out.newline();
        out.lines(Tag::new("div").class("quarto-listing-category").class(class), |out| {
            if style == CategoryStyle::Numbered {
                entry(out, "", |out| numbered(out, &words.get("listing-page-category-all"), all));
            }
            for (name, count) in &counts {
                entry(out, name, |out| match style {
                    CategoryStyle::Numbered => numbered(out, name, *count),
                    CategoryStyle::Unnumbered => out.text(name),
                    // Sizes from 1 to 10.
                    CategoryStyle::Cloud => {
                        let class = format!("category-cloud-{}", (count * 9).div_ceil(most) + 1);
                        out.leaf(Tag::new("span").class("quarto-category-count").class(&class), name);
                    }
                });
            }
        });
    })
}

fn entry(out: &mut Writer, name: &str, text: impl FnOnce(&mut Writer)) {
    let tag = Tag::new("a").class("category").attr("href", format!("#category={}", percent_encoded(name)));
    out.line(tag.attr("data-category", encoded(name)), text);
}

fn numbered(out: &mut Writer, name: &str, count: usize) {
    out.text(name);
    out.text(" ");
    out.leaf(Tag::new("span").class("quarto-category-count"), &format!("({count})"));
}

/// A name as Quarto's scripts expect it in attributes: percent-encoded, then base64.
pub(super) fn encoded(name: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(percent_encoded(name))
}

/// Percent-encodes text for a URL component. Source: ECMAScript, `encodeURIComponent`.
pub(super) fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
