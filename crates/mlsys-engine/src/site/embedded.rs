//! The templates and themes embedded in the binary, and their folders in the output.

use rust_embed::Embed;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The embedded page templates.
#[derive(Embed)]
#[folder = "templates"]
pub(crate) struct EmbeddedTemplates;

/// The embedded themes, and KaTeX's style sheet and fonts.
#[derive(Embed)]
#[folder = "themes"]
#[allow_missing = true]
pub(crate) struct EmbeddedThemes;

/// The output folder of style sheets, scripts and fonts.
pub const ASSETS: &str = "site_libs/mlsys";

/// The output folder of the search index.
pub const SEARCH: &str = "site_libs/mlsys/search";

/// The embedded text files, by path.
pub(crate) fn texts<E: Embed>() -> BTreeMap<String, String> {
    let text = |name: Cow<'static, str>| {
        let file = E::get(&name)?;
        Some((name.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
    };
    E::iter().filter(|name| !name.ends_with(".woff2")).filter_map(text).collect()
}
