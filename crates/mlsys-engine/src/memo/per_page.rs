//! Results of a step, one for each page.

use crate::memo::store::Key;
use mlsys_book::{Checked, Diagnostic, PageId, PageVec, SourceId};
use serde::ser::Error;
use serde::{Serialize, Serializer};
use std::ops::Index;
use std::sync::Arc;

/// The identity of a value, which is compared and hashed instead of the value.
///
/// In memory, two identities are equal if the later build found its value equal to that of the earlier build. On disk, the
/// identity is the key of the inputs that the value was computed from.
#[derive(Clone, Debug)]
pub struct Identity {
    revision: Arc<()>,
    key: Option<Key>,
}

impl Identity {
    /// The identity of a value: that of the previous build's value where both are the same. `key` is the hash of the inputs, if
    /// results are stored.
    pub fn new(previous: Option<&Identity>, is_same: bool, key: Option<Key>) -> Self {
        let revision = previous.filter(|_| is_same).map(|previous| previous.revision.clone());
        Identity { revision: revision.unwrap_or_default(), key }
    }

    /// The hash of the inputs; `None` if results are not stored.
    pub fn key(&self) -> Option<Key> {
        self.key
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.revision, &other.revision)
    }
}

impl Serialize for Identity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.key {
            Some(key) => key.serialize(serializer),
            None => Err(S::Error::custom("a value without a key")),
        }
    }
}

/// A step's result for one page. Two are equal if their identities are.
#[derive(Debug)]
pub struct Output<T> {
    /// The result and its diagnostics.
    pub checked: Arc<Checked<T>>,
    /// Its identity.
    pub identity: Identity,
}

impl<T> Output<T> {
    /// A result that was computed or read. It has the identity of the previous build's result if both values are equal.
    pub fn new(checked: Checked<T>, key: Option<Key>, previous: Option<&Output<T>>) -> Self
    where
        T: PartialEq,
    {
        let is_same = previous.is_some_and(|previous| previous.checked.value == checked.value);
        let identity = Identity::new(previous.map(|previous| &previous.identity), is_same, key);
        Output { checked: Arc::new(checked), identity }
    }

    /// True if a diagnostic of the result points to a source other than the page's, where it may move on its own.
    pub fn points_elsewhere(&self, page: SourceId) -> bool {
        self.checked.diagnostics.iter().any(|diagnostic| points_to(diagnostic, |source| source != page))
    }
}

impl<T> Clone for Output<T> {
    fn clone(&self) -> Self {
        Output { checked: self.checked.clone(), identity: self.identity.clone() }
    }
}

impl<T> PartialEq for Output<T> {
    fn eq(&self, other: &Self) -> bool {
        self.identity == other.identity
    }
}

impl<T> Serialize for Output<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.identity.serialize(serializer)
    }
}

/// True if one of a diagnostic's places is in such a source.
pub fn points_to(diagnostic: &Diagnostic, source: impl Fn(SourceId) -> bool) -> bool {
    source(diagnostic.place.source) || diagnostic.related.iter().any(|(place, _)| source(place.source))
}

/// The results of a step for all pages, in book order.
#[derive(Debug)]
pub struct PerPage<T>(pub(crate) PageVec<Output<T>>);

impl<T> PerPage<T> {
    /// The values, in book order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|output| &output.checked.value)
    }

    /// The diagnostics, in book order.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter().flat_map(|output| &output.checked.diagnostics)
    }

    /// A page's result.
    pub fn output(&self, page: PageId) -> &Output<T> {
        &self.0[page]
    }
}

impl<T> Index<PageId> for PerPage<T> {
    type Output = T;

    fn index(&self, page: PageId) -> &T {
        &self.output(page).checked.value
    }
}

impl<'p, T> IntoIterator for &'p PerPage<T> {
    type Item = &'p T;
    type IntoIter = Box<dyn Iterator<Item = &'p T> + 'p>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

/// The results of a step for the selected pages, by page.
#[derive(Debug)]
pub struct PerSelectedPage<T>(pub(crate) PageVec<Option<Output<T>>>);

impl<T> PerSelectedPage<T> {
    /// A page's value; `None` if the page is not selected.
    pub fn get(&self, page: PageId) -> Option<&T> {
        self.output(page).map(|output| &output.checked.value)
    }

    /// A page's result; `None` if the page is not selected.
    pub fn output(&self, page: PageId) -> Option<&Output<T>> {
        self.0.page(page)?.as_ref()
    }

    /// The values, in book order, with `None` for pages that are not to be written.
    pub fn iter(&self) -> impl Iterator<Item = Option<&T>> {
        self.0.iter().map(|output| output.as_ref().map(|output| &output.checked.value))
    }

    /// The values of the selected pages, in book order.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.iter().flatten()
    }

    /// The diagnostics, in book order.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter().flatten().flat_map(|output| &output.checked.diagnostics)
    }
}

impl<T> Default for PerSelectedPage<T> {
    fn default() -> Self {
        PerSelectedPage(PageVec::default())
    }
}

impl<T> PartialEq for PerSelectedPage<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
