//! A project as read: everything that the pipeline works on.

use crate::project::page_results::PageResults;
use crate::project::vfs::Vfs;
use camino::Utf8PathBuf;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use mlsys_book::{Code, Diagnostic, PageId, PageVec, Project, Scope, Severity, Source, SourceId, Value, name};
use mlsys_parse::{GlossaryText, QuizText};
use mlsys_render::ThemeFiles;
use mlsys_resolve::RelativeDates;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A project as read.
#[derive(Clone, Debug)]
pub struct Book {
    /// The project's folder.
    pub root: Utf8PathBuf,
    /// The project's files, unsaved texts included.
    pub vfs: Vfs,
    /// The output folder; absolute.
    pub output: Utf8PathBuf,
    /// The configured project.
    pub project: Project,
    /// Every source, by [`SourceId`].
    pub sources: Vec<Arc<Source>>,
    /// The folder that paths in a source are relative to, by [`SourceId`].
    pub bases: Vec<String>,
    /// The pages, by [`PageId`].
    pub pages: PageVec<PageInput>,
    /// The texts of the citation styles, by file.
    pub styles: BTreeMap<String, String>,
    /// The texts of the Sass files in `theme`, by their names as written.
    pub themes: BTreeMap<String, String>,
    /// The brand: `_brand.yml`, or the value or file of `brand`.
    pub brand: Option<Value>,
    /// The project's templates and theme files, by path. They override the built-in ones.
    pub(super) overrides: BTreeMap<String, String>,
    /// The date of the build.
    pub today: Date,
    /// The project's files, in ascending order.
    pub files: Vec<String>,
    /// The index in `files` of the first file with each name.
    pub names: BTreeMap<String, usize>,
    /// The context that all pages are parsed in; `meta` is the project's.
    pub scope: Scope,
    /// The extensions with shortcodes, which are not run: name and Lua source.
    pub shortcode_extensions: Vec<(String, String)>,
    /// The severities of the command line, which override those of the configuration; `None` for `off`.
    pub severities: BTreeMap<Code, Option<Severity>>,
    /// Problems with the files.
    pub diagnostics: Vec<Diagnostic>,
    /// Every file that was read or looked for; absolute. A change of one of them may change the site.
    pub read: BTreeSet<Utf8PathBuf>,
    /// Every folder that was listed; absolute.
    pub folders: BTreeSet<Utf8PathBuf>,
    /// The configuration in place of `_quarto.yml`: the format's own, or the one of the command line.
    pub config_file: Option<String>,
    /// The installed interpreters and packages that results of cells depend on; absolute.
    pub installed: BTreeSet<Utf8PathBuf>,
}

/// The sources of a page.
#[derive(Clone, Debug)]
pub struct PageInput {
    /// The text.
    pub source: SourceId,
    /// The metadata of the page's folders, inner ones over outer ones.
    pub folder_meta: Value,
    /// The bibliography files, in ascending priority: the project's first.
    pub bibliographies: Vec<SourceId>,
    /// The quizzes, which are part of the text.
    pub quizzes: QuizText,
    /// The glossary terms to mark in the text.
    pub glossary: GlossaryText,
    /// Results of its cells in files.
    pub results: PageResults,
    /// The notebooks that it links to beside their embedded cells.
    pub linked_notebooks: Vec<String>,
    /// The citation style: a key of [`Book::styles`].
    pub style: Option<String>,
    /// The texts of the files that the metadata includes in the page's head or body, by their names as written.
    pub included: BTreeMap<String, String>,
    /// The texts of the templates of listings, by their names in the metadata.
    pub listing_templates: BTreeMap<String, String>,
    /// The data files of the page's listings, by their names as written.
    pub data: BTreeMap<String, Value>,
    /// The date of the file's last change.
    pub modified: Date,
    /// Former URLs of the page.
    pub aliases: Vec<String>,
    /// The language of the page.
    pub lang: Option<String>,
    /// The words of the page, if files have some of them.
    pub language: Option<Value>,
    /// The page's own brand in place of the project's; an empty map for `brand: false`.
    pub brand: Option<Value>,
    /// `mlsys: check: severities:` of the page and its folders.
    pub severities: Option<Value>,
    /// True for drafts.
    pub draft: bool,
    /// True if the page is selected for the build.
    pub is_selected: bool,
    /// The first format of a page that has none that is built.
    pub other_format: Option<String>,
}

impl PageInput {
    /// The dates that `today` and `last-modified` stand for on the page.
    pub fn relative_dates(&self, today: Date) -> RelativeDates {
        RelativeDates { today: today.to_string(), modified: self.modified.to_string() }
    }
}

impl Book {
    /// The ids of the pages, in book order.
    pub fn page_ids(&self) -> impl Iterator<Item = PageId> + use<> {
        (0..self.pages.len() as u32).map(PageId)
    }

    /// True if only some of the pages that can be built are selected.
    pub fn is_partial(&self) -> bool {
        self.pages.iter().any(|page| !page.is_selected && page.other_format.is_none())
    }

    /// The source of a page.
    pub fn source(&self, page: PageId) -> &Source {
        &self.sources[self.pages[page].source.index()]
    }

    /// Adds a file as a source.
    pub fn add_source(&mut self, file: &str, text: &str) -> SourceId {
        let id = SourceId(self.sources.len() as u32);
        self.push_source(Source::new(id, file, text));
        id
    }

    /// Adds a source; its id must be the next one.
    pub fn push_source(&mut self, source: Source) {
        self.sources.push(source.into());
        self.bases.push(String::new());
    }

    /// The text of a page's citation style; empty for the default style.
    pub fn style(&self, page: &PageInput) -> &str {
        page.style.as_ref().and_then(|path| self.styles.get(path)).map_or("", String::as_str)
    }

    /// The project's files in `templates/` or `themes/`, by their names there.
    pub fn overrides(&self, folder: &str) -> BTreeMap<String, String> {
        let inside = |(path, text): (&String, &String)| Some((path.strip_prefix(folder)?.to_owned(), text.clone()));
        self.overrides.iter().filter_map(inside).collect()
    }

    /// The theme of the project, or of a page with this metadata and perhaps a brand of its own.
    pub fn theme_files(&self, meta: &Value, own_brand: Option<&Value>) -> ThemeFiles {
        let brand = own_brand.or(self.brand.as_ref()).filter(|brand| !brand.entries().is_empty());
        ThemeFiles {
            brand: brand.map(mlsys_render::brand_style).unwrap_or_default(),
            ..mlsys_render::theme_files(meta)
        }
    }

    /// True if the templates and the theme of both have the same inputs.
    pub fn same_design(&self, other: &Book) -> bool {
        let theme = |book: &'_ Book| {
            [name!("theme"), name!("highlight-style"), name!("syntax-highlighting")]
                .map(|key| book.project.meta.value(key).cloned())
        };
        let brand = |book: &'_ Book| book.brand.clone();
        (&self.overrides, &self.themes) == (&other.overrides, &other.themes)
            && theme(self) == theme(other)
            && brand(self) == brand(other)
    }

    /// The context of a page: the project's, with the metadata of the page's folders.
    pub fn page_scope(&self, page: &PageInput) -> Scope {
        let brand = page.brand.as_ref().unwrap_or(&self.scope.brand).clone();
        Scope {
            meta: self.scope.meta.merge(&page.folder_meta),
            brand,
            language: page.language.clone(),
            ..self.scope.clone()
        }
    }
}

/// The date of the build. `SOURCE_DATE_EPOCH` overrides it, for reproducible builds.
pub(crate) fn today() -> Date {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    match epoch.and_then(|seconds| Timestamp::from_second(seconds).ok()) {
        Some(moment) => moment.to_zoned(TimeZone::UTC).date(),
        None => Zoned::now().date(),
    }
}
