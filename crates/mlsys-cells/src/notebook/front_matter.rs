//! The front matter and the title of a notebook. Source: Quarto, `jupyter-fixups.ts` (`fixupFrontMatter`).

use crate::fence::Fence;
use crate::notebook::{CellKind, Notebook};
use mlsys_book::{Source, SourceId};
use mlsys_parse::{front_matter, front_matter_text};
use std::ops::Range;

/// The front matter of a notebook: the first Markdown or raw cell that begins with one.
pub(super) struct Head {
    /// The index of the cell.
    pub cell: usize,
    /// The length of the front matter in the cell's text.
    pub length: usize,
    has_title: bool,
}

/// A heading that becomes the title.
pub(super) struct TitleHeading {
    /// The index of its cell.
    pub cell: usize,
    /// Its lines.
    pub range: Range<usize>,
    /// Its text, without attributes.
    pub title: String,
}

/// Finds the front matter of a notebook.
pub(super) fn head(notebook: &Notebook) -> Option<Head> {
    notebook.cells.iter().enumerate().find_map(|(at, cell)| {
        let text = match cell.kind {
            CellKind::Markdown | CellKind::Raw => front_matter_text(&cell.source.text),
            CellKind::Code => return None,
        };
        let draft = Source::new(SourceId(u32::MAX), "", text);
        let has_title = front_matter(&draft).value.meta.get("title").is_some_and(|title| title.to_text().is_some());
        (!text.is_empty()).then_some(Head { cell: at, length: text.len(), has_title })
    })
}

/// The title in the front matter, or the first heading.
pub(super) fn title(notebook: &Notebook) -> Option<String> {
    if let Some(head) = head(notebook).filter(|head| head.has_title) {
        let draft = Source::new(SourceId(u32::MAX), "", &notebook.cells[head.cell].source.text[..head.length]);
        return front_matter(&draft).value.meta.get("title")?.to_text();
    }
    let texts = notebook.cells.iter().filter(|cell| cell.kind == CellKind::Markdown);
    texts.into_iter().find_map(|cell| {
        let text = &cell.source.text;
        let mut at = 0;
        text.split_inclusive('\n').find_map(|line| {
            at += line.len();
            leading_heading(&text[at - line.len()..]).map(|(title, _)| title)
        })
    })
}

/// The heading that begins the first Markdown cell, unless the front matter has a title.
pub(super) fn title_heading(notebook: &Notebook, head: Option<&Head>) -> Option<TitleHeading> {
    if head.is_some_and(|head| head.has_title) {
        return None;
    }
    let is_text =
        |at: &usize| notebook.cells[*at].kind == CellKind::Markdown && head.is_none_or(|head| head.cell != *at);
    let cell = (0..notebook.cells.len()).find(is_text)?;
    let (title, range) = leading_heading(&notebook.cells[cell].source.text)?;
    Some(TitleHeading { cell, range, title })
}

/// The heading at the very start of a text: its text, and the range of its lines.
fn leading_heading(text: &str) -> Option<(String, Range<usize>)> {
    let first = text.split_inclusive('\n').next()?;
    if Fence::of(first).is_some() {
        return None;
    }
    let level = first.bytes().take_while(|byte| *byte == b'#').count();
    if level > 0 && first[level..].starts_with([' ', '\t']) {
        return Some((without_attributes(first[level..].trim()).to_owned(), 0..first.len()))
            .filter(|(text, _)| !text.is_empty());
    }
    let second = text[first.len()..].split_inclusive('\n').next()?;
    let line = second.trim_end();
    let is_underline =
        !line.is_empty() && (line.bytes().all(|byte| byte == b'=') || line.bytes().all(|byte| byte == b'-'));
    let title = first.trim();
    (is_underline && !title.is_empty()).then(|| (title.to_owned(), 0..first.len() + second.len()))
}

/// A heading's text without the attributes at its end.
fn without_attributes(text: &str) -> &str {
    match text.strip_suffix('}').and_then(|rest| rest.rfind('{')) {
        Some(at) if text[at..].starts_with(['{']) && text[..at].ends_with([' ', '\t']) => text[..at].trim_end(),
        Some(_) | None => text,
    }
}
