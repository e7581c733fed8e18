//! The words that pages show by themselves: `mlsys-book` holds no word that nothing shows.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::path::Path;

/// Keys that the sources put together from a kind or a field: the beginning of the key, and the literal that makes it.
const COMPOSED: [(&str, &str); 5] = [
    ("callout-", "\"callout-{}-title\""),
    ("crossref-", "\"crossref-{kind}-{part}\""),
    ("listing-page-field-", "\"listing-page-field-{}\""),
    ("title-block-author-", "\"title-block-author-{number}\""),
    ("title-block-affiliation-", "\"title-block-affiliation-{of_affiliations}\""),
];

fn read(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            read(&path, text);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text.push_str(&std::fs::read_to_string(&path).expect("readable"));
        }
    }
}

#[test]
fn every_word_of_the_table_is_shown_somewhere() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut sources = String::new();
    for name in ["mlsys-resolve", "mlsys-render"] {
        read(&crates.join(name).join("src"), &mut sources);
    }
    let (_, english) = mlsys_book::LANGUAGES.iter().find(|(tag, _)| *tag == "en").expect("English");
    let keys = english.lines().filter_map(|line| Some(line.split_once(':')?.0)).filter(|key| !key.starts_with('#'));
    let composed = |key: &str| COMPOSED.iter().any(|(start, made)| key.starts_with(start) && sources.contains(made));
    let unused: Vec<&str> = keys.filter(|key| !sources.contains(&format!("\"{key}\"")) && !composed(key)).collect();
    assert!(unused.is_empty(), "nothing shows {unused:?}");
}
