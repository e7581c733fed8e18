//! Diagrams: rendered images, or the source in a box if no program rendered it.

use super::{Body, Medium};
use crate::html::{Elements, Tag};
use mlsys_book::{Cell, CodeBlock, Diagram, Drawing, Span, name};

impl<'a> Body<'a> {
    /// Writes a code block as a diagram. False if it is none.
    pub(super) fn diagram(&mut self, code: &CodeBlock, span: Span) -> bool {
        let alt = code.attr.get("fig-alt").or_else(|| code.attr.get("alt"));
        self.drawing_or_source(span, alt, code.language().unwrap_or(""), &code.text)
    }

    /// The image of a diagram, or its source in a box if no program rendered it, so that figures keep their places and
    /// numbers. False if the block is no diagram.
    fn drawing_or_source(&mut self, span: Span, alt: Option<&str>, language: &str, source: &str) -> bool {
        match self.media.diagrams.get(&span.start) {
            Some(Diagram::Drawn(drawing)) => self.drawing(drawing, alt.unwrap_or("")),
            Some(Diagram::Source) => self.source_box(language, source),
            None => return false,
        }
        true
    }

    /// The image of a diagram. The alternative text is the author's `alt`, or the figure's caption, or the words in the image.
    fn drawing(&mut self, drawing: &Drawing, alt: &str) {
        let url = self.urls.resource(&drawing.url);
        let (caption, title) = self.picture.clone();
        self.counters.images += 1;
        let alt = [alt, &caption, &drawing.words].into_iter().find(|text| !text.is_empty()).unwrap_or("");
        let image = Tag::new("img").class("img-fluid figure-img mlsys-diagram").url("src", &url).attr("alt", alt);
        let image = image.attr("width", drawing.width.to_string()).attr("height", drawing.height.to_string());
        let image = image.when(self.counters.images > 1, |t| t.attr("loading", "lazy"));
        if self.options.lightbox && !self.flat && self.medium == Medium::Html {
            let link = self.lightbox_link(&url, None, None, &title);
            self.element(link, |b| b.void(image));
        } else {
            self.void(image);
        }
    }

    fn source_box(&mut self, language: &str, source: &str) {
        self.lines(Tag::new("div").class("mlsys-diagram-source"), |b| {
            // It scrolls, so it must be reachable by keyboard.
            b.line(Tag::new("pre").attr("class", language).attr("tabindex", "0"), |b| b.leaf(Tag::new("code"), source));
        });
    }

    /// An executable cell that was not run: the image of its diagram, or its code.
    pub(super) fn cell(&mut self, cell: &'a Cell, span: Span) {
        let label = if cell.attr.id().is_empty() { cell.option("label").unwrap_or("") } else { cell.attr.id() };
        let caption = cell.caption.as_deref().unwrap_or(&[]);
        self.lines(Tag::new("div").class("cell"), |b| {
            if b.links.numbers.contains_key(&span.start) && !label.is_empty() {
                b.picture = (mlsys_book::plain_text(caption), String::new());
                b.cell_float(label, caption, span, |b| b.cell_content(cell, span));
                b.picture = Default::default();
            } else {
                b.cell_content(cell, span);
            }
        });
    }

    fn cell_content(&mut self, cell: &'a Cell, span: Span) {
        if self.drawing_or_source(span, cell.option("fig-alt"), &cell.language, &cell.text) {
            self.newline();
            return;
        }
        // A cell with `eval: false` needs no diagnostic.
        let off = |value: Option<&mlsys_book::Value>| value.and_then(mlsys_book::Value::as_bool) == Some(false);
        let execute = self.chapter.meta.value(name!("execute"));
        let page_off = off(execute.and_then(|e| e.value(name!("execute", "eval"))))
            || off(execute.and_then(|e| e.value(name!("execute", "enabled"))));
        if cell.option("eval").map_or(!page_off, |eval| eval != "false") {
            self.not_executed(&cell.language, span);
        }
        self.code(&cell.language, &cell.text, span);
    }
}
