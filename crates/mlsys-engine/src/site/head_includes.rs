//! Missing files in the HTML that the configuration includes in the head or body of every page.

use crate::project::Book;
use crate::report::Severities;
use crate::site::html_urls::html_urls;
use crate::url::local_file;
use mlsys_book::{Code, Diagnostic, OptionName, Span, name};
use std::collections::BTreeSet;

/// The keys of HTML that is included in every page.
pub const INCLUDES: [OptionName; 4] =
    [name!("include-in-header"), name!("include-before-body"), name!("include-after-body"), name!("header-includes")];

/// The URLs from the site's root whose files are missing, as written. Each is reported.
///
/// Pages omit scripts and links with these URLs, because they would cause an error in every reader's browser. If the diagnostic
/// is off, the author adds the files after the build, and the set is empty.
pub fn missing_included(book: &Book, diagnostics: &mut Vec<Diagnostic>) -> BTreeSet<String> {
    let mut missing = BTreeSet::new();
    for key in INCLUDES {
        for item in book.project.meta.list(key) {
            let text = item.value(name!("include", "text")).unwrap_or(item);
            let Some(source) = book.sources.get(text.place.source.index()) else { continue };
            let raw = source.slice(text.place.span);
            for (at, url) in html_urls(raw) {
                if url.starts_with('/') && local_file("", url).is_some_and(|file| !book.vfs.exists(file)) {
                    let start = text.place.span.start as usize + at;
                    let place = source.place(Span::new(start, start + url.len()));
                    diagnostics.push(Diagnostic::new(Code::BrokenLink, place, format!("file `{url}` does not exist")));
                    missing.insert(url.to_owned());
                }
            }
        }
    }
    if Severities::of(&book.project.meta, &mut Vec::new()).with_choices(&book.severities).is_off(Code::BrokenLink) {
        missing.clear();
    }
    missing
}
