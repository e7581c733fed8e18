//! Output: formatted citations and bibliography entries.

use crate::rich::Rich;
use serde::{Deserialize, Serialize};

/// A document's formatted citations and its bibliography.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Citations {
    /// The text of each cluster, in the order of [`crate::Citing::clusters`].
    pub clusters: Vec<ClusterText>,
    /// The bibliography, in the style's order.
    pub entries: Vec<Entry>,
    /// True if the style sets entries with a hanging indent.
    pub hanging_indent: bool,
    /// The cited keys that no work has.
    pub missing: Vec<MissingKey>,
}

/// The formatted text of a cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClusterText {
    /// True if a note style puts `content` into a note.
    pub note: bool,
    /// In a note style: the author whom the running text names before the note's mark.
    pub lead: Option<Vec<Rich>>,
    /// The citation.
    pub content: Vec<Rich>,
}

/// An entry of the bibliography.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The work's key.
    pub key: String,
    /// The entry's text.
    pub content: Vec<Rich>,
    /// The label in a column of its own, as in numeric styles (`second-field-align`).
    pub label: Option<Vec<Rich>>,
}

/// A cited key that no work has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingKey {
    /// The index of the cluster that cites it.
    pub cluster: usize,
    /// The key.
    pub key: String,
}
