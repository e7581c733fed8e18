//! The chrome: navbar, announcement, sidebars and footer, rendered once a build.

use super::bars::{colours, home, images, search_slot, tools, with_alt};
use super::navigation::{Label, Navigation, sidebar_pages};
use super::root_urls::write_inlines;
use super::sidebar::{SidebarChrome, sidebar};
use crate::html::{Elements, Fragment, Tag, Writer, write_drawing, write_icon};
use crate::markdown::Markdown;
use mlsys_book::{Footer, FooterRegion, Inline, Navbar, OptionName, PageId, PageSummary, Project, Value, Words, name};

/// The chrome of a site's pages, as fragments that each page fills in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chrome {
    pub(crate) navbar: Option<Fragment>,
    pub(crate) announcement: Option<Fragment>,
    pub(crate) announcement_above: bool,
    pub(crate) sidebars: Vec<SidebarChrome>,
    /// The footer, with a slot in its middle for the page's own actions.
    pub(crate) footer: Option<Fragment>,
    /// The footer of a site without one, for the actions of pages that show no table of contents.
    pub(crate) actions_footer: Fragment,
    /// The same for small screens only, where the table of contents is folded.
    pub(crate) small_footer: Fragment,
    pub(crate) body_header: Fragment,
    pub(crate) body_footer: Fragment,
    pub(crate) margin_header: Fragment,
    pub(crate) margin_footer: Fragment,
    /// The label of each page in navigation.
    pub(crate) labels: Vec<Label>,
}

/// Content above or below the table of contents.
pub(crate) fn margin_item(class: &'static str, item: &'static str, text: &[Inline]) -> Fragment {
    Fragment::new(|out| write_margin_item(out, class, item, text))
}

fn write_margin_item(out: &mut Writer, class: &'static str, item: &'static str, text: &[Inline]) {
    out.line(Tag::new("div").class(class), |out| {
        out.element(Tag::new("div").class(item), |out| out.element(Tag::new("p"), |out| write_inlines(out, text)));
    });
}

/// Renders the chrome with the words of a language. `pages` are the summaries in the order of [`Project::pages`]; `markdown` reads inline Markdown of the
/// configuration, with URLs from the site's root. Source: Quarto, "Website Navigation".
///
/// `image_size` returns the width and height of a project image, which avoids layout shifts while logos load.
pub fn chrome(
    project: &Project,
    lang: &str,
    pages: &[PageSummary],
    markdown: Markdown<'_>,
    image_size: &dyn Fn(&str) -> Option<(u32, u32)>,
) -> Chrome {
    let words = Words::new(&project.meta).in_language(lang);
    let nav = Navigation { project, pages, markdown, image_size, words: &words, sidebar_pages: sidebar_pages(project) };
    let site = &project.site;
    let block = |key: OptionName, write: &dyn Fn(&mut Writer, &[Inline])| {
        let text = site.raw.as_ref().and_then(|raw| raw.value(key)).and_then(Value::to_text);
        text.map(|text| Fragment::new(|out| write(out, &markdown.parse(&text)))).unwrap_or_default()
    };
    let paragraph = |out: &mut Writer, text: &[Inline]| out.line(Tag::new("p"), |out| write_inlines(out, text));
    let in_margin = |class: &'static str, item: &'static str| {
        move |out: &mut Writer, text: &[Inline]| write_margin_item(out, class, item, text)
    };
    Chrome {
        navbar: site.navbar.as_ref().map(|bar| navbar(&nav, bar)),
        announcement: site.announcement.as_ref().map(|a| announcement(&nav, a)),
        announcement_above: site.announcement.as_ref().is_some_and(|a| a.above_navbar),
        sidebars: site.sidebars.iter().map(|bar| sidebar(&nav, bar)).collect(),
        footer: site.footer.as_ref().map(|f| footer(&nav, f, &[])),
        actions_footer: footer(&nav, &Footer { border: true, ..Footer::default() }, &[]),
        small_footer: footer(&nav, &Footer { border: true, ..Footer::default() }, &["d-md-none"]),
        body_header: block(name!("website", "body-header"), &paragraph),
        body_footer: block(name!("website", "body-footer"), &paragraph),
        margin_header: block(
            name!("website", "margin-header"),
            &in_margin("quarto-margin-header", "margin-header-item"),
        ),
        margin_footer: block(
            name!("website", "margin-footer"),
            &in_margin("quarto-margin-footer", "margin-footer-item"),
        ),
        labels: (0..project.pages.len()).map(|at| nav.page_label(PageId(at as u32))).collect(),
    }
}

fn navbar(nav: &Navigation<'_>, bar: &Navbar) -> Fragment {
    let of_bar = |key: OptionName| nav.project.site.raw.as_ref().and_then(|raw| raw.value(key));
    let is = |key: OptionName| of_bar(key).and_then(Value::as_bool);
    let collapses = is(name!("website", "navbar.collapse")) != Some(false);
    let expand = match bar.collapse_below.as_str() {
        _ if !collapses => "navbar-expand".to_owned(),
        "" => "navbar-expand-lg".to_owned(),
        width => format!("navbar-expand-{width}"),
    };
    let is_toggle_left = of_bar(name!("website", "navbar.toggle-position")).and_then(Value::as_str) == Some("left");
    let tools_collapse = collapses && is(name!("website", "navbar.tools-collapse")) == Some(true);
    let tag = Tag::new("nav").class("navbar").class(&expand).when(is_toggle_left, |t| t.class("navbar-toggle-left"));
    let tag = tag.attr("aria-label", nav.words.get("site-navigation"));
    let tag = tag.maybe("style", colours(bar.background.as_deref(), bar.foreground.as_deref(), "navbar"));
    let toggler = Tag::new("button").class("navbar-toggler").attr("type", "button").attr("data-bs-toggle", "collapse");
    let toggler = toggler.attr("data-bs-target", "#navbarCollapse").attr("aria-controls", "navbarCollapse");
    let toggler = toggler.attr("aria-expanded", "false").attr("aria-label", nav.words.get("toggle-navigation"));
    Fragment::new(|out| {
        out.lines(tag, |out| {
            out.lines(Tag::new("div").class("navbar-container container-fluid"), |out| {
                brand(nav, bar, out);
                if bar.search && nav.project.site.search.as_ref().is_some_and(|s| !s.in_sidebar) {
                    search_slot(nav, out);
                }
                if collapses {
                    out.line(toggler, |out| {
                        out.element(Tag::new("span").class("navbar-toggler-icon"), |out| write_icon(out, "list", None));
                    });
                }
                let write_tools = |out: &mut Writer| {
                    out.lines(Tag::new("div").class("quarto-navbar-tools"), |out| {
                        tools(nav, out, &bar.tools, "quarto-navbar-tools-item");
                    });
                };
                out.lines(Tag::new("div").class("collapse navbar-collapse").id("navbarCollapse"), |out| {
                    for (items, class) in [(&bar.left, "me-auto"), (&bar.right, "ms-auto")] {
                        if !items.is_empty() {
                            out.lines(Tag::new("ul").class("navbar-nav navbar-nav-scroll").class(class), |out| {
                                items.iter().for_each(|item| nav.navbar_item(out, item));
                            });
                        }
                    }
                    if tools_collapse {
                        write_tools(out);
                    }
                });
                if !tools_collapse {
                    write_tools(out);
                }
            });
        });
    })
}

/// Logo and title of the navbar.
fn brand(nav: &Navigation<'_>, bar: &Navbar, out: &mut Writer) {
    let raw = nav.project.site.raw.as_ref();
    let to = raw.and_then(|r| r.value(name!("website", "navbar.logo-href"))).and_then(Value::as_str);
    let to = to.map_or_else(|| home(nav.project).to_owned(), |href| nav.page_url(href));
    let title = bar.title.clone().unwrap_or_else(|| nav.project.site.title.clone());
    // Without logo and title the bar starts with its items.
    if bar.logo.is_none() && title.is_empty() {
        return;
    }
    out.line(Tag::new("div").class("navbar-brand-container mx-auto"), |out| {
        if let Some(logo) = &bar.logo {
            let site_title = if title.is_empty() { nav.project.site.title.as_str() } else { "" };
            let logo = &with_alt(logo, bar.logo_alt.as_deref());
            let link = Tag::new("a").class("navbar-brand navbar-brand-logo").site_url("href", &to);
            // The title is the link for assistive technology; it would read a second one to the same page again.
            let link = link.when(!title.is_empty(), |t| t.attr("tabindex", "-1").attr("aria-hidden", "true"));
            out.line(link, |out| images(nav, out, "navbar-logo", logo, site_title));
        }
        if !title.is_empty() {
            out.element(Tag::new("a").class("navbar-brand").site_url("href", &to), |out| {
                let tag = Tag::new("span").class("navbar-title");
                out.element(tag, |out| nav.write_markdown(out, &title));
            });
        }
    });
}

fn announcement(nav: &Navigation<'_>, a: &mlsys_book::Announcement) -> Fragment {
    // A hash of the content: a dismissed announcement stays hidden until its text changes.
    let id =
        a.content.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let kind = if a.kind.is_empty() { "primary" } else { &a.kind };
    let tag = Tag::new("div").id("quarto-announcement").class("alert").class(&format!("alert-{kind}"));
    let tag = tag.attr("role", "region").attr("aria-label", nav.words.get("announcement"));
    let own_id = nav.project.site.raw.as_ref().and_then(|raw| raw.text(name!("website", "announcement.id")));
    let tag = tag.attr("data-announcement-id", own_id.unwrap_or_else(|| format!("{id:016x}")));
    Fragment::new(|out| {
        out.line(tag, |out| {
            if let Some(name) = &a.icon {
                let tag = Tag::new("i").class("bi quarto-announcement-icon");
                let tag = tag.class(&format!("bi-{}", name.strip_prefix("bi-").unwrap_or(name)));
                out.element(tag.attr("aria-hidden", "true"), |out| write_drawing(out, name));
            }
            out.element(Tag::new("div").class("quarto-announcement-content"), |out| {
                out.element(Tag::new("p"), |out| nav.write_markdown(out, &a.content));
            });
            if a.dismissable {
                let button = Tag::new("button").attr("type", "button").class("quarto-announcement-action");
                let button = button.attr("aria-label", nav.words.get("dismiss"));
                out.element(button, |out| write_icon(out, "x-lg", None));
            }
        });
    })
}

fn footer(nav: &Navigation<'_>, footer: &Footer, classes: &[&str]) -> Fragment {
    let tag = Tag::new("footer").class("footer").when(footer.border, |t| t.class("mlsys-border"));
    let tag = tag.classes(classes.iter().copied());
    let tag = tag.maybe("style", colours(footer.background.as_deref(), footer.foreground.as_deref(), "footer"));
    Fragment::new(|out| {
        out.lines(tag, |out| {
            out.lines(Tag::new("div").class("nav-footer"), |out| {
                for (region, name) in [(&footer.left, "left"), (&footer.center, "center"), (&footer.right, "right")] {
                    out.line(Tag::new("div").class(&format!("nav-footer-{name}")), |out| {
                        footer_region(nav, region, out);
                        if name == "center" {
                            out.slot();
                        }
                    });
                }
            });
        });
    })
}

fn footer_region(nav: &Navigation<'_>, region: &FooterRegion, out: &mut Writer) {
    match region {
        FooterRegion::Empty => out.no_break_space(),
        FooterRegion::Text(text) => out.element(Tag::new("p"), |out| nav.write_markdown(out, text)),
        FooterRegion::Items(items) => out.element(Tag::new("ul").class("footer-items list-unstyled"), |out| {
            out.newline();
            items.iter().for_each(|item| nav.footer_item(out, item));
        }),
    }
}

impl Chrome {
    /// The label of each page in navigation, as HTML for a page at the site's root.
    pub fn titles_html(&self) -> Vec<String> {
        let labels = self.labels.iter().zip(0..);
        labels.map(|(label, page)| label.html.fill(PageId(page), "./")).collect()
    }

    /// The label of each page in navigation, as plain text.
    pub fn titles(&self) -> Vec<String> {
        self.labels.iter().map(Label::plain).collect()
    }

    /// The sidebar of a page: the one that its metadata names, or the first that lists it, or the site's only one if that has
    /// no id. Source: Quarto, "Hybrid Navigation".
    pub(crate) fn sidebar_of(&self, page: PageId, meta: &Value, not_found: bool) -> Option<&SidebarChrome> {
        match meta.value(name!("sidebar")) {
            Some(value) if value.as_bool() == Some(false) => return None,
            Some(value) => {
                if let Some(named) =
                    value.as_str().and_then(|id| self.sidebars.iter().find(|s| s.id.as_deref() == Some(id)))
                {
                    return Some(named);
                }
            }
            None => {}
        }
        let listing = self.sidebars.iter().find(|s| s.entries.iter().any(|e| e.page == page));
        listing.or(match self.sidebars.as_slice() {
            [only] if only.id.is_none() => Some(only),
            // The page for missing files helps to find what the reader looked for.
            [first, ..] if not_found => Some(first),
            _ => None,
        })
    }

    /// The label of a page in navigation, as plain text without its number.
    pub(crate) fn page_name(&self, page: PageId) -> &str {
        self.labels.get(page.index()).map_or("", |label| &label.text)
    }
}
