//! The inline pass: from a leaf's text to inlines.
//!
//! Each level of brackets is parsed in three steps. `scan` makes one pass over the text: it recognises everything that Pandoc and
//! Quarto read differently from CommonMark as an atom, and overwrites it with neutral letters in a copy of equal length.
//! pulldown-cmark finds the emphasis in the copy. `build` builds the tree and puts the atoms back. Atoms with content (links,
//! spans, notes, citations) parse it as a level of their own.

mod bare_uri;
mod brackets;
mod build;
mod cite;
mod code;
mod html;
mod link;
mod math;
mod scan;
mod smart;
mod tex;
mod wiki_link;

use crate::context::{Context, MAX_DEPTH};
use crate::text::Text;
use brackets::Brackets;
use mlsys_book::{Code, Inline, InlineKind};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Parses the inlines of a leaf. The page's definitions must be complete.
pub(crate) fn parse(text: &Text<'_>, cx: &mut Context<'_>) -> Vec<Inline> {
    read(text, cx, false)
}

fn read(text: &Text<'_>, cx: &mut Context<'_>, expanding: bool) -> Vec<Inline> {
    let s: &str = &text.text;
    let brackets = Brackets::new(s);
    let mut reader = Reader {
        text,
        s,
        cx,
        brackets,
        found: FxHashMap::default(),
        in_link: false,
        expanding,
        too_deep: false,
        environments: None,
        spans: None,
    };
    reader.inlines(0..s.len())
}

/// The state of parsing one leaf.
struct Reader<'r, 'c> {
    text: &'r Text<'r>,
    /// The text's bytes.
    s: &'r str,
    cx: &'r mut Context<'c>,
    brackets: Brackets,
    /// The last search for each needle: its start and its result.
    found: FxHashMap<&'static str, (usize, Option<usize>)>,
    /// True if a link is open around the current level: links do not nest.
    in_link: bool,
    /// True if the text is a shortcode's value, whose own shortcodes are not expanded.
    expanding: bool,
    too_deep: bool,
    /// From `\\begin` to the end of its environment; found when first asked for.
    environments: Option<FxHashMap<usize, usize>>,
    /// From `<span>` to its closing tag; found when first asked for.
    spans: Option<FxHashMap<usize, usize>>,
}

/// A recognised element: its end and its kind.
type Found = Option<(usize, InlineKind)>;

/// An element that is hidden from pulldown-cmark.
struct Atom {
    start: usize,
    end: usize,
    kind: InlineKind,
}

impl Reader<'_, '_> {
    /// Parses a range of the text as a level of its own.
    fn inlines(&mut self, range: Range<usize>) -> Vec<Inline> {
        let range = self.trimmed(range);
        if range.is_empty() {
            return Vec::new();
        }
        if self.cx.depth >= MAX_DEPTH {
            let span = self.text.span(range.clone());
            if !std::mem::replace(&mut self.too_deep, true) {
                self.cx.report(
                    Code::NestingTooDeep,
                    span,
                    "brackets are nested too deep; their content is kept as text",
                );
            }
            let plain = self.s[range].split_whitespace().collect::<Vec<_>>().join(" ");
            return vec![Inline { span, kind: InlineKind::Str(plain) }];
        }
        self.cx.depth += 1;
        let level = self.scan(range);
        let inlines = self.build(level);
        self.cx.depth -= 1;
        inlines
    }

    /// The range without white space at its ends; an escaped space at the end stays.
    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let is_space = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
        let bytes = &self.s.as_bytes()[range.clone()];
        let Some(first) = bytes.iter().position(|b| !is_space(b)) else {
            return range.start..range.start;
        };
        let last = bytes.iter().rposition(|b| !is_space(b)).map_or(first, |p| p + 1);
        let backslashes = bytes[first..last].iter().rev().take_while(|b| **b == b'\\').count();
        let kept = usize::from(backslashes % 2 == 1 && bytes.get(last) == Some(&b' '));
        range.start + first..range.start + last + kept
    }

    /// The first offset of the needle from `from` on and before `end`. If searches for a needle go forward, each byte is visited
    /// once per needle.
    fn find(&mut self, needle: &'static str, from: usize, end: usize) -> Option<usize> {
        let found = match self.found.get(needle) {
            Some((asked, found)) if *asked <= from && found.is_none_or(|f| f >= from) => *found,
            _ => {
                let found = memchr::memmem::find(self.s.as_bytes().get(from..).unwrap_or(&[]), needle.as_bytes())
                    .map(|f| f + from);
                self.found.insert(needle, (from, found));
                found
            }
        };
        found.filter(|f| f + needle.len() <= end)
    }

    fn byte(&self, at: usize) -> u8 {
        self.s.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.s.get(at..).and_then(|s| s.chars().next())
    }

    fn char_before(&self, at: usize) -> Option<char> {
        self.s.get(..at).and_then(|s| s.chars().next_back())
    }

    /// True if a letter or digit precedes: there no citation, quotation or `_` emphasis begins.
    fn after_word(&self, at: usize, level: &Range<usize>) -> bool {
        at > level.start && self.char_before(at).is_some_and(char::is_alphanumeric)
    }
}
