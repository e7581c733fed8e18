//! The tags of templates: `{{ }}` and `{% %}`. Source: Tera's manual, "Templates".

use super::counters::{FILTERS, OUTPUT, SET, TURNS};

/// A piece of a template.
pub(crate) enum Part<'a> {
    /// Literal text, a comment, or `raw` text with its tags; also the rest of a template that Tera cannot parse.
    Text(&'a str),
    /// A tag or an expression, with its delimiters.
    Tag(&'a str, Tag<'a>),
}

/// Splits a template into pieces, which concatenate to its text.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (part, length) = match next(rest) {
            (0, _) => return None,
            (length, Some(tag)) => (Part::Tag(&rest[..length], tag), length),
            (length, None) => (Part::Text(&rest[..length]), length),
        };
        rest = &rest[length..];
        Some(part)
    })
}

/// The length of the first piece, and its tag if it is one.
fn next(text: &str) -> (usize, Option<Tag<'_>>) {
    let start = text.as_bytes().windows(2).position(|two| matches!(two, b"{{" | b"{%" | b"{#"));
    let end = match (start, text.as_bytes().get(1)) {
        (Some(0), Some(b'#')) => text[2..].find("#}").map(|at| at + 4),
        (Some(0), Some(b'%')) if skip_tag(&text[2..], "raw").is_some() => end_of_raw(text),
        (Some(0), _) => match Tag::read(text) {
            Some(tag) => return (tag.end, Some(tag)),
            None => None,
        },
        (start, _) => start,
    };
    (end.unwrap_or(text.len()), None)
}

/// The length of a one-word tag after its `{%`.
fn skip_tag(text: &str, word: &str) -> Option<usize> {
    let rest = text.strip_prefix('-').unwrap_or(text).trim_ascii_start().strip_prefix(word)?.trim_ascii_start();
    let rest = rest.strip_prefix('-').unwrap_or(rest).strip_prefix("%}")?;
    Some(text.len() - rest.len())
}

/// The length of a text from its `raw` tag to the end of `endraw`.
fn end_of_raw(text: &str) -> Option<usize> {
    let ends = text.match_indices("{%").skip(1).map(|(at, _)| at + 2);
    ends.filter_map(|at| Some(at + skip_tag(&text[at..], "endraw")?)).next()
}

/// The state of reading a comprehension.
#[derive(Clone, Copy, PartialEq)]
enum Loop {
    /// Outside a comprehension.
    None,
    /// After `for`.
    For,
    /// After `in`: the iterable follows.
    Over,
    /// After `if`: a condition follows.
    If,
}

/// The kind of a name in a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Filter,
    Test,
    Function,
    Component,
    /// An included template.
    Template,
}

/// A parsed tag or expression, with insertions.
pub(crate) struct Tag<'a> {
    /// The offset after the tag.
    end: usize,
    /// Its first word.
    pub word: &'a str,
    /// The parameters of a component definition.
    pub parameters: Vec<&'a str>,
    /// The component that the tag defines.
    pub defines: Option<&'a str>,
    /// The names that it uses, in order, with their offsets in the tag.
    pub uses: Vec<(Kind, &'a str, usize)>,
    /// The insertions: text and offset.
    puts: Vec<(usize, String)>,
}

/// An open bracket.
struct Open {
    bracket: u8,
    /// The offset of its content.
    start: usize,
    looping: Loop,
}

impl<'a> Tag<'a> {
    /// Parses a tag at the start of a text; `None` if it has no end.
    fn read(text: &'a str) -> Option<Self> {
        let bytes = text.as_bytes();
        let is_tag = bytes[1] == b'%';
        let close: &[u8] = if is_tag { b"%}" } else { b"}}" };
        let mut at = if bytes.get(2) == Some(&b'-') { 3 } else { 2 };
        let mut tag =
            Tag { end: 0, word: "", parameters: Vec::new(), defines: None, uses: Vec::new(), puts: Vec::new() };
        // The first one is the tag itself.
        let mut open = vec![Open { bracket: bytes[1], start: at, looping: Loop::None }];
        // What directly precedes: a byte that is not white space, and the last two words if nothing is between them.
        let (mut before, mut words) = (b' ', ["", ""]);
        // A value that is output or assigned is wrapped in a function call. A component is not a value; it writes its output
        // itself.
        let mut is_wrapped = !is_tag && !text[at..].trim_ascii_start().starts_with('<');
        if is_wrapped {
            tag.put(at, &format!(" {OUTPUT}(of="));
        }
        loop {
            let byte = *bytes.get(at)?;
            let depth = open.len();
            let within = open.last_mut()?;
            let is_end = bytes[at..].starts_with(close) || byte == b'-' && bytes[at + 1..].starts_with(close);
            if is_end && (is_tag || depth == 1) {
                if is_wrapped {
                    tag.put(at, ")");
                }
                tag.end = at + if byte == b'-' { 3 } else { 2 };
                tag.puts.sort_by_key(|(at, _)| *at);
                return Some(tag);
            }
            let (mut last, mut now) = (byte, ["", ""]);
            match byte {
                b'"' | b'\'' | b'`' => {
                    let end = end_of_string(bytes, at)?;
                    if words[1] == "include" && tag.word == "include" {
                        tag.uses.push((Kind::Template, &text[at + 1..end - 1], at));
                    }
                    at = end;
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                    let end = at + length_of_word(&bytes[at..]);
                    let word = &text[at..end];
                    let kind = match words {
                        _ if before == b'.' || tag.word == "component" => None,
                        _ if before == b'|' => Some(Kind::Filter),
                        [_, "filter"] if tag.word == "filter" => Some(Kind::Filter),
                        [_, "is"] if word != "not" => Some(Kind::Test),
                        ["is", "not"] => Some(Kind::Test),
                        _ if is_tag && tag.word.is_empty() || OPERATORS.contains(&word) => None,
                        _ => bytes[end..].trim_ascii_start().starts_with(b"(").then_some(Kind::Function),
                    };
                    tag.uses.extend(kind.map(|kind| (kind, word, at)));
                    if tag.word == "component" && words == ["", "component"] {
                        tag.defines = Some(&text[at..at + length_of_dotted_name(&bytes[at..])]);
                    }
                    match word {
                        _ if before == b'.' => {}
                        _ if kind == Some(Kind::Filter) && FILTERS.contains(&word) => tag.put(at, "mlsys_"),
                        "for" if within.bracket == b'[' && matches!(within.looping, Loop::None) => {
                            tag.put(within.start, &format!("{OUTPUT}(of="));
                            tag.put(at, ") ");
                            within.looping = Loop::For;
                        }
                        "in" if matches!(within.looping, Loop::For) => {
                            tag.put(end, &format!(" {TURNS}(over="));
                            within.looping = Loop::Over;
                        }
                        "if" if within.bracket == b'[' && matches!(within.looping, Loop::Over) => {
                            tag.put(at, ")");
                            tag.put(end, &format!(" {OUTPUT}(of="));
                            within.looping = Loop::If;
                        }
                        _ if tag.word == "component"
                            && within.bracket == b'('
                            && matches!(before, b'(' | b',' | b'@') =>
                        {
                            tag.parameters.push(word);
                        }
                        _ => {}
                    }
                    if is_tag && tag.word.is_empty() {
                        tag.word = word;
                    }
                    now = [words[1], word];
                    at = end;
                }
                b'=' if depth == 1 && !is_wrapped && matches!(tag.word, "set" | "set_global") => {
                    at += 1;
                    tag.put(at, &format!(" {SET}(name=\"{}\", of=", words[1]));
                    is_wrapped = true;
                }
                b'<' if !follows_a_value(before, words[1]) => {
                    if tag.word.is_empty() {
                        tag.word = "<";
                    }
                    at += 1;
                    let name = &text[at..at + length_of_dotted_name(&bytes[at..])];
                    if !name.is_empty() {
                        tag.uses.push((Kind::Component, name, at));
                        at += name.len();
                    }
                }
                b'(' | b'[' | b'{' => {
                    at += 1;
                    open.push(Open { bracket: byte, start: at, looping: Loop::None });
                }
                b')' | b']' | b'}' if depth > 1 => {
                    if matches!(within.looping, Loop::Over | Loop::If) {
                        tag.put(at, ")");
                    }
                    open.pop();
                    at += 1;
                }
                // A component ends, which is a value like a bracketed expression.
                b'/' if bytes[at + 1..].starts_with(b">") => {
                    at += 2;
                    last = b')';
                }
                _ => at += 1,
            }
            if !byte.is_ascii_whitespace() {
                before = last;
                words = now;
            }
        }
    }

    fn put(&mut self, at: usize, text: &str) {
        self.puts.push((at, text.to_owned()));
    }

    /// Writes the tag with its insertions.
    pub fn write(&self, text: &str, out: &mut String) {
        let mut from = 0;
        for (at, put) in &self.puts {
            out.push_str(&text[from..*at]);
            out.push_str(put);
            from = *at;
        }
        out.push_str(&text[from..self.end]);
    }
}

/// Words that are not function names before a bracket.
const OPERATORS: [&str; 9] = ["and", "elif", "else", "if", "in", "is", "not", "or", "super"];

/// True if a value ends before a `<`, which then compares; otherwise a component starts.
fn follows_a_value(before: u8, word: &str) -> bool {
    match before {
        b')' | b']' | b'}' | b'"' | b'\'' | b'`' => true,
        _ => before.is_ascii_digit() || !word.is_empty() && !OPERATORS.contains(&word),
    }
}

fn length_of_word(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count()
}

fn length_of_dotted_name(bytes: &[u8]) -> usize {
    if !bytes.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_') {
        return 0;
    }
    let mut length = length_of_word(bytes);
    while bytes.get(length) == Some(&b'.') && length_of_word(&bytes[length + 1..]) > 0 {
        length += 1 + length_of_word(&bytes[length + 1..]);
    }
    length
}

/// The offset after a string.
fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    while *bytes.get(at)? != bytes[start] {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    Some(at + 1)
}
