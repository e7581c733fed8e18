//! About pages: an image, a text and links about a person or a project. Source: Quarto, "Creating an About Page".

use super::context::PageContext;
use super::root::from_root_url;
use crate::html::{Elements, Tag, Writer, html, site_path, write_icon};
use mlsys_book::{OptionName, Value, key, name};
use serde::Serialize;

/// The parts of an about page apart from its title block and text. Strings are HTML.
#[derive(Serialize)]
pub(crate) struct About {
    /// `jolla`, `trestles`, `solana`, `marquee` or `broadside`.
    pub template: String,
    /// The image's URL, for templates that use it as a background.
    pub image: String,
    pub image_alt: String,
    /// The image as an element.
    pub picture: String,
    /// The links.
    pub links: String,
    /// The text beside the image if it is a part of the page, which `about.id` names; otherwise empty.
    pub content: String,
}

/// Reads `about`: a template name, or a map. An unknown template falls back to `jolla`.
pub(crate) fn about(cx: &PageContext<'_>, root: &str) -> Option<About> {
    let value = cx.meta.value(name!("about")).filter(|v| v.as_bool() != Some(false))?;
    let text = |key: OptionName| value.text(key);
    let name = value.as_str().map(str::to_owned).or_else(|| text(name!("about", "template"))).unwrap_or_default();
    let known = ["jolla", "trestles", "solana", "marquee", "broadside"];
    let template = known.iter().find(|known| **known == name).unwrap_or(&"jolla");
    let image = text(name!("about", "image")).or_else(|| cx.meta.text(name!("image"))).unwrap_or_default();
    let alt = text(name!("about", "image-alt")).or_else(|| cx.meta.read(key!("image-alt"))).unwrap_or_default();
    let (shape, width) = match *template {
        "jolla" => ("round", "20em"),
        "solana" => ("rounded", "15em"),
        "marquee" => ("", "100%"),
        _ => ("", "20em"),
    };
    let shape = text(name!("about", "image-shape")).unwrap_or_else(|| shape.to_owned());
    let width = text(name!("about", "image-width")).unwrap_or_else(|| width.to_owned());
    // A round image is as high as it is wide.
    let height = if shape == "round" { format!("height: {width}; ") } else { String::new() };
    let proportions = match cx.picture_size {
        Some((w, h)) if w > 0 && h > 0 && shape != "round" => format!(" aspect-ratio: {w} / {h};"),
        _ => String::new(),
    };
    let tag = Tag::new("img").class("about-image").when(!shape.is_empty(), |t| t.class(&shape)).attr("src", &image);
    let tag = tag.attr("alt", &alt).attr("style", format!("{height}width: {width};{proportions}"));
    let tag = tag.maybe("title", text(name!("about", "image-title")));
    let items = value.list(name!("about", "links"));
    let links = || {
        html(|out| {
            let tag = Tag::new("div").class("about-links");
            out.lines(tag, |out| items.iter().for_each(|item| link(out, cx, item, root)));
        })
    };
    Some(About {
        template: (*template).to_owned(),
        picture: if image.is_empty() { String::new() } else { html(|out| out.void(tag)) },
        content: cx.html.about.clone().unwrap_or_default(),
        image: image.replace('\'', "%27"),
        image_alt: alt,
        links: if items.is_empty() { String::new() } else { links() },
    })
}

fn link(out: &mut Writer, cx: &PageContext<'_>, link: &Value, root: &str) {
    let text = |key: OptionName| link.text(key);
    let href = text(name!("item", "href")).or_else(|| text(name!("item", "url"))).unwrap_or_default();
    let page = site_path(&href).and_then(|path| cx.project.pages.iter().find(|page| page.input == path));
    let href = page.map_or(href, |page| from_root_url(&page.output, root));
    let tag = Tag::new("a").class("about-link").attr("href", href);
    let tag = [name!("item", "target"), name!("item", "rel"), name!("item", "aria-label")]
        .into_iter()
        .fold(tag, |tag, key| tag.maybe(key.text(), text(key)));
    out.line(tag, |out| {
        if let Some(name) = text(name!("item", "icon")) {
            write_icon(out, &name, None);
            out.text(" ");
        }
        if let Some(label) = text(name!("item", "text")) {
            out.leaf(Tag::new("span").class("about-link-text"), &label);
        }
    });
}
