//! The form of quiz files.

use super::solution::solution;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

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
pub(super) struct Question<'a> {
    #[serde(borrow, default)]
    question_type: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub question: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub choices: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    pub answer: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub learning_objective: Option<&'a RawValue>,
    #[serde(default)]
    hidden: bool,
}

impl Question<'_> {
    /// Its solution, if a page can check the answer.
    pub fn solution(&self) -> Option<String> {
        let text = |raw: Option<&RawValue>| raw.map(plain).unwrap_or_default();
        let choices: Vec<String> = self.choices.iter().map(|raw| plain(raw)).collect();
        solution(&text(self.question_type), &text(self.question), &choices, &text(self.answer))
    }
}

/// The text of a JSON value; numbers and words as they are written.
fn plain(raw: &RawValue) -> String {
    serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().to_owned())
}

/// The sections of a quiz file with their questions, without hidden ones.
pub(super) fn read(json: &str) -> Result<Vec<(&str, Vec<Question<'_>>)>, serde_json::Error> {
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
