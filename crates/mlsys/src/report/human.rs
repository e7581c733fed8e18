//! Diagnostics for people: `file:line:column` with the source line.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use mlsys_book::{Diagnostic, Place, Severity, Source};
use std::fmt::Write;
use std::sync::Arc;

/// The findings as text, with colours where asked for. `prefix` goes before paths: the way to the project's folder.
pub fn render(sources: &[Arc<Source>], diagnostics: &[Diagnostic], prefix: &str, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        let text = one(&renderer, sources, prefix, diagnostic);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{text}\n");
    }
    out
}

/// A line of a source, and where the finding stands in it.
struct Excerpt {
    path: String,
    line: usize,
    text: String,
    range: std::ops::Range<usize>,
}

fn one(renderer: &Renderer, sources: &[Arc<Source>], prefix: &str, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name());
    let main = excerpt(sources, prefix, diagnostic.place);
    let group = match &main {
        Some(main) if !main.text.is_empty() => title.element(snippet(main, AnnotationKind::Primary, None)),
        Some(main) => title.element(Origin::path(main.path.as_str()).line(main.line).char_column(1)),
        None => Group::with_title(title),
    };
    let others: Vec<(Excerpt, &str)> = diagnostic
        .related
        .iter()
        .filter_map(|(place, label)| Some((excerpt(sources, prefix, *place)?, label.as_str())))
        .filter(|(excerpt, _)| !excerpt.text.is_empty())
        .collect();
    let related = others.iter().map(|(other, label)| snippet(other, AnnotationKind::Context, Some(label)));
    let hints = diagnostic.hints.iter().map(|hint| Level::HELP.message(hint.as_str()));
    renderer.render(&[group.elements(related).elements(hints)])
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

/// The first line of a place. Long lines are cut around the finding.
fn excerpt(sources: &[Arc<Source>], prefix: &str, place: Place) -> Option<Excerpt> {
    let source = sources.get(place.source.0 as usize)?;
    let at = source.locate(place.span.start.min(source.text.len() as u32));
    let text = at.source_line;
    let start = text.char_indices().nth(at.column - 1).map_or(text.len(), |(start, _)| start);
    let length = (place.span.end - place.span.start) as usize;
    let mut end = (start + length).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let range = start..end.max(start);
    Some(Excerpt { path: format!("{prefix}{}", at.path), line: at.line, text: text.to_owned(), range })
}
