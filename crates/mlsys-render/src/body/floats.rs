//! Labelled figures, tables, listings and custom floats. Source: Quarto, "Cross References".

use super::Body;
use super::margin::{in_margin, is_margin_class, is_wide_class};
use super::options::CaptionPlace;
use crate::html::{Elements, Tag};
use mlsys_book::{Block, BlockKind, Float, Image, Inline, InlineKind, Layout, Span, plain_text};

/// The suffix of caption ids, which keeps them unique.
const CAPTION_SUFFIX: &str = "caption-mlsys";

impl<'a> Body<'a> {
    /// A float: its content, and its caption with the number.
    pub(super) fn float(&mut self, float: &'a Float, span: Span) {
        if in_margin(&float.attr) {
            let text = self.captured(|b| b.held(|b| b.float_in_place(float, span)));
            self.margin.push(text);
        } else {
            self.float_in_place(float, span);
        }
    }

    fn float_in_place(&mut self, float: &'a Float, span: Span) {
        let kind = float.kind.as_str();
        let parent = self.parent.take();
        let part = parent.is_some();
        let attr = &float.attr;
        let align = match (attr.get("fig-align"), kind) {
            (Some(align), _) => align,
            (None, "lst") => "left",
            (None, "tbl") => "center",
            (None, _) => self.image_align(&float.content).unwrap_or(&self.options.fig_align),
        };
        let align = format!("quarto-figure-{align}");
        let place = self.caption_place(float);
        let has_parts = float.content.iter().any(|b| matches!(b.kind, BlockKind::Float(_)));
        let panel = float.layout.is_some() || has_parts;
        let label = float.label.name.as_str();
        const NOT_ON_DIV: &[&str] = &[
            "width",
            "height",
            "fig-alt",
            "alt",
            "fig-cap",
            "tbl-cap",
            "lst-cap",
            "cap-location",
            "fig-cap-location",
            "tbl-cap-location",
            "lst-cap-location",
            "layout",
            "layout-ncol",
            "layout-nrow",
            "layout-valign",
            "fig-subcap",
            "style",
            "description",
            "desc-position",
            "lightbox",
            "fig-align",
        ];
        // The classes of a lone image or of a table are on it; the float only has a copy of them.
        let is_inner = |class: &str| match float.content.as_slice() {
            [Block { kind: BlockKind::Table(table), .. }] => table.attr.has_class(class),
            content => single_image(content).is_some_and(|image| image.attr.has_class(class)),
        };
        let classes = attr.classes.iter().map(String::as_str);
        let classes = classes.filter(|c| !is_wide_class(c) && !is_margin_class(c) && !is_inner(c));
        let tag = Tag::new("div").id(label).classes(classes).when(kind == "lst", |t| t.class("listing"));
        let tag = match (panel, kind) {
            (true, "tbl") => tag.class("quarto-layout-panel").class("anchored"),
            (true, _) => tag.class("quarto-layout-panel"),
            (false, _) => tag.class("quarto-float").class("quarto-figure").class(&align).class("anchored"),
        };
        let tag = tag.spans_columns().pairs(attr, NOT_ON_DIV);
        let float_class = if part { format!("quarto-subfloat-{kind}") } else { format!("quarto-float-{kind}") };
        let caption_id = format!("{label}-{CAPTION_SUFFIX}");
        let number = self.links.numbers.get(&span.start).map_or("", |n| n.label.as_str());
        let title = self.caption_text(float, number, parent.as_ref().map(|(_, number)| number.as_str()));
        let caption_text = float.caption.as_ref().map_or(&[][..], |c| &c.content);
        let caption = Caption { kind, label: number, text: caption_text };
        let wide = attr.classes.iter().any(|c| is_wide_class(c))
            || single_image(&float.content).is_some_and(|i| i.attr.classes.iter().any(|c| is_wide_class(c)));
        self.lines(tag, |b| {
            let figure = Tag::new("figure").class("quarto-float").class(&float_class).class("figure").spans_columns();
            b.lines(figure, |b| {
                if place == CaptionPlace::Top {
                    b.caption(caption, place, &caption_id, part);
                }
                b.line(Tag::new("div").spans_columns().attr("aria-describedby", &caption_id), |b| {
                    if wide {
                        b.widen();
                    }
                    b.hold += 1;
                    if panel {
                        b.newline();
                        b.float_panel(float, (label, number));
                    } else {
                        b.float_content(float, place, &title, number);
                    }
                    b.hold -= 1;
                });
                if place != CaptionPlace::Top {
                    b.caption(caption, place, &caption_id, part);
                }
            });
            b.flush_margin();
        });
        self.parent = parent;
    }

    /// The subfigures in rows. `parent` is the figure's label and number.
    fn float_panel(&mut self, float: &'a Float, parent: (&str, &str)) {
        let in_column = Layout { rows: Vec::new(), columns: Some(1), row_count: None };
        let layout = float.layout.as_ref().unwrap_or(&in_column);
        let in_figure = std::mem::replace(&mut self.figure_cells, true);
        self.layout_rows(layout, &float.content, float.attr.get("layout-valign"), Some(parent));
        self.figure_cells = in_figure;
    }

    fn float_content(&mut self, float: &'a Float, place: CaptionPlace, title: &str, number: &str) {
        let figure = (float.label.name.clone(), number.to_owned());
        let caption = float.caption.as_ref().map(|c| plain_text(&c.content)).unwrap_or_default();
        self.picture = (caption.clone(), title.to_owned());
        for block in &float.content {
            if let BlockKind::Plain(text) | BlockKind::Para(text) = &block.kind
                && text.iter().all(is_image)
            {
                self.figure_content(text, &caption, title);
            } else if let BlockKind::Table(table) = &block.kind {
                // A table in a figure has its caption where tables do.
                let place = if float.kind == "tbl" { place } else { self.options.tbl_cap };
                self.table(table, &[], Some((&float.attr, place)));
            } else if matches!(block.kind, BlockKind::LayoutPanel(_)) {
                // The figures of the layout are parts of this one.
                self.figure = Some(figure.clone());
                self.block(block);
                self.figure = None;
            } else {
                self.block(block);
            }
        }
        self.picture = Default::default();
    }

    fn image_align(&self, content: &'a [Block]) -> Option<&'a str> {
        single_image(content).and_then(|image| image.attr.get("fig-align"))
    }

    /// The place of the caption: the float's own option, or the page's for its kind.
    fn caption_place(&self, float: &Float) -> CaptionPlace {
        let own = float.attr.get(&format!("{}-cap-location", float.kind)).or_else(|| float.attr.get("cap-location"));
        own.and_then(CaptionPlace::from_name).unwrap_or(self.place_of_kind(&float.kind))
    }

    /// The whole caption as plain text, for the lightbox.
    fn caption_text(&self, float: &Float, label: &str, parent: Option<&str>) -> String {
        let text = float.caption.as_ref().map(|c| plain_text(&c.content)).unwrap_or_default();
        let delim = if text.is_empty() { "" } else { &self.links.title_delim };
        match parent {
            Some(parent) => format!("{parent}\u{a0}{label}{delim}{text}"),
            None => format!("{label}{delim}{text}"),
        }
    }

    fn caption(&mut self, caption: Caption<'a, '_>, place: CaptionPlace, id: &str, part: bool) {
        let Caption { kind, label, text } = caption;
        if label.is_empty() && text.is_empty() {
            return;
        }
        let mut class = format!("quarto-float-caption-{} ", place.name());
        if part {
            class.push_str(&format!("quarto-subfloat-caption quarto-subfloat-{kind}"));
        } else {
            class.push_str(&format!("quarto-float-caption quarto-float-{kind}"));
        }
        if place == CaptionPlace::Margin && !part {
            class.push_str(" margin-caption");
            self.widen();
        }
        if text.is_empty() {
            class.push_str(" quarto-uncaptioned");
        }
        self.lines(Tag::new("figcaption").class(&class).id(id), |b| {
            b.text(label);
            if !label.is_empty() && !text.is_empty() {
                b.text(if part { " " } else { &b.links.title_delim });
            }
            b.inlines(text);
            b.newline();
        });
    }

    /// A labelled cell that was not run: a figure with the content of `write`.
    pub(super) fn cell_float(&mut self, label: &str, caption: &'a [Inline], span: Span, write: impl FnOnce(&mut Self)) {
        let kind = mlsys_book::label_kind(label).unwrap_or_default();
        let number = self.links.numbers.get(&span.start).map_or("", |n| n.label.as_str());
        let caption = Caption { kind: &kind, label: number, text: caption };
        let place = self.place_of_kind(&kind);
        let caption_id = format!("{label}-{CAPTION_SUFFIX}");
        let float = Tag::new("div").id(label).class("quarto-float quarto-figure quarto-figure-center anchored");
        self.line(float.spans_columns(), |b| {
            let class = format!("quarto-float-{kind}");
            let figure = Tag::new("figure").class("quarto-float").class(&class).class("figure").spans_columns();
            b.line(figure, |b| {
                if place == CaptionPlace::Top {
                    b.caption(caption, place, &caption_id, false);
                }
                let content = Tag::new("div").spans_columns().attr("aria-describedby", &caption_id);
                b.line(content, |b| b.held(write));
                if place != CaptionPlace::Top {
                    b.caption(caption, place, &caption_id, false);
                }
            });
            b.flush_margin();
        });
    }

    fn place_of_kind(&self, kind: &str) -> CaptionPlace {
        self.options.caption_place(kind)
    }
}

/// The parts of a caption.
#[derive(Clone, Copy)]
struct Caption<'a, 'k> {
    /// The float's kind.
    kind: &'k str,
    /// The number with its word, or empty.
    label: &'a str,
    /// The text, or empty.
    text: &'a [Inline],
}

/// The image of a float that contains nothing else.
fn single_image(content: &[Block]) -> Option<&Image> {
    let [Block { kind: BlockKind::Plain(text) | BlockKind::Para(text), .. }] = content else { return None };
    super::figures::image_of(text).map(|(image, _)| image)
}

/// True for an image, possibly in a link, and for the space between images.
fn is_image(inline: &Inline) -> bool {
    if let InlineKind::Link(link) = &inline.kind {
        return super::figures::image_of(&link.content).is_some();
    }
    matches!(inline.kind, InlineKind::Image(_) | InlineKind::SoftBreak)
}
