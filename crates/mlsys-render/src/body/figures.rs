//! Figures without a label: an image alone in its paragraph.

use super::Body;
use super::margin::{in_margin, is_margin_class, is_wide_class};
use super::options::CaptionPlace;
use crate::html;
use mlsys_book::{Attr, Figure, Image, Inline, InlineKind, Link, Span, plain_text};

impl<'a> Body<'a> {
    /// An implicit figure.
    pub(super) fn figure(&mut self, figure: &'a Figure) {
        let image = image_of(&figure.content);
        let margin = in_margin(&figure.attr) || image.is_some_and(|(i, _)| in_margin(&i.attr));
        if margin {
            let text = self.captured(|b| b.held(|b| b.figure_in_place(figure, image)));
            self.margin.push(text);
        } else {
            self.figure_in_place(figure, image);
        }
    }

    fn figure_in_place(&mut self, figure: &'a Figure, image: Option<(&'a Image, Span)>) {
        let align = image.and_then(|(i, _)| i.attr.get("fig-align")).or_else(|| figure.attr.get("fig-align"));
        let align = format!("quarto-figure-{}", align.unwrap_or(&self.options.fig_align));
        let wide = image.is_some_and(|(i, _)| i.attr.classes.iter().any(|c| is_wide_class(c)));
        let id = figure.attr.id();
        let mut classes = vec!["quarto-figure", align.as_str()];
        if !id.is_empty() {
            classes.push("anchored");
        }
        self.out.open("div", id, &classes, |_| {});
        self.out.open("figure", "", &["figure"], |_| {});
        let place = image.and_then(|(i, _)| i.attr.get("cap-location").or_else(|| i.attr.get("fig-cap-location")));
        let place = place.and_then(CaptionPlace::from_name).unwrap_or(self.options.fig_cap);
        if place == CaptionPlace::Top {
            self.figure_caption(&figure.caption, place);
        }
        self.out.open("p", "", &[], |_| {});
        if wide {
            self.widen();
        }
        let caption = plain_text(&figure.caption);
        self.held(|b| b.figure_content(&figure.content, &caption, &caption));
        self.out.close("p");
        if place != CaptionPlace::Top {
            self.figure_caption(&figure.caption, place);
        }
        self.out.close("figure");
        self.flush_margin();
        self.out.close("div");
    }

    fn figure_caption(&mut self, caption: &'a [Inline], place: CaptionPlace) {
        if caption.is_empty() {
            return;
        }
        if place == CaptionPlace::Margin {
            self.widen();
            self.push("<figcaption class=\"margin-caption\">");
        } else {
            self.push("<figcaption>");
        }
        self.inlines(caption);
        self.push("</figcaption>\n");
    }

    /// The image of a figure, possibly in a link.
    pub(super) fn figure_content(&mut self, content: &'a [Inline], caption: &str, title: &str) {
        for inline in content {
            match &inline.kind {
                InlineKind::Image(image) => {
                    let image = without_margin(image);
                    self.figure_image(&image, inline.span, &["img-fluid", "figure-img"], caption, title);
                }
                InlineKind::Link(link) => self.linked_figure(link, caption),
                _ => self.inlines(std::slice::from_ref(inline)),
            }
        }
    }

    fn linked_figure(&mut self, link: &'a Link, caption: &str) {
        self.push("<a");
        let url = if super::inlines::is_local(&link.url) { self.address.resource(&link.url) } else { link.url.clone() };
        html::address_attribute(&mut self.out.text, "href", &url);
        self.attr(&link.attr, &[], &[], &["href"]);
        self.push(">");
        for inline in &link.content {
            match &inline.kind {
                InlineKind::Image(image) => {
                    self.image_with(image, inline.span, &["img-fluid", "figure-img"], Some(caption));
                }
                _ => self.flattened(|b| b.inlines(std::slice::from_ref(inline))),
            }
        }
        self.push("</a>");
    }
}

/// The image that a figure consists of, possibly in a link.
pub(crate) fn image_of(content: &[Inline]) -> Option<(&Image, Span)> {
    content.iter().find_map(|inline| match &inline.kind {
        InlineKind::Image(image) => Some((&**image, inline.span)),
        InlineKind::Link(link) => image_of(&link.content),
        _ => None,
    })
}

/// The image without the classes that moved the whole figure.
fn without_margin(image: &Image) -> Image {
    let mut image = image.clone();
    image.attr.classes.retain(|c| !is_margin_class(c));
    image
}

/// Attributes without the classes that moved the whole element into the margin.
pub(super) fn attr_without_margin(attr: &Attr) -> Attr {
    let mut attr = attr.clone();
    attr.classes.retain(|c| !is_margin_class(c));
    attr
}
