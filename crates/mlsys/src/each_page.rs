//! A step of the pipeline for every page, in parallel. All threads of a build are here and in [`crate::write`].

use crate::memory::{Made, PerPage, Since, points_to};
use crate::reading::{Book, PageInput};
use mlsys_book::{Checked, Diagnostic, PageId};
use rayon::prelude::*;
use std::sync::Arc;

/// Uses at most so many threads for every build of this process; at least one.
///
/// # Errors
/// A message when threads have been started before.
pub fn limit_threads(count: usize) -> Result<(), String> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(count.max(1));
    pool.build_global().map_err(|error| format!("--jobs {count}: {error}"))
}

/// Does something for every page, in parallel; results and findings come in book order. `same` says for which pages everything
/// that goes in is as it was in the last build, so that its result can be taken; results with findings elsewhere than on the page
/// are taken only when no source has changed, because their places may have moved.
pub(crate) fn each_page<T: PartialEq + Send + Sync>(
    book: &Book,
    since: &Since<'_>,
    last: Option<&PerPage<T>>,
    found: &mut Vec<Diagnostic>,
    same: impl Fn(usize) -> bool + Sync,
    make: impl Fn(PageId) -> Checked<T> + Sync,
) -> PerPage<T> {
    let one = |(at, page): (usize, &PageInput)| {
        let last = last.and_then(|last| last.made.get(at)).map(|made| &made.result);
        let elsewhere = |result: &Checked<T>| {
            result.diagnostics.iter().any(|finding| points_to(finding, |source| source != page.source))
        };
        match last.filter(|result| same(at) && (since.sources || !elsewhere(result))) {
            Some(result) => Made { result: result.clone(), same: true },
            None => {
                let result = make(PageId(at as u32));
                let same = last.is_some_and(|last| last.value == result.value);
                Made { result: Arc::new(result), same }
            }
        }
    };
    let pages = PerPage { made: book.pages.par_iter().enumerate().map(one).collect() };
    found.extend(pages.findings().cloned());
    pages
}

/// Does something for every page that is to be written.
pub(crate) fn each_wanted<T: PartialEq + Send + Sync>(
    book: &Book,
    since: &Since<'_>,
    last: Option<&PerPage<Option<T>>>,
    found: &mut Vec<Diagnostic>,
    same: impl Fn(usize) -> bool + Sync,
    make: impl Fn(PageId) -> Checked<T> + Sync,
) -> PerPage<Option<T>> {
    each_page(book, since, last, found, same, |id| match book.pages[id.0 as usize].wanted {
        true => make(id).map(Some),
        false => Checked::clean(None),
    })
}

/// Does something for every item, in parallel, however few they are; results come in the items' order.
pub(crate) fn in_parallel<T: Send, R: Send>(items: Vec<T>, f: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    items.into_par_iter().with_max_len(1).map(f).collect()
}

/// Does two things that need nothing of each other, side by side.
pub(crate) fn both<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(a, b)
}
