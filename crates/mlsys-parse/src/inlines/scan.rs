//! The scanner: from one level of a leaf to atoms, quotation marks and a neutral copy.

use super::smart::Quote;
use super::{Atom, Found, Reader};
use crate::{emoji, entities, shortcode};
use mlsys_book::{Attr, Code, Image, Inline, InlineKind, Logo, Pair, Span, did_you_mean};
use std::ops::Range;

/// The scanner's result for one level of brackets.
pub(super) struct Level {
    pub range: Range<usize>,
    /// The copy that pulldown-cmark reads, after [`PREFIX`]: spaces, the markers of emphasis, and letters for all else.
    pub copy: String,
    /// True if the copy contains markers of emphasis.
    pub marked: bool,
    /// In order, not overlapping.
    pub atoms: Vec<Atom>,
    /// The quotation marks, each with the index of its atom. `build` converts them, because emphasis limits quotations.
    pub quotes: Vec<(usize, Quote)>,
}

/// Stands before the copy: white space to the rules of emphasis, text to the rules of blocks, so that a leaf is always one
/// paragraph whatever it begins with.
pub(super) const PREFIX: &str = "\u{a0}";

/// In the copy: a letter or digit of a word.
const WORD: u8 = b'x';
/// In the copy: anything else that is not white space. To `*` it is a letter, because Pandoc's `*` does not mind punctuation
/// beside it; beside `_` it becomes [`PUNCTUATION`], because Pandoc's `_` minds letters and digits only.
const OTHER: u8 = b'y';
const PUNCTUATION: u8 = b'.';

impl Reader<'_, '_> {
    /// Scans a level.
    pub(super) fn scan(&mut self, range: Range<usize>) -> Level {
        let s = self.s;
        let bytes = s.as_bytes();
        let end = range.end;
        let mut copy = Vec::with_capacity(range.len() + PREFIX.len());
        copy.extend(PREFIX.as_bytes());
        let mut atoms: Vec<Atom> = Vec::new();
        let mut quotes: Vec<(usize, Quote)> = Vec::new();
        let (mut marked, mut underscores) = (false, false);
        let mut i = range.start;
        while i < end {
            let b = bytes[i];
            let found = match b {
                b' ' | b'\t' | b'\n' | b'\r' => {
                    let length = bytes[i..end].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count();
                    copy.resize(copy.len() + length, b' ');
                    if let Some(kind) = self.line_end(i..i + length) {
                        atoms.push(Atom { start: i, end: i + length, kind });
                    }
                    i += length;
                    continue;
                }
                // Most of a text is words, and no element begins with a letter or digit.
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9'
                    if self.cx.options.autolink_bare_uris && self.begins_bare_uri(i, &range) =>
                {
                    self.bare_uri(i, end)
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                    let length = bytes[i..end].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
                    copy.resize(copy.len() + length, WORD);
                    i += length;
                    continue;
                }
                b'*' | b'_' => {
                    let length = bytes[i..end].iter().take_while(|c| **c == b).count();
                    if length <= 3 && closes_after_space(b, s[i + length..end].chars().next()) {
                        // To CommonMark a mark after a space closes nothing, to Pandoc it does.
                        if let Some(space) = copy[PREFIX.len()..].last_mut().filter(|last| **last == b' ') {
                            *space = OTHER;
                        }
                    }
                    // Pandoc reads no emphasis from more than three.
                    copy.resize(copy.len() + length, if length > 3 { OTHER } else { b });
                    marked |= length <= 3;
                    underscores |= b == b'_';
                    i += length;
                    continue;
                }
                b'"' | b'\'' if self.cx.options.smart => {
                    quotes.push((atoms.len(), self.quote(i, &range)));
                    Some((i + 1, InlineKind::Str(String::new())))
                }
                _ => self.special(i, &range),
            };
            let next = match found {
                Some((next, kind)) => {
                    atoms.push(Atom { start: i, end: next, kind });
                    copy.resize(copy.len() + next - i, OTHER);
                    next
                }
                None => {
                    let c = s[i..].chars().next().unwrap_or(' ');
                    copy.resize(copy.len() + c.len_utf8(), if c.is_alphanumeric() { WORD } else { OTHER });
                    i + c.len_utf8()
                }
            };
            i = next;
        }
        for at in if underscores { 0..copy.len() } else { 0..0 } {
            let is_adjacent = copy.get(at + 1) == Some(&b'_') || at > 0 && copy[at - 1] == b'_';
            if is_adjacent && copy[at] == OTHER {
                copy[at] = PUNCTUATION;
            }
        }
        let copy = String::from_utf8(copy).unwrap_or_default();
        Level { range, copy, marked, atoms, quotes }
    }

    /// The element for white space with a line end. Between characters of scripts without spaces a line end is nothing.
    fn line_end(&self, space: Range<usize>) -> Option<InlineKind> {
        let (before, after) = (self.char_before(space.start), self.char_at(space.end));
        let space = &self.s[space];
        let newline = space.find('\n')?;
        let options = &self.cx.options;
        let is_hard = options.hard_line_breaks || space[..newline].bytes().filter(|b| *b == b' ').count() >= 2;
        let is_unspaced = |c: Option<char>| options.east_asian_line_breaks && c.is_some_and(is_unspaced);
        let is_joined = || options.ignore_line_breaks || is_unspaced(before) && is_unspaced(after);
        Some(match is_hard {
            true => InlineKind::LineBreak,
            false if is_joined() => InlineKind::Str(String::new()),
            false => InlineKind::SoftBreak,
        })
    }

    /// The element that begins at this byte, if any.
    fn special(&mut self, at: usize, level: &Range<usize>) -> Found {
        let end = level.end;
        let options = &self.cx.options;
        match self.byte(at) {
            b'\\' => self.backslash(at, end),
            b'`' => self.code(at, end),
            b'$' if options.tex_math_dollars => self.math(at, end),
            b'[' if self.byte(at + 1) == b'[' => self.wiki_link(at, end).or_else(|| self.bracket(at, end)),
            b'[' => self.bracket(at, end),
            b'!' if self.byte(at + 1) == b'[' => self.wiki_image(at, end).or_else(|| self.image(at, end)),
            b'^' if self.byte(at + 1) == b'[' => self.inline_note(at, end).or_else(|| self.script(at, end)),
            b'^' => self.script(at, end),
            b'~' if self.byte(at + 1) == b'~' => self.strikeout(at, end),
            b'~' => self.script(at, end),
            b'<' => self.html(at, end),
            b'@' => self.cite(at, level),
            b'-' if self.byte(at + 1) == b'@' => self.cite(at, level),
            b'=' if options.mark && self.byte(at + 1) == b'=' => self.marked(at, end),
            b'{' if self.s[at..end].starts_with("{{") => self.shortcode(at, end),
            b'&' => entities::reference(&self.s[at..end]).map(|(text, length)| (at + length, InlineKind::Str(text))),
            b':' if self.cx.options.emoji => self.emoji(at, end),
            _ => None,
        }
    }

    /// A short code: the character in a span that keeps the code's name. Source: Pandoc manual, "Extension: emoji".
    fn emoji(&self, at: usize, end: usize) -> Found {
        let (character, length) = emoji::parse(&self.s[at..end])?;
        let name = at + 1..at + length - 1;
        let value_span = self.text.span(name.clone());
        let pair = Pair { key: "data-emoji".to_owned(), value: self.s[name].to_owned(), value_span };
        let attr = Attr { classes: vec!["emoji".to_owned()], pairs: vec![pair], ..Attr::default() };
        let text = Inline { span: self.text.span(at..at + length), kind: InlineKind::Str(character.to_owned()) };
        Some((at + length, InlineKind::Span(Box::new(attr), vec![text])))
    }

    /// Source: Pandoc manual, "Backslash escapes": what is not a letter or digit stands for itself, a space for a no-break
    /// space, a line end for a line break.
    fn backslash(&mut self, at: usize, end: usize) -> Found {
        if at + 1 == self.s.len() {
            return Some((at + 1, InlineKind::LineBreak));
        }
        let c = self.char_at(at + 1).filter(|_| at + 1 < end)?;
        let escaped = Some((at + 1 + c.len_utf8(), InlineKind::Str(c.to_string())));
        match c {
            ' ' => Some((at + 2, InlineKind::Str("\u{a0}".to_owned()))),
            '\n' => {
                let rest = &self.s[at + 2..end];
                let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
                Some((at + 2 + spaces, InlineKind::LineBreak))
            }
            '(' | '[' if self.cx.options.tex_math_single_backslash => self.delimited_math(at, 1, end).or(escaped),
            '\\' if self.cx.options.tex_math_double_backslash => self.delimited_math(at, 2, end).or(escaped),
            _ if c.is_alphanumeric() => self.tex(at, end),
            _ => escaped,
        }
    }

    /// `^text^` and `~text~`, without spaces. Source: Pandoc manual, "Extension: superscript, subscript".
    fn script(&mut self, at: usize, end: usize) -> Found {
        let marker = self.byte(at);
        let options = &self.cx.options;
        if !(if marker == b'^' { options.superscript } else { options.subscript }) {
            return None;
        }
        let close = self.closing(at + 1, end, |bytes, i| bytes[i] == marker, true);
        let (content, after) = match close {
            Some(close) => (at + 1..close, close + 1),
            None if options.short_subsuperscripts => {
                let length = self.s[at + 1..end].find(|c: char| !c.is_alphanumeric()).unwrap_or(end - at - 1);
                (at + 1..at + 1 + length, at + 1 + length)
            }
            None => return None,
        };
        if content.is_empty() {
            return None;
        }
        let content = self.inlines(content);
        let kind = if marker == b'^' { InlineKind::Superscript(content) } else { InlineKind::Subscript(content) };
        Some((after, kind))
    }

    /// `~~text~~`. Source: Pandoc manual, "Strikeout".
    fn strikeout(&mut self, at: usize, end: usize) -> Found {
        if !self.cx.options.strikeout {
            return None;
        }
        let (after, content) = self.between(at, "~~", end)?;
        Some((after, InlineKind::Strikeout(content)))
    }

    /// `==text==`. Source: Pandoc manual, "Extension: mark".
    fn marked(&mut self, at: usize, end: usize) -> Found {
        let (after, content) = self.between(at, "==", end)?;
        let attr = Attr { classes: vec!["mark".to_owned()], ..Attr::default() };
        Some((after, InlineKind::Span(Box::new(attr), content)))
    }

    /// The content between a mark of two characters and the next one.
    fn between(&mut self, at: usize, mark: &'static str, end: usize) -> Option<(usize, Vec<Inline>)> {
        if self.char_at(at + 2).is_none_or(|c| c.is_whitespace() || mark.starts_with(c)) || at + 2 >= end {
            return None;
        }
        self.find(mark, at + 2, end)?;
        let close = self.closing(at + 2, end, |bytes, i| bytes[i..].starts_with(mark.as_bytes()), false)?;
        Some((close + 2, self.inlines(at + 2..close)))
    }

    /// The first offset where `is_end` holds, skipping escapes, code and brackets; with `compact`, white space ends the search.
    fn closing(&self, from: usize, end: usize, is_end: impl Fn(&[u8], usize) -> bool, compact: bool) -> Option<usize> {
        let bytes = &self.s.as_bytes()[..end];
        let mut i = from;
        while i < end {
            match bytes[i] {
                _ if is_end(bytes, i) => return Some(i),
                b'\\' => i += 1,
                b if compact && b.is_ascii_whitespace() => return None,
                b'`' => {
                    if let Some((length, close)) = self.brackets.code(i, end) {
                        i = close + length;
                        continue;
                    }
                }
                b'[' => {
                    if let Some(close) = self.brackets.square(i, end) {
                        i = close;
                    }
                }
                _ => {}
            }
            i += 1;
        }
        None
    }

    /// A shortcode, or an escaped one.
    fn shortcode(&mut self, at: usize, end: usize) -> Found {
        let rest = &self.s[at..end];
        if rest.starts_with("{{{<") {
            let close = self.find(">}}}", at + 4, end)?;
            return Some((close + 4, InlineKind::Str(self.s[at + 1..close + 3].to_owned())));
        }
        if !rest.starts_with("{{<") || self.find(">}}", at, end).is_none() {
            return None;
        }
        if let Some((shown, length)) = shortcode::commented(&self.s[at..end]) {
            return Some((at + length, InlineKind::Str(shown)));
        }
        let (call, length) = shortcode::parse(&self.s[at..end])?;
        let after = at + length;
        let span = self.text.span(at..after);
        if self.expanding {
            return Some((after, InlineKind::Shortcode(Box::new(call))));
        }
        let logos = shortcode::brand_logos(&call, self.cx.scope);
        if !logos.is_empty() {
            let images = logos.into_iter().map(|(logo, class)| image(logo, class, span)).collect();
            return Some((after, InlineKind::Span(Box::default(), images)));
        }
        match shortcode::expand(&call, self.cx.scope, &mut self.cx.keys) {
            Some(shortcode::Expansion::Text(value)) => {
                let text = crate::text::Text::from_value(&self.cx.source.text, &value, span);
                let content = super::read(&text, self.cx, true);
                Some((after, InlineKind::Span(Box::default(), content)))
            }
            Some(shortcode::Expansion::Missing(name)) => {
                self.report_missing(&call.name, &name, at..after);
                let visible = format!("?{}:{name}", call.name);
                let text = Inline { span, kind: InlineKind::Str(visible) };
                Some((after, InlineKind::Strong(vec![text])))
            }
            None => {
                if !shortcode::NAMES.contains(&call.name.as_str()) {
                    let message = format!("unknown shortcode `{}`", call.name);
                    let hint = did_you_mean(&call.name, shortcode::NAMES.iter().copied());
                    self.cx.report(Code::UnknownShortcode, span, message).hints.extend(hint);
                    let written = Inline { span, kind: InlineKind::Str(self.s[at..after].to_owned()) };
                    let attr = Attr { classes: vec!["mlsys-shortcode".to_owned()], ..Attr::default() };
                    return Some((after, InlineKind::Span(Box::new(attr), vec![written])));
                }
                // Alone on its line it is there because the file could not be included, which is reported already.
                if call.name == "include" && self.s.trim() != &self.s[at..after] {
                    let message = "`include` inserts the text of a file, and stands alone on its line";
                    self.cx.report(Code::InvalidInclude, span, message);
                }
                if call.name == "contents" {
                    let message = "`contents` moves a div or a cell and must be alone in its paragraph";
                    self.cx.report(Code::UnknownShortcode, span, message);
                }
                Some((after, InlineKind::Shortcode(Box::new(call))))
            }
        }
    }

    /// Reports an undefined name of a `meta`, `var` or `env` shortcode.
    pub(super) fn report_missing(&mut self, shortcode: &str, name: &str, range: Range<usize>) {
        let span = self.text.span(range);
        let hint = shortcode::similar_name(shortcode, name, self.cx.scope);
        self.cx.report(Code::UnknownVariable, span, shortcode::missing(shortcode, name)).hints.extend(hint);
    }

    fn quote(&self, at: usize, level: &Range<usize>) -> Quote {
        let next = self.char_at(at + 1).filter(|_| at + 1 < level.end);
        let before = &self.s[level.start..at];
        let unmarked = before.trim_end_matches(['*', '_']);
        let after_word = if unmarked.len() < before.len() {
            // After markers: they end emphasis where something is before them.
            unmarked.ends_with(|c: char| !c.is_whitespace() && !matches!(c, '(' | '[' | '"' | '\''))
        } else {
            before.ends_with(|c: char| c.is_alphanumeric() || c == '.')
        };
        Quote {
            at,
            double: self.byte(at) == b'"',
            after_word,
            before_space: next.is_some_and(char::is_whitespace),
            before_word: next.is_some_and(char::is_alphanumeric),
        }
    }
}

/// True if a mark of emphasis may close although a space is before it: `_` not before a word.
fn closes_after_space(mark: u8, next: Option<char>) -> bool {
    mark == b'*' || !next.is_some_and(char::is_alphanumeric)
}

/// A logo in running text, from its shortcode.
fn image(logo: Logo, class: Option<&str>, span: Span) -> Inline {
    let alt = if logo.alt.is_empty() { Vec::new() } else { vec![Inline { span, kind: InlineKind::Str(logo.alt) }] };
    let attr = Attr { classes: class.map(str::to_owned).into_iter().collect(), ..Attr::default() };
    let image = Image { attr, content: alt, url: logo.path, url_span: span, title: String::new() };
    Inline { span, kind: InlineKind::Image(Box::new(image)) }
}

/// True for Chinese and Japanese characters and their punctuation, between which no space belongs. Korean has spaces between words.
/// Source: CSS Text, "Segment Break Transformation Rules"; Pandoc manual, "Extension: east_asian_line_breaks".
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x2E80..=0x303F | 0x3041..=0x30FF | 0x3190..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F
        | 0xFF01..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD)
}
