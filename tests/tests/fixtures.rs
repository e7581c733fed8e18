//! Runs the fixtures: every example of every file in `parse/`, `check/`, `render/` and `resolve/`.
//!
//! `UPDATE=1 cargo test -p mlsys-tests --test fixtures` rewrites the expectations.

use libtest_mimic::{Arguments, Failed, Trial};
use mlsys_book::{Scope, Source, SourceId, Span, Value, print_chapter};
use mlsys_tests::{Example, examples, rewrite};
use std::path::{Path, PathBuf};

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut trials = Vec::new();
    let stages: [(&str, fn(&Example) -> String); 1] = [("parse", parse)];
    for (stage, run) in stages {
        for file in fixture_files(&root.join(stage)) {
            let name = format!("{stage}/{}", file.file_name().unwrap_or_default().to_string_lossy());
            trials.push(Trial::test(name, move || check(&file, run)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn fixture_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "md"));
    files.sort();
    files
}

fn check(file: &Path, run: fn(&Example) -> String) -> Result<(), Failed> {
    let text = std::fs::read_to_string(file)?;
    let examples = examples(&text);
    if examples.is_empty() {
        return Err("the file has no example".into());
    }
    let outputs: Vec<String> = examples.iter().map(run).collect();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, rewrite(&text, &outputs))?;
        return Ok(());
    }
    let mut report = String::new();
    for (example, output) in examples.iter().zip(&outputs) {
        if *output != example.expected {
            report += &format!(
                "\n{}:{} ({})\n--- expected\n{}--- found\n{output}",
                file.display(),
                example.line,
                example.section,
                example.expected
            );
        }
    }
    if report.is_empty() { Ok(()) } else { Err(report.into()) }
}

/// The tree of `index.qmd`, then the diagnostics.
fn parse(example: &Example) -> String {
    let text = &example.files[0].1;
    let source = Source::new(SourceId(0), "index.qmd", text.as_str());
    let empty = Value::empty(source.place(Span::new(0, 0)));
    let scope = Scope {
        format: "html".into(),
        profiles: vec!["advanced".into()],
        meta: empty.clone(),
        variables: empty,
        environment: vec![("CITY".into(), "Zagreb".into())],
        custom_floats: vec!["vid".into()],
        box_classes: vec!["callout-definition".into()],
    };
    let checked = mlsys_parse::parse(&source, &scope);
    let mut out = print_chapter(&checked.value);
    for diagnostic in &checked.diagnostics {
        let at = source.locate(diagnostic.place.span.start);
        out +=
            &format!("{}:{} {}[{}] {}\n", at.line, at.column, diagnostic.severity, diagnostic.code, diagnostic.message);
    }
    out
}
