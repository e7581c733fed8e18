//! The project's files that no build reads: data for other tools, and pictures that nothing shows.

use super::named_files::NamedFiles;
use super::quizzes::UnnamedQuiz;
use crate::project::Book;
use crate::project::config::CONFIG_FILES;
use mlsys_book::{Code, Diagnostic, Place, Source, SourceId, Span, Value};
use mlsys_parse::parse_yaml;
use std::collections::{BTreeMap, BTreeSet};

/// The endings of pictures, each with the type that it stands for.
pub(super) const PICTURES: [(&str, PictureType); 8] = [
    ("png", PictureType::Png),
    ("jpg", PictureType::Jpeg),
    ("jpeg", PictureType::Jpeg),
    ("gif", PictureType::Gif),
    ("webp", PictureType::WebP),
    ("svg", PictureType::Svg),
    ("avif", PictureType::Avif),
    ("bmp", PictureType::Bmp),
];

/// The largest file that is read, in bytes: beyond it are data sets.
const LARGEST: u64 = 16 << 20;

/// What the files beside the pages hold.
#[derive(Debug, Default)]
pub struct BesideFiles {
    /// The keys of `summaries.yml`, where there is one.
    pub parts: Option<Vec<String>>,
    /// The quiz files that no page names.
    pub quizzes: Vec<UnnamedQuiz>,
    /// What was found in them.
    pub diagnostics: Vec<Diagnostic>,
}

impl BesideFiles {
    /// Reads them. Files with findings become sources of the book.
    pub fn read(book: &mut Book) -> Self {
        let mut beside = BesideFiles::default();
        // Without a project the folder is not the book's: it may be somebody's home.
        if !CONFIG_FILES.iter().any(|file| book.vfs.exists(file)) {
            return beside;
        }
        for file in book.files.clone() {
            let ending = ending(&file);
            if let Some((_, expected)) = PICTURES.iter().find(|(known, _)| *known == ending) {
                beside.picture(book, &file, *expected);
            } else if matches!(ending.as_str(), "json" | "yml" | "yaml") && !book.read.contains(&book.root.join(&file))
            {
                beside.data(book, &file, ending == "json");
            }
        }
        beside.unused(book);
        beside
    }

    /// A picture whose first bytes say something else than its name.
    fn picture(&mut self, book: &mut Book, file: &str, expected: PictureType) {
        let Ok(start) = book.vfs.beginning(file, 512) else { return };
        let actual = PictureType::of(&start);
        if actual == Some(expected) {
            return;
        }
        let expected = expected.name();
        let message = match actual {
            Some(actual) => format!("`{file}` is {}, not {expected} as its name says", actual.name()),
            None if start.is_empty() => format!("`{file}` is empty"),
            None => format!("`{file}` is not {expected} as its name says"),
        };
        let place = own_source(book, file, "");
        self.diagnostics.push(
            Diagnostic::new(Code::ImageTypeMismatch, place, message)
                .hint("browsers and other outputs may refuse it; save it again or rename it"),
        );
    }

    /// A JSON or YAML file of another tool.
    fn data(&mut self, book: &mut Book, file: &str, is_json: bool) {
        let Some(bytes) = small_file(book, file) else { return };
        if is_json {
            let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(&bytes) else {
                self.quizzes.extend(UnnamedQuiz::read(book, file, &bytes));
                return;
            };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let at = offset(&text, error.line(), error.column());
            let place = own_source(book, file, &text);
            let place = Place { span: Span::new(at, text.len().min(at + 1)), ..place };
            let place = if text.is_char_boundary(place.span.end as usize) {
                place
            } else {
                Place { span: Span::new(at, at), ..place }
            };
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or("");
            self.diagnostics.push(Diagnostic::new(
                Code::InvalidDataFile,
                place,
                format!("this is not JSON: {message}"),
            ));
            return;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let id = SourceId(book.sources.len() as u32);
        let source = Source::new(id, file, text);
        let checked = parse_yaml(&source, Span::new(0, source.text.len()));
        if file.rsplit('/').next() == Some("summaries.yml") {
            self.parts = Some(keys(&checked.value));
        }
        let wrong: Vec<Diagnostic> =
            checked.diagnostics.into_iter().filter(|d| d.code == Code::InvalidConfig).collect();
        if !wrong.is_empty() {
            book.push_source(source);
        }
        self.diagnostics.extend(wrong.into_iter().map(|finding| Diagnostic {
            code: Code::InvalidDataFile,
            severity: Code::InvalidDataFile.severity(),
            ..finding
        }));
    }

    /// Pictures, and data beside pages, that no text of the project names. One finding a folder.
    fn unused(&mut self, book: &mut Book) {
        let named = NamedFiles::of(book);
        let pages: BTreeSet<String> = book.project.pages.iter().filter_map(|page| folder(&page.input)).collect();
        let resources = crate::site::media::site_files(book);
        let mut unused: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for file in &book.files {
            let ending = ending(file);
            let above = folder(file).unwrap_or_default();
            let beside_page = pages.contains(&above);
            let counts = PICTURES.iter().any(|(known, _)| *known == ending)
                || beside_page && matches!(ending.as_str(), "json" | "bib");
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
            // A folder that a configuration or program names may be used by names that are put together.
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
            let (verb, folder) = (
                if names.len() == 1 { "is" } else { "are" },
                if folder.is_empty() { "the project's folder" } else { &folder },
            );
            let message = format!("nothing names `{shown}`{more}, which {verb} in {folder} ({size})");
            let place = own_source(book, &files[0], "");
            self.diagnostics
                .push(Diagnostic::new(Code::UnusedFile, place, message).hint("delete what is no longer needed"));
        }
    }
}

/// The types of pictures that browsers show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PictureType {
    Png,
    Jpeg,
    Gif,
    WebP,
    Svg,
    Avif,
    Bmp,
    /// A web page, which is what a failed download leaves.
    Html,
}

impl PictureType {
    /// The type that a file's first bytes tell. Source: the formats' specifications; WHATWG, "MIME Sniffing".
    fn of(start: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(start).trim_start_matches('\u{feff}').trim_start().to_lowercase();
        match start {
            _ if start.starts_with(b"\x89PNG\r\n\x1a\n") => Some(PictureType::Png),
            _ if start.starts_with(b"\xff\xd8\xff") => Some(PictureType::Jpeg),
            _ if start.starts_with(b"GIF8") => Some(PictureType::Gif),
            _ if start.starts_with(b"RIFF") && start.get(8..12) == Some(b"WEBP") => Some(PictureType::WebP),
            _ if start.get(4..12).is_some_and(|brand| brand == b"ftypavif" || brand == b"ftypavis") => {
                Some(PictureType::Avif)
            }
            _ if start.starts_with(b"BM") => Some(PictureType::Bmp),
            _ if text.starts_with("<!doctype html") || text.starts_with("<html") => Some(PictureType::Html),
            _ if text.starts_with("<svg")
                || text.starts_with("<?xml")
                || text.starts_with("<!--")
                || text.starts_with("<!doctype svg") =>
            {
                Some(PictureType::Svg)
            }
            _ => None,
        }
    }

    /// The type as a sentence names it.
    fn name(self) -> &'static str {
        match self {
            PictureType::Png => "a PNG picture",
            PictureType::Jpeg => "a JPEG picture",
            PictureType::Gif => "a GIF picture",
            PictureType::WebP => "a WebP picture",
            PictureType::Svg => "an SVG picture",
            PictureType::Avif => "an AVIF picture",
            PictureType::Bmp => "a BMP picture",
            PictureType::Html => "a web page",
        }
    }
}

/// The bytes of a file; nothing for one that cannot be read, or that is too large to be written by an author.
pub(super) fn small_file(book: &Book, file: &str) -> Option<Vec<u8>> {
    book.vfs.small_file(file, LARGEST)
}

/// Adds a file as a source, and gives its beginning.
pub(super) fn own_source(book: &mut Book, file: &str, text: &str) -> Place {
    Place { source: book.add_source(file, text), span: Span::new(0, 0) }
}

/// The texts that may name a folder: configuration, styles and programs.
fn folder_texts(book: &Book) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for file in
        book.files.iter().filter(|file| matches!(ending(file).as_str(), "yml" | "yaml" | "lua" | "js" | "py" | "scss"))
    {
        let bytes = small_file(book, file).unwrap_or_default();
        texts.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    texts
}

/// Whether a text names the folder itself, not a file in it.
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

pub(super) fn ending(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_lowercase())
}

pub(super) fn folder(file: &str) -> Option<String> {
    file.rsplit_once('/').map(|(folder, _)| folder.to_owned())
}

/// The byte at a line and column, both from 1, columns in bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
