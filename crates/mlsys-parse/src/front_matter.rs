//! Front matter: the YAML at the beginning of a page. Source: Quarto, "Front Matter"; Pandoc manual, "Extension:
//! yaml_metadata_block".

use crate::yaml::parse_yaml_as;
use mlsys_book::{Checked, Code, Diagnostic, Source, Span, Value, ValueKind};

/// A page's front matter, and the span of its text.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontMatter {
    /// The metadata: a map, empty when there is none.
    pub meta: Value,
    /// The text after the front matter, up to the end of the page's own text.
    pub body: Span,
}

/// Parses the front matter of a page. Invalid front matter is reported as [`Code::InvalidFrontMatter`].
pub fn front_matter(source: &Source) -> Checked<FrontMatter> {
    let text = source.text.as_str();
    let start = start(text);
    let whole = Span::new(start, text.len());
    let none = |body| FrontMatter { meta: Value::empty(source.place(Span::new(start, start))), body };
    let Some((yaml, body)) = fenced(text, start) else {
        return Checked::clean(none(whole));
    };
    let Checked { value, diagnostics } = parse_yaml_as(source, yaml, Code::InvalidFrontMatter);
    let mut checked = Checked { value: FrontMatter { meta: value, body }, diagnostics };
    match checked.value.meta.kind {
        ValueKind::Map(_) => {}
        ValueKind::Null => checked.value.meta = Value::empty(source.place(yaml)),
        ValueKind::Bool(_) | ValueKind::Int(_) | ValueKind::Float(..) | ValueKind::String(_) | ValueKind::Seq(_) => {
            checked.value.meta = Value::empty(source.place(yaml));
            if checked.diagnostics.is_empty() {
                let place = source.place(yaml);
                checked.diagnostics.push(
                    Diagnostic::new(Code::InvalidFrontMatter, place, "front matter is not a map")
                        .hint("write `key: value` lines between the two lines `---`"),
                );
            }
        }
    }
    checked
}

/// The front matter of a text with its fences and the blank lines around it; empty if there is none.
pub fn front_matter_text(text: &str) -> &str {
    fenced(text, start(text)).map_or("", |(_, body)| &text[..body.start as usize])
}

/// The start of a text, after its byte order mark.
fn start(text: &str) -> usize {
    if text.starts_with('\u{feff}') { 3 } else { 0 }
}

/// The YAML between `---` and `---` or `...`, and what follows.
fn fenced(text: &str, start: usize) -> Option<(Span, Span)> {
    let mut at = start;
    let mut begin = None;
    for line in text[start..].split_inclusive('\n') {
        at += line.len();
        let content = line.trim_end();
        match begin {
            // Blank lines may come before front matter.
            None if content.is_empty() => {}
            None if content == "---" => begin = Some(at),
            None => return None,
            Some(begin) if matches!(content, "---" | "...") => {
                return Some((Span::new(begin, at - line.len()), Span::new(at, text.len())));
            }
            // A rule is followed by a blank line; metadata is not.
            Some(begin) if begin == at - line.len() && content.is_empty() => return None,
            Some(_) => {}
        }
    }
    None
}
