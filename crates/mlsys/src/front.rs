//! Placeholder until `mlsys_parse::front_matter` lands.
use mlsys_book::{Checked, Source, Span, Value};
pub struct FrontMatter {
    pub meta: Value,
}
pub fn front_matter(source: &Source) -> Checked<FrontMatter> {
    let text = &source.text;
    let empty = Value::empty(source.place(Span::new(0, 0)));
    let mut at = 0;
    let mut start = None;
    for line in text.split_inclusive('\n') {
        let t = line.trim_end();
        match start {
            None if t == "---" => start = Some(at + line.len()),
            None if t.is_empty() => {}
            None => break,
            Some(s) if t == "---" || t == "..." => {
                let c = mlsys_parse::parse_yaml(source, Span::new(s, at));
                let meta = if c.value.entries().is_empty() { empty } else { c.value };
                return Checked { value: FrontMatter { meta }, diagnostics: c.diagnostics };
            }
            _ => {}
        }
        at += line.len();
    }
    Checked::clean(FrontMatter { meta: empty })
}
