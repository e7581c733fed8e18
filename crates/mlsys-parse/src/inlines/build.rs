//! From pulldown-cmark's events and the atoms to the tree.

use super::scan::{Level, PREFIX};
use super::smart::Quote;
use super::{Atom, Reader, smart};
use crate::conditional::{Shown, is_conditional, remaining, shown};
use crate::context::MAX_DEPTH;
use mlsys_book::{Attr, Inline, InlineKind, MARKDOWN_ONLY, PAGE_ONLY, PAGE_ONLY_END, Span, plain_text};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// An open element.
struct Open {
    start: usize,
    strong: bool,
    before: Vec<Inline>,
}

/// The inlines of the innermost open element.
#[derive(Default)]
struct Run {
    done: Vec<Inline>,
    /// The text of the current run, and its range.
    text: String,
    range: Range<usize>,
}

impl Reader<'_, '_> {
    /// Builds the tree of a level.
    pub(super) fn build(&self, level: Level) -> Vec<Inline> {
        let base = level.range.start;
        let mut atoms = level.atoms;
        // Without a marker the text is one event.
        if !level.marked {
            curl(level.quotes, &mut atoms);
            let (mut atoms, mut run) = (atoms.into_iter().peekable(), Run::default());
            self.emit(level.range.clone(), &mut atoms, &mut run);
            return self.close_run(&mut run);
        }
        let events: Vec<_> = Parser::new_ext(&level.copy, Options::empty()).into_offset_iter().collect();
        let offset = |at: usize| base + at.saturating_sub(PREFIX.len());
        let texts = events.iter().filter_map(|(event, range)| match event {
            Event::Start(Tag::Emphasis | Tag::Strong) => Some(Piece::Start),
            Event::End(TagEnd::Emphasis | TagEnd::Strong) => Some(Piece::End),
            Event::Text(_) => Some(Piece::Text(offset(range.end))),
            _ => None,
        });
        for quotes in by_element(level.quotes, texts) {
            curl(quotes, &mut atoms);
        }
        let mut atoms = atoms.into_iter().peekable();
        let mut run = Run::default();
        let mut open: Vec<Open> = Vec::new();
        // Markers of elements that would be nested too deep stay text.
        let mut skipped = 0usize;
        for (event, range) in events {
            let start = offset(range.start);
            let end = offset(range.end).min(level.range.end);
            match event {
                Event::Start(tag @ (Tag::Emphasis | Tag::Strong)) => {
                    if skipped > 0 || open.len() as u32 + self.cx.depth >= MAX_DEPTH {
                        skipped += 1;
                        continue;
                    }
                    let before = self.close_run(&mut run);
                    open.push(Open { start, strong: tag == Tag::Strong, before });
                }
                Event::End(TagEnd::Emphasis | TagEnd::Strong) => {
                    if skipped > 0 {
                        skipped -= 1;
                        continue;
                    }
                    let content = self.close_run(&mut run);
                    if let Some(element) = open.pop() {
                        run.done = element.before;
                        run.done.push(self.emphasis(element.strong, element.start..end, content));
                    }
                }
                Event::Text(_) => self.emit(start..end, &mut atoms, &mut run),
                _ => {}
            }
        }
        self.close_run(&mut run)
    }

    /// Emphasis. With three markers, Pandoc puts strong outside and weak inside; CommonMark does the opposite.
    fn emphasis(&self, strong: bool, range: Range<usize>, mut content: Vec<Inline>) -> Inline {
        let span = self.text.span(range.clone());
        if strong {
            return Inline { span, kind: InlineKind::Strong(content) };
        }
        let inner = self.text.span(range.start + 1..range.end.saturating_sub(1));
        if let [Inline { span: only, kind: InlineKind::Strong(strong) }] = &mut content[..]
            && *only == inner
            && self.byte(range.start) == self.byte(range.start + 1)
        {
            let span_inside = self.text.span(range.start + 2..range.end.saturating_sub(2));
            let weak = Inline { span: span_inside, kind: InlineKind::Emph(std::mem::take(strong)) };
            return Inline { span, kind: InlineKind::Strong(vec![weak]) };
        }
        Inline { span, kind: InlineKind::Emph(content) }
    }

    /// Puts a range of text: characters, white space, punctuation, atoms.
    fn emit(&self, range: Range<usize>, atoms: &mut std::iter::Peekable<std::vec::IntoIter<Atom>>, run: &mut Run) {
        let s = self.s;
        let smart = self.cx.options.smart;
        let mut i = range.start;
        while i < range.end {
            while atoms.peek().is_some_and(|a| a.end <= i) {
                atoms.next();
            }
            if let Some(atom) = atoms.next_if(|a| a.start == i) {
                i = atom.end;
                self.put_atom(atom, run);
                continue;
            }
            let stop = atoms.peek().map_or(range.end, |a| a.start.min(range.end));
            // Plain words with single spaces between them are copied in one piece.
            let plain = &s[i..stop];
            let length = plain_length(plain.as_bytes());
            if length > 0 {
                run.push(&plain[..length], i..i + length);
                i += length;
                continue;
            }
            let rest = &s[i..stop];
            let (text, length) = if rest.starts_with([' ', '\t']) {
                let length = rest.len() - rest.trim_start_matches([' ', '\t']).len();
                let next = if i + length == stop { atoms.peek() } else { None };
                (self.space(run, smart, next), length)
            } else if smart && rest.starts_with("---") {
                ("—", 3)
            } else if smart && rest.starts_with("--") {
                ("–", 2)
            } else if smart && rest.starts_with("...") {
                ("…", 3)
            } else {
                (&rest[..1], 1)
            };
            run.push(text, i..i + length);
            i += length;
        }
    }

    /// A space, or a no-break space after an abbreviation unless a citation or a note follows.
    fn space(&self, run: &Run, smart: bool, next: Option<&Atom>) -> &'static str {
        if !smart || !run.text.ends_with('.') || matches!(next, Some(a) if is_reference(&a.kind)) {
            return " ";
        }
        let word_start = run.text.rfind(|c: char| !c.is_alphanumeric() && c != '.');
        let start = word_start.map_or(0, |at| at + run.text[at..].chars().next().map_or(1, char::len_utf8));
        if smart::is_abbreviation(&run.text[start..]) { "\u{a0}" } else { " " }
    }

    fn put_atom(&self, atom: Atom, run: &mut Run) {
        let range = atom.start..atom.end;
        match atom.kind {
            InlineKind::Str(text) => run.push(&text, range),
            // A shortcode's value: its inlines take the shortcode's place.
            InlineKind::Span(attr, content) if *attr == Attr::default() && self.s[range.clone()].starts_with("{{") => {
                for inline in content {
                    if let InlineKind::Str(text) = &inline.kind {
                        run.push(text, range.clone());
                    } else {
                        run.done = self.close_run(run);
                        run.done.push(inline);
                    }
                }
            }
            // Conditional text: shown without its conditions, or not at all.
            InlineKind::Span(attr, content) if is_conditional(&attr) => {
                let shown = shown(&attr, self.cx.scope);
                let span = self.text.span(range);
                let mark = |format: &str, text: &str| Inline {
                    span,
                    kind: InlineKind::RawInline(format.to_owned(), text.to_owned()),
                };
                let kind = InlineKind::Span(Box::new(remaining(*attr).unwrap_or_default()), content);
                run.done = self.close_run(run);
                match shown {
                    Shown::Everywhere => run.done.push(Inline { span, kind }),
                    Shown::OnPage => {
                        run.done.extend([mark(PAGE_ONLY, ""), Inline { span, kind }, mark(PAGE_ONLY_END, "")]);
                    }
                    Shown::InMarkdown => {
                        run.done.push(mark(MARKDOWN_ONLY, &plain_text(std::slice::from_ref(&Inline { span, kind }))))
                    }
                    Shown::Nowhere => {}
                }
            }
            kind @ (InlineKind::Span(..)
            | InlineKind::SoftBreak
            | InlineKind::LineBreak
            | InlineKind::Emph(_)
            | InlineKind::Strong(_)
            | InlineKind::Strikeout(_)
            | InlineKind::Superscript(_)
            | InlineKind::Subscript(_)
            | InlineKind::Underline(_)
            | InlineKind::SmallCaps(_)
            | InlineKind::Code(..)
            | InlineKind::Math(_)
            | InlineKind::RawInline(..)
            | InlineKind::Link(_)
            | InlineKind::Image(_)
            | InlineKind::Cite(_)
            | InlineKind::Note(_)
            | InlineKind::Shortcode(_)
            | InlineKind::ExampleRef(_)
            | InlineKind::Cell(..)) => {
                run.done = self.close_run(run);
                run.done.push(Inline { span: self.text.span(range), kind });
            }
        }
    }

    /// Ends the run, and takes the finished inlines.
    fn close_run(&self, run: &mut Run) -> Vec<Inline> {
        if !run.text.is_empty() {
            let span: Span = self.text.span(run.range.clone());
            run.done.push(Inline { span, kind: InlineKind::Str(std::mem::take(&mut run.text)) });
        }
        std::mem::take(&mut run.done)
    }
}

/// A part of a level, as quotation marks are concerned: the ends of an element of emphasis, or a text up to an offset.
enum Piece {
    Start,
    End,
    Text(usize),
}

/// The quotation marks of each element: a quotation that begins in emphasis ends in it.
fn by_element(quotes: Vec<(usize, Quote)>, pieces: impl Iterator<Item = Piece>) -> Vec<Vec<(usize, Quote)>> {
    let mut elements: Vec<Vec<(usize, Quote)>> = vec![Vec::new()];
    let mut open = vec![0];
    let mut quotes = quotes.into_iter().peekable();
    for piece in pieces {
        match piece {
            Piece::Start => {
                open.push(elements.len());
                elements.push(Vec::new());
            }
            Piece::End => {
                open.pop();
            }
            Piece::Text(end) => {
                let element = open.last().and_then(|at| elements.get_mut(*at));
                let inside = std::iter::from_fn(|| quotes.next_if(|(_, quote)| quote.at < end));
                match element {
                    Some(element) => element.extend(inside),
                    None => inside.for_each(drop),
                }
            }
        }
    }
    elements
}

/// Gives the atoms of quotation marks their typographic characters.
fn curl(quotes: Vec<(usize, Quote)>, atoms: &mut [Atom]) {
    let (places, quotes): (Vec<usize>, Vec<Quote>) = quotes.into_iter().unzip();
    for (place, c) in places.into_iter().zip(smart::curl(&quotes)) {
        if let Some(atom) = atoms.get_mut(place) {
            atom.kind = InlineKind::Str(c.to_string());
        }
    }
}

impl Run {
    fn push(&mut self, text: &str, range: Range<usize>) {
        if self.text.is_empty() {
            self.range = range;
        } else {
            self.range.end = range.end;
        }
        self.text.push_str(text);
    }
}

/// The length of the part of a text that needs no smart punctuation and no collapsing: up to a point, a dash, a tab, or a space
/// that is the first or not alone.
fn plain_length(text: &[u8]) -> usize {
    let ends = |(at, byte): (usize, &u8)| match byte {
        b'\t' | b'-' | b'.' => true,
        b' ' => at == 0 || matches!(text.get(at + 1), Some(b' ' | b'\t')),
        _ => false,
    };
    text.iter().enumerate().position(ends).unwrap_or(text.len())
}

fn is_reference(kind: &InlineKind) -> bool {
    matches!(kind, InlineKind::Cite(_) | InlineKind::Note(_) | InlineKind::ExampleRef(_))
}
