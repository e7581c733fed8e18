//! The keys that the code looks up are options of the table.

use crate::lookups::lookups;
use mlsys_book::OPTION_SECTIONS;
use std::collections::BTreeSet;
use std::path::Path;

/// Words of the language files, and keys in the free maps of a brand (`defaults`, `fonts`).
const WORDS: [&str; 6] = ["section-title-appendices", "day-periods", "ordinal", "bootstrap", "files", "rules"];

/// Notebooks, results of cells and `_extension.yml` have keys of their own.
const OTHER_FILES: [&str; 4] = [
    "mlsys-engine/src/project/extension.rs",
    "mlsys-cells/src/notebook/",
    "mlsys-cells/src/write/",
    "mlsys-cells/src/embed.rs",
];

#[test]
fn every_key_that_is_looked_up_is_an_option() {
    let sections = OPTION_SECTIONS.iter().flat_map(|file| file.iter());
    let names: BTreeSet<&str> = sections.flat_map(|section| section.options).map(|option| option.name).collect();
    let mut missing = BTreeSet::new();
    let mut seen = 0;
    for (path, places) in lookups(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates")) {
        if places.iter().all(|place| OTHER_FILES.iter().any(|other| place.starts_with(other))) {
            continue;
        }
        // Keys that the code puts together have a part that is filled in.
        for key in path.iter().filter(|key| !key.contains('{') && !WORDS.contains(&key.as_str())) {
            seen += 1;
            if !names.contains(key.as_str()) {
                let places: Vec<&str> = places.iter().map(String::as_str).collect();
                missing.insert(format!("`{key}`, which {} looks up", places.join(", ")));
            }
        }
    }
    assert!(seen > 300, "the test sees only {seen} lookups");
    assert!(missing.is_empty(), "no options of the table: {missing:#?}");
}
