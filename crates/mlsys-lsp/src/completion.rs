//! Completion of labels, works, shortcodes, options, classes and files.

use crate::cursor::{NameKind, is_in_front_matter, name_at, yaml_path};
use crate::hover::{option_text, options_in, summary};
use crate::names::resolved;
use crate::project::Built;
use camino::Utf8Path;
use mlsys_book::{ConfigOption, OptionSection, OptionValue};
use mlsys_parse::{CLASSES, SHORTCODES};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ops::Range;

/// The kinds of completions in the protocol.
const PROPERTY: u8 = 10;
const VALUE: u8 = 12;
const KEYWORD: u8 = 14;
const FILE: u8 = 17;
const REFERENCE: u8 = 18;
const FUNCTION: u8 = 3;

/// One completion.
struct Item {
    /// What is inserted.
    name: String,
    kind: u8,
    /// A few words after the name.
    detail: String,
    /// Markdown about it.
    documentation: String,
}

/// The completions at a byte of a document's text.
pub fn completion(built: Built<'_>, file: &str, text: &str, at: usize) -> Value {
    let is_configuration = file.ends_with(".yml") || file.ends_with(".yaml");
    let (range, items) = match is_configuration || is_in_front_matter(text, at) {
        true => options(text, at, is_configuration),
        false => match name_at(text, at, file.ends_with(".bib")) {
            Some(named) => (named.range.start..named.range.end.max(at), of_name(built, named.kind, file)),
            None => (at..at, Vec::new()),
        },
    };
    let range = built.encoding.range(text, range);
    let items: Vec<Value> = items
        .into_iter()
        .map(|item| {
            let mut value = json!({
                "label": item.name, "kind": item.kind, "textEdit": { "range": range, "newText": item.name },
            });
            if !item.detail.is_empty() {
                value["detail"] = item.detail.into();
            }
            if !item.documentation.is_empty() {
                value["documentation"] = json!({ "kind": "markdown", "value": item.documentation });
            }
            value
        })
        .collect();
    json!({ "isIncomplete": false, "items": items })
}

fn of_name(built: Built<'_>, kind: NameKind, file: &str) -> Vec<Item> {
    let plain = |kind, names: &[&str]| {
        let items = names.iter().map(|name| Item {
            name: (*name).to_owned(),
            kind,
            detail: String::new(),
            documentation: String::new(),
        });
        items.collect()
    };
    match kind {
        NameKind::Reference => labels(built).chain(works(built, file)).collect(),
        NameKind::Label => labels(built).collect(),
        NameKind::Shortcode => plain(FUNCTION, SHORTCODES),
        NameKind::Class => plain(KEYWORD, CLASSES),
        NameKind::CellOption => {
            OptionSection::named("cell").map(|section| section.all().map(option).collect()).unwrap_or_default()
        }
        NameKind::File => files(built, file),
        NameKind::Entry => Vec::new(),
    }
}

fn labels(built: Built<'_>) -> impl Iterator<Item = Item> {
    built.linked.refs.labels.keys().map(move |name| Item {
        name: name.clone(),
        kind: REFERENCE,
        detail: built.numbered(name).unwrap_or_default(),
        documentation: built.text_of(name).unwrap_or_default(),
    })
}

fn works(built: Built<'_>, file: &str) -> Vec<Item> {
    let library = &built.linked.library.value;
    let sources: BTreeSet<_> = match built.page_of(file) {
        Some(page) => built.book.pages[page].bibliographies.iter().collect(),
        None => library.works.keys().collect(),
    };
    let works = library.works.iter().filter(|(source, _)| sources.contains(source)).flat_map(|(_, works)| works);
    let mut seen = BTreeSet::new();
    let items = works.filter(|work| seen.insert(work.key.as_str())).map(|work| Item {
        name: work.key.clone(),
        kind: VALUE,
        detail: work.text("title").unwrap_or_default(),
        documentation: summary(work),
    });
    items.collect()
}

/// The files of the project, relative to the page.
fn files(built: Built<'_>, file: &str) -> Vec<Item> {
    let folder = Utf8Path::new(file).parent().unwrap_or(Utf8Path::new(""));
    let hidden = |file: &&String| file.split('/').any(|part| part.starts_with('.'));
    let items = built.book.files.iter().filter(|file| !hidden(file)).map(|target| Item {
        name: relative(folder, target),
        kind: FILE,
        detail: String::new(),
        documentation: String::new(),
    });
    items.filter(|item| resolved(file, &item.name) != file).collect()
}

/// A file as seen from a folder, both relative to the project's folder.
fn relative(folder: &Utf8Path, target: &str) -> String {
    let shared = folder.components().zip(Utf8Path::new(target).components()).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(folder.components().count() - shared);
    let down: Vec<&str> = Utf8Path::new(target).components().skip(shared).map(|part| part.as_str()).collect();
    format!("{up}{}", down.join("/"))
}

/// The options, or the values of an option, at a place of YAML, and the bytes that they replace.
fn options(text: &str, at: usize, is_configuration: bool) -> (Range<usize>, Vec<Item>) {
    let line_start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let before = &text[line_start..at];
    let path = yaml_path(text, at);
    let Some((name, parents)) = path.split_last() else { return (at..at, Vec::new()) };
    match before.split_once(':') {
        None => {
            let start = line_start + before.len() - before.trim_start().trim_start_matches("- ").len();
            (start..at, options_in(parents, is_configuration).into_iter().map(option).collect())
        }
        Some((key, value)) => {
            let start = line_start + key.len() + 1 + value.len() - value.trim_start().len();
            let option = options_in(parents, is_configuration).into_iter().find(|option| option.name == *name);
            (start..at, option.map(values).unwrap_or_default())
        }
    }
}

fn option(option: &'static ConfigOption) -> Item {
    Item {
        name: option.name.to_owned(),
        kind: PROPERTY,
        detail: option.effect.to_owned(),
        documentation: option_text(option),
    }
}

/// The words that an option may have as its value.
fn values(option: &'static ConfigOption) -> Vec<Item> {
    let words = option.values.iter().flat_map(|value| match value {
        OptionValue::Choice(words) => words.to_vec(),
        OptionValue::Bool => vec!["true", "false"],
        OptionValue::Number
        | OptionValue::Text
        | OptionValue::Markdown
        | OptionValue::File
        | OptionValue::Url
        | OptionValue::Color
        | OptionValue::Length
        | OptionValue::Date
        | OptionValue::Map(_)
        | OptionValue::MapOf(_)
        | OptionValue::List
        | OptionValue::Data => Vec::new(),
    });
    let item =
        |name: &str| Item { name: name.to_owned(), kind: VALUE, detail: String::new(), documentation: String::new() };
    words.map(item).collect()
}
