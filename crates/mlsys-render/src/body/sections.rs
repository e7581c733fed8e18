//! Headings and the sections they begin.

use super::options::NotePlace;
use super::{Body, TocEntry};
use crate::html;
use mlsys_book::{Attr, Block, BlockKind, Header, Number, Span};

impl<'a> Body<'a> {
    /// The blocks of the page: sections of class `appendix` are kept for its end.
    pub(super) fn top_level(&mut self, blocks: &'a [Block]) {
        self.sections(blocks, true);
    }

    /// Blocks in a place where headings make sections: the page, and divs of any kind.
    pub(super) fn sectioned(&mut self, blocks: &'a [Block]) {
        self.sections(blocks, false);
    }

    fn sections(&mut self, blocks: &'a [Block], top: bool) {
        let mut open: Vec<u8> = Vec::new();
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
                let end = section_end(blocks, at, header.level);
                let section = self.captured(|b| b.appendix_section(header, block.span, &blocks[at..end]));
                self.appendix.push(section);
                at = end;
                continue;
            }
            if self.options.plain {
                self.heading(header, block.span, true);
                let number = self.shown_number(block.span);
                self.list_heading(header, number);
                continue;
            }
            open.push(header.level);
            self.open_section(header, block.span, None);
            self.heading(header, block.span, false);
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
    fn close_sections(&mut self, open: &mut Vec<u8>, level: u8, top: bool) {
        if open.first().is_none_or(|first| *first >= level) && top {
            // The outermost section ends here, and its notes belong to it.
            self.notes_here(NotePlace::Section);
        }
        while open.last().is_some_and(|l| *l >= level) {
            open.pop();
            self.out.close("section");
        }
    }

    /// A section with its heading and content, for a div that is one. Source: Pandoc, `makeSections`.
    pub(super) fn section_div(&mut self, header: &'a Header, span: Span, rest: &'a [Block], div: &Attr) {
        self.open_section(header, span, Some(div));
        self.heading(header, span, false);
        self.sectioned(rest);
        self.out.close("section");
    }

    fn open_section(&mut self, header: &Header, span: Span, div: Option<&Attr>) {
        let level = format!("level{}", header.level);
        let mut classes = vec![level.as_str()];
        classes.extend(header.attr.classes.iter().map(String::as_str));
        let wide = header.attr.classes.iter().any(|c| super::margin::is_wide_class(c));
        let mut id = header.attr.id();
        if let Some(div) = div {
            classes.extend(div.classes.iter().map(String::as_str));
            if header.attr.id.as_ref().is_none_or(|id| id.automatic) && !div.id().is_empty() {
                id = div.id();
            }
        }
        if wide {
            self.widen();
        }
        let number = self.shown_number(span).map(|n| n.text.clone());
        self.out.open("section", id, &classes, |out| {
            if let Some(number) = &number {
                html::attribute(out, "data-number", number);
            }
            html::pairs(out, &header.attr, &["number"]);
            if let Some(div) = div {
                html::pairs(out, div, &[]);
            }
        });
    }

    /// The number of a heading, where the page shows it.
    fn shown_number(&self, span: Span) -> Option<&'a Number> {
        self.links.numbers.get(&span.start).filter(|n| n.shown)
    }

    /// A heading. Where no section carries its id (`own_id`: in lists and quotations) it does so itself.
    pub(super) fn heading(&mut self, header: &'a Header, span: Span, own_id: bool) {
        self.last_level = header.level;
        let number = self.shown_number(span);
        let tag = ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(header.level.clamp(1, 6)) - 1];
        let anchored = header.level > 1 && self.options.anchor_sections && !header.attr.has_class("no-anchor");
        self.push("<");
        self.push(tag);
        let id = header.attr.id();
        if own_id && !id.is_empty() {
            html::attribute(&mut self.out.text, "id", id);
        }
        let mut classes: Vec<&str> = header.attr.classes.iter().map(String::as_str).collect();
        // The section has the classes for columns.
        classes.retain(|c| !super::margin::is_wide_class(c));
        if anchored {
            classes.push("anchored");
        }
        if !classes.is_empty() {
            html::attribute(&mut self.out.text, "class", &classes.join(" "));
        }
        if let Some(number) = number {
            html::attribute(&mut self.out.text, "data-number", &number.text);
        }
        if header.level > 1 && !id.is_empty() && !own_id {
            html::attribute(&mut self.out.text, "data-anchor-id", id);
        }
        html::pairs(&mut self.out.text, &header.attr, &["number"]);
        self.push(">");
        if let Some(number) = number {
            self.push("<span class=\"header-section-number\">");
            self.text(&number.label);
            self.push("</span> ");
        }
        self.inlines(&header.content);
        self.push("</");
        self.push(tag);
        self.push(">\n");
        if !own_id {
            self.list_heading(header, number);
        }
    }

    /// Adds a heading to the table of contents.
    fn list_heading(&mut self, header: &'a Header, number: Option<&Number>) {
        if header.level > self.options.toc_depth || header.attr.has_class("unlisted") || header.attr.id().is_empty() {
            return;
        }
        let html = self.captured(|b| b.flattened(|b| b.inlines(&header.content)));
        self.toc.push(TocEntry {
            level: header.level,
            id: header.attr.id().to_owned(),
            html,
            number: number.map(|n| n.text.clone()),
            children: Vec::new(),
        });
    }

    /// A section of the appendix.
    fn appendix_section(&mut self, header: &'a Header, span: Span, content: &'a [Block]) {
        self.open_section(header, span, None);
        self.last_level = 2;
        self.push("<h2 class=\"anchored quarto-appendix-heading\">");
        if let Some(number) = self.shown_number(span) {
            self.push("<span class=\"header-section-number\">");
            self.text(&number.text);
            self.push("</span> ");
        }
        self.inlines(&header.content);
        self.push("</h2>\n");
        let number = self.shown_number(span);
        self.list_heading(header, number);
        self.out.open("div", "", &["quarto-appendix-contents"], |_| {});
        self.sectioned(content);
        self.out.close("div");
        self.out.close("section");
    }
}

/// Where the section that a heading of `level` began before `from` ends.
fn section_end(blocks: &[Block], from: usize, level: u8) -> usize {
    let ends = |b: &Block| matches!(&b.kind, BlockKind::Header(h) if h.level <= level);
    blocks.iter().skip(from).position(ends).map_or(blocks.len(), |n| from + n)
}
