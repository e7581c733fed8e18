//! Templates whose loops are counted.
//!
//! Tera has no limit for the turns of loops: two loops, one in the other, over a list of ten thousand take minutes, and three
//! take years. Nor can a loop be ended from outside, so the template itself counts: what a loop or a comprehension goes over is
//! passed through a function, and so is each include and each call of a component, of which few may come to many.

/// The function that a loop asks, with what it goes over as `over`; returns that.
pub(crate) const TURNS: &str = "mlsys_turns";

/// The function that an included template and a component ask; returns an empty text.
pub(crate) const TURN: &str = "mlsys_turn";

/// The template with calls of [`TURNS`] and [`TURN`]. What Tera cannot read is left as it is. Source: Tera's manual, "Templates".
pub(crate) fn counted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.as_bytes().windows(2).position(|two| matches!(two, b"{{" | b"{%" | b"{#")) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = match rest.as_bytes()[1] {
            b'#' => rest[2..].find("#}").map(|at| at + 4),
            b'%' if skip_tag(&rest[2..], "raw").is_some() => end_of_raw(rest),
            _ => {
                let Some(tag) = Tag::read(rest) else { break };
                tag.write(rest, &mut out);
                rest = &rest[tag.end..];
                continue;
            }
        };
        let Some(end) = end else { break };
        out.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    out + rest
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

/// How far a loop of a tag or of a comprehension has been read.
#[derive(Clone, Copy, PartialEq)]
enum Loop {
    /// There is none.
    None,
    /// Its `for`.
    For,
    /// Its `in`: what follows is gone over.
    Over,
    /// All.
    Done,
}

/// A tag or an expression: where it ends, and what is put into it.
struct Tag {
    /// Where the text behind it begins.
    end: usize,
    /// Its first word.
    word: String,
    /// Where calls of [`TURNS`] begin and end.
    calls: Vec<(usize, bool)>,
}

impl Tag {
    /// Reads one at the beginning of a text; nothing for one without an end.
    fn read(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let is_tag = bytes[1] == b'%';
        let close: &[u8] = if is_tag { b"%}" } else { b"}}" };
        let mut tag = Tag { end: 0, word: String::new(), calls: Vec::new() };
        // The brackets that are open, each with its loop; the first is the tag itself.
        let mut open = vec![(bytes[1], Loop::None)];
        let mut at = if bytes.get(2) == Some(&b'-') { 3 } else { 2 };
        let mut before = b' ';
        loop {
            let byte = *bytes.get(at)?;
            let (bracket, looping) = open.last_mut()?;
            if bytes[at..].starts_with(close) || byte == b'-' && bytes[at + 1..].starts_with(close) {
                let first = open.first()?.1;
                tag.calls.extend((first == Loop::Over).then_some((at, false)));
                tag.end = at + if byte == b'-' { 3 } else { 2 };
                return Some(tag);
            }
            match byte {
                b'"' | b'\'' | b'`' => at = end_of_string(bytes, at)?,
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                    let end = at + bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
                    let word = &text[at..end];
                    let is_first = is_tag && tag.word.is_empty();
                    if is_first {
                        tag.word = word.to_owned();
                    }
                    match (word, *looping) {
                        _ if before == b'.' => {}
                        ("for", Loop::None) if is_first || *bracket == b'[' => *looping = Loop::For,
                        ("in", Loop::For) => {
                            tag.calls.push((end, true));
                            *looping = Loop::Over;
                        }
                        ("if", Loop::Over) if *bracket == b'[' => {
                            tag.calls.push((at, false));
                            *looping = Loop::Done;
                        }
                        _ => {}
                    }
                    at = end;
                }
                b'(' | b'[' | b'{' => {
                    open.push((byte, Loop::None));
                    at += 1;
                }
                b')' | b']' | b'}' if open.len() > 1 => {
                    tag.calls.extend((open.pop()?.1 == Loop::Over).then_some((at, false)));
                    at += 1;
                }
                _ => at += 1,
            }
            if !byte.is_ascii_whitespace() {
                before = byte;
            }
        }
    }

    /// Writes it with its calls, and with those that its first word asks for.
    fn write(&self, text: &str, out: &mut String) {
        let dash = |there: bool| if there { "-" } else { "" };
        if self.word == "include" {
            out.push_str(&format!("{{{{{} {TURN}() }}}}", dash(text[2..].starts_with('-'))));
        }
        let mut from = 0;
        for (at, begins) in &self.calls {
            out.push_str(&text[from..*at]);
            out.push_str(&if *begins { format!(" {TURNS}(over=") } else { ")".to_owned() });
            from = *at;
        }
        out.push_str(&text[from..self.end]);
        if self.word == "component" {
            out.push_str(&format!("{{{{ {TURN}() {}}}}}", dash(text[..self.end].ends_with("-%}"))));
        }
    }
}

/// Where the text behind a string begins.
fn end_of_string(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    while *bytes.get(at)? != bytes[start] {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    Some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn loops_comprehensions_includes_and_components() {
        let cases = [
            ("{% for a in b %}x{% endfor %}", "{% for a in mlsys_turns(over= b )%}x{% endfor %}"),
            ("{%- for a, b in c | f(x=\"%}\") -%}", "{%- for a, b in mlsys_turns(over= c | f(x=\"%}\") )-%}"),
            ("{{ [a for a in b if c] }}", "{{ [a for a in mlsys_turns(over= b )if c] }}"),
            (
                "{{ [[b for b in c] for a in c[0]] }}",
                "{{ [[b for b in mlsys_turns(over= c)] for a in mlsys_turns(over= c[0])] }}",
            ),
            ("{% if a in b %}{{ a.for.in }}", "{% if a in b %}{{ a.for.in }}"),
            (
                "{# {% for a in b %} #}{% raw %}{% for a in b %}{% endraw %}",
                "{# {% for a in b %} #}{% raw %}{% for a in b %}{% endraw %}",
            ),
            ("a {%- include \"b\" %}", "a {{- mlsys_turn() }}{%- include \"b\" %}"),
            ("{% component a() -%} b", "{% component a() -%}{{ mlsys_turn() -}} b"),
            ("{{ \"", "{{ \""),
            ("{{ ž }}{%", "{{ ž }}{%"),
        ];
        for (text, expected) in cases {
            assert_eq!(counted(text), expected);
        }
    }
}
