//! Figures, floats, layouts, cells and diagrams.

use super::lines::Event;
use super::{Purpose, Walker, is_hidden};
use crate::body::figures::image_of;
use crate::body::margin::in_margin;
use crate::body::options::CaptionPlace;
use mlsys_book::{BlockKind, Cell, Diagram, Figure, Float, Image, Inline, LayoutPanel, Span, label_kind};

impl<'a> Walker<'a> {
    /// An implicit figure.
    pub(super) fn figure(&mut self, figure: &'a Figure) {
        let image = image_of(&figure.content).map(|(image, _)| image);
        let is_margin = in_margin(&figure.attr) || image.is_some_and(|image| in_margin(&image.attr));
        self.in_margin_or_here(is_margin, |w| w.figure_here(figure, image));
    }

    fn figure_here(&mut self, figure: &'a Figure, image: Option<&'a Image>) {
        let own = image.and_then(|i| i.attr.get("cap-location").or_else(|| i.attr.get("fig-cap-location")));
        let place = own.and_then(CaptionPlace::from_name).unwrap_or(self.options.fig_cap);
        let caption = |w: &mut Self| w.caption("", "", &figure.caption);
        self.line();
        if place == CaptionPlace::Top {
            caption(self);
        }
        self.held(|w| w.inlines(&figure.content));
        self.line();
        if place != CaptionPlace::Top {
            caption(self);
        }
        self.flush_margin();
    }

    /// A float. `part` is true for a part of another float.
    pub(super) fn float(&mut self, float: &'a Float, span: Span, part: bool) {
        self.in_margin_or_here(in_margin(&float.attr), |w| w.float_here(float, span, part));
    }

    fn float_here(&mut self, float: &'a Float, span: Span, part: bool) {
        let own = float.attr.get(&format!("{}-cap-location", float.kind)).or_else(|| float.attr.get("cap-location"));
        let place = own.and_then(CaptionPlace::from_name).unwrap_or(self.options.caption_place(&float.kind));
        let text = float.caption.as_ref().map_or(&[][..], |caption| &caption.content);
        let delim = if part { " " } else { &self.links.title_delim };
        let label = self.label(span);
        let hides = is_hidden(&float.attr);
        if hides {
            self.events.push(Event::Hide);
        }
        self.line();
        if place == CaptionPlace::Top {
            self.caption(label, delim, text);
        }
        self.hold += 1;
        for block in &float.content {
            if let BlockKind::Float(inner) = &block.kind {
                self.float(inner, block.span, true);
            } else {
                self.sections(std::slice::from_ref(block), false);
            }
        }
        self.hold -= 1;
        self.line();
        if place != CaptionPlace::Top {
            self.caption(label, delim, text);
        }
        self.flush_margin();
        self.line();
        if hides {
            self.events.push(Event::Show);
        }
    }

    /// Blocks in rows, without a label.
    pub(super) fn layout_panel(&mut self, panel: &'a LayoutPanel) {
        self.line();
        self.held(|w| w.sections(&panel.content, false));
        if let Some(caption) = &panel.caption {
            self.in_lines(|w| w.inlines(&caption.content));
        }
        self.line();
    }

    /// An executable cell: its code, or nothing where a diagram was drawn.
    pub(super) fn cell(&mut self, cell: &'a Cell, span: Span) {
        let id = if cell.attr.id().is_empty() { cell.option("label").unwrap_or("") } else { cell.attr.id() };
        let content = |w: &mut Self| {
            if !w.diagram(span, cell.option("fig-alt"), &cell.text) {
                w.code(cell.text.as_str());
            }
        };
        if id.is_empty() || !self.links.numbers.contains_key(&span.start) {
            return content(self);
        }
        let place = self.options.caption_place(&label_kind(id).unwrap_or_default());
        let text: &'a [Inline] = cell.caption.as_deref().unwrap_or(&[]);
        let caption = |w: &mut Self| w.caption(w.label(span), &w.links.title_delim, text);
        if place == CaptionPlace::Top {
            caption(self);
        }
        self.held(content);
        if place != CaptionPlace::Top {
            caption(self);
        }
        self.flush_margin();
    }

    /// A diagram; only a document says something of the picture. False if the block is none.
    pub(super) fn diagram(&mut self, span: Span, alt: Option<&'a str>, source: &'a str) -> bool {
        let Some(diagram) = self.media.diagrams.get(&span.start) else { return false };
        match (self.purpose, diagram) {
            (Purpose::Search | Purpose::SearchJson, Diagram::Drawn(_) | Diagram::Source) => {}
            (Purpose::Document, Diagram::Drawn(drawing)) => {
                let words = alt.filter(|alt| !alt.is_empty()).unwrap_or(&drawing.words);
                self.in_lines(|w| w.text(format!("[{words}]")));
            }
            (Purpose::Document, Diagram::Source) => self.code(source),
        }
        true
    }
}
