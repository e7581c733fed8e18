//! Items of navigation: menus of the navbar, trees of the sidebar, rows of the footer.

use crate::html::{Fragment, escape, site_path};
use crate::html::icon;
use crate::markdown::Markdown;
use crate::plain::plain_inlines;
use crate::words::Words;
use mlsys_book::{NavItem, PageId, PageSummary, Project};
use serde::Serialize;
use std::collections::BTreeMap;

/// The name of an item or a page in navigation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Label {
    /// As HTML, with its number.
    pub html: Fragment,
    /// The number of the chapter.
    pub number: Option<String>,
    /// The text without the number.
    pub text: String,
}

impl Label {
    fn of_text(text: String) -> Self {
        let mut html = Fragment::default();
        html.text(&escape(&text));
        Label { html, number: None, text }
    }

    /// As plain text, with its number.
    pub fn plain(&self) -> String {
        match &self.number {
            Some(number) => numbered_text(number, &self.text),
            None => self.text.clone(),
        }
    }

    /// True if there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.html.is_empty()
    }
}

/// A title with its chapter number, as plain text.
pub(crate) fn numbered_text(number: &str, title: &str) -> String {
    format!("{number}\u{a0} {title}")
}

/// What items need to know to show themselves.
pub(crate) struct Navigation<'a> {
    pub project: &'a Project,
    pub pages: &'a [PageSummary],
    /// Reads inline Markdown of the configuration, as on a page at the site's root.
    pub markdown: Markdown<'a>,
    /// The width and height of an image of the project.
    pub image_size: &'a dyn Fn(&str) -> Option<(u32, u32)>,
    pub words: &'a Words<'a>,
    /// The pages on which the navbar marks the item of another page: those beside it in its sidebar.
    pub beside: BTreeMap<PageId, Vec<PageId>>,
}

/// For each sidebar the first item of the navbar that leads into it, with the pages of the sidebar that have no item of their
/// own there.
pub(crate) fn beside_items(project: &Project) -> BTreeMap<PageId, Vec<PageId>> {
    let mut beside = BTreeMap::new();
    let Some(bar) = &project.site.navbar else { return beside };
    let own: Vec<PageId> = bar.left.iter().chain(&bar.right).filter_map(|item| item.page).collect();
    for sidebar in &project.site.sidebars {
        let mut pages = Vec::new();
        sidebar.contents.iter().for_each(|item| pages_below(item, &mut pages));
        let Some(first) = own.iter().find(|page| pages.contains(page)) else { continue };
        pages.retain(|page| !own.contains(page));
        beside.entry(*first).or_insert(pages);
    }
    beside
}

impl Navigation<'_> {
    /// The text of an item: its own, else the title of its page, else nothing.
    pub fn label(&self, item: &NavItem) -> Label {
        match (&item.text, item.page) {
            (Some(text), _) => {
                let inlines = self.markdown.parse(text);
                let mut html = Fragment::default();
                html.inlines(&inlines);
                Label { html, number: None, text: plain_inlines(&inlines) }
            }
            (None, Some(page)) => self.page_label(page),
            (None, None) if self.holds_appendices(item) => Label::of_text(self.words.get("section-title-appendices")),
            (None, None) => Label::default(),
        }
    }

    /// Whether an item is the section of a book's appendices, which has no text of its own.
    fn holds_appendices(&self, item: &NavItem) -> bool {
        let page = item.contents.first().and_then(|first| first.page);
        let page = page.and_then(|page| self.project.pages.get(page.0 as usize));
        page.is_some_and(|page| page.role == Some(mlsys_book::BookRole::Appendix))
    }

    /// The title of a page with its number, as navigation shows it; the file's name where it has no title.
    pub fn page_label(&self, page: PageId) -> Label {
        let at = page.0 as usize;
        let Some(title) = self.pages.get(at).and_then(|p| p.title.as_ref()) else {
            let output = self.project.pages.get(at).map_or("", |p| p.output.as_str());
            let name = output.rsplit('/').next().unwrap_or(output);
            return Label::of_text(name.strip_suffix(".html").unwrap_or(name).to_owned());
        };
        let number = self.pages.get(at).and_then(|p| p.number.clone());
        let mut html = Fragment::default();
        if let Some(number) = &number {
            html.text(&format!(
                "<span class=\"chapter-number\">{}</span>&nbsp; <span class=\"chapter-title\">",
                escape(number)
            ));
        }
        html.flat_inlines(title);
        if number.is_some() {
            html.text("</span>");
        }
        Label { html, number, text: plain_inlines(title) }
    }

    /// The address of an item as on a page at the site's root.
    pub fn address(&self, item: &NavItem) -> Option<String> {
        if let Some(page) = item.page.and_then(|p| self.project.pages.get(p.0 as usize)) {
            // An anchor after the file's name goes with the page.
            let anchor = item.href.as_deref().and_then(|h| h.find('#').and_then(|at| h.get(at..))).unwrap_or("");
            return Some(format!("./{}{anchor}", page.output));
        }
        let href = item.href.as_deref()?;
        Some(self.page_address(href))
    }

    /// An address of the configuration as on a page at the site's root: sources become their pages.
    pub fn page_address(&self, href: &str) -> String {
        let Some(path) = site_path(href) else { return href.to_owned() };
        match self.project.pages.iter().find(|page| page.input == path) {
            Some(page) => format!("./{}", page.output),
            None => format!("./{path}"),
        }
    }

    /// Writes `href`, `target`, `rel` and `aria-label` of an item's link.
    fn link_attributes(&self, out: &mut Fragment, item: &NavItem) {
        if let Some(address) = self.address(item) {
            out.address("href", &address);
        }
        if let Some(target) = &item.target {
            out.text(&format!(" target=\"{}\"", escape(target)));
        }
        match (&item.rel, item.target.as_deref()) {
            (Some(rel), _) => out.text(&format!(" rel=\"{}\"", escape(rel))),
            (None, Some("_blank")) => out.text(" rel=\"noopener\""),
            (None, _) => {}
        }
        // A link that shows an icon alone is read by the icon's name, unless the author says more.
        let label = item.aria_label.clone().filter(|label| !label.is_empty()).or_else(|| {
            let icon = item.icon.as_ref().filter(|_| self.label(item).is_empty())?;
            Some(icon.replace('-', " "))
        });
        if let Some(label) = label {
            out.text(&format!(" aria-label=\"{}\"", escape(&label)));
        }
    }

    /// An item of the navbar's lists. Source: Quarto, "Website Navigation", top navigation.
    pub fn navbar_item(&self, out: &mut Fragment, item: &NavItem) {
        if item.separator {
            return;
        }
        let label = self.label(item);
        let icon =
            item.icon.as_ref().map(|name| icon(name, label.is_empty().then_some(item.aria_label.as_deref()).flatten()));
        let mut text = Fragment::default();
        text.text(&format!("{} <span class=\"menu-text\">", icon.as_deref().unwrap_or("")));
        text.append(&label.html);
        text.text("</span>");
        if item.section || !item.contents.is_empty() {
            let slug = slug(&label.plain(), item.icon.as_deref());
            let id = item.id.clone().unwrap_or_else(|| format!("nav-menu-{slug}"));
            out.text(&format!(
                "<li class=\"nav-item dropdown\"><button type=\"button\" class=\"nav-link dropdown-toggle\" id=\"{0}\" \
                 data-bs-toggle=\"dropdown\" aria-expanded=\"false\" aria-controls=\"{0}-items\"{1}>",
                escape(&id),
                item.aria_label.as_ref().map(|l| format!(" aria-label=\"{}\"", escape(l))).unwrap_or_default(),
            ));
            out.append(&text);
            out.text(&format!(
                "</button>\n<ul class=\"dropdown-menu\" id=\"{0}-items\" aria-labelledby=\"{0}\">",
                escape(&id)
            ));
            item.contents.iter().for_each(|child| self.menu_item(out, child, ""));
            out.text("</ul></li>\n");
            return;
        }
        out.text(if label.is_empty() { "<li class=\"nav-item compact\">" } else { "<li class=\"nav-item\">" });
        if self.address(item).is_some() {
            out.text("<a");
            if let Some(id) = &item.id {
                out.text(&format!(" id=\"{}\"", escape(id)));
            }
            out.text(" class=\"nav-link");
            let beside = item.page.and_then(|page| self.beside.get(&page)).cloned().unwrap_or_default();
            out.when(beside, " active\" aria-current=\"true", "");
            out.when(item.page.into_iter().collect(), " active\" aria-current=\"page\"", "\"");
            self.link_attributes(out, item);
            out.text(">");
            out.append(&text);
            out.text("</a></li>\n");
        } else {
            out.text("<span class=\"nav-link\">");
            out.append(&text);
            out.text("</span></li>\n");
        }
    }

    /// An item of a menu: a link, a heading (text alone) or a rule.
    fn menu_item(&self, out: &mut Fragment, item: &NavItem, class: &str) {
        if item.separator {
            out.text("<li><hr class=\"dropdown-divider\"></li>\n");
            return;
        }
        let label = self.label(item);
        if self.address(item).is_none() {
            out.text("<li class=\"dropdown-header\">");
            out.append(&label.html);
            out.text("</li>\n");
            return;
        }
        out.text("<li><a class=\"dropdown-item");
        if !class.is_empty() {
            out.text(" ");
            out.text(class);
        }
        out.when(item.page.into_iter().collect(), " active\" aria-current=\"page\"", "\"");
        self.link_attributes(out, item);
        out.text(">");
        if let Some(name) = &item.icon {
            out.text(&icon(name, None));
            out.text(" ");
        }
        out.text("<span class=\"dropdown-text\">");
        out.append(&label.html);
        out.text("</span></a></li>\n");
    }

    /// A tool beside the search: an icon with a link or a menu. `class` is that of the menu's items, `menus` counts the menus.
    pub fn tool(&self, out: &mut Fragment, item: &NavItem, class: &str, menus: &mut usize) {
        let name = self.label(item).plain();
        let icon_name = item.icon.as_deref().unwrap_or("link-45deg");
        let name = if name.is_empty() { icon_name.replace('-', " ") } else { name };
        let label = item.aria_label.clone().filter(|l| !l.is_empty()).unwrap_or(name);
        let drawing = icon(icon_name, None);
        let title = escape(&label);
        if item.contents.is_empty() {
            out.text(&format!("<a class=\"quarto-navigation-tool px-1\" title=\"{title}\""));
            let link = NavItem { aria_label: Some(label), ..item.clone() };
            self.link_attributes(out, &link);
            out.text(&format!(">{drawing}</a>\n"));
            return;
        }
        let id = format!("quarto-navigation-tool-dropdown-{menus}");
        *menus += 1;
        out.text(&format!(
            "<div class=\"dropdown\"><button type=\"button\" id=\"{id}\" class=\"quarto-navigation-tool dropdown-toggle px-1\" \
             data-bs-toggle=\"dropdown\" aria-expanded=\"false\" aria-controls=\"{id}-items\" title=\"{title}\" \
             aria-label=\"{title}\">{drawing}</button><ul class=\"dropdown-menu\" id=\"{id}-items\" aria-labelledby=\"{id}\">"
        ));
        item.contents.iter().for_each(|child| self.menu_item(out, child, class));
        out.text("</ul></div>\n");
    }

    /// A list of the footer.
    pub fn footer_item(&self, out: &mut Fragment, item: &NavItem) {
        let label = self.label(item);
        let drawing = item.icon.as_ref().map(|name| icon(name, None)).unwrap_or_default();
        out.text(if label.is_empty() { "<li class=\"nav-item compact\">" } else { "<li class=\"nav-item\">" });
        if self.address(item).is_some() {
            out.text("<a class=\"nav-link\"");
            self.link_attributes(out, item);
            out.text(">");
        }
        out.text(&drawing);
        if !label.is_empty() {
            out.text("<p>");
            out.append(&label.html);
            out.text("</p>");
        }
        out.text(if self.address(item).is_some() { "</a></li>\n" } else { "</li>\n" });
    }

    /// The entries of a sidebar, one below the other; `section` counts the sections of the whole sidebar.
    pub fn sidebar_items(
        &self,
        out: &mut Fragment,
        items: &[NavItem],
        level: u32,
        collapse_level: u32,
        section: &mut usize,
    ) {
        for item in items {
            if item.separator {
                out.text("<li class=\"px-0\"><hr class=\"sidebar-divider hi\"></li>\n");
            } else if item.section || !item.contents.is_empty() {
                self.sidebar_section(out, item, level, collapse_level, section);
            } else if self.address(item).is_some() {
                out.text("<li class=\"sidebar-item\"><div class=\"sidebar-item-container\">");
                self.sidebar_link(out, item);
                out.text("</div></li>\n");
            } else {
                out.text("<li class=\"sidebar-item\"><span class=\"menu-text\">");
                out.append(&self.label(item).html);
                out.text("</span></li>\n");
            }
        }
    }

    fn sidebar_link(&self, out: &mut Fragment, item: &NavItem) {
        out.text("<a class=\"sidebar-item-text sidebar-link");
        out.when(item.page.into_iter().collect(), " active\" aria-current=\"page\"", "\"");
        self.link_attributes(out, item);
        out.text(">");
        if let Some(name) = &item.icon {
            out.text(&icon(name, None));
            out.text(" ");
        }
        out.text("<span class=\"menu-text\">");
        out.append(&self.label(item).html);
        out.text("</span></a>");
    }

    /// A section: open when it holds the page or its depth is within `collapse-level`, unless the author has it collapsed.
    fn sidebar_section(
        &self,
        out: &mut Fragment,
        item: &NavItem,
        level: u32,
        collapse_level: u32,
        section: &mut usize,
    ) {
        *section += 1;
        let id = format!("quarto-sidebar-section-{section}");
        let open = level < collapse_level && !item.collapsed;
        let mut inside = Vec::new();
        pages_below(item, &mut inside);
        // Where the section is open anyway, it is so on every page.
        let states = |out: &mut Fragment, then: &'static str, otherwise: &'static str| {
            if open { out.text(then) } else { out.when(inside.clone(), then, otherwise) }
        };
        out.text("<li class=\"sidebar-item sidebar-item-section\"><div class=\"sidebar-item-container\">");
        if self.address(item).is_some() {
            self.sidebar_link(out, item);
        } else {
            out.text("<button type=\"button\" class=\"sidebar-item-text sidebar-link text-start");
            states(out, "\" aria-expanded=\"true\"", " collapsed\" aria-expanded=\"false\"");
            out.text(&format!(" data-bs-toggle=\"collapse\" data-bs-target=\"#{id}\" aria-controls=\"{id}\">"));
            if let Some(name) = &item.icon {
                out.text(&icon(name, None));
                out.text(" ");
            }
            out.text("<span class=\"menu-text\">");
            out.append(&self.label(item).html);
            out.text("</span></button>");
        }
        out.text(" <button type=\"button\" class=\"sidebar-item-toggle text-start");
        states(out, "\" aria-expanded=\"true\"", " collapsed\" aria-expanded=\"false\"");
        out.text(&format!(
            " data-bs-toggle=\"collapse\" data-bs-target=\"#{id}\" aria-controls=\"{id}\" aria-label=\"{}\">{}</button></div>\n",
            escape(&format!("{}: {}", self.words.get("toggle-section"), self.label(item).plain())),
            icon("chevron-right", None).replacen("bi-chevron-right", "bi-chevron-right ms-2", 1),
        ));
        out.text(&format!("<ul id=\"{id}\" class=\"collapse list-unstyled sidebar-section depth{level}"));
        states(out, " show\">", "\">");
        self.sidebar_items(out, &item.contents, level + 1, collapse_level, section);
        out.text("</ul></li>\n");
    }
}

/// A title with its chapter number.
pub(crate) fn numbered_title(number: &str, title: &str) -> String {
    format!(
        "<span class=\"chapter-number\">{}</span>&nbsp; <span class=\"chapter-title\">{title}</span>",
        escape(number)
    )
}

/// The pages of an item and of everything below it.
pub(crate) fn pages_below(item: &NavItem, pages: &mut Vec<PageId>) {
    pages.extend(item.page);
    item.contents.iter().for_each(|child| pages_below(child, pages));
}

/// A piece of an id made from a menu's text.
fn slug(text: &str, icon: Option<&str>) -> String {
    let text = text.trim().to_lowercase();
    let slug: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    if slug.is_empty() { icon.unwrap_or("menu").to_owned() } else { slug }
}
