//! Templates that count what they do.
//!
//! Tera has no limit for the turns of loops, nor for the texts that a template makes: two loops, one in the other, over a list of
//! ten thousand take minutes, and a variable that is set to itself twice, thirty times, takes all memory. Nor can a template be
//! stopped from outside. So the template itself counts: calls of functions are put into it, which fail when it is too much. What
//! they count says [`Limits`](crate::templates::limits::Limits).

use super::tags::{Part, parts};

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
    for part in parts(text) {
        match part {
            Part::Text(text) => {
                out.push_str(text);
                frames.iter_mut().last().into_iter().for_each(|frame| frame.text += text.len());
            }
            Part::Tag(text, tag) => {
                tag.write(text, &mut out);
                let trims = text.ends_with("-%}");
                match tag.word {
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
            }
        }
    }
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
