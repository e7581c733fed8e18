//! Everything that a build reads, read before the pipeline starts.

use crate::project::locate::{Request, meant_pages};
use crate::project::pages::PageReader;
use crate::project::sandbox::Bounds;
use crate::project::vfs::Disk;
pub use crate::project::vfs::Texts;
pub mod config;
pub mod includes;
pub mod locate;
pub mod page_source;
pub mod pages;
pub mod sandbox;
pub mod vfs;

use camino::Utf8PathBuf;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use mlsys_book::{Diagnostic, DraftMode, PageId, Project, Scope, Source, SourceId, Value, custom_floats};
use mlsys_parse::{ConfigInput, GlossaryText, QuizText, output_dir, parse_config, project_inputs};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What to read, and how.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The project and the pages meant.
    pub request: Request,
    /// The profiles asked for.
    pub profiles: Vec<String>,
    /// Where the site goes, when the author says so; absolute.
    pub output_dir: Option<Utf8PathBuf>,
    /// The output format: `html`.
    pub format: String,
}

/// A project as read: all that the pipeline works on.
#[derive(Debug)]
pub struct Book {
    /// The project's folder.
    pub root: Utf8PathBuf,
    /// The border of what is read and copied.
    pub bounds: Bounds,
    /// The folder that the site is written to; absolute.
    pub output: Utf8PathBuf,
    /// The project as configured.
    pub project: Project,
    /// Every source, by [`SourceId`].
    pub sources: Vec<Arc<Source>>,
    /// The folder that paths in a source are relative to, by [`SourceId`].
    pub bases: Vec<String>,
    /// The pages, by [`PageId`].
    pub pages: Vec<PageInput>,
    /// The citation styles that pages name, by file.
    pub styles: BTreeMap<String, String>,
    /// The project's Sass files that `theme` names, by their names as written.
    pub themes: BTreeMap<String, String>,
    /// The project's brand: `_brand.yml`, or what `brand` names.
    pub brand: Option<Value>,
    /// The project's own templates and theme files, by path.
    own: BTreeMap<String, String>,
    /// The day of the build.
    pub today: Date,
    /// The project's files, in ascending order.
    pub files: Vec<String>,
    /// Where the first file of each name stands in `files`.
    pub names: BTreeMap<String, usize>,
    /// What pages share of their surroundings; `meta` is the project's.
    pub scope: Scope,
    /// What was found while reading.
    pub diagnostics: Vec<Diagnostic>,
    /// Every file that was read or looked for: a change of one of them changes the site.
    pub read: BTreeSet<Utf8PathBuf>,
    /// The folders in which files were listed; absolute.
    pub folders: BTreeSet<Utf8PathBuf>,
}

/// A page's sources.
#[derive(Clone, Debug)]
pub struct PageInput {
    /// Its text.
    pub source: SourceId,
    /// The metadata of its folders, outer under inner, lifted.
    pub folder_meta: Value,
    /// The bibliography files, in the order in which they count: the project's first.
    pub bibliographies: Vec<SourceId>,
    /// The quizzes, which are part of its text.
    pub quizzes: QuizText,
    /// The terms to mark in its text.
    pub glossary: GlossaryText,
    /// The citation style: a key of [`Book::styles`].
    pub style: Option<String>,
    /// The texts of the files that the metadata includes in the page's head or body, by their names as written.
    pub included: BTreeMap<String, String>,
    /// The files of data that the page's listings name, by their names as written.
    pub data: BTreeMap<String, Value>,
    /// The day of the file's last change.
    pub modified: Date,
    /// The addresses that the page had before.
    pub aliases: Vec<String>,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether the page is to be written.
    pub wanted: bool,
}

impl Book {
    /// The ids of the pages, in book order.
    pub fn page_ids(&self) -> impl Iterator<Item = PageId> + use<> {
        (0..self.pages.len() as u32).map(PageId)
    }

    /// The source of a page.
    pub fn source(&self, page: PageId) -> &Source {
        &self.sources[self.pages[page.0 as usize].source.0 as usize]
    }

    /// The text of a page's citation style; empty for the style of pages that name none.
    pub fn style(&self, page: &PageInput) -> &str {
        page.style.as_ref().and_then(|path| self.styles.get(path)).map_or("", String::as_str)
    }

    /// The project's own files in `templates/` or `themes/`, by their names there.
    pub fn overrides(&self, folder: &str) -> BTreeMap<String, String> {
        let inside = |(path, text): (&String, &String)| Some((path.strip_prefix(folder)?.to_owned(), text.clone()));
        self.own.iter().filter_map(inside).collect()
    }

    /// Whether templates and theme of both are made from the same files.
    pub fn same_design(&self, other: &Book) -> bool {
        let theme = |book: &'_ Book| ["theme", "highlight-style"].map(|key| book.project.meta.get(key).cloned());
        let brand = |book: &'_ Book| book.brand.as_ref().map(mlsys_render::brand_layer);
        (&self.own, &self.themes) == (&other.own, &other.themes)
            && theme(self) == theme(other)
            && brand(self) == brand(other)
    }

    /// The surroundings of a page: the project's with its folders' metadata.
    pub fn page_scope(&self, page: &PageInput) -> Scope {
        Scope { meta: self.scope.meta.merge(&page.folder_meta), ..self.scope.clone() }
    }
}

/// Reads a project.
///
/// # Errors
/// A message for the author when nothing can be built at all: there is no page.
pub fn read(options: &ReadOptions) -> Result<Book, String> {
    read_again(options, &mut Texts::default())
}

/// Reads a project of which `known` holds files: only those that have changed are read from the disk.
///
/// # Errors
/// As [`read`].
pub fn read_again(options: &ReadOptions, known: &mut Texts) -> Result<Book, String> {
    let request = &options.request;
    let bounds = if request.lone { Bounds::none(&request.root) } else { Bounds::around(&request.root) };
    let mut disk = Disk::new(request.root.clone(), bounds, std::mem::take(known));
    let configuration = config::read(&mut disk, &options.profiles);
    let settings = &configuration.config;
    let configured = match output_dir(settings) {
        beside if beside.is_empty() => request.root.clone(),
        folder => request.root.join(folder),
    };
    let output = options.output_dir.clone().unwrap_or_else(|| configured.clone());
    let outputs: Vec<Utf8PathBuf> =
        [&output, &configured].into_iter().filter(|o| **o != request.root).cloned().collect();
    let files = disk.list(&outputs);

    let inputs = match request.lone {
        true => request.only.clone(),
        false => project_inputs(settings, &files).take(&mut disk.diagnostics),
    };
    let mut reader = PageReader::new(disk, &options.format);
    let texts = reader.texts(inputs);
    let listed: Vec<String> = match request.lone {
        true => request.only.clone(),
        false => files.clone(),
    };
    let input = ConfigInput {
        config: settings,
        files: &listed,
        front_matter: &texts.iter().map(|(path, page)| (path.clone(), page.meta.clone())).collect(),
        profiles: &configuration.profiles,
        variables: &configuration.variables,
        format: &options.format,
    };
    let mut project = parse_config(&input).take(&mut reader.disk.diagnostics);
    let meant = meant_pages(&project, &request.only)?;
    let (pages, styles) = reader.pages(&project, texts, &meant);
    // Whole folders may be drafts, by their metadata.
    let drafts = project.pages.iter_mut().zip(&pages).filter(|(_, input)| input.draft);
    drafts.for_each(|(page, _)| page.draft = page.draft.or(Some(DraftMode::Visible)));
    if !pages.iter().any(|page| page.wanted) {
        *known = reader.disk.texts;
        return Err(format!("`{}` has no page (.qmd or .md) to render", request.root));
    }
    let themes = reader.themes(&project.meta);
    let brand = reader.brand(&project.meta, &files);
    let mut disk = reader.disk;
    let own = own_files(&mut disk, &files);
    let environment = config::environment(&mut disk, &configuration.profiles);
    *known = disk.texts;
    known.keep(&request.root, &disk.read);
    Ok(Book {
        root: request.root.clone(),
        output,
        scope: scope(&project, brand.as_ref(), &options.format, environment),
        project,
        bounds: disk.bounds,
        sources: disk.sources,
        bases: disk.bases,
        pages,
        styles,
        themes,
        brand,
        own,
        today: today(),
        names: first_of_name(&files),
        files,
        diagnostics: disk.diagnostics,
        read: disk.read,
        folders: disk.folders,
    })
}

/// Where the first file of each name stands.
fn first_of_name(files: &[String]) -> BTreeMap<String, usize> {
    let name = |file: &String| file.rsplit('/').next().unwrap_or(file).to_owned();
    files.iter().enumerate().rev().map(|(at, file)| (name(file), at)).collect()
}

fn scope(project: &Project, brand: Option<&Value>, format: &str, environment: BTreeMap<String, String>) -> Scope {
    let classes = ["filter-metadata.mlsysbook-ext/custom-numbered-blocks", "custom-numbered-blocks"]
        .iter()
        .filter_map(|path| project.meta.path(path))
        .flat_map(|blocks| blocks.get("classes").map_or(&[][..], Value::entries));
    Scope {
        format: format.to_owned(),
        profiles: project.profiles.clone(),
        custom_floats: custom_floats(&project.meta),
        box_classes: classes.map(|e| e.key.clone()).collect(),
        meta: project.meta.clone(),
        variables: project.variables.clone(),
        brand: brand.cloned().unwrap_or_else(|| Value::empty(project.meta.place)),
        environment,
    }
}

/// The project's own templates and theme files, which go over the command's file by file.
fn own_files(disk: &mut Disk, files: &[String]) -> BTreeMap<String, String> {
    let own = files.iter().filter(|f| {
        (f.starts_with("templates/") && f.ends_with(".html"))
            || (f.starts_with("themes/") && (f.ends_with(".scss") || f.ends_with(".js")))
    });
    own.filter_map(|file| Some((file.clone(), disk.text(file).ok()?.text.to_string()))).collect()
}

/// The day of the build: `SOURCE_DATE_EPOCH` where it is set, so that builds can be repeated.
pub(crate) fn today() -> Date {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|s| s.parse().ok());
    match epoch.and_then(|seconds| Timestamp::from_second(seconds).ok()) {
        Some(moment) => moment.to_zoned(TimeZone::UTC).date(),
        None => Zoned::now().date(),
    }
}
