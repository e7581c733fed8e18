//! Generic divs.

use super::Body;
use super::layout::is_bare_image;
use super::margin::{in_margin, is_margin_class, is_wide_class};
use super::slots::is_listing;
use crate::html::{Elements, Tag};
use mlsys_book::{Attr, Block, BlockKind, MARKDOWN_ONLY, Span, Value, key};

/// True if a div has the text of an about page. Source: Quarto, "Creating an About Page", custom placement.
fn is_about(meta: &Value, attr: &Attr) -> bool {
    let id = meta.read(key!("about.id"));
    id.is_some_and(|id| !id.is_empty() && id == attr.id())
}

impl<'a> Body<'a> {
    /// A div: a numbered box, margin content, the reference list, a listing, a section, or a plain div.
    pub(super) fn div(&mut self, attr: &'a Attr, content: &'a [Block], span: Span) {
        let is_computed = self.is_computed;
        self.is_computed |= attr.has_class("cell") && !attr.has_class("plain");
        self.div_by_kind(attr, content, span);
        self.is_computed = is_computed;
    }

    fn div_by_kind(&mut self, attr: &'a Attr, content: &'a [Block], span: Span) {
        if attr.has_class(MARKDOWN_ONLY) {
            return;
        }
        if let Some(class) = self.options.box_of(attr) {
            self.numbered_box(attr, content, span, class);
            return;
        }
        if attr.id() == "refs" {
            // With all works in the margin there is no list.
            if self.options.lists_works(self.links) {
                self.references();
            }
            return;
        }
        if in_margin(attr) {
            let text = self.captured(|b| b.held(|b| b.margin_div(attr, content)));
            self.margin.push(text);
            return;
        }
        if attr.classes.iter().any(|c| is_wide_class(c)) {
            self.widen();
        }
        let column = ["column", "columns"].iter().any(|c| attr.has_class(c));
        if is_listing(&self.chapter.meta, attr) {
            return self.slot(attr);
        }
        if self.about.is_none() && is_about(&self.chapter.meta, attr) {
            self.about = Some(self.captured(|b| b.sectioned(content)));
            return;
        }
        if let Some((Block { kind: BlockKind::Header(header), span: heading }, rest)) = content.split_first() {
            let is_section =
                !column && rest.iter().all(|b| !matches!(&b.kind, BlockKind::Header(h) if h.level <= header.level));
            let same_id = attr.id().is_empty()
                || header.attr.id.as_ref().is_none_or(|id| id.automatic)
                || attr.id() == header.attr.id();
            if is_section && same_id {
                self.section_div(header, *heading, rest, attr);
                return;
            }
        }
        self.plain_div(attr, content, column);
    }

    fn margin_div(&mut self, attr: &'a Attr, content: &'a [Block]) {
        if is_listing(&self.chapter.meta, attr) {
            return self.slot(attr);
        }
        let tag = Tag::new("div").id(attr.id()).when(attr.has_class("aside"), |t| t.class("margin-aside"));
        let classes = attr.classes.iter().map(String::as_str).filter(|c| !is_margin_class(c));
        self.lines(tag.classes(classes).pairs(attr, &[]), |b| b.blocks(content));
    }

    fn plain_div(&mut self, attr: &'a Attr, content: &'a [Block], column: bool) {
        let mut tag = Tag::new("div").id(attr.id()).author_classes(attr).spans_columns();
        let width = attr.get("width").filter(|_| column);
        if let Some(width) = width {
            // A column's width is a style, not an attribute. Source: Pandoc manual, "Columns".
            tag = tag.attr("style", format!("width:{width};{}", attr.get("style").unwrap_or("")));
        }
        let skip: &[&str] = if width.is_some() { &["width", "style"] } else { &[] };
        self.lines(tag.pairs(attr, skip), |b| match content {
            [block] if attr.has_class("cell-output-display") && is_bare_image(block) => b.output_image(block),
            content => b.sectioned(content),
        });
    }

    /// The image of a cell's output: a figure without caption.
    fn output_image(&mut self, block: &'a Block) {
        let (BlockKind::Para(content) | BlockKind::Plain(content)) = &block.kind else { return };
        self.line(Tag::new("div"), |b| {
            b.line(Tag::new("figure").class("figure"), |b| {
                b.line(Tag::new("p"), |b| b.figure_content(content, "", ""));
            });
        });
    }
}
