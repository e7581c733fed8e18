//! The files that the project's texts for every page's head or body name and that are not there.

use crate::project::Book;
use crate::report::Severities;
use crate::site::media::{INCLUDES, addresses};
use crate::url::local_file;
use mlsys_book::{Code, Diagnostic, Span};
use std::collections::BTreeSet;

/// Addresses from the site's root whose files are not there, as they are written. Each is reported.
///
/// Pages leave out the scripts and links to these, which would only come to errors in every reader's browser. Where the finding is
/// off, the author says that files come after the build, and there are none of these.
pub fn missing_included(book: &Book, found: &mut Vec<Diagnostic>) -> BTreeSet<String> {
    let mut missing = BTreeSet::new();
    for key in INCLUDES {
        for item in book.project.meta.get(key).map_or(&[][..], mlsys_book::Value::items) {
            let text = item.get("text").unwrap_or(item);
            let Some(source) = book.sources.get(text.place.source.0 as usize) else { continue };
            let raw = source.slice(text.place.span);
            for (at, url) in addresses(raw) {
                let is_there = |file: String| book.vfs.exists(file);
                if url.starts_with('/') && local_file("", url).is_some_and(|file| !is_there(file)) {
                    let start = text.place.span.start as usize + at;
                    let place = source.place(Span::new(start, start + url.len()));
                    found.push(Diagnostic::new(Code::BrokenLink, place, format!("file `{url}` does not exist")));
                    missing.insert(url.to_owned());
                }
            }
        }
    }
    if Severities::of(&book.project.meta, &mut Vec::new()).is_off(Code::BrokenLink) {
        missing.clear();
    }
    missing
}
