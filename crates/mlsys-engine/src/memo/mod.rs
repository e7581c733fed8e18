//! The caches between builds. A layer changes how fast a build is, never its output or its diagnostics.
//!
//! | layer | key | lifetime | what invalidates an entry |
//! |---|---|---|---|
//! | [`store`]: bytes on disk | a hash of all inputs | until the store is trimmed, least recently used first | nothing: other inputs have another key |
//! | [`pack`]: the results of one page, one file a page in the store | the page's path; each result carries the key of its inputs | replaced when the page has new results | a result whose key differs is a miss |
//! | [`Memo`]: the previous build's results in memory | equality of the inputs | one `serve` | unequal inputs |
//! | [`page_memo`]: parts of a page that are costly on their own (citations, formulas, code) | a hash, or all inputs of the part | with the page's pack, and in memory with the previous build | an entry that the page does not use is dropped |
//! | [`up_to_date`]: the last build's report | command line, environment, executable | as in the store | any file read, listed or written that has another time or size |
//!
//! The dependencies of a step are the struct of its inputs: [`Memo`] compares it with the inputs of the previous build and
//! hashes it for the pack. Results of earlier steps take part by their [`per_page::Identity`], so that neither comparing nor
//! hashing reads a tree.

pub mod pack;
pub mod page_memo;
pub mod per_page;
pub mod store;
pub mod up_to_date;

use crate::memo::pack::{Pack, PackWriter, Part};
use crate::memo::page_memo::{LazyMemo, PageMemo};
use crate::memo::per_page::{Output, PerPage, PerSelectedPage};
use crate::memo::store::{Key, LIMIT, Store, program};
use crate::parallel::in_parallel;
use crate::project::Book;
use mlsys_book::{Checked, PageId, PageVec, SourceId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::{Mutex, PoisonError};

/// An upper bound on the size of a page's results, as a multiple of the size of its text.
const GROWTH: u64 = 12;

/// The results of a step in the previous build, and its inputs there.
pub struct Previous<'m, R, F> {
    /// The results.
    pub results: &'m R,
    /// The inputs of a page.
    pub inputs: F,
}

/// How long the results of a build stay in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// One build: the process ends after it.
    Build,
    /// The process: its next build reuses them.
    Process,
}

/// The memo of the pages of a book.
pub struct Memo<'m> {
    /// The source of each page.
    sources: PageVec<SourceId>,
    /// True for the selected pages.
    selected: PageVec<bool>,
    /// True if no source has changed since the previous build.
    unchanged: bool,
    lifetime: Lifetime,
    /// The packs of the pages; `None` if results are not stored.
    stored: Option<Stored<'m>>,
    /// The page memos; empty if neither the store nor a later build uses them.
    page_memos: PageVec<Mutex<LazyMemo>>,
}

/// The formats whose builds share page memos.
const FORMATS: [&str; 2] = ["html", "epub"];

/// The keys of the pages' packs for a format.
fn pack_keys(book: &Book, base: Key, format: &str) -> Option<PageVec<Key>> {
    let around = Key::of(&(base, format, &book.scope.profiles))?;
    Some(book.project.pages.iter().map(|page| Key::new([around.bytes(), page.input.as_bytes()])).collect())
}

struct Stored<'m> {
    store: &'m Store,
    base: Key,
    /// The key of each page's pack.
    keys: PageVec<Key>,
    packs: PageVec<Pack>,
}

impl<'m> Memo<'m> {
    /// An empty memo, for one build without a store.
    pub fn new(book: &Book) -> Self {
        Memo {
            sources: book.pages.iter().map(|page| page.source).collect(),
            selected: book.pages.iter().map(|page| page.is_selected).collect(),
            unchanged: false,
            lifetime: Lifetime::Build,
            stored: None,
            page_memos: PageVec::default(),
        }
    }

    /// The memo of earlier processes. The results of a very large book would evict each other, so they are not stored.
    pub fn stored(book: &Book, store: &'m Store, lifetime: Lifetime) -> Self {
        let page_memos = || book.pages.iter().map(|_| Mutex::default()).collect();
        let memo = match lifetime {
            Lifetime::Build => Memo::new(book),
            Lifetime::Process => Memo { lifetime, page_memos: page_memos(), ..Memo::new(book) },
        };
        let text: u64 = book.page_ids().map(|id| book.source(id).text.len() as u64).sum();
        let base = Key::of(&(program(), &book.root)).filter(|_| store.is_persistent() && text * GROWTH <= LIMIT);
        let Some(base) = base else { return memo };
        let own = book.scope.format.as_str();
        let Some(keys) = pack_keys(book, base, own) else { return memo };
        // Formulas, code and citations are the same in all formats, so the first build of a format begins with those of another.
        let others = FORMATS.iter().filter(|format| **format != own).filter_map(|format| pack_keys(book, base, format));
        let others: Vec<PageVec<Key>> = others.collect();
        let read = |id: PageId| {
            let memos = || others.iter().map(|keys| Pack::read(store, keys[id]).memo_alone());
            Some(Pack::read(store, keys[id]))
                .filter(|pack| !pack.is_empty())
                .or_else(|| memos().find(|pack| !pack.is_empty()))
        };
        let packs = in_parallel(book.page_ids().collect(), |id| read(id).unwrap_or_default()).into();
        Memo { stored: Some(Stored { store, base, keys, packs }), page_memos: page_memos(), ..memo }
    }

    /// The memo of the previous build of this process. `unchanged`: true if no source has changed since.
    pub fn continued(book: &Book, page_memos: PageVec<Mutex<LazyMemo>>, unchanged: bool) -> Self {
        Memo { unchanged, lifetime: Lifetime::Process, page_memos, ..Memo::new(book) }
    }

    /// Hashes a value that inputs hold by its identity; `None` if results are not stored.
    pub fn key(&self, value: &impl Serialize) -> Option<Key> {
        Key::of(&(self.stored.as_ref()?.base, value))
    }

    /// The store, if results are stored.
    pub fn store(&self) -> Option<&'m Store> {
        self.stored.as_ref().map(|stored| stored.store)
    }

    /// A result that belongs to no page, from the store or computed. An `Err` of `compute` is returned and not stored.
    pub fn leaf<T: Serialize + DeserializeOwned, E>(
        &self,
        kind: &str,
        inputs: &impl Serialize,
        compute: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let Some((store, key)) = self.store().zip(self.key(inputs)) else { return compute() };
        if let Some(cached) = store.read(kind, key, |bytes| postcard::from_bytes(bytes).ok()) {
            return Ok(cached);
        }
        let computed = compute()?;
        if let Ok(bytes) = postcard::to_stdvec(&computed) {
            store.put(kind, key, &bytes);
        }
        Ok(computed)
    }

    /// Runs `f` with the memo of a page.
    pub fn with_page_memo<T>(&self, page: PageId, f: impl FnOnce(&mut PageMemo) -> T) -> T {
        let Some(memo) = self.page_memos.page(page) else { return f(&mut PageMemo::default()) };
        let mut memo = memo.lock().unwrap_or_else(PoisonError::into_inner);
        f(memo.get(|| self.pack(page).map(Pack::memo).unwrap_or_default()))
    }

    /// How long the results of the build stay in memory.
    pub fn lifetime(&self) -> Lifetime {
        self.lifetime
    }

    fn pack(&self, page: PageId) -> Option<&Pack> {
        self.stored.as_ref()?.packs.page(page)
    }

    /// The page memos, for the next build of this process.
    pub fn into_page_memos(self) -> PageVec<Mutex<LazyMemo>> {
        self.page_memos
    }

    /// A step's results for every page, in parallel.
    pub fn each_page<I, T>(
        &self,
        inputs: impl Fn(PageId) -> I + Sync,
        previous: Option<Previous<'_, PerPage<T>, impl Fn(PageId) -> I + Sync>>,
        compute: impl Fn(PageId) -> Checked<T> + Sync,
    ) -> PerPage<T>
    where
        I: PartialEq,
        T: PartialEq + Send + Sync,
    {
        let previous = previous.as_ref();
        let outputs = in_parallel(self.pages().collect(), |id| {
            let earlier = previous.map(|previous| (previous.results.output(id), &previous.inputs));
            self.reused(id, &inputs, earlier)
                .unwrap_or_else(|| Output::new(compute(id), None, earlier.map(|(output, _)| output)))
        });
        PerPage(outputs.into())
    }

    /// A step's results for every page, in parallel, reused between runs of the command too.
    pub fn each_page_stored<I, T>(
        &self,
        part: Part,
        inputs: impl Fn(PageId) -> I + Sync,
        previous: Option<Previous<'_, PerPage<T>, impl Fn(PageId) -> I + Sync>>,
        compute: impl Fn(PageId) -> Checked<T> + Sync,
    ) -> PerPage<T>
    where
        I: PartialEq + Serialize,
        T: PartialEq + Send + Sync + DeserializeOwned,
    {
        let previous = previous.as_ref();
        let outputs = in_parallel(self.pages().collect(), |id| {
            let earlier = previous.map(|previous| (previous.results.output(id), &previous.inputs));
            self.reused(id, &inputs, earlier)
                .unwrap_or_else(|| self.read(part, id, &inputs(id), earlier.map(|(output, _)| output), &compute))
        });
        PerPage(outputs.into())
    }

    /// A step's results for the selected pages, in parallel. `is_valid` can refuse an earlier result.
    pub fn each_selected_page<I, T>(
        &self,
        inputs: impl Fn(PageId) -> I + Sync,
        previous: Option<Previous<'_, PerSelectedPage<T>, impl Fn(PageId) -> I + Sync>>,
        is_valid: impl Fn(&Checked<T>) -> bool + Sync,
        compute: impl Fn(PageId) -> Checked<T> + Sync,
    ) -> PerSelectedPage<T>
    where
        I: PartialEq,
        T: PartialEq + Send + Sync,
    {
        let previous = previous.as_ref();
        self.selected_pages(|id| {
            let earlier = previous.and_then(|previous| Some((previous.results.output(id)?, &previous.inputs)));
            let valid = earlier.filter(|(output, _)| is_valid(&output.checked));
            self.reused(id, &inputs, valid)
                .unwrap_or_else(|| Output::new(compute(id), None, earlier.map(|(output, _)| output)))
        })
    }

    /// A step's results for the selected pages, in parallel, reused between runs of the command too.
    pub fn each_selected_page_stored<I, T>(
        &self,
        part: Part,
        inputs: impl Fn(PageId) -> I + Sync,
        previous: Option<Previous<'_, PerSelectedPage<T>, impl Fn(PageId) -> I + Sync>>,
        compute: impl Fn(PageId) -> Checked<T> + Sync,
    ) -> PerSelectedPage<T>
    where
        I: PartialEq + Serialize,
        T: PartialEq + Send + Sync + DeserializeOwned,
    {
        let previous = previous.as_ref();
        self.selected_pages(|id| {
            let earlier = previous.and_then(|previous| Some((previous.results.output(id)?, &previous.inputs)));
            self.reused(id, &inputs, earlier)
                .unwrap_or_else(|| self.read(part, id, &inputs(id), earlier.map(|(output, _)| output), &compute))
        })
    }

    fn pages(&self) -> impl Iterator<Item = PageId> + use<> {
        (0..self.sources.len() as u32).map(PageId)
    }

    fn selected_pages<T: Send + Sync>(&self, output: impl Fn(PageId) -> Output<T> + Sync + Send) -> PerSelectedPage<T> {
        let is_selected = |id: PageId| self.selected.page(id).copied().unwrap_or(false);
        PerSelectedPage(in_parallel(self.pages().collect(), |id| is_selected(id).then(|| output(id))).into())
    }

    /// The previous build's result, if its inputs are equal. One with a diagnostic that points elsewhere is reused only while no
    /// source has changed, because that place may have moved.
    fn reused<I: PartialEq, T>(
        &self,
        page: PageId,
        inputs: &impl Fn(PageId) -> I,
        earlier: Option<(&Output<T>, &impl Fn(PageId) -> I)>,
    ) -> Option<Output<T>> {
        let (output, earlier) = earlier?;
        let source = *self.sources.page(page)?;
        let is_current = || self.unchanged || !output.points_elsewhere(source);
        (inputs(page) == earlier(page) && is_current()).then(|| output.clone())
    }

    /// The result from the page's pack, or a new one.
    fn read<T: PartialEq + DeserializeOwned>(
        &self,
        part: Part,
        page: PageId,
        inputs: &impl Serialize,
        earlier: Option<&Output<T>>,
        compute: &impl Fn(PageId) -> Checked<T>,
    ) -> Output<T> {
        let key = self.stored.as_ref().and_then(|stored| part.key(stored.base, inputs));
        let cached = self.pack(page).zip(key).and_then(|(pack, key)| pack.get(part, key));
        Output::new(cached.unwrap_or_else(|| compute(page)), key, earlier)
    }

    /// Writes the packs of the pages with new results and drops all packs, so no step that reads them may follow. `add` adds a
    /// page's results. The page memos go too, unless the next build of this process needs them.
    pub fn write_packs(&mut self, add: impl Fn(PageId, &mut PackWriter<'_>) + Sync + Send) {
        let Some(Stored { store, keys, packs, base: _ }) = &mut self.stored else { return };
        let (sources, selected, lifetime) = (&self.sources, &self.selected, self.lifetime);
        let memos = std::mem::take(&mut self.page_memos);
        let pages: Vec<_> = keys.pages().zip(std::mem::take(packs)).zip(memos).collect();
        let memos = in_parallel(pages, |(((id, key), pack), memo)| {
            let memo = memo.into_inner().unwrap_or_else(PoisonError::into_inner);
            if selected[id] {
                let mut writer = PackWriter::new(&pack, sources[id]);
                add(id, &mut writer);
                writer.add_memo(&memo);
                writer.write(store, *key);
            }
            match lifetime {
                Lifetime::Build => None,
                Lifetime::Process => Some(Mutex::new(memo.or_encoded(|| pack.encoded_memo()))),
            }
        });
        self.page_memos = memos.into_iter().flatten().collect();
    }
}
