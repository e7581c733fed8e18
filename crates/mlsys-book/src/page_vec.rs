//! Values by page.

use serde::{Deserialize, Serialize};
use std::ops::{Deref, DerefMut, Index, IndexMut};

/// A page of the project: its index in [`crate::Project::pages`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PageId(pub u32);

impl PageId {
    /// The id of the page at an index of [`crate::Project::pages`].
    pub fn of_index(index: usize) -> Self {
        PageId(index as u32)
    }

    /// The index in [`crate::Project::pages`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A vector with one value a page, in book order, indexed by [`PageId`].
///
/// ```
/// use mlsys_book::{PageId, PageVec};
///
/// let titles: PageVec<&str> = ["Start", "End"].into_iter().collect();
/// assert_eq!(titles[PageId(1)], "End");
/// assert_eq!(titles.page(PageId(2)), None);
/// assert_eq!(titles.pages().last(), Some((PageId(1), &"End")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageVec<T>(Vec<T>);

impl<T> PageVec<T> {
    /// The value of a page; `None` if there is no such page.
    pub fn page(&self, page: PageId) -> Option<&T> {
        self.0.get(page.index())
    }

    /// The pages with their values.
    pub fn pages(&self) -> impl DoubleEndedIterator<Item = (PageId, &T)> + ExactSizeIterator {
        self.0.iter().enumerate().map(|(at, value)| (PageId::of_index(at), value))
    }
}

impl<T> Default for PageVec<T> {
    fn default() -> Self {
        PageVec(Vec::new())
    }
}

impl<T> From<Vec<T>> for PageVec<T> {
    fn from(values: Vec<T>) -> Self {
        PageVec(values)
    }
}

impl<T> FromIterator<T> for PageVec<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        PageVec(values.into_iter().collect())
    }
}

impl<T> IntoIterator for PageVec<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'p, T> IntoIterator for &'p PageVec<T> {
    type Item = &'p T;
    type IntoIter = std::slice::Iter<'p, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'p, T> IntoIterator for &'p mut PageVec<T> {
    type Item = &'p mut T;
    type IntoIter = std::slice::IterMut<'p, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}

impl<T> Deref for PageVec<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> DerefMut for PageVec<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T> Index<PageId> for PageVec<T> {
    type Output = T;

    fn index(&self, page: PageId) -> &T {
        &self.0[page.index()]
    }
}

impl<T> IndexMut<PageId> for PageVec<T> {
    fn index_mut(&mut self, page: PageId) -> &mut T {
        &mut self.0[page.index()]
    }
}

impl<T> Index<usize> for PageVec<T> {
    type Output = T;

    fn index(&self, page: usize) -> &T {
        &self.0[page]
    }
}
