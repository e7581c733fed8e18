//! Reads the pages of a project and the files that they name.

use crate::parallel::in_parallel;
use crate::project::book::{PageInput, today};
use crate::project::extension_formats::{ExtensionFormats, other_format};
use crate::project::overlay::FileText;
use crate::project::page_reads::PageReads;
use crate::project::page_results::PageText;
use crate::project::page_source::{PageFile, PageRequest, PageSource};
use crate::project::sources::SourceReader;
use crate::project::vfs::{Vfs, folder_of};
use crate::project::yaml_file::yaml_file;
use camino::Utf8PathBuf;
use mlsys_book::{Code, Diagnostic, OptionName, Page, Place, Project, Source, SourceId, Value, clean_path, name};
use mlsys_parse::{check_metadata_keys, filter_stem, front_matter, front_matter_text, lift_format};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The pages of the previous read, by path.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageCache {
    pages: FxHashMap<String, CachedPage>,
    /// The formats of extensions by which the pages were checked.
    formats: ExtensionFormats,
}

#[derive(Clone, Debug)]
struct CachedPage {
    /// The page's own file.
    text: Arc<FileText>,
    /// The file, converted to Markdown.
    converted: Arc<PageText>,
    /// Its front matter, with the keys of the format lifted.
    meta: Value,
    /// The source, if all of its files could be read.
    source: Option<Arc<PageSource>>,
}

impl PageCache {
    /// Removes all pages but those with these files.
    pub fn retain(&mut self, vfs: &Vfs, files: &BTreeSet<Utf8PathBuf>) {
        self.pages.retain(|path, _| files.contains(&vfs.absolute(path)));
    }
}

/// Reads pages and the files that they name, each file once.
pub(crate) struct PageReader<'a> {
    pub sources: SourceReader,
    pub cache: PageCache,
    format: &'a str,
    /// The formats of extensions.
    formats: ExtensionFormats,
    /// True if the first heading of a notebook is its title.
    takes_title: bool,
    /// The metadata of folders, outer folders included.
    folders: FxHashMap<String, Value>,
    /// The texts of the Sass files in the themes of pages.
    page_themes: BTreeMap<String, String>,
    /// The sources of files that several pages may name; `None` if unreadable.
    named: FxHashMap<String, Option<SourceId>>,
    /// The formats of extensions whose options have been checked.
    checked_formats: BTreeSet<String>,
    /// The values of YAML files that several pages may name; `None` if missing.
    values: FxHashMap<String, Option<Value>>,
}

impl<'a> PageReader<'a> {
    /// A reader for pages of a format.
    pub fn new(
        sources: SourceReader,
        cache: PageCache,
        format: &'a str,
        takes_title: bool,
        formats: ExtensionFormats,
    ) -> Self {
        let mut cache = cache;
        if cache.formats != formats {
            cache.pages.values_mut().for_each(|page| page.source = None);
            cache.formats = formats.clone();
        }
        PageReader {
            sources,
            cache,
            format,
            formats,
            takes_title,
            folders: FxHashMap::default(),
            page_themes: BTreeMap::new(),
            named: FxHashMap::default(),
            checked_formats: BTreeSet::new(),
            values: FxHashMap::default(),
        }
    }

    /// Reads the files of pages and their front matter.
    pub fn page_files(&mut self, inputs: Vec<String>) -> BTreeMap<String, PageFile> {
        let texts = self.sources.texts(&inputs);
        let (cache, format, takes_title) = (&self.cache.pages, self.format, self.takes_title);
        let pages = in_parallel(inputs.into_iter().zip(texts).collect(), |(path, text): (String, _)| {
            let (text, error) = match text {
                Ok(text) => (text, None),
                Err(error) => (Arc::default(), Some(format!("`{path}`: {error}"))),
            };
            let cached = cache.get(&path).filter(|cached| Arc::ptr_eq(&cached.text, &text));
            let (converted, meta) = match cached {
                Some(cached) => (cached.converted.clone(), cached.meta.clone()),
                None => {
                    let converted = PageText::new(&path, &text.text, takes_title);
                    // Parsing the page reports the problems of its front matter.
                    let head = front_matter_text(converted.markdown(&text.text));
                    let draft = Source::new(SourceId(u32::MAX), path.as_str(), head);
                    let meta = lift_format(&front_matter(&draft).value.meta, format);
                    (Arc::new(converted), meta)
                }
            };
            (cached.is_some(), path, PageFile { text, error, converted, meta })
        });
        let mut files = BTreeMap::new();
        for (is_cached, path, page) in pages {
            if !is_cached {
                let cached = CachedPage {
                    text: page.text.clone(),
                    converted: page.converted.clone(),
                    meta: page.meta.clone(),
                    source: None,
                };
                self.cache.pages.insert(path.clone(), cached);
            }
            files.insert(path, page);
        }
        files
    }

    /// Reads the pages in book order, and the files that they name. Returns the pages and the texts of their citation styles.
    pub fn pages(
        &mut self,
        project: &Project,
        files: BTreeMap<String, PageFile>,
        selected: &[String],
    ) -> (Vec<PageInput>, BTreeMap<String, String>) {
        let page_sources = self.page_sources(project, files);
        let mut styles = BTreeMap::new();
        let mut pages = Vec::with_capacity(page_sources.len());
        for (page, folder_meta, page_source) in page_sources {
            let PageSource { source, front, quizzes, glossary, results, .. } = &*page_source;
            let meta = |key: OptionName| merged(&[&project.meta, &folder_meta, front], key);
            let language = self.words(&[
                project.meta.value(name!("language")),
                folder_meta.value(name!("language")),
                front.value(name!("language")),
            ]);
            let layers = [front, &folder_meta, &project.meta];
            let other_format = other_format(layers, &self.formats, self.format);
            let brand = front.value(name!("brand")).or_else(|| folder_meta.value(name!("brand"))).cloned();
            if front.value(name!("theme")).or_else(|| mlsys_render::syntax_highlighting(front)).is_some() {
                self.page_themes = self.themes(front);
            }
            pages.push(PageInput {
                source: source.id,
                bibliographies: self
                    .bibliographies(&[meta(name!("bibliography")).as_ref(), front.value(name!("bibliography"))]),
                quizzes: quizzes.clone(),
                glossary: glossary.clone(),
                results: results.clone(),
                linked_notebooks: results.linked_notebooks(source, folder_of(&page.input), &meta),
                style: self.style(meta(name!("csl")).as_ref(), &mut styles),
                included: self.included(project, &meta),
                listing_templates: self.listing_templates(meta(name!("listing")).as_ref()),
                data: self.data(meta(name!("listing")).as_ref()),
                modified: self.sources.vfs.modified(&page.input).unwrap_or_else(today),
                aliases: meta(name!("aliases")).iter().flat_map(Value::items).filter_map(Value::to_text).collect(),
                language,
                lang: meta(name!("lang")).as_ref().and_then(Value::to_text),
                brand: brand.map(|brand| self.brand(Some(&brand), &[]).unwrap_or_else(|| Value::empty(brand.place))),
                severities: merged(&[&folder_meta, front], name!("mlsys"))
                    .and_then(|options| options.value(name!("mlsys", "check.severities")).cloned()),
                draft: meta(name!("draft")).as_ref().and_then(Value::as_bool) == Some(true),
                folder_meta,
                is_selected: other_format.is_none() && (selected.is_empty() || selected.contains(&page.input)),
                other_format,
            });
        }
        (pages, styles)
    }

    /// The sources of the pages, in book order, each with the metadata of its folders. They precede the sources of the files
    /// that the pages name.
    fn page_sources<'p>(
        &mut self,
        project: &'p Project,
        mut files: BTreeMap<String, PageFile>,
    ) -> Vec<(&'p Page, Value, Arc<PageSource>)> {
        let has_filter = |name: &str| project.filters.iter().any(|(filter, _)| filter_stem(filter) == name);
        let (quiz_filter, glossary_filter) = (has_filter("inject_quizzes"), has_filter("inject_glossary"));
        let mut pages = Vec::with_capacity(project.pages.len());
        for page in &project.pages {
            let Some(file) = files.remove(&page.input) else { continue };
            let shared = self.folder_meta(folder_of(&page.input));
            let shared = self.with_metadata_files(shared, &page.input, &file.meta);
            let shared = self.with_extension_format(shared, &file.meta);
            pages.push((page, file, shared));
        }
        let (sources, cache, first) = (&self.sources, &self.cache.pages, self.sources.next_id().0);
        let read = in_parallel(pages.iter().enumerate().collect(), |(at, (page, file, folder_meta))| {
            let cached = cache.get(&page.input).and_then(|cached| cached.source.clone());
            let request = PageRequest { path: &page.input, file, format: self.format, formats: &self.formats, cached };
            let mut reads = PageReads::new(sources, SourceId(first + at as u32));
            let source = PageSource::read(&mut reads, &request, |front| {
                let named =
                    |is_on: bool, key| if is_on { merged(&[&project.meta, folder_meta, front], key) } else { None };
                [named(quiz_filter, name!("quiz")), named(glossary_filter, name!("glossary"))]
            });
            (source, reads.reads, reads.diagnostics)
        });
        let mut page_sources = Vec::with_capacity(read.len());
        for ((page, _, folder_meta), (source, reads, diagnostics)) in pages.into_iter().zip(read) {
            reads.into_iter().for_each(|read| self.sources.log(read));
            self.sources.diagnostics.extend(diagnostics);
            if let Some(cached) = self.cache.pages.get_mut(&page.input) {
                cached.source = source.is_complete.then(|| source.clone());
            }
            self.sources.push(source.source.clone(), folder_of(&page.input));
            page_sources.push((page, folder_meta, source));
        }
        page_sources
    }

    /// Metadata with the options that an extension contributes to the page's format.
    fn with_extension_format(&mut self, shared: Value, front: &Value) -> Value {
        let Some(format) = front.value(name!("format")).or_else(|| shared.value(name!("format"))) else {
            return shared;
        };
        let Some((name, contributed)) = self.formats.contributed(format, self.format) else { return shared };
        if self.checked_formats.insert(name) {
            self.sources.diagnostics.extend(check_metadata_keys(&contributed));
        }
        contributed.merge(&shared)
    }

    /// Metadata with that of the files which the page's `metadata-files` names. The page's own metadata overrides it.
    fn with_metadata_files(&mut self, shared: Value, page: &str, front: &Value) -> Value {
        let mut meta = shared;
        for name in front.list(name!("metadata-files")).iter().filter_map(Value::to_text) {
            let folder = folder_of(page);
            let path = match name.strip_prefix('/') {
                Some(rooted) => clean_path(rooted),
                None => clean_path(&format!("{folder}/{name}")),
            };
            match yaml_file(&mut self.sources, &path, folder_of(&path)) {
                Some(own) => {
                    self.sources.diagnostics.extend(check_metadata_keys(&self.formats.named(&own)));
                    meta = meta.merge(&lift_format(&own, self.format));
                }
                None => {
                    // The front matter was read before its source had a number.
                    let message = format!("metadata file `{name}` of `{page}` does not exist");
                    self.sources.diagnostics.push(Diagnostic::new(Code::InvalidConfig, Place::project(), message));
                }
            }
        }
        meta
    }

    /// The metadata of a page's folders. Source: Quarto, "Directory Metadata".
    fn folder_meta(&mut self, folder: &str) -> Value {
        if let Some(meta) = self.folders.get(folder) {
            return meta.clone();
        }
        let outer = match folder.rsplit_once('/') {
            Some((outer, _)) => self.folder_meta(outer),
            None if folder.is_empty() => Value::empty(Place::project()),
            None => self.folder_meta(""),
        };
        let mut meta = outer;
        for name in ["_metadata.yml", "_metadata.yaml"] {
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            if let Some(own) = yaml_file(&mut self.sources, &path, folder) {
                self.sources.diagnostics.extend(check_metadata_keys(&self.formats.named(&own)));
                meta = meta.merge(&lift_format(&own, self.format));
                break;
            }
        }
        self.folders.insert(folder.to_owned(), meta.clone());
        meta
    }

    /// The sources of the bibliography files in `bibliography` values, without duplicates.
    fn bibliographies(&mut self, values: &[Option<&Value>]) -> Vec<SourceId> {
        let mut sources = Vec::new();
        for item in values.iter().flatten().flat_map(|value| value.items()) {
            let Some(name) = item.to_text() else { continue };
            let path = self.resolve(&name, item.place);
            let id = self.once(&path, &name, item.place);
            // A repeated file counts at its last place: a page's own bibliography overrides the project's.
            sources.retain(|other| Some(*other) != id);
            sources.extend(id);
        }
        sources
    }

    /// Reads a file that pages name. Reports a missing one where it is first named.
    fn named_file(&mut self, path: &str, name: &str, place: Place) -> Option<SourceId> {
        let base = folder_of(path).to_owned();
        match self.sources.source(path, &base) {
            Ok(id) => Some(id),
            Err(error) => {
                if error.kind() == std::io::ErrorKind::NotFound {
                    self.report_missing(name, path, place);
                } else {
                    let message = format!("file `{name}`: {error}");
                    self.sources.diagnostics.push(Diagnostic::new(Code::UnreadableFile, place, message));
                }
                None
            }
        }
    }

    /// Reports that the file `path`, which the metadata calls `name`, does not exist.
    fn report_missing(&mut self, name: &str, path: &str, place: Place) {
        let mut diagnostic = Diagnostic::new(Code::UnreadableFile, place, format!("file `{name}` does not exist"));
        diagnostic.hints.extend(self.sources.similar(path));
        self.sources.diagnostics.push(diagnostic);
    }

    /// The texts of the files that the metadata includes in the page's head or body. Source: Quarto, "HTML Options", includes.
    fn included(&mut self, project: &Project, meta: &dyn Fn(OptionName) -> Option<Value>) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        let plausible =
            project.site.raw.as_ref().and_then(|site| site.value(name!("website", "plausible-analytics.path")));
        if let Some((file, name)) = plausible.and_then(|file| Some((file, file.as_str()?))) {
            let path = self.resolve(name, file.place);
            if let Some(id) = self.once(&path, name, file.place) {
                texts.insert(name.to_owned(), self.sources.get(id).text.to_string());
            }
        }
        for key in [name!("include-in-header"), name!("include-before-body"), name!("include-after-body")] {
            for item in meta(key).iter().flat_map(Value::items) {
                let file = item.value(name!("include", "file")).unwrap_or(item);
                let Some(name) = file.as_str() else { continue };
                let path = self.resolve(name, file.place);
                if let Some(id) = self.once(&path, name, file.place) {
                    texts.insert(name.to_owned(), self.sources.get(id).text.to_string());
                }
            }
        }
        texts
    }

    /// The texts of the templates of listings. Those in EJS are reported and not read.
    fn listing_templates(&mut self, listing: Option<&Value>) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        let named =
            listing.map_or(&[][..], Value::items).iter().filter_map(|one| one.value(name!("listing", "template")));
        for file in named {
            let Some(name) = file.as_str().filter(|name| !name.ends_with(".ejs")) else { continue };
            let path = self.resolve(name, file.place);
            if let Some(id) = self.once(&path, name, file.place) {
                texts.insert(name.to_owned(), self.sources.get(id).text.to_string());
            }
        }
        texts
    }

    /// The data files in the `contents` of listings.
    fn data(&mut self, listing: Option<&Value>) -> BTreeMap<String, Value> {
        let mut data = BTreeMap::new();
        for item in
            listing.map_or(&[][..], Value::items).iter().filter_map(|one| one.value(name!("listing", "contents")))
        {
            for file in item.items() {
                let Some(name) = file.as_str().filter(|name| is_listing_data(name)) else { continue };
                let path = self.resolve(name, file.place);
                let folder = folder_of(&path).to_owned();
                match yaml_file(&mut self.sources, &path, &folder) {
                    Some(value) => {
                        data.insert(name.to_owned(), value);
                    }
                    None => self.report_missing(name, &path, file.place),
                }
            }
        }
        data
    }

    /// The texts of the Sass files and highlighting themes in the metadata. Names without an extension are built-in themes.
    pub fn themes(&mut self, meta: &Value) -> BTreeMap<String, String> {
        let mut texts = std::mem::take(&mut self.page_themes);
        let lists = [meta.value(name!("theme")), mlsys_render::syntax_highlighting(meta)]
            .into_iter()
            .flatten()
            .flat_map(|value| match value.entries() {
                [] => vec![value],
                entries => entries.iter().map(|e| &e.value).collect::<Vec<&Value>>(),
            });
        for item in lists.flat_map(Value::items) {
            let Some(name) = item.as_str().filter(|name| name.contains('.')) else { continue };
            let path = self.resolve(name, item.place);
            if let Some(id) = self.once(&path, name, item.place) {
                let text = self.sources.get(id).text.to_string();
                let text = self.with_imports(&path, text, item.place);
                texts.insert(name.to_owned(), text);
            }
        }
        texts
    }

    /// The value of a YAML file that pages name, which is read once; `None` if it is missing.
    pub(super) fn value_of(&mut self, path: &str) -> Option<Value> {
        if let Some(value) = self.values.get(path) {
            return value.clone();
        }
        let value = yaml_file(&mut self.sources, path, folder_of(path));
        self.values.insert(path.to_owned(), value.clone());
        value
    }

    /// The path and value of a YAML file by its name in the metadata. A missing one is reported where it is first named.
    pub(super) fn named_value(&mut self, name: &str, place: Place) -> Option<(String, Value)> {
        let path = self.resolve(name, place);
        let is_first = !self.values.contains_key(&path);
        let value = self.value_of(&path);
        if value.is_none() && is_first {
            self.report_missing(name, &path, place);
        }
        Some((path, value?))
    }

    /// The source of a file that pages name; `None` if unreadable. The file is read once.
    pub(super) fn once(&mut self, path: &str, name: &str, place: Place) -> Option<SourceId> {
        if let Some(id) = self.named.get(path) {
            return *id;
        }
        let id = self.named_file(path, name, place);
        self.named.insert(path.to_owned(), id);
        id
    }

    /// The path of the citation style that a value names; its text goes to `styles`.
    fn style(&mut self, value: Option<&Value>, styles: &mut BTreeMap<String, String>) -> Option<String> {
        let value = value?;
        let name = value.to_text()?;
        let path = self.resolve(&name, value.place);
        if !styles.contains_key(&path) {
            let id = self.once(&path, &name, value.place)?;
            styles.insert(path.clone(), self.sources.get(id).text.to_string());
        }
        Some(path)
    }

    /// Resolves a file name: relative to the file that contains it, otherwise to the project's folder.
    pub(super) fn resolve(&mut self, name: &str, place: Place) -> String {
        let base = self.sources.base(place);
        if let Some(rooted) = name.strip_prefix('/') {
            // Quarto looks for such a name beside the file that contains it too.
            let (rooted, beside) = (clean_path(rooted), clean_path(&format!("{base}/{rooted}")));
            let is_beside = !self.sources.has_file(&rooted) && self.sources.has_file(&beside);
            return if is_beside { beside } else { rooted };
        }
        let relative = clean_path(&format!("{base}/{name}"));
        let rooted = clean_path(name);
        let is_rooted = relative != rooted && !self.sources.has_file(&relative) && self.sources.has_file(&rooted);
        if is_rooted { rooted } else { relative }
    }
}

/// True if an entry of a listing's `contents` names a data file.
pub fn is_listing_data(name: &str) -> bool {
    name.ends_with(".yml") || name.ends_with(".yaml")
}

/// The merged value of a key in layers of metadata, in ascending priority.
fn merged(layers: &[&Value], key: OptionName) -> Option<Value> {
    let mut values = layers.iter().filter_map(|layer| layer.value(key));
    let first = values.next()?;
    Some(first.merge_all(values))
}
