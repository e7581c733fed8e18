//! The sidebars of a site. Source: Quarto, "Website Navigation", side navigation.

use super::bars::{colours, home, images, search_slot, tools, with_alt};
use super::navigation::{Label, Navigation};
use crate::html::{Elements, Fragment, Tag, Writer};
use mlsys_book::{NavItem, Navbar, OptionName, PageId, Sidebar, key, name};

/// A rendered sidebar.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SidebarChrome {
    pub id: Option<String>,
    pub docked: bool,
    pub html: Fragment,
    /// The pages in reading order.
    pub entries: Vec<SidebarEntry>,
}

/// A page in a sidebar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SidebarEntry {
    pub page: PageId,
    pub label: Label,
    /// The sections above it: label, and the page that the section links to.
    pub sections: Vec<(Label, Option<PageId>)>,
    /// True if a rule precedes the page: the "previous" and "next" links do not cross it.
    pub after_rule: bool,
}

/// Renders a sidebar.
pub(crate) fn sidebar(nav: &Navigation<'_>, bar: &Sidebar) -> SidebarChrome {
    let html = Fragment::new(|out| {
        let class = "sidebar collapse collapse-horizontal quarto-sidebar-collapse-item sidebar-navigation";
        let tag = Tag::new("nav").id("quarto-sidebar").class(class);
        let tag = tag.class(if bar.docked { "docked" } else { "floating" }).class("overflow-auto");
        let border = bar.border.map(|is_on| if is_on { "sidebar-border" } else { "sidebar-borderless" });
        let tag = tag.classes(border).attr("aria-label", nav.words.get("sidebar-navigation"));
        let tag = tag.maybe("style", colours(bar.background.as_deref(), bar.foreground.as_deref(), "sidebar"));
        out.lines(tag, |out| write(nav, bar, out));
    });
    let mut entries = Vec::new();
    collect_entries(nav, &bar.contents, &mut Vec::new(), &mut false, &mut entries);
    SidebarChrome { id: bar.id.clone(), docked: bar.docked, html, entries }
}

fn write(nav: &Navigation<'_>, bar: &Sidebar, out: &mut Writer) {
    let paragraph = |out: &mut Writer, class: &str, item: &str, text: &str| {
        out.line(Tag::new("div").class(class), |out| {
            out.element(Tag::new("div").class(item), |out| {
                out.element(Tag::new("p"), |out| nav.write_markdown(out, text));
            });
        });
    };
    if let Some(text) = &bar.header {
        paragraph(out, "quarto-sidebar-header", "sidebar-header-item", text);
    }
    header(nav, bar, out);
    let has_navbar = nav.project.site.navbar.is_some();
    let search_here = nav.project.site.search.as_ref().is_some_and(|s| s.in_sidebar || !has_navbar);
    if search_here && bar.search.unwrap_or(true) {
        out.line(Tag::new("div").class("mt-2 flex-shrink-0 align-items-center"), |out| {
            out.element(Tag::new("div").class("sidebar-search"), |out| search_slot(nav, out));
        });
    }
    out.lines(Tag::new("div").class("sidebar-menu-container"), |out| {
        let collapse_level = if bar.collapse_level == 0 { 2 } else { bar.collapse_level };
        out.lines(Tag::new("ul").class("list-unstyled mt-1"), |out| {
            nav.sidebar_items(out, &bar.contents, 1, collapse_level, &mut 0);
        });
    });
    if let Some(text) = &bar.footer {
        paragraph(out, "quarto-sidebar-footer", "sidebar-footer-item", text);
    }
}

/// Logo or title, and the tools. With a navbar, the site's title is there instead.
fn header(nav: &Navigation<'_>, bar: &Sidebar, out: &mut Writer) {
    let has_navbar = nav.project.site.navbar.is_some();
    let site_tools = !has_navbar && (crate::theme::has_dark(&nav.project.meta) || nav.project.site.reader_mode);
    let has_tools = site_tools || !bar.tools.is_empty();
    if has_navbar && bar.logo.is_none() && !has_tools {
        return;
    }
    let alignment = format!("text-{}", bar.alignment.as_deref().unwrap_or("left"));
    out.lines(Tag::new("div").class("pt-lg-2 mt-2").class(&alignment).class("sidebar-header"), |out| {
        title(nav, bar, out);
        if let Some(subtitle) = &bar.subtitle {
            out.line(Tag::new("div").class("sidebar-subtitle"), |out| nav.write_markdown(out, subtitle));
        }
        if has_tools {
            let tag = Tag::new("div").class("sidebar-tools-main").when(bar.tools.len() > 2, |t| t.class("tools-wide"));
            out.lines(tag, |out| {
                if has_navbar {
                    let mut menus = 100;
                    bar.tools.iter().for_each(|item| nav.tool(out, item, "sidebar-tools-main-item", &mut menus));
                } else {
                    tools(nav, out, &bar.tools, "sidebar-tools-main-item");
                }
            });
        }
    });
}

fn title(nav: &Navigation<'_>, bar: &Sidebar, out: &mut Writer) {
    let title = bar.title.clone().unwrap_or_else(|| nav.project.site.title.clone());
    let shows_title = nav.project.site.navbar.is_none() && !title.is_empty();
    if let Some(logo) = &bar.logo {
        let sidebar = |key: OptionName| {
            let bars = nav.project.site.raw.as_ref()?.value(name!("website", "sidebar"))?.items();
            bars.iter().find(|value| value.read(key!("sidebar", "id")) == bar.id)?.text(key)
        };
        let to = sidebar(name!("sidebar", "logo-href"))
            .map_or_else(|| home(nav.project).to_owned(), |href| nav.page_url(&href));
        let logo = with_alt(logo, sidebar(name!("sidebar", "logo-alt")).as_deref());
        // A title in text, or the navigation bar, is a link to the home page already; assistive technology would read a second one.
        let is_repeated = to == home(nav.project) && (shows_title || has_home_link(nav));
        let alt = if is_repeated { "" } else { title.as_str() };
        let link = Tag::new("a").class("sidebar-logo-link").site_url("href", &to);
        let link = link.when(is_repeated, |t| t.attr("tabindex", "-1").attr("aria-hidden", "true"));
        out.line(link, |out| images(nav, out, "sidebar-logo", &logo, alt));
    }
    if shows_title {
        out.line(Tag::new("div").class("sidebar-title mb-0 py-0"), |out| {
            out.element(Tag::new("a").site_url("href", "./"), |out| nav.write_markdown(out, &title));
        });
    }
}

/// True if the navigation bar has a logo or a title that leads to the home page.
fn has_home_link(nav: &Navigation<'_>) -> bool {
    let site = &nav.project.site;
    if site.raw.as_ref().is_some_and(|raw| raw.value(name!("website", "navbar.logo-href")).is_some()) {
        return false;
    }
    let is_titled = |bar: &Navbar| !bar.title.as_deref().unwrap_or(&site.title).is_empty();
    site.navbar.as_ref().is_some_and(|bar| bar.logo.is_some() || is_titled(bar))
}

fn collect_entries(
    nav: &Navigation<'_>,
    items: &[NavItem],
    sections: &mut Vec<(Label, Option<PageId>)>,
    after_rule: &mut bool,
    entries: &mut Vec<SidebarEntry>,
) {
    for item in items {
        *after_rule |= item.separator;
        if let Some(page) = item.page {
            let after_rule = std::mem::take(after_rule);
            entries.push(SidebarEntry { page, label: nav.label(item), sections: sections.clone(), after_rule });
        }
        if !item.contents.is_empty() {
            // A section without a page links to its first entry.
            let page = item.page.or_else(|| item.contents.first().and_then(|first| first.page));
            sections.push((nav.label(item), page));
            collect_entries(nav, &item.contents, sections, after_rule, entries);
            sections.pop();
        }
    }
}
