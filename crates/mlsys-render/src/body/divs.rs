//! Divs that are nothing more.

use super::Body;
use super::figures::attr_without_margin;
use super::margin::{in_margin, is_wide_class};
use super::slots::is_listing;
use crate::html;
use mlsys_book::{Attr, Block, BlockKind, Span};

impl<'a> Body<'a> {
    /// A div: a numbered box, margin content, the place of the reference list or of a listing, a section, or just a div.
    pub(super) fn div(&mut self, attr: &'a Attr, content: &'a [Block], span: Span) {
        if let Some(class) = self.options.box_of(attr) {
            self.numbered_box(attr, content, span, class);
            return;
        }
        if attr.id() == "refs" {
            // With every work in the margin there is no list to put here.
            if self.wants_references() {
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
        let aside = attr.has_class("aside");
        self.push("<div");
        self.attr(&attr_without_margin(attr), if aside { &["margin-aside"] } else { &[] }, &[], &[]);
        self.push(">\n");
        self.blocks(content);
        self.push("</div>\n");
    }

    fn plain_div(&mut self, attr: &'a Attr, content: &'a [Block], column: bool) {
        let classes: Vec<&str> = attr.classes.iter().map(String::as_str).collect();
        let width = attr.get("width").filter(|_| column).map(str::to_owned);
        self.out.open("div", attr.id(), &classes, |out| {
            let mut skip: Vec<&str> = Vec::new();
            if let Some(width) = &width {
                // A column's width is a style, not an attribute. Source: Pandoc manual, "Columns".
                let style = match attr.get("style") {
                    Some(style) => format!("width:{width};{style}"),
                    None => format!("width:{width};"),
                };
                html::attribute(out, "style", &style);
                skip.extend(["width", "style"]);
            }
            html::pairs(out, attr, &skip);
        });
        self.push("\n");
        self.sectioned(content);
        self.out.close("div");
    }
}
