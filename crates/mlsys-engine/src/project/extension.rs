//! Project types that extensions contribute. Source: Quarto, "Custom Project Types".

use crate::project::sources::SourceReader;
use crate::project::vfs::folder_of;
use crate::project::yaml_file::yaml_file;
use mlsys_book::{Entry, Place, Value, ValueKind, clean_path};
use mlsys_parse::is_project_type;

/// The configuration over what the extension contributes that `project: type:` names.
///
/// Without such an extension the configuration stays as it is.
pub fn with_project_type(reader: &mut SourceReader, config: Value) -> Value {
    let Some(name) = config.path("project.type").and_then(Value::to_text).filter(|name| !is_project_type(name)) else {
        return config;
    };
    let Some((folder, extension)) = extension(reader, &name) else { return config };
    let Some(contributed) = extension.path("contributes.project") else { return config };
    let contributed = rooted(reader, contributed, &folder);
    let type_of = |value: &Value| value.path("project.type").cloned();
    let short = name.rsplit('/').next().unwrap_or(&name);
    let formats = extension.path("contributes.formats");
    let contributed = named_formats(&contributed, short, formats);
    let own = named_formats(&config, short, formats);
    let place = own.place;
    let project_type = type_of(&contributed).unwrap_or_else(|| text(place, "default"));
    let merged = contributed.merge(&own);
    merged.merge(&map(place, "project", map(place, "type", project_type)))
}

/// The extensions that contribute shortcodes: their names, and the Lua source that defines them.
pub fn shortcode_extensions(reader: &mut SourceReader, files: &[String]) -> Vec<(String, String)> {
    let inside = |folder: String| {
        let start = files.partition_point(|file| *file < folder);
        files[start..].iter().take_while(move |file| file.starts_with(&folder))
    };
    let mut extensions = Vec::new();
    for description in inside("_extensions/".to_owned())
        .filter(|file| file.ends_with("/_extension.yml") || file.ends_with("/_extension.yaml"))
    {
        let folder = folder_of(description);
        let contributes = reader.text(description).is_ok_and(|file| file.text.contains("shortcodes:"));
        // An extension may contain others, which have descriptions of their own.
        let own = format!("{folder}/");
        let is_own = |file: &&String| file.ends_with(".lua") && !file[own.len()..].contains("_extensions/");
        let programs = inside(own.clone()).filter(is_own);
        let lua: Vec<String> = match contributes {
            true => programs.filter_map(|file| Some(reader.text(file).ok()?.text.to_string())).collect(),
            false => Vec::new(),
        };
        if !lua.is_empty() {
            extensions.push((folder.rsplit('/').next().unwrap_or(folder).to_owned(), lua.join("\n")));
        }
    }
    extensions
}

/// The folder and the description of an extension: `NAME` or `ORGANISATION/NAME` below `_extensions`.
fn extension(reader: &mut SourceReader, name: &str) -> Option<(String, Value)> {
    let files = reader.list(&[]);
    let ends = [format!("/{name}/_extension.yml"), format!("/{name}/_extension.yaml")];
    let is_its = |file: &&String| file.starts_with("_extensions/") && ends.iter().any(|end| file.ends_with(end));
    let file = files.iter().find(is_its)?;
    let value = yaml_file(reader, file, "")?;
    Some((folder_of(file).to_owned(), value))
}

/// A value whose texts that name files of the extension are paths from the project's folder.
fn rooted(reader: &mut SourceReader, value: &Value, folder: &str) -> Value {
    let kind = match &value.kind {
        ValueKind::String(text) => {
            let path = clean_path(&format!("{folder}/{text}"));
            let is_file = !text.is_empty() && !text.contains([':', '\n']) && reader.has_file(&path);
            ValueKind::String(if is_file { path } else { text.clone() })
        }
        ValueKind::Seq(items) => ValueKind::Seq(items.iter().map(|item| rooted(reader, item, folder)).collect()),
        ValueKind::Map(entries) => {
            let entry = |entry: &Entry| Entry { value: rooted(reader, &entry.value, folder), ..entry.clone() };
            ValueKind::Map(entries.iter().map(entry).collect())
        }
        kind @ (ValueKind::Null | ValueKind::Bool(_) | ValueKind::Int(_) | ValueKind::Float(..)) => kind.clone(),
    };
    Value { place: value.place, kind }
}

/// A configuration with the options of the extension's formats under the formats that they are based on: `marsh-html` in
/// `format` becomes `html` with what the extension sets for it.
fn named_formats(config: &Value, name: &str, formats: Option<&Value>) -> Value {
    let Some(format) = config.get("format") else { return config.clone() };
    let place = format.place;
    let base = |key: &str| key.strip_prefix(name).and_then(|rest| rest.strip_prefix('-')).map(str::to_owned);
    let contributed = |base: &str| {
        let common = formats.and_then(|formats| formats.get("common"));
        let own = formats.and_then(|formats| formats.get(base));
        Value::empty(place).merge_all(common.into_iter().chain(own))
    };
    let mut entries: Vec<Entry> = Vec::new();
    let written: Vec<(String, Option<&Value>)> = match &format.kind {
        ValueKind::Map(entries) => entries.iter().map(|entry| (entry.key.clone(), Some(&entry.value))).collect(),
        ValueKind::Null
        | ValueKind::Bool(_)
        | ValueKind::Int(_)
        | ValueKind::Float(..)
        | ValueKind::String(_)
        | ValueKind::Seq(_) => format.items().iter().filter_map(|item| Some((item.to_text()?, None))).collect(),
    };
    for (key, options) in written {
        let options = options.filter(|options| matches!(options.kind, ValueKind::Map(_)));
        let (key, value) = match base(&key) {
            Some(base) => {
                let value = contributed(&base).merge_all(options);
                (base, value)
            }
            None => (key, options.cloned().unwrap_or_else(|| text(place, "default"))),
        };
        entries.push(Entry { key, key_place: place, value });
    }
    let format = Value { place, kind: ValueKind::Map(entries) };
    let others = config.entries().iter().filter(|entry| entry.key != "format").cloned();
    let all = others.chain([Entry { key: "format".to_owned(), key_place: place, value: format }]);
    Value { place: config.place, kind: ValueKind::Map(all.collect()) }
}

fn text(place: Place, text: &str) -> Value {
    Value { place, kind: ValueKind::String(text.to_owned()) }
}

fn map(place: Place, key: &str, value: Value) -> Value {
    let entry = Entry { key: key.to_owned(), key_place: place, value };
    Value { place, kind: ValueKind::Map(vec![entry]) }
}
