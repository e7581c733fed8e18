//! Listings that a template of the author writes. Source: Quarto, "Custom Listings".

use super::{Listing, ListingContext, ListingItem};
use crate::html::{Elements, Tag, html};
use crate::json::as_json;
use crate::templates::{TemplateError, Templates};
use mlsys_book::{Value, ValueKind, Words};
use serde_json::{Map, Value as Json, json};

/// A template of the author, with its file name and the values that it gets.
pub struct ListingTemplate<'a> {
    /// The file.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// `template-params`
    pub params: Option<&'a Value>,
}

/// The fields that are shown in a form of their own.
const SHOWN: [&str; 9] =
    ["title", "date", "date-modified", "author", "description", "categories", "reading-time", "word-count", "filename"];

/// Renders a listing by a template.
///
/// # Errors
/// Those of the template.
pub fn custom_listing(
    id: &str,
    template: &ListingTemplate<'_>,
    options: &super::ListingOptions,
    items: &[ListingItem],
    cx: &ListingContext<'_>,
) -> Result<String, TemplateError> {
    let listing = Listing { options, cx, words: Words::new(cx.meta) };
    let values = json!({
        "items": items.iter().map(|item| listing.values(item)).collect::<Vec<_>>(),
        "params": template.params.map_or_else(|| json!({}), as_json),
    });
    // The values are escaped in files of HTML.
    let name =
        if template.name.ends_with(".html") { template.name.to_owned() } else { format!("{}.html", template.name) };
    let templates = Templates::new([], [(name.as_str(), template.text)])?;
    let text = templates.render(&name, &values)?;
    let tag = Tag::new("div").id(&format!("listing-{}", id.strip_prefix("listing-").unwrap_or(id)));
    let tag = tag.classes(cx.classes.iter().map(String::as_str));
    let tag = tag.class("quarto-listing").class("quarto-listing-container-custom");
    Ok(html(|out| out.lines(tag, |out| out.raw(&text))))
}

impl Listing<'_> {
    /// The values of an item: its metadata, with the title as plain text, its URLs, and its fields as HTML.
    fn values(&self, item: &ListingItem) -> Json {
        let Json::Object(mut values) = as_json(&item.meta) else { return Json::Null };
        let is_text = |value: &Value| matches!(value.kind, ValueKind::String(_));
        let texts = item.meta.entries().iter().filter(|entry| is_text(&entry.value)).map(|entry| entry.key.as_str());
        let shown: Map<String, Json> = SHOWN
            .into_iter()
            .chain(texts)
            .filter_map(|field| Some((field.replace('-', "_"), self.field(item, field)?.into())))
            .collect();
        values.insert("title".into(), item.title_text().into());
        values.insert("href".into(), item.href.as_str().into());
        values.insert("image".into(), item.image.as_str().into());
        values.insert("html".into(), shown.into());
        Json::Object(values)
    }
}
