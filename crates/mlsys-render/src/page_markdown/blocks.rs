//! Blocks.

use super::Walker;
use super::escape::{inline_code, longest_run};
use crate::body::options::CodeAnnotations;
use crate::body::slots::is_listing;
use crate::code::Annotated;
use mlsys_book::{Attr, Block, BlockKind, CodeBlock, Header, Inline, PAGE_ONLY, PAGE_ONLY_END, Span};

impl<'a> Walker<'a> {
    /// The blocks of the page. Sections of class `appendix` wait for its end.
    pub(super) fn top_level(&mut self, blocks: &'a [Block]) {
        let mut from = 0;
        for (at, block) in blocks.iter().enumerate() {
            let BlockKind::Header(header) = &block.kind else { continue };
            if at < from || !header.attr.has_class("appendix") || self.options.appendix_style == "none" {
                continue;
            }
            self.blocks(blocks.get(from..at).unwrap_or(&[]));
            let ends = |b: &Block| matches!(&b.kind, BlockKind::Header(h) if h.level <= header.level);
            from = blocks.iter().skip(at + 1).position(ends).map_or(blocks.len(), |n| at + 1 + n);
            self.appendix.push((header, block.span, blocks.get(at + 1..from).unwrap_or(&[])));
        }
        self.blocks(blocks.get(from..).unwrap_or(&[]));
    }

    /// Blocks in one container.
    pub(super) fn blocks(&mut self, blocks: &'a [Block]) {
        let mut before: Option<&BlockKind> = None;
        let mut at = 0;
        while let Some(block) = blocks.get(at) {
            if let BlockKind::RawBlock(format, _) = &block.kind
                && format == PAGE_ONLY
            {
                let rest = blocks.get(at + 1..).unwrap_or(&[]);
                let length = page_only_length(rest);
                // Its notes still count, as on the page.
                self.captured(|w| w.blocks(rest.get(..length).unwrap_or(&[])));
                at += length + 2;
                continue;
            }
            if self.annotated_code(blocks.get(at..).unwrap_or(&[])) {
                before = None;
                at += 2;
                continue;
            }
            let is_list = is_list(&block.kind);
            if is_list && before.is_some_and(is_list_kind) {
                // Without it the two would be one list.
                self.paragraph("<!-- -->");
            }
            let tight = is_list && matches!(before, Some(BlockKind::Plain(_)));
            self.block(block, tight);
            for text in std::mem::take(&mut self.margin) {
                self.paragraph(&text);
            }
            before = Some(&block.kind);
            at += 1;
        }
    }

    pub(super) fn block(&mut self, block: &'a Block, tight: bool) {
        match &block.kind {
            BlockKind::Plain(inlines) | BlockKind::Para(inlines) => {
                let text = self.text_of(inlines);
                self.paragraph(&text);
            }
            BlockKind::Header(header) => self.heading(header, block.span),
            BlockKind::CodeBlock(code) => self.code_block(code, block.span),
            BlockKind::Cell(cell) => self.cell(cell, block.span),
            BlockKind::RawBlock(format, text) => self.raw_block(format, text),
            BlockKind::BlockQuote(content) => self.quoted(|w| w.blocks(content)),
            BlockKind::BulletList(items) => self.bullet_list(items, tight),
            BlockKind::OrderedList(list) => self.ordered_list(list, tight),
            BlockKind::DefinitionList(items) => self.definition_list(items),
            BlockKind::LineBlock(lines) => {
                let lines: Vec<String> = lines.iter().map(|line| self.line_of(line)).collect();
                self.paragraph(&lines.join("\\\n"));
            }
            BlockKind::HorizontalRule => self.paragraph("* * *"),
            BlockKind::Table(table) => self.unless_hidden(&table.attr, |w| w.table(table)),
            BlockKind::Div(attr, content) => self.unless_hidden(attr, |w| w.div(attr, content, block.span)),
            BlockKind::Figure(figure) => self.unless_hidden(&figure.attr, |w| w.figure(figure)),
            BlockKind::Float(float) => self.unless_hidden(&float.attr, |w| w.float(float, block.span, false)),
            BlockKind::LayoutPanel(panel) => self.unless_hidden(&panel.attr, |w| {
                w.blocks(&panel.content);
                if let Some(caption) = &panel.caption {
                    w.caption("", "", &caption.content, panel.attr.id());
                }
            }),
            BlockKind::Callout(callout) => self.unless_hidden(&callout.attr, |w| w.callout(callout, block.span)),
            BlockKind::Theorem(theorem) => self.unless_hidden(&theorem.attr, |w| w.theorem(theorem, block.span)),
            BlockKind::Proof(proof) => self.unless_hidden(&proof.attr, |w| w.proof(proof, block.span)),
            BlockKind::Algorithm(algorithm) => self.algorithm(algorithm, block.span),
            BlockKind::Tabset(tabset) => self.unless_hidden(&tabset.attr, |w| w.tabset(tabset)),
            BlockKind::Shortcode(shortcode) => self.block_shortcode(shortcode),
        }
    }

    /// A quotation; nothing if it would be empty.
    pub(super) fn quoted(&mut self, write: impl FnOnce(&mut Self)) {
        let container = self.out.open("> ", "> ", false);
        write(self);
        self.out.close(container);
    }

    pub(super) fn heading(&mut self, header: &'a Header, span: Span) {
        self.unless_hidden(&header.attr, |w| {
            let number = w.links.numbers.get(&span.start).filter(|number| number.shown);
            let number = number.map(|number| format!("{} ", number.text)).unwrap_or_default();
            let text = w.line_of(&header.content);
            let anchor = w.anchor(header.attr.id());
            let space = if anchor.is_empty() { "" } else { " " };
            let marks = "#".repeat(header.level.clamp(1, 6).into());
            w.paragraph(&format!("{marks} {number}{text}{space}{anchor}"));
        });
    }

    /// HTML that authors wrote stays, apart from what only browsers read.
    fn raw_block(&mut self, format: &str, text: &str) {
        if !matches!(format, "html" | "html4" | "html5") {
            return;
        }
        let html = self.urls.raw_html(text.trim_matches('\n'));
        let start = html.trim_start().get(1..7).unwrap_or("").to_ascii_lowercase();
        if html.trim().is_empty() || ["script", "style", "!--"].iter().any(|name| start.starts_with(name)) {
            return;
        }
        self.out.begin(false);
        self.out.lines(&super::output::without_blank_lines(&html));
    }

    /// Code between fences.
    pub(super) fn fenced(&mut self, language: &str, text: &str) {
        let fence = "`".repeat(longest_run(text, b'`').max(2) + 1);
        self.out.begin(false);
        self.out.lines(&format!("{fence}{language}\n"));
        self.out.lines(text.trim_end_matches('\n'));
        self.out.lines(&format!("\n{fence}"));
    }

    fn code_block(&mut self, block: &'a CodeBlock, span: Span) {
        if self.media.diagrams.contains_key(&span.start) {
            return self.fenced(block.language().unwrap_or(""), &block.text);
        }
        match block.language().filter(|language| language.starts_with('{') && language.ends_with('}')) {
            // Doubled braces show how a cell is written.
            Some(language) => self.fenced("", &format!("```{language}\n{}\n```", block.text)),
            None => self.listing(&block.attr, &block.text),
        }
    }

    fn listing(&mut self, attr: &'a Attr, text: &str) {
        self.unless_hidden(attr, |w| {
            if let Some(name) = attr.get("filename") {
                w.paragraph(&inline_code(name));
            }
            let is_name = |class: &&String| {
                !class.is_empty() && class.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-_#.".contains(&b))
            };
            let no_language = ["cell-code", "numberLines", "code-with-copy"];
            let language = attr.classes.first().filter(is_name).filter(|class| !no_language.contains(&class.as_str()));
            w.fenced(language.map_or("", String::as_str), text);
        });
    }

    /// Annotated code with its notes. True if the blocks begin with such a pair.
    fn annotated_code(&mut self, blocks: &'a [Block]) -> bool {
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
            self.listing(&block.attr, &annotated.text);
            return true;
        }
        // The comments with the numbers stay: they say which lines a note is about.
        self.listing(&block.attr, &block.text);
        self.ordered_list(list, false);
        true
    }

    /// A div: a numbered box, the reference list, a listing, or its content.
    fn div(&mut self, attr: &'a Attr, content: &'a [Block], span: Span) {
        if let Some(class) = self.options.box_of(attr) {
            return self.numbered_box(attr, content, span, class);
        }
        if attr.id() == "refs" {
            if self.options.lists_works(self.links) {
                self.references();
            }
            return;
        }
        if is_listing(&self.chapter.meta, attr) {
            return self.listings(Some(attr.id()));
        }
        let anchor = self.anchor(attr.id());
        self.paragraph(&anchor);
        self.blocks(content);
    }

    /// A caption: the number with its word in bold, and the text.
    pub(super) fn caption(&mut self, label: &str, delim: &str, text: &'a [Inline], id: &str) {
        let text = self.line_of(text);
        let delim = if label.is_empty() || text.is_empty() { "" } else { delim };
        let label = match label {
            "" => String::new(),
            label => format!("**{}**", self.escaped(&format!("{label}{}", delim.trim_end()))),
        };
        let space = if label.is_empty() || text.is_empty() { "" } else { " " };
        let anchor = self.anchor(id);
        self.paragraph(&format!("{anchor}{label}{space}{text}"));
    }
}

/// How many of the blocks come before the end of what only the page has.
fn page_only_length(blocks: &[Block]) -> usize {
    let mut depth = 0;
    let end = blocks.iter().position(|block| {
        if let BlockKind::RawBlock(format, _) = &block.kind {
            depth += i32::from(format == PAGE_ONLY) - i32::from(format == PAGE_ONLY_END);
        }
        depth < 0
    });
    end.unwrap_or(blocks.len())
}

fn is_list(kind: &BlockKind) -> bool {
    matches!(kind, BlockKind::BulletList(_) | BlockKind::OrderedList(_))
}

fn is_list_kind(kind: &BlockKind) -> bool {
    is_list(kind)
}
