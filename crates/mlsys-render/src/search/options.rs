//! The options of the search script.

use mlsys_book::{Project, ProjectKind, Search, Words};
use serde::Serialize;
use std::collections::BTreeMap;

/// The texts of the search box. Source: Quarto, "Document Language".
const TEXTS: [&str; 13] = [
    "search-label",
    "search-text-placeholder",
    "search-no-results-text",
    "search-matching-documents-text",
    "search-matching-document-text",
    "search-copy-link-title",
    "search-hide-matches-text",
    "search-more-match-text",
    "search-more-matches-text",
    "search-clear-button-title",
    "search-detached-cancel-button-title",
    "search-submit-button-title",
    "search-unavailable-text",
];

/// The search of a site that shows a search box: in its navbar or in one of its sidebars.
pub fn site_search(project: &Project) -> Option<&Search> {
    let site = &project.site;
    let search = site.search.as_ref().filter(|_| project.kind != ProjectKind::Default)?;
    let shown = match search.in_sidebar {
        true => site.sidebars.iter().any(|bar| bar.search != Some(false)),
        false => site.navbar.as_ref().is_some_and(|bar| bar.search),
    };
    shown.then_some(search)
}

/// `script#quarto-search-options` of Quarto's pages, with the URLs of the script and the index.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Options<'a> {
    location: &'static str,
    copy_button: bool,
    collapse_after: u32,
    panel_placement: &'static str,
    r#type: &'static str,
    limit: u32,
    keyboard_shortcut: &'a [String],
    show_item_context: &'a str,
    language: BTreeMap<&'static str, String>,
    script: String,
    index: String,
}

/// The options as JSON for a script element. `root` leads from the page to the site's root, `script` and `index` from there to
/// the files.
pub(crate) fn search_options(search: &Search, words: &Words<'_>, root: &str, script: &str, index: &str) -> String {
    let options = Options {
        location: if search.in_sidebar { "sidebar" } else { "navbar" },
        copy_button: search.copy_button,
        collapse_after: search.collapse_after,
        panel_placement: if search.in_sidebar { "start" } else { "end" },
        r#type: if search.textbox { "textbox" } else { "overlay" },
        limit: search.limit,
        keyboard_shortcut: &search.shortcuts,
        show_item_context: &search.show_item_context,
        language: TEXTS.iter().map(|key| (*key, words.get(key))).collect(),
        script: format!("{root}{script}"),
        index: format!("{root}{index}"),
    };
    // A text must not end the script element.
    serde_json::to_string(&options).unwrap_or_default().replace('<', "\\u003c")
}
