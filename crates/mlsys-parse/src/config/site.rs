//! The site around the pages: `website:` or `book:`. Source: Quarto, "Website Options" and "Book Options".

use super::navigation::{Navigation, link_sidebars, shortcuts};
use super::{flag, is_on, text, texts};
use mlsys_book::{
    Announcement, BarLogo, Code, Diagnostic, Footer, Logo, NavItem, Navbar, ProjectKind, Search, Sidebar, Site, Value,
    ValueKind, clean_path,
};

/// Builds the site. `raw` is the value of `website` or `book`, if there is one.
pub(super) fn site(config: &Value, raw: Option<&Value>, kind: ProjectKind, nav: &mut Navigation<'_>) -> Site {
    let empty = Value::empty(config.place);
    let value = raw.unwrap_or(&empty);
    let book = kind == ProjectKind::Book;
    let mut sidebars = sidebars(value, book, nav);
    if kind == ProjectKind::Default {
        sidebars.clear();
    }
    let search = search(value, value.get("navbar").is_some_and(|v| is_on(Some(v))));
    let mut navbar = navbar(value, nav, search.as_ref());
    if let Some(navbar) = &mut navbar {
        link_sidebars(&mut navbar.left, &sidebars);
        link_sidebars(&mut navbar.right, &sidebars);
    }
    let url = text(value, "site-url").filter(|u| !u.is_empty()).map(|u| format!("{}/", u.trim_end_matches('/')));
    if book {
        let tools = book_tools(value, config, url.as_deref(), nav);
        match (&mut navbar, sidebars.first_mut()) {
            (Some(navbar), _) => navbar.tools.extend(tools),
            (None, Some(sidebar)) => sidebar.tools.extend(tools),
            (None, None) => {}
        }
    }
    Site {
        title: text(value, "title").or_else(|| text(config, "title")).unwrap_or_default(),
        subtitle: text(value, "subtitle"),
        description: text(value, "description"),
        path: site_path(text(value, "site-path"), url.as_deref()),
        url,
        repo_url: text(value, "repo-url").map(|u| u.trim_end_matches('/').to_owned()),
        repo_branch: text(value, "repo-branch"),
        repo_subdir: text(value, "repo-subdir").map(|d| clean_path(&d)),
        repo_actions: value.get("repo-actions").filter(|a| is_on(Some(a))).map_or_else(Vec::new, |a| texts(Some(a))),
        favicon: text(value, "favicon").map(|f| local_path(&f)),
        page_navigation: flag(value, "page-navigation").or(book.then_some(true)),
        back_to_top: flag(value, "back-to-top-navigation").unwrap_or(false),
        bread_crumbs: flag(value, "bread-crumbs").unwrap_or(true),
        reader_mode: flag(value, "reader-mode").unwrap_or(false),
        search,
        footer: footer(value, nav),
        announcement: announcement(value, nav),
        open_graph: value.get("open-graph").filter(|v| is_on(Some(v))).cloned(),
        twitter_card: value.get("twitter-card").filter(|v| is_on(Some(v))).cloned(),
        raw: raw.cloned(),
        navbar,
        sidebars,
    }
}

/// `site-path`, or the path of the site's URL, with slashes at both ends.
fn site_path(path: Option<String>, url: Option<&str>) -> String {
    let of_url = || url?.split_once("://")?.1.split_once('/').map(|(_, path)| path.to_owned());
    let path = clean_path(&path.or_else(of_url).unwrap_or_default());
    if path.is_empty() { "/".to_owned() } else { format!("/{path}/") }
}

/// A local file relative to the project's folder; other URLs stay as they are.
fn local_path(path: &str) -> String {
    if path.contains("://") || path.starts_with("data:") { path.to_owned() } else { clean_path(path) }
}

/// `logo`: a file, or one for each colour scheme, each a file or a map with `path` and `alt`. A file may be the name of one of
/// the brand's images.
fn logo(bar: &Value) -> Option<BarLogo> {
    let logo = bar.get("logo").filter(|logo| is_on(Some(logo)))?;
    let one = |logo: &Value| {
        let path = logo.to_text().or_else(|| text(logo, "path")).filter(|_| is_on(Some(logo)))?;
        Some(Logo { path: local_path(&path), alt: text(logo, "alt").unwrap_or_default() })
    };
    match (logo.get("light"), logo.get("dark")) {
        (None, None) => BarLogo::new(one(logo), None),
        (light, dark) => BarLogo::new(light.and_then(one), dark.and_then(one)),
    }
}

fn navbar(value: &Value, nav: &mut Navigation<'_>, search: Option<&Search>) -> Option<Navbar> {
    let navbar = value.get("navbar").filter(|v| is_on(Some(v)))?;
    let title = navbar.get("title").and_then(|title| match title.as_bool() {
        Some(false) => Some(String::new()),
        Some(true) | None => title.to_text(),
    });
    let mut items = |key: &str| navbar.get(key).map_or_else(Vec::new, |v| nav.items(v));
    Some(Navbar {
        title,
        logo: logo(navbar),
        logo_alt: text(navbar, "logo-alt")
            .or_else(|| ["logo.alt", "logo.light.alt"].iter().find_map(|path| navbar.path(path)?.to_text())),
        background: text(navbar, "background"),
        foreground: text(navbar, "foreground"),
        search: flag(navbar, "search").unwrap_or(true) && search.is_some_and(|s| !s.in_sidebar),
        pinned: flag(navbar, "pinned").unwrap_or(false),
        collapse_below: text(navbar, "collapse-below").unwrap_or_else(|| "lg".to_owned()),
        left: items("left"),
        right: items("right"),
        tools: items("tools"),
    })
}

/// The sidebars. The others inherit the appearance of the first.
fn sidebars(value: &Value, book: bool, nav: &mut Navigation<'_>) -> Vec<Sidebar> {
    let configured = value.get("sidebar").filter(|v| is_on(Some(v)));
    if book {
        let empty = Value::empty(value.place);
        let looks = configured.and_then(|v| v.items().first()).unwrap_or(&empty);
        let contents = nav.chapters(value);
        let title = text(looks, "title").or_else(|| text(value, "title"));
        return vec![Sidebar { contents, title, ..sidebar(looks, looks, nav) }];
    }
    let Some(configured) = configured else { return Vec::new() };
    let Some(first) = configured.items().first() else { return Vec::new() };
    configured.items().iter().map(|one| sidebar(one, first, nav)).collect()
}

fn sidebar(value: &Value, first: &Value, nav: &mut Navigation<'_>) -> Sidebar {
    let look = |key: &str| text(value, key).or_else(|| text(first, key));
    let level = value.get("collapse-level").or_else(|| first.get("collapse-level")).and_then(Value::as_int);
    // `sidebar: [a.qmd, b.qmd]` and `sidebar: auto` are contents without options.
    let contents = value.get("contents").or(matches!(value.kind, ValueKind::String(_)).then_some(value));
    Sidebar {
        id: text(value, "id"),
        title: text(value, "title"),
        subtitle: text(value, "subtitle"),
        logo: logo(value),
        docked: look("style").as_deref() == Some("docked"),
        alignment: look("alignment").or_else(|| look("align")),
        background: look("background"),
        foreground: look("foreground"),
        border: flag(value, "border").or_else(|| flag(first, "border")),
        collapse_level: level.and_then(|l| u32::try_from(l).ok()).unwrap_or(2),
        search: flag(value, "search").or_else(|| flag(first, "search")),
        header: texts_joined(value.get("header")),
        footer: texts_joined(value.get("footer")),
        tools: value.get("tools").map_or_else(Vec::new, |v| nav.items(v)),
        contents: contents.map_or_else(Vec::new, |v| nav.items(v)),
    }
}

/// The default tools of a book: repository, downloads, sharing.
///
/// Files to download are named after the title, or by `output-file`. Source: Quarto, "Book Output", downloads and sharing.
fn book_tools(book: &Value, config: &Value, url: Option<&str>, nav: &mut Navigation<'_>) -> Vec<NavItem> {
    let item = |text: &str, icon: &str, href: String| NavItem {
        text: Some(text.to_owned()),
        icon: Some(icon.to_owned()),
        href: Some(href),
        ..NavItem::default()
    };
    let mut tools = Vec::new();
    if let Some(repository) = text(book, "repo-url") {
        let icon = ["github", "gitlab"].into_iter().find(|host| repository.contains(host)).unwrap_or("git");
        tools.push(item("Source Code", icon, repository));
    }
    let title = text(book, "title").unwrap_or_else(|| "book".to_owned());
    let stem = text(book, "output-file").or_else(|| text(config, "output-file")).unwrap_or_else(|| {
        let kept = title.chars().map(|c| if c.is_whitespace() { '-' } else { c });
        kept.filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')).collect()
    });
    let downloads = texts(book.get("downloads").filter(|v| is_on(Some(v))));
    let downloads = downloads.iter().filter_map(|kind| match kind.as_str() {
        "pdf" => Some(item("Download PDF", "file-pdf", format!("{stem}.pdf"))),
        "epub" => Some(item("Download ePub", "journal", format!("{stem}.epub"))),
        "docx" => Some(item("Download Docx", "file-word", format!("{stem}.docx"))),
        _ => None,
    });
    let downloads: Vec<NavItem> = downloads.collect();
    for download in &downloads {
        let place = book.get("downloads").unwrap_or(book);
        download.href.iter().for_each(|file| nav.check_file(file, place));
    }
    tools.extend(menu("Download", "download", downloads));
    // Without the site's URL there is nothing to share.
    let shared: String = url.map(|url| url.replace(':', "%3A").replace('/', "%2F")).unwrap_or_default();
    let sharing = texts(book.get("sharing").filter(|v| is_on(Some(v)) && url.is_some()));
    let sharing = sharing.iter().filter_map(|place| match place.as_str() {
        "twitter" => Some(item("Twitter", "twitter", format!("https://twitter.com/intent/tweet?url={shared}"))),
        "facebook" => {
            Some(item("Facebook", "facebook", format!("https://www.facebook.com/sharer/sharer.php?u={shared}")))
        }
        "linkedin" => {
            Some(item("LinkedIn", "linkedin", format!("https://www.linkedin.com/sharing/share-offsite/?url={shared}")))
        }
        _ => None,
    });
    tools.extend(menu("Share", "share", sharing.collect()));
    tools
}

/// One tool as an item, several as a menu.
fn menu(text: &str, icon: &str, mut contents: Vec<NavItem>) -> Option<NavItem> {
    if contents.len() < 2 {
        return contents.pop();
    }
    let (text, icon) = (Some(text.to_owned()), Some(icon.to_owned()));
    Some(NavItem { text, icon, contents, ..NavItem::default() })
}

/// A text, or the texts of a list as paragraphs.
fn texts_joined(value: Option<&Value>) -> Option<String> {
    Some(texts(value).join("\n\n")).filter(|t| !t.is_empty())
}

/// Search is on unless the project switches it off. Without a navbar it is in the sidebar, and there it is a text box.
fn search(value: &Value, has_navbar: bool) -> Option<Search> {
    let search = match value.get("search") {
        Some(v) if !is_on(Some(v)) => return None,
        Some(v) => v.clone(),
        None => Value::empty(value.place),
    };
    let number = |key: &str| search.get(key).and_then(Value::as_int).and_then(|n| u32::try_from(n).ok());
    let in_sidebar = !has_navbar || text(&search, "location").as_deref() == Some("sidebar");
    Some(Search {
        in_sidebar,
        textbox: text(&search, "type").map_or(in_sidebar, |kind| kind == "textbox"),
        shortcuts: shortcuts(&search),
        limit: number("limit").unwrap_or(50),
        collapse_after: number("collapse-after").unwrap_or(3),
        copy_button: flag(&search, "copy-button").unwrap_or(false),
        // `tree` is the name of the default way to show the context.
        show_item_context: match text(&search, "show-item-context").as_deref() {
            Some("tree" | "true") => "true".to_owned(),
            Some(part @ ("parent" | "root")) => part.to_owned(),
            _ => "false".to_owned(),
        },
        json: flag(&search, "json").unwrap_or(search.get("algolia").is_some()),
    })
}

/// The footer. A string is the text in the middle.
fn footer(value: &Value, nav: &mut Navigation<'_>) -> Option<Footer> {
    let footer = value.get("page-footer").filter(|v| is_on(Some(v)))?;
    if let Some(text) = footer.to_text() {
        let center = mlsys_book::FooterRegion::Text(text);
        return Some(Footer { center, border: true, ..Footer::default() });
    }
    Some(Footer {
        left: nav.region(footer.get("left")),
        center: nav.region(footer.get("center")),
        right: nav.region(footer.get("right")),
        background: text(footer, "background"),
        foreground: text(footer, "foreground"),
        border: footer.get("border").is_none_or(|b| is_on(Some(b))),
    })
}

fn announcement(value: &Value, nav: &mut Navigation<'_>) -> Option<Announcement> {
    let announcement = value.get("announcement").filter(|v| is_on(Some(v)))?;
    let content = announcement.to_text().or_else(|| text(announcement, "content"));
    let Some(content) = content else {
        let message = "an announcement needs `content`";
        nav.diagnostics.push(Diagnostic::new(Code::InvalidConfigValue, announcement.place, message));
        return None;
    };
    Some(Announcement {
        content,
        icon: text(announcement, "icon"),
        dismissable: flag(announcement, "dismissable").unwrap_or(true),
        kind: text(announcement, "type").unwrap_or_else(|| "primary".to_owned()),
        above_navbar: text(announcement, "position").as_deref() == Some("above-navbar"),
    })
}
