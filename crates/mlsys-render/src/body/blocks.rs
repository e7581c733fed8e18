//! Block elements.

use super::Body;
use super::margin::is_margin_block;
use crate::html::{Elements, Tag};
use mlsys_book::{Block, BlockKind, Code, Inline, InlineKind};

impl<'a> Body<'a> {
    /// Blocks where headings do not create sections: lists, quotations, cells, notes.
    pub(super) fn blocks(&mut self, blocks: &'a [Block]) {
        let mut at = 0;
        while let Some(block) = blocks.get(at) {
            self.settle_margin(block);
            at += self.block_at(blocks, at);
        }
        self.flush_margin();
    }

    /// Flushes margin content before a block that is not margin content itself.
    pub(super) fn settle_margin(&mut self, next: &Block) {
        if !self.margin.is_empty() && !is_margin_block(next) {
            self.flush_margin();
        }
    }

    /// Writes the block at an index, or annotated code and the list after it. Returns the number of blocks.
    pub(super) fn block_at(&mut self, blocks: &'a [Block], at: usize) -> usize {
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
                self.newline();
            }
            BlockKind::Para(inlines) => self.paragraph(inlines),
            BlockKind::Header(header) => self.heading(header, block.span, true),
            BlockKind::CodeBlock(code) => self.code_block(code, block.span),
            BlockKind::Cell(cell) => self.cell(cell, block.span),
            BlockKind::RawBlock(format, text) => {
                self.raw_inline(format, text, block.span);
                self.newline();
            }
            BlockKind::BlockQuote(content) => {
                self.lines(Tag::new("blockquote").class("blockquote"), |b| b.held(|b| b.blocks(content)));
            }
            BlockKind::BulletList(items) => self.bullet_list(items),
            BlockKind::OrderedList(list) => self.ordered_list(list),
            BlockKind::DefinitionList(items) => self.definition_list(items),
            BlockKind::LineBlock(lines) => {
                self.line(Tag::new("div").class("line-block"), |b| {
                    for (i, line) in lines.iter().enumerate() {
                        if i > 0 {
                            b.line_break();
                        }
                        b.inlines(line);
                    }
                });
            }
            BlockKind::HorizontalRule => self.rule(),
            BlockKind::Table(table) => self.table(table, &[], None),
            BlockKind::Div(attr, content) => self.div(attr, content, block.span),
            BlockKind::Figure(figure) => self.figure(figure),
            BlockKind::Float(float) => self.float(float, block.span),
            BlockKind::LayoutPanel(panel) => self.layout_panel(panel),
            BlockKind::Callout(callout) => self.callout(callout, block.span),
            BlockKind::Theorem(theorem) => self.theorem(theorem, block.span),
            BlockKind::Proof(proof) => self.proof(proof, block.span),
            BlockKind::Algorithm(algorithm) => self.algorithm(algorithm, block.span),
            BlockKind::Tabset(tabset) => self.tabset(tabset),
            BlockKind::Shortcode(shortcode) => self.block_shortcode(shortcode, block.span),
        }
    }

    /// A paragraph. One that contains only dropped TeX writes nothing.
    fn paragraph(&mut self, inlines: &'a [Inline]) {
        if !inlines.is_empty() && inlines.iter().all(|i| is_nothing(&i.kind)) {
            for inline in inlines {
                if let InlineKind::RawInline(format, text) = &inline.kind {
                    self.raw_inline(format, text, inline.span);
                }
            }
            return;
        }
        self.line(Tag::new("p"), |b| b.inlines(inlines));
    }

    pub(super) fn rule(&mut self) {
        self.void(Tag::new("hr"));
        self.newline();
    }

    /// Reports a cell that was not run; the page shows its code.
    pub(super) fn not_executed(&mut self, language: &str, span: mlsys_book::Span) {
        self.report(Code::CellNotExecuted, span, format!("the `{language}` cell was not run; the page shows its code"));
    }
}

/// True if an inline writes nothing in HTML.
fn is_nothing(kind: &InlineKind) -> bool {
    match kind {
        InlineKind::RawInline(format, _) => !matches!(format.as_str(), "html" | "html4" | "html5"),
        InlineKind::SoftBreak => true,
        InlineKind::Math(math) => crate::math::only_defines(&math.tex),
        InlineKind::Str(s) => s.trim_matches([' ', '\n']).is_empty(),
        InlineKind::LineBreak
        | InlineKind::Emph(_)
        | InlineKind::Strong(_)
        | InlineKind::Strikeout(_)
        | InlineKind::Superscript(_)
        | InlineKind::Subscript(_)
        | InlineKind::Underline(_)
        | InlineKind::SmallCaps(_)
        | InlineKind::Code(..)
        | InlineKind::Link(_)
        | InlineKind::Image(_)
        | InlineKind::Cite(_)
        | InlineKind::Note(_)
        | InlineKind::Span(..)
        | InlineKind::Shortcode(_)
        | InlineKind::ExampleRef(_)
        | InlineKind::Cell(..) => false,
    }
}
