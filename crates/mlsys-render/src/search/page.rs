//! A page's part of the index. It depends on that page alone, so an edit recomputes one page.

use super::entry::PageEntry;
use super::index::index_file;
use super::page_words::{PageWords, WordUses};
use super::token::{folded, tokens};
use crate::plain::{PlainText, Section};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A page in the search index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPage {
    /// Its URL, relative to the site's root.
    pub href: String,
    /// Its title as plain text, with its number.
    pub title: String,
    /// The way to it in the sidebar: the sections' titles and its own; empty outside every sidebar.
    pub crumbs: Vec<String>,
    /// Its language, as in `lang`.
    pub lang: String,
    /// Its sections in order.
    pub sections: Vec<SearchSection>,
    /// Its words in order.
    pub words: PageWords,
    /// The files with the sections' texts.
    pub texts: Vec<TextFile>,
}

/// A file with the texts of some sections of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextFile {
    /// The number of its first section within the page.
    pub first: usize,
    /// Its name.
    pub name: String,
    /// Its content. Most of the index is such texts, so the site shares them.
    #[serde(with = "shared_text")]
    pub text: Arc<str>,
}

/// Serialization of a shared text as a string.
mod shared_text {
    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};
    use std::fmt;
    use std::sync::Arc;

    struct Text;

    impl Visitor<'_> for Text {
        type Value = Arc<str>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Arc<str>, E> {
            Ok(text.into())
        }
    }

    pub fn serialize<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

/// A section in the search results.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchSection {
    /// The id of its heading; empty for the text before the first heading.
    pub id: String,
    /// The level of its heading, 1 to 6; 0 before the first heading.
    pub level: u8,
    /// Its heading as plain text with its number; empty if the page's title is its heading.
    pub heading: String,
    /// The length of its text in bytes.
    pub size: usize,
}

/// Indexes a page. Its text is read for [`crate::Purpose::Search`].
pub fn search_page(page: PlainText, entry: &PageEntry) -> SearchPage {
    let (title, is_titled_by_heading) = (entry.shown_title(&page), page.titled_by_heading());
    let PlainText { summary, sections: mut found, .. } = page;
    if !summary.is_empty() {
        match found.first_mut().filter(|s| s.level == 0) {
            Some(first) => first.text = format!("{summary}\n{}", first.text),
            None => found.insert(0, Section { text: summary, ..Section::default() }),
        }
    }
    // The heading that gives the page its title is the page's, not one of its sections'.
    if is_titled_by_heading && let Some(first) = found.iter_mut().find(|s| s.level > 0) {
        first.heading.clear();
    }
    if found.is_empty() {
        found.push(Section::default());
    }
    SearchPage {
        href: entry.href.clone(),
        crumbs: entry.crumbs(),
        lang: entry.lang.clone(),
        words: words(&title, &found),
        texts: texts(&found),
        sections: found.into_iter().map(SearchSection::from).collect(),
        title,
    }
}

impl From<Section> for SearchSection {
    fn from(section: Section) -> Self {
        let Section { id, level, heading, text } = section;
        SearchSection { id, level, heading, size: text.len() }
    }
}

/// The minimum size of a file of texts in bytes; the last one of a page can be smaller.
const TEXT_SIZE: usize = 8 << 10;

/// Divides the texts of a page among files.
fn texts(sections: &[Section]) -> Vec<TextFile> {
    let mut files = Vec::new();
    let (mut first, mut size) = (0, 0);
    for (at, section) in sections.iter().enumerate() {
        size += section.text.len();
        if size >= TEXT_SIZE || at + 1 == sections.len() {
            let part: Vec<&str> = sections.iter().take(at + 1).skip(first).map(|s| s.text.as_str()).collect();
            let (name, text) = index_file("text", &part);
            files.push(TextFile { first, name, text });
            (first, size) = (at + 1, 0);
        }
    }
    files
}

/// The words of a page's title, headings and texts.
fn words(title: &str, sections: &[Section]) -> PageWords {
    let mut words: FxHashMap<String, WordUses> = FxHashMap::default();
    let mut count = |section: usize, text: &str| {
        tokens(text, |token| {
            let at = section as u32;
            let uses = || WordUses { spelling: token.to_lowercase(), places: Vec::new() };
            let places = &mut words.entry(folded(token)).or_insert_with(uses).places;
            match places.last_mut().filter(|(section, _)| *section == at) {
                Some((_, count)) => *count += 1,
                None => places.push((at, 1)),
            }
        });
    };
    for (at, section) in sections.iter().enumerate() {
        if at == 0 {
            count(0, title);
        }
        count(at, &section.heading);
        count(at, &section.text);
    }
    PageWords::new(words)
}
