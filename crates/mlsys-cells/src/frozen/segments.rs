//! Aligns frozen Markdown with the page's text: what agrees is copied from the page, so that diagnostics lead to its lines.
//!
//! The alignment is a patience diff. Lines that both texts have once are anchors, as far as they are in the same order; equal
//! neighbours of anchors join them. Frozen lines between anchors are generated, and belong to the cell that they come from.

use crate::fence::Fence;
use crate::markdown::Segment;
use mlsys_book::Span;
use mlsys_parse::front_matter_text;
use rustc_hash::FxHashMap;

/// How many frozen lines are compared with a line that has an inline value.
const WINDOW: usize = 200;

/// A line of the page, and the cell before it.
struct Line<'s> {
    /// Without its line end.
    text: &'s str,
    /// With its line end.
    span: Span,
    /// The start of the last cell that begins at or before it.
    cell: Option<u32>,
}

/// A frozen line that agrees with a line of the page.
#[derive(Clone, Copy)]
struct Match {
    page: usize,
    frozen: usize,
    /// False if the page's line has an inline value, which the frozen line shows.
    is_equal: bool,
}

/// The segments that spell the frozen Markdown of a page, with the page's own front matter.
pub(crate) fn segments(text: &str, frozen: &str) -> Vec<Segment> {
    let head = front_matter_text(text).len();
    let frozen_head = front_matter_text(frozen);
    let mut segments = Segments { list: Vec::new(), page: text, frozen };
    segments.front_matter(&lines(text, 0, head), frozen_head);
    let page = lines(text, head, text.len());
    let frozen_lines = frozen_spans(frozen, frozen_head.len());
    let matches = alignment(&page, &frozen_lines.iter().map(|span| trimmed(&frozen[span.range()])).collect::<Vec<_>>());
    let (mut page_at, mut frozen_at) = (0, 0);
    let end = Match { page: page.len(), frozen: frozen_lines.len(), is_equal: false };
    for next in matches.iter().copied().chain([end]) {
        if frozen_at < next.frozen {
            let replaced = &page[page_at..next.page];
            let place = place(&page, page_at, replaced, text.len());
            segments.generated(frozen_lines[frozen_at].to(frozen_lines[next.frozen - 1]), place);
        }
        if let Some(line) = page.get(next.page) {
            match next.is_equal {
                true => segments.copied(line.span),
                false => segments.generated(frozen_lines[next.frozen], line.span),
            }
        }
        (page_at, frozen_at) = (next.page + 1, next.frozen + 1);
    }
    segments.list
}

/// Where diagnostics about frozen lines lead: to the cell before them, or else to the lines that they replace.
fn place(page: &[Line<'_>], at: usize, replaced: &[Line<'_>], end: usize) -> Span {
    let start = page.get(at).map_or(end, |line| line.span.start as usize);
    let cell = match replaced {
        [] => at.checked_sub(1).and_then(|before| page.get(before)).and_then(|line| line.cell),
        [first, ..] => {
            replaced.iter().find_map(|line| line.cell.filter(|cell| *cell >= first.span.start)).or(first.cell)
        }
    };
    match (cell, replaced) {
        (Some(cell), _) => Span::new(cell as usize, cell as usize),
        (None, [first, .., last]) => first.span.to(last.span),
        (None, [line]) => line.span,
        (None, []) => Span::new(start, start),
    }
}

struct Segments<'s> {
    list: Vec<Segment>,
    page: &'s str,
    frozen: &'s str,
}

impl Segments<'_> {
    /// Copies the page's front matter. Lines with an inline value are taken from the frozen text.
    fn front_matter(&mut self, page: &[Line<'_>], frozen: &str) {
        let mut values = frozen.split_inclusive('\n');
        for line in page {
            let value = has_value(line.text)
                .then(|| values.clone().position(|value| is_result_of(line.text, trimmed(value))))
                .flatten();
            match value.and_then(|at| values.nth(at)) {
                Some(value) => self.list.push(Segment::Generated { text: value.to_owned(), replaces: line.span }),
                None => self.copied(line.span),
            }
        }
    }

    fn copied(&mut self, span: Span) {
        if let Some(Segment::Copied(last)) = self.list.last_mut()
            && last.end == span.start
        {
            last.end = span.end;
        } else {
            self.list.push(Segment::Copied(span));
        }
        let is_last = span.end as usize == self.page.len();
        if is_last && !self.page.is_empty() && !self.page.ends_with('\n') {
            self.list.push(Segment::Generated { text: "\n".into(), replaces: Span { start: span.end, ..span } });
        }
    }

    fn generated(&mut self, span: Span, replaces: Span) {
        let mut text = self.frozen[span.range()].to_owned();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        self.list.push(Segment::Generated { text, replaces });
    }
}

/// The lines of the page's text between two offsets.
fn lines(text: &str, from: usize, to: usize) -> Vec<Line<'_>> {
    let mut at = from;
    let (mut cell, mut open) = (None, None::<Fence>);
    let line = |line: &'_ str| {
        let span = Span::new(at, at + line.len());
        at = span.end as usize;
        span
    };
    let spans: Vec<Span> = text[from..to].split_inclusive('\n').map(line).collect();
    spans
        .into_iter()
        .map(|span| {
            let line = &text[span.range()];
            match (open, Fence::of(line)) {
                (None, Some(fence)) => {
                    open = Some(fence);
                    if is_cell(fence.info(line)) {
                        cell = Some(span.start);
                    }
                }
                (Some(opening), Some(fence)) if fence.closes(&opening, line) => open = None,
                (Some(_), _) | (None, None) => {}
            }
            Line { text: trimmed(line), span, cell }
        })
        .collect()
}

/// True if the text after a fence's marker makes it a cell: `{python}`, `{r, echo=FALSE}`.
fn is_cell(info: &str) -> bool {
    info.strip_prefix('{').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

fn frozen_spans(frozen: &str, from: usize) -> Vec<Span> {
    let mut at = from;
    let lines = frozen[from..].split_inclusive('\n');
    lines
        .map(|line| {
            at += line.len();
            Span::new(at - line.len(), at)
        })
        .collect()
}

fn trimmed(line: &str) -> &str {
    line.trim_end_matches(['\n', '\r'])
}

/// Aligns the lines of both texts; ascending in both.
fn alignment(page: &[Line<'_>], frozen: &[&str]) -> Vec<Match> {
    let mut matches = Vec::new();
    let (mut page_at, mut frozen_at) = (0, 0);
    let end = (page.len(), frozen.len());
    for (anchor_page, anchor_frozen) in anchors(page, frozen).into_iter().chain([end]) {
        if anchor_page < page_at || anchor_frozen < frozen_at {
            continue;
        }
        // Equal lines after the last anchor, then equal lines before this one.
        let equal = |page_at: usize, frozen_at: usize| page[page_at].text == frozen[frozen_at];
        while page_at < anchor_page && frozen_at < anchor_frozen && equal(page_at, frozen_at) {
            matches.push(Match { page: page_at, frozen: frozen_at, is_equal: true });
            (page_at, frozen_at) = (page_at + 1, frozen_at + 1);
        }
        let mut before = 0;
        while page_at + before < anchor_page
            && frozen_at + before < anchor_frozen
            && equal(anchor_page - before - 1, anchor_frozen - before - 1)
        {
            before += 1;
        }
        let (gap_page, gap_frozen) = (page_at..anchor_page - before, frozen_at..anchor_frozen - before);
        values(page, frozen, gap_page, gap_frozen, &mut matches);
        let is_anchor = (anchor_page, anchor_frozen) != end;
        for back in (usize::from(!is_anchor)..=before).rev() {
            matches.push(Match { page: anchor_page - back, frozen: anchor_frozen - back, is_equal: true });
        }
        (page_at, frozen_at) = (anchor_page + 1, anchor_frozen + 1);
    }
    matches
}

/// Matches lines with inline values to the lines that show the values, in a gap between equal lines.
fn values(
    page: &[Line<'_>],
    frozen: &[&str],
    gap_page: std::ops::Range<usize>,
    gap_frozen: std::ops::Range<usize>,
    matches: &mut Vec<Match>,
) {
    let mut from = gap_frozen.start;
    for at in gap_page.filter(|at| has_value(page[*at].text)) {
        let window = from..gap_frozen.end.min(from + WINDOW);
        if let Some(frozen_at) = window.into_iter().find(|other| is_result_of(page[at].text, frozen[*other])) {
            matches.push(Match { page: at, frozen: frozen_at, is_equal: false });
            from = frozen_at + 1;
        }
    }
}

/// The pairs of lines that each text has once, as far as they are in the same order in both.
fn anchors(page: &[Line<'_>], frozen: &[&str]) -> Vec<(usize, usize)> {
    let mut places: FxHashMap<&str, (usize, usize, usize)> = FxHashMap::default();
    for line in page {
        places.entry(line.text).or_default().0 += 1;
    }
    for (at, line) in frozen.iter().enumerate() {
        if let Some((_, count, place)) = places.get_mut(line) {
            *count += 1;
            *place = at;
        }
    }
    let pairs: Vec<(usize, usize)> = page
        .iter()
        .enumerate()
        .filter_map(|(at, line)| match places.get(line.text) {
            Some((1, 1, place)) if !line.text.is_empty() => Some((at, *place)),
            Some(_) | None => None,
        })
        .collect();
    ascending(&pairs)
}

/// The longest subsequence of pairs that ascends in its second numbers.
fn ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The index of the last pair of the best sequence of each length, and the pair before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < pair.1);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut sequence = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(at) = next {
        sequence.push(pairs[at]);
        next = before[at];
    }
    sequence.reverse();
    sequence
}

/// True if a line has inline code that an engine replaces: `` `r x` ``, `` `{python} x` ``.
pub(super) fn has_value(line: &str) -> bool {
    line.contains("`r ") || line.contains("`{")
}

/// True if a frozen line is the page's line with values in place of its inline code: the text before the first and after the
/// last is the same.
fn is_result_of(line: &str, frozen: &str) -> bool {
    let Some(first) = line.find("`r ").into_iter().chain(line.find("`{")).min() else { return false };
    let last = line.rfind('`').map_or(line.len(), |at| at + 1);
    let (before, after) = (&line[..first], line.get(last..).unwrap_or(""));
    frozen.len() >= before.len() + after.len()
        && frozen.starts_with(before)
        && frozen.ends_with(after)
        && !(before.trim().is_empty() && after.trim().is_empty() && frozen.trim().is_empty())
}
