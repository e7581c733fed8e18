//! The sidebars of a site. Source: Quarto, "Website Navigation", side navigation.

use super::chrome::{colours, home, images, local, search_slot, tools};
use super::navigation::Navigation;
use crate::html::{Fragment, escape};
use mlsys_book::{NavItem, PageId, Sidebar, Value};

/// One sidebar.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SidebarChrome {
    pub id: Option<String>,
    pub docked: bool,
    pub html: Fragment,
    /// The pages in reading order, each with the way to it.
    pub entries: Vec<SidebarEntry>,
}

/// A page in a sidebar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SidebarEntry {
    pub page: PageId,
    pub label: String,
    /// The sections above it: text, and the page that stands for the section.
    pub sections: Vec<(String, Option<PageId>)>,
    /// Whether a rule stands between the page before and this one: reading does not go on across it.
    pub after_rule: bool,
}

/// Writes a sidebar.
pub(crate) fn sidebar(nav: &Navigation<'_>, bar: &Sidebar) -> SidebarChrome {
    let mut out = Fragment::default();
    out.text(&format!(
        "<nav id=\"quarto-sidebar\" class=\"sidebar collapse collapse-horizontal quarto-sidebar-collapse-item sidebar-navigation \
         {} overflow-auto\" aria-label=\"{}\"{}>\n",
        if bar.docked { "docked" } else { "floating" },
        escape(&nav.words.get("sidebar-navigation")),
        colours(bar.background.as_deref(), bar.foreground.as_deref(), "sidebar"),
    ));
    if let Some(header) = &bar.header {
        let text = (nav.markdown)(header);
        out.html(&format!(
            "<div class=\"quarto-sidebar-header\"><div class=\"sidebar-header-item\"><p>{text}</p></div></div>\n"
        ));
    }
    header(nav, bar, &mut out);
    let has_navbar = nav.project.site.navbar.is_some();
    let search_here = nav.project.site.search.as_ref().is_some_and(|s| s.in_sidebar || !has_navbar);
    if search_here && bar.search.unwrap_or(true) {
        out.text(&format!(
            "<div class=\"mt-2 flex-shrink-0 align-items-center\"><div class=\"sidebar-search\">{}</div></div>\n",
            search_slot(nav)
        ));
    }
    out.text("<div class=\"sidebar-menu-container\">\n<ul class=\"list-unstyled mt-1\">\n");
    let collapse_level = if bar.collapse_level == 0 { 2 } else { bar.collapse_level };
    nav.sidebar_items(&mut out, &bar.contents, 1, collapse_level, &mut 0);
    out.text("</ul>\n</div>\n");
    if let Some(text) = &bar.footer {
        let text = (nav.markdown)(text);
        out.html(&format!(
            "<div class=\"quarto-sidebar-footer\"><div class=\"sidebar-footer-item\"><p>{text}</p></div></div>\n"
        ));
    }
    out.text("</nav>\n");
    let mut entries = Vec::new();
    collect_entries(nav, &bar.contents, &mut Vec::new(), &mut false, &mut entries);
    SidebarChrome { id: bar.id.clone(), docked: bar.docked, html: out, entries }
}

/// Logo or title, and the tools. Beside a navbar the site's title stands there.
fn header(nav: &Navigation<'_>, bar: &Sidebar, out: &mut Fragment) {
    let has_navbar = nav.project.site.navbar.is_some();
    let site_tools = !has_navbar && (crate::theme::has_dark(&nav.project.meta) || nav.project.site.reader_mode);
    let has_tools = site_tools || !bar.tools.is_empty();
    if has_navbar && bar.logo.is_none() && !has_tools {
        return;
    }
    let alignment = bar.alignment.as_deref().unwrap_or("left");
    out.text(&format!("<div class=\"pt-lg-2 mt-2 text-{} sidebar-header\">\n", escape(alignment)));
    let title = bar.title.clone().unwrap_or_else(|| nav.project.site.title.clone());
    if let Some(logo) = &bar.logo {
        let sidebar = |key: &str| {
            let bars = nav.project.site.raw.as_ref()?.get("sidebar")?.items();
            bars.iter().find(|value| value.get("id").and_then(Value::to_text) == bar.id)?.get(key)?.to_text()
        };
        let to = sidebar("logo-href").map_or_else(|| home(nav.project).to_owned(), |href| nav.page_address(&href));
        let alt = sidebar("logo-alt").unwrap_or_else(|| title.clone());
        out.html(&format!(
            "<a class=\"sidebar-logo-link\" href=\"{}\">{}</a>\n",
            escape(&to),
            images(nav, "sidebar", "sidebar-logo", &local(logo), &alt)
        ));
    } else if !has_navbar && !title.is_empty() {
        out.html(&format!(
            "<div class=\"sidebar-title mb-0 py-0\"><a href=\"./\">{}</a></div>\n",
            (nav.markdown)(&title)
        ));
    }
    if let Some(subtitle) = &bar.subtitle {
        out.html(&format!("<div class=\"sidebar-subtitle\">{}</div>\n", (nav.markdown)(subtitle)));
    }
    if has_tools {
        out.text(if bar.tools.len() > 2 {
            "<div class=\"sidebar-tools-main tools-wide\">\n"
        } else {
            "<div class=\"sidebar-tools-main\">\n"
        });
        if has_navbar {
            let mut menus = 100;
            bar.tools.iter().for_each(|item| nav.tool(out, item, "sidebar-tools-main-item", &mut menus));
        } else {
            tools(nav, out, &bar.tools, "sidebar-tools-main-item");
        }
        out.text("</div>\n");
    }
    out.text("</div>\n");
}

fn collect_entries(
    nav: &Navigation<'_>,
    items: &[NavItem],
    sections: &mut Vec<(String, Option<PageId>)>,
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
            // A section without a page is led to by its first entry.
            let page = item.page.or_else(|| item.contents.first().and_then(|first| first.page));
            sections.push((nav.label(item), page));
            collect_entries(nav, &item.contents, sections, after_rule, entries);
            sections.pop();
        }
    }
}
