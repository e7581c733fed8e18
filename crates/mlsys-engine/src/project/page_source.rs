//! A page's own source: the text of its file with those that it includes, and its quizzes and glossaries. Pages are composed side by
//! side: what one reads and finds is noted when all are there.

use crate::project::includes::compose;
use crate::project::pages::PageText;
use crate::project::vfs::{Disk, FileText, FoldersOut, Read, folder_of, invalid_utf8};
use mlsys_book::{Code, Diagnostic, Source, SourceId, Span, Value};
use mlsys_parse::{GlossaryText, QuizText, check_metadata_keys, clean_path, front_matter, lift_format};
use std::sync::Arc;

/// A page's source and what was read on the way to it.
#[derive(Debug)]
pub(crate) struct Composed {
    /// The files that it is made of, the page's own apart.
    files: Vec<(String, Arc<FileText>)>,
    /// The quizzes and glossaries that its metadata names, where the project has the filters for them.
    named: [Option<Value>; 2],
    /// The source.
    pub source: Arc<Source>,
    /// Its front matter, lifted, with places in the source.
    pub front: Value,
    /// Its quizzes.
    pub quizzes: QuizText,
    /// Its glossaries.
    pub glossary: GlossaryText,
    /// What was found.
    diagnostics: Vec<Diagnostic>,
    /// Whether all of its files could be read, so that it may stand for the page as long as they are the same.
    pub is_whole: bool,
}

/// A page to compose.
pub(crate) struct Sheet<'p> {
    /// The path of its file.
    pub path: &'p str,
    /// The text of its file.
    pub text: &'p PageText,
    /// The output format.
    pub format: &'p str,
    /// What it came to before, when its file was the same.
    pub known: Option<Arc<Composed>>,
}

/// What is read and found for one page.
pub(crate) struct Aside<'d> {
    disk: &'d Disk,
    folders_out: FoldersOut,
    /// The number of the page's source.
    pub id: SourceId,
    /// The files.
    pub reads: Vec<Read>,
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'d> Aside<'d> {
    /// Nothing yet, of the page with this number.
    pub fn new(disk: &'d Disk, id: SourceId) -> Self {
        Aside { disk, folders_out: FoldersOut::default(), id, reads: Vec::new(), diagnostics: Vec::new() }
    }

    /// Reads a file of the project.
    ///
    /// # Errors
    /// When it cannot be read, or lies outside the project.
    pub fn text(&mut self, path: &str) -> std::io::Result<Arc<FileText>> {
        let (read, text) = self.disk.look(path, &mut self.folders_out);
        self.reads.push(read);
        text
    }

    /// A page's source, from memory when it was made of the same files and has the same number. `named` says which quizzes and
    /// glossaries the page has, by its front matter.
    pub fn composed(&mut self, sheet: &Sheet<'_>, named: impl Fn(&Value) -> [Option<Value>; 2]) -> Arc<Composed> {
        let same = |known: &&Arc<Composed>| known.source.id == self.id && named(&known.front) == known.named;
        if let Some(known) = sheet.known.as_ref().filter(same) {
            let mut files = known.files.iter();
            if files.all(|(path, then)| self.text(path).is_ok_and(|now| Arc::ptr_eq(&now, then))) {
                self.diagnostics.clone_from(&known.diagnostics);
                return known.clone();
            }
            self.reads.clear();
        }
        let mut source = self.source(sheet);
        // The metadata is read again, so that places in it name the page's final source.
        let front = front_matter(&source).value.meta;
        self.diagnostics.extend(check_metadata_keys(&front));
        let front = lift_format(&front, sheet.format);
        let named = named(&front);
        let folder = folder_of(sheet.path);
        let (mut quizzes, mut glossary) = (QuizText::new(&source), GlossaryText::default());
        let [quiz, terms] = &named;
        let quiz = (quiz.as_ref(), "quiz file", Code::InvalidQuiz);
        self.add_named(quiz, folder, |path, text| quizzes.add(&mut source, path, text));
        let terms = (terms.as_ref(), "glossary", Code::InvalidDataFile);
        self.add_named(terms, folder, |path, text| glossary.add(&mut source, path, text));
        let files: Option<Vec<_>> =
            self.reads.iter().map(|read| Some((read.path.clone(), read.text.clone()?))).collect();
        let is_whole = files.is_some() && sheet.text.error.is_none();
        let (files, diagnostics) = (files.unwrap_or_default(), self.diagnostics.clone());
        Arc::new(Composed { files, named, source: Arc::new(source), front, quizzes, glossary, diagnostics, is_whole })
    }

    /// A page's source with its includes; what is wrong with the file is reported.
    fn source(&mut self, sheet: &Sheet<'_>) -> Source {
        let file = &sheet.text.file;
        let source = compose(self, sheet.path, file.text.clone());
        let end = source.text.len();
        let at = |start: usize, length: usize| source.place(Span::new(start.min(end), (start + length).min(end)));
        if let Some(error) = &sheet.text.error {
            self.diagnostics.push(Diagnostic::new(Code::UnreadableFile, at(0, 0), error.clone()));
        }
        if let Some(start) = file.invalid {
            self.diagnostics.push(invalid_utf8(sheet.path, at(start, 3)));
        }
        source
    }

    /// Reads the files that a page's metadata names, and adds each to its source. They are relative to the page, as the filters
    /// read them; one that cannot be read is reported where it is named.
    fn add_named(
        &mut self,
        (value, what, code): (Option<&Value>, &str, Code),
        folder: &str,
        mut add: impl FnMut(&str, Arc<String>) -> Vec<Diagnostic>,
    ) {
        for item in value.map_or(&[][..], Value::items) {
            let Some(name) = item.to_text() else { continue };
            let path = clean_path(&format!("{folder}/{name}"));
            match self.text(&path) {
                Ok(file) => self.diagnostics.extend(add(&path, file.text.clone())),
                Err(error) => {
                    self.diagnostics.push(Diagnostic::new(code, item.place, format!("{what} `{name}`: {error}")));
                }
            }
        }
    }
}
