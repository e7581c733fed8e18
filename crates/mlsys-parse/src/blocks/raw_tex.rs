//! TeX among blocks. Source: Pandoc manual, "Extension: raw_tex".

use super::Parser;
use crate::draft::DraftKind;
use crate::text::{Line, Text};
use mlsys_book::{Span, tex_argument};
use rustc_hash::FxHashMap;

/// Environments that are formulas. They belong to a paragraph, and the inline pass parses them.
const MATH: &[&str] =
    &["align", "alignat", "displaymath", "dmath", "eqnarray", "equation", "flalign", "gather", "math", "multline"];

/// Commands that are inlines even if alone on a line. Other commands alone on a line are blocks.
const TEXT_COMMANDS: &[&str] = &[
    "LaTeX",
    "TeX",
    "autoref",
    "cite",
    "citeauthor",
    "citep",
    "citet",
    "citeyear",
    "color",
    "cref",
    "dots",
    "emph",
    "ensuremath",
    "eqref",
    "footnote",
    "footnotemark",
    "footnotetext",
    "hbox",
    "href",
    "includegraphics",
    "index",
    "ldots",
    "lstinline",
    "mbox",
    "noindent",
    "nolinkurl",
    "pageref",
    "ref",
    "sout",
    "textbf",
    "textcolor",
    "textit",
    "textmd",
    "textnormal",
    "textrm",
    "textsc",
    "textsf",
    "textsl",
    "textsubscript",
    "textsuperscript",
    "texttt",
    "textup",
    "today",
    "underline",
    "url",
    "verb",
];

/// The name of the environment, if it is no formula, that starts at the start of a text.
fn environment(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("\\begin{")?;
    let name = &rest[..rest.find('}')?];
    let plain = !name.is_empty() && !name.contains(['{', '\\']) && !MATH.contains(&name.trim_end_matches('*'));
    plain.then_some(name)
}

impl<'a> Parser<'_, 'a> {
    /// An environment or a command that is a block of its own.
    pub(super) fn raw_tex(&mut self) -> bool {
        let Some(line) = self.peek(0) else { return false };
        let text = line.text(self.source);
        let at = text.len() - text.trim_ascii_start().len();
        let found = match environment(&text[at..]) {
            Some(name) => self.environment_end(name, at),
            None => command_end(&text[at..]).map(|len| (self.at, line.start + (at + len) as u32)),
        };
        let Some((index, after)) = found else { return false };
        let mut lines = self.lines[self.at..=index].to_vec();
        if let Some(first) = lines.first_mut() {
            *first = Line { start: first.start + at as u32, end: first.end, spaces: 0 };
        }
        if let Some(last) = lines.last_mut() {
            last.end = after;
        }
        let raw = Text::from_lines(self.source, &lines).text.into_owned();
        let span = Span { start: line.start + at as u32, end: after };
        self.at = index;
        self.skip_to(after);
        self.push(span, DraftKind::RawBlock("tex".into(), raw));
        true
    }

    /// The line and offset after the `\end` that belongs to an environment; environments of the same name may nest.
    fn environment_end(&mut self, name: &str, offset: usize) -> Option<(usize, u32)> {
        let start = self.lines[self.at].start + offset as u32;
        if self.environments.is_none() {
            self.environments = Some(index(&self.lines, self.at, self.source));
        }
        let marks = self.environments.as_mut()?.get_mut(name)?;
        let from = marks.partition_point(|mark| mark.at < start);
        let mut depth = 0;
        for mark in &marks[from..] {
            depth += if mark.begins { 1 } else { -1 };
            if depth == 0 {
                return Some((mark.line, mark.after));
            }
        }
        // An environment that is not closed after this line is not closed after later ones, either.
        marks.clear();
        None
    }
}

/// A `\begin` or `\end`.
pub(super) struct Mark {
    /// Its offset in the source.
    at: u32,
    after: u32,
    line: usize,
    begins: bool,
}

/// An index of the marks of every environment from a line on, by name, made at the first environment.
fn index<'a>(lines: &[Line], from: usize, source: &'a str) -> FxHashMap<&'a str, Vec<Mark>> {
    let mut marks: FxHashMap<&str, Vec<Mark>> = FxHashMap::default();
    for (line, content) in lines.iter().enumerate().skip(from) {
        let text = content.text(source);
        for at in memchr::memchr_iter(b'\\', text.as_bytes()) {
            let rest = &text[at..];
            let (begins, named) = match (rest.strip_prefix("\\begin{"), rest.strip_prefix("\\end{")) {
                (Some(named), _) => (true, named),
                (_, Some(named)) => (false, named),
                (None, None) => continue,
            };
            let Some(len) = named.find(['}', '{', '\\']).filter(|len| named[*len..].starts_with('}')) else { continue };
            let at = content.start + at as u32;
            let after = content.end - (named.len() - len - 1) as u32;
            marks.entry(&named[..len]).or_default().push(Mark { at, after, line, begins });
        }
    }
    marks
}

/// The length of one or more commands with their arguments, if the line contains nothing else.
fn command_end(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let name = text[at..].strip_prefix('\\')?;
        let len = name.bytes().take_while(u8::is_ascii_alphabetic).count();
        let name = &name[..len];
        if len == 0 || TEXT_COMMANDS.contains(&name) || matches!(name, "begin" | "end") {
            return None;
        }
        // `\let\a\b` and `\def\a#1{..}` have arguments without braces.
        if matches!(name, "def" | "let") {
            return Some(text.trim_ascii_end().len());
        }
        at += 1 + len;
        at += usize::from(text[at..].starts_with('*'));
        while let Some((_, rest)) = tex_argument(&text[at..]) {
            at = text.len() - rest.len();
        }
        let rest = text[at..].trim_ascii();
        if rest.is_empty() {
            return Some(at);
        }
        // A comment may follow.
        if rest.starts_with('%') {
            return Some(text.trim_ascii_end().len());
        }
        at += text[at..].len() - text[at..].trim_ascii_start().len();
    }
}
