//! Quizzes: questions kept in a JSON file beside a chapter, shown at the end of the sections they belong to, and their answers
//! at the end of the chapter.
//!
//! A book switches them on with a filter named `inject_quizzes`; a page names its file with `quiz:`. The questions are
//! Markdown, so they become part of the page's [`Source`]: [`QuizText::add`] appends one text for the questions and one for the
//! answers of each section, and [`insert`] puts the parsed boxes in their places.

use mlsys_book::{Attr, Block, BlockKind, Code, Diagnostic, File, Header, Id, Inline, InlineKind, Source, Span};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The text of the heading over the answers, and its id.
const ANSWERS: (&str, &str) = ("Self-Check Answers", "self-check-answers");

/// The quizzes of a page as Markdown within the page's source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuizText {
    /// The page's own text.
    pub page: Span,
    /// The sections that have questions, in the order of the files.
    pub sections: Vec<QuizSection>,
}

/// The texts of one section's boxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuizSection {
    /// The id of the section's heading, without `#`.
    pub id: Id,
    /// Markdown of the questions.
    pub questions: Span,
    /// The heading that goes over the answers where they are the first.
    pub heading: Span,
    /// Markdown of the answers.
    pub answers: Span,
}

#[derive(Deserialize)]
struct FileText<'a> {
    #[serde(borrow)]
    sections: Vec<SectionText<'a>>,
}

#[derive(Deserialize)]
struct SectionText<'a> {
    #[serde(borrow, default)]
    section_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    quiz_data: Option<QuizData<'a>>,
}

#[derive(Deserialize)]
struct QuizData<'a> {
    #[serde(borrow, default)]
    questions: Vec<Question<'a>>,
}

#[derive(Deserialize)]
struct Question<'a> {
    #[serde(borrow, default)]
    question: Option<&'a RawValue>,
    #[serde(borrow, default)]
    choices: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    answer: Option<&'a RawValue>,
    #[serde(borrow, default)]
    learning_objective: Option<&'a RawValue>,
    #[serde(default)]
    hidden: bool,
}

impl QuizText {
    /// No quizzes yet: all of the source is the page's own text.
    pub fn new(source: &Source) -> Self {
        QuizText { page: Span::new(0, source.text.len()), sections: Vec::new() }
    }

    /// Reads a quiz file and appends its questions and answers to the page's source. `path` is relative to the project's folder.
    ///
    /// The file is `{"sections": [{"section_id": "#id", "quiz_data": {"questions": [..]}}]}` or `{"#id": [questions]}`; a
    /// question has `question`, `choices`, `answer`, `learning_objective` and may be `hidden`. Other keys are ignored. A file
    /// that cannot be read gives `invalid-quiz`, and the page goes without it.
    pub fn add(&mut self, source: &mut Source, path: &str, json: &str) -> Vec<Diagnostic> {
        let file = source.files.len() as u32;
        source.files.push(File { path: path.to_owned(), text: json.to_owned() });
        let mut writer = Writer { source, json, file, at: 0 };
        match read(json) {
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

/// The sections of a quiz file with their questions, hidden ones left out.
fn read(json: &str) -> Result<Vec<(&str, Vec<Question<'_>>)>, serde_json::Error> {
    let keys: BTreeMap<&str, &RawValue> = serde_json::from_str(json).or_else(|_| {
        // Keys with escapes cannot be borrowed; such a file has the form with sections.
        serde_json::from_str::<FileText<'_>>(json).map(|_| BTreeMap::new())
    })?;
    let mut sections = Vec::new();
    if keys.is_empty() || keys.contains_key("sections") {
        for section in serde_json::from_str::<FileText<'_>>(json)?.sections {
            if let (Some(id), Some(quiz)) = (section.section_id, section.quiz_data) {
                sections.push((id.get(), quiz.questions));
            }
        }
    } else {
        for (id, value) in keys {
            if value.get().starts_with('[') {
                sections.push((id, serde_json::from_str::<Vec<Question<'_>>>(value.get())?));
            }
        }
    }
    for (_, questions) in &mut sections {
        questions.retain(|question| !question.hidden && question.question.is_some());
    }
    sections.retain(|(_, questions)| !questions.is_empty());
    Ok(sections)
}

/// Appends Markdown to a source, and knows the place of each JSON string that it appends.
struct Writer<'a> {
    source: &'a mut Source,
    json: &'a str,
    file: u32,
    /// The place in the file that generated text stands for.
    at: usize,
}

impl Writer<'_> {
    fn end(&self) -> usize {
        self.source.text.len()
    }

    /// Appends text that is not in the file.
    fn generated(&mut self, text: &str) {
        self.source.append(self.file, self.at, text);
    }

    /// Appends the value of a JSON string; lines behind the first are indented. Numbers and words are taken as they are.
    fn value(&mut self, raw: &str, indent: &str) {
        // The value is a slice of the file, so its address says where it stands.
        let start = (raw.as_ptr() as usize).saturating_sub(self.json.as_ptr() as usize).min(self.json.len());
        let (text, start) = match raw.strip_prefix('"') {
            Some(rest) => (rest.strip_suffix('"').unwrap_or(rest), start + 1),
            None => (raw, start),
        };
        self.at = start;
        let mut rest = text;
        while !rest.is_empty() {
            let plain = rest.find('\\').unwrap_or(rest.len());
            let at = start + text.len() - rest.len();
            if plain > 0 {
                self.source.append(self.file, at, &rest[..plain]);
            }
            rest = &rest[plain..];
            let length = escape_length(rest);
            if length > 0 {
                let decoded: String = serde_json::from_str(&format!("\"{}\"", &rest[..length])).unwrap_or_default();
                let decoded = decoded.replace('\n', &format!("\n{indent}"));
                self.source.append(self.file, start + text.len() - rest.len(), &decoded);
            }
            rest = &rest[length..];
        }
    }

    /// Appends a section's boxes.
    fn section(&mut self, id: &str, questions: &[Question<'_>]) -> Option<QuizSection> {
        let id_start = self.end();
        self.value(id, "");
        let written = &self.source.text[id_start..];
        let name = written.strip_prefix('#').unwrap_or(written).to_owned();
        let id_span = Span::new(self.end() - name.len(), self.end());
        if name.is_empty() {
            return None;
        }
        self.generated("\n\n");

        let start = self.end();
        for (index, question) in questions.iter().enumerate() {
            self.question(index, question, "");
            self.generated("\n\n");
        }
        self.generated(&format!("<a href=\"#quiz-answer-{name}\" class=\"question-label\">See Answers →</a>\n"));
        let question_span = Span::new(start, self.end());
        self.generated("\n");

        let start = self.end();
        self.generated(ANSWERS.0);
        let heading = Span::new(start, self.end());
        self.generated("\n\n");

        let start = self.end();
        for (index, question) in questions.iter().enumerate() {
            let indent = self.question(index, question, "**");
            for (label, value) in [("Answer", question.answer), ("Learning Objective", question.learning_objective)] {
                if let Some(value) = value {
                    self.generated(&format!("\n\n{indent}*{label}*: "));
                    self.value(value.get(), &indent);
                }
            }
            self.generated("\n\n");
        }
        self.generated(&format!("<a href=\"#quiz-question-{name}\" class=\"answer-label\">← Back to Questions</a>\n"));
        let answers = Span::new(start, self.end());
        self.generated("\n");
        let id = Id { name, span: id_span, automatic: false };
        Some(QuizSection { id, questions: question_span, heading, answers })
    }

    /// Appends a numbered question with its choices, and returns how its lines are indented.
    fn question(&mut self, index: usize, question: &Question<'_>, emphasis: &str) -> String {
        let marker = format!("{}. ", index + 1);
        let indent = " ".repeat(marker.len());
        self.generated(&format!("{marker}{emphasis}"));
        if let Some(text) = question.question {
            self.value(text.get(), &indent);
        }
        self.generated(emphasis);
        for (number, choice) in question.choices.iter().enumerate() {
            // Beyond `z` there is no letter; nobody asks so much.
            let letter = char::from(b'a' + (number % 26) as u8);
            self.generated(&format!("\n{indent}{letter}) "));
            self.value(choice.get(), &format!("{indent}   "));
        }
        indent
    }

    /// The finding for a file that is not a quiz: its place is the line with the error, which is appended for it.
    fn error(&mut self, error: &serde_json::Error) -> Diagnostic {
        let line = self.json.split('\n').nth(error.line().saturating_sub(1)).unwrap_or("");
        self.at = line.as_ptr() as usize - self.json.as_ptr() as usize;
        self.at = if self.at <= self.json.len() { self.at } else { 0 };
        let start = self.end();
        let appended = self.source.append(self.file, self.at, line);
        let column = line.char_indices().map(|(at, _)| at).take_while(|at| *at < error.column()).last().unwrap_or(0);
        let span = Span::new(start + column, appended.end as usize);
        self.generated("\n");
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or("");
        Diagnostic::new(Code::InvalidQuiz, self.source.place(span), format!("the quiz file cannot be read: {message}"))
    }
}

/// The bytes of the escape at the start of the text.
fn escape_length(text: &str) -> usize {
    let one = |text: &str| match text.as_bytes() {
        [b'\\', b'u', ..] => 6,
        [b'\\', _, ..] => 2,
        _ => 0,
    };
    let length = one(text);
    // Two `\u` may be one character.
    let high = length == 6 && text.as_bytes().get(2).is_some_and(|b| matches!(b, b'd' | b'D'));
    let length = if high && text.get(6..).is_some_and(|rest| rest.starts_with("\\u")) { 12 } else { length };
    if text.is_char_boundary(length) && length <= text.len() { length } else { text.len() }
}

/// The parsed boxes of one section.
pub(crate) struct QuizBoxes {
    pub section: QuizSection,
    pub questions: Vec<Block>,
    pub answers: Vec<Block>,
}

impl QuizBoxes {
    fn div(&self, part: &str, span: Span, content: Vec<Block>) -> Block {
        let name = format!("quiz-{part}-{}", self.section.id.name);
        let attr = Attr {
            id: Some(Id { name, span: self.section.id.span, automatic: false }),
            classes: vec!["callout".to_owned(), format!("callout-quiz-{part}")],
            pairs: Vec::new(),
        };
        Block { span, kind: BlockKind::Div(attr, content) }
    }
}

/// Puts question boxes at the end of the sections of level 2 that they belong to, subsections included, and answer boxes under
/// a heading at `.quiz-end`, before the next heading of level 1, or at the end. Sections without a heading are reported.
pub(crate) fn insert(blocks: Vec<Block>, boxes: Vec<QuizBoxes>, source: &Source) -> (Vec<Block>, Vec<Diagnostic>) {
    let mut waiting: FxHashMap<String, QuizBoxes> = FxHashMap::default();
    let mut order = Vec::new();
    for quiz in boxes {
        order.push(quiz.section.id.clone());
        waiting.entry(quiz.section.id.name.clone()).or_insert(quiz);
    }
    let headings: Vec<(u8, String)> = blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Header(header) => Some((header.level, header.attr.id().to_owned())),
            _ => None,
        })
        .collect();

    let mut out = Vec::with_capacity(blocks.len() + 2 * order.len());
    let mut current: Option<QuizBoxes> = None;
    let mut answered = Vec::new();
    for block in blocks {
        let level = match &block.kind {
            BlockKind::Header(header) if header.level <= 2 => header.level,
            BlockKind::Div(attr, _) if attr.has_class("quiz-end") => {
                close(&mut current, &mut answered, &mut out);
                flush(&mut answered, &mut out);
                continue;
            }
            _ => {
                out.push(block);
                continue;
            }
        };
        close(&mut current, &mut answered, &mut out);
        if level == 1 {
            flush(&mut answered, &mut out);
        } else if let BlockKind::Header(header) = &block.kind {
            current = waiting.remove(header.attr.id());
        }
        out.push(block);
    }
    close(&mut current, &mut answered, &mut out);
    flush(&mut answered, &mut out);

    let lost = order.into_iter().filter(|id| waiting.remove(&id.name).is_some());
    (out, lost.map(|id| without_section(&id, &headings, source)).collect())
}

fn close(current: &mut Option<QuizBoxes>, answered: &mut Vec<QuizBoxes>, out: &mut Vec<Block>) {
    if let Some(mut quiz) = current.take() {
        let questions = std::mem::take(&mut quiz.questions);
        out.push(quiz.div("question", quiz.section.questions, questions));
        answered.push(quiz);
    }
}

fn flush(answered: &mut Vec<QuizBoxes>, out: &mut Vec<Block>) {
    if let Some(first) = answered.first() {
        let span = first.section.heading;
        let id = Id { name: ANSWERS.1.to_owned(), span, automatic: true };
        let header = Header {
            level: 2,
            attr: Attr { id: Some(id), ..Attr::default() },
            content: vec![Inline { span, kind: InlineKind::Str(ANSWERS.0.to_owned()) }],
        };
        out.push(Block { span, kind: BlockKind::Header(header) });
    }
    for mut quiz in answered.drain(..) {
        let answers = std::mem::take(&mut quiz.answers);
        out.push(quiz.div("answer", quiz.section.answers, answers));
    }
}

/// The finding for a quiz that no heading of level 2 has, with what the author may have meant.
fn without_section(id: &Id, headings: &[(u8, String)], source: &Source) -> Diagnostic {
    let message =
        format!("the quiz for `#{}` is left out: the chapter has no section of level 2 with this id", id.name);
    let diagnostic = Diagnostic::new(Code::QuizWithoutSection, source.place(id.span), message);
    if let Some((level, _)) = headings.iter().find(|(_, name)| *name == id.name) {
        return diagnostic.hint(format!("the id belongs to a heading of level {level}"));
    }
    let near = headings
        .iter()
        .filter(|(level, name)| *level == 2 && !name.is_empty())
        .map(|(_, name)| (strsim::jaro_winkler(name, &id.name), name))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(score, _)| *score > 0.85);
    match near {
        Some((_, name)) => diagnostic.hint(format!("did you mean `#{name}`?")),
        None => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::SourceId;

    const JSON: &str = r##"{"sections": [{"section_id": "#sec-a", "quiz_data": {"questions": [
        {"question": "Is \"$x\\to 1$\"?", "choices": ["Yes", "No"], "answer": "A.", "learning_objective": "Limits."},
        {"question": "Hidden", "hidden": true, "answer": "-"}]}}]}"##;

    #[test]
    fn markdown_of_a_section() {
        let mut source = Source::new(SourceId(0), "a.qmd", "# A\n");
        let mut text = QuizText::new(&source);
        assert!(text.add(&mut source, "a.json", JSON).is_empty());
        let section = &text.sections[0];
        assert_eq!(
            source.slice(section.questions),
            "1. Is \"$x\\to 1$\"?\n   a) Yes\n   b) No\n\n\
             <a href=\"#quiz-answer-sec-a\" class=\"question-label\">See Answers →</a>\n"
        );
        assert!(
            source
                .slice(section.answers)
                .starts_with("1. **Is \"$x\\to 1$\"?**\n   a) Yes\n   b) No\n\n   *Answer*: A.\n")
        );
        let place = source.text.find("Yes").unwrap_or_default() as u32;
        assert_eq!(source.locate(place).to_string(), "a.json:2:56");
    }

    #[test]
    fn a_file_that_is_not_json_has_a_place() {
        let mut source = Source::new(SourceId(0), "a.qmd", "# A\n");
        let found = QuizText::new(&source).add(&mut source, "a.json", "{\"sections\": [\n  {]\n}");
        assert_eq!(found[0].code, Code::InvalidQuiz);
        assert_eq!(source.locate(found[0].place.span.start).to_string(), "a.json:2:4");
    }
}
