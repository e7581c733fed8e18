//! Writing quiz questions as Markdown into a page's source.

use super::QuizSection;
use super::boxes::ANSWERS;
use super::file::Question;
use mlsys_book::{Code, Diagnostic, Id, Source, Span};

/// Appends Markdown to a source, and maps each JSON string to its place in the file.
pub(super) struct Writer<'a> {
    pub source: &'a mut Source,
    pub json: &'a str,
    pub file: u32,
    /// The offset in the file that generated text maps to.
    pub at: usize,
}

impl Writer<'_> {
    fn end(&self) -> usize {
        self.source.text.len()
    }

    /// Appends text that is not in the file.
    fn generated(&mut self, text: &str) {
        self.source.append(self.file, self.at, text);
    }

    /// Appends the value of a JSON string; lines after the first are indented. Numbers and words are taken as they are.
    fn value(&mut self, raw: &str, indent: &str) {
        // The value is a slice of the file, so its pointer gives its offset.
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
    pub fn section(&mut self, id: &str, questions: &[Question<'_>]) -> Option<QuizSection> {
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
            self.question(index, question);
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
            let indent = self.question(index, question);
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
        let solutions = questions.iter().map(Question::solution).collect();
        Some(QuizSection { id, questions: question_span, heading, answers, solutions })
    }

    /// Appends a numbered question with its choices, and returns how its lines are indented.
    fn question(&mut self, index: usize, question: &Question<'_>) -> String {
        let marker = format!("{}. ", index + 1);
        let indent = " ".repeat(marker.len());
        self.generated(&marker);
        if let Some(text) = question.question {
            self.value(text.get(), &indent);
        }
        for (number, choice) in question.choices.iter().enumerate() {
            // There are no letters after `z`.
            let letter = char::from(b'a' + (number % 26) as u8);
            self.generated(&format!("\n{indent}{letter}) "));
            self.value(choice.get(), &format!("{indent}   "));
        }
        indent
    }

    /// The diagnostic for an invalid file. Its place is the line with the error, which is appended to the source.
    pub fn error(&mut self, error: &serde_json::Error) -> Diagnostic {
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
        Diagnostic::new(Code::InvalidQuiz, self.source.place(span), format!("cannot read the quiz file: {message}"))
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
