//! Reads a project's configuration files. Source: Quarto, "Project Basics", "Project Profiles", "Metadata Files".

use crate::project::sources::SourceReader;
use crate::project::yaml_file::yaml_file;
use mlsys_book::{Code, Diagnostic, Place, Scope, Value, ValueKind, clean_path, name};
use mlsys_parse::{active_profiles, expand_values};
use std::collections::BTreeMap;
use std::ffi::OsString;

/// A project's configuration.
pub struct Configuration {
    /// `_quarto.yml`, overridden by metadata files and profiles.
    pub config: Value,
    /// The active profiles.
    pub profiles: Vec<String>,
    /// `_variables.yml`.
    pub variables: Value,
    /// The file in place of `_quarto.yml`: the format's own, or the one of the command line.
    pub own_file: Option<String>,
}

/// The file names of the configuration.
pub const CONFIG_FILES: [&str; 2] = ["_quarto.yml", "_quarto.yaml"];

/// Reads the configuration for a format. Without files it is empty. `file` and `profiles` are those of the command line.
pub fn read(reader: &mut SourceReader, file: Option<&str>, profiles: &[String], format: &str) -> Configuration {
    let own = match file {
        Some(file) => Some((file.to_owned(), chosen(reader, file))),
        None => own_of_format(reader, format),
    };
    let (own_file, main) = match own {
        Some((file, config)) => (Some(file), config),
        None => (None, main(reader)),
    };
    let mut overrides = Vec::new();
    for file in main.list(name!("metadata-files")) {
        let Some(path) = file.to_text() else { continue };
        match yaml_file(reader, &clean_path(&path), "") {
            Some(value) => overrides.push(value),
            None => {
                let message = format!("metadata file `{path}` cannot be read");
                let diagnostic = Diagnostic::new(Code::InvalidConfig, file.place, message);
                reader.diagnostics.push(diagnostic.hint("if another program writes it, run that first"));
            }
        }
    }
    let config = merge(&main, &overrides);
    let profiles = active_profiles(&config, profiles);
    let of_profile = |profile: &String| [format!("_quarto-{profile}.yml"), format!("_quarto-{profile}.yaml")];
    let files = profiles.iter().flat_map(of_profile);
    let files = files.chain(["_quarto.yml.local", "_quarto.yaml.local"].map(str::to_owned));
    let overrides: Vec<Value> = files.filter_map(|file| yaml_file(reader, &file, "")).collect();
    let config = merge(&config, &overrides);
    let variables = ["_variables.yml", "_variables.yaml"].iter().find_map(|file| yaml_file(reader, file, ""));
    let variables = variables.unwrap_or_else(|| Value::empty(config.place));
    Configuration { config, profiles, variables, own_file }
}

/// Reads the configuration that the command line names.
fn chosen(reader: &mut SourceReader, file: &str) -> Value {
    yaml_file(reader, file, "").unwrap_or_else(|| {
        let message = format!("the configuration `{file}` does not exist");
        reader.diagnostics.push(Diagnostic::new(Code::InvalidConfig, Place::project(), message));
        Value::empty(Place::project())
    })
}

/// Reads the configuration that a project has for one format, beside its own or in `config`. Books that swap such files for
/// `_quarto.yml` describe a whole project in each; a file without `project` is a profile's.
fn own_of_format(reader: &mut SourceReader, format: &str) -> Option<(String, Value)> {
    if format == "html" {
        return None;
    }
    let folders = ["", "config/"].into_iter();
    let files = folders.flat_map(|folder| ["yml", "yaml"].map(|end| format!("{folder}_quarto-{format}.{end}")));
    files.into_iter().find_map(|file| {
        let config = yaml_file(reader, &file, "")?;
        config.value(name!("project")).is_some().then_some((file, config))
    })
}

/// Reads the main file. It may also consist of the path of the real one: Git checks symbolic links out as such texts on systems
/// without links. Paths stay relative to the project's folder.
fn main(reader: &mut SourceReader) -> Value {
    for file in CONFIG_FILES {
        let Some(value) = yaml_file(reader, file, "") else { continue };
        let Some(path) = value.as_str() else { return value };
        let path = clean_path(path);
        return yaml_file(reader, &path, "").unwrap_or_else(|| {
            let message = format!("`{file}` names the file `{path}`, which cannot be read");
            reader.diagnostics.push(Diagnostic::new(Code::InvalidConfig, value.place, message));
            Value::empty(value.place)
        });
    }
    Value::empty(Place::project())
}

/// Merges files over the configuration. Files without a map are ignored.
fn merge(config: &Value, overrides: &[Value]) -> Value {
    config.merge_all(overrides.iter().filter(|file| matches!(file.kind, ValueKind::Map(_))))
}

/// The configuration with shortcodes replaced in the texts that describe the site, and that pages show as they are.
pub fn with_site_texts(
    configuration: &Configuration,
    environment: &BTreeMap<String, String>,
    format: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Value {
    const TEXTS: [&str; 5] = ["title", "subtitle", "description", "open-graph", "twitter-card"];
    let mut config = configuration.config.clone();
    let ValueKind::Map(entries) = &mut config.kind else { return config };
    let sites = entries.iter_mut().filter(|entry| matches!(entry.key.as_str(), "website" | "book"));
    let mut scope = None;
    for site in sites {
        let ValueKind::Map(options) = &mut site.value.kind else { continue };
        for option in options.iter_mut().filter(|option| TEXTS.contains(&option.key.as_str())) {
            let scope = scope.get_or_insert_with(|| Scope {
                format: format.to_owned(),
                profiles: configuration.profiles.clone(),
                meta: configuration.config.clone(),
                variables: configuration.variables.clone(),
                brand: Value::empty(configuration.config.place),
                language: None,
                environment: environment.clone(),
                custom_floats: Default::default(),
                box_classes: Default::default(),
            });
            expand_values(&mut option.value, scope, diagnostics);
        }
    }
    config
}

/// The variables of the environment and of `_environment` files, of which later ones override earlier ones. Source: Quarto, "Environment Variables".
pub fn environment(reader: &mut SourceReader, profiles: &[String]) -> BTreeMap<String, String> {
    let mut files = vec!["_environment".to_owned()];
    files.extend(profiles.iter().map(|profile| format!("_environment-{profile}")));
    files.push("_environment.local".to_owned());
    let mut variables = BTreeMap::new();
    for file in files {
        if !reader.has_file(&file) {
            continue;
        }
        let Ok(text) = reader.text(&file) else { continue };
        for line in text.text.lines().map(str::trim).filter(|l| !l.starts_with('#')) {
            if let Some((name, value)) = line.split_once('=') {
                let name = name.trim().trim_start_matches("export ").trim();
                let value = value.trim().trim_matches(['"', '\'']);
                variables.insert(name.to_owned(), value.to_owned());
            }
        }
    }
    // The real environment overrides the files.
    let text = |text: OsString| text.to_string_lossy().into_owned();
    variables.extend(std::env::vars_os().map(|(name, value)| (text(name), text(value))));
    variables
}
