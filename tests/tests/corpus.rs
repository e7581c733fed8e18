//! The corpus of the fuzz targets: no text panics, and diagnostics have places in their sources.
//!
//! `fuzz/corpus` has a folder for each target; `tests/README.md` describes how to fuzz.

#![allow(clippy::disallowed_methods, reason = "a test may read files")]

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::panic::catch_unwind;
use std::path::Path;

/// Runs each text of a target's folder.
fn run(name: &str, target: fn(&str)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut texts = 0;
    for entry in std::fs::read_dir(&folder).expect("the corpus is there").flatten() {
        let bytes = std::fs::read(entry.path()).expect("the text is there");
        let Ok(text) = String::from_utf8(bytes) else { continue };
        assert!(targets::is_tried(&text), "{} is too long", entry.path().display());
        assert!(catch_unwind(|| target(&text)).is_ok(), "{} ends in a panic", entry.path().display());
        texts += 1;
    }
    assert!(texts > 0, "{} holds no texts", folder.display());
}

#[test]
fn pages() {
    run("parse", targets::markdown);
    run("body", targets::markdown);
}

#[test]
fn configurations() {
    run("config", targets::config);
}

#[test]
fn bibliographies() {
    run("bibliography", targets::bibliography);
}

#[test]
fn quizzes() {
    run("quiz", targets::quiz);
}

#[test]
fn cells() {
    run("cells", targets::cells);
}

#[test]
fn themes() {
    run("theme", targets::theme);
}

#[test]
fn templates() {
    run("template", targets::template);
}
