//! Brackets that are links, images, spans or notes.

use super::html::span_kind;
use super::{Found, Reader};
use crate::attr_mistake::mistake;
use crate::conditional::is_conditional;
use crate::context::LinkDefinition;
use crate::entities::decode;
use crate::text::at_most;
use crate::{attr, attr_names, shortcode};
use mlsys_book::{
    Attr, Block, BlockKind, Code, Image, InlineKind, Link, Note, NoteId, SUGGESTIONS, Span, key, suggest,
};

/// A URL with its title.
struct Destination {
    url: String,
    url_span: Span,
    title: String,
    attr: Attr,
    end: usize,
}

impl Reader<'_, '_> {
    /// The construct at `[`, in Pandoc's order: a note, citations, a span, a link.
    pub(super) fn bracket(&mut self, at: usize, end: usize) -> Found {
        if self.byte(at + 1) == b'^'
            && self.cx.options.footnotes
            && let Some(found) = self.note_reference(at, end)
        {
            return Some(found);
        }
        let close = self.brackets.square(at, end)?;
        if let Some(found) = self.bracketed_cite(at, close, end) {
            return Some(found);
        }
        let after = close + 1;
        if self.byte(after) == b'{'
            && after < end
            && self.cx.options.bracketed_spans
            && let Some((attr, length)) = attr::parse(&self.s[after..end], |i| self.text.offset(after + i))
        {
            let attr = self.expanded(attr);
            if is_conditional(&attr) {
                attr_names::check_conditions(&attr, self.text.span(at..after + length), self.cx);
            }
            let content = self.inlines(at + 1..close);
            return Some((after + length, span_kind(attr, content)));
        }
        self.report_attributes(after, end);
        if self.in_link {
            return None;
        }
        let Destination { url, url_span, title, attr, end } = self.destination(at, close, end)?;
        self.in_link = true;
        let content = self.inlines(at + 1..close);
        self.in_link = false;
        Some((end, InlineKind::Link(Box::new(Link { attr, content, url, url_span, title }))))
    }

    /// The URL of an image. A file without an extension gets the one of `default-image-extension`, which is `png`.
    fn with_extension(&self, url: String) -> String {
        let name = url.rsplit('/').next().unwrap_or("");
        let is_file = !name.is_empty()
            && !name.contains(['.', '?', '#', '<', '{'])
            && !url.contains(':')
            && !url.starts_with("//");
        if !is_file {
            return url;
        }
        let extension = self.cx.scope.meta.read(key!("default-image-extension"));
        let extension = extension.unwrap_or_else(|| "png".to_owned());
        if extension.is_empty() { url } else { format!("{url}.{}", extension.trim_start_matches('.')) }
    }

    /// An image at `!`. Source: Pandoc manual, "Images".
    pub(super) fn image(&mut self, at: usize, end: usize) -> Found {
        let close = self.brackets.square(at + 1, end)?;
        let Destination { url, url_span, title, attr, end } = self.destination(at + 1, close, end)?;
        let url = self.with_extension(url);
        let in_link = std::mem::replace(&mut self.in_link, false);
        let content = self.inlines(at + 2..close);
        self.in_link = in_link;
        Some((end, InlineKind::Image(Box::new(Image { attr, content, url, url_span, title }))))
    }

    /// The destination after a label: a URL in parentheses, a reference, or nothing if the label is a reference.
    ///
    /// Source: Pandoc manual, "Links" and "Extension: implicit_header_references".
    fn destination(&mut self, open: usize, close: usize, end: usize) -> Option<Destination> {
        let after = close + 1;
        if self.byte(after) == b'('
            && after < end
            && let Some(found) = self.inline_destination(after, end)
        {
            return Some(found);
        }
        if self.cx.definitions.links.is_empty() && self.cx.definitions.headings.is_empty() {
            return None;
        }
        let mut label = open + 1..close;
        let mut end_of_link = after;
        if self.byte(after) == b'['
            && after < end
            && let Some(second) = self.brackets.square(after, end)
        {
            end_of_link = second + 1;
            if !self.s[after + 1..second].trim().is_empty() {
                label = after + 1..second;
            }
        }
        // Longer labels are refused by CommonMark too, and comparing them would cost time.
        if label.is_empty() || label.len() > 999 {
            return None;
        }
        let key = crate::context::fold_label(&self.s[label.clone()]);
        let label_span = self.text.span(label);
        if let Some(LinkDefinition { url, url_span, title, attr }) = self.cx.definitions.links.get(&key) {
            let (url, title, attr) = (url.clone(), title.clone(), attr.clone());
            return Some(Destination { url, url_span: *url_span, title, attr, end: end_of_link });
        }
        let id = self.cx.definitions.headings.get(&key).filter(|_| self.cx.options.implicit_header_references)?;
        let url = format!("#{id}");
        Some(Destination { url, url_span: label_span, title: String::new(), attr: Attr::default(), end: end_of_link })
    }

    /// `(URL "title"){attributes}`. Spaces and balanced parentheses are allowed inside the URL.
    fn inline_destination(&mut self, open: usize, end: usize) -> Option<Destination> {
        let s = &self.s[..end];
        let bytes = s.as_bytes();
        let space = |i: usize| bytes.get(i..).unwrap_or(&[]).iter().take_while(|b| b.is_ascii_whitespace()).count();
        let mut i = open + 1;
        i += space(i);
        let mut url = String::new();
        let (start, stop);
        if bytes.get(i) == Some(&b'<') && s[i + 1..].find(['>', '<', '\n']).is_some_and(|e| bytes[i + 1 + e] == b'>') {
            start = i + 1;
            let length = s[start..].find('>')?;
            stop = start + length;
            url.push_str(&s[start..stop]);
            i = stop + 1;
        } else {
            start = i;
            let mut depth = 0usize;
            loop {
                if bytes.get(i..)?.starts_with(b"{{<")
                    && let Some((_, length)) = shortcode::parse(&s[i..])
                {
                    i += length;
                    continue;
                }
                match *bytes.get(i)? {
                    b'\\' if bytes.get(i + 1).is_some_and(u8::is_ascii_punctuation) => i += 1,
                    b'(' => depth += 1,
                    b')' if depth == 0 => break,
                    b')' => depth -= 1,
                    b if b.is_ascii_whitespace() => {
                        let spaces = space(i);
                        if s[i..i + spaces].matches('\n').count() > 1 {
                            return None;
                        }
                        // A quotation mark after a space begins a title, if it is one.
                        if matches!(bytes.get(i + spaces), Some(b'"' | b'\'' | b')')) {
                            break;
                        }
                        i += spaces - 1;
                    }
                    // A URL does not extend over the next link; this also keeps rows of `](` linear.
                    b']' if bytes.get(i + 1) == Some(&b'(') => return None,
                    _ => {}
                }
                i += 1;
            }
            stop = i;
            url.push_str(&s[start..stop]);
        }
        i += space(i);
        let mut title = String::new();
        if let Some(&quote @ (b'"' | b'\'')) = bytes.get(i) {
            let (text, next) = self::title(s, i, quote)?;
            title = text;
            i = next + space(next);
        }
        if bytes.get(i) != Some(&b')') {
            return None;
        }
        i += 1;
        let mut attr = Attr::default();
        if bytes.get(i) == Some(&b'{')
            && let Some((found, length)) = attr::parse(&s[i..], |at| self.text.offset(i + at))
        {
            attr = found;
            i += length;
        } else {
            self.report_attributes(i, end);
        }
        let url_span = self.text.span(start..stop);
        let attr = self.expanded(attr);
        let mut url = unescape(&url);
        url = self.expand_verbatim(&url, start..stop);
        url = shortcode::placeholder_url(&url).unwrap_or(url);
        Some(Destination { url, url_span, title: decode(&title), attr, end: i })
    }

    /// True if the parenthesis contains a URL.
    pub(super) fn has_inline_destination(&mut self, open: usize, end: usize) -> bool {
        let reported = self.cx.diagnostics.list.len();
        let found = self.inline_destination(open, end).is_some();
        self.cx.diagnostics.list.truncate(reported);
        found
    }

    /// Reports text in braces after an element that was meant as its attributes.
    pub(super) fn report_attributes(&mut self, at: usize, end: usize) {
        if self.byte(at) != b'{' || at >= end || self.expanding {
            return;
        }
        if let Some(found) = mistake(&self.s[at..end]) {
            let span = self.text.span(at..at + found.length);
            self.cx.report(Code::MalformedAttributes, span, found.message).hints.push(found.hint);
        }
    }

    /// Attributes with the shortcodes in their values expanded.
    pub(super) fn expanded(&mut self, mut attr: Attr) -> Attr {
        if !self.expanding {
            shortcode::expand_attributes(&mut attr, self.cx);
        }
        attr
    }

    /// `[^label]`.
    fn note_reference(&mut self, at: usize, end: usize) -> Found {
        let label = self.s.get(at + 2..end)?;
        let length = label.bytes().take(1000).position(|b| matches!(b, b']' | b'[' | b' ' | b'\n' | b'\t'))?;
        if length == 0 || label.as_bytes()[length] != b']' {
            return None;
        }
        let label = &label[..length];
        let after = at + length + 3;
        let Some(&id) = self.cx.definitions.notes.get(label) else {
            let span = self.text.span(at..after);
            let message = format!("the note `{label}` is not defined on this page");
            let meant = self.meant_note(label);
            self.cx.report(Code::UndefinedFootnote, span, message).hints.extend(meant);
            return Some((after, InlineKind::Str(self.s[at..after].to_owned())));
        };
        if let Some(uses) = self.cx.note_uses.get_mut(id.index()) {
            *uses += 1;
        }
        Some((after, InlineKind::Note(id)))
    }

    /// A hint that names the note that was probably meant. It counts as used, so that one mistake is reported once.
    fn meant_note(&mut self, label: &str) -> Option<String> {
        if self.cx.suggested_notes >= SUGGESTIONS || label.chars().count() < 3 {
            return None;
        }
        self.cx.suggested_notes += 1;
        let notes = &self.cx.definitions.notes;
        let meant = suggest(label, notes.keys().map(String::as_str))?.to_owned();
        let id = notes.get(&meant).copied()?;
        if let Some(uses) = self.cx.note_uses.get_mut(id.index()) {
            *uses += 1;
        }
        Some(format!("did you mean `[^{meant}]`?"))
    }

    /// `^[text]`. Source: Pandoc manual, "Extension: inline_notes".
    pub(super) fn inline_note(&mut self, at: usize, end: usize) -> Found {
        if !self.cx.options.inline_notes {
            return None;
        }
        let close = self.brackets.square(at + 1, end)?;
        let in_link = std::mem::replace(&mut self.in_link, false);
        let content = self.inlines(at + 2..close);
        self.in_link = in_link;
        let span = self.text.span(at..close + 1);
        let id = NoteId(self.cx.notes.len() as u32);
        let inner = self.text.span(at + 2..close);
        let content = vec![Block { span: inner, kind: BlockKind::Para(content) }];
        self.cx.notes.push(Note { label: None, span, content });
        self.cx.note_uses.push(1);
        Some((close + 1, InlineKind::Note(id)))
    }
}

/// The maximal length of a link's title, which bounds the search for its end.
const LONGEST_TITLE: usize = 4096;

/// A title in quotation marks: it ends at a mark that closes the parentheses.
fn title(s: &str, at: usize, quote: u8) -> Option<(String, usize)> {
    let s = at_most(s, at + LONGEST_TITLE);
    let bytes = s.as_bytes();
    let mut out = String::new();
    let mut i = at + 1;
    loop {
        let c = s.get(i..)?.chars().next()?;
        let next = i + c.len_utf8();
        if c == '\\' && bytes.get(next).is_some_and(u8::is_ascii_punctuation) {
            out.push(char::from(bytes[next]));
            i = next + 1;
            continue;
        }
        if c == char::from(quote) {
            let spaces = bytes[next..].iter().take_while(|b| b.is_ascii_whitespace()).count();
            if bytes.get(next + spaces) == Some(&b')') {
                return Some((out.split_whitespace().collect::<Vec<_>>().join(" "), next));
            }
        }
        out.push(c);
        i = next;
    }
}

/// A URL without escapes and entities, with white space collapsed, as in Pandoc.
fn unescape(text: &str) -> String {
    let decoded = decode(text);
    if !decoded.contains(['\\', '\n', '\t', ' ']) {
        return decoded;
    }
    let mut out = String::with_capacity(decoded.len());
    let mut chars = decoded.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(char::is_ascii_punctuation) => out.extend(chars.next()),
            '\n' | '\t' | ' ' if out.ends_with(' ') => {}
            '\n' | '\t' | ' ' => out.push(' '),
            _ => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}
