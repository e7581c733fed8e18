//! The TeX of pseudocode's text: words, formulas, styles, keywords.

use crate::text::Text;
use mlsys_book::{Attr, Inline, InlineKind, Math, plain_text};
use std::ops::Range;

/// The next piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// `\name`
    Command(&'t str),
    /// White space and comments.
    Blank,
    /// Anything else.
    Text,
}

/// A syntax error in pseudocode.
pub(super) struct Mistake {
    /// Its range in the text.
    pub range: Range<usize>,
    /// The message.
    pub message: String,
}

/// A reader of pseudocode.
pub(super) struct Reader<'t> {
    map: &'t Text<'t>,
    at: usize,
    depth: u32,
    mistakes: Vec<Mistake>,
}

/// Words that stand for themselves within a line.
const KEYWORDS: [&str; 12] =
    ["and", "or", "not", "xor", "to", "downto", "true", "false", "break", "continue", "return", "print"];

/// The commands that begin a line.
const LINE_COMMANDS: [&str; 34] = [
    "begin",
    "caption",
    "comment",
    "else",
    "elseif",
    "elsif",
    "end",
    "endfor",
    "endfunction",
    "endif",
    "endloop",
    "endprocedure",
    "endupon",
    "endwhile",
    "ensure",
    "for",
    "forall",
    "foreach",
    "function",
    "if",
    "input",
    "label",
    "loop",
    "output",
    "print",
    "procedure",
    "repeat",
    "require",
    "return",
    "state",
    "statex",
    "until",
    "upon",
    "while",
];

/// The maximal nesting depth of groups.
const MAX_DEPTH: u32 = 60;

impl<'t> Reader<'t> {
    pub fn new(map: &'t Text<'t>, at: usize) -> Self {
        Reader { map, at, depth: 0, mistakes: Vec::new() }
    }

    pub fn into_mistakes(self) -> Vec<Mistake> {
        self.mistakes
    }

    /// The offset of the next piece.
    pub fn at(&self) -> usize {
        self.at
    }

    pub fn mistake(&mut self, range: Range<usize>, message: impl Into<String>) {
        self.mistakes.push(Mistake { range, message: message.into() });
    }

    fn rest(&self) -> &'t str {
        self.map.text.get(self.at..).unwrap_or("")
    }

    /// The next piece; `None` at the end.
    pub fn peek(&self) -> Option<Token<'t>> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        Some(match first {
            '%' => Token::Blank,
            c if c.is_whitespace() => Token::Blank,
            '\\' => match &rest[1..1 + letters(&rest[1..])] {
                "" => Token::Text,
                name => Token::Command(name),
            },
            _ => Token::Text,
        })
    }

    /// Skips a command or blanks; another piece by a character.
    pub fn next(&mut self) {
        let rest = self.rest();
        self.at += match self.peek() {
            Some(Token::Command(name)) => 1 + name.len(),
            Some(Token::Blank) if rest.starts_with('%') => rest.find('\n').map_or(rest.len(), |end| end + 1),
            Some(Token::Blank) => rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len()),
            Some(Token::Text) => rest.chars().next().map_or(0, char::len_utf8),
            None => 0,
        };
    }

    /// `{...}` as written, if it comes next; of nested groups, the outermost.
    pub fn raw_argument(&mut self) -> &'t str {
        self.skip_spaces();
        let rest = self.rest();
        if !rest.starts_with('{') {
            return "";
        }
        if let Some((inside, after)) = mlsys_book::tex_group(rest) {
            self.at += rest.len() - after.len();
            return inside;
        }
        self.mistake(self.at..self.at + 1, "this brace is not closed");
        self.at = self.map.text.len();
        &rest[1..]
    }

    /// Skips `[...]`, if it comes next.
    pub fn optional_argument(&mut self) {
        self.skip_spaces();
        if self.rest().starts_with('[')
            && let Some(end) = self.rest().find(']')
        {
            self.at += end + 1;
        }
    }

    fn skip_spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.find(|c| c != ' ' && c != '\t').unwrap_or(rest.len());
    }

    /// The text of `{...}`, if it comes next.
    pub fn argument(&mut self) -> Vec<Inline> {
        self.skip_spaces();
        if !self.rest().starts_with('{') || self.depth >= MAX_DEPTH {
            return Vec::new();
        }
        let open = self.at;
        self.at += 1;
        self.depth += 1;
        let content = self.inlines();
        self.depth -= 1;
        if self.rest().starts_with('}') {
            self.at += 1;
        } else {
            self.mistake(open..open + 1, "this brace is not closed");
        }
        content
    }

    /// Text up to a command that starts a line, the closing brace of a group, or the end. White space is collapsed and trimmed.
    pub fn inlines(&mut self) -> Vec<Inline> {
        let mut out: Vec<Inline> = Vec::new();
        while let Some(token) = self.peek() {
            let start = self.at;
            match token {
                Token::Blank => {
                    self.next();
                    self.text(&mut out, start, " ");
                }
                Token::Command(name) => {
                    let lower = name.to_ascii_lowercase();
                    let word = KEYWORDS.contains(&lower.as_str());
                    if LINE_COMMANDS.contains(&lower.as_str()) && !(word && self.depth > 0) {
                        break;
                    }
                    self.next();
                    self.command(&mut out, start, name, &lower);
                }
                Token::Text => {
                    if self.rest().starts_with('}') {
                        if self.depth > 0 {
                            break;
                        }
                        self.mistake(start..start + 1, "unmatched closing brace");
                        self.at += 1;
                    } else {
                        self.plain(&mut out, start);
                    }
                }
            }
        }
        trim(&mut out);
        out
    }

    /// A piece that is no command: a formula, a group, an escape, words.
    fn plain(&mut self, out: &mut Vec<Inline>, start: usize) {
        let rest = self.rest();
        let formula = [("$$", "$$"), ("$", "$"), ("\\(", "\\)")].into_iter().find(|(open, _)| rest.starts_with(open));
        if let Some((open, close)) = formula {
            let inner = &rest[open.len()..];
            let Some(end) = unescaped(inner, close) else {
                self.mistake(start..start + open.len(), "this formula is not closed");
                self.at += open.len();
                return self.text(out, start, open);
            };
            self.at += open.len() + end + close.len();
            let math =
                Math { display: false, tex: inner[..end].trim().to_owned(), attr: Attr::default(), labels: Vec::new() };
            return self.push(out, start, InlineKind::Math(Box::new(math)));
        }
        if rest.starts_with('{') {
            let content = self.argument();
            if self.at == start {
                self.at += 1;
            }
            return out.extend(content);
        }
        const MARKS: [(&str, &str); 8] = [
            ("---", "—"),
            ("--", "–"),
            ("``", "“"),
            ("''", "”"),
            ("~", "\u{a0}"),
            ("\\\\", " "),
            ("\\ ", " "),
            ("\\,", "\u{202f}"),
        ];
        if let Some((mark, text)) = MARKS.iter().find(|(mark, _)| rest.starts_with(mark)) {
            self.at += mark.len();
            return self.text(out, start, text);
        }
        if let Some(after) = rest.strip_prefix('\\') {
            let escaped = after.chars().next();
            self.at += 1 + escaped.map_or(0, char::len_utf8);
            return self.text(out, start, &escaped.map_or_else(|| "\\".to_owned(), String::from));
        }
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let ends = |c: char| c.is_whitespace() || "\\${}~%`'-".contains(c);
        let end = rest[first..].find(ends).map_or(rest.len(), |end| first + end);
        self.at += end;
        self.text(out, start, &rest[..end]);
    }

    /// A command within a line.
    fn command(&mut self, out: &mut Vec<Inline>, start: usize, name: &str, lower: &str) {
        match name {
            "textbf" | "mathbf" | "bf" => {
                let content = self.argument();
                return self.push(out, start, InlineKind::Strong(content));
            }
            "textit" | "emph" | "textsl" => {
                let content = self.argument();
                return self.push(out, start, InlineKind::Emph(content));
            }
            "texttt" => {
                let content = plain_text(&self.argument());
                return self.push(out, start, InlineKind::Code(Box::default(), content));
            }
            "textsc" => {
                let content = self.argument();
                return self.push(out, start, InlineKind::SmallCaps(content));
            }
            "underline" => {
                let content = self.argument();
                return self.push(out, start, InlineKind::Underline(content));
            }
            "text" | "textrm" | "textsf" | "textnormal" | "textup" | "mbox" => {
                let content = self.argument();
                return out.extend(content);
            }
            "ldots" | "dots" => return self.text(out, start, "…"),
            "quad" | "qquad" => return self.text(out, start, "\u{2003}"),
            "gets" | "leftarrow" => return self.text(out, start, "←"),
            "rightarrow" => return self.text(out, start, "→"),
            _ => {}
        }
        if lower == "call" {
            let function = self.argument();
            let arguments = self.argument();
            self.push(out, start, named("ps-funcname", function));
            self.text(out, start, "(");
            out.extend(arguments);
            self.text(out, start, ")");
        } else if KEYWORDS.contains(&lower) {
            self.keyword(out, start, lower);
            // TeX swallows the blank after a command.
            if self.peek() == Some(Token::Blank) {
                self.text(out, start, " ");
            }
        } else {
            self.mistake(start..self.at, format!("unknown pseudocode command `\\{name}`"));
            self.push(out, start, InlineKind::Code(Box::default(), format!("\\{name}")));
        }
    }

    /// Adds a keyword.
    pub fn keyword(&self, out: &mut Vec<Inline>, start: usize, word: &str) {
        let span = self.map.span(start..self.at);
        let word = Inline { span, kind: InlineKind::Str(word.to_owned()) };
        out.push(Inline { span, kind: named("ps-keyword", vec![word]) });
    }

    /// Adds text, joined to the text before it.
    pub fn text(&self, out: &mut Vec<Inline>, start: usize, text: &str) {
        let span = self.map.span(start..self.at);
        let Some(Inline { kind: InlineKind::Str(last), span: before }) = out.last_mut() else {
            out.push(Inline { span, kind: InlineKind::Str(text.to_owned()) });
            return;
        };
        if text != " " || !last.ends_with(' ') {
            last.push_str(text);
            before.end = before.end.max(span.end);
        }
    }

    fn push(&self, out: &mut Vec<Inline>, start: usize, kind: InlineKind) {
        out.push(Inline { span: self.map.span(start..self.at), kind });
    }

    /// The span from an offset to the current one.
    pub fn span(&self, start: usize) -> mlsys_book::Span {
        self.map.span(start..self.at)
    }
}

/// A span with a class.
pub(super) fn named(class: &str, content: Vec<Inline>) -> InlineKind {
    InlineKind::Span(Box::new(Attr { classes: vec![class.to_owned()], ..Attr::default() }), content)
}

fn letters(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_alphabetic).count()
}

/// The offset of the first unescaped mark.
fn unescaped(text: &str, mark: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find(mark).map(|at| at + from) {
        let backslashes = text[..at].bytes().rev().take_while(|b| *b == b'\\').count();
        if backslashes % 2 == 0 || mark.starts_with('\\') {
            return Some(at);
        }
        from = at + mark.len();
    }
    None
}

/// Trims white space.
fn trim(content: &mut Vec<Inline>) {
    if let Some(Inline { kind: InlineKind::Str(first), .. }) = content.first_mut() {
        *first = first.trim_start_matches(' ').to_owned();
    }
    if let Some(Inline { kind: InlineKind::Str(last), .. }) = content.last_mut() {
        *last = last.trim_end_matches(' ').to_owned();
    }
    content.retain(|inline| !matches!(&inline.kind, InlineKind::Str(text) if text.is_empty()));
}
