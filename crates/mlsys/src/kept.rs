//! What earlier runs of the command made of each page.
//!
//! The key of a result covers everything that goes into it: the command itself, the project as configured, the page's text with
//! all that is read beside it, the numbers of the whole book, the works that the page cites from, its files. Keys are made of
//! the inputs of a step, never of its result, so that a step that is known costs a hash and a file. An edit of one chapter that
//! moves no number leaves the keys of all others as they were.

use crate::cache::{Cache, Key, LIMIT, program};
use crate::citations::Library;
use crate::each_page::in_parallel;
use crate::media::PageMedia;
use crate::memory::{PerPage, points_to};
use crate::reading::{Book, PageInput};
use mlsys_book::{Checked, Diagnostic, PageId, Refs, Scope, Source, Value, Work};
use mlsys_render::{Html, TypesetCache};
use mlsys_resolve::csl::Citations;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The steps whose results are kept, and where in the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The tree.
    Tree,
    /// Links and citations.
    Links,
    /// The text as HTML.
    Body,
    /// What the search takes from a page.
    Search,
}

/// How much larger than its text the results of a page are, at most.
const GROWTH: u64 = 12;

/// The kind of the cache's entries that are the citations of a page.
const CITATIONS: &str = "citations";

/// The kind of those that are the formulas and code of a page.
const TYPESET: &str = "standing";

/// The kind of those that are style sheets.
const STYLES: &str = "styles";

/// The kind of those that are the works of a bibliography file.
const WORKS: &str = "works";

impl Step {
    fn kind(self) -> &'static str {
        match self {
            Step::Tree => "trees",
            Step::Links => "links",
            Step::Body => "bodies",
            Step::Search => "searched",
        }
    }
}

/// A key for each page, in book order; none where nothing is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys(Vec<Option<Key>>);

impl Keys {
    fn get(&self, page: usize) -> Option<Key> {
        self.0.get(page).copied().flatten()
    }

    /// The keys of what is made from these and something more of each page.
    fn with(&self, more: impl Fn(usize) -> Option<Key>) -> Keys {
        let with = |(at, key): (usize, &Option<Key>)| Some(Key::new([key.as_ref()?.bytes(), more(at)?.bytes()]));
        Keys(self.0.iter().enumerate().map(with).collect())
    }
}

/// The results of earlier runs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Kept<'c> {
    /// Where those of whole pages are.
    cache: Option<&'c Cache>,
    /// Where those of parts of pages are.
    parts: Option<&'c Cache>,
}

impl<'c> Kept<'c> {
    /// The results in a cache. The results of a very large book would push each other out, so they are not kept.
    pub fn new(book: &Book, cache: &'c Cache) -> Self {
        let text: u64 = book.pages.iter().map(|page| book.sources[page.source.0 as usize].text.len() as u64).sum();
        let cache = (text * GROWTH <= LIMIT).then_some(cache);
        Kept { cache, parts: cache }
    }

    /// The parts of pages alone, for runs that know whole pages themselves.
    pub fn parts(self) -> Self {
        Kept { cache: None, ..self }
    }

    /// The keys of the pages' trees.
    pub fn texts(self, book: &Book) -> Keys {
        if self.cache.is_none() {
            return Keys::default();
        }
        let shared = shared(book);
        let shared = shared.as_ref();
        let pages = book.pages.iter().enumerate().collect();
        Keys(in_parallel(pages, |(at, page): (usize, &PageInput)| {
            let source = &book.sources[page.source.0 as usize];
            let Scope { environment, .. } = &book.scope;
            // Nothing but the shortcode asks for the environment, which differs from shell to shell.
            let mut shortcodes = memchr::memmem::find_iter(source.text.as_bytes(), "{{<");
            let asks = shortcodes.any(|at| source.text[at + 3..].trim_start().starts_with("env"));
            let environment = asks.then_some(environment);
            let inserted = (&page.quizzes, &page.glossary);
            let beside = Key::of(&(at, page.source, &page.folder_meta, environment, &page.included, inserted))?;
            Some(Key::new([shared?.bytes(), beside.bytes(), source.text.as_bytes()]))
        }))
    }

    /// The keys of the pages' links.
    pub fn links(self, book: &Book, texts: &Keys, refs: &Refs, library: &Library) -> Keys {
        if self.cache.is_none() {
            return Keys::default();
        }
        let numbers = Key::of(&refs.without_places());
        texts.with(|at| {
            let page = &book.pages[at];
            // Where pages share a reference list, each page's citations depend on the works of all.
            let files = refs.references.is_none().then_some(page.bibliographies.as_slice());
            let inputs = [numbers.as_ref()?.bytes(), book.style(page).as_bytes()];
            Some(Key::new(inputs.into_iter().chain(library.keys(files).map(Key::bytes))))
        })
    }

    /// The keys of the pages' bodies.
    pub fn bodies(self, book: &Book, links: &Keys, media: &PerPage<Option<PageMedia>>) -> Keys {
        if self.cache.is_none() {
            return Keys::default();
        }
        let folders = Key::of(&crate::memory::folders(book));
        let folders = folders.as_ref();
        links.with(|at| Key::of(&(folders?.bytes(), &media[at].as_ref()?.media)))
    }

    /// The keys of what the search takes from the pages, of each of which it is told something.
    pub fn searched<T: std::fmt::Debug>(self, bodies: &Keys, told: impl Fn(usize) -> T) -> Keys {
        bodies.with(|at| Some(Key::new([format!("{:?}", told(at)).as_bytes()])))
    }

    /// The works of a bibliography file.
    pub fn bibliography(
        self,
        file: &Source,
        text: Key,
        make: impl FnOnce() -> Checked<Vec<Work>>,
    ) -> Checked<Vec<Work>> {
        let key = || Key::of(&(program(), file.id, text.bytes()));
        let Some((cache, key)) = self.cache.and_then(|cache| Some((cache, key()?))) else { return make() };
        taken(cache, (WORKS, key), (known, written), |finding| points_to(finding, |source| source != file.id), make)
    }

    /// What a page's citations say, whatever else has changed on it. `works` are the hashes of what they are made from.
    pub fn citations<'k>(
        self,
        works: impl Iterator<Item = &'k Key>,
        inputs: &impl Serialize,
        make: impl FnOnce() -> Citations,
    ) -> Citations {
        let key = || Key::of(&(program(), works.map(Key::bytes).collect::<Vec<_>>(), inputs));
        let Some((cache, key)) = self.parts.and_then(|cache| Some((cache, key()?))) else { return make() };
        let make = || Checked::clean(make());
        taken(cache, (CITATIONS, key), (known, written), |_| false, make).value
    }

    /// Runs `make` with the page's cache of formulas and code, and stores the cache if that changed it. The cache is found by the
    /// page's path, and its entries by their own keys, so one of an earlier state of the page can miss, never be wrong.
    pub fn with_typeset_cache<T>(self, page: &str, make: impl FnOnce(&mut TypesetCache) -> T) -> T {
        let key = self.parts.and_then(|cache| Some((cache, Key::of(&(program(), page))?)));
        let mut typeset: TypesetCache = key.and_then(|(cache, key)| cache.read(TYPESET, key, read)).unwrap_or_default();
        let made = make(&mut typeset);
        if let Some((cache, key)) = key.filter(|_| typeset.changed())
            && let Ok(bytes) = postcard::to_stdvec(&typeset)
        {
            cache.put(TYPESET, key, &bytes);
        }
        made
    }

    /// The style sheet of these texts: the kept one, else a new one, which is kept unless there is a mistake in the texts.
    pub fn style<E>(self, texts: &impl Serialize, make: impl FnOnce() -> Result<String, E>) -> Result<String, E> {
        let Some((cache, key)) = self.cache.zip(Key::of(&(program(), texts))) else { return make() };
        if let Some(known) = cache.get(STYLES, key).and_then(|bytes| String::from_utf8(bytes).ok()) {
            return Ok(known);
        }
        let made = make()?;
        cache.put(STYLES, key, made.as_bytes());
        Ok(made)
    }

    /// A page's result: the kept one, else a new one, which is kept. Results with findings elsewhere than on the page are not:
    /// the places may move.
    pub fn page<T>(
        self,
        step: Step,
        keys: &Keys,
        book: &Book,
        id: PageId,
        make: impl FnOnce() -> Checked<T>,
    ) -> Checked<T>
    where
        T: Serialize + DeserializeOwned,
    {
        let Some((cache, key)) = self.cache.zip(keys.get(id.0 as usize)) else { return make() };
        let page = book.pages[id.0 as usize].source;
        taken(cache, (step.kind(), key), (known, written), |finding| points_to(finding, |source| source != page), make)
    }

    /// A page's text as HTML, as [`Kept::page`].
    pub fn body(self, keys: &Keys, book: &Book, id: PageId, make: impl FnOnce() -> Checked<Html>) -> Checked<Html> {
        let Some((cache, key)) = self.cache.zip(keys.get(id.0 as usize)) else { return make() };
        let page = book.pages[id.0 as usize].source;
        let place = (Step::Body.kind(), key);
        taken(cache, place, (known_body, written_body), |finding| points_to(finding, |source| source != page), make)
    }
}

/// A result from the cache, as `known` reads it, else a new one, which is kept as it is `written` unless one of its findings stands
/// elsewhere.
fn taken<T>(
    cache: &Cache,
    (kind, key): (&str, Key),
    (known, written): (impl Fn(&Cache, &str, Key) -> Option<Checked<T>>, impl Fn(&mut Checked<T>) -> Option<Vec<u8>>),
    elsewhere: impl Fn(&Diagnostic) -> bool,
    make: impl FnOnce() -> Checked<T>,
) -> Checked<T> {
    if let Some(known) = known(cache, kind, key) {
        return known;
    }
    let mut made = make();
    if !made.diagnostics.iter().any(elsewhere)
        && let Some(bytes) = written(&mut made)
    {
        cache.put(kind, key, &bytes);
    }
    made
}

fn known<T: DeserializeOwned>(cache: &Cache, kind: &str, key: Key) -> Option<T> {
    cache.read(kind, key, read)
}

fn read<T: DeserializeOwned>(entry: &[u8]) -> Option<T> {
    postcard::from_bytes(entry).ok()
}

fn written<T: Serialize>(made: &mut T) -> Option<Vec<u8>> {
    postcard::to_stdvec(made).ok()
}

fn known_body(cache: &Cache, kind: &str, key: Key) -> Option<Checked<Html>> {
    read_body(cache.get(kind, key)?)
}

/// The text, which is long, comes first, all else behind it, and the length of the text last: so the entry becomes the text.
fn read_body(mut entry: Vec<u8>) -> Option<Checked<Html>> {
    let (rest, length) = entry.split_last_chunk()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let mut made: Checked<Html> = read(rest.get(length..)?)?;
    entry.truncate(length);
    made.value.content = String::from_utf8(entry).ok()?;
    Some(made)
}

fn written_body(made: &mut Checked<Html>) -> Option<Vec<u8>> {
    let content = std::mem::take(&mut made.value.content);
    let rest = postcard::to_stdvec(made);
    made.value.content = content;
    let content = made.value.content.as_bytes();
    Some([content, &rest.ok()?, &(content.len() as u64).to_le_bytes()].concat())
}

/// What all pages share: the command itself, the project as configured and its surroundings.
fn shared(book: &Book) -> Option<Key> {
    let Scope { format, profiles, meta, variables, brand, environment: _, custom_floats, box_classes } = &book.scope;
    let scope: (_, _, &Value, _, _, _, _) = (format, profiles, meta, variables, brand, custom_floats, box_classes);
    Key::of(&(program(), &book.project, scope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_as_it_was_written() {
        let html = Html { content: "<p>Öl</p>".to_owned(), title: Some("Oil".to_owned()), ..Html::default() };
        let mut made = Checked::clean(html);
        let entry = written_body(&mut made).expect("an entry");
        assert_eq!(made.value.content, "<p>Öl</p>", "what was made stays as it is");
        let read = |entry: &[u8]| read_body(entry.to_vec());
        assert_eq!(read(&entry).map(|made| made.value), Some(made.value));
        // No entry of another form ends in a panic.
        (0..entry.len()).for_each(|end| assert!(read(&entry[..end]).is_none(), "cut off at {end}"));
        assert!(read(&[0xff; 64]).is_none());
    }
}
