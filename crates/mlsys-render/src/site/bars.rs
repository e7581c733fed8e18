//! Parts that the navbar and the sidebars share: logo, search, tools, colours.

use super::navigation::Navigation;
use crate::html::{Elements, Tag, Writer, site_path, write_icon};
use mlsys_book::{BarLogo, Logo, NavItem, Project};

/// The URL of the site's first page, from the site's root.
pub(crate) fn home(project: &Project) -> &'static str {
    if project.pages.iter().any(|p| p.output == "index.html") { "./index.html" } else { "./" }
}

/// The search button. It needs the script: without it the page shows none, and readers use their browser's own search.
pub(crate) fn search_slot(nav: &Navigation<'_>, out: &mut Writer) {
    let label = nav.words.get("search-label");
    let placeholder = Some(nav.words.get("search-text-placeholder")).filter(|text| !text.is_empty());
    let textbox = nav.project.site.search.as_ref().is_some_and(|search| search.textbox);
    let tag = Tag::new("div").id("quarto-search").class(if textbox { "type-textbox" } else { "type-overlay" });
    let button = Tag::new("button").attr("type", "button").class("mlsys-search-button").attr("aria-label", &label);
    out.line(tag.attr("title", &label), |out| {
        out.element(button.attr("aria-haspopup", "dialog"), |out| {
            write_icon(out, "search", None);
            out.leaf(Tag::new("span").class("mlsys-search-label"), &placeholder.unwrap_or(label));
        });
    });
}

/// The author's tools, then the site's: the colour scheme and the reader mode. The script shows the latter, which need it.
pub(crate) fn tools(nav: &Navigation<'_>, out: &mut Writer, items: &[NavItem], class: &str) {
    let mut menus = 0;
    items.iter().for_each(|item| nav.tool(out, item, class, &mut menus));
    let toggle = |out: &mut Writer, class: &str, label: &str, icons: &[&str]| {
        let tag = Tag::new("button").attr("type", "button").class(class).class("quarto-navigation-tool px-1");
        let tag = tag.attr("title", label).attr("aria-label", label).attr("aria-pressed", "false");
        out.line(tag, |out| icons.iter().for_each(|name| write_icon(out, name, None)));
    };
    if crate::theme::has_dark(&nav.project.meta) {
        let label = nav.words.get("toggle-dark-mode");
        toggle(out, "quarto-color-scheme-toggle", &label, &["moon-stars-fill", "sun-fill"]);
    }
    if nav.project.site.reader_mode {
        toggle(out, "quarto-reader-toggle", &nav.words.get("toggle-reader-mode"), &["book"]);
    }
}

/// A logo: one image, or one for each mode. If nothing beside it names the site, `alt` does: an image without a text of its own has
/// that of the other mode, otherwise `alt`. Source: Quarto, "Navbar".
pub(crate) fn images(nav: &Navigation<'_>, out: &mut Writer, class: &str, logo: &BarLogo, alt: &str) {
    let other = [Some(&logo.light), logo.dark.as_ref()].into_iter().flatten().map(|logo| logo.alt.as_str());
    let other = other.into_iter().find(|alt| !alt.is_empty());
    let mut image = |logo: &Logo, mode: &str| {
        let size = site_path(&logo.path).and_then(|path| (nav.image_size)(path));
        let alt = match logo.alt.as_str() {
            "" if alt.is_empty() => "",
            "" => other.unwrap_or(alt),
            own => own,
        };
        let tag = Tag::new("img").class(class).classes(Some(mode).filter(|mode| !mode.is_empty())).attr("alt", alt);
        let tag = tag.site_url("src", &local(&logo.path));
        out.void(
            size.into_iter().fold(tag, |tag, (w, h)| tag.attr("width", w.to_string()).attr("height", h.to_string())),
        );
    };
    match &logo.dark {
        Some(dark) => {
            image(&logo.light, "light-content");
            image(dark, "dark-content");
        }
        None => image(&logo.light, ""),
    }
}

/// A logo with the alternative text that the bar's `logo-alt` gives.
pub(crate) fn with_alt(logo: &BarLogo, alt: Option<&str>) -> BarLogo {
    let mut logo = logo.clone();
    if let Some(alt) = alt {
        logo.logos_mut().for_each(|logo| logo.alt = alt.to_owned());
    }
    logo
}

/// The URL of a project file, from the site's root.
pub(crate) fn local(path: &str) -> String {
    site_path(path).map_or_else(|| path.to_owned(), |path| format!("./{path}"))
}

/// Colours of the configuration as custom properties for the theme: names of theme colours, or CSS colours. `light` is the
/// theme's default and sets nothing, so that the dark mode works.
pub(crate) fn colours(background: Option<&str>, foreground: Option<&str>, part: &str) -> Option<String> {
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
    Some(style).filter(|style| !style.is_empty())
}

/// True if a background needs dark text: by luminance for `#rrggbb`. The theme's `warning` and `info`, and named colours that
/// the theme does not have, count as bright.
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
