//! Paragraphs: lines of no other block. Source: Pandoc manual, "Paragraphs".

use super::Parser;
use super::html::ends_paragraph;
use super::html_tag::{self, Scan};
use super::list_marker::Marker;
use super::scan::{trim_end, trim_start};
use crate::draft::DraftKind;
use crate::text::{Line, Text};
use mlsys_book::{Code, Span};

/// The reason why a paragraph ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// A blank line or the like: the text is a `Para`.
    Blank,
    /// A block without a blank line before it: the text is `Plain`.
    Block,
}

/// A position: the index of a line, and an offset in its text.
type Position = (usize, usize);

impl<'a> Parser<'_, 'a> {
    /// The paragraph at the current line. It always consumes something.
    pub(super) fn paragraph(&mut self) {
        let first = self.at;
        let (mut end, mut why) = self.paragraph_extent(first + 1);
        let mut cut = None;
        let mut from = (first, 0);
        loop {
            match self.scan_markup(from, end) {
                Markup::Nothing => break,
                Markup::BlockTag(index, offset) => {
                    cut = Some((index, offset));
                    break;
                }
                // A comment goes on over blank lines.
                Markup::Comment(index, offset) => {
                    if index >= end {
                        (end, why) = self.paragraph_extent(index + 1);
                    }
                    from = (index, offset);
                }
            }
        }
        let lines = match cut {
            Some((index, offset)) => {
                let mut lines = self.lines[first..=index].to_vec();
                let split = self.lines[index].start + offset as u32;
                if let Some(last) = lines.last_mut() {
                    last.end = split;
                }
                if let Some(rest) = self.lines.get_mut(index) {
                    *rest = Line { start: split, end: rest.end, spaces: 0 };
                }
                self.at = index;
                why = End::Block;
                lines
            }
            None => {
                self.at = end;
                self.lines[first..end].to_vec()
            }
        };
        self.push_paragraph(lines, why);
    }

    fn push_paragraph(&mut self, mut lines: Vec<Line>, why: End) {
        if let Some(line) = lines.first_mut() {
            *line = trim_start(*line, self.source);
        }
        while lines.last().is_some_and(|l| l.is_blank(self.source)) {
            lines.pop();
        }
        if let Some(line) = lines.last_mut() {
            *line = trim_end(*line, self.source);
        }
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        let span = Span { start: first.start, end: last.end };
        let text = Text::from_lines(self.source, &lines);
        self.report_colons(&lines);
        if !self.cx.in_list {
            self.hint_at_list(lines[0], &lines[1..]);
        }
        let kind = match why {
            End::Blank => DraftKind::Para(text),
            End::Block => DraftKind::Plain(text),
        };
        self.push(span, kind);
    }

    /// The line at which a paragraph ends that extends at least to `from`, apart from tags.
    ///
    /// A tag cuts a paragraph, and the rest is a paragraph again. So the line found is cached while the same elements are open.
    fn paragraph_extent(&mut self, from: usize) -> (usize, End) {
        let element = self.frames.last().and_then(|f| f.elements.last()).map_or("", |(name, _)| name.as_str());
        let key = (self.frames.len(), element.to_owned(), self.cx.in_list);
        if let Some(&(asked, index, why)) = self.extents.get(&key)
            && asked <= from
            && from <= index
        {
            return (index, why);
        }
        let (index, why) = self.search_extent(from);
        self.extents.insert(key, (from, index, why));
        (index, why)
    }

    fn search_extent(&mut self, from: usize) -> (usize, End) {
        let mut index = from;
        let mut code = self.code_from(from.saturating_sub(1));
        loop {
            // The mark that closes code within the paragraph opens no fence.
            if code.take_if(|end| *end <= index).is_some_and(|end| end == index) {
                index += 1;
                continue;
            }
            if index >= self.lines.len() {
                return (self.lines.len(), if self.blank_at_end { End::Blank } else { End::Block });
            }
            if self.blank(index) || self.closes_div(index) || self.opens_div(index) || self.code_interrupts(index) {
                return (index, End::Blank);
            }
            if self.cx.in_list && self.list_marker(index).is_some() {
                return (index, End::Block);
            }
            if self.interrupts(index) {
                return (index, End::Blank);
            }
            if self.closes_element(index) {
                let element = self.frames.last().is_some_and(|f| !f.elements.is_empty());
                return (index, if element { End::Block } else { End::Blank });
            }
            index += 1;
        }
    }

    /// True if a line begins a block that needs no blank line before it, because an extension says so.
    fn interrupts(&self, index: usize) -> bool {
        let options = &self.cx.options;
        let text = || self.lines[index].text(self.source);
        options.lists_without_preceding_blankline && self.list_marker(index).is_some()
            || !options.blank_before_header && self.heading_level(text()).is_some()
            || !options.blank_before_blockquote && text().starts_with('>')
    }

    /// The line that closes the code of a line that looks like a fence and is none (```` ```yaml a title: ````): to Pandoc it is
    /// code within the paragraph.
    fn code_from(&self, line: usize) -> Option<usize> {
        let mark = |index: usize| {
            let text = self.lines.get(index)?.text(self.source).trim_ascii();
            let run = text.bytes().take_while(|b| *b == b'`').count();
            (run >= 3).then_some((run, text.len() == run))
        };
        let (opened, is_bare) = mark(line)?;
        let lines = (line + 1..self.lines.len()).take_while(|index| !self.blank(*index));
        let mut marks = lines.filter_map(|index| Some((index, mark(index)?)));
        marks.find(|(_, (run, bare))| *run == opened && *bare).map(|(index, _)| index).filter(|_| !is_bare)
    }

    /// True if a line ends a quotation or list item that continues without its prefix.
    pub(super) fn ends_lazy_line(&self, index: usize) -> bool {
        self.closes_div(index) || self.closes_element(index)
    }

    /// Reports list markers directly below a line of text, which start no list. In a formula they are signs.
    fn hint_at_list(&mut self, first: Line, rest: &[Line]) {
        let Some(at) = rest.iter().position(|l| Marker::looks_like_list(*l, self.source)) else { return };
        let line = rest[at];
        let before = &self.source[first.start as usize..line.start as usize];
        if before.matches("$$").count() % 2 == 1 {
            return;
        }
        self.cx
            .report(
                Code::AmbiguousList,
                line.span(),
                "this looks like a list item, but it is part of the paragraph above",
            )
            .hints
            .push("put a blank line before the list".into());
    }

    /// Searches for a tag or comment from a position to the line `end`, skipping code spans and escapes.
    fn scan_markup(&mut self, from: Position, end: usize) -> Markup {
        let has_angle = |l: &Line| memchr::memchr(b'<', l.text(self.source).as_bytes()).is_some();
        if !self.lines[from.0..end.max(from.0)].iter().any(has_angle) {
            return Markup::Nothing;
        }
        // Lengths of backtick runs that are not closed in this paragraph.
        let mut open_runs: Vec<usize> = Vec::new();
        let (mut index, mut at) = from;
        while index < end {
            let text = self.lines[index].text(self.source);
            let Some(next) = text.as_bytes().get(at..).and_then(|b| memchr::memchr3(b'<', b'`', b'\\', b)) else {
                index += 1;
                at = 0;
                continue;
            };
            at += next;
            match text.as_bytes()[at] {
                b'\\' => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
                b'`' => {
                    let run = text.as_bytes()[at..].iter().take_while(|b| **b == b'`').count();
                    at += run;
                    if !open_runs.contains(&run) {
                        match self.code_end((index, at), end, run) {
                            Some(position) => (index, at) = position,
                            None => open_runs.push(run),
                        }
                    }
                }
                _ if text[at..].starts_with("<!--") => {
                    // `raw_until` has failed where the comment has no end; then it is text.
                    if let Some((line, after)) = self.find_end(index, at + 4, "-->") {
                        let offset = (after - self.lines[line].start) as usize;
                        if line >= end {
                            return Markup::Comment(line, offset);
                        }
                        (index, at) = (line, offset);
                    } else {
                        at += 4;
                    }
                }
                _ => {
                    if self.tag_ends_paragraph(index, at) {
                        return Markup::BlockTag(index, at);
                    }
                    at += 1;
                }
            }
        }
        Markup::Nothing
    }

    fn tag_ends_paragraph(&self, index: usize, at: usize) -> bool {
        // The block rules have just declined the first position.
        let line = &self.lines[index];
        if index == self.at && line.text(self.source)[..at].trim_ascii().is_empty() {
            return false;
        }
        let Some(text) = self.tag_text(index, at) else { return false };
        let frame = self.frames.last();
        let open = frame.and_then(|f| f.elements.last()).map(|(name, _)| name.as_str());
        let is_element = |name: &str| self.cx.options.raw_html || name.eq_ignore_ascii_case("div");
        matches!(html_tag::scan(&text.text), Scan::Tag(tag) if is_element(tag.name) && ends_paragraph(&tag, open))
    }

    /// The position after the run of exactly `run` backticks that closes a code span.
    fn code_end(&self, from: Position, end: usize, run: usize) -> Option<Position> {
        let mut at = from.1;
        for index in from.0..end {
            let bytes = self.lines[index].text(self.source).as_bytes();
            while let Some(next) = bytes.get(at..).and_then(|b| memchr::memchr(b'`', b)) {
                at += next;
                let len = bytes[at..].iter().take_while(|b| **b == b'`').count();
                at += len;
                if len == run {
                    return Some((index, at));
                }
            }
            at = 0;
        }
        None
    }
}

/// The result of [`Parser::scan_markup`].
enum Markup {
    Nothing,
    /// A tag that ends the paragraph.
    BlockTag(usize, usize),
    /// The end of a comment that continues after the paragraph's lines.
    Comment(usize, usize),
}
