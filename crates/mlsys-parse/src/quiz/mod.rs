//! Quizzes: questions of a JSON file, shown at the end of their sections, with the answers at the end of the chapter.
//!
//! A filter named `inject_quizzes` switches them on; `quiz:` in a page's front matter names the file. The questions are
//! Markdown, so they become part of the page's [`Source`]: [`QuizText::add`] appends one text for the questions and one for the
//! answers of each section, and [`insert`] puts the parsed boxes in their places.

mod boxes;
mod file;
mod solution;
mod writer;

pub use boxes::quizzes_without_section;
pub(crate) use boxes::{QuizBoxes, insert};
use mlsys_book::{Diagnostic, File, Id, Source, Span};
use serde::Serialize;
use std::sync::Arc;
use writer::Writer;

/// The quizzes of a page as Markdown within the page's source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuizText {
    /// The page's own text.
    pub page: Span,
    /// The sections that have questions, in the order of the files.
    pub sections: Vec<QuizSection>,
}

/// The texts of one section's boxes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuizSection {
    /// The id of the section's heading, without `#`.
    pub id: Id,
    /// Markdown of the questions.
    pub questions: Span,
    /// The heading above the answers, if they are the first.
    pub heading: Span,
    /// Markdown of the answers.
    pub answers: Span,
    /// The solution of each question that the page can check: a choice's letter, `true` or `false`.
    pub solutions: Vec<Option<String>>,
}

impl QuizText {
    /// No quizzes: all of the source is the page's own text.
    pub fn new(source: &Source) -> Self {
        QuizText { page: Span::new(0, source.text.len()), sections: Vec::new() }
    }

    /// Parses a quiz file, and appends its questions and answers to the page's source. `path` is relative to the project's folder.
    ///
    /// The file is `{"sections": [{"section_id": "#id", "quiz_data": {"questions": [..]}}]}` or `{"#id": [questions]}`; a
    /// question has `question`, `choices`, `answer`, `learning_objective` and may be `hidden`. Other keys are ignored. An
    /// invalid file is reported as `invalid-quiz` and ignored.
    pub fn add(&mut self, source: &mut Source, path: &str, json: impl Into<Arc<String>>) -> Vec<Diagnostic> {
        let file = source.files.len() as u32;
        let json = json.into();
        source.files.push(File { path: path.to_owned(), text: json.clone() });
        // Questions are shown twice, because they are repeated above their answers.
        source.reserve(2 * json.len());
        let json = json.as_str();
        let mut writer = Writer { source, json, file, at: 0 };
        match file::read(json) {
            Ok(sections) => {
                for (id, questions) in sections {
                    self.sections.extend(writer.section(id, &questions));
                }
                Vec::new()
            }
            Err(error) => vec![writer.error(&error)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::{Code, SourceId};

    const JSON: &str = r##"{"sections": [{"section_id": "#sec-a", "quiz_data": {"questions": [
        {"question": "Is \"$x\\to 1$\"?", "choices": ["Yes", "No"], "answer": "A.", "learning_objective": "Limits."},
        {"question": "Hidden", "hidden": true, "answer": "-"}]}}]}"##;

    #[test]
    fn markdown_of_a_section() {
        let mut source = Source::new(SourceId(0), "a.qmd", "# A\n");
        let mut text = QuizText::new(&source);
        assert!(text.add(&mut source, "a.json", JSON.to_owned()).is_empty());
        let section = &text.sections[0];
        assert_eq!(
            source.slice(section.questions),
            "1. Is \"$x\\to 1$\"?\n   a) Yes\n   b) No\n\n\
             <a href=\"#quiz-answer-sec-a\" class=\"question-label\">See Answers →</a>\n"
        );
        assert!(
            source.slice(section.answers).starts_with("1. Is \"$x\\to 1$\"?\n   a) Yes\n   b) No\n\n   *Answer*: A.\n")
        );
        let place = source.text.find("Yes").unwrap_or_default() as u32;
        assert_eq!(source.locate(place).to_string(), "a.json:2:56");
    }

    #[test]
    fn a_file_that_is_not_json_has_a_place() {
        let mut source = Source::new(SourceId(0), "a.qmd", "# A\n");
        let found = QuizText::new(&source).add(&mut source, "a.json", "{\"sections\": [\n  {]\n}".to_owned());
        assert_eq!(found[0].code, Code::InvalidQuiz);
        assert_eq!(source.locate(found[0].place.span.start).to_string(), "a.json:2:4");
    }
}
