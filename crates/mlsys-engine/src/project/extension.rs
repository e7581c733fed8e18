//! Project types that extensions contribute. Source: Quarto, "Custom Project Types".

use crate::project::extension_formats::{ExtensionFormats, rooted};
use crate::project::sources::SourceReader;
use crate::project::vfs::folder_of;
use crate::project::yaml_file::yaml_file;
use mlsys_book::{Entry, Place, Value, ValueKind};
use mlsys_parse::is_project_type;

/// The configuration over what the extension contributes that `project: type:` names.
///
/// Without such an extension the configuration stays as it is.
pub fn with_project_type(reader: &mut SourceReader, config: Value, formats: &ExtensionFormats) -> Value {
    let Some(name) = config.path("project.type").and_then(Value::to_text).filter(|name| !is_project_type(name)) else {
        return config;
    };
    let Some((folder, extension)) = extension(reader, &name) else { return config };
    let Some(contributed) = extension.path("contributes.project") else { return config };
    let contributed = rooted(reader, contributed, &folder);
    let type_of = |value: &Value| value.path("project.type").cloned();
    let contributed = formats.named(&contributed);
    let own = formats.named(&config);
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

fn text(place: Place, text: &str) -> Value {
    Value { place, kind: ValueKind::String(text.to_owned()) }
}

fn map(place: Place, key: &str, value: Value) -> Value {
    let entry = Entry { key: key.to_owned(), key_place: place, value };
    Value { place, kind: ValueKind::Map(vec![entry]) }
}
