//! The pages of a site to the files of its search index.
//!
//! A browser loads only a small part of the index. `index.json` has a fixed name and lists the other files. Their names contain
//! a hash of their content, so that browsers can cache them for ever and an edit renames few of them.
//!
//! | file | what it holds | when it is loaded |
//! |---|---|---|
//! | `index.json` | `lang`; `sections`: a file; `words`: for each file of words its first word and its name | first |
//! | `sections-*.json` | pages with the ids, headings, levels and lengths of their sections, and the files of their texts | first |
//! | `words-*.json` | a range of words: stems and postings | for a query with a word of the range |
//! | `text-*.json` | the texts of some sections of a page | when an excerpt of one is shown |
//!
//! Sections are numbered through the site. A word's postings are a text: for each section its distance from the previous one
//! and the number of occurrences (`postings.rs`). A word's stem is a number within its file; words with the same number are
//! forms of one word. The stemmer runs here only: the browser finds forms by their number.

use super::page::SearchPage;
use super::page_words::{PageWord, PageWords};
use super::postings::encode;
use crate::theme::content_hash;
use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A file of the site: its name within the folder of the index, and its text.
pub type IndexFile = (String, Arc<str>);

/// The size in bytes from which a file of words ends at the next change of the first letter. At a change of the second letter
/// the limit doubles, and so on, so that the completions of a prefix are in few files.
const WORDS_SIZE: usize = 5 << 10;

/// The index of a site.
#[derive(Clone, Debug, Default)]
pub struct SearchIndex {
    /// Its files, in ascending order of their names.
    pub files: Vec<IndexFile>,
    words: Vec<Word>,
}

/// Writes the index of pages from [`crate::search_page`], in book order. `last` is the previous index with its pages: words
/// whose pages are unchanged are reused.
pub fn search_index(pages: &[&SearchPage], last: Option<(&[&SearchPage], &SearchIndex)>) -> SearchIndex {
    let mut files = Vec::new();
    let mut views = Vec::with_capacity(pages.len());
    for page in pages {
        files.extend(page.texts.iter().map(|file| (file.name.clone(), file.text.clone())));
        views.push(page_view(page));
    }
    let sections = add(&mut files, "sections", &views);
    let words = last.and_then(|(then, last)| updated_words(pages, then, &last.words)).unwrap_or_else(|| words(pages));
    let mut ranges = Vec::new();
    for range in split(&words) {
        let first = range.first().map_or("", |word| word.word.as_str());
        ranges.push((first, add(&mut files, "words", &words_view(range))));
    }
    let lang = pages.first().map_or("", |page| page.lang.as_str());
    files.push(("index.json".to_owned(), json(&IndexView { lang, sections, words: ranges }).into()));
    // Equal texts are one file.
    files.sort_unstable();
    files.dedup();
    SearchIndex { files, words }
}

fn add(files: &mut Vec<IndexFile>, name: &str, content: &impl Serialize) -> String {
    let file = index_file(name, content);
    let name = file.0.clone();
    files.push(file);
    name
}

/// A file of the index, under a name that changes with its content.
pub(super) fn index_file(name: &str, content: &impl Serialize) -> IndexFile {
    let text = json(content);
    (format!("{name}-{:012x}.json", content_hash(text.as_bytes()) & 0xffff_ffff_ffff), text.into())
}

/// Strings, numbers, lists and maps with text keys always have a JSON text.
fn json(content: &impl Serialize) -> String {
    serde_json::to_string(content).unwrap_or_default()
}

#[derive(Serialize)]
struct IndexView<'a> {
    /// The language of most pages: the first one's.
    lang: &'a str,
    sections: String,
    words: Vec<(&'a str, String)>,
}

#[derive(Serialize)]
struct PageView<'a> {
    href: &'a str,
    title: &'a str,
    crumbs: &'a [String],
    ids: Vec<&'a str>,
    headings: Vec<&'a str>,
    /// A digit a section.
    levels: String,
    /// A digit of base 36 a section: twice the binary logarithm of its bytes.
    sizes: String,
    /// The files of its texts, each with the number of its first section within the page.
    texts: Vec<(usize, &'a str)>,
}

fn page_view(page: &SearchPage) -> PageView<'_> {
    let size = |section: &super::SearchSection| {
        let bytes = section.size as u64;
        // Twice the logarithm is the logarithm of the square.
        let digit = (bytes * bytes + 1).ilog2().min(35);
        char::from_digit(digit, 36).unwrap_or('z')
    };
    PageView {
        href: &page.href,
        title: &page.title,
        crumbs: &page.crumbs,
        ids: page.sections.iter().map(|s| s.id.as_str()).collect(),
        headings: page.sections.iter().map(|s| s.heading.as_str()).collect(),
        levels: page.sections.iter().map(|s| char::from(b'0' + s.level.min(9))).collect(),
        sizes: page.sections.iter().map(size).collect(),
        texts: page.texts.iter().map(|file| (file.first, file.name.as_str())).collect(),
    }
}

/// A word of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    word: String,
    stem: String,
    postings: String,
}

/// A word on a page.
struct Use<'a> {
    word: PageWord<'a>,
    /// The number of the page's first section.
    first: u32,
    lang: &'a str,
}

/// The words of all pages, in JavaScript's order of strings.
fn words(pages: &[&SearchPage]) -> Vec<Word> {
    let mut uses: FxHashMap<&str, Vec<Use<'_>>> = FxHashMap::default();
    for (page, first) in numbered(pages) {
        for word in page.words.iter() {
            uses.entry(word.word).or_default().push(Use { word, first, lang: &page.lang });
        }
    }
    let mut uses: Vec<(&str, Vec<Use<'_>>)> = uses.into_iter().collect();
    uses.sort_unstable_by_key(|(word, _)| *word);
    let mut stemmers = Stemmers::default();
    let mut words: Vec<Word> = uses.iter().filter_map(|(_, uses)| stemmers.word(uses)).collect();
    // Almost sorted: the orders differ for characters beyond the Basic Multilingual Plane only.
    words.sort_by(|a, b| in_utf16(&a.word, &b.word));
    words
}

/// The words of all pages, updated from the previous index; `None` if sections were added or removed, or a page has another
/// language. Only words that differ between the versions of an edited page are collected again from all pages.
fn updated_words(pages: &[&SearchPage], then: &[&SearchPage], last: &[Word]) -> Option<Vec<Word>> {
    let shape = |pages: &[&SearchPage]| pages.iter().map(|page| page.sections.len()).collect::<Vec<_>>();
    if shape(pages) != shape(then) {
        return None;
    }
    let mut changed: BTreeSet<&str> = BTreeSet::new();
    for (now, then) in pages.iter().zip(then) {
        if now.lang != then.lang {
            return None;
        }
        if now.words != then.words {
            changed.extend(changed_words(&now.words, &then.words));
            changed.extend(changed_words(&then.words, &now.words));
        }
    }
    let mut stemmers = Stemmers::default();
    let mut words = last.to_vec();
    for word in changed {
        let uses = numbered(pages)
            .filter_map(|(page, first)| Some(Use { word: page.words.get(word)?, first, lang: &page.lang }));
        let now = stemmers.word(&uses.collect::<Vec<_>>());
        match (words.binary_search_by(|known| in_utf16(&known.word, word)), now) {
            (Ok(at), Some(now)) => words.splice(at..=at, [now]).for_each(drop),
            (Ok(at), None) => words.splice(at..=at, []).for_each(drop),
            (Err(at), Some(now)) => words.insert(at, now),
            (Err(_), None) => {}
        }
    }
    Some(words)
}

/// The pages, each with the number of its first section.
fn numbered<'a>(pages: &[&'a SearchPage]) -> impl Iterator<Item = (&'a SearchPage, u32)> {
    pages.iter().scan(0, |next, page| {
        let first = *next;
        *next += page.sections.len() as u32;
        Some((*page, first))
    })
}

/// The words of `words` that are missing from `others` or have another entry there.
fn changed_words<'a>(words: &'a PageWords, others: &PageWords) -> impl Iterator<Item = &'a str> {
    words.iter().filter(|word| others.get(word.word) != Some(*word)).map(|word| word.word)
}

/// The order of strings in JavaScript: by UTF-16 code units.
fn in_utf16(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

/// The stemmers of the languages so far.
#[derive(Default)]
struct Stemmers<'a> {
    by_lang: BTreeMap<&'a str, Option<Stemmer>>,
}

impl<'a> Stemmers<'a> {
    /// A word by its uses on all pages, in book order; `None` without uses.
    fn word(&mut self, uses: &[Use<'a>]) -> Option<Word> {
        let first = uses.first()?;
        let stemmer = self.by_lang.entry(first.lang).or_insert_with(|| stemmer(first.lang)).as_ref();
        let spelling = first.word.spelling();
        let word = first.word.word.to_owned();
        let stem = stemmer.map_or_else(|| word.clone(), |stemmer| stemmer.stem(spelling).into_owned());
        let places = uses.iter().flat_map(|u| u.word.places().map(|(at, count)| (u.first + at, count)));
        let mut postings = String::new();
        encode(places, &mut postings);
        Some(Word { word, stem, postings })
    }
}

/// The stemmer of a language (`en-GB`); `None` if Snowball does not support it.
fn stemmer(lang: &str) -> Option<Stemmer> {
    let base = lang.split(['-', '_']).next()?;
    // The code of Norwegian's written forms; Snowball has one for both.
    let base = if matches!(base, "nb" | "nn") { "no" } else { base };
    Algorithm::from_name(base).ok().map(Stemmer::new)
}

/// Divides the words into files.
fn split(words: &[Word]) -> Vec<&[Word]> {
    let mut parts = Vec::new();
    let (mut first, mut size) = (0, 0);
    for (at, word) in words.iter().enumerate() {
        if at > first {
            let before = words.get(at - 1).map_or("", |word| word.word.as_str());
            let shared = word.word.chars().zip(before.chars()).take_while(|(a, b)| a == b).count();
            if size >= WORDS_SIZE << shared.min(8) {
                parts.extend(words.get(first..at));
                (first, size) = (at, 0);
            }
        }
        // With quotes, commas and the stem's number.
        size += word.word.len() + word.postings.len() + 10;
    }
    parts.extend(words.get(first..).filter(|rest| !rest.is_empty()));
    parts
}

#[derive(Serialize)]
struct WordsView<'a> {
    words: Vec<&'a str>,
    stems: Vec<usize>,
    postings: Vec<&'a str>,
}

fn words_view(words: &[Word]) -> WordsView<'_> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut stems = Vec::with_capacity(words.len());
    for word in words {
        let next = numbers.len();
        stems.push(*numbers.entry(&word.stem).or_insert(next));
    }
    WordsView {
        stems,
        words: words.iter().map(|w| w.word.as_str()).collect(),
        postings: words.iter().map(|w| w.postings.as_str()).collect(),
    }
}
