//! The items of a listing: pages of the project, and items of the metadata or of data files.

use super::{Item, Lister};
use crate::leaves::images::size::image_size;
use crate::project::is_listing_data;
use crate::site::preview_image::{first_image, preview_image};
use crate::url::{local_file, relative};
use jiff::civil::Date;
use mlsys_book::{
    BlockKind, Chapter, Inline, InlineKind, Node, OptionName, PageId, Span, Value, ValueKind, encoded_path, key, name,
    walk,
};
use mlsys_parse::Globs;
use mlsys_render::{ListingItem, plain_inlines};

impl Lister<'_> {
    /// The items of a listing, without duplicates.
    pub(super) fn items(&self, options: &Value) -> Vec<Item> {
        let here = self.input().rsplit_once('/').map_or("", |(folder, _)| folder);
        let contents = options.value(name!("listing", "contents"));
        let mut items: Vec<Item> = Vec::new();
        let patterns: Vec<String> = match contents {
            None => vec!["**".to_owned()],
            Some(contents) => contents.items().iter().filter_map(Value::to_text).collect(),
        };
        let in_folder = |pattern: &String| {
            let (exclude, pattern) = pattern.strip_prefix('!').map_or(("", pattern.as_str()), |p| ("!", p));
            // `.` is the page's own folder; the root's has no name.
            let pattern = match (pattern, here.is_empty()) {
                ("." | "./", true) => "*",
                ("." | "./", false) => "",
                (pattern, _) => pattern,
            };
            match pattern.strip_prefix('/') {
                // A leading slash anchors a glob at the root.
                Some(rooted) if pattern.contains('*') => format!("{exclude}/{rooted}"),
                Some(rooted) => format!("{exclude}{rooted}"),
                None => {
                    let folder = if here.is_empty() { String::new() } else { format!("{here}/") };
                    match (pattern.contains('*'), pattern.strip_prefix("./")) {
                        // A glob means files in all folders below, unless `./` says where they are.
                        (true, None) => format!("{exclude}/{folder}**/{}", pattern.trim_start_matches("**/")),
                        (true, Some(pattern)) => format!("{exclude}/{folder}{pattern}"),
                        (false, _) => format!("{exclude}{folder}{pattern}"),
                    }
                }
            }
        };
        let globs: Vec<String> = patterns.iter().filter(|p| !is_listing_data(p)).map(in_folder).collect();
        let is_folder = |name: &str| mlsys_book::is_folder(name.trim_end_matches('/'), &self.book.files);
        let globs = Globs::new(globs.iter().map(String::as_str), is_folder);
        let chosen = globs.select(&self.book.files);
        for (page, id) in self.book.project.pages.iter().zip(0..) {
            if PageId(id) != self.page && !page.is_hidden() && chosen.contains(&page.input.as_str()) {
                items.push(self.page_item(PageId(id), None));
            }
        }
        // Custom items: in the metadata itself, or in data files.
        for value in contents.map_or(&[][..], Value::items) {
            if matches!(value.kind, ValueKind::Map(_)) {
                items.push(self.custom_item(value, here));
            } else if let Some(data) = value.as_str().and_then(|name| self.book.pages[self.page].data.get(name)) {
                let folder = value.as_str().and_then(|name| name.rsplit_once('/')).map_or("", |(folder, _)| folder);
                let folder = if here.is_empty() { folder.to_owned() } else { format!("{here}/{folder}") };
                items.extend(data.items().iter().map(|item| self.custom_item(item, &folder)));
            }
        }
        let matches = |filter: Option<&Value>, meta: &Value, otherwise: bool| match filter {
            None => otherwise,
            Some(filter) => filter.entries().iter().all(|entry| matches_any(meta.get(&entry.key), &entry.value)),
        };
        items.retain(|(_, item)| {
            matches(options.value(name!("listing", "include")), &item.meta, true)
                && !matches(options.value(name!("listing", "exclude")), &item.meta, false)
        });
        items
    }

    /// A custom item. If its `path` is a page of the project, the item overrides that page's metadata.
    fn custom_item(&self, value: &Value, folder: &str) -> Item {
        let path = value.read(key!("listing", "path")).unwrap_or_default();
        let base = format!("{folder}/x");
        let file = local_file(base.trim_start_matches('/'), &path);
        if let Some(file) = &file
            && let Some(at) =
                self.book.project.pages.iter().position(|page| page.input == *file || page.output == *file)
        {
            return self.page_item(PageId(at as u32), Some(value));
        }
        let text = |key: OptionName| value.text(key);
        let item = ListingItem {
            href: file.map_or(path, |file| relative(self.output(self.page), &file)),
            title: text(name!("listing", "title")).map(|t| self.markdown(&t)).unwrap_or_default(),
            opening: Vec::new(),
            image: text(name!("listing", "image")).unwrap_or_default(),
            image_size: text(name!("listing", "image")).and_then(|image| self.size(&local_file(self.input(), &image)?)),
            words: 0,
            file_name: String::new(),
            modified: None,
            meta: value.clone(),
        };
        (None, item)
    }

    /// The item of a page; `overrides` take precedence over the page's metadata.
    fn page_item(&self, page: PageId, overrides: Option<&Value>) -> Item {
        let (chapter, input) = (&self.chapters[page], &self.book.project.pages[page].input);
        let meta = overrides.map_or_else(|| chapter.meta.clone(), |overrides| chapter.meta.merge(overrides));
        let file_name = input.rsplit('/').next().unwrap_or(input).to_owned();
        let custom_title = overrides.and_then(|meta| meta.read(key!("title"))).map(|t| self.markdown(&t));
        let title = chapter.title.as_deref().or_else(|| chapter.first_heading().map(|h| h.content.as_slice()));
        let image = self.image(page);
        let item = ListingItem {
            href: encoded_path(&relative(self.output(self.page), self.output(page))).into_owned(),
            title: custom_title
                .or_else(|| title.map(<[Inline]>::to_vec))
                .unwrap_or_else(|| vec![text_inline(&file_name)]),
            opening: opening(chapter),
            image_size: image.as_deref().filter(|file| !file.contains("://")).and_then(|file| self.size(file)),
            image: image.map_or_else(String::new, |file| match file.contains("://") {
                true => file,
                false => relative(self.output(self.page), &file),
            }),
            words: words(chapter),
            file_name,
            modified: Some(self.modified(page)),
            meta,
        };
        (Some(page), item)
    }

    /// Gives items without an image the placeholder.
    pub(super) fn add_placeholder(&self, placeholder: &str, items: &mut [ListingItem]) {
        let file = local_file(self.input(), placeholder);
        let size = file.as_deref().and_then(|file| self.size(file));
        let url = file.map_or_else(|| placeholder.to_owned(), |file| relative(self.output(self.page), &file));
        for item in items.iter_mut().filter(|item| item.image.is_empty()) {
            (item.image, item.image_size) = (url.clone(), size);
        }
    }

    /// The size in pixels of an image file of the project.
    fn size(&self, file: &str) -> Option<(u32, u32)> {
        image_size(&self.book.vfs, file)
    }

    fn modified(&self, page: PageId) -> Date {
        self.book.pages[page].modified
    }

    /// The image of a page: from its metadata, otherwise its preview image, otherwise its first image.
    pub(super) fn image(&self, page: PageId) -> Option<String> {
        let chapter = &self.chapters[page];
        let input = &self.book.project.pages[page].input;
        let named = chapter.meta.value(name!("image"));
        if named.is_some_and(|value| value.as_bool() == Some(false)) {
            return None;
        }
        let (url, base) = match named.and_then(|value| Some((value.to_text()?, value.place))) {
            Some((url, place)) => (url, if place.source == chapter.source { input.as_str() } else { "" }),
            None => (preview_image(chapter).or_else(|| first_image(chapter))?, input.as_str()),
        };
        if url.contains("://") { Some(url) } else { local_file(base, &url) }
    }
}

/// True if one of an item's values matches one of the patterns, ignoring case.
fn matches_any(value: Option<&Value>, patterns: &Value) -> bool {
    let texts = |value: &Value| -> Vec<String> {
        let name = |item: &Value| item.to_text().or_else(|| item.text(name!("author", "name")));
        value.items().iter().filter_map(name).map(|text| text.to_lowercase()).collect()
    };
    let values = value.map(texts).unwrap_or_default();
    texts(patterns).iter().any(|pattern| values.iter().any(|text| is_match(pattern, text)))
}

/// True if a text matches a pattern, in which `*` stands for any characters.
fn is_match(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or("");
    for part in parts {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(end)
}

/// Plain text as an inline.
fn text_inline(text: &str) -> Inline {
    Inline { span: Span::new(0, 0), kind: InlineKind::Str(text.to_owned()) }
}

/// The first paragraph that has text.
fn opening(chapter: &Chapter) -> Vec<Inline> {
    let mut first = None;
    walk(&chapter.blocks, &mut |node| {
        if let Node::Block(block) = node
            && let BlockKind::Para(inlines) | BlockKind::Plain(inlines) = &block.kind
            && first.is_none()
        {
            first = Some(inlines.clone()).filter(|inlines| !plain_inlines(inlines).trim().is_empty());
        }
        first.is_none()
    });
    first.unwrap_or_default()
}

/// The number of words on a page.
fn words(chapter: &Chapter) -> usize {
    let mut count = 0;
    walk(&chapter.blocks, &mut |node| {
        if let Node::Inline(inline) = node
            && let InlineKind::Str(text) = &inline.kind
        {
            count += text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
        }
        true
    });
    count
}
