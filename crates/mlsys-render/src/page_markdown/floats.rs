//! Figures, floats, cells and images.

use super::Walker;
use super::escape::destination;
use crate::body::figures::image_of;
use crate::body::options::CaptionPlace;
use mlsys_book::{BlockKind, Cell, Figure, Float, Image, Inline, Span, label_kind, plain_text};

impl<'a> Walker<'a> {
    /// An implicit figure: the image, then its caption if the image has a description of its own.
    pub(super) fn figure(&mut self, figure: &'a Figure) {
        let image = image_of(&figure.content).map(|(image, _)| image);
        let own = image.and_then(|image| image.attr.get("fig-alt").or_else(|| image.attr.get("alt")));
        let anchor = self.anchor(figure.attr.id());
        let Some(image) = image.filter(|_| own.is_none_or(|own| own == plain_text(&figure.caption))) else {
            let text = self.line_of(&figure.content);
            self.paragraph(&format!("{anchor}{text}"));
            return self.caption("", "", &figure.caption, "");
        };
        // The caption is the description; its notes and citations stay in it.
        let caption = self.line_of(&figure.caption);
        let text = self.image_with(image, &caption);
        self.paragraph(&format!("{anchor}{text}"));
    }

    /// A float: its content and its caption with the number. `part` is true for a part of another float.
    pub(super) fn float(&mut self, float: &'a Float, span: Span, part: bool) {
        let own = float.attr.get(&format!("{}-cap-location", float.kind)).or_else(|| float.attr.get("cap-location"));
        let place = own.and_then(CaptionPlace::from_name).unwrap_or(self.options.caption_place(&float.kind));
        let text = float.caption.as_ref().map_or(&[][..], |caption| &caption.content);
        let links = self.links;
        let delim = if part { " " } else { &links.title_delim };
        let label = links.numbers.get(&span.start).map_or("", |number| &number.label);
        if place == CaptionPlace::Top {
            self.caption(label, delim, text, &float.label.name);
        }
        for block in &float.content {
            if let BlockKind::Float(inner) = &block.kind {
                self.unless_hidden(&inner.attr, |w| w.float(inner, block.span, true));
            } else {
                self.blocks(std::slice::from_ref(block));
            }
        }
        if place != CaptionPlace::Top {
            self.caption(label, delim, text, &float.label.name);
        }
    }

    /// An executable cell that did not run: its code. A diagram is its source, which says more than the words in the picture.
    pub(super) fn cell(&mut self, cell: &'a Cell, span: Span) {
        let id = if cell.attr.id().is_empty() { cell.option("label").unwrap_or("") } else { cell.attr.id() };
        let links = self.links;
        let number = links.numbers.get(&span.start).filter(|_| !id.is_empty());
        let place = self.options.caption_place(&label_kind(id).unwrap_or_default());
        let text: &'a [Inline] = cell.caption.as_deref().unwrap_or(&[]);
        let caption = |w: &mut Self| {
            if let Some(number) = number {
                w.caption(&number.label, &links.title_delim, text, id);
            }
        };
        if place == CaptionPlace::Top {
            caption(self);
        }
        self.fenced(&cell.language, &cell.text);
        if place != CaptionPlace::Top {
            caption(self);
        }
    }

    pub(super) fn image(&mut self, image: &'a Image) -> String {
        let own = image.attr.get("fig-alt").or_else(|| image.attr.get("alt"));
        let alt = own.map_or_else(|| plain_text(&image.content), str::to_owned);
        let alt = self.escaped(&alt);
        self.image_with(image, &alt)
    }

    fn image_with(&mut self, image: &'a Image, description: &str) -> String {
        let title = match image.title.as_str() {
            "" => String::new(),
            title => format!(" \"{}\"", title.replace('\\', "\\\\").replace('"', "\\\"")),
        };
        let url = destination(&self.urls.resource(&image.url));
        format!("{}![{description}]({url}{title})", self.anchor(image.attr.id()))
    }
}
