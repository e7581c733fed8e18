//! Texts of files, and unsaved texts in place of files.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// A file's text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FileText {
    /// The text without a byte order mark; invalid UTF-8 is replaced by U+FFFD.
    pub text: Arc<String>,
    /// The offset of the first byte that is not UTF-8.
    pub invalid: Option<usize>,
}

impl FileText {
    /// Decodes the content of a file.
    pub fn decode(mut bytes: Vec<u8>) -> FileText {
        if bytes.starts_with("\u{feff}".as_bytes()) {
            bytes.drain(..3);
        }
        // Old line ends are of the same length as today's, so places stay right.
        let is_alone = |at: &usize| bytes.get(at + 1) != Some(&b'\n');
        let returns: Vec<usize> = memchr::memchr_iter(b'\r', &bytes).filter(is_alone).collect();
        for at in returns {
            bytes[at] = b'\n';
        }
        match String::from_utf8(bytes) {
            Ok(text) => FileText { text: Arc::new(text), invalid: None },
            Err(error) => {
                let invalid = Some(error.utf8_error().valid_up_to());
                FileText { text: Arc::new(String::from_utf8_lossy(error.as_bytes()).into_owned()), invalid }
            }
        }
    }
}

/// Unsaved texts, by absolute path. They replace files on disk and add files that do not exist there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlay {
    texts: BTreeMap<Utf8PathBuf, Arc<FileText>>,
}

impl Overlay {
    /// Sets the unsaved text of a file.
    pub fn set(&mut self, path: impl AsRef<Utf8Path>, text: impl Into<String>) {
        let text = FileText::decode(text.into().into_bytes());
        match self.texts.entry(normalized(path.as_ref())) {
            // An equal text stays the same value, which everything that depends on it recognizes.
            Entry::Occupied(known) if **known.get() == text => {}
            Entry::Occupied(mut known) => *known.get_mut() = Arc::new(text),
            Entry::Vacant(free) => {
                free.insert(Arc::new(text));
            }
        }
    }

    /// Removes an unsaved text: the file on disk counts again.
    pub fn remove(&mut self, path: impl AsRef<Utf8Path>) {
        self.texts.remove(&normalized(path.as_ref()));
    }

    /// The unsaved text of a file, by its absolute path.
    pub(super) fn get(&self, path: &Utf8Path) -> Option<&Arc<FileText>> {
        if self.texts.is_empty() {
            return None;
        }
        self.texts.get(path).or_else(|| self.texts.get(&normalized(path)))
    }

    /// The paths of all files, in ascending order.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Utf8PathBuf> {
        self.texts.keys()
    }
}

/// A path without `.` and `..`, resolved by name: symbolic links are not followed.
pub fn normalized(path: &Utf8Path) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => {
                out.pop();
            }
            other => out.push(other.as_str()),
        }
    }
    out
}
