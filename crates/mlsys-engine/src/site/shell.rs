//! What all pages of a build share: templates, style sheet, script, and the frame of the site.

use crate::files::{Content, Files};
use crate::leaves::sass::{Failure, Layers, compile};
use crate::memo::Memo;
use crate::memo::per_page::PerPage;
use crate::project::Book;
use crate::url::local_file;
use mlsys_book::{
    Chapter, Code, Diagnostic, Inline, InlineKind, Link, NodeMut, PageId, PageSummary, Place, Project, ProjectKind,
    Refs, Source, SourceId, Span, Value, walk_inlines_mut,
};
use mlsys_render::{
    Assets, Chrome, HighlightStyles, Markdown, Templates, ThemeFiles, chrome, fingerprinted, highlight_styles,
    site_search, style_sheet, theme_files,
};
use rust_embed::Embed;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// The page templates that the command carries.
#[derive(Embed)]
#[folder = "templates"]
struct OwnTemplates;

/// The themes that the command carries, and KaTeX's fonts.
#[derive(Embed)]
#[folder = "themes"]
#[allow_missing = true]
pub(crate) struct OwnThemes;

/// The folder of the themes that `theme` may name.
const NAMED: &str = "named/";

/// The kind of the store's entries that are style sheets.
const STYLES: &str = "styles";

/// The folder of the site's own files in the output.
pub const ASSETS: &str = "site_libs/mlsys";

/// The folder of the search index in the output.
pub const SEARCH: &str = "site_libs/mlsys/search";

/// Where the search script is among the theme's files; the other scripts are one that every page has.
const SEARCH_SCRIPT: &str = "search/";

/// The frame of a build.
pub struct Shell {
    /// What templates and theme come to.
    pub theme: Arc<Theme>,
    /// The addresses of the site's own files.
    pub assets: Assets,
    /// Navigation, header and footer.
    pub chrome: Chrome,
    /// The site's own files.
    pub files: Files,
    /// The addresses in texts for every page whose files are not there.
    pub missing: BTreeSet<String>,
}

/// What a project's templates and theme come to, whatever its pages hold.
pub struct Theme {
    /// The page templates.
    pub templates: Templates,
    assets: Assets,
    /// The style sheet of each theme that a page has.
    styles: BTreeMap<ThemeFiles, String>,
    files: Files,
    /// Whether another try would come to the same.
    pub lasting: bool,
    /// Whether nothing was found. Findings have places in the configuration, which move.
    clean: bool,
}

impl Theme {
    /// Whether nothing was found, so that a later build may take it.
    pub fn is_clean(&self) -> bool {
        self.clean
    }
}

impl Shell {
    /// The addresses of the site's own files for a page with this metadata.
    pub fn assets_of(&self, meta: &Value) -> Assets {
        let style = self.theme.styles.get(&theme_files(meta)).unwrap_or(&self.assets.style).clone();
        Assets { style, ..self.assets.clone() }
    }

    /// Whether a page looks the same in both frames.
    pub fn is_same(&self, other: &Shell) -> bool {
        Arc::ptr_eq(&self.theme, &other.theme)
            && self.assets == other.assets
            && self.chrome == other.chrome
            && self.missing == other.missing
    }
}

/// Makes the frame. The design is that of the last build when its files are the same. `missing` are the addresses in texts for
/// every page whose files are not there.
pub fn shell(
    book: &Book,
    sass: Option<&Path>,
    (chapters, refs): (&PerPage<Chapter>, &Refs),
    missing: BTreeSet<String>,
    theme: Option<Arc<Theme>>,
    memo: &Memo<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Shell {
    let summaries = summaries(book, chapters, refs);
    let root = |text: &str| markdown(book, "", text);
    let size = |path: &str| crate::leaves::images::size::image_size(&book.vfs, path);
    let chrome = chrome(&book.project, &summaries, Markdown(&root), &size);
    let themes: BTreeMap<ThemeFiles, &Value> = themes(book, chapters);
    let theme = theme.filter(|theme| theme.styles.keys().eq(themes.keys()));
    let theme = theme.unwrap_or_else(|| Arc::new(make_theme(book, sass, &themes, memo, diagnostics)));
    let assets = Assets { box_icons: box_icons(book), ..theme.assets.clone() };
    Shell { assets, files: theme.files.clone(), theme, chrome, missing }
}

/// The themes of the project and of pages with themes of their own, each with metadata that asks for it.
fn themes<'b>(book: &'b Book, chapters: &'b PerPage<Chapter>) -> BTreeMap<ThemeFiles, &'b Value> {
    let mut themes = BTreeMap::from([(theme_files(&book.project.meta), &book.project.meta)]);
    for (_, chapter) in book.pages.iter().zip(chapters.iter()).filter(|(page, _)| page.wanted) {
        themes.entry(theme_files(&chapter.meta)).or_insert(&chapter.meta);
    }
    themes
}

fn make_theme(
    book: &Book,
    sass: Option<&Path>,
    themes: &BTreeMap<ThemeFiles, &Value>,
    memo: &Memo<'_>,
    found: &mut Vec<Diagnostic>,
) -> Theme {
    let before = found.len();
    let mut files = Files::new();
    let (assets, styles, lasting) = assets(book, sass, themes, memo, &mut files, found);
    let templates = templates(book, found);
    Theme { templates, assets, styles, files, lasting, clean: found.len() == before }
}

/// The templates, with the project's own over them file by file.
fn templates(book: &Book, found: &mut Vec<Diagnostic>) -> Templates {
    let own = texts::<OwnTemplates>();
    let project = book.overrides("templates/");
    fn named(texts: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
        texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }
    Templates::new(named(&own), named(&project)).unwrap_or_else(|error| {
        found.push(Diagnostic::new(Code::InvalidTemplate, Place::project(), error.to_string()));
        // The command's own templates are part of its tests.
        Templates::new(named(&own), []).unwrap_or_default()
    })
}

/// The style sheets and the scripts, under names that change with their content: the project's, and the style sheets of pages
/// with themes of their own. Says whether another try would come to the same.
fn assets(
    book: &Book,
    sass: Option<&Path>,
    chosen: &BTreeMap<ThemeFiles, &Value>,
    memo: &Memo<'_>,
    files: &mut Files,
    found: &mut Vec<Diagnostic>,
) -> (Assets, BTreeMap<ThemeFiles, String>, bool) {
    let mut themes = texts::<OwnThemes>();
    themes.extend(book.overrides("themes/"));
    let mut add = |name: &str, text: String| {
        let path = format!("{ASSETS}/{}", fingerprinted(name, text.as_bytes()));
        files.insert(path.clone(), Content::Bytes(text.into_bytes().into()));
        path
    };
    let mut styles = BTreeMap::new();
    let mut lasting = true;
    for (theme, meta) in chosen {
        let rules = highlighting_rules(book, meta, found);
        let style = style(book, sass, &themes, (meta, theme), &rules, memo, found, &mut lasting);
        styles.insert(theme.clone(), add("mlsys.css", style));
    }
    let scripts = |meant: &dyn Fn(&str) -> bool| {
        let scripts = themes.iter().filter(|(name, _)| name.ends_with(".js") && meant(name));
        scripts.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n")
    };
    let is_blocking = |name: &str| name.ends_with("/before-paint.js");
    let is_search = |name: &str| name.starts_with(SEARCH_SCRIPT);
    let blocking = scripts(&is_blocking);
    let search_script = scripts(&is_search);
    let modules = scripts(&|name| !is_blocking(name) && !is_search(name));
    let assets = Assets {
        style: styles.get(&theme_files(&book.project.meta)).cloned().unwrap_or_default(),
        search: site_search(&book.project).map(|_| (add("search.js", search_script), format!("{SEARCH}/index.json"))),
        math_style: None,
        box_icons: Vec::new(),
        script: add("mlsys.js", modules),
        blocking_script: add("before-paint.js", blocking),
    };
    (assets, styles, lasting)
}

/// The rules for the colours of code, for light and dark.
fn highlighting_rules(book: &Book, meta: &Value, found: &mut Vec<Diagnostic>) -> [Option<String>; 2] {
    let styles = highlight_styles(meta, |name| book.themes.get(name).map(String::as_str));
    let styles = styles.unwrap_or_else(|(message, place)| {
        let finding = Diagnostic::new(Code::InvalidConfigValue, place, message);
        if !found.contains(&finding) {
            found.push(finding);
        }
        HighlightStyles::default()
    });
    [styles.light, styles.dark].map(|style| style.map(|style| style.to_css()))
}

/// The style sheet of a theme, with the colours of code for light and dark.
fn style(
    book: &Book,
    sass: Option<&Path>,
    themes: &BTreeMap<String, String>,
    (meta, chosen): (&Value, &ThemeFiles),
    highlighting: &[Option<String>; 2],
    memo: &Memo<'_>,
    found: &mut Vec<Diagnostic>,
    lasting: &mut bool,
) -> String {
    let place = meta.get("theme").map_or_else(Place::project, |theme| theme.place);
    let framework: Vec<&str> =
        themes.iter().filter(|(name, _)| is_framework(name)).map(|(_, text)| text.as_str()).collect();
    let brand = book.brand.as_ref().map(mlsys_render::brand_layer);
    let mut read = |names: &[String]| -> Vec<&str> {
        let mut texts = Vec::new();
        for name in names {
            let text = match (name.as_str(), name.contains('.')) {
                ("brand", _) => brand.as_ref(),
                (name, true) => book.themes.get(name),
                (name, false) => themes.get(&format!("{NAMED}{name}.scss")),
            };
            if text.is_none() && !name.contains('.') && name != "brand" {
                let known = themes.keys().filter_map(|path| path.strip_prefix(NAMED)?.strip_suffix(".scss"));
                let mut finding = Diagnostic::new(Code::InvalidTheme, place, format!("there is no theme `{name}`"));
                finding.hints.extend(mlsys_book::did_you_mean(name, known));
                found.push(finding);
            }
            texts.extend(text.map(String::as_str));
        }
        // The brand's colours go over those of the theme, unless the author gives them another place.
        if !names.iter().any(|name| name == "brand") {
            texts.extend(brand.as_deref());
        }
        texts
    };
    let (mut light, mut dark) = (read(&chosen.light), chosen.dark.as_deref().map(&mut read));
    // Colours of code come before the project's own rules, which may go over them.
    light.splice(0..0, highlighting[0].as_deref());
    if let Some(dark) = &mut dark {
        dark.splice(0..0, highlighting[1].as_deref());
    }
    let own = |names: &[String]| names.iter().any(|name| name.contains('.'));
    let is_own = own(&chosen.light)
        || chosen.dark.as_deref().is_some_and(own)
        || brand.is_some()
        || book.overrides("themes/").keys().any(|name| name.ends_with(".scss"));
    let compiler = sass.filter(|_| is_own);
    let layers = Layers { framework, light, dark };
    memo.leaf(STYLES, &layers, || compile(&layers, compiler))
        .or_else(|failure| {
            let message = match &failure {
                Failure::Mistake(error) => {
                    format!("{}: `{}`{}", error.message, error.line, theme_place(book, &error.line))
                }
                Failure::Endless => "the theme's Sass does not come to an end".to_owned(),
            };
            let mut finding = Diagnostic::new(Code::InvalidTheme, place, message);
            if matches!(failure, Failure::Endless) {
                *lasting = false;
                finding.hints.push("a loop, a mixin or a function goes on for ever".to_owned());
            }
            found.push(finding);
            // The command's own theme is part of its tests.
            let own: Vec<String> =
                texts::<OwnThemes>().into_iter().filter(|(name, _)| is_framework(name)).map(|(_, text)| text).collect();
            style_sheet(&own.iter().map(String::as_str).collect::<Vec<_>>(), &[], Some(&[]))
        })
        .unwrap_or_default()
}

/// Whether a file of `themes/` is one that every style sheet begins with.
fn is_framework(name: &str) -> bool {
    name.ends_with(".scss") && !name.starts_with(NAMED) && !name.starts_with(SEARCH_SCRIPT)
}

/// The icons of numbered boxes that are there, by class: `icon_callout_definition.png` in the folder `icon-path` for the class
/// `callout-definition`. Source: the Quarto extension "custom-numbered-blocks" as the book configures it.
pub fn box_icons(book: &Book) -> Vec<(String, String)> {
    let Some(config) = mlsys_render::box_config(&book.project.meta) else { return Vec::new() };
    let Some(folder) = config.get("icon-path").and_then(Value::to_text) else { return Vec::new() };
    let format = config.get("icon-format").and_then(Value::to_text).unwrap_or_else(|| "png".to_owned());
    let classes = config.get("classes").map_or(&[][..], Value::entries);
    let icon = |entry: &mlsys_book::Entry| {
        let file = format!("{folder}/icon_{}.{format}", entry.key.replace('-', "_"));
        let file = mlsys_book::clean_path(&file);
        book.files.binary_search(&file).is_ok().then(|| (entry.key.clone(), file))
    };
    classes.iter().filter_map(icon).collect()
}

/// Where a line stands in the project's own theme files: ` (style.scss:12)`; empty when in none.
fn theme_place(book: &Book, line: &str) -> String {
    let mut lines = book.themes.iter().flat_map(|(name, text)| text.lines().enumerate().map(move |l| (name, l)));
    let place = lines.find(|(_, (_, text))| text.trim() == line);
    place.map_or_else(String::new, |(name, (at, _))| format!(" ({name}:{})", at + 1))
}

/// The texts that the command carries, by name.
fn texts<E: Embed>() -> BTreeMap<String, String> {
    let text = |name: Cow<'static, str>| {
        let file = E::get(&name)?;
        Some((name.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
    };
    E::iter().filter(|name| !name.ends_with(".woff2")).filter_map(text).collect()
}

/// What the pages tell each other's navigation.
fn summaries(book: &Book, chapters: &PerPage<Chapter>, refs: &Refs) -> Vec<PageSummary> {
    let summary = |(i, chapter): (usize, &Chapter)| PageSummary {
        title: chapter.title.clone().or_else(|| chapter.first_heading().map(|h| h.content.clone())),
        number: chapter_number(&book.project, refs, PageId(i as u32), chapter).map(str::to_owned),
        description: chapter.meta.get("description").and_then(Value::to_text),
        draft: chapter.meta.get("draft").and_then(Value::as_bool) == Some(true),
    };
    chapters.iter().enumerate().map(summary).collect()
}

/// The number of the chapter that a page is, where the book shows it.
pub fn chapter_number<'r>(project: &Project, refs: &'r Refs, page: PageId, chapter: &Chapter) -> Option<&'r str> {
    let hidden = chapter.meta.get("number-sections").and_then(Value::as_bool) == Some(false);
    let number = refs.page(page)?.chapter.as_deref()?;
    (project.kind == ProjectKind::Book && !hidden).then_some(number)
}

/// Parses inline Markdown of the configuration; `input` is the page that its addresses are relative to.
pub fn markdown(book: &Book, input: &str, text: &str) -> Vec<Inline> {
    let source = Source::new(SourceId(0), "", text);
    // Findings in navigation have no place of their own: the text was read from a YAML value.
    let mut inlines = mlsys_parse::parse_inlines(&source, text, Span::new(0, text.len()), &book.scope).value;
    walk_inlines_mut(&mut inlines, &mut |node| {
        if let NodeMut::Inline(Inline { kind: InlineKind::Link(link), .. }) = node {
            link_to_page(book, input, link);
        }
        true
    });
    inlines
}

/// Makes a link to a page's source a link to the page.
fn link_to_page(book: &Book, input: &str, link: &mut Link) {
    if let Some(file) = local_file(input, &link.url)
        && let Some(page) = book.project.pages.iter().find(|p| p.input == file)
    {
        let rest = link.url.find(['#', '?']).map_or("", |i| &link.url[i..]);
        let from = if input.is_empty() { String::new() } else { mlsys_parse::output_name(input, None) };
        link.url = crate::url::relative(&from, &page.output) + rest;
    }
}
