//! The files of an output: paths and contents.

use camino::Utf8PathBuf;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files by their paths relative to the output folder, with `/`.
pub type Files = BTreeMap<String, Content>;

/// The content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Arc<[u8]>),
    /// A copy of this file; absolute.
    Copy(Utf8PathBuf),
}
