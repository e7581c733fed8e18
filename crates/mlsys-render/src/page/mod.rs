//! A page: its body and the site's chrome, put together by the page templates.

mod about;
mod code_tools;
mod context;
pub(crate) mod dates;
mod head;
mod includes;
mod labels;
mod layout;
mod links;
mod root;
mod services;
mod title;
mod title_block;
mod toc;

pub use context::PageContext;
pub use dates::{Clock, shown as shown_date};
pub use root::root_of;
pub use services::has_services;

use crate::html::{Elements, Fragment, Tag, html};
use crate::templates::{TemplateError, Templates};
use about::{About, about};
use code_tools::code_tools;
use head::{Head, document_title};
use includes::includes;
use labels::Labels;
use layout::Layout;
use links::{Crumb, Neighbour, crumbs, neighbours, page_actions, repository_file, toc_extra};
use mlsys_book::{OptionName, Value, Words, key, name};
use serde::Serialize;
use title::title;
use title_block::TitleBlock;
use toc::{TocPlace, toc};

/// The values that the template gets. Strings are HTML where the template marks them `safe`.
#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    lang: &'a str,
    dir: &'a str,
    title: &'a str,
    root: &'a str,
    /// The kinds of links with previews, separated by spaces.
    previews: String,
    /// True if a service worker keeps the site for offline reading.
    offline: bool,
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
    /// True for the page that servers show for missing files.
    not_found: bool,
    sidebar: Option<String>,
    /// True if breadcrumbs are enabled.
    bread_crumbs: bool,
    crumbs: Vec<Crumb>,
    crumbs_title: String,
    content_classes: String,
    main_classes: String,
    custom_layout: bool,
    /// True if the page has no theme: `theme: none` or `minimal: true`.
    plain: bool,
    body_class_option: String,
    /// The class that makes text in `page-layout: full` as wide as the page.
    full_column: &'static str,
    about: Option<About>,
    /// The margin column: `used`, `reserved` or `none`.
    margin: &'static str,
    listing_categories: String,
    listings_after: String,
    title_block: Option<&'a TitleBlock>,
    /// The button that shows the page's source.
    code_tools: String,
    toc: Option<String>,
    /// The table of contents at the start of the text, where it is also beside it.
    toc_in_body: String,
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

/// Renders a page. Fails if a template has an error.
pub fn page(templates: &Templates, cx: &PageContext<'_>) -> Result<String, TemplateError> {
    let Some(this) = cx.project.pages.page(cx.page) else {
        return Err(TemplateError::NoPage(cx.page.0));
    };
    let root = root_of(cx.project, &this.output);
    let words = Words::new(cx.meta);
    let site = &cx.project.site;
    let is_site = cx.is_site();
    let appendix = cx.meta.read(key!("crossref.appendix-title"));
    let appendix = appendix.unwrap_or_else(|| words.get("crossref-apx-prefix"));
    let title = title(cx, this, &words, &appendix, &root);
    let tools = code_tools(cx, &words, repository_file(cx, &this.input).as_deref());

    let has_navbar = cx.chrome.navbar.is_some() && cx.switch(name!("navbar"), true);
    let not_found = this.output == "404.html";
    let sidebar = if is_site { cx.chrome.sidebar_of(cx.page, cx.meta, not_found) } else { None };
    let crumbs = sidebar.map(|bar| crumbs(cx, bar, &root)).unwrap_or_default();
    let toc = toc(cx.html, cx.meta, cx.project.kind, &words);
    let toc_place = toc.as_ref().map(|toc| toc.place);
    let of_margin = |key: OptionName, of_site: &Fragment, class: &'static str, item: &'static str| {
        let own = cx.meta.text(key).map(|text| crate::site::margin_item(class, item, &cx.markdown.parse(&text)));
        own.as_ref().unwrap_or(of_site).fill(cx.page, &root)
    };
    let chrome = cx.chrome;
    let margin_header =
        of_margin(name!("margin-header"), &chrome.margin_header, "quarto-margin-header", "margin-header-item");
    let margin_footer =
        of_margin(name!("margin-footer"), &chrome.margin_footer, "quarto-margin-footer", "margin-footer-item");
    let layout = Layout::new(cx, toc_place, !margin_header.is_empty() || !margin_footer.is_empty());
    let actions = if is_site { page_actions(cx, this, &words) } else { String::new() };
    let of_site = site.page_navigation;
    let of_page = cx.switch(name!("page-navigation"), of_site.unwrap_or(false));
    let navigation = of_site != Some(false) && of_page && is_site;
    let (previous, next) = if navigation { neighbours(cx, sidebar, &root) } else { (None, None) };
    let about = about(cx, &root);
    let search = crate::search::site_search(cx.project);
    let include = |key: OptionName| includes(cx, key, &root);
    let document_title = document_title(cx.project, this, cx.meta, &title.text, cx.number, &appendix);
    let view = View {
        head: Head::new(cx, this, &root, &title, &document_title, &crumbs),
        lang: words.lang(),
        dir: match cx.meta_text(name!("dir")).as_deref() {
            Some("rtl") => "rtl",
            Some(_) => "ltr",
            None if words.is_right_to_left() => "rtl",
            None => "ltr",
        },
        title: &document_title,
        root: &root,
        previews: previews(cx.meta),
        offline: cx.project.meta.read(key!("mlsys.offline")) == Some(true),
        before_body: include(name!("include-before-body")) + &include(name!("include-before")),
        after_body: tools.source
            + &include(name!("include-after-body"))
            + &include(name!("include-after"))
            + &services::services(cx, &words, &root),
        body_classes: layout.body_classes(cx, sidebar, has_navbar, about.is_some()),
        site: is_site,
        labels: Labels::new(&words),
        search_in_sidebar: search.is_some_and(|search| search.in_sidebar),
        search_options: search
            .zip(cx.assets.search.as_ref())
            .map(|(search, (script, index))| crate::search::search_options(search, &words, &root, script, index)),
        navbar: cx.chrome.navbar.as_ref().filter(|_| has_navbar).map(|bar| bar.fill(cx.page, &root)),
        announcement: cx
            .chrome
            .announcement
            .as_ref()
            .filter(|_| cx.switch(name!("announcement"), true))
            .map(|a| a.fill(cx.page, &root)),
        announcement_above: cx.chrome.announcement_above,
        draft: this.draft.is_some(),
        not_found,
        sidebar: sidebar.map(|bar| bar.html.fill(cx.page, &root)),
        crumbs_title: cx
            .chrome
            .labels
            .get(cx.page.index())
            .map(|label| label.html.fill(cx.page, &root))
            .unwrap_or_default(),
        crumbs,
        content_classes: layout.content_classes(is_site, has_navbar),
        main_classes: layout.main_classes(cx.html.page_columns, title.block.banner),
        custom_layout: layout.is_custom(),
        code_tools: tools.button,
        title_block: (!title.block.title.is_empty()).then_some(&title.block),
        toc_place: match toc_place {
            Some(TocPlace::Right) => "right",
            Some(TocPlace::Left) => "left",
            Some(TocPlace::Body) => "body",
            None => "none",
        },
        toc_in_body: toc.as_ref().map_or_else(String::new, |toc| toc.in_body.clone()),
        toc: toc.map(|toc| toc.html),
        margin_shared: cx.html.page_columns,
        toc_extra: toc_extra(cx, &words),
        footer: footer(cx, &root, &actions, layout.margin == "used" && toc_place.is_some()),
        actions,
        bread_crumbs: site.bread_crumbs && cx.switch(name!("bread-crumbs"), true),
        plain: crate::theme::is_plain(cx.meta),
        body_class_option: cx.meta_text(name!("body-classes")).unwrap_or_default(),
        full_column: layout.full_column,
        about,
        margin: layout.margin,
        listing_categories: cx.listing_categories.to_owned(),
        listings_after: cx.listings_after.to_owned(),
        margin_header,
        margin_footer,
        body_header: cx.chrome.body_header.fill(cx.page, &root),
        body_footer: cx.chrome.body_footer.fill(cx.page, &root),
        page_navigation: navigation && (previous.is_some() || next.is_some()),
        previous,
        next,
        back_to_top: site.back_to_top && is_site && cx.switch(name!("back-to-top-navigation"), true),
    };
    let mut context = tera::Context::from_serialize(&view)?;
    context.insert_value("content", tera::Value::safe_string(&cx.html.content));
    templates.render_context("page.html", &context, cx.html.content.len())
}

/// The kinds of links with previews: all that the page does not disable. Source: Quarto, "HTML Options", references.
fn previews(meta: &Value) -> String {
    let kinds = [
        (key!("crossrefs-hover"), "crossrefs"),
        (key!("citations-hover"), "citations"),
        (key!("footnotes-hover"), "footnotes"),
    ];
    let wanted = kinds.into_iter().filter(|(key, _)| meta.read(*key) != Some(false));
    wanted.map(|(_, kind)| kind).collect::<Vec<_>>().join(" ")
}

/// The site's footer with the page's actions in its middle. Where the table of contents also shows them, the footer does so
/// only on small screens. A site without a footer gets one for the actions.
fn footer(cx: &PageContext<'_>, root: &str, actions: &str, beside_toc: bool) -> Option<String> {
    let wanted = cx.meta.value(name!("page-footer")).and_then(Value::as_bool) != Some(false);
    let footer = match cx.chrome.footer.as_ref().filter(|_| wanted) {
        Some(footer) => footer,
        None if !actions.is_empty() && wanted => match beside_toc {
            true => &cx.chrome.small_footer,
            false => &cx.chrome.actions_footer,
        },
        None => return None,
    };
    let tag = Tag::new("div").class("toc-actions").when(beside_toc, |t| t.class("d-sm-block d-md-none"));
    let actions = if actions.is_empty() { String::new() } else { html(|out| out.element(tag, |out| out.raw(actions))) };
    Some(footer.fill_slot(cx.page, root, &actions))
}
