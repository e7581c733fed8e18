//! Everything that a build reads, read before the pipeline starts.

use crate::configuration::{self, yaml_file};
use crate::disk::{Disk, invalid_utf8};
use crate::includes::compose;
use crate::locate::{Request, is_meant};
use camino::Utf8PathBuf;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use mlsys_book::{Code, Diagnostic, PageId, Place, Project, Scope, Source, SourceId, Span, Value};
use mlsys_parse::{
    ConfigInput, QuizText, clean_path, filter_stem, front_matter, lift_format, output_dir, parse_config, project_inputs,
};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// What to read, and how.
#[derive(Clone, Debug)]
pub struct Options {
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
    /// The folder that the site is written to; absolute.
    pub output: Utf8PathBuf,
    /// The project as configured.
    pub project: Project,
    /// Every source, by [`SourceId`].
    pub sources: Vec<Source>,
    /// The folder that paths in a source are relative to, by [`SourceId`].
    pub bases: Vec<String>,
    /// The pages, by [`PageId`].
    pub pages: Vec<PageInput>,
    /// The citation styles that pages name, by file.
    pub styles: BTreeMap<String, String>,
    /// The project's Sass files that `theme` names, by their names as written.
    pub themes: BTreeMap<String, String>,
    /// The project's own templates and theme files, by path.
    own: BTreeMap<String, String>,
    /// The day of the build.
    pub today: Date,
    /// The project's files, in ascending order.
    pub files: Vec<String>,
    /// What pages share of their surroundings; `meta` is the project's.
    pub scope: Scope,
    /// What was found while reading.
    pub diagnostics: Vec<Diagnostic>,
    /// Every file that was read or looked for: a change of one of them changes the site.
    pub read: BTreeSet<Utf8PathBuf>,
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
    /// The citation style: a key of [`Book::styles`].
    pub style: Option<String>,
    /// The texts of the files that the metadata includes in the page's head or body, by their names as written.
    pub included: BTreeMap<String, String>,
    /// The day of the file's last change.
    pub modified: Date,
    /// Whether the page is to be written.
    pub wanted: bool,
}

impl Book {
    /// The source of a page.
    pub fn source(&self, page: PageId) -> &Source {
        &self.sources[self.pages[page.0 as usize].source.0 as usize]
    }

    /// The project's own files in `templates/` or `themes/`, by their names there.
    pub fn overrides(&self, folder: &str) -> BTreeMap<String, String> {
        let inside = |(path, text): (&String, &String)| Some((path.strip_prefix(folder)?.to_owned(), text.clone()));
        self.own.iter().filter_map(inside).collect()
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
pub fn read(options: &Options) -> Result<Book, String> {
    let request = &options.request;
    let mut disk = Disk::new(request.root.clone());
    let configuration = configuration::read(&mut disk, &options.profiles);
    let config = &configuration.config;
    let configured = request.root.join(output_dir(config));
    let output = options.output_dir.clone().unwrap_or_else(|| configured.clone());
    let outputs: Vec<Utf8PathBuf> =
        [&output, &configured].into_iter().filter(|o| **o != request.root).cloned().collect();
    let files = disk.list(&outputs);

    let inputs = match request.lone {
        true => request.only.clone(),
        false => project_inputs(config, &files).take(&mut disk.diagnostics),
    };
    let mut reader =
        Reader { disk, format: &options.format, folders: FxHashMap::default(), files: FxHashMap::default() };
    let texts = reader.texts(inputs);
    let listed: Vec<String> = match request.lone {
        true => request.only.clone(),
        false => files.clone(),
    };
    let input = ConfigInput {
        config,
        files: &listed,
        front_matter: &texts.iter().map(|(path, page)| (path.clone(), page.meta.clone())).collect(),
        profiles: &configuration.profiles,
        variables: &configuration.variables,
        format: &options.format,
    };
    let project = parse_config(&input).take(&mut reader.disk.diagnostics);
    let (pages, styles) = reader.pages(&project, texts, &request.only);
    if !pages.iter().any(|page| page.wanted) {
        return Err(nothing_to_build(request, &project));
    }
    let themes = reader.themes(&project.meta);
    let mut disk = reader.disk;
    let own = own_files(&mut disk, &files);
    let environment = configuration::environment(&mut disk, &configuration.profiles);
    Ok(Book {
        root: request.root.clone(),
        output,
        scope: scope(&project, &options.format, environment),
        project,
        sources: disk.sources,
        bases: disk.bases,
        pages,
        styles,
        themes,
        own,
        today: today(),
        files,
        diagnostics: disk.diagnostics,
        read: disk.read,
    })
}

fn nothing_to_build(request: &Request, project: &Project) -> String {
    match request.only.as_slice() {
        [] => format!("`{}` has no page (.qmd or .md) to render", request.root),
        names => {
            let stems = project.pages.iter().map(|p| p.input.rsplit('/').next().unwrap_or(&p.input));
            let known: Vec<&str> = stems.map(|n| n.rsplit_once('.').map_or(n, |(stem, _)| stem)).collect();
            let hint = names.first().and_then(|name| mlsys_parse::did_you_mean(name, known));
            let hint = hint.map(|h| format!("; {h}")).unwrap_or_default();
            format!("the project has no page `{}`{hint}", names.join(", "))
        }
    }
}

fn scope(project: &Project, format: &str, environment: Vec<(String, String)>) -> Scope {
    let custom = project.meta.path("crossref.custom").map_or(&[][..], Value::items);
    let classes = ["filter-metadata.mlsysbook-ext/custom-numbered-blocks", "custom-numbered-blocks"]
        .iter()
        .filter_map(|path| project.meta.path(path))
        .flat_map(|blocks| blocks.get("classes").map_or(&[][..], Value::entries));
    Scope {
        format: format.to_owned(),
        profiles: project.profiles.clone(),
        custom_floats: custom.iter().filter_map(|c| c.get("key")?.to_text()).collect(),
        box_classes: classes.map(|e| e.key.clone()).collect(),
        meta: project.meta.clone(),
        variables: project.variables.clone(),
        environment,
    }
}

/// The project's own templates and theme files, which go over the command's file by file.
fn own_files(disk: &mut Disk, files: &[String]) -> BTreeMap<String, String> {
    let own = files.iter().filter(|f| {
        (f.starts_with("templates/") && f.ends_with(".html"))
            || (f.starts_with("themes/") && (f.ends_with(".scss") || f.ends_with(".js")))
    });
    own.filter_map(|file| Some((file.clone(), disk.text(file).ok()?.text))).collect()
}

/// The day of the build: `SOURCE_DATE_EPOCH` where it is set, so that builds can be repeated.
fn today() -> Date {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|s| s.parse().ok());
    match epoch.and_then(|seconds| Timestamp::from_second(seconds).ok()) {
        Some(moment) => moment.to_zoned(TimeZone::UTC).date(),
        None => Zoned::now().date(),
    }
}

/// A page's text before its place in the book is known.
struct PageText {
    text: String,
    invalid: Option<usize>,
    error: Option<String>,
    /// The front matter, lifted.
    meta: Value,
}

struct Reader<'a> {
    disk: Disk,
    format: &'a str,
    /// Metadata by folder.
    folders: FxHashMap<String, Value>,
    /// Sources by file, of files that several pages may name.
    files: FxHashMap<String, Option<SourceId>>,
}

impl Reader<'_> {
    /// Reads the pages' files.
    fn texts(&mut self, inputs: Vec<String>) -> BTreeMap<String, PageText> {
        inputs.into_iter().map(|path| (path.clone(), self.page_text(path))).collect()
    }

    fn page_text(&mut self, path: String) -> PageText {
        let (file, error) = match self.disk.text(&path) {
            Ok(file) => (file, None),
            Err(error) => {
                (crate::disk::FileText { text: String::new(), invalid: None }, Some(format!("`{path}`: {error}")))
            }
        };
        // Mistakes in the front matter are reported when the page is parsed.
        let draft = Source::new(SourceId(u32::MAX), path, file.text);
        let meta = lift_format(&front_matter(&draft).value.meta, self.format);
        PageText { text: draft.text, invalid: file.invalid, error, meta }
    }

    /// Composes the pages in book order and reads what they name.
    fn pages(
        &mut self,
        project: &Project,
        mut texts: BTreeMap<String, PageText>,
        only: &[String],
    ) -> (Vec<PageInput>, BTreeMap<String, String>) {
        let quiz_filter = project.filters.iter().any(|(filter, _)| filter_stem(filter) == "inject_quizzes");
        let mut styles = BTreeMap::new();
        let mut pages = Vec::with_capacity(project.pages.len());
        for page in &project.pages {
            let Some(text) = texts.remove(&page.input) else { continue };
            let folder = page.input.rsplit_once('/').map_or("", |(folder, _)| folder);
            let folder_meta = self.folder_meta(folder);
            let mut source = self.composed(&page.input, &text);
            // The metadata is read again, so that places in it name the page's final source.
            let front = lift_format(&front_matter(&source).value.meta, self.format);
            let meta = project.meta.merge(&folder_meta).merge(&front);
            let mut quizzes = QuizText::new(&source);
            if quiz_filter {
                self.quizzes(meta.get("quiz"), folder, &mut source, &mut quizzes);
            }
            let id = source.id;
            self.disk.push(source, folder);
            pages.push(PageInput {
                source: id,
                bibliographies: self.named(meta.get("bibliography")),
                quizzes,
                style: self.style(meta.get("csl"), &mut styles),
                included: self.included(&meta),
                modified: self.disk.modified(&page.input).unwrap_or_else(today),
                folder_meta,
                wanted: is_meant(&page.input, only),
            });
        }
        (pages, styles)
    }

    /// A page's source with its includes; what is wrong with the file is reported.
    fn composed(&mut self, path: &str, text: &PageText) -> Source {
        let source = compose(&mut self.disk, path, text.text.clone());
        let end = source.text.len();
        let at = |start: usize, length: usize| source.place(Span::new(start.min(end), (start + length).min(end)));
        if let Some(error) = &text.error {
            self.disk.diagnostics.push(Diagnostic::new(Code::UnreadableFile, at(0, 0), error.clone()));
        }
        if let Some(start) = text.invalid {
            self.disk.diagnostics.push(invalid_utf8(path, at(start, 3)));
        }
        source
    }

    /// Adds the quizzes that a page names to its text. Files are relative to the page, as the filter reads them.
    fn quizzes(&mut self, value: Option<&Value>, folder: &str, source: &mut Source, quizzes: &mut QuizText) {
        for item in value.map_or(&[][..], Value::items) {
            let Some(name) = item.to_text() else { continue };
            let path = clean_path(&format!("{folder}/{name}"));
            match self.disk.text(&path) {
                Ok(file) => self.disk.diagnostics.extend(quizzes.add(source, &path, &file.text)),
                Err(error) => {
                    let message = format!("quiz file `{name}`: {error}");
                    self.disk.diagnostics.push(Diagnostic::new(Code::InvalidQuiz, item.place, message));
                }
            }
        }
    }

    /// The metadata of a page's folders. Source: Quarto, "Directory Metadata".
    fn folder_meta(&mut self, folder: &str) -> Value {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let outer = match folder.rsplit_once('/') {
            Some((outer, _)) => self.folder_meta(outer),
            None if folder.is_empty() => Value::empty(Place { source: SourceId(0), span: Span::new(0, 0) }),
            None => self.folder_meta(""),
        };
        let mut meta = outer;
        for name in ["_metadata.yml", "_metadata.yaml"] {
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            if let Some(own) = yaml_file(&mut self.disk, &path, folder) {
                self.disk.diagnostics.extend(mlsys_parse::check_metadata_keys(&own));
                meta = meta.merge(&lift_format(&own, self.format));
                break;
            }
        }
        self.folders.insert(folder.to_owned(), meta.clone());
        meta
    }

    /// The sources of the files that a value names, each once.
    fn named(&mut self, value: Option<&Value>) -> Vec<SourceId> {
        let mut sources = Vec::new();
        for item in value.map_or(&[][..], Value::items) {
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
        let base = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
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
    fn included(&mut self, meta: &Value) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for key in ["include-in-header", "include-before-body", "include-after-body"] {
            for item in meta.get(key).map_or(&[][..], Value::items) {
                let file = item.get("file").unwrap_or(item);
                let Some(name) = file.as_str() else { continue };
                let path = self.resolve(name, file.place);
                if let Some(id) = self.once(&path, name, file.place) {
                    texts.insert(name.to_owned(), self.disk.get(id).text.clone());
                }
            }
        }
        texts
    }

    /// The texts of the Sass files that the theme names; names without an ending are built-in themes.
    fn themes(&mut self, meta: &Value) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        let Some(theme) = meta.get("theme") else { return texts };
        let lists: Vec<&Value> = match theme.entries() {
            [] => vec![theme],
            entries => entries.iter().map(|e| &e.value).collect(),
        };
        for item in lists.iter().flat_map(|list| list.items()) {
            let Some(name) = item.as_str().filter(|name| name.contains('.')) else { continue };
            let path = self.resolve(name, item.place);
            if let Some(id) = self.once(&path, name, item.place) {
                texts.insert(name.to_owned(), self.disk.get(id).text.clone());
            }
        }
        texts
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
            styles.insert(path.clone(), self.disk.get(id).text.clone());
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
