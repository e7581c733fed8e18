//! Fenced divs, and the stack of open elements. Source: Pandoc manual, "Divs and Spans".

use super::Parser;
use crate::attr;
use crate::attr_mistake::{Mistake, mistake};
use crate::context::MAX_DEPTH;
use crate::draft::{Draft, DraftKind};
use crate::text::Line;
use mlsys_book::{Attr, Code, Span};

/// An open div and its blocks so far.
pub(super) struct Frame<'a> {
    pub opener: Opener,
    /// The bytes of the opening fence or tag.
    pub span: Span,
    pub content: Vec<Draft<'a>>,
    /// Other HTML elements open in it, with the indentation of their content. Their tags are raw blocks among the content,
    /// so they take no level of the tree.
    pub elements: Vec<(String, usize)>,
}

/// The kinds of frames.
pub(super) enum Opener {
    /// The container itself.
    Bottom,
    /// `::: {...}`
    Fence(Attr),
    /// `<div ...>`
    Native(Attr),
}

impl<'a> Frame<'a> {
    pub fn bottom(span: Span) -> Self {
        Frame { opener: Opener::Bottom, span, content: Vec::new(), elements: Vec::new() }
    }
}

/// A line that starts with colons.
enum FenceLine {
    /// With a mistake in the attributes, and its place.
    Open(Attr, Option<(Mistake, Span)>),
    Close,
}

/// What the author of a line that opens no div probably meant; `rest` is the line without its colons.
fn meant_fence(rest: &str) -> String {
    if let Some((_, used)) = attr::parse(rest, |at| at as u32) {
        return match rest[used..].trim_ascii() {
            "" => format!("a div begins with three colons: `::: {rest}`"),
            _ => format!("only attributes may follow the colons: `::: {}`", &rest[..used]),
        };
    }
    match rest.split_once(char::is_whitespace) {
        Some((word, title)) if word.chars().all(|c| c.is_alphanumeric() || c == '-') && !title.contains('"') => {
            format!("did you mean `::: {{.{word} title=\"{}\"}}`?", title.trim().trim_end_matches(':').trim_end())
        }
        _ => "write `::: {.class}`".to_owned(),
    }
}

/// Reads a line as a div's fence. The attributes are `{...}` or one bare word; colons may follow them.
fn fence_line(text: &str, at: u32) -> Option<FenceLine> {
    let after = text.trim_start_matches(':');
    if text.len() - after.len() < 3 {
        return None;
    }
    let rest = after.trim_ascii();
    if rest.is_empty() {
        return Some(FenceLine::Close);
    }
    let rest_at = at + (text.len() - after.trim_ascii_start().len()) as u32;
    if rest.starts_with('{')
        && let Some((attr, used)) = attr::parse_spaced(rest, |i| rest_at + i as u32)
    {
        let tail = rest[used..].trim_ascii_start().trim_end_matches(':');
        return tail.is_empty().then_some(FenceLine::Open(attr, None));
    }
    if rest.starts_with('{')
        && let Some(found) = mistake(rest)
        && rest[found.length..].trim_ascii().bytes().all(|b| b == b':')
        && let Some(meant) = &found.meant
        && let Some((attr, _)) = attr::parse(meant, |i| rest_at + i.min(rest.len()) as u32)
    {
        let span = Span::new(rest_at as usize, rest_at as usize + found.length);
        return Some(FenceLine::Open(attr, Some((found, span))));
    }
    // Braces around a bare word are not attributes by Pandoc's grammar, but mean the class.
    let (word, tail) = match rest.strip_prefix('{').and_then(|s| s.split_once('}')) {
        Some((inner, tail)) => (inner.trim(), tail),
        None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
    };
    let tail_is_colons = tail.trim_ascii().bytes().all(|b| b == b':');
    if word.is_empty() || word.contains(char::is_whitespace) || !tail_is_colons {
        return None;
    }
    let found = word.strip_prefix('.').filter(|class| !class.is_empty() && !class.contains('.')).map(|_| {
        let hint = format!("did you mean `{{{word}}}`?");
        let message = "a class with its full stop needs braces";
        let found = Mistake { length: word.len(), message, hint, meant: None };
        (found, Span::new(rest_at as usize, rest_at as usize + word.len()))
    });
    let class = if found.is_some() { &word[1..] } else { word };
    Some(FenceLine::Open(Attr { classes: vec![class.to_string()], ..Attr::default() }, found))
}

impl<'a> Parser<'_, 'a> {
    /// The opening or closing fence of a div.
    pub(super) fn fenced_div(&mut self) -> bool {
        let Some(line) = self.peek(0) else { return false };
        if line.spaces > 0 {
            return false;
        }
        match fence_line(line.text(self.source), line.start) {
            Some(FenceLine::Open(attr, found)) => {
                self.at += 1;
                if let Some((found, span)) = found {
                    self.cx.report(Code::MalformedAttributes, span, found.message).hints.push(found.hint);
                }
                self.open(Opener::Fence(attr), line.span());
                true
            }
            Some(FenceLine::Close) if self.in_fenced_div() => {
                self.at += 1;
                self.close_fenced_div(line.end);
                true
            }
            Some(FenceLine::Close) | None => false,
        }
    }

    /// True if a line closes an open fenced div; it ends paragraphs and lists.
    pub(super) fn closes_div(&self, index: usize) -> bool {
        let Some(line) = self.lines.get(index) else { return false };
        let text = line.text(self.source);
        text.starts_with(":::") && text.trim_ascii_end().bytes().all(|b| b == b':') && self.in_fenced_div()
    }

    /// True if a fence with attributes in braces opens a div at a line. It ends a paragraph. Pandoc requires a blank line before
    /// it, but no author means a fence as text.
    pub(super) fn opens_div(&self, index: usize) -> bool {
        let Some(line) = self.lines.get(index) else { return false };
        let text = line.text(self.source);
        line.spaces == 0
            && text.starts_with(":::")
            && text.trim_start_matches(':').trim_ascii_start().starts_with('{')
            && matches!(fence_line(text, line.start), Some(FenceLine::Open(..)))
    }

    /// Reports lines of a paragraph that look like the fence of a div. One mistake costs one diagnostic: where a line was meant to
    /// open a div, a later one that closes none is not reported.
    pub(super) fn report_colons(&mut self, lines: &[Line]) {
        for line in lines {
            let text = line.text(self.source);
            if !text.starts_with("::") {
                continue;
            }
            let rest = text.trim_start_matches(':');
            let colons = text.len() - rest.len();
            let rest = rest.trim_ascii();
            let (message, hint) = match rest {
                "" if colons < 3 => continue,
                "" if self.cx.unopened_divs > 0 => {
                    self.cx.unopened_divs -= 1;
                    continue;
                }
                "" => ("this line closes no div", "remove it, or open a div above it with `::: {.class}`".to_owned()),
                _ if colons < 3 && !rest.starts_with('{') => continue,
                _ => {
                    self.cx.unopened_divs += 1;
                    ("this line opens no div", meant_fence(rest))
                }
            };
            let span = Span { start: line.start, end: line.start + text.trim_ascii_end().len() as u32 };
            self.cx.report(Code::MalformedDiv, span, message).hints.push(hint);
        }
    }

    fn in_fenced_div(&self) -> bool {
        self.frames.iter().any(|f| matches!(f.opener, Opener::Fence(_)))
    }

    /// Opens a frame; one that is too deep has no element of its own.
    pub(super) fn open(&mut self, opener: Opener, span: Span) {
        if self.cx.depth >= MAX_DEPTH {
            self.cx.may_nest(span);
            let text = crate::text::Text::from_value(self.source, &self.source[span.range()], span);
            self.push(span, DraftKind::Plain(text));
            return;
        }
        self.cx.depth += 1;
        self.frames.push(Frame { opener, span, content: Vec::new(), elements: Vec::new() });
    }

    /// Closes the innermost fenced div, with everything that is still open inside it.
    fn close_fenced_div(&mut self, end: u32) {
        while let Some(frame) = self.frames.pop() {
            self.cx.depth -= 1;
            if let Opener::Fence(attr) = frame.opener {
                let span = Span { start: frame.span.start, end };
                self.push(span, DraftKind::Div(attr, frame.content));
                return;
            }
            self.dissolve(frame);
        }
    }

    /// Closes the innermost div if it is a native one. True if it was.
    pub(super) fn close_native_div(&mut self, end: u32) -> bool {
        let is_native = |frame: &mut Frame<'_>| matches!(frame.opener, Opener::Native(_));
        let Some(Frame { opener: Opener::Native(attr), span, content, .. }) = self.frames.pop_if(is_native) else {
            return false;
        };
        self.cx.depth -= 1;
        self.push(Span { start: span.start, end }, DraftKind::Div(attr, content));
        true
    }

    /// Moves the blocks of an unclosed frame to its parent.
    fn dissolve(&mut self, frame: Frame<'a>) {
        if let Opener::Native(_) = frame.opener {
            let raw = self.source[frame.span.range()].to_string();
            self.push(frame.span, DraftKind::RawBlock("html".into(), raw));
        }
        if let Some(outer) = self.frames.last_mut() {
            outer.content.extend(frame.content);
        }
    }

    /// Closes all frames at the end of the lines, and returns the container's blocks.
    pub(super) fn close_all(&mut self) -> Vec<Draft<'a>> {
        while let Some(frame) = self.frames.pop() {
            match frame.opener {
                Opener::Bottom => return frame.content,
                Opener::Fence(attr) => {
                    self.cx.depth -= 1;
                    self.cx
                        .report(Code::UnclosedDiv, frame.span, "this div is not closed")
                        .hints
                        .push("close it with a line of three or more colons".into());
                    let end = self.lines.last().map_or(frame.span.end, |l| l.end);
                    let span = Span { start: frame.span.start, end: end.max(frame.span.end) };
                    self.push(span, DraftKind::Div(attr, frame.content));
                }
                Opener::Native(_) => {
                    self.cx.depth -= 1;
                    self.dissolve(frame);
                }
            }
        }
        Vec::new()
    }
}
