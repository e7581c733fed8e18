//! Drafts. Source: Quarto, "Website Drafts".

use super::glob::Globs;
use super::{ConfigInput, texts};
use mlsys_book::{DraftMode, Page, Value, is_folder, key, name};
use std::collections::BTreeSet;

/// Marks the drafts: pages with `draft: true`, and those under `drafts` of the site. The draft mode decides how they are
/// published.
pub(super) fn mark(pages: &mut [Page], site: Option<&Value>, input: &ConfigInput<'_>) {
    let listed = texts(site.and_then(|site| site.value(name!("website", "drafts"))));
    let globs = Globs::new(listed.iter().map(String::as_str), |name| is_folder(name, input.files));
    let listed: BTreeSet<&str> = globs.select(input.files).into_iter().collect();
    for page in pages {
        let own = input.front_matter.get(&page.input).and_then(|meta| meta.read(key!("draft")));
        if own.unwrap_or_else(|| listed.contains(page.input.as_str())) {
            page.draft = Some(DraftMode::Visible);
        }
    }
}
