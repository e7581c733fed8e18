//! The inline values of a page's text. Source: Quarto, `execute-inline.ts`; knitr, its pattern for inline code.

use super::Fence;
use crate::document::{InlineForm, InlineValue};
use crate::fence::Fence as CodeFence;
use mlsys_book::Span;

/// The inline values of some languages, outside of cells, from an offset on. `bare` also takes knitr's form `` `r x` ``.
///
/// As in Quarto they are found in the text and not in its syntax, so they also work in formulas, attributes and code. Unlike in
/// Quarto, code in two or more backticks (``` `` `{python} x` `` ```) shows how a value is written.
pub(super) fn inline_values(
    text: &str,
    start: usize,
    fences: &[Fence],
    languages: &[&str],
    bare: bool,
) -> Vec<InlineValue> {
    let mut values = Vec::new();
    let mut at = start;
    for fence in fences {
        within(text, at..fence.span.start as usize, languages, bare, &mut values);
        at = fence.span.end as usize;
    }
    within(text, at..text.len(), languages, bare, &mut values);
    values
}

/// The values outside of code blocks. A page without an engine shows those in code on purpose: it writes about values.
pub(super) fn outside_code(text: &str, start: usize, values: Vec<InlineValue>) -> Vec<InlineValue> {
    if values.is_empty() {
        return values;
    }
    let mut code: Vec<std::ops::Range<usize>> = Vec::new();
    let mut open = None::<CodeFence>;
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        match (open, CodeFence::of(line)) {
            (None, Some(fence)) if !fence.info(line).contains('`') => open = Some(fence),
            (Some(opening), Some(fence)) if fence.closes(&opening, line) => open = None,
            (Some(_), _) => code.push(at..at + line.len()),
            (None, _) => {}
        }
        at += line.len();
    }
    let is_outside = |value: &InlineValue| {
        let before = code.partition_point(|range| range.start <= value.span.start as usize);
        before.checked_sub(1).is_none_or(|last| code[last].end <= value.span.start as usize)
    };
    values.into_iter().filter(is_outside).collect()
}

fn within(text: &str, range: std::ops::Range<usize>, languages: &[&str], bare: bool, values: &mut Vec<InlineValue>) {
    let mut at = range.start;
    while let Some(found) = text[at..range.end].find('`') {
        let open = at + found;
        let run = text[open..range.end].bytes().take_while(|byte| *byte == b'`').count();
        if run == 2 || run > 2 && !is_line_start(&text[range.start..open]) {
            at = end_of_code(text, open + run, range.end, run).unwrap_or(open + run);
            continue;
        }
        at = open + 1;
        let after = &text[at..range.end];
        let doubled = open > range.start && text.as_bytes()[open - 1] == b'`';
        let braces = after.strip_prefix('{').and_then(|inner| {
            let read = |language: &&&str| inner.strip_prefix(**language).is_some_and(|rest| rest.starts_with('}'));
            let language = *languages.iter().find(read)?;
            let rest = &inner[language.len() + 1..];
            rest.starts_with([' ', '\t']).then_some((language, rest))
        });
        // knitr takes its form on several lines.
        let (form, language, rest, lines) = match braces {
            Some((language, rest)) if !doubled => (InlineForm::Braces, language, rest, 1),
            Some(_) | None => {
                let rest = after.strip_prefix('r').filter(|rest| bare && !doubled && rest.starts_with([' ', '#']));
                let Some(rest) = rest else { continue };
                (InlineForm::Bare, "r", rest, usize::MAX)
            }
        };
        let Some(length) = rest.find(['`', if lines == 1 { '\n' } else { '`' }]) else { continue };
        if !rest[length..].starts_with('`') {
            continue;
        }
        let begin = range.end - rest.len();
        let written = &rest[..length];
        let expression = written.trim();
        let inner = begin + written.len() - written.trim_start().len();
        at = begin + length + 1;
        if !expression.is_empty() {
            values.push(InlineValue {
                language: language.to_owned(),
                form,
                span: Span::new(open, at),
                expression: expression.to_owned(),
                expression_span: Span::new(inner, inner + expression.len()),
            });
        }
    }
}

/// True if only spaces come before on the line: a run of backticks there may be a fence.
fn is_line_start(before: &str) -> bool {
    before.rsplit('\n').next().is_none_or(|line| line.trim().is_empty())
}

/// The end of code that begins after a run of backticks: after the next run of the same length in the paragraph.
fn end_of_code(text: &str, start: usize, end: usize, run: usize) -> Option<usize> {
    let rest = &text[start..end];
    let rest = &rest[..rest.find("\n\n").unwrap_or(rest.len())];
    let mut at = 0;
    while let Some(found) = rest[at..].find('`') {
        let open = at + found;
        let length = rest[open..].bytes().take_while(|byte| *byte == b'`').count();
        at = open + length;
        if length == run {
            return Some(start + at);
        }
    }
    None
}
