//! What all pages of a build share: the theme, and the navigation around their contents.

use crate::files::Files;
use crate::memo::Memo;
use crate::memo::per_page::PerPage;
use crate::project::Book;
use crate::site::assets::{StyleSheets, Uses, assets, box_icons, has_print_page};
use crate::site::config_markdown::markdown;
use crate::site::embedded::{EmbeddedTemplates, texts};
use mlsys_book::{
    Chapter, Code, Diagnostic, PageId, PageSummary, Place, Project, ProjectKind, Refs, Value, Words, key,
    language_of_words, name,
};
use mlsys_render::{Assets, Chrome, Markdown, Templates, ThemeFiles, chrome};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// What all pages of a build share.
pub struct Shell {
    /// Templates and style sheets.
    pub theme: Arc<Theme>,
    /// The paths of style sheets and scripts.
    pub assets: Assets,
    /// Navigation, header and footer.
    pub chrome: Chrome,
    /// The same for pages in other languages than the project's, by the tag of the language's words.
    translated: BTreeMap<&'static str, Chrome>,
    /// The files of style sheets, scripts and fonts.
    pub files: Files,
    /// URLs of missing files in the HTML included in every page.
    pub missing: BTreeSet<String>,
}

/// The templates and style sheets of a project. They do not depend on the contents of pages.
pub struct Theme {
    /// The page templates.
    pub templates: Templates,
    assets: Assets,
    uses: Uses,
    /// The style sheet of each theme that a page uses.
    styles: StyleSheets,
    files: Files,
    /// False if the Sass compiler reached a limit of time or memory, so that another build may succeed.
    pub is_reproducible: bool,
    is_clean: bool,
}

impl Theme {
    /// True if there were no diagnostics, so that a later build may reuse the theme. Diagnostics have positions in the
    /// configuration, which edits shift.
    pub fn is_clean(&self) -> bool {
        self.is_clean
    }
}

impl Shell {
    /// The paths of style sheets and scripts for a page with this theme.
    pub fn assets_of(&self, theme: &ThemeFiles) -> Assets {
        let style = self.theme.styles.get(theme).unwrap_or(&self.assets.style).clone();
        Assets { style, font_urls: theme.brand.font_urls.clone(), ..self.assets.clone() }
    }

    /// Navigation, header and footer in a page's language.
    pub fn chrome_of(&self, meta: &Value) -> &Chrome {
        self.translated.get(language_of_words(Words::new(meta).lang())).unwrap_or(&self.chrome)
    }

    /// True if a page looks the same in both shells.
    pub fn is_same(&self, other: &Shell) -> bool {
        Arc::ptr_eq(&self.theme, &other.theme)
            && self.assets == other.assets
            && self.chrome == other.chrome
            && self.translated == other.translated
            && self.missing == other.missing
    }
}

/// Builds the shell. `theme` is that of the previous build, if its inputs are unchanged; `missing` are the URLs of missing files
/// in the HTML included in every page.
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
    let in_language = |lang: &str| chrome(&book.project, lang, &summaries, Markdown(&root), &size);
    let own = Words::new(&book.project.meta).lang();
    let languages: BTreeSet<&'static str> =
        chapters.iter().map(|chapter| language_of_words(Words::new(&chapter.meta).lang())).collect();
    let others = languages.into_iter().filter(|lang| *lang != language_of_words(own));
    let translated = others.map(|lang| (lang, in_language(lang))).collect();
    let chrome = in_language(own);
    let themes: BTreeMap<ThemeFiles, &Value> = themes(book, chapters);
    let uses = Uses {
        services: chapters.iter().any(|chapter| mlsys_render::has_services(&book.project, &chapter.meta)),
        listings: chapters.iter().any(|chapter| chapter.meta.value(name!("listing")).is_some()),
        whole_book: has_print_page(book),
    };
    let theme = theme.filter(|theme| theme.styles.keys().eq(themes.keys()));
    let theme = theme.filter(|theme| theme.uses == uses);
    let theme = theme.unwrap_or_else(|| Arc::new(build_theme(book, sass, &themes, uses, memo, diagnostics)));
    let assets = Assets { box_icons: box_icons(book), ..theme.assets.clone() };
    Shell { assets, files: theme.files.clone(), theme, chrome, translated, missing }
}

/// The themes of the project and of the selected pages, each with metadata that selects it.
fn themes<'b>(book: &'b Book, chapters: &'b PerPage<Chapter>) -> BTreeMap<ThemeFiles, &'b Value> {
    let mut themes = BTreeMap::from([(book.theme_files(&book.project.meta, None), &book.project.meta)]);
    for (page, chapter) in book.pages.iter().zip(chapters.iter()).filter(|(page, _)| page.is_selected) {
        themes.entry(book.theme_files(&chapter.meta, page.brand.as_ref())).or_insert(&chapter.meta);
    }
    themes
}

fn build_theme(
    book: &Book,
    sass: Option<&Path>,
    themes: &BTreeMap<ThemeFiles, &Value>,
    uses: Uses,
    memo: &Memo<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Theme {
    let before = diagnostics.len();
    let mut files = Files::new();
    let (assets, styles, is_reproducible) = assets(book, sass, themes, uses, memo, &mut files, diagnostics);
    let templates = templates(book, diagnostics);
    Theme { templates, assets, uses, styles, files, is_reproducible, is_clean: diagnostics.len() == before }
}

/// The embedded templates, with the project's files of the same names in their place.
fn templates(book: &Book, diagnostics: &mut Vec<Diagnostic>) -> Templates {
    let embedded = texts::<EmbeddedTemplates>();
    let project = book.overrides("templates/");
    fn named(texts: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
        texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }
    Templates::new(named(&embedded), named(&project)).unwrap_or_else(|error| {
        diagnostics.push(Diagnostic::new(Code::InvalidTemplate, Place::project(), error.to_string()));
        // Tests compile the embedded templates, so this cannot fail.
        Templates::new(named(&embedded), []).unwrap_or_default()
    })
}

/// What the navigation shows of each page.
fn summaries(book: &Book, chapters: &PerPage<Chapter>, refs: &Refs) -> Vec<PageSummary> {
    let summary = |(i, chapter): (usize, &Chapter)| PageSummary {
        title: chapter.title.clone().or_else(|| chapter.first_heading().map(|h| h.content.clone())),
        number: chapter_number(&book.project, refs, PageId(i as u32), chapter).map(str::to_owned),
        description: chapter.meta.read(key!("description")),
        draft: chapter.meta.read(key!("draft")) == Some(true),
    };
    chapters.iter().enumerate().map(summary).collect()
}

/// The chapter number of a page; `None` if the book does not show it.
pub fn chapter_number<'r>(project: &Project, refs: &'r Refs, page: PageId, chapter: &Chapter) -> Option<&'r str> {
    let hidden = chapter.meta.read(key!("number-sections")) == Some(false);
    let number = refs.page(page)?.chapter.as_deref()?;
    (project.kind == ProjectKind::Book && !hidden).then_some(number)
}
