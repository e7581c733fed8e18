//! Quiz files that no page uses, so that readers never see their questions.

use super::orphan_files::{OrphanFiles, add_file, folder};
use crate::build::linked::Linked;
use crate::project::Book;
use mlsys_book::{Block, Code, Diagnostic, Place, Source, SourceId};
use mlsys_parse::{QuizText, filter_stem, quizzes_without_section};

/// A quiz file that no page uses.
#[derive(Debug)]
pub struct UnusedQuiz {
    /// The file's path in the project.
    pub file: String,
    /// The beginning of the file.
    place: Place,
    /// The source of its questions.
    source: SourceId,
    text: QuizText,
}

impl UnusedQuiz {
    /// Reads a JSON file as a quiz; `None` for other files, and in books without quizzes. A quiz becomes sources of the book.
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
        Some(UnusedQuiz { file: file.to_owned(), place: add_file(book, file, ""), source: id, text })
    }
}

/// Reports the files, and quizzes for sections that no page in the same folder has.
pub fn check(book: &Book, linked: &Linked, orphans: &OrphanFiles, found: &mut Vec<Diagnostic>) {
    for quiz in &orphans.quizzes {
        let questions: usize = quiz.text.sections.iter().map(|section| section.solutions.len()).sum();
        let what = if questions == 1 { "question is".to_owned() } else { format!("{questions} questions are") };
        let message = format!("unused quiz file `{}`: its {what} not shown", quiz.file);
        let finding = Diagnostic::new(Code::UnusedFile, quiz.place, message);
        found.push(finding.hint("name it in `quiz:` in a page's front matter, or delete it"));
        let pages = book.project.pages.iter().zip(&linked.chapters);
        let nearby: Vec<&[Block]> = pages
            .filter(|(page, _)| folder(&page.input) == folder(&quiz.file))
            .map(|(_, chapter)| chapter.blocks.as_slice())
            .collect();
        if !nearby.is_empty() {
            let source = &book.sources[quiz.source.index()];
            found.extend(quizzes_without_section(&quiz.text, source, nearby));
        }
    }
}
