//! The block pass: lines to drafts.
//!
//! The rules are those of Pandoc's Markdown as Quarto sets it up (Pandoc manual, "Pandoc's Markdown"). A container (quotation,
//! list item, note, cell) hands the lines that remain without its prefix to a recursive call; divs, fenced or native, are
//! frames on a stack, since their content is in the same lines.

mod code;
mod definition_list;
mod div;
mod heading;
mod html;
pub(crate) mod html_tag;
mod line_block;
mod link_definition;
mod list;
mod list_marker;
mod metadata;
mod note;
mod paragraph;
mod quote;
mod raw_tex;
mod scan;
mod table;
pub(crate) mod tables;

pub(crate) use scan::lines_of;

use crate::context::Context;
use crate::draft::*;
use crate::text::{Line, Text};
use div::Frame;
use mlsys_book::Span;
use rustc_hash::FxHashMap;

/// Parses the blocks of a container whose end counts as a blank line: a page, a quotation, a note.
pub(crate) fn parse<'a>(lines: &[Line], cx: &mut Context<'a>) -> Vec<Draft<'a>> {
    parse_until(lines, true, cx)
}

/// Parses the blocks of a table cell: a lone paragraph is `Plain`.
pub(crate) fn parse_cell<'a>(lines: &[Line], cx: &mut Context<'a>) -> Vec<Draft<'a>> {
    let in_list = std::mem::replace(&mut cx.in_list, false);
    let mut content = parse_until(lines, true, cx);
    cx.in_list = in_list;
    if let [Draft { kind: kind @ DraftKind::Para(_), .. }] = content.as_mut_slice()
        && let DraftKind::Para(text) = std::mem::replace(kind, DraftKind::HorizontalRule)
    {
        *kind = DraftKind::Plain(text);
    }
    content
}

/// Parses the blocks of a container. If its end does not count as a blank line, a paragraph that reaches it is `Plain`.
fn parse_until<'a>(lines: &[Line], blank_at_end: bool, cx: &mut Context<'a>) -> Vec<Draft<'a>> {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        return Vec::new();
    };
    let span = Span { start: first.start, end: last.end.max(first.start) };
    if !cx.may_nest(span) {
        let text = Text::from_lines(&cx.source.text, lines);
        return vec![Draft { span, kind: DraftKind::Plain(text) }];
    }
    cx.depth += 1;
    let mut parser = Parser {
        source: &cx.source.text,
        lines: lines.to_vec(),
        at: 0,
        cut: (0, 0),
        blank_at_end,
        frames: vec![Frame::bottom(span)],
        missing: Missing::default(),
        extents: FxHashMap::default(),
        environments: None,
        cx,
    };
    parser.run();
    let drafts = parser.close_all();
    cx.depth -= 1;
    drafts
}

/// The maximal number of tags on one line that may be followed by a block. After more of them text is a paragraph, because each
/// attempt at a block reads the line to its end.
const MOST_CUTS: usize = 256;

/// The lines of one container, and the position in them.
struct Parser<'c, 'a> {
    source: &'a str,
    /// The lines. If a tag ends within a line, the line is cut: its rest starts the next block.
    lines: Vec<Line>,
    /// The index of the current line.
    at: usize,
    /// The last line that a tag or a TeX environment cut, and how often; see [`MOST_CUTS`].
    cut: (usize, usize),
    /// True if the end of the lines counts as a blank line.
    blank_at_end: bool,
    /// The open divs and HTML elements; the first is the container itself.
    frames: Vec<Frame<'a>>,
    missing: Missing,
    /// The cached end of a paragraph: the line from which it was searched, the line found, and the reason. The key is the number
    /// of open divs, the innermost open element, and whether this is a list.
    extents: FxHashMap<(usize, String, bool), (usize, usize, paragraph::End)>,
    /// The TeX environments of the lines, indexed at the first one.
    environments: Option<FxHashMap<&'a str, Vec<raw_tex::Mark>>>,
    cx: &'c mut Context<'a>,
}

/// Ends that are known not to follow in these lines, so that failed searches are not repeated.
#[derive(Default)]
struct Missing {
    /// The shortest backtick fence without a closing one below.
    backticks: Option<usize>,
    /// The shortest tilde fence without a closing one below.
    tildes: Option<usize>,
    /// No line `---` or `...` that ends metadata.
    metadata_end: bool,
    /// Ends of comments and of raw elements (`script`, `style`, `pre`, `textarea`).
    ends: Vec<String>,
}

impl<'a> Parser<'_, 'a> {
    fn run(&mut self) {
        while let Some(&line) = self.lines.get(self.at) {
            if line.is_blank(self.source) {
                self.at += 1;
                continue;
            }
            self.strip_element_indent();
            if !self.block(line) {
                self.paragraph();
            }
        }
    }

    /// Parses the block at the current line, unless it is a paragraph. The order is Pandoc's.
    fn block(&mut self, line: Line) -> bool {
        let text = line.text(self.source).trim_ascii_start();
        let first = text.as_bytes().first().copied().unwrap_or(b' ');
        if self.cut.0 == self.at && self.cut.1 > MOST_CUTS {
            return first == b'<' && self.html_block();
        }
        match first {
            b'`' | b'~' if self.fenced_code() => return true,
            b'-' if self.metadata() => return true,
            b'-' | b'+' | b'*' if self.bullet_list() => return true,
            b':' if self.fenced_div() => return true,
            _ => {}
        }
        if self.heading(first) {
            return true;
        }
        if first == b'<' && self.html_block() {
            return true;
        }
        if self.table() {
            return true;
        }
        if scan::indent(line, self.source) >= 4 && self.indented_code() {
            return true;
        }
        match first {
            b'\\' if self.cx.options.raw_tex && self.raw_tex() => return true,
            b'|' if self.cx.options.line_blocks && self.line_block() => return true,
            b'>' if self.quote() => return true,
            b'*' | b'-' | b'_' if self.rule() => return true,
            _ => {}
        }
        self.ordered_list()
            || (self.cx.options.definition_lists && self.definition_list())
            || (first == b'[' && (self.cx.options.footnotes && self.note_definition() || self.link_definition()))
    }

    /// The line `ahead` lines below the current one.
    fn peek(&self, ahead: usize) -> Option<Line> {
        self.lines.get(self.at + ahead).copied()
    }

    /// True if a line is blank; the end of the lines counts as one.
    fn blank(&self, index: usize) -> bool {
        self.lines.get(index).is_none_or(|l| l.is_blank(self.source))
    }

    /// Adds a block to the innermost open div.
    fn push(&mut self, span: Span, kind: DraftKind<'a>) {
        if let Some(frame) = self.frames.last_mut() {
            frame.content.push(Draft { span, kind });
        }
    }

    /// The span from a line's beginning to the end of the line before the current one.
    fn span_from(&self, start: u32) -> Span {
        let end = self.at.checked_sub(1).and_then(|i| self.lines.get(i)).map_or(start, |l| l.end);
        Span { start, end: end.max(start) }
    }

    /// A horizontal rule: three or more of `*`, `-` or `_` with spaces. Source: Pandoc manual, "Horizontal rules".
    fn rule(&mut self) -> bool {
        let Some(line) = self.peek(0).filter(|l| is_rule(l.text(self.source))) else {
            return false;
        };
        self.at += 1;
        self.push(line.span(), DraftKind::HorizontalRule);
        true
    }
}

/// True if a line is a horizontal rule.
fn is_rule(text: &str) -> bool {
    let mut marks = text.bytes().filter(|b| !matches!(b, b' ' | b'\t' | b'\r'));
    let Some(first @ (b'*' | b'-' | b'_')) = marks.next() else {
        return false;
    };
    let mut count = 1;
    marks.all(|b| {
        count += 1;
        b == first
    }) && count >= 3
}
