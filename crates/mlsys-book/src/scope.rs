//! The project's values that parsing a page depends on.

use crate::value::Value;
use crate::{key, name};
use std::collections::{BTreeMap, BTreeSet};

/// The environment of a page: conditional content, the shortcodes `meta`, `var` and `env`, and reader options read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// The output format: `html`, `epub`, `pdf`. Source: Quarto, "Conditional Content".
    pub format: String,
    /// Active profiles.
    pub profiles: Vec<String>,
    /// Metadata of the project and of the page's folder, with `format.html` lifted to the top. Front matter goes over it.
    pub meta: Value,
    /// `_variables.yml`.
    pub variables: Value,
    /// The project's brand, with the paths of its logos relative to the project's folder; an empty map if there is none.
    pub brand: Value,
    /// The words of the page, if files have some of them: what `language` stands for.
    pub language: Option<Value>,
    /// Environment variables that `env` may show.
    pub environment: BTreeMap<String, String>,
    /// Keys of the project's custom floats, such as `vid`. A page's front matter may add its own.
    pub custom_floats: BTreeSet<String>,
    /// Classes of numbered boxes (`custom-numbered-blocks`): their divs keep the attribute `title`.
    pub box_classes: BTreeSet<String>,
}

/// The keys of custom floats in metadata. Source: Quarto, "Cross References", "Custom Floats" (`crossref.custom`).
pub fn custom_floats(meta: &Value) -> BTreeSet<String> {
    let custom = meta.list(name!("crossref.custom"));
    custom.iter().filter_map(|kind| kind.read(key!("custom", "key"))).collect()
}

/// The label prefixes of Quarto's own floats.
pub const FLOAT_KINDS: &[&str] = &["fig", "tbl", "lst"];

/// The label prefixes of theorems and the like.
pub const THEOREM_KINDS: &[&str] = &["thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "alg"];

/// The label prefixes of callouts.
pub const CALLOUT_KINDS: &[&str] = &["nte", "wrn", "imp", "tip", "cau"];

/// The label prefixes of proofs.
pub const PROOF_KINDS: &[&str] = &["prf", "rem", "sol"];

/// The kind of a label: its prefix up to the first `-`, in lower case.
///
/// ```
/// use mlsys_book::label_kind;
///
/// assert_eq!(label_kind("Fig-loop").as_deref(), Some("fig"));
/// assert_eq!(label_kind("fig-"), None);
/// ```
pub fn label_kind(label: &str) -> Option<String> {
    let (kind, rest) = label.split_once('-')?;
    (!kind.is_empty() && !rest.is_empty()).then(|| kind.to_lowercase())
}
