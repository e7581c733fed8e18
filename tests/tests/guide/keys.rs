//! The code looks up options by keys that the compiler checks against the table (`key!`, `name!`), and compares names of the table only.

use crate::lookups::{Lookups, lookups};
use mlsys_book::OPTION_SECTIONS;
use std::collections::BTreeSet;
use std::path::Path;

/// Data that is no configuration: notebooks, results of cells, `_extension.yml`, words of languages, fields of works, and values
/// with a form of their own, which are the specification of a Jupyter kernel, a filter with its path, the fonts of a brand, and
/// Pandoc's typed texts of e-books.
const DATA: [&str; 17] = [
    "mlsys-cells/src/embed.rs",
    "mlsys-cells/src/frozen/",
    "mlsys-cells/src/notebook/",
    "mlsys-cells/src/plan/engine.rs",
    "mlsys-cells/src/write/",
    "mlsys-engine/src/leaves/diagrams/engines.rs has_filter",
    "mlsys-engine/src/epub/metadata.rs",
    "mlsys-engine/src/project/brand.rs font_files",
    "mlsys-engine/src/project/extension.rs",
    "mlsys-engine/src/project/extension_formats.rs",
    "mlsys-lsp/src/hover.rs summary",
    "mlsys-parse/src/algorithm/mod.rs",
    "mlsys-parse/src/config/filters.rs",
    "mlsys-parse/src/config/navigation.rs appendices_title",
    "mlsys-render/src/page/dates.rs",
    "mlsys-render/src/theme/brand.rs",
    "mlsys-resolve/src/page_citation.rs bibtex",
];

fn names() -> BTreeSet<&'static str> {
    let sections = OPTION_SECTIONS.iter().flat_map(|file| file.iter());
    sections.flat_map(|section| section.options).map(|option| option.name).collect()
}

fn found() -> (Lookups, Lookups) {
    lookups(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates"))
}

#[test]
fn options_are_looked_up_by_keys_of_the_table() {
    let (looked_up, _) = found();
    let is_data = |place: &String| DATA.iter().any(|data| place.starts_with(data));
    let (data, others): (Vec<_>, Vec<_>) = looked_up
        .iter()
        // Keys that the code puts together have a part that is filled in.
        .filter(|(path, _)| path.iter().all(|key| !key.contains('{')))
        .flat_map(|(path, places)| places.iter().map(move |place| format!("{place}: `{}`", path.join("."))))
        .partition(is_data);
    for listed in DATA {
        assert!(data.iter().any(|place| place.starts_with(listed)), "no look-up of data in `{listed}`");
    }
    assert!(others.is_empty(), "look-ups that the compiler does not check: use `key!` or `name!`: {others:#?}");
}

#[test]
fn keys_are_compared_with_names_of_the_table() {
    let (_, compared) = found();
    let names = names();
    assert!(compared.len() > 10, "the test sees only {} comparisons", compared.len());
    let missing: Vec<_> =
        compared.iter().filter(|(path, _)| path.iter().any(|key| !names.contains(key.as_str()))).collect();
    assert!(missing.is_empty(), "no options of the table: {missing:#?}");
}
