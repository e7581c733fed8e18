//! Output files: paths and contents.

use camino::Utf8PathBuf;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Files by path, relative to the output folder and with `/` as separator.
pub type Files = BTreeMap<String, Content>;

/// The content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Arc<[u8]>),
    /// A copy of the file at this absolute path.
    Copy(Utf8PathBuf),
}
