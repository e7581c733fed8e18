//! Code blocks and annotated code.

use super::lines::Event;
use super::{Purpose, Walker};
use crate::body::options::CodeAnnotations;
use crate::code::Annotated;
use mlsys_book::{Attr, Block, BlockKind, CodeBlock, Span};
use std::borrow::Cow;

impl<'a> Walker<'a> {
    pub(super) fn code_block(&mut self, block: &'a CodeBlock, span: Span) {
        let alt = block.attr.get("fig-alt").or_else(|| block.attr.get("alt"));
        if self.diagram(span, alt, &block.text) {
            return;
        }
        match block.language().filter(|language| language.starts_with('{') && language.ends_with('}')) {
            // Doubled braces show how a cell is written.
            Some(language) => self.code(format!("```{language}\n{}\n```", block.text)),
            None => self.listing(&block.attr, block.text.as_str()),
        }
    }

    /// Code in lines of its own.
    pub(super) fn code(&mut self, text: impl Into<Cow<'a, str>>) {
        self.line();
        self.events.push(Event::Code(text.into()));
        self.line();
    }

    /// Code with its file's name and the title of its fold.
    fn listing(&mut self, attr: &'a Attr, text: impl Into<Cow<'a, str>>) {
        if matches!(attr.get("code-fold"), Some("true" | "show")) {
            let summary = attr.get("code-summary").map_or_else(|| self.words.get("code-summary"), str::to_owned);
            self.in_lines(|w| w.text(summary));
        }
        self.unless_hidden(attr, |w| {
            if let Some(name) = attr.get("filename") {
                w.in_lines(|w| w.text(name));
            }
            w.code(text);
        });
    }

    /// Annotated code and the list of its notes. True if the blocks begin with such a pair.
    pub(super) fn annotated_code(&mut self, blocks: &'a [Block]) -> bool {
        let [Block { kind: BlockKind::CodeBlock(block), .. }, Block { kind: BlockKind::OrderedList(list), .. }, ..] =
            blocks
        else {
            return false;
        };
        let has_notes = match self.options.code_annotations {
            CodeAnnotations::Off => return false,
            CodeAnnotations::None => false,
            CodeAnnotations::Below | CodeAnnotations::Hover | CodeAnnotations::Select => true,
        };
        let Some(annotated) = Annotated::new(&block.text) else { return false };
        if !has_notes {
            self.listing(&block.attr, annotated.text);
            return true;
        }
        let marked = match self.purpose {
            // A mark would become a part of the line's first word.
            Purpose::Search => annotated.text,
            Purpose::SearchJson | Purpose::Document => annotated.marked(),
        };
        self.listing(&block.attr, marked);
        for (number, item) in (list.start..).zip(&list.items) {
            self.in_lines(|w| w.text(number.to_string()));
            self.held(|w| item.content.iter().for_each(|block| w.note_of_code(block)));
        }
        self.line();
        true
    }

    fn note_of_code(&mut self, block: &'a Block) {
        if let BlockKind::Plain(text) | BlockKind::Para(text) = &block.kind {
            self.in_lines(|w| w.inlines(text));
        } else {
            self.block(block);
        }
    }
}
