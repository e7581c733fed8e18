//! Headings and their sections.

use super::options::NotePlace;
use super::{Body, TocEntry};
use crate::html::{Elements, Open, Tag};
use mlsys_book::{Attr, Block, BlockKind, Chapter, Header, Links, Number, Span};

impl<'a> Body<'a> {
    /// The blocks of the page. Sections with the class `appendix` are kept for its end.
    pub(super) fn top_level(&mut self, blocks: &'a [Block]) {
        self.sections(blocks, true);
    }

    /// Blocks where headings create sections: the page, and divs of any kind.
    pub(super) fn sectioned(&mut self, blocks: &'a [Block]) {
        self.sections(blocks, false);
    }

    fn sections(&mut self, blocks: &'a [Block], top: bool) {
        let mut open: Vec<OpenSection> = Vec::new();
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
            if self.options.plain || !self.options.section_divs {
                self.heading(header, block.span, true);
                let number = self.shown_number(block.span);
                self.list_heading(header, number);
                continue;
            }
            let section = self.section(header, block.span, None);
            open.push(OpenSection { level: header.level, element: self.open(section) });
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

    /// Closes the sections that a heading of `level` ends.
    fn close_sections(&mut self, open: &mut Vec<OpenSection>, level: u8, top: bool) {
        if open.first().is_none_or(|first| first.level >= level) && top {
            // The outermost section ends here; its notes are part of it.
            self.notes_here(NotePlace::Section);
        }
        while let Some(section) = open.pop_if(|last| last.level >= level) {
            self.close(section.element);
            self.newline();
        }
    }

    /// A section with its heading and content, for a div that is one. Source: Pandoc, `makeSections`.
    pub(super) fn section_div(&mut self, header: &'a Header, span: Span, rest: &'a [Block], div: &Attr) {
        let section = self.section(header, span, Some(div));
        self.line(section, |b| {
            b.heading(header, span, false);
            b.sectioned(rest);
        });
    }

    /// The start tag of a section.
    fn section(&mut self, header: &Header, span: Span, div: Option<&Attr>) -> Tag {
        if header.attr.classes.iter().any(|c| super::margin::is_wide_class(c)) {
            self.widen();
        }
        let is_automatic = header.attr.id.as_ref().is_none_or(|id| id.automatic);
        let id = match div.map(Attr::id) {
            Some(id) if is_automatic && !id.is_empty() => id,
            Some(_) | None => header.attr.id(),
        };
        let tag = Tag::new("section").id(id).class(&format!("level{}", header.level)).author_classes(&header.attr);
        let tag = div.into_iter().fold(tag, Tag::author_classes).spans_columns();
        let tag = tag.maybe("data-number", self.shown_number(span).map(|number| &number.text));
        div.into_iter().fold(tag.pairs(&header.attr, &["number"]), |tag, div| tag.pairs(div, &[]))
    }

    /// The number of a heading, if the page shows it.
    fn shown_number(&self, span: Span) -> Option<&'a Number> {
        self.links.numbers.get(&span.start).filter(|n| n.shown)
    }

    /// A heading. It has its id itself (`own_id`) where no section does: in lists and quotations.
    pub(super) fn heading(&mut self, header: &'a Header, span: Span, own_id: bool) {
        self.last_level = header.level;
        let number = self.shown_number(span);
        let anchored = header.level > 1 && self.options.anchor_sections && !header.attr.has_class("no-anchor");
        let id = header.attr.id();
        // The column classes are on the section.
        let classes = header.attr.classes.iter().map(String::as_str).filter(|c| !super::margin::is_wide_class(c));
        let tag = Tag::heading(header.level.into()).when(own_id, |t| t.id(id)).classes(classes);
        let tag = tag.when(anchored, |t| t.class("anchored")).maybe("data-number", number.map(|number| &number.text));
        let tag = tag.when(header.level > 1 && !own_id, |t| t.unless_empty("data-anchor-id", id));
        self.line(tag.pairs(&header.attr, &["number"]), |b| {
            if let Some(number) = number {
                b.leaf(Tag::new("span").class("header-section-number"), &number.label);
                b.text(" ");
            }
            b.inlines(&header.content);
        });
        if !own_id {
            self.list_heading(header, number);
        }
    }

    /// Adds a heading to the table of contents.
    fn list_heading(&mut self, header: &'a Header, number: Option<&Number>) {
        if self.out_of_contents > 0 {
            return;
        }
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
        let section = self.section(header, span, None);
        self.line(section, |b| {
            b.last_level = 2;
            let number = b.shown_number(span);
            b.line(Tag::new("h2").class("anchored").class("quarto-appendix-heading"), |b| {
                if let Some(number) = number {
                    b.leaf(Tag::new("span").class("header-section-number"), &number.text);
                    b.text(" ");
                }
                b.inlines(&header.content);
            });
            b.list_heading(header, number);
            let tag = Tag::new("div").class("quarto-appendix-contents").spans_columns();
            b.line(tag, |b| b.sectioned(content));
        });
    }
}

/// An open section.
struct OpenSection {
    level: u8,
    element: Open,
}

/// The index at which the section of a heading of `level` ends.
fn section_end(blocks: &[Block], from: usize, level: u8) -> usize {
    let ends = |b: &Block| matches!(&b.kind, BlockKind::Header(h) if h.level <= level);
    blocks.iter().skip(from).position(ends).map_or(blocks.len(), |n| from + n)
}

/// The heading that is the page's title, with its index among the blocks.
pub(crate) fn title_heading<'a>(chapter: &'a Chapter, links: &Links) -> Option<(usize, &'a Header)> {
    let start = links.title_heading?;
    let is_title = |block: &Block| block.span.start == start && matches!(block.kind, BlockKind::Header(_));
    let at = chapter.blocks.iter().position(is_title)?;
    let BlockKind::Header(header) = &chapter.blocks[at].kind else { return None };
    Some((at, header))
}
