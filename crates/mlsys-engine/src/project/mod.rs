//! Reads a project: its configuration, its pages, and the files that they name. Everything that a build reads as text is read here,
//! before the pipeline starts.

pub mod book;
pub mod brand;
pub mod config;
mod error;
mod extension;
mod extension_formats;
pub mod fingerprint;
mod hidden;
mod includes;
mod language;
pub mod locate;
pub mod overlay;
mod page_reads;
mod page_results;
mod page_source;
mod pages;
mod previews;
pub mod sandbox;
mod sass_imports;
mod similar;
mod sources;
mod text_cache;
pub mod vfs;
mod yaml_file;

pub(crate) use book::today;
pub use book::{Book, PageInput};
pub use error::ProjectError;
pub use hidden::unlink_hidden;
use overlay::FileText;
pub use overlay::Overlay;
pub use page_results::PageResults;
pub use pages::is_listing_data;

use camino::Utf8PathBuf;
use extension::{shortcode_extensions, with_project_type};
use extension_formats::ExtensionFormats;
use locate::{Request, select_pages};
use mlsys_book::{DraftMode, Project, ProjectKind, Scope, Value, custom_floats, name};
use mlsys_cells::is_percent_script;
use mlsys_parse::{ConfigInput, output_dir, parse_config, project_inputs, project_kind, project_scripts};
use pages::{PageCache, PageReader};
use previews::add_previews;
use sandbox::Sandbox;
use similar::first_of_name;
pub(crate) use similar::similar_file;
use sources::{SourceCache, SourceReader};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use vfs::Vfs;

/// What to read, and how.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The project and the selected pages.
    pub request: Request,
    /// The profiles of the command line.
    pub profiles: Vec<String>,
    /// The output folder of the command line; absolute.
    pub output_dir: Option<Utf8PathBuf>,
    /// The output format: `html` or `epub`.
    pub format: String,
    /// Unsaved texts, read in place of the files on disk.
    pub overlay: Overlay,
}

/// Everything that was read, for reading the project again with the same options; see [`read_again`].
#[derive(Clone, Debug, Default)]
pub struct FileCache {
    sources: SourceCache,
    pages: PageCache,
}

/// Reads a project.
///
/// # Errors
/// When there is no page to build, or the request names an unknown page.
pub fn read(options: &ReadOptions) -> Result<Book, ProjectError> {
    read_again(options, &mut FileCache::default())
}

/// Reads a project, reusing from `cache` every file that is unchanged.
///
/// # Errors
/// As [`read`].
pub fn read_again(options: &ReadOptions, cache: &mut FileCache) -> Result<Book, ProjectError> {
    let request = &options.request;
    let sandbox = if request.lone { Sandbox::none(&request.root) } else { Sandbox::around(&request.root) };
    let vfs = Vfs::new(request.root.clone(), sandbox, options.overlay.clone());
    let mut sources = SourceReader::new(vfs, std::mem::take(&mut cache.sources));
    let mut configuration = config::read(&mut sources, request.config.as_deref(), &options.profiles, &options.format);
    let formats = ExtensionFormats::read(&mut sources);
    configuration.config = formats.named(&with_project_type(&mut sources, configuration.config, &formats));
    let environment = config::environment(&mut sources, &configuration.profiles);
    let settings = &config::with_site_texts(&configuration, &environment, &options.format, &mut sources.diagnostics);
    let configured = match output_dir(settings).as_str() {
        "" => request.root.clone(),
        folder => request.root.join(folder),
    };
    let output = options.output_dir.clone().unwrap_or_else(|| configured.clone());
    let outputs: Vec<Utf8PathBuf> =
        [&output, &configured].into_iter().filter(|folder| **folder != request.root).cloned().collect();
    let files = sources.list(&outputs);
    sources.names = first_of_name(&files);
    sources.files.clone_from(&files);

    let inputs = match request.lone {
        true => request.only.clone(),
        false => {
            let mut inputs = project_inputs(settings, &files).take(&mut sources.diagnostics);
            inputs.extend(percent_scripts(&mut sources, &project_scripts(settings, &files)));
            inputs.sort();
            inputs.dedup();
            inputs
        }
    };
    // In books, chapters have a rule of their own.
    let takes_title = project_kind(settings) != ProjectKind::Book;
    let mut reader = PageReader::new(sources, std::mem::take(&mut cache.pages), &options.format, takes_title, formats);
    let page_files = reader.page_files(inputs);
    let input = ConfigInput {
        config: settings,
        files: if request.lone { &request.only } else { &files },
        front_matter: &page_files.iter().map(|(path, page)| (path.clone(), page.meta.clone())).collect(),
        profiles: &configuration.profiles,
        variables: &configuration.variables,
        format: &options.format,
    };
    let mut project = parse_config(&input).take(&mut reader.sources.diagnostics);
    let selected = select_pages(&project, &request.only)?;
    let (mut pages, mut styles) = reader.pages(&project, page_files, &selected);
    add_previews(&mut reader, &mut project, &mut pages, &mut styles);
    // The metadata of a folder can make all of its pages drafts.
    let drafts = project.pages.iter_mut().zip(&pages).filter(|(_, input)| input.draft);
    drafts.for_each(|(page, _)| page.draft = page.draft.or(Some(DraftMode::Visible)));
    if !pages.iter().any(|page| page.is_selected) {
        *cache = FileCache { sources: reader.sources.cache, pages: reader.cache };
        let other = pages.into_iter().find_map(|page| page.other_format);
        return Err(other.map_or_else(|| ProjectError::NoPages(request.root.clone()), ProjectError::OtherFormat));
    }
    for (page, input) in project.pages.iter_mut().zip(&pages) {
        page.is_of_other_format = input.other_format.is_some();
    }
    unlink_hidden(&mut project);
    let themes = reader.themes(&project.meta);
    if let Some(words) = reader.words(&[project.meta.value(name!("language"))]) {
        project.meta = language::with_words(&project.meta, words);
    }
    let configured = project.meta.value(name!("brand")).cloned();
    let brand = reader.brand(configured.as_ref(), &files);
    if let Some(brand) = &brand {
        brand::apply_to_site(&mut project, brand);
    }
    let (mut sources, page_cache) = (reader.sources, reader.cache);
    let overrides = overrides(&mut sources, &files);
    let shortcode_extensions = shortcode_extensions(&mut sources, &files);
    let SourceReader { vfs, log, sources, bases, diagnostics, cache: source_cache, names, .. } = sources;
    *cache = FileCache { sources: source_cache, pages: page_cache };
    cache.sources.retain(&vfs, &log.files);
    cache.pages.retain(&vfs, &log.files);
    Ok(Book {
        root: request.root.clone(),
        output,
        scope: scope(&project, brand.as_ref(), &options.format, environment),
        project,
        vfs,
        sources,
        bases,
        pages: pages.into(),
        styles,
        themes,
        brand,
        overrides,
        today: today(),
        names,
        files,
        shortcode_extensions,
        severities: BTreeMap::new(),
        diagnostics,
        read: log.files,
        folders: log.folders,
        installed: BTreeSet::new(),
        config_file: configuration.own_file,
    })
}

/// The scripts that are pages: those in the percent format with a text. Source: Quarto, "Percent Scripts".
fn percent_scripts(sources: &mut SourceReader, scripts: &[String]) -> Vec<String> {
    let texts = sources.texts(scripts);
    let is_page =
        |path: &str, text: std::io::Result<Arc<FileText>>| text.is_ok_and(|text| is_percent_script(path, &text.text));
    scripts.iter().zip(texts).filter_map(|(path, text)| is_page(path, text).then(|| path.clone())).collect()
}

fn scope(project: &Project, brand: Option<&Value>, format: &str, environment: BTreeMap<String, String>) -> Scope {
    let classes = ["filter-metadata.mlsysbook-ext/custom-numbered-blocks", "custom-numbered-blocks"]
        .iter()
        .filter_map(|path| project.meta.path(path))
        .flat_map(|blocks| blocks.value(name!("numbered-blocks", "classes")).map_or(&[][..], Value::entries));
    Scope {
        format: format.to_owned(),
        profiles: project.profiles.clone(),
        custom_floats: custom_floats(&project.meta),
        box_classes: classes.map(|entry| entry.key.clone()).collect(),
        meta: project.meta.clone(),
        variables: project.variables.clone(),
        language: None,
        brand: brand.cloned().unwrap_or_else(|| Value::empty(project.meta.place)),
        environment,
    }
}

/// The project's templates and theme files, which override the built-in ones file by file.
fn overrides(sources: &mut SourceReader, files: &[String]) -> BTreeMap<String, String> {
    let is_override = |file: &&String| {
        (file.starts_with("templates/") && file.ends_with(".html"))
            || (file.starts_with("themes/") && (file.ends_with(".scss") || file.ends_with(".js")))
    };
    let texts = files.iter().filter(is_override);
    texts.filter_map(|file| Some((file.clone(), sources.text(file).ok()?.text.to_string()))).collect()
}
