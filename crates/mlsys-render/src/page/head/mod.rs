//! The head of a page: the files that it loads, and its metadata for crawlers.

mod meta_tags;
mod structured_data;

pub(super) use meta_tags::document_title;

use super::context::PageContext;
use super::includes::includes;
use super::links::Crumb;
use super::root::from_root_url;
use super::title::Title;
use meta_tags::MetaTags;
use mlsys_book::{Page, Value, name};
use serde::Serialize;
use structured_data::{scholar_tags, structured_data};

/// The head's values for the template.
#[derive(Serialize)]
pub(super) struct Head<'a> {
    meta_tags: String,
    manifest: Option<String>,
    favicon: Option<(String, &'static str)>,
    style: String,
    script: String,
    math_style: Option<String>,
    blocking_script: String,
    css: Vec<String>,
    font_urls: &'a [String],
    generator: &'static str,
    dark: bool,
    initial_theme: &'static str,
    header_includes: String,
    feeds: &'a [(String, String)],
    markdown: Option<String>,
}

impl<'a> Head<'a> {
    /// The head of `page`. `document_title` is plain text.
    pub fn new(
        cx: &PageContext<'a>,
        page: &Page,
        root: &str,
        title: &Title,
        document_title: &str,
        crumbs: &[Crumb],
    ) -> Self {
        let from_root = |file: &str| format!("{root}{file}");
        let css = cx.meta.list(name!("css")).iter().filter_map(Value::to_text);
        let favicon = cx.project.site.favicon.as_deref();
        let plain_style =
            |meta: &Value| if crate::theme::is_plain(meta) { crate::theme::plain_style(meta) } else { String::new() };
        let math_style = cx.assets.math_style.as_ref().filter(|_| cx.html.has_math);
        Head {
            meta_tags: meta_tags(cx, page, root, title, document_title, crumbs),
            manifest: cx.manifest.map(from_root),
            favicon: favicon.map(|icon| (from_root_url(icon, root), icon_type(icon))),
            style: from_root(&cx.assets.style),
            script: from_root(&cx.assets.script),
            math_style: math_style.map(|file| from_root(file)),
            blocking_script: from_root(&cx.assets.blocking_script),
            font_urls: &cx.assets.font_urls,
            css: css.map(|css| from_root_url(&css, root)).collect(),
            generator: concat!("mlsys-", env!("CARGO_PKG_VERSION")),
            dark: crate::theme::has_dark(cx.meta),
            initial_theme: if crate::theme::dark_first(cx.meta) { "dark" } else { "light" },
            header_includes: plain_style(cx.meta)
                + &crate::theme::box_colors(cx.meta, &cx.assets.box_icons, root)
                + &includes(cx, name!("header-includes"), root)
                + &includes(cx, name!("include-in-header"), root)
                + &super::services::plausible(cx),
            feeds: cx.feeds,
            markdown: super::links::markdown_url(cx, page),
        }
    }
}

/// The `meta` elements for search engines and social networks.
fn meta_tags(
    cx: &PageContext<'_>,
    page: &Page,
    root: &str,
    title: &Title,
    document_title: &str,
    crumbs: &[Crumb],
) -> String {
    let description = title.description.as_deref();
    let authors: Vec<String> = title.block.authors.iter().map(|a| a.name.clone()).collect();
    let tags = MetaTags {
        project: cx.project,
        page,
        meta: cx.meta,
        title: document_title,
        description,
        subtitle: title.subtitle.as_deref(),
        clock: cx.clock,
        authors: &authors,
        preview: cx.preview,
        picture_size: cx.picture_size,
    };
    let step = |crumb: &Crumb| {
        let path = crumb.href.as_deref()?.strip_prefix(root)?;
        Some((crumb.text.clone(), tags.absolute(path)?))
    };
    let steps: Vec<(String, String)> = crumbs.iter().filter_map(step).collect();
    tags.html() + &scholar_tags(&tags, &title.text) + &structured_data(&tags, &title.text, description, &steps)
}

fn icon_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        _ => "image/x-icon",
    }
}
