//! The feeds of a listing.

use super::{Lister, PageListings};
use crate::url::local_file;
use mlsys_book::{Code, Diagnostic, OptionName, PageId, Value, encoded_path, key, name};
use mlsys_render::{Feed, FeedItem, ListingItem, absolute_html, feed, linked_inlines_html};

impl Lister<'_> {
    /// Renders the feed of a listing, and one for each category under `categories`.
    pub(super) fn feeds(
        &self,
        value: &Value,
        pages: &[Option<PageId>],
        items: &[ListingItem],
        out: &mut PageListings,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let site = &self.book.project.site;
        let Some(url) = site.url.as_deref() else {
            let message = "a feed needs absolute URLs, but the site has no `site-url`";
            diagnostics.push(
                Diagnostic::new(Code::InvalidConfigValue, value.place, message).hint("add `site-url` to `website`"),
            );
            return;
        };
        let text = |key: OptionName| value.text(key);
        let stem = self.output(self.page).strip_suffix(".html").unwrap_or(self.output(self.page));
        let max_items = value.read(key!("feed", "items")).and_then(|n| usize::try_from(n).ok()).unwrap_or(20);
        let kind = text(name!("feed", "type")).unwrap_or_else(|| "full".to_owned());
        let title = text(name!("feed", "title")).unwrap_or_else(|| site.title.clone());
        let description = text(name!("feed", "description")).or_else(|| site.description.clone()).unwrap_or_default();
        let image =
            text(name!("feed", "image")).and_then(|image| Some(format!("{url}{}", local_file(self.input(), &image)?)));
        let meta = &self.chapters[self.page].meta;
        let lang = text(name!("feed", "language")).or_else(|| meta.read(key!("lang"))).unwrap_or_default();
        let mut add = |file: String, category: Option<&str>| {
            let chosen = pages.iter().zip(items);
            let chosen = chosen.filter(|(_, item)| category.is_none_or(|category| has_category(item, category)));
            // Readers of feeds expect the newest item first, whatever the order of the listing.
            let mut chosen: Vec<_> = chosen.collect();
            chosen.sort_by_key(|(_, item)| std::cmp::Reverse(item.moment(&self.clock())));
            let chosen = chosen.into_iter().take(max_items);
            let items = chosen.map(|(page, item)| self.feed_item(url, *page, item, &kind)).collect();
            let title = category.map_or_else(|| title.clone(), |category| format!("{title} - {category}"));
            let contents = Feed {
                title: title.clone(),
                description: description.clone(),
                link: format!("{url}{}", encoded_path(short_path(self.output(self.page)))),
                self_url: format!("{url}{}", encoded_path(&file)),
                language: lang.clone(),
                image: image.clone(),
                items,
            };
            out.feeds.push((file, title, feed(&contents)));
        };
        add(format!("{stem}.xml"), None);
        for category in names(value, name!("feed", "categories")) {
            let slug: String =
                category.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
            add(format!("{stem}-{slug}.xml"), Some(&category));
        }
    }

    fn feed_item(&self, url: &str, page: Option<PageId>, item: &ListingItem, kind: &str) -> FeedItem {
        let description = item.meta.read(key!("description"));
        let description = description.map(|text| linked_inlines_html(&self.markdown(&text)));
        let description = description.unwrap_or_else(|| item.opening_html());
        let link = match page {
            Some(page) => format!("{url}{}", encoded_path(short_path(self.output(page)))),
            None => item.href.clone(),
        };
        let content = match (kind, page.and_then(|page| self.bodies.get(page))) {
            ("metadata", _) => String::new(),
            ("full", Some(body)) => absolute_html(&body.content, &link),
            _ => absolute_html(&format!("<p>{description}</p>"), &link),
        };
        let image = page.and_then(|page| self.image(page));
        FeedItem {
            title: item.title_text(),
            authors: item.authors(),
            content,
            categories: names(&item.meta, name!("feed", "categories")),
            date: item.moment(&self.clock()),
            image: image.map(|file| if file.contains("://") { file } else { format!("{url}{file}") }),
            link,
        }
    }
}

/// The path of a page as hosts serve it: that of its folder for `index.html`.
fn short_path(output: &str) -> &str {
    match output.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        Some(_) | None => output,
    }
}

fn has_category(item: &ListingItem, category: &str) -> bool {
    names(&item.meta, name!("feed", "categories")).iter().any(|name| name == category)
}

/// The texts of the list under a key.
fn names(value: &Value, key: OptionName) -> Vec<String> {
    value.value(key).map_or(&[][..], Value::items).iter().filter_map(Value::to_text).collect()
}
