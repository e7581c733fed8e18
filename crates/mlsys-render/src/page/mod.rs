//! A page: its body within the frame of the site, by the page template.

mod about;
mod code_tools;
pub(crate) mod dates;
mod head;
mod includes;
mod links;
mod title_block;
mod toc;

pub use dates::Clock;

use crate::body::Html;
use crate::html::{escape, text_of};
use crate::site::{Assets, Chrome, numbered_title};
use crate::templates::Templates;
use crate::words::Words;
use about::{About, about};
use code_tools::code_tools;
use head::{MetaTags, document_title, scholar_tags, structured_data};
use includes::includes;
use links::{Crumb, Neighbour, crumbs, neighbours, repository_actions, repository_file, toc_extra};
use mlsys_book::{BookRole, PageId, Project, ProjectKind, Value};
use serde::Serialize;
use title_block::{TitleBlock, title_block};
use toc::{TocPlace, toc, wants_toc};

/// All that a page is made of.
pub struct PageContext<'a> {
    /// The project.
    pub project: &'a Project,
    /// The frame.
    pub chrome: &'a Chrome,
    /// Which page it is.
    pub page: PageId,
    /// Its metadata: project, folder, front matter.
    pub meta: &'a Value,
    /// Its number in a book that numbers chapters.
    pub number: Option<&'a str>,
    /// Its body.
    pub html: &'a Html,
    /// Inline Markdown of a metadata value as HTML, with addresses as on this page.
    pub markdown: &'a dyn Fn(&str) -> String,
    /// The text of a file that the metadata includes (`include-in-header`), by its path as written; nothing if unreadable.
    pub file: &'a dyn Fn(&str) -> Option<String>,
    /// Whether an address from the site's root, in a text for every page, names a file that is not there.
    pub missing: &'a dyn Fn(&str) -> bool,
    /// The categories of the page's listings, for the margin.
    pub listing_categories: &'a str,
    /// The page's listings that have no place in its text.
    pub listings_after: &'a str,
    /// The address of the picture that stands for the page in its text.
    pub preview: Option<&'a str>,
    /// Width and height of the picture that stands for the page, else of the site's.
    pub picture_size: Option<(u32, u32)>,
    /// The file of the site's web application manifest.
    pub manifest: Option<&'a str>,
    /// The feeds of the page's listings: address and title.
    pub feeds: &'a [(String, String)],
    /// The site's files.
    pub assets: &'a Assets,
    /// The page's own source, as it was written.
    pub source: &'a str,
    /// The day of the build and of the page's last change.
    pub clock: Clock,
}

/// The address that leads from a page to the site's root: `./`, `../../`; for an error page, which any address may show, the
/// site's absolute path.
pub fn root_of(project: &Project, output: &str) -> String {
    if output == "404.html" {
        let path = project.site.path.trim_matches('/');
        return if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
    }
    match output.matches('/').count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    }
}

/// What the template sees. Strings are HTML where the template marks them `safe`.
#[derive(Serialize)]
struct View<'a> {
    lang: &'a str,
    dir: &'a str,
    title: String,
    root: &'a str,
    meta_tags: String,
    manifest: Option<String>,
    favicon: Option<(String, &'static str)>,
    style: String,
    script: String,
    math_style: Option<String>,
    blocking_script: String,
    /// The kinds of links that show what they lead to, separated by spaces.
    previews: String,
    /// Whether the site is kept for reading without a network.
    offline: bool,
    css: Vec<String>,
    generator: &'static str,
    dark: bool,
    initial_theme: &'static str,
    header_includes: String,
    before_body: String,
    after_body: String,
    body_classes: String,
    site: bool,
    labels: Labels,
    search_options: Option<String>,
    search_in_sidebar: bool,
    navbar: Option<String>,
    announcement: Option<String>,
    announcement_above: bool,
    draft: bool,
    sidebar: Option<String>,
    /// Whether breadcrumbs are wanted.
    bread_crumbs: bool,
    crumbs: Vec<Crumb>,
    crumbs_title: String,
    content_classes: String,
    main_classes: String,
    custom_layout: bool,
    /// Whether the page has no design: `theme: none` or `minimal: true`.
    plain: bool,
    body_class_option: String,
    /// The class that makes the text of `page-layout: full` as wide as the page.
    full_column: &'static str,
    about: Option<About>,
    /// The margin column: `used`, `reserved` or `none`.
    margin: &'static str,
    listing_categories: String,
    listings_after: String,
    feeds: &'a [(String, String)],
    title_block: Option<&'a TitleBlock>,
    /// The button that shows the page's source.
    code_tools: String,
    toc: Option<String>,
    toc_place: &'static str,
    toc_extra: String,
    margin_shared: bool,
    /// The list of the repository's actions.
    actions: String,
    margin_header: String,
    margin_footer: String,
    body_header: String,
    body_footer: String,
    page_navigation: bool,
    previous: Option<Neighbour>,
    next: Option<Neighbour>,
    back_to_top: bool,
    footer: Option<String>,
}

#[derive(Serialize)]
struct Labels {
    skip: String,
    back_to_top: String,
    toggle_sidebar: String,
    draft: String,
    breadcrumbs: &'static str,
    search: String,
    page_navigation: String,
    copy: String,
    copied: String,
    link: String,
    close: String,
    previous: String,
    next: String,
    resume: String,
    check: String,
    right: String,
    wrong: String,
    is_true: String,
    is_false: String,
}

/// Renders a page. Fails where a template asks for something that is not there; the message is Tera's.
pub fn page(templates: &Templates, cx: &PageContext<'_>) -> Result<String, String> {
    let Some(this) = cx.project.pages.get(cx.page.0 as usize) else {
        return Err(format!("there is no page {}", cx.page.0));
    };
    let root = root_of(cx.project, &this.output);
    let words = Words::new(cx.meta);
    let site = &cx.project.site;
    let is_site = cx.project.kind != ProjectKind::Default;
    let text = |key: &str| cx.meta.get(key).and_then(Value::to_text);
    let switch = |key: &str, default: bool| cx.meta.get(key).and_then(Value::as_bool).unwrap_or(default);

    let home = (this.role == Some(BookRole::Home)).then(|| book_meta(cx));
    let mut block = title_block(home.as_ref().unwrap_or(cx.meta), &words, &cx.clock, cx.markdown);
    let tools = code_tools(cx.meta, &words, cx.source, &cx.html.content, repository_file(cx, &this.input).as_deref());
    block.title = cx.html.title.clone().unwrap_or_default();
    block.subtitle = cx.html.subtitle.clone().unwrap_or_default();
    block.summary = cx.html.summary.clone().unwrap_or_default();
    if home.is_some() && block.title.is_empty() {
        block.title = (cx.markdown)(&site.title);
        block.subtitle = site.subtitle.as_deref().map(cx.markdown).unwrap_or_default();
        block.cover = cover(cx, &root);
    }
    // The number stands in the page's title; where there is none, the body's heading has it.
    let title_text = match &cx.html.title {
        Some(title) => text_of(title),
        None => page_name(cx),
    };
    let appendix = words.get("crossref-apx-prefix");
    if let (Some(number), true) = (cx.number, cx.html.title.is_some()) {
        block.title = match this.role {
            Some(BookRole::Appendix) => format!("{} {} — {}", escape(&appendix), escape(number), block.title),
            _ => numbered_title(number, &block.title),
        };
    }
    if let Some(id) = &cx.html.title_id {
        let id = escape(id);
        block.title = format!("<span id=\"{id}\" class=\"quarto-section-identifier\">{}</span>", block.title);
    }
    let document_title = document_title(cx.project, this, cx.meta, &title_text, cx.number, &appendix);
    let description = (!block.description.is_empty()).then(|| text_of(&block.description));
    let authors: Vec<String> = block.authors.iter().map(|a| a.name.clone()).collect();
    let tags = MetaTags {
        project: cx.project,
        page: this,
        meta: cx.meta,
        title: &document_title,
        description: description.as_deref(),
        authors: &authors,
        preview: cx.preview,
        picture_size: cx.picture_size,
    };

    let has_navbar = cx.chrome.navbar.is_some() && switch("navbar", true);
    let sidebar = if is_site { cx.chrome.sidebar_of(cx.page, cx.meta) } else { None };
    let crumbs = sidebar.map(|bar| crumbs(cx, bar, &root)).unwrap_or_default();
    let steps: Vec<(String, String)> = crumbs
        .iter()
        .filter_map(|crumb| {
            let path = crumb.href.as_deref()?.strip_prefix(root.as_str())?;
            Some((text_of(&crumb.html), tags.absolute(path)?))
        })
        .collect();
    let toc = toc(&cx.html.toc, cx.meta, cx.project.kind, &words);
    let toc_place = toc.as_ref().map(|(place, _)| *place);
    let margin_header = cx.chrome.margin_header.fill(cx.page, &root);
    let margin_footer = cx.chrome.margin_footer.fill(cx.page, &root);
    let actions = if is_site { repository_actions(cx, this.input.as_str(), &words) } else { String::new() };
    let margin = if toc_place == Some(TocPlace::Right)
        || !margin_header.is_empty()
        || !margin_footer.is_empty()
        || !cx.listing_categories.is_empty()
    {
        "used"
    } else if cx.html.page_columns || toc_place == Some(TocPlace::Left) || wants_toc(cx.meta, cx.project.kind) {
        "reserved"
    } else {
        "none"
    };
    let navigation = site.page_navigation && switch("page-navigation", true) && is_site;
    let (previous, next) = if navigation { neighbours(cx, sidebar, &root) } else { (None, None) };
    let layout = text("page-layout").unwrap_or_else(|| "article".to_owned());
    let full_column = match (layout.as_str(), toc_place) {
        ("full", Some(TocPlace::Right)) => "column-page-left",
        ("full", Some(TocPlace::Left)) => "column-page-right",
        ("full", _) => "column-page",
        _ => "",
    };
    let about = about(cx, &root);
    let dark = crate::theme::has_dark(cx.meta);
    let prefers_dark = crate::theme::dark_first(cx.meta);

    let mut body_classes = text("body-classes").unwrap_or_default();
    let mut class = |name: &str| {
        if !body_classes.is_empty() {
            body_classes.push(' ');
        }
        body_classes.push_str(name);
    };
    if let Some(bar) = sidebar {
        class("nav-sidebar");
        class(if bar.docked { "docked" } else { "floating" });
    }
    if has_navbar {
        class("nav-fixed");
    }
    if switch("smooth-scroll", false) {
        class("mlsys-smooth-scroll");
    }
    if margin == "none" && about.is_none() {
        class("fullcontent");
    }
    class(if prefers_dark { "quarto-dark" } else { "quarto-light" });

    let search = crate::search::site_search(cx.project);
    let include = |key: &str| includes(cx, key, &root);
    let view = View {
        lang: words.lang(),
        dir: if text("dir").as_deref() == Some("rtl") { "rtl" } else { "ltr" },
        title: document_title.clone(),
        root: &root,
        meta_tags: tags.html()
            + &scholar_tags(&tags, &title_text)
            + &structured_data(&tags, &title_text, description.as_deref(), &steps),
        manifest: cx.manifest.map(|file| format!("{root}{file}")),
        favicon: site.favicon.as_deref().map(|icon| (from_root_address(icon, &root), icon_type(icon))),
        style: format!("{root}{}", cx.assets.style),
        script: format!("{root}{}", cx.assets.script),
        math_style: cx.assets.math_style.as_ref().filter(|_| cx.html.has_math).map(|s| format!("{root}{s}")),
        previews: previews(cx.meta),
        offline: cx.project.meta.path("mlsys.offline").and_then(Value::as_bool) == Some(true),
        blocking_script: format!("{root}{}", cx.assets.blocking_script),
        css: cx
            .meta
            .get("css")
            .map(Value::items)
            .unwrap_or(&[])
            .iter()
            .filter_map(Value::to_text)
            .map(|css| from_root_address(&css, &root))
            .collect(),
        generator: concat!("mlsys-", env!("CARGO_PKG_VERSION")),
        dark,
        initial_theme: if prefers_dark { "dark" } else { "light" },
        header_includes: crate::theme::box_colors(cx.meta, &cx.assets.box_icons, &root)
            + &include("header-includes")
            + &include("include-in-header"),
        before_body: include("include-before-body") + &include("include-before"),
        after_body: tools.source + &include("include-after-body") + &include("include-after"),
        body_classes,
        site: is_site,
        labels: Labels {
            skip: words.get("skip-link"),
            back_to_top: words.get("back-to-top"),
            toggle_sidebar: words.get("toggle-sidebar"),
            draft: words.get("draft"),
            breadcrumbs: "breadcrumb",
            search: words.get("search-label"),
            page_navigation: words.get("page-navigation"),
            copy: words.get("copy-button-tooltip"),
            copied: words.get("copy-button-tooltip-success"),
            link: words.get("copy-link"),
            close: words.get("dismiss"),
            previous: words.get("previous"),
            next: words.get("next"),
            resume: words.get("resume"),
            check: words.get("quiz-check"),
            right: words.get("quiz-right"),
            wrong: words.get("quiz-wrong"),
            is_true: words.get("quiz-true"),
            is_false: words.get("quiz-false"),
        },
        search_in_sidebar: search.is_some_and(|search| search.in_sidebar),
        search_options: search
            .zip(cx.assets.search.as_ref())
            .map(|(search, (script, index))| crate::search::search_options(search, &words, &root, script, index)),
        navbar: cx.chrome.navbar.as_ref().filter(|_| has_navbar).map(|bar| bar.fill(cx.page, &root)),
        announcement: cx
            .chrome
            .announcement
            .as_ref()
            .filter(|_| switch("announcement", true))
            .map(|a| a.fill(cx.page, &root)),
        announcement_above: cx.chrome.announcement_above,
        draft: this.draft.is_some(),
        sidebar: sidebar.map(|bar| bar.html.fill(cx.page, &root)),
        crumbs_title: cx.chrome.labels.get(cx.page.0 as usize).cloned().unwrap_or_default(),
        crumbs,
        content_classes: content_classes(is_site, has_navbar, &layout, toc_place),
        main_classes: main_classes(cx.html.page_columns, block.banner, full_column),
        custom_layout: layout == "custom",
        code_tools: tools.button,
        title_block: (!block.title.is_empty()).then_some(&block),
        toc_place: match toc_place {
            Some(TocPlace::Right) => "right",
            Some(TocPlace::Left) => "left",
            Some(TocPlace::Body) => "body",
            None => "none",
        },
        toc: toc.map(|(_, html)| html),
        margin_shared: cx.html.page_columns,
        toc_extra: toc_extra(cx, &words),
        footer: footer(cx, &root, &actions, margin == "used" && toc_place.is_some()),
        actions,
        bread_crumbs: site.bread_crumbs && switch("bread-crumbs", true),
        plain: crate::theme::is_plain(cx.meta),
        body_class_option: text("body-classes").unwrap_or_default(),
        full_column,
        about,
        margin,
        listing_categories: cx.listing_categories.to_owned(),
        listings_after: cx.listings_after.to_owned(),
        feeds: cx.feeds,
        margin_header,
        margin_footer,
        body_header: cx.chrome.body_header.fill(cx.page, &root),
        body_footer: cx.chrome.body_footer.fill(cx.page, &root),
        page_navigation: navigation && (previous.is_some() || next.is_some()),
        previous,
        next,
        back_to_top: site.back_to_top && is_site && switch("back-to-top-navigation", true),
    };
    let mut context = tera::Context::from_serialize(&view).map_err(|error| error.to_string())?;
    context.insert_value("content", tera::Value::safe_string(&cx.html.content));
    templates.render_context("page.html", &context, cx.html.content.len())
}

/// The metadata of a book's home page: what it says itself, over what `book:` says about the book. Source: Quarto, "Book Basics".
fn book_meta(cx: &PageContext<'_>) -> Value {
    let mut book = Value::empty(cx.meta.place);
    if let (mlsys_book::ValueKind::Map(entries), Some(raw)) = (&mut book.kind, cx.project.site.raw.as_ref()) {
        let keys =
            ["author", "authors", "date", "date-modified", "date-format", "description", "doi", "abstract", "keywords"];
        entries.extend(raw.entries().iter().filter(|e| keys.contains(&e.key.as_str())).cloned());
    }
    // A page's own authors replace the book's; lists of two places are not joined here.
    if let mlsys_book::ValueKind::Map(entries) = &mut book.kind {
        entries.retain(|entry| cx.meta.get(&entry.key).is_none());
    }
    book.merge(cx.meta)
}

/// The cover of a book, for its home page.
fn cover(cx: &PageContext<'_>, root: &str) -> String {
    let text = |key: &str| cx.project.site.raw.as_ref().and_then(|raw| raw.get(key)).and_then(Value::to_text);
    let Some(image) = text("cover-image") else { return String::new() };
    format!(
        "<img class=\"quarto-cover-image img-fluid nolightbox\" src=\"{}\" alt=\"{}\">",
        escape(&from_root_address(&image, root)),
        escape(&text("cover-image-alt").unwrap_or_default())
    )
}

/// The text that names a page without a title: its label in navigation without the number.
fn page_name(cx: &PageContext<'_>) -> String {
    let label = cx.chrome.label_text(cx.page);
    match cx.number.and_then(|number| label.strip_prefix(number)) {
        Some(rest) => rest.trim_start_matches(['\u{a0}', ' ']).to_owned(),
        None => label,
    }
}

/// An address of the configuration, from the project's root, as seen from the page.
pub(crate) fn from_root_address(address: &str, root: &str) -> String {
    crate::html::site_path(address).map_or_else(|| address.to_owned(), |path| format!("{root}{path}"))
}

/// What a page previews: all that it does not turn off. Source: Quarto, "HTML Options", references.
fn previews(meta: &Value) -> String {
    let wanted = |kind: &&str| meta.get(&format!("{kind}-hover")).and_then(Value::as_bool) != Some(false);
    ["crossrefs", "citations", "footnotes"].into_iter().filter(wanted).collect::<Vec<_>>().join(" ")
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

fn content_classes(site: bool, navbar: bool, layout: &str, toc: Option<TocPlace>) -> String {
    let mut classes = String::new();
    if site {
        classes.push_str("quarto-container ");
    }
    classes.push_str("page-columns page-rows-contents page-layout-");
    classes.push_str(if matches!(layout, "full" | "custom") { layout } else { "article" });
    if navbar {
        classes.push_str(" page-navbar");
    }
    if toc == Some(TocPlace::Left) {
        classes.push_str(" toc-left");
    }
    classes
}

/// The site's footer with the page's actions in its middle: below a table of contents only on small screens, where that is out
/// of sight. A site without a footer has one for the actions alone, where no table of contents shows them.
fn footer(cx: &PageContext<'_>, root: &str, actions: &str, beside_toc: bool) -> Option<String> {
    let wanted = cx.meta.get("page-footer").and_then(Value::as_bool) != Some(false);
    let (before, after) = match cx.chrome.footer.as_ref().filter(|_| wanted) {
        Some(footer) => footer,
        None if !actions.is_empty() && !beside_toc && wanted => &cx.chrome.actions_footer,
        None => return None,
    };
    let mut out = before.fill(cx.page, root);
    if !actions.is_empty() {
        let class = if beside_toc { "toc-actions d-sm-block d-md-none" } else { "toc-actions" };
        out.push_str(&format!("<div class=\"{class}\">{actions}</div>"));
    }
    out.push_str(&after.fill(cx.page, root));
    Some(out)
}

fn main_classes(page_columns: bool, banner: bool, full_column: &str) -> String {
    let mut classes = "content".to_owned();
    if !full_column.is_empty() {
        classes.push(' ');
        classes.push_str(full_column);
    }
    if page_columns {
        classes.push_str(" page-columns page-full");
    }
    if banner {
        classes.push_str(" quarto-banner-title-block");
    }
    classes
}
