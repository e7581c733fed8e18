//! Inline Markdown in configuration values: titles, navigation, listings.

use crate::project::Book;
use crate::url::{local_file, relative};
use mlsys_book::{Inline, InlineKind, Link, NodeMut, Source, SourceId, Span, walk_inlines_mut};

/// Parses inline Markdown of the configuration. Its URLs are relative to the page `input`.
pub fn markdown(book: &Book, input: &str, text: &str) -> Vec<Inline> {
    let source = Source::new(SourceId(0), "", text);
    // Diagnostics are dropped: the text is a YAML value, so their positions in the file are unknown.
    let mut inlines = mlsys_parse::parse_inlines(&source, text, Span::new(0, text.len()), &book.scope).value;
    walk_inlines_mut(&mut inlines, &mut |node| {
        if let NodeMut::Inline(Inline { kind: InlineKind::Link(link), .. }) = node {
            resolve_page_link(book, input, link);
        }
        true
    });
    inlines
}

/// Replaces the URL of a page's source by the URL of its output.
fn resolve_page_link(book: &Book, input: &str, link: &mut Link) {
    if let Some(file) = local_file(input, &link.url)
        && let Some(page) = book.project.pages.iter().find(|p| p.input == file)
    {
        let rest = link.url.find(['#', '?']).map_or("", |i| &link.url[i..]);
        let from = if input.is_empty() { String::new() } else { mlsys_parse::output_name(input, None) };
        link.url = relative(&from, &page.output) + rest;
    }
}
