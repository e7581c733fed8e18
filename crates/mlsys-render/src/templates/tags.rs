//! Tags of templates: what stands in `{{ }}` and `{% %}`. Source: Tera's manual, "Templates".

use super::counters::{FILTERS, MADE, SET, TURNS};

/// A piece of a template.
pub(crate) enum Part<'a> {
    /// Text, a comment, or `raw` text with its tags; also everything from where Tera cannot read on.
    Text(&'a str),
    /// A tag or an expression, with its brackets.
    Tag(&'a str, Tag<'a>),
}

/// The pieces of a template, which together are its text.
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

/// The length of the piece with which a text begins, and the tag where it is one.
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

/// The length of a tag of one word, behind its `{%`.
fn skip_tag(text: &str, word: &str) -> Option<usize> {
    let rest = text.strip_prefix('-').unwrap_or(text).trim_ascii_start().strip_prefix(word)?.trim_ascii_start();
    let rest = rest.strip_prefix('-').unwrap_or(rest).strip_prefix("%}")?;
    Some(text.len() - rest.len())
}

/// Where a text that begins with a `raw` tag goes on behind its `endraw`.
fn end_of_raw(text: &str) -> Option<usize> {
    let ends = text.match_indices("{%").skip(1).map(|(at, _)| at + 2);
    ends.filter_map(|at| Some(at + skip_tag(&text[at..], "endraw")?)).next()
}

/// How far a comprehension has been read.
#[derive(Clone, Copy, PartialEq)]
enum Loop {
    /// There is none.
    None,
    /// Its `for`.
    For,
    /// Its `in`: what follows is gone over.
    Over,
    /// Its `if`: what follows is a condition.
    If,
}

/// What a name in a template stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Filter,
    Test,
    Function,
    Component,
    /// Another template, which is included.
    Template,
}

/// A tag or an expression: where it ends, and what is put into it.
pub(crate) struct Tag<'a> {
    /// Where the text behind it begins.
    end: usize,
    /// Its first word.
    pub word: &'a str,
    /// The names in the first brackets of a component's definition.
    pub parameters: Vec<&'a str>,
    /// The component that it begins to define.
    pub defines: Option<&'a str>,
    /// The names that are used, in their order, and where they stand in the tag.
    pub uses: Vec<(Kind, &'a str, usize)>,
    /// What is put in, and where.
    puts: Vec<(usize, String)>,
}

/// A bracket that is open.
struct Open {
    bracket: u8,
    /// Where its content begins.
    start: usize,
    looping: Loop,
}

impl<'a> Tag<'a> {
    /// Reads one at the beginning of a text; nothing for one without an end.
    fn read(text: &'a str) -> Option<Self> {
        let bytes = text.as_bytes();
        let is_tag = bytes[1] == b'%';
        let close: &[u8] = if is_tag { b"%}" } else { b"}}" };
        let mut at = if bytes.get(2) == Some(&b'-') { 3 } else { 2 };
        let mut tag =
            Tag { end: 0, word: "", parameters: Vec::new(), defines: None, uses: Vec::new(), puts: Vec::new() };
        // The first is the tag itself.
        let mut open = vec![Open { bracket: bytes[1], start: at, looping: Loop::None }];
        // What stands right before: a byte that is no white space, and the last two words where nothing stands between.
        let (mut before, mut words) = (b' ', ["", ""]);
        // What is written or set as a whole goes through a function. A component is no value, but writes what it makes.
        let mut is_wrapped = !is_tag && !text[at..].trim_ascii_start().starts_with('<');
        if is_wrapped {
            tag.put(at, &format!(" {MADE}(of="));
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
                    match (word, within.looping) {
                        _ if before == b'.' => {}
                        _ if kind == Some(Kind::Filter) && FILTERS.contains(&word) => tag.put(at, "mlsys_"),
                        ("for", Loop::None) if within.bracket == b'[' => {
                            tag.put(within.start, &format!("{MADE}(of="));
                            tag.put(at, ") ");
                            within.looping = Loop::For;
                        }
                        ("in", Loop::For) => {
                            tag.put(end, &format!(" {TURNS}(over="));
                            within.looping = Loop::Over;
                        }
                        ("if", Loop::Over) if within.bracket == b'[' => {
                            tag.put(at, ")");
                            tag.put(end, &format!(" {MADE}(of="));
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
                // A component ends, which is a value as brackets are.
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

    /// Writes it with what is put in.
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

/// Words between which and a bracket there is no call.
const OPERATORS: [&str; 9] = ["and", "elif", "else", "if", "in", "is", "not", "or", "super"];

/// Whether a value ends before a `<`, so that it compares; otherwise a component begins.
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

/// Where the text behind a string begins.
fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    while *bytes.get(at)? != bytes[start] {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    Some(at + 1)
}
