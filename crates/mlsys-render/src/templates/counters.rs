//! Instruments templates with counters, because Tera limits neither loops nor output.
//!
//! Two nested loops over a list of ten thousand items take minutes; a variable set to itself twice, thirty times over, takes
//! all memory. Tera cannot be interrupted from outside. So we insert function calls into the template, which count and fail at
//! a limit: see [`Limits`](crate::templates::limits::Limits).

use super::tags::{Part, parts};

/// The function that each loop iteration calls, and each template, block and component at its start. Returns an empty string.
/// `text` is the number of bytes of literal text, `turns` the number of iterations it counts as, `of` the values of
/// parameters.
pub(crate) const TURN: &str = "mlsys_turn";

/// The function around the iterable of a comprehension, `over`. Returns it.
pub(crate) const TURNS: &str = "mlsys_turns";

/// The function around a value, `of`, that is written or becomes a list item. Returns it.
pub(crate) const OUTPUT: &str = "mlsys_made";

/// The function around a value that is assigned to a variable: `of` and `name`. Returns the value.
pub(crate) const SET: &str = "mlsys_set";

/// Filters whose output can be much larger than their input, or that can be slow. With the prefix `mlsys_` they first bound
/// their output.
pub(crate) const FILTERS: [&str; 4] = ["indent", "join", "replace", "unique"];

/// The number of iterations that the start of a template, block or component counts as: it takes longer than an iteration.
const CALL: usize = 5;

/// A body that executes as a whole, with the place for its call of [`TURN`].
struct Frame {
    /// Where the call is inserted, in the output so far.
    place: usize,
    /// The call's arguments apart from the length.
    arguments: String,
    /// The call's delimiters, which may trim white space.
    brackets: (&'static str, &'static str),
    /// The number of bytes of literal text.
    text: usize,
}

impl Frame {
    fn new(place: usize, arguments: String, trims: bool) -> Self {
        Frame { place, arguments, brackets: ("{{", if trims { "-}}" } else { "}}" }), text: 0 }
    }
}

/// The instrumented template. What Tera cannot parse stays as it is. Source: Tera's manual, "Templates".
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
                    // A template that extends another one outputs only its blocks.
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
