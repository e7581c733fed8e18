//! The files of a project's configuration. Source: Quarto, "Project Basics", "Project Profiles", "Metadata Files".

use crate::project::vfs::Disk;
use mlsys_book::{Code, Diagnostic, Place, Span, Value, ValueKind};
use mlsys_parse::{active_profiles, clean_path, parse_yaml};
use std::collections::BTreeMap;
use std::ffi::OsString;

/// What the configuration's files say.
pub struct Configuration {
    /// `_quarto.yml` with metadata files and profiles merged over it.
    pub config: Value,
    /// The active profiles.
    pub profiles: Vec<String>,
    /// `_variables.yml`.
    pub variables: Value,
}

/// The names that a configuration may have.
pub const CONFIG_FILES: [&str; 2] = ["_quarto.yml", "_quarto.yaml"];

/// Reads the configuration; a folder without one has an empty one.
pub fn read(disk: &mut Disk, asked_profiles: &[String]) -> Configuration {
    let main = main(disk);
    let mut over = Vec::new();
    for file in main.get("metadata-files").map_or(&[][..], Value::items) {
        let Some(path) = file.to_text() else { continue };
        match yaml_file(disk, &clean_path(&path), "") {
            Some(value) => over.push(value),
            None => {
                let message = format!("metadata file `{path}` cannot be read");
                disk.diagnostics.push(Diagnostic::new(Code::InvalidConfig, file.place, message));
            }
        }
    }
    let config = merge(&main, &over);
    let profiles = active_profiles(&config, asked_profiles);
    let of_profile = |profile: &String| [format!("_quarto-{profile}.yml"), format!("_quarto-{profile}.yaml")];
    let files = profiles.iter().flat_map(of_profile);
    let files = files.chain(["_quarto.yml.local", "_quarto.yaml.local"].map(str::to_owned));
    let over: Vec<Value> = files.filter_map(|file| yaml_file(disk, &file, "")).collect();
    let config = merge(&config, &over);
    let variables = ["_variables.yml", "_variables.yaml"].iter().find_map(|file| yaml_file(disk, file, ""));
    let variables = variables.unwrap_or_else(|| Value::empty(config.place));
    Configuration { config, profiles, variables }
}

/// The main file. It may also be a text that names the configuration, which is what a symbolic link becomes where links are
/// not checked out; paths stay relative to the project's folder.
fn main(disk: &mut Disk) -> Value {
    for file in CONFIG_FILES {
        let Some(value) = yaml_file(disk, file, "") else { continue };
        let Some(path) = value.as_str() else { return value };
        let path = clean_path(path);
        return yaml_file(disk, &path, "").unwrap_or_else(|| {
            let message = format!("`{file}` names the file `{path}`, which cannot be read");
            disk.diagnostics.push(Diagnostic::new(Code::InvalidConfig, value.place, message));
            Value::empty(value.place)
        });
    }
    Value::empty(Place::project())
}

/// The configuration with files over it. One that holds no map says nothing.
fn merge(config: &Value, over: &[Value]) -> Value {
    config.merge_all(over.iter().filter(|file| matches!(file.kind, ValueKind::Map(_))))
}

/// Reads a YAML file; nothing when it is not there. `base` is the folder that paths in it are relative to.
pub fn yaml_file(disk: &mut Disk, path: &str, base: &str) -> Option<Value> {
    if !disk.has_file(path) {
        return None;
    }
    let id = match disk.source(path, base) {
        Ok(id) => id,
        Err(error) => {
            let id = disk.next_id();
            disk.push(mlsys_book::Source::new(id, path, "").into(), base);
            let place = Place { source: id, span: Span::new(0, 0) };
            disk.diagnostics.push(Diagnostic::new(Code::InvalidConfig, place, format!("`{path}`: {error}")));
            return Some(Value::empty(place));
        }
    };
    let span = Span::new(0, disk.get(id).text.len());
    let checked = parse_yaml(disk.get(id), span);
    let value = checked.take(&mut disk.diagnostics);
    Some(match value.kind {
        ValueKind::Null => Value::empty(value.place),
        _ => value,
    })
}

/// The variables of `_environment` files, later ones over earlier ones. Source: Quarto, "Environment Variables".
pub fn environment(disk: &mut Disk, profiles: &[String]) -> BTreeMap<String, String> {
    let mut files = vec!["_environment".to_owned()];
    files.extend(profiles.iter().map(|profile| format!("_environment-{profile}")));
    files.push("_environment.local".to_owned());
    let mut variables = BTreeMap::new();
    for file in files {
        if !disk.has_file(&file) {
            continue;
        }
        let Ok(text) = disk.text(&file) else { continue };
        for line in text.text.lines().map(str::trim).filter(|l| !l.starts_with('#')) {
            if let Some((name, value)) = line.split_once('=') {
                let name = name.trim().trim_start_matches("export ").trim();
                let value = value.trim().trim_matches(['"', '\'']);
                variables.insert(name.to_owned(), value.to_owned());
            }
        }
    }
    // What is set outside goes over what the files say.
    let text = |text: OsString| text.to_string_lossy().into_owned();
    variables.extend(std::env::vars_os().map(|(name, value)| (text(name), text(value))));
    variables
}
