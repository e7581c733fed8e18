//! Diagnostics for people: `file:line:column` with the source line.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use mlsys_book::{Diagnostic, Locator, Place, Severity, Source};
use std::fmt::Write;
use std::sync::Arc;

/// The diagnostics as text, optionally in colour. `prefix` is the path to the project's folder.
pub fn render(sources: &[Arc<Source>], diagnostics: &[Diagnostic], prefix: &str, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let locator = Locator::new(sources);
    let mut out = String::new();
    for diagnostic in diagnostics {
        let text = one(&renderer, &locator, prefix, diagnostic);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{text}\n");
    }
    out
}

/// The length in bytes from which a line is cut.
const LONG_LINE: usize = 1024;

/// A source line, or the part of a very long one around the diagnostic.
pub struct Excerpt {
    pub path: String,
    pub line: usize,
    /// The column in the line, in characters from 1.
    pub column: usize,
    /// The column in the text; it differs from `column` if the text is cut at the beginning.
    counted: usize,
    pub text: String,
    range: std::ops::Range<usize>,
}

fn one(renderer: &Renderer, locator: &Locator<'_>, prefix: &str, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name());
    let main = excerpt(locator, prefix, diagnostic.place);
    let group = match &main {
        Some(main) if !main.text.is_empty() => title.element(snippet(main, AnnotationKind::Primary, None)),
        Some(main) => title.element(Origin::path(main.path.as_str()).line(main.line).char_column(1)),
        None => Group::with_title(title),
    };
    let others: Vec<(Excerpt, &str)> = diagnostic
        .related
        .iter()
        .filter_map(|(place, label)| Some((excerpt(locator, prefix, *place)?, label.as_str())))
        .filter(|(excerpt, _)| !excerpt.text.is_empty())
        .collect();
    let related = others.iter().map(|(other, label)| snippet(other, AnnotationKind::Context, Some(label)));
    let hints = diagnostic.hints.iter().map(|hint| Level::HELP.message(hint.as_str()));
    let mut text = renderer.render(&[group.elements(related).elements(hints)]);
    for Excerpt { path, line, column, counted, .. } in main.iter().chain(others.iter().map(|(other, _)| other)) {
        if column != counted {
            text = text.replacen(&format!("{path}:{line}:{counted}\n"), &format!("{path}:{line}:{column}\n"), 1);
        }
    }
    text
}

fn snippet<'a>(
    excerpt: &'a Excerpt,
    kind: AnnotationKind,
    label: Option<&'a str>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    Snippet::source(excerpt.text.as_str())
        .line_start(excerpt.line)
        .path(excerpt.path.as_str())
        .annotation(kind.span(excerpt.range.clone()).label(label))
}

/// The first line of a place. The printer measures the whole line, so it gets only the relevant part of a very long one.
pub fn excerpt(locator: &Locator<'_>, prefix: &str, place: Place) -> Option<Excerpt> {
    let at = locator.start(place)?;
    let text = at.source_line;
    let boundary = |mut byte: usize| {
        byte = byte.min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    };
    let start = at.offset.min(text.len());
    let length = (place.span.end - place.span.start) as usize;
    let end = boundary(start + length).max(start);
    let path = format!("{prefix}{}", at.path);
    if text.len() <= LONG_LINE {
        let text = text.to_owned();
        return Some(Excerpt { path, line: at.line, column: at.column, counted: at.column, text, range: start..end });
    }
    let from = boundary(start.saturating_sub(LONG_LINE / 4));
    let end = end.min(boundary(start + LONG_LINE / 4));
    let text = text[from..boundary(end + LONG_LINE / 4)].to_owned();
    let counted = text[..start - from].chars().count() + 1;
    Some(Excerpt { path, line: at.line, column: at.column, counted, text, range: start - from..end - from })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::{Code, SourceId, Span};

    #[test]
    fn a_long_line_is_cut_and_its_columns_are_not() {
        let text = format!("one\n{} @fig-a {}\n", "é".repeat(2000), "z".repeat(9000));
        let start = text.find('@').expect("it is there");
        let source = Arc::new(Source::new(SourceId(0), "a.qmd", text));
        let place = Place { source: SourceId(0), span: Span::new(start, start + 6) };
        let finding = Diagnostic::new(Code::UnresolvedReference, place, "no such label");
        let shown = render(std::slice::from_ref(&source), std::slice::from_ref(&finding), "book/", false);
        assert!(shown.contains("book/a.qmd:2:2002\n"), "{shown}");
        let lines: Vec<&str> = shown.lines().collect();
        let at = |line: &str, mark| line.find(mark).map(|at| line[..at].chars().count());
        assert_eq!(at(lines[3], "@fig-a"), at(lines[4], "^^^^^^"), "{shown}");
        assert!(at(lines[3], "@fig-a").is_some(), "{shown}");
        assert!(shown.len() < 1024, "{shown}");
        assert!(render(&[source], &[finding], "book/", true).contains("book/a.qmd:2:2002\n"), "{shown}");
    }
}
