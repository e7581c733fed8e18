//! Figures without a label: an image alone in its paragraph.

use super::Body;
use super::margin::{in_margin, is_margin_class, is_wide_class};
use super::options::CaptionPlace;
use crate::html::{Elements, Tag};
use mlsys_book::{Figure, Image, Inline, InlineKind, Link, Span, plain_text};

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
        let place = image.and_then(|(i, _)| i.attr.get("cap-location").or_else(|| i.attr.get("fig-cap-location")));
        let place = place.and_then(CaptionPlace::from_name).unwrap_or(self.options.fig_cap);
        let caption = plain_text(&figure.caption);
        let tag = Tag::new("div").id(id).class("quarto-figure").class(&align);
        self.line(tag.when(!id.is_empty(), |t| t.class("anchored")).spans_columns(), |b| {
            b.line(Tag::new("figure").class("figure").spans_columns(), |b| {
                if place == CaptionPlace::Top {
                    b.figure_caption(&figure.caption, place);
                }
                b.line(Tag::new("p").spans_columns(), |b| {
                    if wide {
                        b.widen();
                    }
                    b.held(|b| b.figure_content(&figure.content, &caption, &caption));
                });
                if place != CaptionPlace::Top {
                    b.figure_caption(&figure.caption, place);
                }
            });
            b.flush_margin();
        });
    }

    fn figure_caption(&mut self, caption: &'a [Inline], place: CaptionPlace) {
        if caption.is_empty() {
            return;
        }
        let in_margin = place == CaptionPlace::Margin;
        if in_margin {
            self.widen();
        }
        let tag = Tag::new("figcaption").when(in_margin, |t| t.class("margin-caption"));
        self.line(tag, |b| b.inlines(caption));
    }

    /// The image of a figure, possibly in a link.
    pub(super) fn figure_content(&mut self, content: &'a [Inline], caption: &str, title: &str) {
        for inline in content {
            if let InlineKind::Image(image) = &inline.kind {
                let image = without_margin(image);
                self.figure_image(&image, inline.span, &["img-fluid", "figure-img"], caption, title);
            } else if let InlineKind::Link(link) = &inline.kind {
                self.linked_figure(link, caption);
            } else {
                self.inlines(std::slice::from_ref(inline));
            }
        }
    }

    fn linked_figure(&mut self, link: &'a Link, caption: &str) {
        let url = if super::inlines::is_local(&link.url) { self.urls.resource(&link.url) } else { link.url.clone() };
        self.element(Tag::new("a").url("href", &url).author(&link.attr, &["href"]), |b| {
            for inline in &link.content {
                if let InlineKind::Image(image) = &inline.kind {
                    b.image_with(image, inline.span, &["img-fluid", "figure-img"], Some(caption));
                } else {
                    b.flattened(|b| b.inlines(std::slice::from_ref(inline)));
                }
            }
        });
    }
}

/// The image that a figure consists of, possibly in a link.
pub(crate) fn image_of(content: &[Inline]) -> Option<(&Image, Span)> {
    content.iter().find_map(|inline| {
        if let InlineKind::Image(image) = &inline.kind {
            return Some((&**image, inline.span));
        }
        if let InlineKind::Link(link) = &inline.kind { image_of(&link.content) } else { None }
    })
}

/// The image without the margin classes, which apply to the whole figure.
fn without_margin(image: &Image) -> Image {
    let mut image = image.clone();
    image.attr.classes.retain(|c| !is_margin_class(c));
    image
}
