//! The source of an executed page: its own text with results in place of cells, and the quizzes after it.

use mlsys_book::{Piece, Source, Span};
use mlsys_cells::{Markdown, Segment};
use mlsys_parse::{QuizSection, QuizText};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An executed page's source, and where the bytes of the original are in it.
pub struct Composition {
    /// The source.
    pub source: Arc<Source>,
    /// Offsets of the original and of the new source at which text of equal length begins, in ascending order.
    moves: Vec<(u32, u32)>,
    /// Bytes of the original that the page does not show but diagnostics cite: start, end, and offset behind the page's text.
    cited: BTreeMap<u32, (u32, u32)>,
}

/// Composes the source of a page. `page` is the page's own text, without the texts that quizzes have appended. `cited` are the
/// places of diagnostics about cells: hidden code and options are in the source too, behind the page's text, so that they have
/// places.
pub fn compose(original: &Source, page: Span, markdown: &Markdown, cited: &[Span]) -> Composition {
    let Source { id, text, files, pieces: _ } = original;
    let mut source = Source { id: *id, text: Default::default(), files: files.clone(), pieces: Vec::new() };
    let generated = |segment: &Segment| match segment {
        Segment::Copied(_) => 0,
        Segment::Generated { text, .. } => text.len(),
    };
    source.reserve(text.len() + markdown.segments.iter().map(generated).sum::<usize>());
    let mut moves = Vec::with_capacity(markdown.segments.len() + 1);
    for segment in &markdown.segments {
        if segment_start(segment) >= page.end {
            break;
        }
        let now = source.text.len() as u32;
        match segment {
            Segment::Copied(span) => {
                moves.push((span.start, now));
                source.append_part(original, Span { end: span.end.min(page.end), ..*span });
            }
            Segment::Generated { text, replaces } => {
                moves.push((replaces.start, now));
                generate(original, text, *replaces, &mut source);
            }
        }
    }
    moves.push((page.end, source.text.len() as u32));
    source.append_part(original, Span { start: page.end, end: text.len() as u32 });
    let mut copied: Vec<Span> = markdown.segments.iter().filter_map(copied).collect();
    copied.sort_unstable();
    let is_shown = |at: u32| {
        let before = copied.partition_point(|span| span.start <= at).checked_sub(1);
        at >= page.end || before.is_some_and(|before| at < copied[before].end)
    };
    let mut longest: BTreeMap<u32, u32> = BTreeMap::new();
    for span in cited.iter().filter(|span| !is_shown(span.start)) {
        // A piece of a source has at least one byte.
        let next =
            text.get(span.start as usize..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8) as u32;
        let end = longest.entry(span.start).or_default();
        *end = span.end.max(span.start + next).max(*end);
    }
    let mut hidden = BTreeMap::new();
    for (start, end) in longest {
        let now = source.text.len() as u32;
        source.append_part(original, Span { start, end });
        hidden.insert(start, (end, now));
    }
    if source.pieces.is_empty() {
        source.pieces = vec![Piece { start: 0, file: 0, offset: 0, is_generated: false }];
    }
    // Outputs may lead back to the beginning of their cell.
    let mut last = 0;
    moves.retain(|(from, _)| {
        let ascends = *from >= last;
        last = last.max(*from);
        ascends
    });
    Composition { source: Arc::new(source), moves, cited: hidden }
}

fn copied(segment: &Segment) -> Option<Span> {
    match segment {
        Segment::Copied(span) => Some(*span),
        Segment::Generated { .. } => None,
    }
}

fn segment_start(segment: &Segment) -> u32 {
    match segment {
        Segment::Copied(span) | Segment::Generated { replaces: span, .. } => span.start,
    }
}

/// Appends text that stands in place of bytes of the original.
fn generate(original: &Source, text: &str, replaces: Span, source: &mut Source) {
    if !text.is_empty() {
        let (file, offset) = original.origin(replaces.start);
        source.append_generated(file as u32, offset, text);
    }
}

impl Composition {
    /// The bytes of the new source that stand for bytes of the original.
    pub fn moved(&self, span: Span) -> Span {
        if let Some((_, now)) = self.cited.get(&span.start).filter(|(end, _)| span.end <= *end) {
            return Span { start: *now, end: now + (span.end - span.start) };
        }
        Span { start: self.moved_offset(span.start), end: self.moved_offset(span.end) }
    }

    fn moved_offset(&self, offset: u32) -> u32 {
        let at = self.moves.partition_point(|(from, _)| *from <= offset);
        let end = self.moves.get(at).map_or(self.source.text.len() as u32, |(_, to)| *to);
        match at.checked_sub(1).and_then(|at| self.moves.get(at)) {
            Some((from, to)) => (to + (offset - from)).min(end),
            None => offset.min(end),
        }
    }

    /// The places of quizzes in the new source.
    pub fn moved_quizzes(&self, quizzes: &QuizText) -> QuizText {
        let section = |section: &QuizSection| QuizSection {
            questions: self.moved(section.questions),
            heading: self.moved(section.heading),
            answers: self.moved(section.answers),
            ..section.clone()
        };
        QuizText { page: self.moved(quizzes.page), sections: quizzes.sections.iter().map(section).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::SourceId;

    #[test]
    fn places_lead_to_the_page() {
        let mut original = Source::new(SourceId(0), "a.qmd", "# A\n\n```{python}\n1\n```\n\nText.\n");
        let page = Span::new(0, original.text.len());
        let quiz = original.append(0, 2, "A?\n");
        let (cell, rest) = (Span::new(5, 22), Span::new(22, page.end as usize));
        let segments = vec![
            Segment::Copied(Span::new(0, 5)),
            Segment::Generated { text: "::: {.cell}\none\n:::\n".to_owned(), replaces: cell },
            Segment::Copied(rest),
        ];
        let cited = [Span::new(17, 18), Span::new(0, 3)];
        let composition = compose(&original, page, &Markdown { segments, ..Markdown::default() }, &cited);
        let source = &composition.source;
        assert_eq!(*source.text, "# A\n\n::: {.cell}\none\n:::\n\n\nText.\nA?\n1");
        let place = |text: &str| source.locate(source.text.find(text).unwrap_or_default() as u32).to_string();
        assert_eq!([place("one"), place("Text"), place("A?")], ["a.qmd:3:1", "a.qmd:7:1", "a.qmd:1:3"]);
        assert_eq!(source.slice(composition.moved(quiz)), "A?\n");
        assert_eq!(source.slice(composition.moved(Span::new(0, 3))), "# A");
        let hidden = composition.moved(Span::new(17, 18));
        assert_eq!((source.slice(hidden), source.locate(hidden.start).to_string()), ("1", "a.qmd:4:1".to_owned()));
    }
}
