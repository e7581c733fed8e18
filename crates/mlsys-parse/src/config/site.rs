//! The site around the pages: `website:` or `book:`. Source: Quarto, "Website Options" and "Book Options".

use super::navigation::{Navigation, link_sidebars, shortcuts};
use super::{is_on, texts};
use mlsys_book::{
    Announcement, BarLogo, Code, Diagnostic, Footer, Logo, NavItem, Navbar, OptionName, ProjectKind, Search, Sidebar,
    Site, Value, ValueKind, WholeKey, clean_path, key, name,
};

/// The name of the files of a whole book, from its title or `output-file`. Source: Quarto, `texSafeFilename`.
pub fn file_stem(title: &str) -> String {
    let is_sign = |c: char| " <>()|:&;#?*'\\/".contains(c);
    title.chars().map(|c| if is_sign(c) { '-' } else { c }).collect()
}

/// Builds the site. `raw` is the value of `website` or `book`, if there is one.
pub(super) fn site(config: &Value, raw: Option<&Value>, kind: ProjectKind, nav: &mut Navigation<'_>) -> Site {
    let empty = Value::empty(config.place);
    let value = raw.unwrap_or(&empty);
    let book = kind == ProjectKind::Book;
    let mut sidebars = sidebars(value, book, nav);
    if kind == ProjectKind::Default {
        sidebars.clear();
    }
    let search = search(value, value.value(name!("website", "navbar")).is_some_and(|v| is_on(Some(v))));
    let mut navbar = navbar(value, nav, search.as_ref());
    if let Some(navbar) = &mut navbar {
        link_sidebars(&mut navbar.left, &sidebars);
        link_sidebars(&mut navbar.right, &sidebars);
    }
    let url = value
        .read(key!("website", "site-url"))
        .filter(|u| !u.is_empty())
        .map(|u| format!("{}/", u.trim_end_matches('/')));
    if book {
        let tools = book_tools(value, config, url.as_deref(), nav);
        match (&mut navbar, sidebars.first_mut()) {
            (Some(navbar), _) => navbar.tools.extend(tools),
            (None, Some(sidebar)) => sidebar.tools.extend(tools),
            (None, None) => {}
        }
    }
    Site {
        title: value.read(key!("website", "title")).or_else(|| config.read(key!("title"))).unwrap_or_default(),
        subtitle: value.read(key!("book", "subtitle")),
        description: value.read(key!("website", "description")),
        path: site_path(value.read(key!("website", "site-path")), url.as_deref()),
        url,
        repo_url: value.read(key!("website", "repo-url")).map(|u| u.trim_end_matches('/').to_owned()),
        repo_branch: value.read(key!("website", "repo-branch")),
        repo_subdir: value.read(key!("website", "repo-subdir")).map(|d| clean_path(&d)),
        repo_actions: value
            .value(name!("website", "repo-actions"))
            .filter(|a| is_on(Some(a)))
            .map_or_else(Vec::new, |a| texts(Some(a))),
        favicon: value.read(key!("website", "favicon")).map(|f| local_path(&f)),
        page_navigation: value.read(key!("website", "page-navigation")).or(book.then_some(true)),
        back_to_top: value.read(key!("website", "back-to-top-navigation")).unwrap_or(false),
        bread_crumbs: value.read(key!("website", "bread-crumbs")).unwrap_or(true),
        reader_mode: value.read(key!("website", "reader-mode")).unwrap_or(false),
        search,
        footer: footer(value, nav),
        announcement: announcement(value, nav),
        open_graph: value.value(name!("website", "open-graph")).filter(|v| is_on(Some(v))).cloned(),
        twitter_card: value.value(name!("website", "twitter-card")).filter(|v| is_on(Some(v))).cloned(),
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
    let logo = bar.value(name!("navbar", "logo")).filter(|logo| is_on(Some(logo)))?;
    let one = |logo: &Value| {
        let path = logo.to_text().or_else(|| logo.read(key!("logo", "path"))).filter(|_| is_on(Some(logo)))?;
        Some(Logo { path: local_path(&path), alt: logo.read(key!("logo", "alt")).unwrap_or_default() })
    };
    match (logo.value(name!("logo", "light")), logo.value(name!("logo", "dark"))) {
        (None, None) => BarLogo::new(one(logo), None),
        (light, dark) => BarLogo::new(light.and_then(one), dark.and_then(one)),
    }
}

fn navbar(value: &Value, nav: &mut Navigation<'_>, search: Option<&Search>) -> Option<Navbar> {
    let navbar = value.value(name!("website", "navbar")).filter(|v| is_on(Some(v)))?;
    let title = navbar.value(name!("navbar", "title")).and_then(|title| match title.as_bool() {
        Some(false) => Some(String::new()),
        Some(true) | None => title.to_text(),
    });
    let mut items = |key: OptionName| navbar.value(key).map_or_else(Vec::new, |v| nav.items(v));
    Some(Navbar {
        title,
        logo: logo(navbar),
        logo_alt: navbar.read(key!("navbar", "logo-alt")),
        background: navbar.read(key!("navbar", "background")),
        foreground: navbar.read(key!("navbar", "foreground")),
        search: navbar.read(key!("navbar", "search")).unwrap_or(true) && search.is_some_and(|s| !s.in_sidebar),
        pinned: navbar.read(key!("navbar", "pinned")).unwrap_or(false),
        collapse_below: navbar.text(name!("navbar", "collapse-below")).unwrap_or_else(|| "lg".to_owned()),
        left: items(name!("navbar", "left")),
        right: items(name!("navbar", "right")),
        tools: items(name!("navbar", "tools")),
    })
}

/// The sidebars. The others inherit the appearance of the first.
fn sidebars(value: &Value, book: bool, nav: &mut Navigation<'_>) -> Vec<Sidebar> {
    let configured = value.value(name!("website", "sidebar")).filter(|v| is_on(Some(v)));
    if book {
        let empty = Value::empty(value.place);
        let looks = configured.and_then(|v| v.items().first()).unwrap_or(&empty);
        let contents = nav.chapters(value);
        let title = looks.text(name!("sidebar", "title")).or_else(|| value.text(name!("sidebar", "title")));
        return vec![Sidebar { contents, title, ..sidebar(looks, looks, nav) }];
    }
    let Some(configured) = configured else { return Vec::new() };
    let Some(first) = configured.items().first() else { return Vec::new() };
    configured.items().iter().map(|one| sidebar(one, first, nav)).collect()
}

fn sidebar(value: &Value, first: &Value, nav: &mut Navigation<'_>) -> Sidebar {
    let look = |key: OptionName| value.text(key).or_else(|| first.text(key));
    let level = value.read(key!("sidebar", "collapse-level")).or_else(|| first.read(key!("sidebar", "collapse-level")));
    // `sidebar: [a.qmd, b.qmd]` and `sidebar: auto` are contents without options.
    let contents =
        value.value(name!("sidebar", "contents")).or(matches!(value.kind, ValueKind::String(_)).then_some(value));
    Sidebar {
        id: value.read(key!("sidebar", "id")),
        title: value.text(name!("sidebar", "title")),
        subtitle: value.read(key!("sidebar", "subtitle")),
        logo: logo(value),
        docked: look(name!("sidebar", "style")).as_deref() == Some("docked"),
        alignment: look(name!("sidebar", "alignment")).or_else(|| look(name!("sidebar", "align"))),
        background: look(name!("sidebar", "background")),
        foreground: look(name!("sidebar", "foreground")),
        border: value.read(key!("sidebar", "border")).or_else(|| first.read(key!("sidebar", "border"))),
        collapse_level: level.and_then(|l| u32::try_from(l).ok()).unwrap_or(2),
        search: value.read(key!("sidebar", "search")).or_else(|| first.read(key!("sidebar", "search"))),
        header: texts_joined(value.value(name!("sidebar", "header"))),
        footer: texts_joined(value.value(name!("sidebar", "footer"))),
        tools: value.value(name!("sidebar", "tools")).map_or_else(Vec::new, |v| nav.items(v)),
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
    let mut tools = book.value(name!("book", "tools")).map_or_else(Vec::new, |tools| nav.items(tools));
    if let Some(repository) = book.read(key!("book", "repo-url")) {
        let icon = ["github", "gitlab"].into_iter().find(|host| repository.contains(host)).unwrap_or("git");
        tools.push(item("Source Code", icon, repository));
    }
    let title = book.read(key!("book", "title")).unwrap_or_else(|| "book".to_owned());
    let named = book.read(key!("book", "output-file")).or_else(|| config.read(key!("output-file")));
    let stem = file_stem(&named.unwrap_or(title));
    let downloads = texts(book.value(name!("book", "downloads")).filter(|v| is_on(Some(v))));
    let downloads = downloads.iter().filter_map(|kind| match kind.as_str() {
        "pdf" => Some(item("Download PDF", "file-pdf", format!("{stem}.pdf"))),
        "epub" => Some(item("Download ePub", "journal", format!("{stem}.epub"))),
        "docx" => Some(item("Download Docx", "file-word", format!("{stem}.docx"))),
        _ => None,
    });
    let downloads: Vec<NavItem> = downloads.collect();
    // A project with the format writes the file itself.
    let formats = config.value(name!("format")).map_or(&[][..], Value::entries);
    let is_epub = |name: &str| name.strip_suffix("epub").is_some_and(|of| of.is_empty() || of.ends_with('-'));
    let has_epub = formats.iter().any(|format| is_epub(&format.key));
    let is_written = |item: &&NavItem| has_epub && item.href.as_ref().is_some_and(|file| file.ends_with(".epub"));
    for download in downloads.iter().filter(|item| !is_written(item)) {
        let place = book.value(name!("book", "downloads")).unwrap_or(book);
        download.href.iter().for_each(|file| nav.check_file(file, place));
    }
    tools.extend(menu("Download", "download", downloads));
    // Without the site's URL there is nothing to share.
    let shared: String = url.map(|url| url.replace(':', "%3A").replace('/', "%2F")).unwrap_or_default();
    let sharing = texts(book.value(name!("book", "sharing")).filter(|v| is_on(Some(v)) && url.is_some()));
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
    let search = match value.value(name!("website", "search")) {
        Some(v) if !is_on(Some(v)) => return None,
        Some(v) => v.clone(),
        None => Value::empty(value.place),
    };
    let number = |key: WholeKey| search.read(key).and_then(|n| u32::try_from(n).ok());
    let in_sidebar = !has_navbar || search.text(name!("search", "location")).as_deref() == Some("sidebar");
    Some(Search {
        in_sidebar,
        textbox: search.text(name!("search", "type")).map_or(in_sidebar, |kind| kind == "textbox"),
        shortcuts: shortcuts(&search),
        limit: number(key!("search", "limit")).unwrap_or(50),
        collapse_after: number(key!("search", "collapse-after")).unwrap_or(3),
        copy_button: search.read(key!("search", "copy-button")).unwrap_or(false),
        // `tree` is the name of the default way to show the context.
        show_item_context: match search.text(name!("search", "show-item-context")).as_deref() {
            Some("tree" | "true") => "true".to_owned(),
            Some(part @ ("parent" | "root")) => part.to_owned(),
            _ => "false".to_owned(),
        },
        json: search.read(key!("search", "json")).unwrap_or(search.value(name!("search", "algolia")).is_some()),
    })
}

/// The footer. A string is the text in the middle.
fn footer(value: &Value, nav: &mut Navigation<'_>) -> Option<Footer> {
    let footer = value.value(name!("website", "page-footer")).filter(|v| is_on(Some(v)))?;
    if let Some(text) = footer.to_text() {
        let center = mlsys_book::FooterRegion::Text(text);
        return Some(Footer { center, border: true, ..Footer::default() });
    }
    Some(Footer {
        left: nav.region(footer.value(name!("page-footer", "left"))),
        center: nav.region(footer.value(name!("page-footer", "center"))),
        right: nav.region(footer.value(name!("page-footer", "right"))),
        background: footer.read(key!("page-footer", "background")),
        foreground: footer.read(key!("page-footer", "foreground")),
        border: footer.value(name!("page-footer", "border")).is_none_or(|b| is_on(Some(b))),
    })
}

fn announcement(value: &Value, nav: &mut Navigation<'_>) -> Option<Announcement> {
    let announcement = value.value(name!("website", "announcement")).filter(|v| is_on(Some(v)))?;
    let content = announcement.to_text().or_else(|| announcement.read(key!("announcement", "content")));
    let Some(content) = content else {
        let message = "an announcement needs `content`";
        nav.diagnostics.push(Diagnostic::new(Code::InvalidConfigValue, announcement.place, message));
        return None;
    };
    Some(Announcement {
        content,
        icon: announcement.read(key!("announcement", "icon")),
        dismissable: announcement.read(key!("announcement", "dismissable")).unwrap_or(true),
        kind: announcement.text(name!("announcement", "type")).unwrap_or_else(|| "primary".to_owned()),
        above_navbar: announcement.text(name!("announcement", "position")).as_deref() == Some("above-navbar"),
    })
}
