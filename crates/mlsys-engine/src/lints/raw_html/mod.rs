//! Raw HTML: unbalanced tags, unknown elements and attributes, duplicate ids. Source: HTML Living Standard, "The HTML syntax".

mod elements;
mod nesting;
mod optional_tags;
mod piece;
mod values;

use super::Page;
use crate::project::Book;
use elements::Status;
use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};
use html5gum::{Error, Tokenizer};
use mlsys_book::{
    Block, BlockKind, Code, Diagnostic, Index, Inline, InlineKind, Node, Place, Source, Span, did_you_mean, name, walk,
};
use nesting::Nesting;
use piece::Piece;
use std::collections::{BTreeMap, BTreeSet};

/// Checks the raw HTML of a page.
pub fn check(page: &Page<'_>, index: &Index, found: &mut Vec<Diagnostic>) {
    let mut ids = Ids::default();
    let mut raw = BTreeSet::new();
    let mut own = Vec::new();
    for blocks in page.parts() {
        let mut reader = Reader { source: page.source, ids: &mut ids, in_head: false, found: &mut own };
        let mut nesting = Nesting::default();
        walk(blocks, &mut |node| {
            // A program writes the outputs of cells, so the author cannot mend them.
            if let Node::Block(Block { kind: BlockKind::Div(attr, _), .. }) = &node
                && attr.classes.iter().any(|class| class.starts_with("cell-output"))
            {
                return false;
            }
            let (span, html) = match &node {
                Node::Block(Block { kind: BlockKind::RawBlock(format, text), span })
                | Node::Inline(Inline { kind: InlineKind::RawInline(format, text), span }) => {
                    (*span, Some(text).filter(|_| matches!(format.as_str(), "html" | "html4" | "html5")))
                }
                Node::Block(block) => (block.span, None),
                Node::Inline(inline) => (inline.span, None),
            };
            nesting.leave_for(span, &mut reader);
            match html {
                Some(html) => {
                    raw.insert(span);
                    reader.read(&Piece::new(page.source, html, span), &mut nesting);
                }
                None => nesting.enter(&node, &mut reader),
            }
            true
        });
        nesting.end(&mut reader);
    }
    // Ids of raw HTML and of Markdown must not collide.
    for id in index.ids.iter().filter(|id| !raw.contains(&id.span)) {
        if let Some(span) = ids.first.get(&id.name) {
            own.push(duplicate(page.source, &id.name, *span, id.span));
        }
    }
    found.extend(merged(own));
}

/// Merges many diagnostics with the same message into one.
fn merged(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    /// The limit for separate diagnostics with the same message.
    const MANY: usize = 5;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    found.iter().for_each(|finding| *counts.entry(finding.message.clone()).or_default() += 1);
    let mut seen = BTreeSet::new();
    let mut merged = Vec::new();
    for finding in found {
        let count = counts.get(&finding.message).copied().unwrap_or(1);
        if count <= MANY {
            merged.push(finding);
        } else if seen.insert(finding.message.clone()) {
            let message = format!("{}, here and in {} other places on the page", finding.message, count - 1);
            merged.push(Diagnostic { message, ..finding });
        }
    }
    merged
}

/// Checks the HTML that the configuration includes on every page, and the files that it or a page includes.
pub fn included(book: &Book) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut read = |source: &Source, piece: &Piece<'_>| {
        let mut ids = Ids::default();
        let mut reader = Reader { source, ids: &mut ids, in_head: true, found: &mut found };
        // An element may start in one file and end in another.
        reader.read(piece, &mut Nesting::across_files());
    };
    for key in crate::site::head_includes::INCLUDES {
        for item in book.project.meta.list(key) {
            let text = item.value(name!("include", "text")).unwrap_or(item);
            let source = book.sources.get(text.place.source.index());
            if let (Some(source), Some(html)) = (source, text.as_str().filter(|text| text.contains('<'))) {
                read(source, &Piece::new(source, html, text.place.span));
            }
        }
    }
    let files: BTreeSet<&String> = book.pages.iter().flat_map(|page| page.included.values()).collect();
    for text in files {
        if let Some(source) = book.sources.iter().find(|source| *source.text == *text) {
            read(source, &Piece::new(source, text, Span::new(0, text.len())));
        }
    }
    found
}

/// The ids in raw HTML, with their first places.
#[derive(Default)]
struct Ids {
    first: BTreeMap<String, Span>,
}

/// Checks the raw HTML of one source.
struct Reader<'a> {
    source: &'a Source,
    ids: &'a mut Ids,
    /// True if the HTML may be part of the page's head.
    in_head: bool,
    found: &'a mut Vec<Diagnostic>,
}

/// The tokenizer's stack use per byte of HTML: twice the measured maximum of 76 bytes (2,000 in debug builds), for `a="" `.
const STACK_FOR_BYTE: usize = if cfg!(debug_assertions) { 4096 } else { 192 };

/// The size limit for reading a piece on the current stack.
const SHORT: usize = (1 << 20) / STACK_FOR_BYTE;

impl Reader<'_> {
    /// Checks a piece. The tokenizer recurses for each attribute of a tag, so a long piece gets a thread with a large stack. If the
    /// system refuses it, the piece is not checked.
    fn read(&mut self, piece: &Piece<'_>, nesting: &mut Nesting) {
        if piece.text.len() <= SHORT {
            return self.tokens(piece, nesting);
        }
        std::thread::scope(|scope| {
            let stack = std::thread::Builder::new().stack_size(piece.text.len() * STACK_FOR_BYTE);
            let _ = stack.spawn_scoped(scope, || self.tokens(piece, nesting)).map(|reading| reading.join());
        });
    }

    fn tokens(&mut self, piece: &Piece<'_>, nesting: &mut Nesting) {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        for Ok(token) in Tokenizer::new_with_emitter(piece.text, emitter) {
            let place = |start: usize, end: usize| piece.locate(start, end);
            match token {
                Token::StartTag(tag) => {
                    let span = place(tag.span.start, tag.span.end);
                    let name = String::from_utf8_lossy(&tag.name).into_owned();
                    if !nesting.is_foreign() {
                        self.element(&name, span);
                        self.attributes(&name, &tag, piece);
                        self.description(&name, &tag, span);
                    }
                    self.id(&tag, piece);
                    nesting.start(&name, tag.self_closing, span, self);
                }
                Token::EndTag(tag) => {
                    let span = place(tag.span.start, tag.span.end);
                    nesting.finish(&String::from_utf8_lossy(&tag.name), span, self);
                }
                Token::Error(error) => {
                    let span = place(error.span.start, error.span.end.max(error.span.start));
                    self.syntax(error.value, span);
                }
                Token::String(_) | Token::Comment(_) | Token::Doctype(_) => {}
            }
        }
    }

    fn finding(&self, span: Span, message: String) -> Diagnostic {
        Diagnostic::new(Code::InvalidRawHtml, self.place(span), message)
    }

    fn place(&self, span: Span) -> Place {
        self.source.place(span)
    }

    /// Reports a syntax error. Source: HTML Living Standard, "Parse errors".
    fn syntax(&mut self, error: Error, span: Span) {
        let what = match error {
            Error::DuplicateAttribute => "duplicate attribute; the first one counts".to_owned(),
            Error::EndTagWithAttributes => "an end tag has no attributes".to_owned(),
            Error::EndTagWithTrailingSolidus => "an end tag ends with `>`, not with `/>`".to_owned(),
            Error::EofInTag => "the tag has no end".to_owned(),
            Error::EofInComment => "the comment has no end".to_owned(),
            Error::MissingWhitespaceBetweenAttributes => "there is no space between two attributes".to_owned(),
            Error::MissingAttributeValue => "the attribute has no value after its `=`".to_owned(),
            Error::MissingSemicolonAfterCharacterReference => {
                "the character reference ends without `;`: write `&amp;` for the sign itself".to_owned()
            }
            Error::UnexpectedCharacterInUnquotedAttributeValue | Error::UnexpectedCharacterInAttributeName => {
                "a quotation mark is missing in this tag".to_owned()
            }
            Error::UnknownNamedCharacterReference => "unknown character reference".to_owned(),
            Error::NestedComment => "nested comment".to_owned(),
            other => other.as_str().replace('-', " "),
        };
        let finding = self.finding(span, what);
        self.found.push(finding);
    }

    fn element(&mut self, name: &str, span: Span) {
        match elements::element(name) {
            Status::Known if !self.in_head && matches!(name, "style" | "title" | "base" | "head" | "body" | "html") => {
                let finding = self.finding(span, format!("`<{name}>` is not allowed in the text"));
                let advice = match name {
                    "style" => "move it to `include-in-header`, or its rules to a file in `css`",
                    _ => "the page has its own; remove it",
                };
                self.found.push(finding.hint(advice));
            }
            Status::Known => {}
            Status::Obsolete(advice) => {
                let finding = self.finding(span, format!("`<{name}>` is no longer part of HTML")).hint(advice);
                self.found.push(finding);
            }
            Status::Unknown => {
                let near = did_you_mean(name, elements::ELEMENTS.iter().map(|(name, _)| *name));
                // The tokenizer lowercases names.
                let written = self.source.slice(span).get(1..=name.len()).unwrap_or(name);
                let escape = || format!("write `\\<{written}>` if it is text");
                let finding = self.finding(span, format!("HTML has no element `<{written}>`"));
                self.found.push(finding.hint(near.unwrap_or_else(escape)));
            }
        }
    }

    fn attributes(&mut self, element: &str, tag: &StartTag<usize>, piece: &Piece<'_>) {
        if elements::element(element) != Status::Known {
            return;
        }
        for (name, value) in &tag.attributes {
            let name = String::from_utf8_lossy(name);
            let span = piece.locate(value.span.start, value.span.start + name.len());
            let is_number = || !value.is_empty() && value.iter().all(u8::is_ascii_digit);
            if elements::is_pixels(element, &name) && !is_number() {
                let message = format!("`{name}` of `<{element}>` must be a number of pixels");
                self.found.push(self.finding(span, message).hint("write digits only, or use CSS for other units"));
            }
            let value_of =
                |name: &str| tag.attributes.get(name.as_bytes()).map(|value| std::str::from_utf8(value).unwrap_or(""));
            let written = value_of(&name).unwrap_or("");
            if let Some((message, advice)) = values::problem(element, &name, written, value_of) {
                self.found.push(self.finding(span, message).hint(advice));
            }
            match elements::attribute(element, &name) {
                Status::Known => {}
                Status::Obsolete(advice) => {
                    let finding =
                        self.finding(span, format!("`{name}` of `<{element}>` is no longer part of HTML")).hint(advice);
                    self.found.push(finding);
                }
                Status::Unknown => {
                    let near = did_you_mean(&name, elements::attributes(element));
                    let own = || format!("custom attributes start with `data-`: `data-{name}`");
                    let finding = self.finding(span, format!("`<{element}>` has no attribute `{name}`"));
                    self.found.push(finding.hint(near.unwrap_or_else(own)));
                }
            }
        }
    }

    /// Reports missing descriptions of images and frames.
    fn description(&mut self, element: &str, tag: &StartTag<usize>, span: Span) {
        let has_no = |name: &[u8]| !tag.attributes.contains_key(name);
        if element == "iframe" && has_no(b"title") {
            let finding =
                self.finding(span, "`<iframe>` has no `title`, so screen readers cannot announce it".to_owned());
            self.found.push(finding.hint("describe it in a few words: `title=\"..\"`"));
        }
        if element == "img" && has_no(b"alt") && has_no(b"aria-hidden") {
            let finding = Diagnostic::new(Code::MissingAltText, self.place(span), "the image has no alternative text");
            self.found.push(finding.hint("write `alt=\"..\"`, or `alt=\"\"` if it is decorative"));
        }
    }

    /// Reports an id that is invalid or not unique.
    fn id(&mut self, tag: &StartTag<usize>, piece: &Piece<'_>) {
        let Some(value) = tag.attributes.get(&b"id"[..]) else { return };
        let id = String::from_utf8_lossy(value).into_owned();
        let span = piece.locate(value.span.start, value.span.end);
        if id.is_empty() || id.contains(|c: char| c.is_ascii_whitespace()) {
            let reason = if id.is_empty() { "ids cannot be empty" } else { "ids cannot contain spaces" };
            let finding = self.finding(span, format!("invalid id `{id}`: {reason}"));
            self.found.push(finding);
            return;
        }
        match self.ids.first.get(&id) {
            Some(first) if *first != span => self.found.push(duplicate(self.source, &id, span, *first)),
            Some(_) => {}
            None => {
                self.ids.first.insert(id, span);
            }
        }
    }
}

fn duplicate(source: &Source, id: &str, span: Span, other: Span) -> Diagnostic {
    Diagnostic::new(Code::InvalidRawHtml, source.place(span), format!("duplicate id `{id}` on this page"))
        .hint("links go to the first one; rename one of them")
        .related(source.place(other), "also here")
}
