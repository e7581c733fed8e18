//! What a page's text may refer to outside itself while it is parsed.

use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The surroundings of a page: conditional content, `meta`, `var` and `env` shortcodes and reader options depend on them.
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
    /// The project's brand, with the paths of its logos from the project's folder; an empty map without one.
    pub brand: Value,
    /// Environment variables that `env` may show.
    pub environment: BTreeMap<String, String>,
    /// Keys of custom floats, such as `vid`; those that the page's front matter adds come to these.
    pub custom_floats: BTreeSet<String>,
    /// Classes of numbered boxes (`custom-numbered-blocks`): divs that keep their `title`.
    pub box_classes: BTreeSet<String>,
}

/// The keys of custom floats in metadata. Source: Quarto, "Cross References", "Custom Floats" (`crossref.custom`).
pub fn custom_floats(meta: &Value) -> BTreeSet<String> {
    let custom = meta.path("crossref.custom").map_or(&[][..], Value::items);
    custom.iter().filter_map(|kind| kind.get("key")?.to_text()).collect()
}

/// The reference prefixes that floats of Quarto itself have.
pub const FLOAT_KINDS: &[&str] = &["fig", "tbl", "lst"];

/// The reference prefixes of theorems and their relatives.
pub const THEOREM_KINDS: &[&str] = &["thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "alg"];

/// The reference prefixes of callouts.
pub const CALLOUT_KINDS: &[&str] = &["nte", "wrn", "imp", "tip", "cau"];

/// The reference prefixes of proofs.
pub const PROOF_KINDS: &[&str] = &["prf", "rem", "sol"];

/// The kind of a label: the part before the first `-`, in lower case, where something follows it.
pub fn label_kind(label: &str) -> Option<String> {
    let (kind, rest) = label.split_once('-')?;
    (!kind.is_empty() && !rest.is_empty()).then(|| kind.to_lowercase())
}
