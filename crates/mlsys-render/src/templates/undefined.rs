//! Finds undefined names in templates.
//!
//! Tera finds them too, but for each it copies the template and shows the line: a template of one long line with a thousand of
//! them would fill the memory. So we look for them first, and stop after [`MOST`].

use super::tags::{Kind, Part, parts};
use mlsys_book::{Source, SourceId};
use std::collections::{BTreeMap, BTreeSet};
use tera::Tera;

/// The maximum number of names in a message.
const MOST: usize = 5;

/// The undefined names that the templates use, as a list for a message; `None` if all are defined. `tera` has no templates but
/// all filters, tests and functions. Source: Tera's manual, "Templates".
pub(crate) fn undefined_names(tera: &Tera, templates: &BTreeMap<&str, &str>) -> Option<String> {
    let mut uses = Vec::new();
    let mut components = BTreeSet::new();
    for (name, text) in templates {
        let mut start = 0;
        for part in parts(text) {
            match part {
                Part::Text(text) => start += text.len(),
                Part::Tag(text, tag) => {
                    components.extend(tag.defines);
                    uses.extend(tag.uses.iter().map(|(kind, used, at)| (*name, start + at, *kind, *used)));
                    start += text.len();
                }
            }
        }
    }
    let mut known = BTreeSet::new();
    let mut unknown = Vec::new();
    for (template, at, kind, name) in uses {
        if unknown.len() == MOST {
            break;
        }
        if known.contains(&(kind, name)) || unknown.iter().any(|(_, _, k, n)| (*k, *n) == (kind, name)) {
            continue;
        }
        let exists = match kind {
            // A name with a backslash is an escaped form of another one.
            Kind::Template => templates.contains_key(name) || name.contains('\\'),
            Kind::Component => components.contains(name),
            Kind::Filter => knows(tera, &format!("{{{{ 1 | {name} }}}}")),
            Kind::Test => knows(tera, &format!("{{{{ 1 is {name} }}}}")),
            Kind::Function => knows(tera, &format!("{{{{ {name}() }}}}")),
        };
        if exists {
            known.insert((kind, name));
        } else {
            unknown.push((template, at, kind, name));
        }
    }
    let messages = unknown.iter().map(|(template, at, kind, name)| {
        let source = Source::new(SourceId(0), *template, templates[template]);
        format!("no {} `{name}` ({})", kind.noun(), source.locate(*at as u32))
    });
    let list = messages.collect::<Vec<_>>().join(", ");
    (!unknown.is_empty()).then_some(list)
}

/// True if Tera can parse a template.
fn knows(tera: &Tera, template: &str) -> bool {
    tera.clone().add_raw_template("probe", template).is_ok()
}

impl Kind {
    fn noun(self) -> &'static str {
        match self {
            Kind::Filter => "filter",
            Kind::Test => "test",
            Kind::Function => "function",
            Kind::Component => "component",
            Kind::Template => "template",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tera_does_not_know() {
        let cases = [
            (
                "{{ a | upper | nix(b=1) | nix }}{{ a is not nix }}",
                Some("no filter `nix` (a:1:16), no test `nix` (a:1:45)"),
            ),
            ("{% if a is defined and b is nix(c=2) and (d) %}{% endif %}", Some("no test `nix` (a:1:29)")),
            ("é\n{{ [range(end=2), nix (a=range(end=3))] }}{{ b.nix }}", Some("no function `nix` (a:2:19)")),
            ("{% include `nix` %}{{ \"a\" }}", Some("no template `nix` (a:1:12)")),
            ("{% filter nix | upper %}{% endfilter %}", Some("no filter `nix` (a:1:11)")),
            ("{{ <nix.a b=\"c\"/> }}{% if a <nix %}{% endif %}", Some("no component `nix.a` (a:1:5)")),
            (
                "{% component b.c(d: string = \"e\") %}{{ d }}{% endcomponent b.c %}{% <b.c> %}{{ <b.c d={1 | nix}/> }}{% </b.c> %}",
                Some("no filter `nix` (a:1:92)"),
            ),
            (
                "{# {{ a | nix }} #}{% raw %}{{ a | nix }}{% endraw %}{{ \"| nix(\" }} | nix() {{ \"}}\" ~ super() }}",
                None,
            ),
            (
                "{% block a %}{{ super() }}{% endblock %}{% set a = not (b) or (c) in (d) %}{{ e if (f) else (g) }}",
                None,
            ),
            ("{% for a in range(end=1) %}{% if b %}{% elif (a) %}{% endif %}{% endfor %}{{ icon(name=\"x\") }}", None),
            ("{{ a | nix", None),
        ];
        let mut tera = Tera::new();
        tera.register_function("icon", |_: tera::Kwargs, _: &tera::State| "");
        for (text, expected) in cases {
            assert_eq!(undefined_names(&tera, &BTreeMap::from([("a", text)])).as_deref(), expected, "{text}");
            let read = tera.clone().add_raw_template("a", text).map_err(|error| error.to_string());
            assert_eq!(
                read.is_err_and(|message| message.contains("Unknown")),
                expected.is_some(),
                "{text}: as Tera says"
            );
        }
    }
}
