//! Differences between a page and the text that its results were frozen from.
//!
//! Only the frozen Markdown is left of that text, so hidden code cannot be compared. Lines of prose, and code that the page shows,
//! are in the frozen Markdown as they were: a line that it does not have was changed since.

use super::segments::has_value;
use crate::document::{Document, Engine, first_line};
use crate::fence::Fence;
use crate::settings::{Echo, Settings};
use mlsys_book::{Source, Span, Value, name};
use mlsys_parse::front_matter_text;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// The class of code blocks that show a cell's code.
const CODE_CLASS: &str = "cell-code";

/// A page with frozen results, for comparison.
#[derive(Clone, Copy, Debug)]
pub struct FrozenPage<'a> {
    /// Its source, with includes.
    pub source: &'a Source,
    /// The page's own text in it.
    pub span: Span,
    /// Its code.
    pub document: &'a Document,
    /// Its metadata, merged with that of its folder and project.
    pub meta: &'a Value,
}

/// What differs, by the first place of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// The opening fence of a cell whose shown code was changed.
    pub code: Option<Span>,
    /// The first line of shown code of a cell that the page no longer has.
    pub removed: Option<String>,
    /// A line of prose.
    pub text: Option<Span>,
}

/// The lines of frozen Markdown.
struct FrozenLines<'f> {
    all: BTreeSet<&'f str>,
    /// The lines of each block of shown code.
    code: Vec<Vec<&'f str>>,
}

impl<'f> FrozenLines<'f> {
    fn new(frozen: &'f str) -> Self {
        let mut lines = FrozenLines { all: BTreeSet::new(), code: Vec::new() };
        let (mut open, mut is_code) = (None::<Fence>, false);
        for line in frozen[front_matter_text(frozen).len()..].lines() {
            lines.all.insert(line.trim());
            match (open, Fence::of(line)) {
                (None, Some(fence)) => {
                    open = Some(fence);
                    is_code = fence.info(line).contains(CODE_CLASS);
                    lines.code.extend(is_code.then(Vec::new));
                }
                (Some(opening), Some(fence)) if fence.closes(&opening, line) => open = None,
                (Some(_), _) if is_code && !line.trim().is_empty() => {
                    lines.code.last_mut().into_iter().for_each(|block| block.push(line.trim()));
                }
                (Some(_), _) | (None, None) => {}
            }
        }
        lines
    }

    /// True if a line of the page is there. Of a line with inline values, the text before the first value counts.
    fn has(&self, line: &str) -> bool {
        let line = line.trim();
        if !has_value(line) {
            return self.all.contains(line);
        }
        let start = line.split('`').next().unwrap_or("");
        self.all.range(start..).next().is_some_and(|next| next.starts_with(start))
    }
}

/// The differences that the frozen Markdown shows; with `is_current` in included files only.
pub(super) fn changes(page: &FrozenPage<'_>, frozen: &str, is_current: bool) -> Changes {
    let FrozenPage { source, span, document, meta } = *page;
    let lines = FrozenLines::new(frozen);
    let settings = Settings::new(meta, "");
    let shown: FxHashSet<&str> = lines.code.iter().flatten().copied().collect();
    let is_hidden_by_default = has_hidden_defaults(document, meta);
    let counts = |at: u32| !is_current || source.origin(at).0 != 0;
    let changed = document.cells.iter().filter(|cell| counts(cell.span.start)).find(|cell| {
        let options = settings.options(cell);
        let is_shown = options.include && options.echo != Echo::Hidden && document.runs(&cell.language);
        let is_certain = cell.options.value(name!("cell", "echo")).is_some() || !is_hidden_by_default;
        let mut code = cell.code.lines().map(str::trim).filter(|line| !line.is_empty());
        is_shown && is_certain && code.any(|line| !shown.contains(line))
    });
    let present: FxHashSet<&str> = source.slice(span).lines().map(str::trim).collect();
    let is_removed = |block: &&Vec<&str>| !block.is_empty() && block.iter().all(|line| !present.contains(line));
    let removed = lines.code.iter().find(is_removed).filter(|_| !is_current && !has_other_sources(document));
    Changes {
        code: changed.map(|cell| {
            let length = first_line(source.slice(cell.span)).len();
            Span::new(cell.span.start as usize, cell.span.start as usize + length)
        }),
        removed: removed.and_then(|block| block.first()).map(|line| (*line).to_owned()),
        text: changed_text(page, &lines, counts),
    }
}

/// The first line of prose that the frozen Markdown does not have.
fn changed_text(page: &FrozenPage<'_>, frozen: &FrozenLines<'_>, counts: impl Fn(u32) -> bool) -> Option<Span> {
    let text = page.source.slice(page.span);
    let start = page.span.start as usize;
    let body = start + front_matter_text(text).len();
    let mut cells = page.document.cells.iter().map(|cell| cell.span).peekable();
    let mut at = start;
    for line in text.split_inclusive('\n') {
        let (from, end) = (at, at + line.trim_end().len());
        at += line.len();
        while cells.peek().is_some_and(|cell| (cell.end as usize) < from) {
            cells.next();
        }
        let is_code = cells.peek().is_some_and(|cell| (cell.start as usize) < end && from <= cell.end as usize);
        let is_prose = !is_code && from >= body && line.contains(char::is_alphanumeric);
        if is_prose && counts(from as u32) && !frozen.has(line) {
            return Some(Span::new(from + line.len() - line.trim_start().len(), end));
        }
    }
    None
}

/// True if knitr's defaults may hide code without an option of the cell.
fn has_hidden_defaults(document: &Document, meta: &Value) -> bool {
    let sets = |name: &str| document.cells.iter().any(|cell| cell.code.contains(name));
    document.engine == Engine::Knitr
        && (meta.path("knitr.opts_chunk").is_some() || sets("opts_chunk") || sets("knit_hooks") || sets("opts_hooks"))
}

/// True if the frozen Markdown may show code from elsewhere: documents and files that knitr reads.
fn has_other_sources(document: &Document) -> bool {
    let is_read = |key: &str| ["child", "code", "file", "ref-label"].contains(&key);
    let cells = || document.cells.iter();
    document.engine == Engine::Knitr
        && (cells().any(|cell| cell.options.entries().iter().any(|entry| is_read(&entry.key)))
            || cells()
                .any(|cell| ["knit_child", "read_chunk", "asis_output"].iter().any(|name| cell.code.contains(name))))
}
