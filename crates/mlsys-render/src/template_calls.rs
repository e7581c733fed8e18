//! Templates that count what they do.
//!
//! Tera has no limit for the turns of loops, nor for the texts that a template makes: two loops, one in the other, over a list of
//! ten thousand take minutes, and a variable that is set to itself twice, thirty times, takes all memory. Nor can a template be
//! stopped from outside. So the template itself counts: calls of functions are put into it, which fail when it is too much. What
//! they count says [`Limits`](crate::template_limits::Limits).

/// The function that a loop asks at each turn, and a template, a block and a component where they begin; returns an empty text.
/// `text` is the number of bytes of plain text in it, `turns` how many turns it counts for, `of` the values of parameters.
pub(crate) const TURN: &str = "mlsys_turn";

/// The function that a comprehension asks, with what it goes over as `over`; returns that.
pub(crate) const TURNS: &str = "mlsys_turns";

/// The function through which a value passes that is written or becomes part of a list, as `of`.
pub(crate) const MADE: &str = "mlsys_made";

/// The function through which a value passes that is set as a variable: `of`, and `name`.
pub(crate) const SET: &str = "mlsys_set";

/// The filters that may make much of little, or take long for it. With `mlsys_` before their names they look first at what will come
/// of it.
pub(crate) const FILTERS: [&str; 4] = ["indent", "join", "replace", "unique"];

/// How many turns the beginning of a template, a block or a component counts for: it takes longer than that of a loop's turn.
const CALL: usize = 5;

/// What is executed as a whole, and the place for its call of [`TURN`].
struct Frame {
    /// Where the call goes, in the text that has been written.
    place: usize,
    /// What the call has before its end, besides the length.
    arguments: String,
    /// The call's first and last bracket, which may trim white space.
    brackets: (&'static str, &'static str),
    /// How many bytes of plain text there are.
    text: usize,
}

impl Frame {
    fn new(place: usize, arguments: String, trims: bool) -> Self {
        Frame { place, arguments, brackets: ("{{", if trims { "-}}" } else { "}}" }), text: 0 }
    }
}

/// The template with calls of these functions. What Tera cannot read is left as it is. Source: Tera's manual, "Templates".
pub(crate) fn counted(text: &str) -> String {
    let mut out = String::with_capacity(2 * text.len());
    let mut frames = vec![Frame::new(0, format!("turns={CALL}"), false)];
    let mut done = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.as_bytes().windows(2).position(|two| matches!(two, b"{{" | b"{%" | b"{#")) {
        let plain;
        (plain, rest) = rest.split_at(start);
        out.push_str(plain);
        frames.iter_mut().last().into_iter().for_each(|frame| frame.text += plain.len());
        let end = match rest.as_bytes()[1] {
            b'#' => rest[2..].find("#}").map(|at| at + 4),
            b'%' if skip_tag(&rest[2..], "raw").is_some() => end_of_raw(rest),
            _ => {
                let Some(tag) = Tag::read(rest) else { break };
                tag.write(rest, &mut out);
                let trims = rest[..tag.end].ends_with("-%}");
                match tag.word.as_str() {
                    "for" => frames.push(Frame::new(out.len(), "turns=1".to_owned(), trims)),
                    "block" => frames.push(Frame::new(out.len(), format!("turns={CALL}"), trims)),
                    "component" => {
                        let values: Vec<String> = tag.parameters.iter().map(|name| format!("{name} or \"\"")).collect();
                        let arguments = format!("turns={CALL}, of=[{}]", values.join(", "));
                        frames.push(Frame::new(out.len(), arguments, trims));
                    }
                    "endfor" | "endblock" | "endcomponent" if frames.len() > 1 => done.extend(frames.pop()),
                    // A template that extends another one shows nothing but blocks.
                    "extends" => frames[0].arguments.clear(),
                    _ => {}
                }
                rest = &rest[tag.end..];
                continue;
            }
        };
        let Some(end) = end else { break };
        out.push_str(&rest[..end]);
        frames.iter_mut().last().into_iter().for_each(|frame| frame.text += end);
        rest = &rest[end..];
    }
    out.push_str(rest);
    frames.iter_mut().last().into_iter().for_each(|frame| frame.text += rest.len());
    done.extend(frames);
    done.retain(|frame| !frame.arguments.is_empty());
    done.sort_by_key(|frame| frame.place);
    let mut whole = String::with_capacity(out.len() + 40 * done.len());
    let mut from = 0;
    for Frame { place, arguments, brackets: (open, close), text } in done {
        whole.push_str(&out[from..place]);
        whole.push_str(&format!("{open} {TURN}({arguments}, text={text}) {close}"));
        from = place;
    }
    whole + &out[from..]
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

/// A tag or an expression: where it ends, and what is put into it.
struct Tag {
    /// Where the text behind it begins.
    end: usize,
    /// Its first word.
    word: String,
    /// The names in the first brackets of a component's definition.
    parameters: Vec<String>,
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

impl Tag {
    /// Reads one at the beginning of a text; nothing for one without an end.
    fn read(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let is_tag = bytes[1] == b'%';
        let close: &[u8] = if is_tag { b"%}" } else { b"}}" };
        let mut at = if bytes.get(2) == Some(&b'-') { 3 } else { 2 };
        let mut tag = Tag { end: 0, word: String::new(), parameters: Vec::new(), puts: Vec::new() };
        // The first is the tag itself.
        let mut open = vec![Open { bracket: bytes[1], start: at, looping: Loop::None }];
        let (mut before, mut last_word) = (b' ', "");
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
            match byte {
                b'"' | b'\'' | b'`' => at = end_of_string(bytes, at)?,
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                    let end = at + bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
                    let word = &text[at..end];
                    let is_filter = before == b'|' || tag.word == "filter" && last_word == "filter";
                    match (word, within.looping) {
                        _ if before == b'.' => {}
                        _ if is_filter && FILTERS.contains(&word) => tag.put(at, "mlsys_"),
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
                            tag.parameters.push(word.to_owned());
                        }
                        _ => {}
                    }
                    if is_tag && tag.word.is_empty() {
                        tag.word = word.to_owned();
                    }
                    last_word = word;
                    at = end;
                }
                b'=' if depth == 1 && !is_wrapped && matches!(tag.word.as_str(), "set" | "set_global") => {
                    at += 1;
                    tag.put(at, &format!(" {SET}(name=\"{last_word}\", of="));
                    is_wrapped = true;
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
                _ => at += 1,
            }
            if !byte.is_ascii_whitespace() {
                before = byte;
            }
        }
    }

    fn put(&mut self, at: usize, text: &str) {
        self.puts.push((at, text.to_owned()));
    }

    /// Writes it with what is put in.
    fn write(&self, text: &str, out: &mut String) {
        let mut from = 0;
        for (at, put) in &self.puts {
            out.push_str(&text[from..*at]);
            out.push_str(put);
            from = *at;
        }
        out.push_str(&text[from..self.end]);
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
    fn what_is_put_in() {
        let cases = [
            (
                "{% for a in b %}xy{% else %}z{% endfor %}",
                "{% for a in b %}{{ mlsys_turn(turns=1, text=3) }}xy{% else %}z{% endfor %}",
            ),
            (
                "{%- for a, b in c | f(x=\"%}\") -%} x",
                "{%- for a, b in c | f(x=\"%}\") -%}{{ mlsys_turn(turns=1, text=2) -}} x",
            ),
            ("{{ a }}{{- b -}}", "{{ mlsys_made(of= a )}}{{- mlsys_made(of= b )-}}"),
            ("{{ <a b={c}/> }}", "{{ <a b={c}/> }}"),
            ("{{ {\"a\": {\"b\": 1}} }}", "{{ mlsys_made(of= {\"a\": {\"b\": 1}} )}}"),
            ("{% set a = b ~ c -%}", "{% set a = mlsys_set(name=\"a\", of= b ~ c )-%}"),
            ("{% set a | join(sep=b) %}", "{% set a | mlsys_join(sep=b) %}"),
            ("{% filter replace(from=a, to=b) %}", "{% filter mlsys_replace(from=a, to=b) %}"),
            (
                "{% set d = [a for a in b if c] %}",
                "{% set d = mlsys_set(name=\"d\", of= [mlsys_made(of=a ) for a in mlsys_turns(over= b )if mlsys_made(of= c)] )%}",
            ),
            (
                "{% if [[b for b in c] for a in c[0]] %}",
                "{% if [mlsys_made(of=[mlsys_made(of=b ) for b in mlsys_turns(over= c)] ) for a in mlsys_turns(over= c[0])] %}",
            ),
            ("{% if a in b %}{% if a.for.in %}", "{% if a in b %}{% if a.for.in %}"),
            (
                "{# {% for a in b %} #}{% raw %}{% for a in b %}{% endraw %}",
                "{# {% for a in b %} #}{% raw %}{% for a in b %}{% endraw %}",
            ),
            ("a {%- include \"b\" %}", "a {%- include \"b\" %}"),
            (
                "{% component a(b, @c: string = \"d\", ...e) {\"f\": g, h: 1} -%} b{% endcomponent a %}",
                "{% component a(b, @c: string = \"d\", ...e) {\"f\": g, h: 1} -%}\
                 {{ mlsys_turn(turns=5, of=[b or \"\", c or \"\"], text=2) -}} b{% endcomponent a %}",
            ),
            ("{% block a %}{% endblock %}", "{% block a %}{{ mlsys_turn(turns=5, text=0) }}{% endblock %}"),
            ("{{ \"", "{{ \""),
            ("{{ ž }}{%", "{{ mlsys_made(of= ž )}}{%"),
        ];
        for (text, expected) in cases {
            let counted = counted(text);
            let begin = counted.find("}}").map_or(0, |at| at + 2);
            assert!(counted.starts_with("{{ mlsys_turn(turns=5, text="), "{counted}");
            assert_eq!(&counted[begin..], expected);
        }
        assert_eq!(counted("{% extends \"a\" %}b"), "{% extends \"a\" %}b");
    }
}
