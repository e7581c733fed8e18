//! Parses any text, with the second half as a quiz file where the text has a line `%%`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mlsys_book::{Scope, Source, SourceId, Span, Value};
use mlsys_parse::{QuizText, parse_with_quizzes};

fuzz_target!(|text: &str| {
    let (page, quiz) = text.split_once("\n%%\n").unwrap_or((text, ""));
    let mut source = Source::new(SourceId(0), "index.qmd", page);
    let mut quizzes = QuizText::new(&source);
    if !quiz.is_empty() {
        quizzes.add(&mut source, "quiz.json", quiz.to_owned());
    }
    let empty = Value::empty(source.place(Span::new(0, 0)));
    let scope = Scope {
        format: "html".into(),
        profiles: Vec::new(),
        meta: empty.clone(),
        variables: empty.clone(),
        brand: empty,
        environment: Default::default(),
        custom_floats: Default::default(),
        box_classes: Default::default(),
    };
    parse_with_quizzes(&source, &scope, &quizzes);
});
