//! The lines of an `algorithmic` environment.

use super::tex::{Reader, Token, named};
use mlsys_book::{AlgorithmLine, AlgorithmLineKind, Inline};
use std::ops::Range;

/// An open block: the word that ends it, and its start.
struct Open {
    end: &'static str,
    range: Range<usize>,
}

/// Lines up to `\end`, `\begin`, `\caption`, `\label` or the end of the text.
pub(super) fn lines(reader: &mut Reader<'_>) -> Vec<AlgorithmLine> {
    let mut builder = Builder { lines: Vec::new(), open: Vec::new() };
    while let Some(token) = reader.peek() {
        match token {
            Token::Blank => reader.next(),
            Token::Text => builder.loose(reader),
            Token::Command("begin" | "end" | "caption" | "label") => break,
            Token::Command(name) => builder.command(reader, &name.to_ascii_lowercase()),
        }
    }
    for open in builder.open {
        unended(reader, open);
    }
    builder.lines
}

fn unended(reader: &mut Reader<'_>, open: Open) {
    let end = if open.end == "Repeat" { "Until".to_owned() } else { format!("End{}", open.end) };
    reader.mistake(open.range, format!("this block is not closed: `\\{end}` is missing"));
}

struct Builder {
    lines: Vec<AlgorithmLine>,
    open: Vec<Open>,
}

impl Builder {
    fn command(&mut self, reader: &mut Reader<'_>, name: &str) {
        let start = reader.at();
        match name {
            "require" | "ensure" | "input" | "output" => {
                let word = match name {
                    "require" => "Require:",
                    "ensure" => "Ensure:",
                    "input" => "Input:",
                    _ => "Output:",
                };
                reader.next();
                let mut content = Vec::new();
                reader.keyword(&mut content, start, word);
                reader.text(&mut content, start, " ");
                content.extend(reader.inlines());
                self.line(reader, start, AlgorithmLineKind::Condition, content);
            }
            "state" | "statex" => {
                reader.next();
                let content = reader.inlines();
                let kind = if name == "state" { AlgorithmLineKind::Statement } else { AlgorithmLineKind::Unnumbered };
                self.line(reader, start, kind, content);
            }
            "return" | "print" => {
                reader.next();
                let mut content = Vec::new();
                reader.keyword(&mut content, start, name);
                reader.text(&mut content, start, " ");
                content.extend(reader.inlines());
                // `\State \Return x` is one line.
                if let Some(AlgorithmLine { kind: AlgorithmLineKind::Statement, content: last, span, .. }) =
                    self.lines.last_mut()
                    && last.is_empty()
                {
                    *last = content;
                    *span = span.to(reader.span(start));
                } else {
                    self.line(reader, start, AlgorithmLineKind::Statement, content);
                }
            }
            "comment" => {
                reader.next();
                let comment = reader.argument();
                if let Some(last) = self.lines.last_mut().filter(|line| line.comment.is_none()) {
                    last.comment = Some(comment);
                    last.span = last.span.to(reader.span(start));
                } else {
                    self.line(reader, start, AlgorithmLineKind::Unnumbered, Vec::new());
                    self.lines.last_mut().into_iter().for_each(|line| line.comment = Some(comment.clone()));
                }
            }
            "if" => self.begin(reader, start, "if", Some("then"), "If"),
            "for" => self.begin(reader, start, "for", Some("do"), "For"),
            "forall" | "foreach" => {
                let words = if name == "forall" { "for all" } else { "for each" };
                self.begin(reader, start, words, Some("do"), "For");
            }
            "while" => self.begin(reader, start, "while", Some("do"), "While"),
            "upon" => self.begin(reader, start, "upon", Some("do"), "Upon"),
            "repeat" => self.begin(reader, start, "repeat", None, "Repeat"),
            "loop" => self.begin(reader, start, "loop", None, "Loop"),
            "elsif" | "elseif" => {
                self.expect(reader, start, "If");
                self.begin(reader, start, "else if", Some("then"), "If");
            }
            "else" => {
                self.expect(reader, start, "If");
                self.begin(reader, start, "else", None, "If");
            }
            "function" => self.function(reader, start, "function", "Function"),
            "procedure" => self.function(reader, start, "procedure", "Procedure"),
            "until" => {
                self.expect(reader, start, "Repeat");
                reader.next();
                let content = self.condition(reader, start, "until", None);
                self.line(reader, start, AlgorithmLineKind::Statement, content);
            }
            "endif" => self.end(reader, start, "end if", "If"),
            "endfor" => self.end(reader, start, "end for", "For"),
            "endwhile" => self.end(reader, start, "end while", "While"),
            "endupon" => self.end(reader, start, "end upon", "Upon"),
            "endloop" => self.end(reader, start, "end loop", "Loop"),
            "endfunction" => self.end(reader, start, "end function", "Function"),
            "endprocedure" => self.end(reader, start, "end procedure", "Procedure"),
            _ => self.loose(reader),
        }
    }

    /// Text without a command: it belongs to the line before it.
    fn loose(&mut self, reader: &mut Reader<'_>) {
        let start = reader.at();
        let content = reader.inlines();
        if reader.at() == start {
            return reader.next();
        }
        match self.lines.last_mut() {
            Some(line) if !content.is_empty() => {
                if !line.content.is_empty() {
                    reader.text(&mut line.content, start, " ");
                }
                line.content.extend(content);
                line.span = line.span.to(reader.span(start));
            }
            Some(_) => {}
            None => self.line(reader, start, AlgorithmLineKind::Unnumbered, content),
        }
    }

    fn line(&mut self, reader: &Reader<'_>, start: usize, kind: AlgorithmLineKind, content: Vec<Inline>) {
        let depth = self.open.len() as u32;
        self.lines.push(AlgorithmLine { span: reader.span(start), depth, kind, content, comment: None });
    }

    /// A keyword, its argument and the word after it.
    fn condition(&self, reader: &mut Reader<'_>, start: usize, word: &str, after: Option<&str>) -> Vec<Inline> {
        let mut content = Vec::new();
        reader.keyword(&mut content, start, word);
        let condition = reader.argument();
        if !condition.is_empty() {
            reader.text(&mut content, start, " ");
            content.extend(condition);
        }
        if let Some(after) = after {
            reader.text(&mut content, start, " ");
            reader.keyword(&mut content, start, after);
        }
        content
    }

    fn begin(&mut self, reader: &mut Reader<'_>, start: usize, word: &str, after: Option<&str>, end: &'static str) {
        reader.next();
        let range = start..reader.at();
        let content = match word {
            // These have no argument; a brace after them would be text.
            "else" | "repeat" | "loop" => {
                let mut content = Vec::new();
                reader.keyword(&mut content, start, word);
                content
            }
            _ => self.condition(reader, start, word, after),
        };
        self.line(reader, start, AlgorithmLineKind::Statement, content);
        self.open.push(Open { end, range });
    }

    fn function(&mut self, reader: &mut Reader<'_>, start: usize, word: &str, end: &'static str) {
        reader.next();
        let range = start..reader.at();
        let mut content = Vec::new();
        reader.keyword(&mut content, start, word);
        reader.text(&mut content, start, " ");
        let name = reader.argument();
        content.push(Inline { span: reader.span(start), kind: named("ps-funcname", name) });
        let parameters = reader.argument();
        reader.text(&mut content, start, "(");
        content.extend(parameters);
        reader.text(&mut content, start, ")");
        self.line(reader, start, AlgorithmLineKind::Statement, content);
        self.open.push(Open { end, range });
    }

    fn end(&mut self, reader: &mut Reader<'_>, start: usize, words: &str, kind: &'static str) {
        self.expect(reader, start, kind);
        reader.next();
        let mut content = Vec::new();
        reader.keyword(&mut content, start, words);
        self.line(reader, start, AlgorithmLineKind::End, content);
    }

    /// Closes the innermost block, which must be of a kind.
    fn expect(&mut self, reader: &mut Reader<'_>, start: usize, kind: &str) {
        if self.open.last().is_some_and(|open| open.end == kind) {
            self.open.pop();
            return;
        }
        let range = start..start + 1;
        match self.open.iter().rposition(|open| open.end == kind) {
            Some(at) => {
                for open in self.open.drain(at..).skip(1).collect::<Vec<_>>() {
                    unended(reader, open);
                }
            }
            None => reader.mistake(range, format!("there is no open `\\{kind}` to end")),
        }
    }
}
