//! Planted typing mistakes: each is found at its place, once, with what to write instead.
//!
//! `planted/*` are projects, and `planted/*/expected.txt` lists their mistakes. `UPDATE=1` rewrites the lists.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests read and write files")]

use camino::Utf8Path;
use mlsys_book::Locator;
use mlsys_engine::leaves::diagrams::{DiagramMode, DiagramOptions};
use mlsys_engine::{BuildOptions, check, report};
use mlsys_tests::served::read;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The number of mistakes that are planted at least.
const MISTAKES: usize = 40;

#[test]
fn every_planted_mistake_is_found_once_at_its_place() {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("planted");
    let mut found = 0;
    for project in ["book", "website"] {
        let root = folder.join(project);
        let mut book = read(&root).expect("the project can be read");
        // Which programs for diagrams are installed does not matter.
        let diagrams = DiagramOptions { mode: DiagramMode::Off, ..DiagramOptions::default() };
        let mut diagnostics = check(&mut book, &BuildOptions { diagrams, ..BuildOptions::default() });
        report::sort(&book, &mut diagnostics);
        let locator = Locator::new(&book.sources);
        let mut places = BTreeSet::new();
        let mut list = String::new();
        for diagnostic in &diagnostics {
            let place = locator.start(diagnostic.place).expect("a mistake has a place").to_string();
            let [hint, ..] = diagnostic.hints.as_slice() else { panic!("{place} says nothing about what to write") };
            writeln!(list, "{place} {}: {}: {hint}", diagnostic.code, diagnostic.message).expect("a text");
            assert!(places.insert(place.clone()), "{place} is reported twice");
        }
        found += diagnostics.len();
        let expected = root.join("expected.txt");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&expected, &list).expect("the list is written");
        }
        let expected = std::fs::read_to_string(&expected).expect("the list of mistakes");
        assert_eq!(list, expected, "{project}");
    }
    assert!(found >= MISTAKES, "{found} mistakes");
}
