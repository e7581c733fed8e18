//! Formats that extensions contribute, such as `marsh-html`. Source: Quarto, "Custom Formats".

use super::sources::SourceReader;
use super::vfs::folder_of;
use super::yaml_file::yaml_file;
use mlsys_book::{Entry, Value, ValueKind, clean_path, name};
use mlsys_parse::is_built;
use std::collections::BTreeMap;

/// The formats that the project's extensions contribute: maps from the formats that they are based on to options, by the name of
/// the extension. Paths in them are relative to the project's folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ExtensionFormats(BTreeMap<String, Value>);

impl ExtensionFormats {
    /// Reads the extensions of the project.
    pub fn read(reader: &mut SourceReader) -> Self {
        let files = reader.list_folder("_extensions");
        let is_description = |file: &&String| file.ends_with("/_extension.yml") || file.ends_with("/_extension.yaml");
        let mut formats = BTreeMap::new();
        for file in files.iter().filter(is_description) {
            if !reader.text(file).is_ok_and(|file| file.text.contains("formats:")) {
                continue;
            }
            let folder = folder_of(file);
            let Some(contributed) = yaml_file(reader, file, "").and_then(|v| v.path("contributes.formats").cloned())
            else {
                continue;
            };
            let name = folder.rsplit('/').next().unwrap_or(folder).to_owned();
            let contributed = rooted(reader, &contributed, folder);
            formats.entry(name).or_insert(contributed);
        }
        ExtensionFormats(formats)
    }

    /// The format that one of an extension is based on, and the options that the extension sets: `marsh-html` is `html`.
    fn split<'n>(&self, format: &'n str) -> Option<(&'n str, Value)> {
        let splits = format.match_indices('-').map(|(at, _)| (&format[..at], &format[at + 1..]));
        let (base, formats) = splits.filter_map(|(name, base)| Some((base, self.0.get(name)?))).next()?;
        let own = formats.get(base);
        own.is_some()
            .then(|| (base, Value::empty(formats.place).merge_all(formats.get("common").into_iter().chain(own))))
    }

    /// The extension's format of a value of `format` that is based on the one to build, and the options that the extension sets.
    pub fn contributed(&self, format: &Value, built: &str) -> Option<(String, Value)> {
        let mut named = names(format).into_iter().filter_map(|name| Some((name, self.split(name)?)));
        named.find(|(_, (base, _))| *base == built).map(|(name, (_, options))| (name.to_owned(), options))
    }

    /// Metadata in which the formats of extensions are those that they are based on, with the options that the extensions set.
    pub fn named(&self, meta: &Value) -> Value {
        let Some(format) = meta.value(name!("format")) else { return meta.clone() };
        if names(format).iter().all(|name| self.split(name).is_none()) {
            return meta.clone();
        }
        let place = format.place;
        let is_map = |value: &&Value| matches!(value.kind, ValueKind::Map(_));
        let renamed = |name: &str, entry: Option<&Entry>| {
            let own = entry.map(|entry| &entry.value);
            let (key, value) = match self.split(name) {
                Some((base, contributed)) => (base, contributed.merge_all(own.filter(is_map))),
                None => {
                    let default = || Value { place, kind: ValueKind::String("default".to_owned()) };
                    (name, own.cloned().unwrap_or_else(default))
                }
            };
            Entry { key: key.to_owned(), key_place: entry.map_or(place, |entry| entry.key_place), value }
        };
        let entries = match format.entries() {
            [] => names(format).into_iter().map(|name| renamed(name, None)).collect(),
            entries => entries.iter().map(|entry| renamed(&entry.key, Some(entry))).collect(),
        };
        let format = Value { place, kind: ValueKind::Map(entries) };
        let own = |entry: &Entry| match entry.key.as_str() {
            "format" => Entry { value: format.clone(), ..entry.clone() },
            _ => entry.clone(),
        };
        Value { place: meta.place, kind: ValueKind::Map(meta.entries().iter().map(own).collect()) }
    }
}

/// The names of a value of `format`: a text, a list or the keys of a map.
fn names(format: &Value) -> Vec<&str> {
    match format.entries() {
        [] => format.items().iter().filter_map(Value::as_str).collect(),
        entries => entries.iter().map(|entry| entry.key.as_str()).collect(),
    }
}

/// The first format of a page that has none to build from, from its metadata and that of its folders and of the project. The first
/// that has `format` decides. Source: Quarto, "Metadata Merging".
pub(crate) fn other_format(layers: [&Value; 3], formats: &ExtensionFormats, built: &str) -> Option<String> {
    if built != "html" {
        return None;
    }
    let named = layers.into_iter().find_map(|meta| meta.value(name!("format")))?;
    let names = names(named);
    let first = names.first()?;
    let is_built = |name: &&str| is_built(formats.split(name).map_or(name, |(base, _)| base));
    (!names.iter().any(is_built)).then(|| (*first).to_owned())
}

/// A value whose texts that name files of the extension are paths from the project's folder.
pub fn rooted(reader: &mut SourceReader, value: &Value, folder: &str) -> Value {
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
