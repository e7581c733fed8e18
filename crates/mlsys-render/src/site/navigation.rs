//! Navigation items: menus of the navbar, trees of the sidebar, rows of the footer.

use super::root_urls::{write_flat_inlines, write_inlines};
use crate::html::{Elements, Fragment, Tag, Writer, html, icon_tag, site_path, write_drawing, write_icon};
use crate::markdown::Markdown;
use crate::plain::plain_inlines;
use mlsys_book::{NavItem, PageId, PageSummary, Project, Words, clean_path, encoded_path};
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
        Label { html: Fragment::new(|out| out.text(&text)), number: None, text }
    }

    /// As plain text, with its number.
    pub fn plain(&self) -> String {
        match &self.number {
            Some(number) => numbered_text(number, &self.text),
            None => self.text.clone(),
        }
    }

    /// True if it shows nothing.
    pub fn is_empty(&self) -> bool {
        self.html.is_empty()
    }
}

/// Context for rendering navigation items.
pub(crate) struct Navigation<'a> {
    pub project: &'a Project,
    pub pages: &'a [PageSummary],
    /// Reads inline Markdown of the configuration, with URLs from the site's root.
    pub markdown: Markdown<'a>,
    /// The width and height of a project image.
    pub image_size: &'a dyn Fn(&str) -> Option<(u32, u32)>,
    pub words: &'a Words<'a>,
    /// Pages that highlight another page's navbar item, because they share a sidebar with it.
    pub sidebar_pages: BTreeMap<PageId, Vec<PageId>>,
}

/// For each sidebar, the first navbar item that leads into it, with the sidebar's pages that have no navbar item of their own.
pub(crate) fn sidebar_pages(project: &Project) -> BTreeMap<PageId, Vec<PageId>> {
    let mut sidebar_pages = BTreeMap::new();
    let Some(bar) = &project.site.navbar else { return sidebar_pages };
    let own: Vec<PageId> = bar.left.iter().chain(&bar.right).filter_map(|item| item.page).collect();
    for sidebar in &project.site.sidebars {
        let mut pages = Vec::new();
        sidebar.contents.iter().for_each(|item| pages_below(item, &mut pages));
        let Some(first) = own.iter().find(|page| pages.contains(page)) else { continue };
        pages.retain(|page| !own.contains(page));
        sidebar_pages.entry(*first).or_insert(pages);
    }
    sidebar_pages
}

impl Navigation<'_> {
    /// The text of an item: its own, or the title of its page, or empty.
    pub fn label(&self, item: &NavItem) -> Label {
        match (&item.text, item.page) {
            (Some(text), _) => {
                let inlines = self.markdown.parse(text);
                let html = Fragment::new(|out| write_inlines(out, &inlines));
                Label { html, number: None, text: plain_inlines(&inlines) }
            }
            (None, Some(page)) => self.page_label(page),
            (None, None) if self.holds_appendices(item) => Label::of_text(self.words.get("section-title-appendices")),
            (None, None) => Label::default(),
        }
    }

    /// Writes inline Markdown of the configuration.
    pub fn write_markdown(&self, out: &mut Writer, text: &str) {
        write_inlines(out, &self.markdown.parse(text));
    }

    /// True for the section of a book's appendices, which has no text of its own.
    fn holds_appendices(&self, item: &NavItem) -> bool {
        let page = item.contents.first().and_then(|first| first.page);
        let page = page.and_then(|page| self.project.pages.page(page));
        page.is_some_and(|page| page.role == Some(mlsys_book::BookRole::Appendix))
    }

    /// The title of a page with its number, or its file name if it has no title.
    pub fn page_label(&self, page: PageId) -> Label {
        let at = page.index();
        let Some(title) = self.pages.get(at).and_then(|p| p.title.as_ref()) else {
            let output = self.project.pages.get(at).map_or("", |p| p.output.as_str());
            let name = output.rsplit('/').next().unwrap_or(output);
            return Label::of_text(name.strip_suffix(".html").unwrap_or(name).to_owned());
        };
        let number = self.pages.get(at).and_then(|p| p.number.clone());
        let html = Fragment::new(|out| match &number {
            Some(number) => write_numbered(out, number, |out| write_flat_inlines(out, title)),
            None => write_flat_inlines(out, title),
        });
        Label { html, number, text: plain_inlines(title) }
    }

    /// The URL of an item, from the site's root.
    pub fn item_url(&self, item: &NavItem) -> Option<String> {
        if let Some(page) = item.page.and_then(|p| self.project.pages.page(p)) {
            // An anchor after the file name is kept.
            let anchor = item.href.as_deref().filter(|href| clean_path(href) != page.input);
            let anchor = anchor.and_then(|h| h.find('#').and_then(|at| h.get(at..))).unwrap_or("");
            return Some(format!("./{}{anchor}", encoded_path(&page.output)));
        }
        let href = item.href.as_deref()?;
        Some(self.page_url(href))
    }

    /// A URL of the configuration, from the site's root. Source files become their pages.
    pub fn page_url(&self, href: &str) -> String {
        let Some(path) = site_path(href) else { return href.to_owned() };
        match self.project.pages.iter().find(|page| page.input == path) {
            Some(page) => format!("./{}", encoded_path(&page.output)),
            None => format!("./{path}"),
        }
    }

    /// Adds `href`, `target`, `rel` and `aria-label` for an item's link.
    fn link_attributes(&self, tag: Tag, item: &NavItem) -> Tag {
        let tag = self.item_url(item).into_iter().fold(tag, |tag, url| tag.site_url("href", &url));
        let rel = match (&item.rel, item.target.as_deref()) {
            (Some(rel), _) => Some(rel.as_str()),
            (None, Some("_blank")) => Some("noopener"),
            (None, _) => None,
        };
        // A link that is only an icon gets the icon's name as its label, unless the author sets one.
        let label = item.aria_label.clone().filter(|label| !label.is_empty()).or_else(|| {
            let icon = item.icon.as_ref().filter(|_| self.label(item).is_empty())?;
            Some(icon.replace('-', " "))
        });
        tag.maybe("target", item.target.as_ref()).maybe("rel", rel).maybe("aria-label", label)
    }

    /// An item of the navbar's lists. Source: Quarto, "Website Navigation", top navigation.
    pub fn navbar_item(&self, out: &mut Writer, item: &NavItem) {
        if item.separator {
            return;
        }
        let label = self.label(item);
        let text = |out: &mut Writer| {
            if let Some(name) = &item.icon {
                write_icon(out, name, label.is_empty().then_some(item.aria_label.as_deref()).flatten());
            }
            out.text(" ");
            out.element(Tag::new("span").class("menu-text"), |out| out.fragment(&label.html));
        };
        if item.section || !item.contents.is_empty() {
            let slug = slug(&label.plain(), item.icon.as_deref());
            let id = item.id.clone().unwrap_or_else(|| format!("nav-menu-{slug}"));
            let items = format!("{id}-items");
            let button = Tag::new("button").attr("type", "button").class("nav-link dropdown-toggle").attr("id", &id);
            let button = button.attr("data-bs-toggle", "dropdown").attr("aria-expanded", "false");
            let button = button.attr("aria-controls", &items).maybe("aria-label", item.aria_label.as_ref());
            out.line(Tag::new("li").class("nav-item dropdown"), |out| {
                out.line(button, text);
                let menu = Tag::new("ul").class("dropdown-menu").id(&items).attr("aria-labelledby", &id);
                out.element(menu, |out| item.contents.iter().for_each(|child| self.menu_item(out, child, "")));
            });
            return;
        }
        let tag = Tag::new("li").class("nav-item").when(label.is_empty(), |t| t.class("compact"));
        out.line(tag, |out| {
            if self.item_url(item).is_none() {
                return out.element(Tag::new("span").class("nav-link"), text);
            }
            let page: Vec<PageId> = item.page.into_iter().collect();
            let others = item.page.and_then(|page| self.sidebar_pages.get(&page)).cloned().unwrap_or_default();
            let tag = Tag::new("a").maybe("id", item.id.as_ref()).class("nav-link");
            let tag = tag.class_on([others.as_slice(), &page].concat(), "active");
            let tag = tag.attr_on(others, "aria-current", "true").attr_on(page, "aria-current", "page");
            out.element(self.link_attributes(tag, item), text);
        });
    }

    /// A menu item: a link, a heading (text without a link) or a rule.
    fn menu_item(&self, out: &mut Writer, item: &NavItem, class: &str) {
        if item.separator {
            out.line(Tag::new("li"), |out| out.void(Tag::new("hr").class("dropdown-divider")));
            return;
        }
        let label = self.label(item);
        if self.item_url(item).is_none() {
            out.line(Tag::new("li").class("dropdown-header"), |out| out.fragment(&label.html));
            return;
        }
        let tag = Tag::new("a").class("dropdown-item").classes(Some(class).filter(|class| !class.is_empty()));
        out.line(Tag::new("li"), |out| {
            out.element(self.link_attributes(active_on(tag, item), item), |out| {
                leading_icon(out, item);
                out.element(Tag::new("span").class("dropdown-text"), |out| out.fragment(&label.html));
            });
        });
    }

    /// A tool next to the search button: an icon with a link or a menu. `class` is for the menu's items; `menus` counts menus, for
    /// ids.
    pub fn tool(&self, out: &mut Writer, item: &NavItem, class: &str, menus: &mut usize) {
        let name = self.label(item).plain();
        let icon_name = item.icon.as_deref().unwrap_or("link-45deg");
        let name = if name.is_empty() { icon_name.replace('-', " ") } else { name };
        let label = item.aria_label.clone().filter(|l| !l.is_empty()).unwrap_or(name);
        let tag = Tag::new("a").class("quarto-navigation-tool px-1").attr("title", &label);
        if item.contents.is_empty() {
            let link = NavItem { aria_label: Some(label), ..item.clone() };
            out.line(self.link_attributes(tag, &link), |out| write_icon(out, icon_name, None));
            return;
        }
        let id = format!("quarto-navigation-tool-dropdown-{menus}");
        let items = format!("{id}-items");
        *menus += 1;
        let button = Tag::new("button").attr("type", "button").id(&id);
        let button = button.class("quarto-navigation-tool dropdown-toggle px-1").attr("data-bs-toggle", "dropdown");
        let button = button.attr("aria-expanded", "false").attr("aria-controls", &items);
        let button = button.attr("title", &label).attr("aria-label", &label);
        let menu = Tag::new("ul").class("dropdown-menu").id(&items).attr("aria-labelledby", &id);
        out.line(Tag::new("div").class("dropdown"), |out| {
            out.element(button, |out| write_icon(out, icon_name, None));
            out.element(menu, |out| item.contents.iter().for_each(|child| self.menu_item(out, child, class)));
        });
    }

    /// A footer item.
    pub fn footer_item(&self, out: &mut Writer, item: &NavItem) {
        let label = self.label(item);
        let content = |out: &mut Writer| {
            if let Some(name) = &item.icon {
                write_icon(out, name, None);
            }
            if !label.is_empty() {
                out.element(Tag::new("p"), |out| out.fragment(&label.html));
            }
        };
        let tag = Tag::new("li").class("nav-item").when(label.is_empty(), |t| t.class("compact"));
        out.line(tag, |out| {
            if self.item_url(item).is_some() {
                out.element(self.link_attributes(Tag::new("a").class("nav-link"), item), content);
            } else {
                content(out);
            }
        });
    }

    /// The entries of a sidebar. `section` counts the sections of the whole sidebar, for ids.
    pub fn sidebar_items(
        &self,
        out: &mut Writer,
        items: &[NavItem],
        level: u32,
        collapse_level: u32,
        section: &mut usize,
    ) {
        for item in items {
            if item.separator {
                let rule = Tag::new("hr").class("sidebar-divider hi");
                out.line(Tag::new("li").class("px-0"), |out| out.void(rule));
            } else if item.section || !item.contents.is_empty() {
                self.sidebar_section(out, item, level, collapse_level, section);
            } else if self.item_url(item).is_some() {
                out.line(Tag::new("li").class("sidebar-item"), |out| {
                    out.element(Tag::new("div").class("sidebar-item-container"), |out| self.sidebar_link(out, item));
                });
            } else {
                out.line(Tag::new("li").class("sidebar-item"), |out| self.menu_text(out, item));
            }
        }
    }

    fn menu_text(&self, out: &mut Writer, item: &NavItem) {
        out.element(Tag::new("span").class("menu-text"), |out| out.fragment(&self.label(item).html));
    }

    fn sidebar_link(&self, out: &mut Writer, item: &NavItem) {
        let tag = active_on(Tag::new("a").class("sidebar-item-text sidebar-link"), item);
        out.element(self.link_attributes(tag, item), |out| {
            leading_icon(out, item);
            self.menu_text(out, item);
        });
    }

    /// A section. It is open if it contains the page, or if its depth is within `collapse-level` and the author did not
    /// collapse it.
    fn sidebar_section(&self, out: &mut Writer, item: &NavItem, level: u32, collapse_level: u32, section: &mut usize) {
        *section += 1;
        let id = format!("quarto-sidebar-section-{section}");
        let open = level < collapse_level && !item.collapsed;
        let mut inside = Vec::new();
        pages_below(item, &mut inside);
        let toggle = |tag: Tag| {
            let tag = match open {
                // A section that is open by default is open on every page.
                true => tag.attr("aria-expanded", "true"),
                false => {
                    let tag = tag.class_except_on(inside.clone(), "collapsed");
                    tag.attr_either(inside.clone(), "aria-expanded", "true", "false")
                }
            };
            let tag = tag.attr("data-bs-toggle", "collapse").attr("data-bs-target", format!("#{id}"));
            tag.attr("aria-controls", &id)
        };
        let button = || Tag::new("button").attr("type", "button");
        out.line(Tag::new("li").class("sidebar-item sidebar-item-section"), |out| {
            out.line(Tag::new("div").class("sidebar-item-container"), |out| {
                if self.item_url(item).is_some() {
                    self.sidebar_link(out, item);
                } else {
                    out.element(toggle(button().class("sidebar-item-text sidebar-link text-start")), |out| {
                        leading_icon(out, item);
                        self.menu_text(out, item);
                    });
                }
                let label = format!("{}: {}", self.words.get("toggle-section"), self.label(item).plain());
                let button = toggle(button().class("sidebar-item-toggle text-start")).attr("aria-label", label);
                out.text(" ");
                out.element(button, |out| {
                    let tag = icon_tag("chevron-right").class("ms-2").attr("aria-hidden", "true");
                    out.element(tag, |out| write_drawing(out, "chevron-right"));
                });
            });
            let class = format!("collapse list-unstyled sidebar-section depth{level}");
            let list = Tag::new("ul").id(&id).class(&class);
            let list = if open { list.class("show") } else { list.class_on(inside.clone(), "show") };
            out.element(list, |out| {
                self.sidebar_items(out, &item.contents, level + 1, collapse_level, section);
            });
        });
    }
}

/// Marks an item as active on its own page.
fn active_on(tag: Tag, item: &NavItem) -> Tag {
    let page: Vec<PageId> = item.page.into_iter().collect();
    tag.class_on(page.clone(), "active").attr_on(page, "aria-current", "page")
}

fn leading_icon(out: &mut Writer, item: &NavItem) {
    if let Some(name) = &item.icon {
        write_icon(out, name, None);
        out.text(" ");
    }
}

/// The HTML of a title with its chapter number.
pub(crate) fn numbered_title(number: &str, title: &str) -> String {
    html(|out| write_numbered(out, number, |out| out.raw(title)))
}

fn write_numbered(out: &mut Writer, number: &str, title: impl FnOnce(&mut Writer)) {
    out.leaf(Tag::new("span").class("chapter-number"), number);
    out.no_break_space();
    out.text(" ");
    out.element(Tag::new("span").class("chapter-title"), title);
}

/// A title with its chapter number, as plain text.
pub(crate) fn numbered_text(number: &str, title: &str) -> String {
    format!("{number}\u{a0} {title}")
}

/// Collects the pages of an item and of its descendants.
pub(crate) fn pages_below(item: &NavItem, pages: &mut Vec<PageId>) {
    pages.extend(item.page);
    item.contents.iter().for_each(|child| pages_below(child, pages));
}

/// An id fragment from a menu's text.
fn slug(text: &str, icon: Option<&str>) -> String {
    let text = text.trim().to_lowercase();
    let slug: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    if slug.is_empty() { icon.unwrap_or("menu").to_owned() } else { slug }
}
