//! The pages of a project and the files that they name.

use crate::parallel::in_parallel;
use crate::project::config::yaml_file;
use crate::project::page_source::{Aside, Composed, Sheet};
use crate::project::vfs::{Disk, FileText, folder_of};
use crate::project::{PageInput, today};
use crate::url::has_scheme;
use mlsys_book::{Code, Diagnostic, Page, Place, Project, Source, SourceId, Value, ValueKind};
use mlsys_parse::{check_metadata_keys, clean_path, filter_stem, front_matter, front_matter_text, lift_format};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A page's text before its place in the book is known.
pub struct PageText {
    /// The file, empty when it could not be read.
    pub file: Arc<FileText>,
    /// Why it could not be read.
    pub error: Option<String>,
    /// The front matter, lifted.
    pub meta: Value,
}

/// A page that was read before: what its own text, its includes, quizzes and glossaries came to.
#[derive(Clone, Debug)]
pub struct KnownPage {
    /// The file, and its front matter, lifted.
    own: (Arc<FileText>, Value),
    composed: Option<Arc<Composed>>,
}

/// Reads pages and what they name, each file once.
pub struct PageReader<'a> {
    pub disk: Disk,
    format: &'a str,
    /// Metadata by folder.
    folders: FxHashMap<String, Value>,
    /// The texts of the Sass files that pages name in themes of their own.
    page_themes: BTreeMap<String, String>,
    /// Sources by file, of files that several pages may name.
    files: FxHashMap<String, Option<SourceId>>,
}

impl<'a> PageReader<'a> {
    /// A reader for pages of a format.
    pub fn new(disk: Disk, format: &'a str) -> Self {
        PageReader {
            disk,
            format,
            folders: FxHashMap::default(),
            page_themes: BTreeMap::new(),
            files: FxHashMap::default(),
        }
    }

    /// Reads the pages' files.
    pub fn texts(&mut self, inputs: Vec<String>) -> BTreeMap<String, PageText> {
        let files = self.disk.each_text(&inputs);
        let known = &self.disk.texts.pages;
        let pages = in_parallel(inputs.into_iter().zip(files).collect(), |(path, file): (String, _)| {
            let (file, error) = match file {
                Ok(file) => (file, None),
                Err(error) => (Arc::default(), Some(format!("`{path}`: {error}"))),
            };
            let known = known.get(&path).filter(|known| Arc::ptr_eq(&known.own.0, &file));
            // Mistakes in the front matter are reported when the page is parsed.
            let draft = || Source::new(SourceId(u32::MAX), path.as_str(), front_matter_text(&file.text));
            let meta = match known {
                Some(known) => known.own.1.clone(),
                None => lift_format(&front_matter(&draft()).value.meta, self.format),
            };
            (known.is_some(), path, PageText { file, error, meta })
        });
        let mut texts = BTreeMap::new();
        for (is_known, path, page) in pages {
            if !is_known {
                let known = KnownPage { own: (page.file.clone(), page.meta.clone()), composed: None };
                self.disk.texts.pages.insert(path.clone(), known);
            }
            texts.insert(path, page);
        }
        texts
    }

    /// Composes the pages in book order and reads what they name.
    pub fn pages(
        &mut self,
        project: &Project,
        texts: BTreeMap<String, PageText>,
        meant: &[String],
    ) -> (Vec<PageInput>, BTreeMap<String, String>) {
        let sheets = self.composed(project, texts);
        let mut styles = BTreeMap::new();
        let mut pages = Vec::with_capacity(sheets.len());
        for (page, folder_meta, composed) in sheets {
            let Composed { source, front, quizzes, glossary, .. } = &*composed;
            let meta = |key: &str| merged(&[&project.meta, &folder_meta, front], key);
            if front.get("theme").or_else(|| front.get("highlight-style")).is_some() {
                self.page_themes = self.themes(front);
            }
            pages.push(PageInput {
                source: source.id,
                bibliographies: self.named(&[meta("bibliography").as_ref(), front.get("bibliography")]),
                quizzes: quizzes.clone(),
                glossary: glossary.clone(),
                style: self.style(meta("csl").as_ref(), &mut styles),
                included: self.included(&meta),
                data: self.data(meta("listing").as_ref()),
                modified: self.disk.modified(&page.input).unwrap_or_else(today),
                aliases: meta("aliases").iter().flat_map(Value::items).filter_map(Value::to_text).collect(),
                draft: meta("draft").as_ref().and_then(Value::as_bool) == Some(true),
                folder_meta,
                wanted: meant.is_empty() || meant.contains(&page.input),
            });
        }
        (pages, styles)
    }

    /// Composes the pages, in book order, each with the metadata of its folders. Their sources come one after the other, before
    /// those of the files that they name.
    fn composed<'p>(
        &mut self,
        project: &'p Project,
        mut texts: BTreeMap<String, PageText>,
    ) -> Vec<(&'p Page, Value, Arc<Composed>)> {
        let has_filter = |name: &str| project.filters.iter().any(|(filter, _)| filter_stem(filter) == name);
        let (quiz_filter, glossary_filter) = (has_filter("inject_quizzes"), has_filter("inject_glossary"));
        let mut composing = Vec::with_capacity(project.pages.len());
        for page in &project.pages {
            let Some(text) = texts.remove(&page.input) else { continue };
            composing.push((page, text, self.folder_meta(folder_of(&page.input))));
        }
        let (disk, first) = (&self.disk, self.disk.next_id().0);
        let composed = in_parallel(composing.iter().enumerate().collect(), |(at, (page, text, folder_meta))| {
            let known = disk.texts.pages.get(&page.input).and_then(|known| known.composed.clone());
            let sheet = Sheet { path: &page.input, text, format: self.format, known };
            let mut aside = Aside::new(disk, SourceId(first + at as u32));
            let composed = aside.composed(&sheet, |front| {
                let named =
                    |is_on: bool, key| if is_on { merged(&[&project.meta, folder_meta, front], key) } else { None };
                [named(quiz_filter, "quiz"), named(glossary_filter, "glossary")]
            });
            (composed, aside.reads, aside.diagnostics)
        });
        let mut sheets = Vec::with_capacity(composed.len());
        for ((page, _, folder_meta), (composed, reads, diagnostics)) in composing.into_iter().zip(composed) {
            reads.into_iter().for_each(|read| self.disk.note(read));
            self.disk.diagnostics.extend(diagnostics);
            if let Some(known) = self.disk.texts.pages.get_mut(&page.input) {
                known.composed = composed.is_whole.then(|| composed.clone());
            }
            self.disk.push(composed.source.clone(), folder_of(&page.input));
            sheets.push((page, folder_meta, composed));
        }
        sheets
    }

    /// The metadata of a page's folders. Source: Quarto, "Directory Metadata".
    fn folder_meta(&mut self, folder: &str) -> Value {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let outer = match folder.rsplit_once('/') {
            Some((outer, _)) => self.folder_meta(outer),
            None if folder.is_empty() => Value::empty(Place::project()),
            None => self.folder_meta(""),
        };
        let mut meta = outer;
        for name in ["_metadata.yml", "_metadata.yaml"] {
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            if let Some(own) = yaml_file(&mut self.disk, &path, folder) {
                self.disk.diagnostics.extend(check_metadata_keys(&own));
                meta = meta.merge(&lift_format(&own, self.format));
                break;
            }
        }
        self.folders.insert(folder.to_owned(), meta.clone());
        meta
    }

    /// The sources of the files that values name, each once.
    fn named(&mut self, values: &[Option<&Value>]) -> Vec<SourceId> {
        let mut sources = Vec::new();
        for item in values.iter().flatten().flat_map(|value| value.items()) {
            let Some(name) = item.to_text() else { continue };
            let path = self.resolve(&name, item.place);
            let id = self.once(&path, &name, item.place);
            // A file that is named again counts at its last place: a page's own bibliography goes over the project's.
            sources.retain(|known| Some(*known) != id);
            sources.extend(id);
        }
        sources
    }

    /// Reads a file that pages name, reporting a missing one where it is first named.
    fn shared(&mut self, path: &str, name: &str, place: Place) -> Option<SourceId> {
        let base = folder_of(path).to_owned();
        match self.disk.source(path, &base) {
            Ok(id) => Some(id),
            Err(error) => {
                let message = match error.kind() {
                    std::io::ErrorKind::NotFound => format!("file `{name}` does not exist"),
                    _ => format!("file `{name}`: {error}"),
                };
                self.disk.diagnostics.push(Diagnostic::new(Code::UnreadableFile, place, message));
                None
            }
        }
    }

    /// The texts that the metadata includes by file name. Source: Quarto, "HTML Options", includes.
    fn included(&mut self, meta: &dyn Fn(&str) -> Option<Value>) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for key in ["include-in-header", "include-before-body", "include-after-body"] {
            for item in meta(key).iter().flat_map(Value::items) {
                let file = item.get("file").unwrap_or(item);
                let Some(name) = file.as_str() else { continue };
                let path = self.resolve(name, file.place);
                if let Some(id) = self.once(&path, name, file.place) {
                    texts.insert(name.to_owned(), self.disk.get(id).text.to_string());
                }
            }
        }
        texts
    }

    /// The files of data that listings name in `contents`.
    fn data(&mut self, listing: Option<&Value>) -> BTreeMap<String, Value> {
        let mut data = BTreeMap::new();
        for item in listing.map_or(&[][..], Value::items).iter().filter_map(|one| one.get("contents")) {
            for file in item.items() {
                let Some(name) = file.as_str().filter(|name| crate::site::listings::is_data(name)) else { continue };
                let path = self.resolve(name, file.place);
                let folder = folder_of(&path).to_owned();
                match yaml_file(&mut self.disk, &path, &folder) {
                    Some(value) => {
                        data.insert(name.to_owned(), value);
                    }
                    None => {
                        let message = format!("file `{name}` does not exist");
                        self.disk.diagnostics.push(Diagnostic::new(Code::UnreadableFile, file.place, message));
                    }
                }
            }
        }
        data
    }

    /// The texts of the Sass files that the theme names, and of highlighting themes; names without an ending are built in.
    pub fn themes(&mut self, meta: &Value) -> BTreeMap<String, String> {
        let mut texts = std::mem::take(&mut self.page_themes);
        let lists = ["theme", "highlight-style"].into_iter().filter_map(|key| meta.get(key)).flat_map(|value| {
            match value.entries() {
                [] => vec![value],
                entries => entries.iter().map(|e| &e.value).collect::<Vec<&Value>>(),
            }
        });
        for item in lists.flat_map(Value::items) {
            let Some(name) = item.as_str().filter(|name| name.contains('.')) else { continue };
            let path = self.resolve(name, item.place);
            if let Some(id) = self.once(&path, name, item.place) {
                texts.insert(name.to_owned(), self.disk.get(id).text.to_string());
            }
        }
        texts
    }

    /// The project's brand: a file that `brand` names, what `brand` says itself, or `_brand.yml`. Source: Quarto, "Brand".
    pub fn brand(&mut self, meta: &Value, files: &[String]) -> Option<Value> {
        let own = meta.get("brand");
        if own.is_some_and(|value| value.as_bool() == Some(false)) {
            return None;
        }
        if let Some(value) = own.filter(|value| !value.entries().is_empty()) {
            return Some(root_logos(value.clone(), ""));
        }
        let path = match own.and_then(|value| Some((value.as_str()?, value.place))) {
            Some((name, place)) => self.resolve(name, place),
            None => ["_brand.yml", "_brand.yaml"].iter().find(|name| files.iter().any(|f| f == *name))?.to_string(),
        };
        let folder = folder_of(&path);
        Some(root_logos(yaml_file(&mut self.disk, &path, "")?, folder))
    }

    /// A file's source, read when it is first named.
    fn once(&mut self, path: &str, name: &str, place: Place) -> Option<SourceId> {
        if let Some(known) = self.files.get(path) {
            return *known;
        }
        let id = self.shared(path, name, place);
        self.files.insert(path.to_owned(), id);
        id
    }

    /// The citation style that a value names.
    fn style(&mut self, value: Option<&Value>, styles: &mut BTreeMap<String, String>) -> Option<String> {
        let value = value?;
        let name = value.to_text()?;
        let path = self.resolve(&name, value.place);
        if !styles.contains_key(&path) {
            let id = self.once(&path, &name, value.place)?;
            styles.insert(path.clone(), self.disk.get(id).text.to_string());
        }
        Some(path)
    }

    /// The project's path of a name: relative to the file that holds it, or to the project's folder.
    fn resolve(&mut self, name: &str, place: Place) -> String {
        if let Some(rooted) = name.strip_prefix('/') {
            return clean_path(rooted);
        }
        let base = self.disk.base(place);
        let near = clean_path(&format!("{base}/{name}"));
        let far = clean_path(name);
        if near != far && !self.disk.has_file(&near) && self.disk.has_file(&far) { far } else { near }
    }
}

/// A brand whose logos have paths from the project's folder, where those of the brand begin at its file's `folder`.
fn root_logos(mut brand: Value, folder: &str) -> Value {
    let images: Vec<String> =
        brand.path("logo.images").map_or(&[][..], Value::entries).iter().map(|image| image.key.clone()).collect();
    let mut paths: Vec<&mut Value> = Vec::new();
    if let ValueKind::Map(entries) = &mut brand.kind {
        paths.extend(entries.iter_mut().filter(|entry| entry.key == "logo").map(|entry| &mut entry.value));
    }
    while let Some(value) = paths.pop() {
        match &mut value.kind {
            ValueKind::Map(entries) => {
                paths.extend(entries.iter_mut().filter(|entry| entry.key != "alt").map(|entry| &mut entry.value));
            }
            ValueKind::String(path) if !images.contains(path) && !path.starts_with('/') && !has_scheme(path) => {
                *path = format!("/{}", clean_path(&format!("{folder}/{path}")));
            }
            _ => {}
        }
    }
    brand
}

/// What layers of metadata say together about a key, the last going over the others.
fn merged(layers: &[&Value], key: &str) -> Option<Value> {
    let mut said = layers.iter().filter_map(|layer| layer.get(key));
    let first = said.next()?;
    Some(first.merge_all(said))
}
