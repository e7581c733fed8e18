//! `check` is `build` without writing: it reports everything that a build reports, in every project under `tests/` and in the sample book.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests write the projects that they read")]

use camino::{Utf8Path, Utf8PathBuf};
use mlsys_engine::{BuildOptions, build, check};
use mlsys_tests::examples;
use mlsys_tests::fixtures::fixture_files;
use mlsys_tests::served::read;
use std::path::Path;

/// The first diagnostic of a build that is missing from a check of the same project.
fn missing(root: &Utf8Path) -> Option<String> {
    let Ok(mut book) = read(root) else { return None };
    let built = build(&book, &BuildOptions::default()).diagnostics;
    let checked = check(&mut book, &BuildOptions::default());
    let missing = built.iter().find(|diagnostic| !checked.contains(diagnostic))?;
    Some(format!("only a build finds `{}`: {}", missing.code, missing.message))
}

#[test]
fn in_the_projects_of_the_fixtures() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut projects = 0;
    // The projects of `check/` are compared by the fixtures' own runner.
    for folder in ["render", "site", "resolve", "search", "text", "edit"] {
        for file in fixture_files(&tests.join(folder)) {
            for example in examples(&std::fs::read_to_string(&file).expect("a fixture")) {
                let project = tempfile::tempdir().expect("a folder");
                let root = Utf8Path::from_path(project.path()).expect("a path in UTF-8");
                std::fs::write(root.join("_quarto.yml"), "project:\n  type: website\n").expect("a file");
                // `=== edit PATH` and `show` are instructions of other runners.
                for (path, text) in example.files.iter().filter(|(path, _)| !path.contains(' ')) {
                    let path = root.join(path);
                    std::fs::create_dir_all(path.parent().unwrap_or(root)).expect("a folder");
                    std::fs::write(path, text).expect("a file");
                }
                assert_eq!(missing(root), None, "{}: {:?}", file.display(), example.files.first());
                projects += 1;
            }
        }
    }
    assert!(projects > 120, "only {projects} projects were found");
}

#[test]
fn in_whole_sites() {
    let tests = Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    for site in ["browser/templates", "../quarto"] {
        let root = tests.join(site).canonicalize_utf8().expect("a site");
        assert_eq!(missing(&root), None, "{site}");
    }
}
