//! Style sheets and scripts. Their file names contain a hash of their contents, so that browsers may cache them without expiry.

use crate::files::{Content, Files};
use crate::leaves::sass::{Failure, Layers, compile};
use crate::memo::Memo;
use crate::project::Book;
use crate::site::embedded::{ASSETS, EmbeddedThemes, SEARCH, texts};
use mlsys_book::{Code, Diagnostic, Place, Value, key, name};
use mlsys_render::{Assets, HighlightStyles, ThemeFiles, fingerprinted, highlight_styles, site_search, style_sheet};
use std::collections::BTreeMap;
use std::path::Path;

/// The folder of the themes that `theme` can select by name.
const NAMED: &str = "named/";

/// The folder of the search script. The other scripts are joined to one, which every page loads.
const SEARCH_SCRIPT: &str = "search/";

/// The folder of the script of services.
const SERVICES_SCRIPT: &str = "services/";

/// The script of listings, for sites that have any.
const LISTING_SCRIPT: &str = "/listing.js";

/// The script of the print page.
const WHOLE_BOOK_SCRIPT: &str = "/whole-book.js";

/// What a site has that needs scripts which others do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uses {
    /// Services of other hosts.
    pub services: bool,
    /// Listings.
    pub listings: bool,
    /// The print page.
    pub whole_book: bool,
}

/// The store's kind of entry for compiled style sheets.
const STYLES: &str = "styles";

/// The path of the style sheet of each theme.
pub type StyleSheets = BTreeMap<ThemeFiles, String>;

/// Adds the style sheet of each theme and the scripts to `files`. Returns their paths; and false if the result is not
/// reproducible because the Sass compiler reached a limit.
pub fn assets(
    book: &Book,
    sass: Option<&Path>,
    chosen: &BTreeMap<ThemeFiles, &Value>,
    uses: Uses,
    memo: &Memo<'_>,
    files: &mut Files,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Assets, StyleSheets, bool) {
    let mut themes = texts::<EmbeddedThemes>();
    for (_, text) in themes.iter_mut().filter(|(name, _)| name.ends_with(".js")) {
        *text = compact(text);
    }
    themes.extend(book.overrides("themes/"));
    let mut add = |name: &str, text: String| {
        let path = format!("{ASSETS}/{}", fingerprinted(name, text.as_bytes()));
        files.insert(path.clone(), Content::Bytes(text.into_bytes().into()));
        path
    };
    let mut styles = StyleSheets::new();
    let mut is_reproducible = true;
    for (theme, meta) in chosen {
        let style = style(book, sass, &themes, (meta, theme), memo, diagnostics, &mut is_reproducible);
        styles.insert(theme.clone(), add("mlsys.css", style));
    }
    let scripts = |predicate: &dyn Fn(&str) -> bool| {
        let scripts = themes.iter().filter(|(name, _)| name.ends_with(".js") && predicate(name));
        scripts.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n")
    };
    let is_blocking = |name: &str| name.ends_with("/before-paint.js");
    let is_search = |name: &str| name.starts_with(SEARCH_SCRIPT);
    let is_of_services = |name: &str| name.starts_with(SERVICES_SCRIPT);
    let blocking = scripts(&is_blocking);
    let search_script = scripts(&is_search);
    let services = uses.services.then(|| scripts(&is_of_services));
    let is_module = |name: &str| {
        !is_blocking(name)
            && !is_search(name)
            && !is_of_services(name)
            && (uses.listings || !name.ends_with(LISTING_SCRIPT))
    };
    let modules = scripts(&|name| is_module(name) && !name.ends_with(WHOLE_BOOK_SCRIPT));
    let whole_book = uses.whole_book.then(|| scripts(&is_module));
    let project_theme = book.theme_files(&book.project.meta, None);
    let assets = Assets {
        font_urls: project_theme.brand.font_urls.clone(),
        style: styles.get(&project_theme).cloned().unwrap_or_default(),
        search: site_search(&book.project).map(|_| (add("search.js", search_script), format!("{SEARCH}/index.json"))),
        services: services.map(|script| add("services.js", script)),
        whole_book: whole_book.map(|script| add("whole-book.js", script)),
        math_style: None,
        box_icons: Vec::new(),
        script: add("mlsys.js", modules),
        blocking_script: add("before-paint.js", blocking),
    };
    (assets, styles, is_reproducible)
}

/// True if the site has a print page.
pub fn has_print_page(book: &Book) -> bool {
    book.project.meta.read(key!("mlsys.print-page")) == Some(true)
}

/// A script of ours without indentation and lines of comments. A project's own scripts stay as they are: in a template literal such
/// lines are text.
fn compact(script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The rules for syntax highlighting, in light and dark mode.
fn highlighting_rules(book: &Book, meta: &Value, diagnostics: &mut Vec<Diagnostic>) -> [Option<String>; 2] {
    let styles = highlight_styles(meta, |name| book.themes.get(name).map(String::as_str));
    let styles = styles.unwrap_or_else(|(message, place)| {
        let diagnostic = Diagnostic::new(Code::InvalidConfigValue, place, message);
        if !diagnostics.contains(&diagnostic) {
            diagnostics.push(diagnostic);
        }
        HighlightStyles::default()
    });
    [styles.light, styles.dark].map(|style| style.map(|style| style.to_css()))
}

/// The style sheet of a theme, with the rules for syntax highlighting in light and dark mode.
fn style(
    book: &Book,
    sass: Option<&Path>,
    themes: &BTreeMap<String, String>,
    (meta, chosen): (&Value, &ThemeFiles),
    memo: &Memo<'_>,
    diagnostics: &mut Vec<Diagnostic>,
    is_reproducible: &mut bool,
) -> String {
    let highlighting = highlighting_rules(book, meta, diagnostics);
    let place = meta.value(name!("theme")).map_or_else(Place::project, |theme| theme.place);
    let framework: Vec<&str> =
        themes.iter().filter(|(name, _)| is_framework(name)).map(|(_, text)| text.as_str()).collect();
    let mut light = layers(book, themes, &chosen.light, &chosen.brand.light, place, diagnostics);
    let dark = chosen.dark.as_deref();
    let mut dark = dark.map(|names| layers(book, themes, names, &chosen.brand.dark, place, diagnostics));
    // The page's own options come last: they precede the variables of all others.
    for layers in [Some(&mut light), dark.as_mut()].into_iter().flatten() {
        layers.extend(Some(chosen.look.as_str()).filter(|look| !look.is_empty()));
    }
    // Syntax highlighting comes first, so that the project's rules can override it.
    light.splice(0..0, highlighting[0].as_deref());
    if let Some(dark) = &mut dark {
        dark.splice(0..0, highlighting[1].as_deref());
    }
    let has_files = |names: &[String]| names.iter().any(|name| name.contains('.'));
    let has_project_sass = has_files(&chosen.light)
        || chosen.dark.as_deref().is_some_and(has_files)
        || !chosen.brand.light.is_empty()
        || !chosen.look.is_empty()
        || book.overrides("themes/").keys().any(|name| name.ends_with(".scss"));
    let compiler = sass.filter(|_| has_project_sass);
    let layers = Layers { framework, light, dark };
    memo.leaf(STYLES, &layers, || compile(&layers, compiler))
        .or_else(|failure| {
            let message = match &failure {
                Failure::Mistake(error) => {
                    format!("{}: `{}`{}", error.message, error.line, theme_place(book, &error.line))
                }
                Failure::Endless => "the theme's Sass did not finish within the limits of time and memory".to_owned(),
            };
            let mut diagnostic = Diagnostic::new(Code::InvalidTheme, place, message);
            if matches!(failure, Failure::Endless) {
                *is_reproducible = false;
                diagnostic.hints.push("check for endless loops and recursion".to_owned());
            }
            diagnostics.push(diagnostic);
            // Tests compile the embedded theme, so this cannot fail.
            let embedded = texts::<EmbeddedThemes>();
            let framework = embedded.iter().filter(|(name, _)| is_framework(name)).map(|(_, text)| text.as_str());
            style_sheet(&framework.collect::<Vec<_>>(), &[], Some(&[]))
        })
        .unwrap_or_default()
}

/// The layers of a theme: the project's files, built-in themes, and the brand.
fn layers<'t>(
    book: &'t Book,
    themes: &'t BTreeMap<String, String>,
    names: &[String],
    brand: &'t str,
    place: Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<&'t str> {
    let mut texts = Vec::new();
    for name in names {
        let text = match (name.as_str(), name.contains('.')) {
            ("brand", _) => Some(brand),
            (name, true) => book.themes.get(name).map(String::as_str),
            (name, false) => themes.get(&format!("{NAMED}{name}.scss")).map(String::as_str),
        };
        if text.is_none() && !name.contains('.') {
            let names = themes.keys().filter_map(|path| path.strip_prefix(NAMED)?.strip_suffix(".scss"));
            let mut diagnostic = Diagnostic::new(Code::InvalidTheme, place, format!("unknown theme `{name}`"));
            diagnostic.hints.extend(mlsys_book::did_you_mean(name, names));
            diagnostics.push(diagnostic);
        }
        texts.extend(text.filter(|text| !text.is_empty()));
    }
    // Unless the author lists it elsewhere, the brand comes first: it sets what the theme leaves open.
    if !names.iter().any(|name| name == "brand") && !brand.is_empty() {
        texts.insert(0, brand);
    }
    texts
}

/// True for the Sass files that every style sheet starts with.
fn is_framework(name: &str) -> bool {
    name.ends_with(".scss") && !name.starts_with(NAMED) && !name.starts_with(SEARCH_SCRIPT)
}

/// The icons of numbered boxes that exist, by class: `icon_callout_definition.png` in the folder `icon-path` for the class
/// `callout-definition`. Source: the Quarto extension "custom-numbered-blocks" as the book configures it.
pub fn box_icons(book: &Book) -> Vec<(String, String)> {
    let Some(config) = mlsys_render::box_config(&book.project.meta) else { return Vec::new() };
    let Some(folder) = config.read(key!("numbered-blocks", "icon-path")) else { return Vec::new() };
    let format = config.read(key!("numbered-blocks", "icon-format")).unwrap_or_else(|| "png".to_owned());
    let classes = config.value(name!("numbered-blocks", "classes")).map_or(&[][..], Value::entries);
    let icon = |entry: &mlsys_book::Entry| {
        let file = format!("{folder}/icon_{}.{format}", entry.key.replace('-', "_"));
        let file = mlsys_book::clean_path(&file);
        book.files.binary_search(&file).is_ok().then(|| (entry.key.clone(), file))
    };
    classes.iter().filter_map(icon).collect()
}

/// The file and line number of a line in the project's files of Sass, as ` (style.scss:12)`; empty if it is in none.
fn theme_place(book: &Book, line: &str) -> String {
    let files = book.sources.iter().filter(|source| source.path().ends_with(".scss"));
    let mut lines = files.flat_map(|file| file.text.lines().enumerate().map(move |line| (file.path(), line)));
    let place = lines.find(|(_, (_, text))| text.trim() == line);
    place.map_or_else(String::new, |(name, (at, _))| format!(" ({name}:{})", at + 1))
}
