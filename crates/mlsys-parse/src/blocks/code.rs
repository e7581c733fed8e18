//! Code blocks, fenced and indented, and executable cells. Source: Pandoc manual, "Verbatim (code) blocks"; Quarto, "Execution
//! Options".

use super::Parser;
use super::div::Opener;
use super::scan::{indent, marked, push_expanded, strip, strip_up_to};
use crate::attr;
use crate::attr_mistake::mistake;
use crate::braces::shown_braces;
use crate::draft::{CellDraft, DraftKind};
use crate::option_marks::option_marks;
use crate::text::{Line, Text};
use mlsys_book::{Attr, CellOption, Code, CodeBlock, Id, Pair, Span, Value, key, name};

/// An opening fence.
struct Fence<'s> {
    mark: u8,
    size: usize,
    /// The text after the marks, trimmed.
    info: &'s str,
    /// Its offset in the source.
    info_at: u32,
}

fn fence(line: Line, source: &str) -> Option<Fence<'_>> {
    let (line, text) = marked(line, source)?;
    let mark = *text.as_bytes().first().filter(|b| matches!(b, b'`' | b'~'))?;
    let size = text.bytes().take_while(|b| *b == mark).count();
    if size < 3 {
        return None;
    }
    let info = text[size..].trim_ascii();
    let info_at = line.end as usize - text[size..].trim_ascii_start().len();
    Some(Fence { mark, size, info, info_at: info_at as u32 })
}

/// The info string of a fence.
enum Info {
    Code(Attr),
    /// `{=format}`
    Raw(String),
    /// `{language ...}`
    Cell(String, Attr),
}

impl<'a> Parser<'_, 'a> {
    /// A closed fenced code block. An unclosed fence is text, as in Pandoc.
    pub(super) fn fenced_code(&mut self) -> bool {
        let Some(opener) = self.peek(0) else { return false };
        let Some((info, end)) = self.fence_at(self.at, true) else {
            return false;
        };
        let columns = indent(opener, self.source);
        let body: Vec<Line> =
            self.lines[self.at + 1..end].iter().map(|l| strip_up_to(*l, columns, self.source)).collect();
        self.at = end + 1;
        let span = self.span_from(opener.start);
        let at = body.first().map_or(span.end, |l| l.start);
        let text_span = Span { start: at, end: body.last().map_or(at, |l| l.end.max(at)) };
        let kind = match info {
            Info::Raw(format) if format == "html" => {
                if self.html_tables(&body) {
                    return true;
                }
                DraftKind::RawBlock(format, join(&body, self.source))
            }
            Info::Raw(format) => DraftKind::RawBlock(format, join(&body, self.source)),
            Info::Code(attr) => {
                let text = shown_braces(&join(&body, self.source), true);
                DraftKind::CodeBlock(CodeBlock { attr, text, text_span })
            }
            Info::Cell(language, attr) => DraftKind::Cell(cell(language, attr, &body, text_span, self.source)),
        };
        self.push(span, kind);
        true
    }

    /// Reads a block of HTML that is a table. In an output of a cell other HTML may surround tables.
    ///
    /// False if there is none, or if the output forbids it with `html-table-processing=none`.
    fn html_tables(&mut self, body: &[Line]) -> bool {
        let of_page = self.cx.scope.meta.read(key!("html-table-processing"));
        let (mut is_off, mut is_output) = (of_page == Some("none"), false);
        for frame in &self.frames {
            if let Opener::Fence(attr) | Opener::Native(attr) = &frame.opener {
                is_off |= attr.get("html-table-processing") == Some("none");
                is_output |= attr.has_class("cell-output") || attr.has_class("cell-output-display");
            }
        }
        let drafts = if is_off { None } else { super::tables::split_html(body, self.cx) };
        let Some(drafts) = drafts.filter(|drafts| is_output || drafts.len() == 1) else { return false };
        let Some(frame) = self.frames.last_mut() else { return false };
        frame.content.extend(drafts);
        true
    }

    /// True if a closed backtick fence begins at a line: it ends a paragraph. Tilde fences do not.
    pub(super) fn code_interrupts(&mut self, index: usize) -> bool {
        self.lines.get(index).is_some_and(|l| l.text(self.source).trim_ascii_start().starts_with("```"))
            && self.fence_at(index, false).is_some()
    }

    /// True if a closed fenced code block begins at a line.
    pub(super) fn code_begins(&mut self, index: usize) -> bool {
        self.fence_at(index, false).is_some()
    }

    /// The fence at a line, and the line that closes it.
    fn fence_at(&mut self, index: usize, report: bool) -> Option<(Info, usize)> {
        let opener = *self.lines.get(index)?;
        let fence = fence(opener, self.source)?;
        let info = self.info(&fence, report)?;
        let (mark, size) = (fence.mark, fence.size);
        let known = if mark == b'`' { self.missing.backticks } else { self.missing.tildes };
        let end = if known.is_some_and(|n| size >= n) { None } else { self.closing_fence(index + 1, mark, size) };
        if end.is_none() {
            let missing = if mark == b'`' { &mut self.missing.backticks } else { &mut self.missing.tildes };
            *missing = Some(missing.map_or(size, |n| n.min(size)));
            if report {
                self.cx
                    .report(Code::UnclosedFence, opener.span(), "this code fence is not closed")
                    .hints
                    .push(format!("close it with a line of {size} or more of the same mark"));
            }
        }
        end.map(|end| (info, end))
    }

    /// The info string of a fence. Attributes that cannot be read are reported; a label without its number sign is none the less one.
    fn info(&mut self, fence: &Fence<'_>, report: bool) -> Option<Info> {
        let info = read_info(fence);
        if matches!(info, Some(Info::Code(_) | Info::Raw(_))) {
            return info;
        }
        let at = fence.info.find('{')?;
        let Some(found) = mistake(&fence.info[at..]).filter(|found| at + found.length == fence.info.len()) else {
            return info;
        };
        if report {
            let start = fence.info_at as usize + at;
            let span = Span::new(start, start + found.length);
            self.cx.report(Code::MalformedAttributes, span, found.message).hints.push(found.hint);
        }
        let meant = found.meant.as_deref().filter(|_| info.is_some())?;
        attr::parse(meant, |at| fence.info_at + at.min(fence.info.len()) as u32).map(|(attr, _)| Info::Code(attr))
    }

    fn closing_fence(&self, from: usize, mark: u8, size: usize) -> Option<usize> {
        let closes = |line: &Line| {
            let text = line.text(self.source).as_bytes();
            // The first byte rules out most lines.
            text.iter().find(|b| **b != b' ').is_some_and(|b| *b == mark)
                && marked(*line, self.source)
                    .is_some_and(|(_, text)| text.len() >= size && text.bytes().all(|b| b == mark))
        };
        self.lines.get(from..)?.iter().position(closes).map(|i| from + i)
    }

    /// Code that is indented by four columns.
    pub(super) fn indented_code(&mut self) -> bool {
        let mut body = Vec::new();
        let mut used = 0;
        for line in &self.lines[self.at..] {
            if line.is_blank(self.source) {
                body.push(strip_up_to(*line, 4, self.source));
            } else if let Some(stripped) = strip(*line, 4, self.source) {
                body.push(stripped);
                used = body.len();
            } else {
                break;
            }
        }
        body.truncate(used);
        let (Some(first), Some(last)) = (body.first(), body.last()) else {
            return false;
        };
        let text_span = Span { start: first.start, end: last.end };
        let start = self.lines[self.at].start;
        self.at += used;
        let text = join(&body, self.source);
        let span = self.span_from(start);
        let classes = self.cx.scope.meta.list(name!("indented-code-classes")).iter().filter_map(Value::to_text);
        let attr = Attr { classes: classes.collect(), ..Attr::default() };
        self.push(span, DraftKind::CodeBlock(CodeBlock { attr, text, text_span }));
        true
    }
}

fn join(lines: &[Line], source: &str) -> String {
    let mut text = String::with_capacity(lines.iter().map(|l| (l.end - l.start) as usize + 1).sum());
    for (i, line) in lines.iter().enumerate() {
        if i > 0 {
            text.push('\n');
        }
        push_expanded(*line, source, &mut text);
    }
    text
}

fn read_info(fence: &Fence<'_>) -> Option<Info> {
    let info = fence.info;
    let span = |a: usize, b: usize| Span::new(fence.info_at as usize + a, fence.info_at as usize + b);
    if info.is_empty() {
        return Some(Info::Code(Attr::default()));
    }
    if let Some(inner) = info.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
        let trimmed = inner.trim();
        if let Some(format) = trimmed.strip_prefix('=') {
            return (!format.is_empty() && !format.contains(char::is_whitespace)).then(|| Info::Raw(format.into()));
        }
        // `{{python}}` shows a cell as code, with one pair of braces.
        if let Some(shown) = inner.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            let attr = Attr { classes: vec![format!("{{{shown}}}")], ..Attr::default() };
            return Some(Info::Code(attr));
        }
        if let Some(cell) = read_cell(trimmed, inner.len() - inner.trim_start().len() + 1, &span) {
            return Some(cell);
        }
    }
    let language = info.find(|c: char| c.is_whitespace() || matches!(c, '`' | '{' | '}')).unwrap_or(info.len());
    let rest = info[language..].trim_ascii_start();
    let mut attr = if rest.is_empty() {
        Attr::default()
    } else {
        let at = info.len() - rest.len();
        match attr::parse(rest, |i| fence.info_at + (at + i) as u32) {
            Some((attr, used)) if rest[used..].trim_ascii().is_empty() => attr,
            // `{,bash}`: code of no language.
            Some(_) | None if language == 0 && is_language_in_braces(info) => Attr::default(),
            Some(_) | None => return None,
        }
    };
    if language > 0 {
        attr.classes.insert(0, language_name(&info[..language]));
    }
    Some(Info::Code(attr))
}

/// True for braces that begin neither a class, an id nor a raw format.
fn is_language_in_braces(info: &str) -> bool {
    let inner = info.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    inner.is_some_and(|inner| !inner.is_empty() && !inner.starts_with(['.', '#', '=']) && !inner.contains(['{', '}']))
}

/// Pandoc's names for languages with other common names.
fn language_name(written: &str) -> String {
    match written.to_lowercase().as_str() {
        "c++" => "cpp".into(),
        "objective-c" => "objectivec".into(),
        _ => written.to_string(),
    }
}

/// `python`, `r, echo=FALSE`, `python #id .class key=value`: a cell's braces begin with a bare word.
fn read_cell(inner: &str, at: usize, span: &impl Fn(usize, usize) -> Span) -> Option<Info> {
    let end = inner.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(inner.len());
    let language = &inner[..end];
    let plain = language.starts_with(|c: char| c.is_ascii_alphabetic())
        && language.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'));
    if !plain {
        return None;
    }
    let mut attr = Attr::default();
    let mut rest = &inner[end..];
    let mut position = at + end;
    loop {
        let skipped = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',').len();
        rest = &rest[skipped..];
        position += skipped;
        if rest.is_empty() {
            break;
        }
        let mut quote = None;
        let end = rest
            .char_indices()
            .find(|(_, c)| match quote {
                Some(q) => {
                    if *c == q {
                        quote = None;
                    }
                    false
                }
                None if matches!(c, '"' | '\'') => {
                    quote = Some(*c);
                    false
                }
                None => c.is_whitespace() || *c == ',',
            })
            .map_or(rest.len(), |(i, _)| i);
        let word = &rest[..end];
        if let Some(class) = word.strip_prefix('.') {
            attr.classes.push(class.into());
        } else if let Some(id) = word.strip_prefix('#') {
            attr.id = Some(Id { name: id.into(), span: span(position, position + end), automatic: false });
        } else if let Some((key, value)) = word.split_once('=') {
            let value_at = position + key.len() + 1;
            attr.pairs.push(Pair {
                key: key.trim().into(),
                value: value.trim().trim_matches(['"', '\'']).into(),
                value_span: span(value_at, position + end),
            });
        } else if attr.id.is_none() && attr.pairs.is_empty() {
            // knitr reads the first bare word as the cell's label.
            attr.id = Some(Id { name: word.into(), span: span(position, position + end), automatic: false });
        }
        position += end;
        rest = &rest[end..];
    }
    Some(Info::Cell(language.to_string(), attr))
}

fn cell<'a>(language: String, mut attr: Attr, body: &[Line], text_span: Span, source: &'a str) -> CellDraft<'a> {
    let (mark, close) = option_marks(&language);
    let mut options: Vec<CellOption> = Vec::new();
    let mut caption = None;
    let mut used = 0;
    for line in body {
        let text = line.text(source);
        // TeX and Mermaid take one per cent sign as well as two.
        let Some(rest) = text.strip_prefix(mark).or_else(|| text.strip_prefix(mark.strip_suffix('%')?)) else { break };
        let Some(rest) = rest.trim_start_matches(' ').strip_prefix('|') else { break };
        let rest = rest.trim_end();
        let content = rest.strip_suffix(close).unwrap_or(rest).trim_end();
        used += 1;
        let continued = content.starts_with("   ") || content.trim_start().starts_with("- ");
        match content.split_once(':') {
            Some((key, value)) if !continued && is_key(key.trim()) => options.push(CellOption {
                key: key.trim().to_string(),
                value: unquote(value.trim()),
                span: line.span(),
            }),
            _ => {
                if let Some(option) = options.last_mut() {
                    continue_value(option, content.trim(), line.span());
                }
            }
        }
    }
    for option in &options {
        match option.key.as_str() {
            "fig-cap" | "tbl-cap" | "lst-cap" if caption.is_none() && !option.value.is_empty() => {
                caption = Some(Text::from_owned(source, option.value.clone(), option.span));
            }
            "label" if attr.id.is_none() => {
                attr.id = Some(Id { name: option.value.clone(), span: option.span, automatic: false });
            }
            _ => {}
        }
    }
    if attr.id.is_none() {
        attr.id = attr.pair("label").map(|p| Id { name: p.value.clone(), span: p.value_span, automatic: false });
    }
    let rest = &body[used..];
    let text_span = rest.first().map_or(text_span, |l| Span { start: l.start, end: text_span.end.max(l.start) });
    CellDraft { language, attr, options, text: join(rest, source), text_span, caption }
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// A continuation line of a folded (`|`, `>`) or listed value.
fn continue_value(option: &mut CellOption, content: &str, span: Span) {
    match option.value.as_str() {
        "" | ">" | "|" | ">-" | "|-" => option.value = content.to_string(),
        _ => {
            let separator = if content.starts_with("- ") { '\n' } else { ' ' };
            option.value.push(separator);
            option.value.push_str(content);
        }
    }
    option.span = option.span.to(span);
}

/// A YAML scalar's text without its quotes.
fn unquote(value: &str) -> String {
    if let Some(inner) = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')) {
        let mut out = String::with_capacity(inner.len());
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some('n') => out.push('\n'),
                    Some('t') => out.push('\t'),
                    Some(other) => out.push(other),
                    None => out.push('\\'),
                },
                _ => out.push(c),
            }
        }
        return out;
    }
    match value.strip_prefix('\'').and_then(|v| v.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None => value.to_string(),
    }
}
