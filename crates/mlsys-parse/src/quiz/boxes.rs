//! Inserting the parsed boxes of a page's quizzes.

use super::{QuizSection, QuizText};
use mlsys_book::{
    Attr, Block, BlockKind, Code, Diagnostic, Header, Id, Inline, InlineKind, Pair, SUGGESTIONS, Severity, Source,
    Span, near_keys, suggest,
};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The text of the heading over the answers, and its id.
pub(super) const ANSWERS: (&str, &str) = ("Self-Check Answers", "self-check-answers");

/// The parsed boxes of one section.
pub(crate) struct QuizBoxes {
    pub section: QuizSection,
    pub questions: Vec<Block>,
    pub answers: Vec<Block>,
}

impl QuizBoxes {
    fn div(&self, part: &str, span: Span, content: Vec<Block>) -> Block {
        let name = format!("quiz-{part}-{}", self.section.id.name);
        let solutions = &self.section.solutions;
        let mut pairs = Vec::new();
        if part == "question" && solutions.iter().any(Option::is_some) {
            let value = solutions.iter().map(|s| s.as_deref().unwrap_or("")).collect::<Vec<_>>().join(",");
            pairs.push(Pair { key: "answers".to_owned(), value, value_span: self.section.id.span });
        }
        let attr = Attr {
            id: Some(Id { name, span: self.section.id.span, automatic: false }),
            classes: vec!["callout".to_owned(), format!("callout-quiz-{part}")],
            pairs,
        };
        Block { span, kind: BlockKind::Div(attr, content) }
    }
}

/// Inserts question boxes at the end of their level-2 sections, after subsections, and answer boxes under a heading at `.quiz-end`,
/// before the next level-1 heading, or at the end. Reports quizzes without a section, and duplicate quizzes of a section.
pub(crate) fn insert(blocks: Vec<Block>, boxes: Vec<QuizBoxes>, source: &Source) -> (Vec<Block>, Vec<Diagnostic>) {
    let mut waiting: FxHashMap<String, QuizBoxes> = FxHashMap::default();
    let mut order = Vec::new();
    let mut found = Vec::new();
    for quiz in boxes {
        let id = quiz.section.id.clone();
        match waiting.insert(id.name.clone(), quiz) {
            Some(earlier) => found.push(repeated(&earlier.section.id, &id, source)),
            None => order.push(id),
        }
    }
    let headings = Headings::of([blocks.as_slice()]);

    let mut out = Vec::with_capacity(blocks.len() + 2 * order.len());
    let mut current: Option<QuizBoxes> = None;
    let mut answered = Vec::new();
    for block in blocks {
        if let BlockKind::Header(header) = &block.kind
            && header.level <= 2
        {
            close(&mut current, &mut answered, &mut out);
            if header.level == 1 {
                flush(&mut answered, &mut out);
            } else {
                current = waiting.remove(header.attr.id());
            }
        } else if matches!(&block.kind, BlockKind::Div(attr, _) if attr.has_class("quiz-end")) {
            close(&mut current, &mut answered, &mut out);
            flush(&mut answered, &mut out);
            continue;
        }
        out.push(block);
    }
    close(&mut current, &mut answered, &mut out);
    flush(&mut answered, &mut out);

    let lost = order.iter().filter_map(|id| waiting.remove(&id.name));
    let lost = lost.enumerate();
    found.extend(lost.map(|(at, quiz)| headings.without_section(&quiz.section.id, source, at < SUGGESTIONS)));
    (out, found)
}

/// Reports quizzes of a file whose sections are on none of the pages, which are given as their blocks.
pub fn quizzes_without_section<'a>(
    quizzes: &QuizText,
    source: &Source,
    pages: impl IntoIterator<Item = &'a [Block]>,
) -> Vec<Diagnostic> {
    let headings = Headings::of(pages);
    let lost = quizzes.sections.iter().map(|section| &section.id);
    let lost = lost.filter(|id| headings.levels.get(&id.name) != Some(&2)).enumerate();
    lost.map(|(at, id)| headings.without_section(id, source, at < SUGGESTIONS)).collect()
}

/// The levels of headings by their ids. Of headings with the same id, one of level 2 wins.
struct Headings {
    levels: BTreeMap<String, u8>,
}

impl Headings {
    fn of<'a>(pages: impl IntoIterator<Item = &'a [Block]>) -> Self {
        let mut levels = BTreeMap::new();
        for block in pages.into_iter().flatten() {
            if let BlockKind::Header(header) = &block.kind {
                let level = levels.entry(header.attr.id().to_owned()).or_insert(header.level);
                *level = if header.level == 2 { 2 } else { *level };
            }
        }
        Headings { levels }
    }

    /// The diagnostic for a quiz without a level-2 heading, optionally with a suggestion.
    fn without_section(&self, id: &Id, source: &Source, suggests: bool) -> Diagnostic {
        let message = format!("quiz skipped: no level-2 heading has the id `#{}`", id.name);
        let diagnostic = Diagnostic::new(Code::QuizWithoutSection, source.place(id.span), message);
        if let Some(level) = self.levels.get(&id.name) {
            return diagnostic.hint(format!("the heading with this id has level {level}"));
        }
        if !suggests {
            return diagnostic;
        }
        let sections = near_keys(&self.levels, &id.name).filter(|name| self.levels.get(*name) == Some(&2));
        match suggest(&id.name, sections) {
            Some(name) => diagnostic.hint(format!("did you mean `#{name}`?")),
            None => diagnostic,
        }
    }
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
        let mut answers = std::mem::take(&mut quiz.answers);
        strong_questions(&mut answers);
        out.push(quiz.div("answer", quiz.section.answers, answers));
    }
}

/// Emphasizes the questions before their answers. In the text, asterisks around a question would end at its own ones.
fn strong_questions(answers: &mut [Block]) {
    for block in answers {
        let BlockKind::OrderedList(list) = &mut block.kind else { continue };
        for first in list.items.iter_mut().filter_map(|item| item.content.first_mut()) {
            if let BlockKind::Plain(content) | BlockKind::Para(content) = &mut first.kind
                && !content.is_empty()
            {
                let question = std::mem::take(content);
                content.push(Inline { span: first.span, kind: InlineKind::Strong(question) });
            }
        }
    }
}

/// The diagnostic for a quiz of a section that has a later one.
fn repeated(earlier: &Id, later: &Id, source: &Source) -> Diagnostic {
    let message = format!("duplicate quiz for `#{}`: the later one is used", earlier.name);
    let mut found = Diagnostic::new(Code::InvalidQuiz, source.place(earlier.span), message);
    found.severity = Severity::Warning;
    found.related(source.place(later.span), "the later quiz")
}
