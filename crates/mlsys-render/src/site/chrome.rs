//! What surrounds every page of a site: navbar, announcement, sidebars, footer. Written once a build.

use super::sidebar::{SidebarChrome, sidebar};
use crate::html::icon;
use crate::html::{Fragment, escape};
use crate::markdown::Markdown;
use crate::site::navigation::{Label, Navigation, beside_items};
use crate::words::Words;
use mlsys_book::{Footer, FooterRegion, NavItem, Navbar, PageId, PageSummary, Project, Value};

/// The frame of a site's pages, ready to be filled in for each of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chrome {
    pub(crate) navbar: Option<Fragment>,
    pub(crate) announcement: Option<Fragment>,
    pub(crate) announcement_above: bool,
    pub(crate) sidebars: Vec<SidebarChrome>,
    /// The footer up to the end of its middle, and the rest: a page's own actions stand between them.
    pub(crate) footer: Option<(Fragment, Fragment)>,
    /// The footer of a site that has none, for pages whose actions would have no place.
    pub(crate) actions_footer: (Fragment, Fragment),
    pub(crate) body_header: Fragment,
    pub(crate) body_footer: Fragment,
    pub(crate) margin_header: Fragment,
    pub(crate) margin_footer: Fragment,
    /// The name of each page in navigation.
    pub(crate) labels: Vec<Label>,
}

/// Renders what all pages share. `pages` are the summaries in the order of [`Project::pages`]; `markdown` reads inline
/// Markdown of the configuration, with addresses as on a page at the site's root. Source: Quarto, "Website Navigation".
///
/// `image_size` gives the width and height of an image of the project, so that logos keep their place before they arrive.
pub fn chrome(
    project: &Project,
    pages: &[PageSummary],
    markdown: Markdown<'_>,
    image_size: &dyn Fn(&str) -> Option<(u32, u32)>,
) -> Chrome {
    let words = Words::new(&project.meta);
    let nav = Navigation { project, pages, markdown, image_size, words: &words, beside: beside_items(project) };
    let site = &project.site;
    let block = |key: &str, class: &str, item: &str| {
        let mut out = Fragment::default();
        if let Some(text) = site.raw.as_ref().and_then(|raw| raw.get(key)).and_then(Value::to_text) {
            let (open, close) = match class {
                "" => ("<p>".to_owned(), "</p>\n"),
                class => (format!("<div class=\"{class}\"><div class=\"{item}\"><p>"), "</p></div></div>\n"),
            };
            out.text(&open);
            out.inlines(&markdown.parse(&text));
            out.text(close);
        }
        out
    };
    Chrome {
        navbar: site.navbar.as_ref().map(|bar| navbar(&nav, bar)),
        announcement: site.announcement.as_ref().map(|a| announcement(&nav, a)),
        announcement_above: site.announcement.as_ref().is_some_and(|a| a.above_navbar),
        sidebars: site.sidebars.iter().map(|bar| sidebar(&nav, bar)).collect(),
        footer: site.footer.as_ref().map(|f| footer(&nav, f)),
        actions_footer: footer(&nav, &Footer { border: true, ..Footer::default() }),
        body_header: block("body-header", "", ""),
        body_footer: block("body-footer", "", ""),
        margin_header: block("margin-header", "quarto-margin-header", "margin-header-item"),
        margin_footer: block("margin-footer", "quarto-margin-footer", "margin-footer-item"),
        labels: (0..project.pages.len()).map(|at| nav.page_label(PageId(at as u32))).collect(),
    }
}

/// The address of the site's first page, as on a page at its root.
pub(crate) fn home(project: &Project) -> &'static str {
    if project.pages.iter().any(|p| p.output == "index.html") { "./index.html" } else { "./" }
}

fn navbar(nav: &Navigation<'_>, bar: &Navbar) -> Fragment {
    let mut out = Fragment::default();
    let expand = if bar.collapse_below.is_empty() { "lg" } else { &bar.collapse_below };
    out.text(&format!(
        "<nav class=\"navbar navbar-expand-{}\" aria-label=\"{}\"{}>\n<div class=\"navbar-container container-fluid\">\n",
        escape(expand),
        escape(&nav.words.get("site-navigation")),
        colours(bar.background.as_deref(), bar.foreground.as_deref(), "navbar"),
    ));
    let raw = nav.project.site.raw.as_ref();
    let to = raw.and_then(|r| r.path("navbar.logo-href")).and_then(Value::as_str);
    let to = to.map_or_else(|| home(nav.project).to_owned(), |href| nav.page_address(href));
    let title = bar.title.clone().unwrap_or_else(|| nav.project.site.title.clone());
    // A bar without logo and title begins with its items.
    if bar.logo.is_some() || !title.is_empty() {
        out.text("<div class=\"navbar-brand-container mx-auto\">");
    }
    if let Some(logo) = &bar.logo {
        let alt =
            bar.logo_alt.as_deref().unwrap_or(if title.is_empty() { nav.project.site.title.as_str() } else { "" });
        out.text("<a class=\"navbar-brand navbar-brand-logo\"");
        out.address("href", &to);
        // The title beside it is the link that counts; a second one to the same place would be read twice.
        out.text(if title.is_empty() { ">" } else { " tabindex=\"-1\" aria-hidden=\"true\">" });
        images(nav, &mut out, "navbar", "navbar-logo", logo, alt);
        out.text("</a>\n");
    }
    if !title.is_empty() {
        out.text("<a class=\"navbar-brand\"");
        out.address("href", &to);
        out.text("><span class=\"navbar-title\">");
        out.inlines(&nav.markdown.parse(&title));
        out.text("</span></a>");
    }
    if bar.logo.is_some() || !title.is_empty() {
        out.text("</div>\n");
    }
    if bar.search && nav.project.site.search.as_ref().is_some_and(|s| !s.in_sidebar) {
        out.text(&search_slot(nav));
    }
    out.text(&format!(
        "<button class=\"navbar-toggler\" type=\"button\" data-bs-toggle=\"collapse\" data-bs-target=\"#navbarCollapse\" \
         aria-controls=\"navbarCollapse\" aria-expanded=\"false\" aria-label=\"{}\"><span class=\"navbar-toggler-icon\">{}</span>\
         </button>\n<div class=\"collapse navbar-collapse\" id=\"navbarCollapse\">\n",
        escape(&nav.words.get("toggle-navigation")),
        icon("list", None),
    ));
    for (items, class) in [(&bar.left, "me-auto"), (&bar.right, "ms-auto")] {
        if !items.is_empty() {
            out.text(&format!("<ul class=\"navbar-nav navbar-nav-scroll {class}\">\n"));
            items.iter().for_each(|item| nav.navbar_item(&mut out, item));
            out.text("</ul>\n");
        }
    }
    out.text("</div>\n<div class=\"quarto-navbar-tools\">\n");
    tools(nav, &mut out, &bar.tools, "quarto-navbar-tools-item");
    out.text("</div>\n</div>\n</nav>\n");
    out
}

/// Where the search box is: a button that opens it. Without the script there is none: searching needs it, and a browser finds
/// words on the page by itself.
pub(crate) fn search_slot(nav: &Navigation<'_>) -> String {
    let label = escape(&nav.words.get("search-label"));
    let placeholder = Some(nav.words.get("search-text-placeholder")).filter(|text| !text.is_empty());
    let textbox = nav.project.site.search.as_ref().is_some_and(|search| search.textbox);
    format!(
        "<div id=\"quarto-search\" class=\"type-{}\" title=\"{label}\"><button type=\"button\" class=\"mlsys-search-button\" \
         aria-label=\"{label}\" aria-haspopup=\"dialog\">{}<span class=\"mlsys-search-label\">{}</span></button></div>\n",
        if textbox { "textbox" } else { "overlay" },
        icon("search", None),
        placeholder.map_or(label.clone(), |text| escape(&text)),
    )
}

/// The tools of the author, then those of the site: the colour scheme and the reader mode. Those need the script, which shows
/// them.
pub(crate) fn tools(nav: &Navigation<'_>, out: &mut Fragment, items: &[NavItem], class: &str) {
    let mut menus = 0;
    items.iter().for_each(|item| nav.tool(out, item, class, &mut menus));
    if crate::theme::has_dark(&nav.project.meta) {
        let label = escape(&nav.words.get("toggle-dark-mode"));
        out.text(&format!(
            "<button type=\"button\" class=\"quarto-color-scheme-toggle quarto-navigation-tool px-1\" title=\"{label}\" \
             aria-label=\"{label}\" aria-pressed=\"false\">{}{}</button>\n",
            icon("moon-stars-fill", None),
            icon("sun-fill", None)
        ));
    }
    if nav.project.site.reader_mode {
        let label = escape(&nav.words.get("toggle-reader-mode"));
        out.text(&format!(
            "<button type=\"button\" class=\"quarto-reader-toggle quarto-navigation-tool px-1\" title=\"{label}\" \
             aria-label=\"{label}\" aria-pressed=\"false\">{}</button>\n",
            icon("book", None)
        ));
    }
}

/// Writes a logo: one image, or one for each colour scheme where `logo` has `light` and `dark`. Source: Quarto, "Navbar".
pub(crate) fn images(nav: &Navigation<'_>, out: &mut Fragment, bar: &str, class: &str, logo: &str, alt: &str) {
    let of_mode = |mode: &str| {
        let logo = nav.project.site.raw.as_ref()?.path(&format!("{bar}.logo"))?.get(mode)?;
        let path = logo.to_text().or_else(|| logo.get("path")?.to_text())?;
        Some(path)
    };
    let mut image = |path: &str, mode: &str| {
        let size = crate::html::site_path(path).and_then(|path| (nav.image_size)(path));
        let size = size.map_or_else(String::new, |(w, h)| format!(" width=\"{w}\" height=\"{h}\""));
        out.text(&format!("<img class=\"{class}{mode}\" alt=\"{}\"", escape(alt)));
        out.address("src", &local(path));
        out.text(&format!("{size}>"));
    };
    match (of_mode("light"), of_mode("dark")) {
        (Some(light), Some(dark)) if light != dark => {
            image(&light, " light-content");
            image(&dark, " dark-content");
        }
        (Some(_) | None, Some(_) | None) => image(logo, ""),
    }
}

/// A file of the project as an address at the site's root.
pub(crate) fn local(path: &str) -> String {
    crate::html::site_path(path).map_or_else(|| path.to_owned(), |path| format!("./{path}"))
}

/// Colours given in the configuration as custom properties that the theme reads: names of the theme's colours or CSS colours.
/// `light` is what the theme does anyway, and lets the dark mode work.
pub(crate) fn colours(background: Option<&str>, foreground: Option<&str>, part: &str) -> String {
    let value = |name: &str| match name {
        "primary" | "secondary" | "success" | "info" | "warning" | "danger" | "dark" => format!("var(--bs-{name})"),
        other => other.to_owned(),
    };
    let mut style = String::new();
    if let Some(background) = background.filter(|b| *b != "light" && *b != "none") {
        style.push_str(&format!("--mlsys-{part}-bg: {};", value(background)));
        if foreground.is_none() && !is_bright(background) {
            style.push_str(&format!("--mlsys-{part}-fg: #fff;"));
        }
    }
    if let Some(foreground) = foreground.filter(|f| *f != "dark") {
        style.push_str(&format!(
            "--mlsys-{part}-fg: {};",
            if foreground == "light" { "#fff".into() } else { value(foreground) }
        ));
    }
    if style.is_empty() { style } else { format!(" style=\"{}\"", escape(&style)) }
}

/// Whether a background needs dark text: by the luminance of `#rrggbb`; `warning` and `info` of the theme, and colours by name
/// other than the theme's, count as bright.
fn is_bright(colour: &str) -> bool {
    let Some(hex) = colour.strip_prefix('#') else {
        return !matches!(colour, "primary" | "secondary" | "success" | "danger" | "dark" | "black" | "navy");
    };
    let digits: Vec<u32> = hex.chars().filter_map(|c| c.to_digit(16)).collect();
    let channels: Vec<u32> = match digits.len() {
        3 | 4 => digits.iter().take(3).map(|d| d * 17).collect(),
        6 | 8 => digits.chunks(2).take(3).map(|pair| pair.iter().fold(0, |n, d| n * 16 + d)).collect(),
        _ => return true,
    };
    channels.iter().zip([299, 587, 114]).map(|(c, weight)| c * weight).sum::<u32>() > 150_000
}

fn announcement(nav: &Navigation<'_>, a: &mlsys_book::Announcement) -> Fragment {
    let mut out = Fragment::default();
    // A stable mark of the content: a dismissed announcement stays away until another one comes.
    let id =
        a.content.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let kind = if a.kind.is_empty() { "primary" } else { &a.kind };
    out.text(&format!(
        "<div id=\"quarto-announcement\" class=\"alert alert-{}\" role=\"region\" aria-label=\"{}\" \
         data-announcement-id=\"{id:016x}\">",
        escape(kind),
        escape(&nav.words.get("announcement"))
    ));
    if let Some(name) = &a.icon {
        out.text(&icon(name, None).replacen("bi-", "quarto-announcement-icon bi-", 1));
    }
    out.text("<div class=\"quarto-announcement-content\"><p>");
    out.inlines(&nav.markdown.parse(&a.content));
    out.text("</p></div>");
    if a.dismissable {
        out.text(&format!(
            "<button type=\"button\" class=\"quarto-announcement-action\" aria-label=\"{}\">{}</button>",
            escape(&nav.words.get("dismiss")),
            icon("x-lg", None)
        ));
    }
    out.text("</div>\n");
    out
}

fn footer(nav: &Navigation<'_>, footer: &Footer) -> (Fragment, Fragment) {
    let mut out = Fragment::default();
    let mut before = Fragment::default();
    out.text(&format!(
        "<footer class=\"footer{}\"{}>\n<div class=\"nav-footer\">\n",
        if footer.border { " mlsys-border" } else { "" },
        colours(footer.background.as_deref(), footer.foreground.as_deref(), "footer"),
    ));
    for (region, name) in [(&footer.left, "left"), (&footer.center, "center"), (&footer.right, "right")] {
        out.text(&format!("<div class=\"nav-footer-{name}\">"));
        match region {
            FooterRegion::Empty => out.text("&nbsp;"),
            FooterRegion::Text(text) => {
                out.text("<p>");
                out.inlines(&nav.markdown.parse(text));
                out.text("</p>");
            }
            FooterRegion::Items(items) => {
                out.text("<ul class=\"footer-items list-unstyled\">\n");
                items.iter().for_each(|item| nav.footer_item(&mut out, item));
                out.text("</ul>");
            }
        }
        if name == "center" {
            before = std::mem::take(&mut out);
        }
        out.text("</div>\n");
    }
    out.text("</div>\n</footer>\n");
    (before, out)
}

impl Chrome {
    /// The name of each page in navigation, as HTML of a page at the site's root.
    pub fn titles_html(&self) -> Vec<String> {
        let labels = self.labels.iter().zip(0..);
        labels.map(|(label, page)| label.html.fill(PageId(page), "./")).collect()
    }

    /// The name of each page in navigation, as plain text.
    pub fn titles(&self) -> Vec<String> {
        self.labels.iter().map(Label::plain).collect()
    }

    /// The sidebar of a page: the one that its metadata names, else the one that lists it, else the only one there is if it has
    /// no id. Source: Quarto, "Hybrid Navigation".
    pub(crate) fn sidebar_of(&self, page: PageId, meta: &Value) -> Option<&SidebarChrome> {
        match meta.get("sidebar") {
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
            _ => None,
        })
    }

    /// The name of a page in navigation without its number.
    pub(crate) fn page_name(&self, page: PageId) -> &str {
        self.labels.get(page.0 as usize).map_or("", |label| &label.text)
    }
}
