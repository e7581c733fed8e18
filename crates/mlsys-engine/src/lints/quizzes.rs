//! Quiz files that no page names, so that readers never see their questions.

use super::beside::{BesideFiles, folder, own_source};
use crate::build::linked::Linked;
use crate::project::Book;
use mlsys_book::{Block, Code, Diagnostic, Place, Source, SourceId};
use mlsys_parse::{QuizText, filter_stem, quizzes_without_section};

/// A quiz file that no page names.
#[derive(Debug)]
pub struct UnnamedQuiz {
    /// The file's path in the project.
    pub file: String,
    /// The beginning of the file.
    place: Place,
    /// The source that its questions have become.
    source: SourceId,
    text: QuizText,
}

impl UnnamedQuiz {
    /// Reads a JSON file as a quiz; nothing for other files, and for books without quizzes. A quiz becomes sources of the book.
    pub fn read(book: &mut Book, file: &str, bytes: &[u8]) -> Option<Self> {
        if !book.project.filters.iter().any(|(filter, _)| filter_stem(filter) == "inject_quizzes") {
            return None;
        }
        let mut source = Source::new(SourceId(book.sources.len() as u32), file, "");
        let mut text = QuizText::new(&source);
        let found = text.add(&mut source, file, std::str::from_utf8(bytes).ok()?.to_owned());
        if text.sections.is_empty() || !found.is_empty() {
            return None;
        }
        let id = source.id;
        book.push_source(source);
        Some(UnnamedQuiz { file: file.to_owned(), place: own_source(book, file, ""), source: id, text })
    }
}

/// Reports the files, and their quizzes for sections that no page of their folder has.
pub fn check(book: &Book, linked: &Linked, beside: &BesideFiles, found: &mut Vec<Diagnostic>) {
    for quiz in &beside.quizzes {
        let questions: usize = quiz.text.sections.iter().map(|section| section.solutions.len()).sum();
        let what = if questions == 1 { "question is".to_owned() } else { format!("{questions} questions are") };
        let message = format!("no page names the quiz file `{}`, so its {what} not shown", quiz.file);
        let finding = Diagnostic::new(Code::UnusedFile, quiz.place, message);
        found.push(finding.hint("name it with `quiz:` in the page's front matter, or delete it"));
        let pages = book.project.pages.iter().zip(&linked.chapters);
        let beside: Vec<&[Block]> = pages
            .filter(|(page, _)| folder(&page.input) == folder(&quiz.file))
            .map(|(_, chapter)| chapter.blocks.as_slice())
            .collect();
        if !beside.is_empty() {
            let source = &book.sources[quiz.source.0 as usize];
            found.extend(quizzes_without_section(&quiz.text, source, beside));
        }
    }
}
