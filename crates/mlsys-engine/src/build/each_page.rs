//! A step of the pipeline for every page, in parallel. All threads of a build are here and in [`crate::files`].

use crate::memo::memory::{Made, PerPage, Since, points_to};
use crate::parallel::in_parallel;
use crate::project::{Book, PageInput};
use mlsys_book::{Checked, Diagnostic, PageId};
use std::sync::Arc;

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
    let pages = PerPage { made: in_parallel(book.pages.iter().enumerate().collect(), one) };
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
