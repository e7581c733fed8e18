//! Files that no build reads: data for other tools, and images that no page shows.

use super::named_files::NamedFiles;
use super::quizzes::UnusedQuiz;
use crate::project::Book;
use crate::project::config::CONFIG_FILES;
use mlsys_book::{Code, Diagnostic, Place, Severity, Source, SourceId, Span, Value};
use mlsys_parse::parse_yaml;
use std::collections::{BTreeMap, BTreeSet};

/// The file extensions of images, with their types.
pub(super) const IMAGES: [(&str, ImageType); 8] = [
    ("png", ImageType::Png),
    ("jpg", ImageType::Jpeg),
    ("jpeg", ImageType::Jpeg),
    ("gif", ImageType::Gif),
    ("webp", ImageType::WebP),
    ("svg", ImageType::Svg),
    ("avif", ImageType::Avif),
    ("bmp", ImageType::Bmp),
];

/// The size limit for reading a file, in bytes: larger ones are data sets.
const MAX_FILE: u64 = 16 << 20;

/// The content of the files that no build reads.
#[derive(Debug, Default)]
pub struct OrphanFiles {
    /// The keys of `summaries.yml`, if there is one.
    pub part_summaries: Option<Vec<String>>,
    /// Quiz files that no page uses.
    pub quizzes: Vec<UnusedQuiz>,
    /// Pointers of Git LFS in place of images.
    lfs_pointers: Vec<String>,
    /// Problems with the files.
    pub diagnostics: Vec<Diagnostic>,
}

/// No reader sees what is wrong in a file that no page reads.
fn unread(finding: Diagnostic) -> Diagnostic {
    Diagnostic { severity: Severity::Warning, ..finding }
}

/// True for JSON with comments, which many tools read.
fn has_comments(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with("//") || line.trim_start().starts_with("/*"))
}

impl OrphanFiles {
    /// Reads the files. Those with problems become sources of the book.
    pub fn read(book: &mut Book) -> Self {
        let mut orphans = OrphanFiles::default();
        // Without a project the folder may be anything, even a home folder.
        if !CONFIG_FILES.iter().any(|file| book.vfs.exists(file)) {
            return orphans;
        }
        // Hidden files belong to tools with rules of their own.
        let is_hidden = |file: &String| file.split('/').any(|part| part.starts_with('.'));
        for file in book.files.clone().into_iter().filter(|file| !is_hidden(file)) {
            let extension = extension(&file);
            if let Some((_, expected)) = IMAGES.iter().find(|(known, _)| *known == extension) {
                orphans.image(book, &file, *expected);
            } else if matches!(extension.as_str(), "json" | "yml" | "yaml")
                && !book.read.contains(&book.root.join(&file))
            {
                orphans.data(book, &file, extension == "json");
            }
        }
        orphans.report_pointers(book);
        orphans.report_unused(book);
        orphans
    }

    /// Reports an image whose first bytes do not match its file extension.
    fn image(&mut self, book: &mut Book, file: &str, expected: ImageType) {
        let Ok(start) = book.vfs.beginning(file, 512) else { return };
        let actual = ImageType::of(&start);
        if actual == Some(expected) {
            return;
        }
        if start.starts_with(b"version https://git-lfs.github.com/spec/") {
            self.lfs_pointers.push(file.to_owned());
            return;
        }
        let expected = expected.name();
        let message = match actual {
            Some(actual) => format!("`{file}` is {}, not {expected} as its name says", actual.name()),
            None if start.is_empty() => format!("`{file}` is empty"),
            None => format!("`{file}` is not {expected} as its name says"),
        };
        let place = add_file(book, file, "");
        self.diagnostics.push(
            Diagnostic::new(Code::ImageTypeMismatch, place, message)
                .hint("browsers and other formats may reject it; export it again or rename it"),
        );
    }

    /// Reports images that Git LFS has not fetched: one command fetches all of them.
    fn report_pointers(&mut self, book: &mut Book) {
        let Some(first) = self.lfs_pointers.first().cloned() else { return };
        let message = match self.lfs_pointers.len() {
            1 => format!("`{first}` is a pointer of Git LFS, not an image"),
            2 => format!("`{first}` and another image are pointers of Git LFS"),
            n => format!("`{first}` and {} other images are pointers of Git LFS", n - 1),
        };
        let place = add_file(book, &first, "");
        let diagnostic = Diagnostic::new(Code::ImageTypeMismatch, place, message);
        self.diagnostics.push(diagnostic.hint("fetch the images with `git lfs pull`"));
    }

    /// Reports syntax errors in a JSON or YAML file of another tool.
    fn data(&mut self, book: &mut Book, file: &str, is_json: bool) {
        let Some(bytes) = small_file(book, file) else { return };
        if is_json {
            let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(&bytes) else {
                self.quizzes.extend(UnusedQuiz::read(book, file, &bytes));
                return;
            };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if has_comments(&text) {
                return;
            }
            let at = offset(&text, error.line(), error.column());
            let place = add_file(book, file, &text);
            let place = Place { span: Span::new(at, text.len().min(at + 1)), ..place };
            let place = if text.is_char_boundary(place.span.end as usize) {
                place
            } else {
                Place { span: Span::new(at, at), ..place }
            };
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or("");
            let message = format!("invalid JSON: {message}");
            self.diagnostics.push(unread(Diagnostic::new(Code::InvalidDataFile, place, message)));
            return;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let id = SourceId(book.sources.len() as u32);
        let source = Source::new(id, file, text);
        let checked = parse_yaml(&source, Span::new(0, source.text.len()));
        if file.rsplit('/').next() == Some("summaries.yml") {
            self.part_summaries = Some(keys(&checked.value));
        }
        let errors: Vec<Diagnostic> =
            checked.diagnostics.into_iter().filter(|d| d.code == Code::InvalidConfig).collect();
        if !errors.is_empty() {
            book.push_source(source);
        }
        let finding = |finding: Diagnostic| unread(Diagnostic { code: Code::InvalidDataFile, ..finding });
        self.diagnostics.extend(errors.into_iter().map(finding));
    }

    /// Reports images, and data in the folders of pages, that no text of the project names; one diagnostic per folder.
    fn report_unused(&mut self, book: &mut Book) {
        let named = NamedFiles::of(book);
        let pages: BTreeSet<String> = book.project.pages.iter().filter_map(|page| folder(&page.input)).collect();
        let resources = crate::site::resources::site_files(book);
        let mut unused: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in &book.files {
            let extension = extension(file);
            let above = folder(file).unwrap_or_default();
            let near_page = pages.contains(&above);
            let counts = IMAGES.iter().any(|(known, _)| *known == extension)
                || near_page && matches!(extension.as_str(), "json" | "bib");
            let hidden = file.split('/').any(|part| part.starts_with(['.', '_']));
            if counts
                && !hidden
                && !named.has(file)
                && !self.quizzes.iter().any(|quiz| quiz.file == *file)
                && !resources.contains(file)
                && !book.read.contains(&book.root.join(file))
            {
                unused.entry(above).or_default().push(file.clone());
            }
        }
        let texts = folder_texts(book);
        for (folder, files) in unused {
            // If a configuration or program names the folder, it may compute the names of the files in it.
            if !folder.is_empty() && texts.iter().any(|text| names_folder(text, &folder)) {
                continue;
            }
            let bytes: u64 = files.iter().filter_map(|file| book.vfs.size(file)).sum();
            let names: Vec<&str> = files.iter().map(|file| file.rsplit('/').next().unwrap_or(file)).collect();
            let shown = names.iter().take(8).copied().collect::<Vec<_>>().join("`, `");
            let more = if names.len() > 8 { format!(" and {} more", names.len() - 8) } else { String::new() };
            let size = if bytes < 1_000_000 {
                format!("{} kB", bytes.div_ceil(1000))
            } else {
                format!("{:.1} MB", bytes as f64 / 1e6)
            };
            let plural = if names.len() == 1 { "" } else { "s" };
            let folder = if folder.is_empty() { "the project's folder" } else { &folder };
            let message = format!("unused file{plural} `{shown}`{more} in {folder} ({size})");
            let place = add_file(book, &files[0], "");
            self.diagnostics
                .push(Diagnostic::new(Code::UnusedFile, place, message).hint("delete what is no longer needed"));
        }
    }
}

/// The image types of browsers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImageType {
    Png,
    Jpeg,
    Gif,
    WebP,
    Svg,
    Avif,
    Bmp,
    /// A web page: the result of a failed download.
    Html,
}

impl ImageType {
    /// The type of a file by its first bytes. Source: the formats' specifications; WHATWG, "MIME Sniffing".
    fn of(start: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(start).trim_start_matches('\u{feff}').trim_start().to_lowercase();
        match start {
            _ if start.starts_with(b"\x89PNG\r\n\x1a\n") => Some(ImageType::Png),
            _ if start.starts_with(b"\xff\xd8\xff") => Some(ImageType::Jpeg),
            _ if start.starts_with(b"GIF8") => Some(ImageType::Gif),
            _ if start.starts_with(b"RIFF") && start.get(8..12) == Some(b"WEBP") => Some(ImageType::WebP),
            _ if start.get(4..12).is_some_and(|brand| brand == b"ftypavif" || brand == b"ftypavis") => {
                Some(ImageType::Avif)
            }
            _ if start.starts_with(b"BM") => Some(ImageType::Bmp),
            _ if text.starts_with("<!doctype html") || text.starts_with("<html") => Some(ImageType::Html),
            _ if text.starts_with("<svg")
                || text.starts_with("<?xml")
                || text.starts_with("<!--")
                || text.starts_with("<!doctype svg") =>
            {
                Some(ImageType::Svg)
            }
            _ => None,
        }
    }

    /// The type with its article, for messages.
    fn name(self) -> &'static str {
        match self {
            ImageType::Png => "a PNG image",
            ImageType::Jpeg => "a JPEG image",
            ImageType::Gif => "a GIF image",
            ImageType::WebP => "a WebP image",
            ImageType::Svg => "an SVG image",
            ImageType::Avif => "an AVIF image",
            ImageType::Bmp => "a BMP image",
            ImageType::Html => "a web page",
        }
    }
}

/// The content of a file; `None` if it cannot be read or is too large.
pub(super) fn small_file(book: &Book, file: &str) -> Option<Vec<u8>> {
    book.vfs.small_file(file, MAX_FILE)
}

/// Adds a file as a source. Returns the place of its beginning.
pub(super) fn add_file(book: &mut Book, file: &str, text: &str) -> Place {
    Place { source: book.add_source(file, text), span: Span::new(0, 0) }
}

/// The texts that may name folders: configuration, styles and programs.
fn folder_texts(book: &Book) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for file in book
        .files
        .iter()
        .filter(|file| matches!(extension(file).as_str(), "yml" | "yaml" | "lua" | "js" | "py" | "scss"))
    {
        let bytes = small_file(book, file).unwrap_or_default();
        texts.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    texts
}

/// True if a text names the folder itself, not a file in it.
fn names_folder(text: &str, folder: &str) -> bool {
    text.match_indices(folder).any(|(at, _)| {
        let rest = &text[at + folder.len()..];
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
    })
}

/// Every key and every value of `key:` in a YAML value.
fn keys(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for entry in value.entries() {
        found.push(entry.key.clone());
        found.extend(entry.value.to_text().filter(|_| entry.key == "key"));
        found.extend(keys(&entry.value));
    }
    if value.entries().is_empty() {
        value.items().iter().filter(|item| !item.entries().is_empty()).for_each(|item| found.extend(keys(item)));
    }
    found
}

/// The extension of a file in lower case.
pub(super) fn extension(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_lowercase())
}

/// The folder of a file; `None` for the project's folder.
pub(super) fn folder(file: &str) -> Option<String> {
    file.rsplit_once('/').map(|(folder, _)| folder.to_owned())
}

/// The offset of a line and column, both from 1; columns count bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
