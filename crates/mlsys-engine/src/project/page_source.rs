//! The source of a page: the text of its file, the files that it includes, and its quizzes and glossaries.

use crate::project::extension_formats::ExtensionFormats;
use crate::project::includes::expand_includes;
use crate::project::overlay::FileText;
use crate::project::page_reads::PageReads;
use crate::project::page_results::{PageResults, PageText};
use crate::project::sources::invalid_utf8;
use crate::project::vfs::folder_of;
use mlsys_book::{Code, Diagnostic, Source, Span, Value, clean_path};
use mlsys_cells::NotebookError;
use mlsys_parse::{GlossaryText, QuizText, check_metadata_keys, front_matter, lift_format};
use std::sync::Arc;

/// The file of a page, read before the page's place in the book is known.
pub(crate) struct PageFile {
    /// The text; empty if the file cannot be read.
    pub text: Arc<FileText>,
    /// Why it cannot be read.
    pub error: Option<String>,
    /// What it is, converted to Markdown.
    pub converted: Arc<PageText>,
    /// The front matter, with the keys of the format lifted.
    pub meta: Value,
}

/// A page's source.
#[derive(Debug)]
pub(crate) struct PageSource {
    /// The files it consists of, apart from the page's own.
    files: Vec<(String, Arc<FileText>)>,
    /// The quizzes and glossaries named in its metadata, if the project has the filters for them.
    named: [Option<Value>; 2],
    /// The source.
    pub source: Arc<Source>,
    /// The front matter, with the keys of the format lifted and places in the source.
    pub front: Value,
    /// The quizzes.
    pub quizzes: QuizText,
    /// The glossaries.
    pub glossary: GlossaryText,
    /// Results of its cells in files.
    pub results: PageResults,
    /// Problems with the page and its files.
    diagnostics: Vec<Diagnostic>,
    /// True if all files could be read, so that the source may be reused while they are unchanged.
    pub is_complete: bool,
}

/// A page to read.
pub(crate) struct PageRequest<'p> {
    /// The path of the page.
    pub path: &'p str,
    /// Its file.
    pub file: &'p PageFile,
    /// The output format.
    pub format: &'p str,
    /// The formats of extensions.
    pub formats: &'p ExtensionFormats,
    /// The source from the previous read, if the page's own file is unchanged.
    pub cached: Option<Arc<PageSource>>,
}

impl PageSource {
    /// Reads a page's source, or reuses the cached one if its files and its id are the same.
    ///
    /// `named` gets the front matter and returns the page's quizzes and glossaries.
    pub fn read(
        reads: &mut PageReads<'_>,
        page: &PageRequest<'_>,
        named: impl Fn(&Value) -> [Option<Value>; 2],
    ) -> Arc<PageSource> {
        let same = |cached: &&Arc<PageSource>| cached.source.id == reads.id && named(&cached.front) == cached.named;
        if let Some(cached) = page.cached.as_ref().filter(same) {
            let mut files = cached.files.iter();
            let folder = folder_of(page.path);
            if cached.results.has_same_files(reads, page.path, folder, &cached.source)
                && files.all(|(path, then)| reads.text(path).is_ok_and(|now| Arc::ptr_eq(&now, then)))
            {
                reads.diagnostics.clone_from(&cached.diagnostics);
                return cached.clone();
            }
            reads.reads.clear();
        }
        let mut source = source(reads, page);
        let results = PageResults::read(reads, page.path, folder_of(page.path), &page.file.converted, &source);
        // Parsed again: places in the metadata must point to the final source.
        let front = front_matter(&source).value.meta;
        reads.diagnostics.extend(check_metadata_keys(&page.formats.named(&front)));
        let front = lift_format(&front, page.format);
        let named = named(&front);
        let folder = folder_of(page.path);
        let (mut quizzes, mut glossary) = (QuizText::new(&source), GlossaryText::default());
        let [quiz, terms] = &named;
        let quiz = NamedFiles { value: quiz.as_ref(), what: "quiz file", code: Code::InvalidQuiz, folder };
        quiz.read(reads, |path, text| quizzes.add(&mut source, path, text));
        let terms = NamedFiles { value: terms.as_ref(), what: "glossary", code: Code::InvalidDataFile, folder };
        terms.read(reads, |path, text| glossary.add(&mut source, path, text));
        let files: Option<Vec<_>> =
            reads.reads.iter().map(|read| Some((read.path.clone(), read.text.clone()?))).collect();
        let is_complete = files.is_some() && page.file.error.is_none();
        let (files, diagnostics) = (files.unwrap_or_default(), reads.diagnostics.clone());
        let source = Arc::new(source);
        Arc::new(PageSource { files, named, source, front, quizzes, glossary, results, diagnostics, is_complete })
    }
}

/// A page's source with its includes. Reports problems with the page's file.
fn source(reads: &mut PageReads<'_>, page: &PageRequest<'_>) -> Source {
    let file = &page.file.text;
    let own = page.file.converted.source(reads.id, page.path, &file.text);
    let source = expand_includes(reads, own);
    let end = source.text.len();
    let at = |start: usize, length: usize| source.place(Span::new(start.min(end), (start + length).min(end)));
    if let Some(error) = &page.file.error {
        reads.diagnostics.push(Diagnostic::new(Code::UnreadableFile, at(0, 0), error.clone()));
    }
    if let PageText::Invalid(error) = &*page.file.converted {
        // The text is empty: the place is the offset in the file.
        reads.diagnostics.push(invalid_notebook(&source, error));
    }
    if let Some(start) = file.invalid {
        reads.diagnostics.push(invalid_utf8(page.path, at(start, 3)));
    }
    source
}

/// Files that a page's metadata names, relative to the page, as Quarto's filters read them.
struct NamedFiles<'v> {
    value: Option<&'v Value>,
    /// The kind of file, for messages.
    what: &'v str,
    /// The code of a diagnostic about an unreadable file.
    code: Code,
    /// The folder of the page.
    folder: &'v str,
}

impl NamedFiles<'_> {
    /// Reads the files and passes each to `add`. Reports unreadable files at their names.
    fn read(&self, reads: &mut PageReads<'_>, mut add: impl FnMut(&str, Arc<String>) -> Vec<Diagnostic>) {
        for item in self.value.map_or(&[][..], Value::items) {
            let Some(name) = item.to_text() else { continue };
            let path = clean_path(&format!("{}/{name}", self.folder));
            match reads.text(&path) {
                Ok(file) => reads.diagnostics.extend(add(&path, file.text.clone())),
                Err(error) => {
                    let is_missing = error.kind() == std::io::ErrorKind::NotFound;
                    let message = match is_missing {
                        true => format!("{} `{name}` does not exist", self.what),
                        false => format!("{} `{name}`: {error}", self.what),
                    };
                    let mut diagnostic = Diagnostic::new(self.code, item.place, message);
                    diagnostic.hints.extend(is_missing.then(|| reads.similar(&path)).flatten());
                    reads.diagnostics.push(diagnostic);
                }
            }
        }
    }
}

/// The diagnostic for a notebook that cannot be read.
fn invalid_notebook(source: &Source, error: &NotebookError) -> Diagnostic {
    let place = source.place(Span::new(error.offset, error.offset));
    Diagnostic::new(Code::InvalidNotebook, place, error.message.clone()).hint("save it again in Jupyter")
}
