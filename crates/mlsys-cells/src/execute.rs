//! The defaults of cells, which metadata may set in `execute` and at the top level. Source: Quarto, `metadataAsFormat`.

use mlsys_book::{Entry, OptionSection, Support, Value, ValueKind};
use std::borrow::Cow;

/// Metadata with the defaults of its top level in `execute`, too. A key that is in both has the value that comes later.
///
/// Each level of metadata needs this before the levels are merged: a page's `echo: true` overrides the project's
/// `execute: {echo: false}`. `execute: false` means `execute: {enabled: false}`.
pub fn lift_execute(meta: &Value) -> Cow<'_, Value> {
    let is_switch = |entry: &Entry| entry.key == "execute" && matches!(entry.value.kind, ValueKind::Bool(_));
    if !meta.entries().iter().any(|entry| is_switch(entry) || is_default(entry)) {
        return Cow::Borrowed(meta);
    }
    let mut execute = Value::empty(meta.place);
    for entry in meta.entries() {
        let set = |key: &str| {
            let entry = Entry { key: key.to_owned(), ..entry.clone() };
            Value { place: entry.value.place, kind: ValueKind::Map(vec![entry]) }
        };
        if is_switch(entry) {
            execute = execute.merge(&set("enabled"));
        } else if entry.key == "execute" {
            execute = execute.merge(&entry.value);
        } else if is_default(entry) {
            execute = execute.merge(&set(&entry.key));
        }
    }
    let mut entries: Vec<Entry> = meta.entries().iter().filter(|entry| entry.key != "execute").cloned().collect();
    entries.push(Entry { key: "execute".to_owned(), key_place: execute.place, value: execute });
    Cow::Owned(Value { place: meta.place, kind: ValueKind::Map(entries) })
}

/// True for an option of the top level that `execute` has, too. `output` there may also name a format of R Markdown.
fn is_default(entry: &Entry) -> bool {
    let has = |name: &str| {
        let options = OptionSection::named(name).map_or(&[][..], |section| section.options);
        options.iter().any(|option| option.name == entry.key && option.support == Support::Effect)
    };
    let is_flag = || truth(&entry.value).is_some() || entry.value.as_str() == Some("asis");
    has("execute") && has("computations") && (entry.key != "output" || is_flag())
}

/// A flag. The words that YAML 1.1 read as booleans count, because code that was meant to be hidden must not be shown.
pub(crate) fn truth(value: &Value) -> Option<bool> {
    match &value.kind {
        ValueKind::Bool(is) => Some(*is),
        ValueKind::String(text) => match text.to_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        },
        ValueKind::Null | ValueKind::Int(_) | ValueKind::Float(..) | ValueKind::Seq(_) | ValueKind::Map(_) => None,
    }
}
