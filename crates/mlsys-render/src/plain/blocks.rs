//! Blocks.

use super::lines::Event;
use super::{Walker, is_hidden};
use crate::body::margin::{in_margin, is_margin_block};
use crate::body::options::NotePlace;
use crate::body::slots::is_listing;

use mlsys_book::{Attr, Block, BlockKind, Header, Inline, MARKDOWN_ONLY, Span};

impl<'a> Walker<'a> {
    /// Blocks where headings begin no sections: lists, quotations, cells, notes.
    pub(super) fn blocks(&mut self, blocks: &'a [Block]) {
        let mut at = 0;
        while let Some(block) = blocks.get(at) {
            self.settle_margin(block);
            at += self.block_at(blocks, at);
        }
        self.flush_margin();
    }

    /// Blocks where headings begin sections. `top` is true for those of the page itself.
    pub(super) fn sections(&mut self, blocks: &'a [Block], top: bool) {
        let mut open: Vec<(u8, bool)> = Vec::new();
        let mut at = 0;
        while let Some(block) = blocks.get(at) {
            self.settle_margin(block);
            let BlockKind::Header(header) = &block.kind else {
                at += self.block_at(blocks, at);
                if top {
                    self.notes_here(NotePlace::Block);
                }
                continue;
            };
            at += 1;
            self.close_sections(&mut open, header.level, top);
            if top && header.attr.has_class("appendix") && self.options.appendix_style != "none" {
                let end = blocks.iter().skip(at).position(|b| ends_section(b, header.level));
                let end = end.map_or(blocks.len(), |n| at + n);
                let content = blocks.get(at..end).unwrap_or(&[]);
                let section = self.captured(|w| w.appendix_section(header, block.span, content));
                self.appendix.push(section);
                at = end;
                continue;
            }
            if self.options.plain {
                self.heading(header, block.span);
                continue;
            }
            open.push((header.level, self.open_section(header, None)));
            self.heading(header, block.span);
            if top {
                self.notes_here(NotePlace::Block);
            }
        }
        self.flush_margin();
        self.close_sections(&mut open, 0, top);
        if top {
            self.notes_here(NotePlace::Section);
        }
    }

    /// Closes the sections that a heading of a level ends.
    fn close_sections(&mut self, open: &mut Vec<(u8, bool)>, level: u8, top: bool) {
        if top && open.first().is_none_or(|(first, _)| *first >= level) {
            self.notes_here(NotePlace::Section);
        }
        while let Some((_, hidden)) = open.pop_if(|(own, _)| *own >= level) {
            self.close_section(hidden);
        }
    }

    /// Begins the section of a heading, or of the div that is one. True if it is hidden.
    fn open_section(&mut self, header: &'a Header, div: Option<&'a Attr>) -> bool {
        let is_hidden = is_hidden(&header.attr) || div.is_some_and(is_hidden);
        if is_hidden {
            self.events.push(Event::Hide);
        }
        let of_div = div.map(Attr::id).filter(|id| !id.is_empty());
        let is_automatic = header.attr.id.as_ref().is_none_or(|id| id.automatic);
        let id = of_div.filter(|_| is_automatic).unwrap_or(header.attr.id());
        self.line();
        if !id.is_empty() {
            self.events.push(Event::Section(id.into(), header.level));
        }
        is_hidden
    }

    fn close_section(&mut self, is_hidden: bool) {
        self.line();
        if is_hidden {
            self.events.push(Event::Show);
        }
    }

    fn heading(&mut self, header: &'a Header, span: Span) {
        let number = self.links.numbers.get(&span.start).filter(|number| number.shown);
        self.heading_with(header, number.map(|number| number.label.as_str()));
    }

    fn heading_with(&mut self, header: &'a Header, number: Option<&'a str>) {
        self.events.push(Event::Heading);
        if let Some(number) = number {
            self.text(number);
            self.text(" ");
        }
        self.inlines(&header.content);
        self.events.push(Event::HeadingEnd);
    }

    fn appendix_section(&mut self, header: &'a Header, span: Span, content: &'a [Block]) {
        let is_hidden = self.open_section(header, None);
        let number = self.links.numbers.get(&span.start).filter(|number| number.shown);
        self.heading_with(header, number.map(|number| number.text.as_str()));
        self.sections(content, false);
        self.close_section(is_hidden);
    }

    /// Adds the margin content that waits before a block that is not margin content itself.
    fn settle_margin(&mut self, next: &Block) {
        if !self.margin.is_empty() && !is_margin_block(next) {
            self.flush_margin();
        }
    }

    /// Adds the block at an index, or annotated code with the list after it. Returns the number of blocks.
    fn block_at(&mut self, blocks: &'a [Block], at: usize) -> usize {
        if self.annotated_code(blocks.get(at..).unwrap_or(&[])) {
            return 2;
        }
        if let Some(block) = blocks.get(at) {
            self.block(block);
        }
        1
    }

    pub(super) fn block(&mut self, block: &'a Block) {
        match &block.kind {
            BlockKind::Plain(inlines) => {
                self.inlines(inlines);
                self.text(" ");
            }
            BlockKind::Para(inlines) => self.in_lines(|w| w.inlines(inlines)),
            BlockKind::Header(header) => self.unless_hidden(&header.attr, |w| w.heading(header, block.span)),
            BlockKind::CodeBlock(code) => self.code_block(code, block.span),
            BlockKind::Cell(cell) => self.in_lines(|w| w.cell(cell, block.span)),
            BlockKind::RawBlock(format, text) => {
                self.raw(format, text);
                self.text(" ");
            }
            BlockKind::BlockQuote(content) => self.in_lines(|w| w.held(|w| w.blocks(content))),
            BlockKind::BulletList(items) => self.bullet_list(items),
            BlockKind::OrderedList(list) => self.ordered_list(list),
            BlockKind::DefinitionList(items) => self.definition_list(items),
            BlockKind::LineBlock(lines) => {
                for line in lines {
                    self.in_lines(|w| w.inlines(line));
                }
            }
            BlockKind::HorizontalRule => self.line(),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Div(attr, content) => self.div(attr, content, block.span),
            BlockKind::Figure(figure) => self.figure(figure),
            BlockKind::Float(float) => self.float(float, block.span, false),
            BlockKind::LayoutPanel(panel) => self.unless_hidden(&panel.attr, |w| w.layout_panel(panel)),
            BlockKind::Callout(callout) => {
                self.in_margin_or_here(in_margin(&callout.attr), |w| {
                    w.unless_hidden(&callout.attr, |w| w.callout(callout, block.span));
                });
            }
            BlockKind::Theorem(theorem) => self.unless_hidden(&theorem.attr, |w| w.theorem(theorem, block.span)),
            BlockKind::Proof(proof) => self.unless_hidden(&proof.attr, |w| w.proof(proof, block.span)),
            BlockKind::Algorithm(algorithm) => self.algorithm(algorithm, block.span),
            BlockKind::Tabset(tabset) => self.unless_hidden(&tabset.attr, |w| w.tabset(tabset)),
            BlockKind::Shortcode(shortcode) => self.block_shortcode(shortcode),
        }
    }

    /// Runs `read` between the beginning and the end of a line.
    pub(super) fn in_lines(&mut self, read: impl FnOnce(&mut Self)) {
        self.line();
        read(self);
        self.line();
    }

    /// Runs `read` here, or puts what it adds into the margin.
    pub(super) fn in_margin_or_here(&mut self, in_margin: bool, read: impl FnOnce(&mut Self)) {
        if in_margin {
            let content = self.captured(|w| w.held(read));
            self.margin.push(content);
        } else {
            read(self);
        }
    }

    /// A div: a numbered box, margin content, the place of the reference list, a section, or just a div.
    fn div(&mut self, attr: &'a Attr, content: &'a [Block], span: Span) {
        if attr.has_class(MARKDOWN_ONLY) {
            return;
        }
        if let Some(class) = self.options.box_of(attr) {
            return self.unless_hidden(attr, |w| w.numbered_box(attr, content, span, class));
        }
        if attr.id() == "refs" {
            if self.options.lists_works(self.links) {
                self.references();
            }
            return;
        }
        if in_margin(attr) && !is_listing(&self.chapter.meta, attr) {
            return self.in_margin_or_here(true, |w| {
                w.unless_hidden(attr, |w| w.in_lines(|w| w.blocks(content)));
            });
        }
        // The listing replaces what the author has there.
        if is_listing(&self.chapter.meta, attr) {
            return;
        }
        let is_column = ["column", "columns"].iter().any(|class| attr.has_class(class));
        if let Some((Block { kind: BlockKind::Header(header), span: heading }, rest)) = content.split_first() {
            let is_section = !is_column && !rest.iter().any(|block| ends_section(block, header.level));
            let is_automatic = header.attr.id.as_ref().is_none_or(|id| id.automatic);
            if is_section && (attr.id().is_empty() || is_automatic || attr.id() == header.attr.id()) {
                let is_hidden = self.open_section(header, Some(attr));
                self.heading(header, *heading);
                self.sections(rest, false);
                return self.close_section(is_hidden);
            }
        }
        self.unless_hidden(attr, |w| w.in_lines(|w| w.sections(content, false)));
    }

    /// A caption: the number with its word, and the text.
    pub(super) fn caption(&mut self, label: &'a str, delim: &'a str, text: &'a [Inline]) {
        self.line();
        self.text(label);
        if !label.is_empty() && !text.is_empty() {
            self.text(delim);
        }
        self.inlines(text);
        self.line();
    }
}

/// True if a block is a heading that ends a section of a level.
fn ends_section(block: &Block, level: u8) -> bool {
    matches!(&block.kind, BlockKind::Header(header) if header.level <= level)
}
