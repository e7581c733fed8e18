//! The categories of listings: in the margin, and as marks of items.

use super::ListingItem;
use super::options::{CategoryStyle, ListingOptions};
use crate::html::escape;
use crate::words::Words;
use base64::Engine;
use mlsys_book::Value;
use std::collections::BTreeMap;

/// The categories of a page's listings, for its margin; empty if no listing asks for them. Each links to `#category=news`,
/// which the script reads as a filter.
pub fn categories(meta: &Value, listings: &[(ListingOptions, Vec<ListingItem>)]) -> String {
    let Some(style) = listings.iter().find_map(|(options, _)| super::category_style(options)) else {
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
    let mut out = format!(
        "<h2 class=\"quarto-listing-category-title\">{}</h2>\n<div class=\"quarto-listing-category {class}\">\n",
        escape(&words.get("listing-page-field-categories"))
    );
    let mut entry = |name: &str, text: &str| {
        out.push_str(&format!(
            "<a class=\"category\" href=\"#category={}\" data-category=\"{}\">{text}</a>\n",
            escape(&percent_encoded(name)),
            encoded(name)
        ));
    };
    let numbered =
        |name: &str, count: usize| format!("{} <span class=\"quarto-category-count\">({count})</span>", escape(name));
    if style == CategoryStyle::Numbered {
        entry("", &numbered(&words.get("listing-page-category-all"), all));
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    for (name, count) in &counts {
        let text = match style {
            CategoryStyle::Numbered => numbered(name, *count),
            CategoryStyle::Unnumbered => escape(name),
            // Sizes from 1 to 10.
            CategoryStyle::Cloud => {
                let size = (count * 9).div_ceil(most) + 1;
                format!("<span class=\"quarto-category-count category-cloud-{size}\">{}</span>", escape(name))
            }
        };
        entry(name, &text);
    }
    out.push_str("</div>\n");
    out
}

/// A name as Quarto's scripts expect it in attributes: its percent encoding in base 64.
pub(super) fn encoded(name: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(percent_encoded(name))
}

/// The text as a part of an address. Source: ECMAScript, `encodeURIComponent`.
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
