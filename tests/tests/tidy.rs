//! The house rules that a compiler does not check.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start the command"
)]

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        if path.is_dir() && path.file_name().is_some_and(|n| n != "target") {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The arrows of `crates/README.md`: which crates of the workspace a crate may depend on.
#[test]
fn dependencies_follow_the_arrows() {
    let arrows: [(&str, &[&str]); 6] = [
        ("mlsys-book", &[]),
        ("mlsys-parse", &["mlsys-book"]),
        ("mlsys-resolve", &["mlsys-book"]),
        ("mlsys-render", &["mlsys-book"]),
        ("mlsys-serve", &[]),
        ("mlsys", &["mlsys-book", "mlsys-parse", "mlsys-resolve", "mlsys-render", "mlsys-serve"]),
    ];
    for (name, allowed) in arrows {
        let manifest = std::fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).expect("manifest");
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap_or("");
        let dependencies = dependencies.split("\n[").next().unwrap_or("");
        for line in dependencies.lines().filter(|l| l.starts_with("mlsys")) {
            let dependency = line.split(['.', ' ', '=']).next().unwrap_or("");
            assert!(allowed.contains(&dependency), "{name} must not depend on {dependency}");
        }
    }
}

#[test]
fn files_are_named_after_things_and_stay_short() {
    let mut files = Vec::new();
    rust_files(&root().join("crates"), &mut files);
    rust_files(&root().join("tests"), &mut files);
    assert!(files.len() > 10, "the walk found too little");
    for file in files {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        assert!(
            !["utils", "util", "helpers", "common", "manager", "misc"].contains(&stem.as_str()),
            "{}",
            file.display()
        );
        let lines = std::fs::read_to_string(&file).expect("readable").lines().count();
        assert!(lines <= 600, "{} has {lines} lines: which rooms should it become?", file.display());
    }
}

#[test]
fn passes_do_no_io_and_rayon_stays_in_the_pipeline() {
    let mut files = Vec::new();
    rust_files(&root().join("crates"), &mut files);
    for file in files {
        let text = std::fs::read_to_string(&file).expect("readable");
        let path = file.to_string_lossy().replace('\\', "/");
        let pass = ["mlsys-book/", "mlsys-parse/", "mlsys-resolve/", "mlsys-render/"].iter().any(|c| path.contains(c));
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        if pass && path.contains("/src/") {
            for banned in ["std::fs", "std::env", "std::process", "std::net", "println!", "eprintln!"] {
                assert!(!code.contains(banned), "{path} uses {banned}");
            }
        }
        if pass && code.contains("rayon::") || path.contains("crates/mlsys/src") && code.contains("rayon::") {
            assert!(
                path.ends_with("mlsys/src/each_page.rs") || path.ends_with("mlsys/src/write.rs"),
                "{path} uses rayon"
            );
        }
    }
}

/// The string literals of Rust, without those in comments and tests.
fn string_literals(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or("");
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (from, after) = (&rest[at..], &rest[at + 1..]);
        rest = if from.starts_with("//") {
            after.split_once('\n').map_or("", |(_, rest)| rest)
        } else if from.starts_with("'\\") {
            after.get(2..).and_then(|after| after.split_once('\'')).map_or("", |(_, rest)| rest)
        } else if from.starts_with("'\"'") {
            &from[3..]
        } else if from.starts_with('"') {
            let mut escaped = false;
            let is_end = |c: char| {
                let end = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                end
            };
            let end = after.find(is_end).expect("a string ends");
            found.push(after[..end].to_owned());
            &after[end + 1..]
        } else {
            after
        };
    }
    found
}

/// Elements are written by `html/writer.rs`, which closes and escapes them, in the syntax of HTML and of XML.
#[test]
fn tags_are_written_by_the_writer() {
    let source = root().join("crates/mlsys-render/src");
    let elsewhere = [
        // Markup that others wrote: KaTeX, and the authors of included files.
        "math/mod.rs",
        "page/includes.rs",
        // Reads the markup of bodies.
        "search/section.rs",
        "search/entry.rs",
    ];
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut exceptions = 0;
    for file in files {
        let path = file.strip_prefix(&source).expect("a source").to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&file).expect("readable");
        let is_tag = |text: &String| {
            text.match_indices('<')
                .any(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'))
        };
        let tag = string_literals(&text).into_iter().find(is_tag);
        if elsewhere.contains(&path.as_str()) {
            assert!(tag.is_some(), "{path} is no exception any more");
            exceptions += 1;
        } else if path != "html/writer.rs" {
            assert_eq!(tag, None, "{path} writes a tag by hand");
        }
    }
    assert_eq!(exceptions, elsewhere.len(), "an exception has no file");
}

/// The text of all files of a folder of the tests with an ending.
fn fixtures(folder: &str, ending: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).expect("fixtures").flatten().map(|e| e.path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == ending));
    paths.iter().map(|p| std::fs::read_to_string(p).expect("readable")).collect()
}

#[test]
fn every_diagnostic_code_has_a_fixture() {
    let expected = fixtures("check", "md") + &fixtures("tests", "rs");
    for code in mlsys_book::Code::ALL {
        let shown = expected.contains(&format!("[{code}]"));
        let tested = expected.contains(&format!("Code::{code:?})"));
        assert!(shown || tested, "no fixture shows `{code}`");
    }
}

#[test]
fn every_finding_has_a_section_with_its_severity_cause_and_cure() {
    let text = std::fs::read_to_string(root().join("quarto/contents/guide/diagnostics.qmd")).expect("the page");
    let sections: Vec<(&str, &str)> =
        text.split("\n## ").skip(1).map(|section| section.split_once(" {#").unwrap_or((section, ""))).collect();
    let described: Vec<&str> = sections.iter().map(|(code, _)| *code).collect();
    let codes: Vec<&str> = mlsys_book::Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(
        described, codes,
        "quarto/contents/guide/diagnostics.qmd: one section a code, in the order of the codes"
    );
    for (code, (_, text)) in mlsys_book::Code::ALL.iter().zip(&sections) {
        let severity = match code.severity() {
            mlsys_book::Severity::Error => "**Error.** ",
            mlsys_book::Severity::Warning => "**Warning.** ",
            mlsys_book::Severity::Hint => "**Hint.** ",
        };
        assert!(
            text.split_once("\n\n").is_some_and(|(_, text)| text.starts_with(severity)),
            "the section of `{code}` begins with {severity}"
        );
        assert!(text.contains("\n*Cure:* "), "the section of `{code}` says what cures it");
    }
}

#[test]
fn every_kind_of_element_has_a_fixture() {
    let trees = fixtures("parse", "md");
    let blocks = [
        "Plain",
        "Para",
        "Header",
        "CodeBlock",
        "Cell",
        "RawBlock",
        "BlockQuote",
        "BulletList",
        "OrderedList",
        "DefinitionList",
        "LineBlock",
        "HorizontalRule",
        "Table",
        "Div",
        "Figure",
        "Float",
        "LayoutPanel",
        "Callout",
        "Theorem",
        "Proof",
        "Tabset",
        "Shortcode(",
        "Caption",
        "Foot",
        "Title",
        "Subtitle",
        "Abstract",
        "Note",
    ];
    for name in blocks {
        assert!(trees.lines().any(|l| l.trim_start().starts_with(name)), "no fixture prints a `{name}`");
    }
    let inlines = [
        "\"",
        "SoftBreak",
        "LineBreak",
        "Emph(",
        "Strong(",
        "Strikeout(",
        "Superscript(",
        "Subscript(",
        "Underline(",
        "SmallCaps(",
        "Code(",
        "Math(",
        "DisplayMath(",
        "Raw(",
        "Link(",
        "Image(",
        "Cite(",
        "Note(",
        "Span(",
        "Shortcode(",
        "ExampleRef(",
        "Cell(",
    ];
    for name in inlines {
        assert!(trees.contains(&format!(" {name}")), "no fixture prints a `{name}`");
    }
}
