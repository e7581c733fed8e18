//! Bullet, numbered and task lists. Source: Pandoc manual, "Lists".

use super::list_marker::{Marker, MarkerKind};
use super::scan::strip;
use super::{Parser, is_rule, parse_until};
use crate::draft::{Draft, DraftKind, ItemDraft};
use crate::text::Line;
use mlsys_book::{ListNumberDelim, ListNumberStyle, Span};

/// The indentation of continuation lines of example lists.
const EXAMPLE_INDENT: usize = 4;

impl<'a> Parser<'_, 'a> {
    /// The marker of a list that could start at a line.
    pub(super) fn list_marker(&self, index: usize) -> Option<Marker> {
        self.marker(*self.lines.get(index)?, None)
    }

    /// The marker of a line, of a kind that the reader's options allow.
    fn marker(&self, line: Line, list: Option<(ListNumberStyle, ListNumberDelim)>) -> Option<Marker> {
        let options = &self.cx.options;
        let marker = Marker::read(line, self.source, list)?;
        (options.fancy_lists || marker.is_plain()).then_some(())?;
        (options.example_lists || !marker.is_example()).then_some(marker)
    }

    /// A bullet list; the marks may differ from item to item.
    pub(super) fn bullet_list(&mut self) -> bool {
        let is_bullet = |m: &Marker| m.kind == MarkerKind::Bullet;
        if !self.list_marker(self.at).is_some_and(|m| is_bullet(&m)) {
            return false;
        }
        let start = self.lines[self.at].start;
        let mut items = Vec::new();
        while let Some(marker) = self.list_marker(self.at).filter(is_bullet) {
            items.push(self.item(marker));
        }
        compact(&mut items);
        let span = self.content_span(start);
        self.push(span, DraftKind::BulletList(items));
        true
    }

    /// A numbered list: its first marker decides how the others must look.
    pub(super) fn ordered_list(&mut self) -> bool {
        let Some(Marker { kind: MarkerKind::Number { start, style, delim, .. }, .. }) = self.list_marker(self.at)
        else {
            return false;
        };
        let begin = self.lines[self.at].start;
        let mut first = if style == ListNumberStyle::Example { self.cx.examples + 1 } else { start };
        let mut items = Vec::new();
        while let Some(marker) = self.item_of(style, delim) {
            if let MarkerKind::Number { style: ListNumberStyle::Example, label, .. } = &marker.kind {
                let number = self.number_example(label.as_deref());
                if items.is_empty() {
                    first = number;
                }
            }
            items.push(self.item(marker));
        }
        if items.is_empty() {
            return false;
        }
        if !self.cx.options.startnum {
            first = 1;
        }
        compact(&mut items);
        let span = self.content_span(begin);
        self.push(span, DraftKind::OrderedList { start: first, style, delim, items });
        true
    }

    fn item_of(&self, style: ListNumberStyle, delim: ListNumberDelim) -> Option<Marker> {
        let line = self.peek(0)?;
        if is_rule(line.text(self.source)) {
            return None;
        }
        self.marker(line, Some((style, delim))).filter(|m| m.kind != MarkerKind::Bullet)
    }

    /// The number of the next example; a label that was used keeps its number.
    fn number_example(&mut self, label: Option<&str>) -> u32 {
        if let Some(number) = label.and_then(|l| self.cx.definitions.examples.get(l)) {
            return *number;
        }
        self.cx.examples += 1;
        if let Some(label) = label {
            self.cx.definitions.examples.insert(label.to_string(), self.cx.examples);
        }
        self.cx.examples
    }

    /// Reads an item whose marker is at the current line.
    fn item(&mut self, marker: Marker) -> ItemDraft<'a> {
        let is_example = marker.is_example();
        let width = if is_example { EXAMPLE_INDENT } else { marker.width };
        let mut lines = vec![marker.rest];
        self.at += 1;
        self.first_lines(width, &mut lines);
        self.take_blank_lines(&mut lines);
        while self.continuation(width, &mut lines) {
            self.take_blank_lines(&mut lines);
        }
        let in_list = std::mem::replace(&mut self.cx.in_list, true);
        let mut task = None;
        if self.cx.options.task_lists {
            task = take_task(&mut lines, self.source);
        }
        let at_end = self.blank_at_end && self.at >= self.lines.len();
        let content = parse_until(&lines, at_end, self.cx);
        self.cx.in_list = in_list;
        ItemDraft { task, content }
    }

    /// The lines that belong to an item's first paragraph: indented or not, up to a blank line, a fence or a list marker.
    fn first_lines(&mut self, width: usize, lines: &mut Vec<Line>) {
        // A comment hides what would end the item.
        let mut comment = false;
        while let Some(line) = self.peek(0) {
            if let Some(last) = lines.last() {
                comment = comment_after(comment, last.text(self.source)) && self.find_end(self.at, 0, "-->").is_some();
            }
            if comment {
                lines.push(strip(line, width, self.source).unwrap_or(line));
                self.at += 1;
                continue;
            }
            let stripped = strip(line, width, self.source);
            let nested = stripped.is_some_and(|l| {
                let l = super::scan::trim_start(l, self.source);
                self.marker(l, None).is_some()
            });
            if line.is_blank(self.source)
                || self.list_marker(self.at).is_some()
                || nested
                || self.ends_lazy_line(self.at)
                || self.begins_fence(self.at)
            {
                return;
            }
            lines.push(stripped.unwrap_or(line));
            self.at += 1;
        }
    }

    /// A fenced code block at a line, indented by at most three columns.
    fn begins_fence(&mut self, index: usize) -> bool {
        let Some(line) = self.lines.get(index) else { return false };
        let text = line.text(self.source).trim_ascii_start();
        (text.starts_with("```") || text.starts_with("~~~")) && self.code_begins(index)
    }

    fn take_blank_lines(&mut self, lines: &mut Vec<Line>) {
        while let Some(line) = self.peek(0).filter(|l| l.is_blank(self.source)) {
            lines.push(line);
            self.at += 1;
        }
    }

    /// Indented lines that continue an item after a blank line or with a nested list.
    fn continuation(&mut self, width: usize, lines: &mut Vec<Line>) -> bool {
        if self.ends_lazy_line(self.at) {
            return false;
        }
        let Some(first) = self.peek(0).filter(|l| !l.is_blank(self.source)) else { return false };
        let Some(first) = strip(first, width, self.source) else { return false };
        lines.push(first);
        self.at += 1;
        while let Some(line) = self.peek(0).filter(|l| !l.is_blank(self.source)) {
            if self.ends_lazy_line(self.at) {
                break;
            }
            match strip(line, width, self.source) {
                Some(line) => lines.push(line),
                None if self.list_marker(self.at).is_some() => break,
                None => lines.push(line),
            }
            self.at += 1;
        }
        true
    }

    /// The span from `start` to the last line with content before the current one.
    pub(super) fn content_span(&self, start: u32) -> Span {
        let last = self.lines[..self.at].iter().rev().find(|l| !l.is_blank(self.source));
        Span { start, end: last.map_or(start, |l| l.end.max(start)) }
    }
}

/// True if a comment is open after a line.
fn comment_after(before: bool, text: &str) -> bool {
    match (text.rfind("<!--"), text.rfind("-->")) {
        (Some(open), close) => close.is_none_or(|c| c < open),
        (None, Some(_)) => false,
        (None, None) => before,
    }
}

/// Takes a task's box from an item's first line. Source: Pandoc manual, "Extension: task_lists".
fn take_task(lines: &mut [Line], source: &str) -> Option<bool> {
    let first = lines.first_mut()?;
    let text = first.text(source);
    let done = match text.as_bytes().get(..3)? {
        b"[ ]" => false,
        b"[x]" | b"[X]" => true,
        _ => return None,
    };
    if !matches!(text.as_bytes().get(3), Some(b' ')) {
        return None;
    }
    first.start += 4;
    Some(done)
}

/// Makes a list tight or loose: tight items contain `Plain`, loose ones `Para`. A list is loose if a blank line follows a paragraph
/// in it, except at the end of the list.
pub(super) fn compact(items: &mut [ItemDraft<'_>]) {
    // To Pandoc a figure is no paragraph.
    let is_para = |d: &Draft<'_>| matches!(&d.kind, DraftKind::Para(text) if !is_figure(&text.text));
    let Some((last, others)) = items.split_last_mut() else { return };
    let others_loose = others.iter().any(|i| i.content.iter().any(is_para));
    if let Some((end, before)) = last.content.split_last_mut()
        && is_para(end)
        && !others_loose
        && !before.iter().any(is_para)
    {
        swap_kind(end);
        return;
    }
    if others_loose || last.content.iter().any(is_para) {
        for item in items {
            item.content.iter_mut().filter(|d| matches!(d.kind, DraftKind::Plain(_))).for_each(swap_kind);
        }
    }
}

/// True if a paragraph is an image with a caption, alone.
fn is_figure(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("![") else { return false };
    let mut depth = 1;
    let close = rest.bytes().position(|b| {
        match b {
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let Some(close) = close.filter(|close| *close > 0) else { return false };
    let Some(destination) = rest[close + 1..].strip_prefix('(') else { return false };
    let Some(end) = destination.find(')') else { return false };
    let after = &destination[end + 1..];
    after.is_empty() || (after.starts_with('{') && after.find('}') == Some(after.len() - 1))
}

/// Turns `Plain` to `Para` and back.
fn swap_kind(draft: &mut Draft<'_>) {
    draft.kind = match std::mem::replace(&mut draft.kind, DraftKind::HorizontalRule) {
        DraftKind::Plain(text) => DraftKind::Para(text),
        DraftKind::Para(text) => DraftKind::Plain(text),
        other @ (DraftKind::Header(_)
        | DraftKind::CodeBlock(_)
        | DraftKind::Cell(_)
        | DraftKind::RawBlock(..)
        | DraftKind::BlockQuote(_)
        | DraftKind::BulletList(_)
        | DraftKind::OrderedList { .. }
        | DraftKind::DefinitionList(_)
        | DraftKind::LineBlock(_)
        | DraftKind::HorizontalRule
        | DraftKind::Table(_)
        | DraftKind::Div(..)) => other,
    };
}

#[cfg(test)]
mod tests {
    use super::is_figure;

    #[test]
    fn figures_in_items_are_no_paragraphs() {
        assert!(is_figure("![A [b] c](x.png)"));
        assert!(is_figure("![A](x.png){width=50%}"));
        assert!(!is_figure("![](x.png)"));
        assert!(!is_figure("![A](x.png) and text"));
        assert!(!is_figure("![A](x.png)\\"));
    }
}
