//! TeX among blocks. Source: Pandoc manual, "Extension: raw_tex".

use super::{DraftKind, Parser};
use crate::text::{Line, Text};
use mlsys_book::Span;

/// Environments that are formulas; they belong to a paragraph, where the inline pass reads them.
const MATH: &[&str] =
    &["align", "alignat", "displaymath", "dmath", "eqnarray", "equation", "flalign", "gather", "math", "multline"];

/// Commands that stand between paragraphs. Others belong to the text.
const BLOCK_COMMANDS: &[&str] = &[
    "addcontentsline",
    "addtocontents",
    "addtocounter",
    "appendix",
    "author",
    "backmatter",
    "bibliography",
    "bibliographystyle",
    "chapter",
    "cleardoublepage",
    "clearpage",
    "date",
    "def",
    "definecolor",
    "documentclass",
    "frontmatter",
    "hspace",
    "include",
    "input",
    "let",
    "listoffigures",
    "listoftables",
    "mainmatter",
    "maketitle",
    "markboth",
    "markright",
    "newcommand",
    "newenvironment",
    "newpage",
    "newtheorem",
    "pagebreak",
    "pagestyle",
    "paragraph",
    "part",
    "printbibliography",
    "providecommand",
    "renewcommand",
    "renewenvironment",
    "section",
    "setcounter",
    "setlength",
    "subparagraph",
    "subsection",
    "subsubsection",
    "tableofcontents",
    "thispagestyle",
    "title",
    "usepackage",
    "vfill",
    "vspace",
];

/// The name of an environment that is no formula, begun at the start of a text.
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
        let (begin, end) = (format!("\\begin{{{name}}}"), format!("\\end{{{name}}}"));
        if self.missing.ends.contains(&end) {
            return None;
        }
        let mut depth = 0;
        for (i, line) in self.lines[self.at..].iter().enumerate() {
            let text = line.text(self.source);
            let mut at = if i == 0 { offset } else { 0 };
            while let Some(next) = text.get(at..).and_then(|t| t.find('\\')) {
                at += next;
                if text[at..].starts_with(&begin) {
                    depth += 1;
                } else if text[at..].starts_with(&end) {
                    depth -= 1;
                    if depth == 0 {
                        return Some((self.at + i, line.start + (at + end.len()) as u32));
                    }
                }
                at += 1;
            }
        }
        self.missing.ends.push(end);
        None
    }
}

/// The length of a command with its arguments, when it is a block and nothing follows it in its line.
fn command_end(text: &str) -> Option<usize> {
    let name = text.strip_prefix('\\')?;
    let name_len = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    if !BLOCK_COMMANDS.contains(&&name[..name_len]) {
        return None;
    }
    let bytes = text.as_bytes();
    let mut at = 1 + name_len;
    if bytes.get(at) == Some(&b'*') {
        at += 1;
    }
    // `\let\a\b` and `\def\a#1{..}` have arguments without braces.
    if matches!(&name[..name_len], "def" | "let") {
        return Some(text.trim_ascii_end().len());
    }
    loop {
        let close = match bytes.get(at) {
            Some(b'[') => b']',
            Some(b'{') => b'}',
            _ => break,
        };
        let open = bytes[at];
        let mut depth = 0;
        let len = bytes[at..].iter().position(|b| {
            if *b == open {
                depth += 1;
            } else if *b == close {
                depth -= 1;
            }
            depth == 0
        })?;
        at += len + 1;
    }
    // A comment may follow.
    let rest = text[at..].trim_ascii();
    (rest.is_empty() || rest.starts_with('%')).then_some(if rest.is_empty() { at } else { text.trim_ascii_end().len() })
}
