//! The items of a listing as plain text, for formats without its layout.

use super::{FieldValue, Listing, ListingContext, ListingItem, ListingOptions};
use mlsys_book::{PageId, Words};

/// What a listing shows of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedItem {
    /// The item's page, if it is a page of the project.
    pub page: Option<PageId>,
    /// The URL, relative to the listing's page.
    pub href: String,
    /// The title.
    pub title: String,
    /// The values of the other fields, in order.
    pub facts: Vec<String>,
    /// The description; empty without one.
    pub description: String,
}

/// The items that a listing shows, each with its page.
pub fn listed(
    options: &ListingOptions,
    pages: &[Option<PageId>],
    items: &[ListingItem],
    cx: &ListingContext<'_>,
) -> Vec<ListedItem> {
    let listing = Listing { options, cx, words: Words::new(cx.meta) };
    let listed = items.iter().zip(pages).map(|(item, page)| ListedItem {
        page: *page,
        href: item.href.clone(),
        title: item.title_text(),
        facts: listing.other_values(item),
        description: listing.plain_description(item).filter(|_| listing.shows("description")).unwrap_or_default(),
    });
    listed.collect()
}

impl Listing<'_> {
    /// The values of the fields apart from title, description and image.
    fn other_values(&self, item: &ListingItem) -> Vec<String> {
        let fields = self.options.fields.iter().filter(|f| !matches!(f.as_str(), "title" | "description" | "image"));
        let plain = |value| match value {
            FieldValue::Text(text) => text,
            FieldValue::Markdown(texts) => {
                texts.iter().map(|text| self.cx.markdown.plain(text)).collect::<Vec<_>>().join(", ")
            }
        };
        let values = fields.filter_map(|field| self.value(item, field)).map(plain);
        values.filter(|value| !value.is_empty()).collect()
    }
}
