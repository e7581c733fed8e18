//! Diagnostics for people: `file:line:column` with the source line.

use super::guide_url;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use mlsys_book::{Diagnostic, Locator, Place, Severity, Source};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write;
use std::sync::Arc;

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// True for colours.
    pub colour: bool,
    /// The columns of the terminal, if it is one.
    pub width: Option<usize>,
}

/// The fewest columns in which an excerpt of a line can be read.
const NARROWEST: usize = 40;

/// The diagnostics as text: hints first and errors last, where a terminal shows them. Repeated ones are folded into the first.
/// `prefix` is the path to the project's folder.
pub fn render(sources: &[Arc<Source>], diagnostics: &[Diagnostic], prefix: &str, style: Style) -> String {
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = match style.width {
        Some(width) => renderer.term_width(width.max(NARROWEST)),
        None => renderer,
    };
    let locator = Locator::new(sources);
    let mut out = String::new();
    let mut folded = fold(diagnostics);
    folded.sort_by_key(|(diagnostic, _)| std::cmp::Reverse(diagnostic.severity));
    for (diagnostic, repeats) in folded {
        let text = one(&renderer, &locator, prefix, diagnostic, &repeats);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{text}\n");
    }
    out
}

/// The number of repeats whose places are printed.
const SHOWN_REPEATS: usize = 3;

/// The diagnostics that differ in more than their place, with the places of their repeats.
fn fold(diagnostics: &[Diagnostic]) -> Vec<(&Diagnostic, Vec<Place>)> {
    let mut folded: Vec<(&Diagnostic, Vec<Place>)> = Vec::new();
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let key = (diagnostic.code, diagnostic.severity, &diagnostic.message, &diagnostic.hints);
        match known.entry(key) {
            Entry::Occupied(at) => folded[*at.get()].1.push(diagnostic.place),
            Entry::Vacant(new) => {
                new.insert(folded.len());
                folded.push((diagnostic, Vec::new()));
            }
        }
    }
    folded
}

/// A line about the repeats of a diagnostic.
fn repeats_line(locator: &Locator<'_>, prefix: &str, repeats: &[Place]) -> Option<String> {
    let places: Vec<String> = repeats
        .iter()
        .take(SHOWN_REPEATS)
        .filter_map(|place| locator.start(*place))
        .map(|at| format!("{prefix}{}:{}:{}", at.path, at.line, at.column))
        .collect();
    let more = match repeats.len().saturating_sub(SHOWN_REPEATS) {
        0 => String::new(),
        1 => " and 1 more place".to_owned(),
        more => format!(" and {more} more places"),
    };
    (!places.is_empty()).then(|| format!("also at {}{more}", places.join(", ")))
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

fn one(renderer: &Renderer, locator: &Locator<'_>, prefix: &str, diagnostic: &Diagnostic, repeats: &[Place]) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let title =
        level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.name()).id_url(guide_url(diagnostic.code));
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
    let also = repeats_line(locator, prefix, repeats);
    let also = also.iter().map(|line| Level::NOTE.message(line.as_str()));
    let mut text = renderer.render(&[group.elements(related).elements(hints).elements(also)]);
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
        let shown = render(std::slice::from_ref(&source), std::slice::from_ref(&finding), "book/", Style::default());
        assert!(shown.contains("book/a.qmd:2:2002\n"), "{shown}");
        let lines: Vec<&str> = shown.lines().collect();
        let at = |line: &str, mark| line.find(mark).map(|at| line[..at].chars().count());
        assert_eq!(at(lines[3], "@fig-a"), at(lines[4], "^^^^^^"), "{shown}");
        assert!(at(lines[3], "@fig-a").is_some(), "{shown}");
        assert!(shown.len() < 1024, "{shown}");
        assert!(
            render(&[source], &[finding], "book/", Style { colour: true, width: None }).contains("book/a.qmd:2:2002\n"),
            "{shown}"
        );
    }

    #[test]
    fn repeats_are_folded_and_errors_come_last() {
        let source = Arc::new(Source::new(SourceId(0), "a.qmd", "one\ntwo\nthree\nfour\nfive\nsix\n"));
        let place = |start| Place { source: SourceId(0), span: Span::new(start, start + 3) };
        let mut findings = vec![Diagnostic::new(Code::MissingImage, place(0), "an error")];
        findings.extend([4, 8, 14, 19, 24].map(|at| Diagnostic::new(Code::BrokenLink, place(at), "a link")));
        let shown = render(&[source], &findings, "", Style::default());
        assert!(shown.contains("also at a.qmd:3:1, a.qmd:4:1, a.qmd:5:1 and 1 more place"), "{shown}");
        assert_eq!(shown.matches("a link").count(), 1, "{shown}");
        assert!(shown.find("a link") < shown.find("an error"), "{shown}");
    }

    #[test]
    fn a_line_fits_a_narrow_terminal() {
        let text = format!("{} @fig-a {}\n", "word ".repeat(40), "word ".repeat(40));
        let start = text.find('@').expect("it is there");
        let source = Arc::new(Source::new(SourceId(0), "a.qmd", text));
        let place = Place { source: SourceId(0), span: Span::new(start, start + 6) };
        let finding = Diagnostic::new(Code::UnresolvedReference, place, "no such label");
        let shown = render(&[source], &[finding], "", Style { colour: false, width: Some(60) });
        assert!(shown.lines().all(|line| line.chars().count() <= 60), "{shown}");
        assert!(shown.contains("@fig-a"), "{shown}");
    }
}
