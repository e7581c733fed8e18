//! Writes `html.json` with the fields and in the form of Quarto.

use super::{FOLDER, Frozen, FrozenIncludes, LIBRARIES, frozen_hash, frozen_path, stem};
use crate::document::Engine;
use crate::markdown::{Markdown, Segment};
use mlsys_book::{Source, Span};
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Serialize)]
struct File<'f> {
    hash: &'f str,
    result: Result<'f>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result<'f> {
    engine: &'f str,
    markdown: &'f str,
    supporting: &'f [String],
    filters: &'f [String],
    includes: Includes<'f>,
    #[serde(skip_serializing_if = "Option::is_none")]
    engine_dependencies: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preserve: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_process: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Includes<'f> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    include_in_header: &'f [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    include_before_body: &'f [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    include_after_body: &'f [String],
}

/// The file of a page's frozen results. Without an engine, they are Jupyter's.
pub fn frozen_json(frozen: &Frozen) -> String {
    let engine = frozen.engine.as_deref().unwrap_or("jupyter");
    let is_knitr = engine == "knitr";
    let file = File {
        hash: &frozen.hash,
        result: Result {
            engine,
            markdown: &frozen.markdown,
            supporting: &frozen.supporting,
            filters: &frozen.filters,
            includes: Includes {
                include_in_header: &frozen.includes.in_header,
                include_before_body: &frozen.includes.before_body,
                include_after_body: &frozen.includes.after_body,
            },
            engine_dependencies: is_knitr.then(Map::new),
            preserve: is_knitr.then(Map::new),
            post_process: is_knitr.then_some(true),
        },
    };
    // Strings, lists and maps with string keys always serialize.
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

/// The files of `_freeze` for a page that has run: path relative to the project's folder, and content.
///
/// `page` is the page's path, `span` its own text in `source`, `markdown` that text with results. Figures lie in the folder of the
/// page, libraries in `_freeze/site_libs`. The inverse is [`super::frozen_destination`].
pub fn freeze(page: &str, engine: &Engine, source: &Source, span: Span, markdown: &Markdown) -> Vec<(String, Vec<u8>)> {
    let mut text = String::with_capacity((span.end - span.start) as usize);
    for segment in &markdown.segments {
        match segment {
            Segment::Copied(copied) if copied.start >= span.end => break,
            Segment::Copied(copied) => text.push_str(source.slice(Span { end: copied.end.min(span.end), ..*copied })),
            Segment::Generated { text: generated, .. } => text.push_str(generated),
        }
    }
    let stem = stem(page);
    let (folder, name) = stem.rsplit_once('/').map_or(("", stem), |(folder, name)| (folder, name));
    let files_folder = format!("{stem}_files/");
    let mut files = Vec::new();
    let mut has_figures = false;
    for (path, bytes) in &markdown.files {
        let path = joined(folder, path);
        let frozen = match path.strip_prefix(&files_folder) {
            Some(own) => {
                has_figures = true;
                format!("{FOLDER}/{stem}/{own}")
            }
            None if path.split('/').next() == Some(LIBRARIES) => format!("{FOLDER}/{path}"),
            None => continue,
        };
        files.push((frozen, bytes.clone()));
    }
    let (engine, filters) = match engine {
        Engine::Jupyter(_) => ("jupyter", Vec::new()),
        Engine::Knitr => ("knitr", vec!["rmarkdown/pagebreak.lua".to_owned()]),
        Engine::Markdown => ("markdown", Vec::new()),
    };
    let frozen = Frozen {
        hash: frozen_hash(source.files.first().map_or("", |file| file.text.as_str())),
        engine: Some(engine.to_owned()),
        markdown: text,
        supporting: has_figures.then(|| format!("{name}_files")).into_iter().collect(),
        filters,
        includes: FrozenIncludes {
            in_header: markdown.head.clone(),
            before_body: markdown.before_body.clone(),
            after_body: markdown.after_body.clone(),
        },
    };
    files.push((frozen_path(page), frozen_json(&frozen).into_bytes()));
    files
}

/// A path that is relative to a folder, or to the project if it begins with a slash.
fn joined(folder: &str, path: &str) -> String {
    if let Some(rooted) = path.strip_prefix('/') {
        return rooted.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}
