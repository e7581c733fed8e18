//! Images, and videos in image syntax.

use super::attributes::percent;
use super::inlines::is_local;
use super::{Body, Medium};
use crate::html::{Elements, Tag};
use mlsys_book::{Code, Image, Span, plain_text};

/// The width of the text column on a large screen, in CSS pixels. If a project makes it wider, images lose little sharpness.
const COLUMN: f64 = 850.0;

/// The maximum width of a responsive variant.
const WIDEST_FORM: u32 = 1440;

/// Width and height as attributes, or as a style if they are not whole pixels.
#[derive(Default)]
struct Size {
    width: Option<String>,
    height: Option<String>,
    style: String,
}

impl Body<'_> {
    /// An image. `classes` follow the author's. In a figure, `caption` replaces a missing alternative text.
    pub(super) fn image_with(&mut self, image: &Image, span: Span, classes: &[&str], caption: Option<&str>) {
        let url = self.urls.resource(&image.url);
        if is_video(&image.url) {
            self.video_image(image, &url, classes);
            return;
        }
        self.counters.images += 1;
        let size = self.size(image);
        let is_fluid = self.options.fig_responsive
            && !(size.height.is_some() && image.attr.get("height").is_some() || size.style.contains("height"));
        let classes = classes.iter().copied().filter(|c| *c != "img-fluid" || is_fluid);
        // The class `lightbox` is on the link around the image.
        let own = image.attr.classes.iter().map(String::as_str).filter(|c| *c != "lightbox");
        let own_style = image.attr.get("style").unwrap_or("");
        let style = match (own_style.trim_end_matches([';', ' ']), size.style.as_str()) {
            ("", style) => style.to_owned(),
            (own, "") => own.to_owned(),
            (own, style) => format!("{own};{style}"),
        };
        let lazy = self.counters.images > 1 && image.attr.get("loading").is_none();
        let alt = self.alternative_text(image, span, caption);
        let tag = self.forms(Tag::new("img").url("src", &url), image, &url, &size);
        let tag = tag.id(image.attr.id()).classes(own).classes(classes).attr("alt", alt);
        let tag = tag.unless_empty("title", &image.title).maybe("width", size.width).maybe("height", size.height);
        let tag = tag.when(!size.style.is_empty() || !own_style.is_empty(), |t| t.attr("style", style));
        let tag = tag.when(lazy, |t| t.attr("loading", "lazy"));
        const HANDLED: &[&str] = &[
            "width",
            "height",
            "style",
            "alt",
            "fig-alt",
            "fig-cap",
            "fig-align",
            "fig-pos",
            "fig-env",
            "fig-scap",
            "src",
            "title",
            "group",
            "description",
            "desc-position",
            "lightbox",
            "cap-location",
            "fig-cap-location",
        ];
        self.void(tag.pairs(&image.attr, HANDLED));
    }

    /// Adds the responsive variants and the displayed width, for browsers to choose from. Source: HTML, "Responsive images".
    fn forms(&self, tag: Tag, image: &Image, url: &str, size: &Size) -> Tag {
        let Some(forms) = self.media.forms.get(&image.url).filter(|forms| !forms.is_empty()) else { return tag };
        if image.attr.get("srcset").or_else(|| image.attr.get("sizes")).is_some() {
            return tag;
        }
        let mut set: Vec<String> = Vec::new();
        for form in forms {
            set.push(format!("{} {}w", self.urls.resource(&form.url).replace(' ', "%20"), form.width));
        }
        // Without a variant of the maximum width, the original is for wide screens.
        let own = self.media.images.get(&image.url).map_or(0, |(width, _)| *width);
        if forms.last().is_some_and(|form| form.width < own.min(WIDEST_FORM)) {
            set.push(format!("{} {own}w", url.replace(' ', "%20")));
        }
        let shown = size.width.as_ref().and_then(|width| width.parse::<f64>().ok()).unwrap_or(COLUMN).min(COLUMN);
        tag.attr("srcset", set.join(", ")).attr("sizes", format!("(max-width: {shown:.0}px) 100vw, {shown:.0}px"))
    }

    /// The alternative text: `fig-alt`, or the caption, or the text in brackets.
    fn alternative_text(&mut self, image: &Image, span: Span, caption: Option<&str>) -> String {
        if let Some(alt) = image.attr.get("fig-alt").or_else(|| image.attr.get("alt")) {
            return alt.to_owned();
        }
        let alt = match caption {
            Some(caption) => caption.trim().to_owned(),
            None => plain_text(&image.content),
        };
        if alt.is_empty() {
            let message = format!("the image `{}` has no alternative text", image.url);
            self.report(Code::MissingAltText, span, message);
        }
        alt
    }

    fn size(&self, image: &Image) -> Size {
        let mut size = Size::default();
        let mut set = |name: &str, value: &str| {
            let number = value.strip_suffix("px").unwrap_or(value).trim();
            let style = if number.parse::<f64>().is_ok() {
                let field = if name == "width" { &mut size.width } else { &mut size.height };
                *field = Some(number.to_owned());
                return;
            } else if let Some(Ok(p)) = value.strip_suffix('%').map(|p| p.trim().parse::<f64>()) {
                format!("{name}:{}", percent(p / 100.0))
            } else if value.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
                format!("{name}:{value}")
            } else {
                return;
            };
            if !size.style.is_empty() {
                size.style.push(';');
            }
            size.style.push_str(&style);
        };
        for name in ["width", "height"] {
            if let Some(value) = image.attr.get(name) {
                set(name, value);
            }
        }
        // The file's own size avoids a layout shift while the image loads.
        if let Some((width, height)) = self.media.images.get(&image.url).filter(|(w, h)| *w > 0 && *h > 0) {
            let ratio = f64::from(*height) / f64::from(*width);
            match (&size.width, &size.height) {
                (Some(w), None) if size.style.is_empty() => {
                    size.height = w.parse::<f64>().ok().map(|w| format!("{:.0}", w * ratio));
                }
                (None, Some(_)) => {}
                (None, None) if !size.style.contains("height") => {
                    size.width = Some(width.to_string());
                    size.height = Some(height.to_string());
                }
                _ => {}
            }
        }
        size
    }

    /// A video in image syntax, as a player.
    fn video_image(&mut self, image: &Image, url: &str, classes: &[&str]) {
        let fluid = classes.iter().copied().filter(|c| *c == "img-fluid");
        let tag = Tag::new("video").url("src", url).id(image.attr.id()).author_classes(&image.attr).classes(fluid);
        let tag = tag.pairs(&image.attr, &["fig-alt", "src", "controls"]).flag("controls");
        self.element(tag, |b| b.leaf(Tag::new("a").url("href", url), "Video"));
    }

    /// An image within a text, linked to its full size if its attributes ask for the lightbox.
    pub(super) fn inline_image(&mut self, image: &Image, span: Span) {
        let wanted = match image.attr.get("lightbox") {
            Some(value) => value != "false",
            None => image.attr.has_class("lightbox"),
        };
        let link = wanted.then(|| self.image_link(image, "")).flatten();
        match link {
            Some(link) => self.element(link, |b| b.image_with(image, span, &["img-fluid"], None)),
            None => self.image_with(image, span, &["img-fluid"], None),
        }
    }

    /// An image of a figure, linked to its full size if the page has a lightbox. `title` is the lightbox's caption.
    pub(super) fn figure_image(&mut self, image: &Image, span: Span, classes: &[&str], caption: &str, title: &str) {
        let wanted = match image.attr.get("lightbox") {
            Some("false") => false,
            Some(_) => true,
            None => self.options.lightbox || image.attr.has_class("lightbox"),
        };
        let link = wanted.then(|| self.image_link(image, title)).flatten();
        match link {
            Some(link) => self.element(link, |b| b.image_with(image, span, classes, Some(caption))),
            None => self.image_with(image, span, classes, Some(caption)),
        }
    }

    /// The link of an image to its full size; `None` in links, for videos and for the class `nolightbox`.
    fn image_link(&mut self, image: &Image, title: &str) -> Option<Tag> {
        if self.flat || self.medium == Medium::Epub || image.attr.has_class("nolightbox") || is_video(&image.url) {
            return None;
        }
        let url = self.urls.resource(&image.url);
        let link = self.lightbox_link(&url, image.attr.get("group"), image.attr.get("description"), title);
        let of_page = self.options.lightbox_caption.as_deref();
        Some(link.maybe("data-view-caption", image.attr.get("desc-position").or(of_page)))
    }

    /// The start tag of a link that opens an image in the lightbox.
    pub(super) fn lightbox_link(
        &mut self,
        url: &str,
        group: Option<&str>,
        description: Option<&str>,
        title: &str,
    ) -> Tag {
        self.counters.lightboxes += 1;
        let number = self.counters.lightboxes;
        let group = group.map(str::to_owned).or_else(|| self.options.lightbox_group.clone());
        let group = group.unwrap_or_else(|| format!("quarto-lightbox-gallery-{number}"));
        let mut tag = Tag::new("a").url("href", url).class("lightbox").attr("data-gallery", group);
        if let Some(description) = description {
            tag = tag.attr("data-glightbox", format!("description: .lightbox-desc-{number};title:{title};"));
            self.lightbox_descriptions.push((number, description.to_owned()));
        }
        let view = self.options.lightbox_view.iter();
        view.fold(tag, |tag, (name, value)| tag.attr(name, value)).unless_empty("title", title)
    }
}

/// True if a URL is a video file.
pub(crate) fn is_video(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let extension = path.rsplit_once('.').map_or("", |(_, e)| e);
    ["mp4", "webm", "ogv", "mov", "m4v"].iter().any(|e| extension.eq_ignore_ascii_case(e))
        && (is_local(url) || path == url)
}
