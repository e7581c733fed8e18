//! Compares the examples of a fixture file with the actual results.

#![allow(clippy::disallowed_methods, reason = "tests read and write files")]

use crate::{Example, examples, rewrite};
use libtest_mimic::Failed;
use mlsys_book::{Chapter, Checked, Scope, Source, SourceId, Span, Value};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The fixture files of a folder, in order.
pub fn fixture_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "md"));
    files.sort();
    files
}

/// Parses the first file of an example as a page of a project with a brand, a profile, a custom float and a numbered box.
pub fn parse_example(example: &Example) -> (Source, Checked<Chapter>) {
    let text = example.files.first().map_or("", |(_, text)| text.as_str());
    let source = Source::new(SourceId(0), "index.qmd", text);
    let empty = Value::empty(source.place(Span::new(0, 0)));
    let brand =
        "color: {palette: {sky: '#08c'}, primary: sky}\nlogo: {small: s.svg, medium: {light: l.svg, dark: d.svg}}";
    let brand = mlsys_parse::parse_yaml(&Source::new(SourceId(1), "_brand.yml", brand), Span::new(0, brand.len()));
    let scope = Scope {
        format: "html".into(),
        profiles: vec!["advanced".into()],
        meta: empty.clone(),
        variables: empty,
        brand: brand.value,
        environment: [("CITY".into(), "Zagreb".into())].into(),
        custom_floats: ["vid".into()].into(),
        language: None,
        box_classes: ["callout-definition".into()].into(),
    };
    let checked = mlsys_parse::parse(&source, &scope);
    (source, checked)
}

/// Makes something of every example of a file and compares it with what is expected; with `UPDATE` in the environment the file
/// gets what was made.
///
/// # Errors
/// What differs; that a file has no example or cannot be read or written; and what `make` fails with.
pub fn compare(file: &Path, make: impl Fn(&Example) -> Result<String, Failed>) -> Result<(), Failed> {
    let text = std::fs::read_to_string(file)?;
    let examples = examples(&text);
    if examples.is_empty() {
        return Err("the file has no example".into());
    }
    let outputs = examples.iter().map(make).collect::<Result<Vec<String>, Failed>>()?;
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, rewrite(&text, &outputs))?;
        return Ok(());
    }
    let mut report = String::new();
    for (example, output) in examples.iter().zip(&outputs) {
        if *output != example.expected {
            let (file, line, section) = (file.display(), example.line, &example.section);
            let expected = &example.expected;
            write!(report, "\n{file}:{line} ({section})\n--- expected\n{expected}--- found\n{output}")?;
        }
    }
    if report.is_empty() { Ok(()) } else { Err(report.into()) }
}
