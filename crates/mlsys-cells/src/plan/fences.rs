//! The fences of cells in a page's text. Source: Quarto, `break-quarto-md.ts` and `quartoMdToJupyter`.

use mlsys_book::Span;
use std::collections::BTreeMap;

/// A fence with a language in braces.
pub(super) struct Fence {
    pub language: String,
    /// From the start of the opening line to the end of the closing line.
    pub span: Span,
    /// The bytes before the opening backticks.
    pub indent: usize,
    /// What follows the language within the braces.
    pub attributes: Span,
    /// The lines between the opening and the closing line, with their line ends.
    pub body: Span,
}

/// The fences of cells from an offset on. Those within other fences and in quotations are none; an unclosed fence is text.
pub(super) fn fences(text: &str, start: usize) -> Vec<Fence> {
    let lines = lines(text, start);
    let backticks = Closers::new(text, &lines, b'`');
    let tildes = Closers::new(text, &lines, b'~');
    let mut found = Vec::new();
    let mut i = 0;
    while i < lines.len() {
        let line = lines[i];
        let written = &text[line.range()];
        let marked = written.trim_start_matches([' ', '\t']);
        let indent = written.len() - marked.len();
        i += 1;
        if marked.starts_with("~~~") {
            let size = marked.bytes().take_while(|b| *b == b'~').count();
            i = tildes.at_least(size, i).map_or(i, |end| end + 1);
        } else if marked.starts_with("```") {
            let size = marked.bytes().take_while(|b| *b == b'`').count();
            let info = &marked[size..];
            if info.contains('`') {
                continue;
            }
            let Some((language, attributes)) = cell_info(info) else {
                i = backticks.at_least(size, i).map_or(i, |end| end + 1);
                continue;
            };
            let Some(end) = backticks.exactly(size, i) else { continue };
            let info_at = line.start as usize + indent + size;
            found.push(Fence {
                language: language.to_owned(),
                span: line.to(lines[end]),
                indent,
                attributes: Span::new(info_at + attributes.start, info_at + attributes.end),
                body: Span { start: lines[i].start, end: lines[end].start },
            });
            i = end + 1;
        }
    }
    found
}

/// The spans of lines without line ends.
fn lines(text: &str, start: usize) -> Vec<Span> {
    let mut at = start;
    text[start..]
        .split_inclusive('\n')
        .map(|line| {
            let begin = at;
            at += line.len();
            Span::new(begin, begin + line.trim_end_matches(['\n', '\r']).len())
        })
        .collect()
}

/// `{language attributes}` as an info string: the language, and the range of what follows it. A raw format (`{=html}`), a class
/// (`{.python}`) and double braces are no languages.
fn cell_info(info: &str) -> Option<(&str, std::ops::Range<usize>)> {
    let trimmed = info.trim();
    let open = info.len() - info.trim_start().len();
    let inner = trimmed.strip_prefix('{')?.strip_suffix('}')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let end = inner.find(|c| !is_name(c)).unwrap_or(inner.len());
    let (language, rest) = inner.split_at(end);
    let named = language.starts_with(|c: char| c.is_ascii_alphabetic());
    let separated = rest.is_empty() || rest.starts_with([' ', ',']);
    (named && separated).then_some((language, open + 1 + end..open + 1 + inner.len()))
}

/// The lines that consist of marks only, by their number of marks.
struct Closers(BTreeMap<usize, Vec<usize>>);

impl Closers {
    fn new(text: &str, lines: &[Span], mark: u8) -> Self {
        let mut closers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, line) in lines.iter().enumerate() {
            let line = text[line.range()].trim_ascii();
            if line.len() >= 3 && line.bytes().all(|b| b == mark) {
                closers.entry(line.len()).or_default().push(index);
            }
        }
        Closers(closers)
    }

    /// The first line from `from` on with so many marks.
    fn exactly(&self, size: usize, from: usize) -> Option<usize> {
        let lines = self.0.get(&size)?;
        lines.get(lines.partition_point(|line| *line < from)).copied()
    }

    /// The first line from `from` on with so many marks or more.
    fn at_least(&self, size: usize, from: usize) -> Option<usize> {
        let firsts =
            self.0.range(size..).filter_map(|(_, lines)| lines.get(lines.partition_point(|line| *line < from)));
        firsts.min().copied()
    }
}
