//! Pseudocode: code blocks of class `pseudocode`, where the project lists the filter `pseudocode`. Source: the Quarto extension
//! "pseudocode"; pseudocode.js, "Grammar"; the LaTeX package "algpseudocode".
//!
//! Commands may be written in capitals (`\IF`) as in "algorithmic" or mixed (`\If`) as in "algpseudocode".

mod lines;
mod tex;

use crate::config::filter_stem;
use crate::context::Context;
use crate::text::Text;
use mlsys_book::{Algorithm, BlockKind, Caption, CellOption, CodeBlock, Id, Span, Value, name};
use tex::{Reader, Token};

/// The class of such blocks and the name of the filter.
const NAME: &str = "pseudocode";

/// True if a code block is an algorithm.
pub(crate) fn is_algorithm(code: &CodeBlock, cx: &Context<'_>) -> bool {
    let filters = cx.scope.meta.list(name!("filters"));
    let named = |item: &Value| {
        let name = item.get("path").unwrap_or(item).to_text();
        name.is_some_and(|name| filter_stem(&name) == NAME)
    };
    code.attr.has_class(NAME) && filters.iter().any(named)
}

/// Parses the algorithm in a code block. Unknown commands are reported and stay as text.
pub(crate) fn algorithm(code: CodeBlock, cx: &mut Context<'_>) -> BlockKind {
    let text = Text::from_value(&cx.source.text, &code.text, code.text_span);
    let (options, start) = options(&text);
    let mut label = code.attr.id;
    if label.is_none() {
        let named = options.iter().find(|option| option.key == "label");
        label = named.map(|o| Id { name: o.value.clone(), span: o.span, automatic: false });
    }
    let mut reader = Reader::new(&text, start);
    let mut caption = None;
    let mut found = Vec::new();
    while let Some(token) = reader.peek() {
        match token {
            Token::Command("caption") => {
                reader.next();
                let from = reader.at();
                let content = reader.argument();
                caption = Some(Caption { span: text.span(from..reader.at()), content });
            }
            Token::Command("label") => {
                reader.next();
                let from = reader.at();
                let name = reader.raw_argument().trim().to_owned();
                if label.is_none() && !name.is_empty() {
                    label = Some(Id { name, span: text.span(from..reader.at()), automatic: false });
                }
            }
            Token::Command("begin" | "end") => {
                reader.next();
                reader.raw_argument();
                reader.optional_argument();
            }
            Token::Blank => reader.next(),
            Token::Command(_) | Token::Text => found.extend(lines::lines(&mut reader)),
        }
    }
    let mistakes = reader.into_mistakes();
    for mistake in mistakes {
        let span = text.span(mistake.range);
        cx.report(mlsys_book::Code::MalformedAlgorithm, span, mistake.message);
    }
    BlockKind::Algorithm(Box::new(Algorithm { label, options, caption, lines: found }))
}

/// The option lines at the start, and their end.
fn options(text: &Text<'_>) -> (Vec<CellOption>, usize) {
    let mut options = Vec::new();
    let mut at = 0;
    for line in text.text.split_inclusive('\n') {
        let Some(option) = line.trim().strip_prefix("#|") else { break };
        if let Some((key, value)) = option.split_once(':') {
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            let span: Span = text.span(at..at + line.trim_end().len());
            options.push(CellOption { key: key.trim().to_owned(), value, span });
        }
        at += line.len();
    }
    (options, at)
}
