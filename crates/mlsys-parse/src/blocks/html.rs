//! HTML among blocks: tags are raw blocks with Markdown between them, `<div>` is a div, `<pre>` and its like are verbatim,
//! comments hide what is in them. Source: Pandoc manual, "Raw HTML", extensions `markdown_in_html_blocks`, `native_divs`.

use super::Parser;
use super::div::Opener;
use super::html_tag::{self, Scan, Tag};
use super::scan::{indent, strip_up_to};
use crate::draft::DraftKind;
use crate::text::{Line, Text};
use mlsys_book::Span;

/// The maximal number of lines of a tag.
const TAG_LINES: usize = 40;

impl<'a> Parser<'_, 'a> {
    /// A tag, comment or verbatim element at the current line.
    pub(super) fn html_block(&mut self) -> bool {
        let Some(line) = self.peek(0) else { return false };
        let text = line.text(self.source);
        let offset = text.len() - text.trim_ascii_start().len();
        let rest = &text[offset..];
        // Without `raw_html`, only native divs are elements.
        if !self.cx.options.raw_html && !is_div(rest) {
            return false;
        }
        if rest.starts_with("<!--") {
            return self.raw_until(offset, 4, "-->");
        }
        if rest.starts_with("<?") {
            return self.raw_until(offset, 2, "?>");
        }
        if rest.len() > 9 && rest.is_char_boundary(9) && rest[..9].eq_ignore_ascii_case("<!doctype") {
            return self.raw_until(offset, 9, ">");
        }
        let tag_text = self.tag_text(self.at, offset);
        let Some(Scan::Tag(tag)) = tag_text.as_ref().map(|t| html_tag::scan(&t.text)) else {
            return false;
        };
        let Some(tag_text) = &tag_text else { return false };
        if !html_tag::begins_block(tag.name) {
            return false;
        }
        if !tag.closing && html_tag::is_verbatim(tag.name) && !tag.empty {
            let end = format!("</{}", tag.name);
            return self.raw_until(offset, tag.len, &end);
        }
        let name = tag.name.to_ascii_lowercase();
        let (closing, childless) = (tag.closing, tag.empty || html_tag::is_void(tag.name));
        let span = tag_text.span(0..tag.len);
        let attr = (name == "div" && !closing).then(|| tag.attr(|i| tag_text.offset(i)));
        let raw = tag_text.text[..tag.len].to_string();
        self.skip_to(span.end);
        match attr {
            Some(attr) => self.open(Opener::Native(attr), span),
            None if closing && name == "div" && self.close_native_div(span.end) => {}
            None => {
                self.push(span, DraftKind::RawBlock("html".into(), raw));
                let indentation = self.content_indent(span.end);
                if let Some(frame) = self.frames.last_mut() {
                    if closing {
                        if frame.elements.last().is_some_and(|(n, _)| *n == name) {
                            frame.elements.pop();
                        }
                    } else if !childless {
                        frame.elements.push((name, indentation));
                    }
                }
            }
        }
        true
    }

    /// The indentation of an element's content that starts on the next line. It does not make code.
    fn content_indent(&self, tag_end: u32) -> usize {
        match self.lines.get(self.at) {
            Some(line) if line.start > tag_end => indent(*line, self.source),
            _ => 0,
        }
    }

    /// Removes the indentation that the content of the innermost open element has.
    pub(super) fn strip_element_indent(&mut self) {
        let columns = self.frames.last().and_then(|f| f.elements.last()).map_or(0, |(_, columns)| *columns);
        if columns > 0
            && let Some(line) = self.lines.get_mut(self.at)
        {
            *line = strip_up_to(*line, columns, self.source);
        }
    }

    /// True if the end tag of the innermost open element is at the beginning of a line.
    pub(super) fn closes_element(&self, index: usize) -> bool {
        let Some(line) = self.lines.get(index) else { return false };
        let text = line.text(self.source).trim_ascii_start();
        let Some(after) = text.strip_prefix("</") else { return false };
        let Some(frame) = self.frames.last() else { return false };
        let open = match frame.elements.last() {
            Some((name, _)) => name.as_str(),
            None if matches!(frame.opener, Opener::Native(_)) => "div",
            None => return false,
        };
        after.get(..open.len()).is_some_and(|n| n.eq_ignore_ascii_case(open))
            && after[open.len()..].trim_ascii_start().starts_with('>')
    }

    /// The text from an offset in a line to the end of the tag that begins there, as far as it can be found; `None` if
    /// there is no tag.
    pub(super) fn tag_text(&self, index: usize, offset: usize) -> Option<Text<'a>> {
        let first = *self.lines.get(index)?;
        let first = Line { start: first.start + offset as u32, end: first.end, spaces: 0 };
        let mut taken = vec![first];
        loop {
            let text = Text::from_lines(self.source, &taken);
            match html_tag::scan(&text.text) {
                Scan::Tag(_) => return Some(text),
                Scan::Nothing => return None,
                Scan::Incomplete => {}
            }
            // Only a line with `>` can complete the tag.
            let from = index + taken.len();
            let more = self.lines.get(from..(from + TAG_LINES).saturating_sub(taken.len()).min(self.lines.len()))?;
            let more = &more[..more.iter().position(|l| l.is_blank(self.source)).unwrap_or(more.len())];
            let end = more.iter().position(|l| l.text(self.source).contains('>'))?;
            taken.extend_from_slice(&more[..=end]);
        }
    }

    /// Reads on at an offset of the source, within a line or at the next one.
    pub(super) fn skip_to(&mut self, offset: u32) {
        while let Some(line) = self.lines.get_mut(self.at) {
            if offset < line.end {
                let text = &self.source[offset as usize..line.end as usize];
                if text.trim_ascii().is_empty() {
                    self.at += 1;
                } else {
                    let white = text.len() - text.trim_ascii_start().len();
                    let times = if self.cut.0 == self.at { self.cut.1 + 1 } else { 1 };
                    self.cut = (self.at, times);
                    *line = Line { start: offset + white as u32, end: line.end, spaces: 0 };
                }
                return;
            }
            self.at += 1;
            if offset == line.end {
                return;
            }
        }
    }

    /// A raw block from an offset in the current line to the first `end` after `skip` bytes more. An end tag is taken with
    /// its `>`.
    fn raw_until(&mut self, offset: usize, skip: usize, end: &str) -> bool {
        let start = self.lines[self.at].start + offset as u32;
        let Some((index, after)) = self.find_end(self.at, offset + skip, end) else {
            return false;
        };
        let mut raw = Vec::with_capacity(index - self.at + 1);
        for (i, line) in self.lines[self.at..=index].iter().enumerate() {
            let mut line = *line;
            if i == 0 {
                line = Line { start, end: line.end, spaces: 0 };
            }
            if self.at + i == index {
                line.end = after;
            }
            raw.push(line);
        }
        let text = Text::from_lines(self.source, &raw).text.into_owned();
        self.at = index;
        self.skip_to(after);
        self.push(Span { start, end: after }, DraftKind::RawBlock("html".into(), text));
        true
    }

    /// The line and the source offset after the first `end` at or below an offset in a line.
    pub(super) fn find_end(&mut self, index: usize, offset: usize, end: &str) -> Option<(usize, u32)> {
        if self.missing.ends.iter().any(|e| e == end) {
            return None;
        }
        let tag_end = end.starts_with("</");
        let first = *self.lines.get(index)?;
        let mut from = first.start as usize + offset;
        for (i, line) in self.lines[index..].iter().enumerate() {
            let text = self.source.get(from.max(line.start as usize)..line.end as usize).unwrap_or("");
            from = 0;
            let found = if tag_end { find_ignoring_case(text, end) } else { text.find(end) };
            let Some(found) = found else { continue };
            let mut after = found + end.len();
            if tag_end {
                let Some(close) = text[after..].find('>') else { continue };
                after += close + 1;
            }
            return Some((index + i, line.end - (text.len() - after) as u32));
        }
        self.missing.ends.push(end.to_string());
        None
    }
}

/// The offset of a tag's start (ASCII) in a text, ignoring case.
fn find_ignoring_case(text: &str, tag: &str) -> Option<usize> {
    let (bytes, tag) = (text.as_bytes(), tag.as_bytes());
    memchr::memmem::find_iter(bytes, b"</")
        .find(|i| bytes.get(*i..i + tag.len()).is_some_and(|s| s.eq_ignore_ascii_case(tag)))
}

/// True if a tag ends the paragraph around it; `open` is the innermost open element.
pub(super) fn ends_paragraph(tag: &Tag<'_>, open: Option<&str>) -> bool {
    html_tag::ends_paragraph(tag.name) || (tag.closing && open.is_some_and(|name| tag.is(name)))
}

/// True for the start tag or end tag of a div.
fn is_div(text: &str) -> bool {
    let name = text.trim_start_matches('<').trim_start_matches('/');
    name.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("div"))
        && !name[3..].starts_with(|c: char| c.is_alphanumeric() || c == '-')
}
