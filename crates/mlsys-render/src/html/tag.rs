//! Start tags.

use super::attributes::{encoded_url, escape_value, is_attribute_name, is_html_attribute};
use super::hole::Hole;
use super::urls::site_path;
use mlsys_book::{Attr, PageId};

/// An element's name and attributes, for the methods of [`Elements`](super::Elements).
///
/// Values are escaped as they are added. Every attribute has a value, as XML requires, and the attributes keep their order.
#[derive(Debug)]
#[must_use = "a tag is written by the methods of `Elements`"]
pub(crate) struct Tag {
    pub(super) name: &'static str,
    pub(super) attributes: String,
    /// Where further classes go: before the closing quote of `class`.
    pub(super) class_end: Option<usize>,
    /// Places that depend on the page: see [`Fragment`](super::Fragment).
    pub(super) holes: Vec<(usize, Hole)>,
    /// Where a class attribute goes that is only known later: see [`Tag::spans_columns`].
    pub(super) column_slot: Option<usize>,
}

impl Tag {
    pub fn new(name: &'static str) -> Self {
        Tag { name, attributes: String::new(), class_end: None, holes: Vec::new(), column_slot: None }
    }

    /// The heading of a level, `h1` to `h6`; other levels get the nearest.
    pub fn heading(level: usize) -> Self {
        Tag::new(["h1", "h2", "h3", "h4", "h5", "h6"][level.clamp(1, 6) - 1])
    }

    pub fn attr(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.begin(name);
        escape_value(&mut self.attributes, value.as_ref());
        self.attributes.push('"');
        self
    }

    /// Adds the attribute if there is a value.
    pub fn maybe(self, name: &str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Adds a boolean attribute. HTML also allows the bare name; XML does not.
    pub fn flag(self, name: &str) -> Self {
        self.attr(name, "")
    }

    /// Adds a URL, with characters that URLs cannot have percent-encoded.
    pub fn url(self, name: &str, url: &str) -> Self {
        self.attr(name, encoded_url(url))
    }

    pub fn unless_empty(self, name: &str, value: &str) -> Self {
        if value.is_empty() { self } else { self.attr(name, value) }
    }

    /// Adds the id unless it is empty.
    pub fn id(self, id: &str) -> Self {
        self.unless_empty("id", id)
    }

    /// Adds one class, or several separated by spaces.
    pub fn class(mut self, class: &str) -> Self {
        match self.class_end {
            // Usually nothing follows the class yet but its closing quote.
            Some(end) if end + 1 == self.attributes.len() => {
                self.attributes.truncate(end);
                self.attributes.push(' ');
            }
            Some(end) => {
                let rest = self.attributes.split_off(end);
                self.attributes.push(' ');
                escape_value(&mut self.attributes, class);
                self.class_end = Some(self.attributes.len());
                self.attributes.push_str(&rest);
                return self;
            }
            None => self.begin("class"),
        }
        escape_value(&mut self.attributes, class);
        self.class_end = Some(self.attributes.len());
        self.attributes.push('"');
        self
    }

    pub fn classes<'c>(self, classes: impl IntoIterator<Item = &'c str>) -> Self {
        classes.into_iter().fold(self, Tag::class)
    }

    /// Applies `change` if the condition holds.
    pub fn when(self, condition: bool, change: impl FnOnce(Self) -> Self) -> Self {
        if condition { change(self) } else { self }
    }

    /// Marks an element as a container of content that may leave the text column. If its content does, the writer adds the
    /// classes for page columns (see [`Writer::mark_open`](super::Writer::mark_open)). Call it after `id` and `class`: a class
    /// attribute that is added for the mark goes here.
    pub fn spans_columns(mut self) -> Self {
        self.column_slot = Some(self.class_end.unwrap_or(self.attributes.len()));
        self
    }

    /// Adds an author's id, classes and keys apart from those in `skip`.
    pub fn author(self, attr: &Attr, skip: &[&str]) -> Self {
        self.id(attr.id()).author_classes(attr).pairs(attr, skip)
    }

    /// Adds an author's classes.
    pub fn author_classes(self, attr: &Attr) -> Self {
        self.classes(attr.classes.iter().map(String::as_str))
    }

    /// Adds an author's keys and values apart from those in `skip`. Names that HTML does not know get the prefix `data-`. Source:
    /// Pandoc manual, "Extension: link_attributes".
    pub fn pairs(self, attr: &Attr, skip: &[&str]) -> Self {
        let pairs = attr.pairs.iter();
        let pairs = pairs.filter(|pair| !skip.contains(&pair.key.as_str()) && is_attribute_name(&pair.key));
        pairs.fold(self, |mut tag, pair| {
            tag.attributes.push(' ');
            if !is_html_attribute(&pair.key) {
                tag.attributes.push_str("data-");
            }
            tag.attributes.push_str(&pair.key);
            tag.attributes.push_str("=\"");
            escape_value(&mut tag.attributes, &pair.value);
            tag.attributes.push('"');
            tag
        })
    }

    /// Adds a URL as a page at the site's root would have it. On other pages it follows the page, if it is one of the site.
    pub fn site_url(mut self, name: &str, url: &str) -> Self {
        let Some(path) = site_path(url) else { return self.attr(name, url) };
        self.begin(name);
        self.holes.push((self.attributes.len(), Hole::Root));
        escape_value(&mut self.attributes, path);
        self.attributes.push('"');
        self
    }

    /// Adds a class on some pages. Call it directly after `class`.
    pub fn class_on(mut self, pages: Vec<PageId>, class: &str) -> Self {
        let at = self.class_end.unwrap_or(self.attributes.len());
        self.hole(at, pages, format!(" {class}"), String::new());
        self
    }

    /// Adds a class on all pages but some. Call it directly after `class`.
    pub fn class_except_on(mut self, pages: Vec<PageId>, class: &str) -> Self {
        let at = self.class_end.unwrap_or(self.attributes.len());
        self.hole(at, pages, String::new(), format!(" {class}"));
        self
    }

    /// Adds an attribute on some pages.
    pub fn attr_on(mut self, pages: Vec<PageId>, name: &str, value: &str) -> Self {
        self.hole(self.attributes.len(), pages, written(name, value), String::new());
        self
    }

    /// Adds an attribute with one value on some pages and another on the others.
    pub fn attr_either(mut self, pages: Vec<PageId>, name: &str, then: &str, otherwise: &str) -> Self {
        self.hole(self.attributes.len(), pages, written(name, then), written(name, otherwise));
        self
    }

    fn hole(&mut self, at: usize, mut pages: Vec<PageId>, then: String, otherwise: String) {
        pages.sort_unstable();
        self.holes.push((at, Hole::When { pages, then, otherwise }));
    }

    fn begin(&mut self, name: &str) {
        if self.attributes.capacity() == 0 {
            self.attributes.reserve(64);
        }
        self.attributes.push(' ');
        self.attributes.push_str(name);
        self.attributes.push_str("=\"");
    }
}

/// An attribute as text.
fn written(name: &str, value: &str) -> String {
    Tag::new("").attr(name, value).attributes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_join_wherever_they_are_added() {
        let tag = Tag::new("a").class("x").class("y").attr("href", "<").class("z");
        assert_eq!(tag.attributes, " class=\"x y z\" href=\"&lt;\"");
    }
}
