//! A second format is one function after the pages' trees, links and media. `text/` shows what it makes of small projects; of the
//! sample book it must have every number, reference and citation.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests write the projects that they read")]

use camino::{Utf8Path, Utf8PathBuf};
use mlsys_book::{Cited, Inline};
use mlsys_engine::{Book, BuildOptions, Linked};
use mlsys_render::plain_inlines;
use mlsys_tests::fixtures::{compare, fixture_files};
use mlsys_tests::served::options;
use mlsys_tests::text_format::text_files;
use std::collections::BTreeMap;
use std::path::Path;

/// The text files of a project.
fn texts(book: &Book) -> (Linked, BTreeMap<String, String>) {
    let linked = mlsys_engine::linked(book, &mut Vec::new());
    let media = mlsys_engine::media_of_pages(book, &BuildOptions::default(), &linked, &mut Vec::new());
    let files = text_files(book, &linked, &media);
    (linked, files)
}

#[test]
fn fixtures() {
    for file in fixture_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("text")) {
        let compared = compare(&file, |example| {
            let folder = tempfile::tempdir()?;
            let root = Utf8Path::from_path(folder.path()).ok_or("the folder's path is not UTF-8")?;
            for (path, text) in &example.files {
                std::fs::write(root.join(path), text)?;
            }
            if !root.join("_quarto.yml").exists() {
                std::fs::write(root.join("_quarto.yml"), "project:\n  type: website\n")?;
            }
            let (_, files) = texts(&mlsys_engine::read(&options(root))?);
            Ok(files.iter().map(|(path, text)| format!("--- {path}\n{text}")).collect())
        });
        if let Err(failed) = compared {
            panic!("{}", failed.message().unwrap_or("the fixtures differ"));
        }
    }
}

#[test]
fn the_sample_book_has_its_numbers_references_and_citations() {
    let root =
        Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../quarto").canonicalize_utf8().expect("the sample book");
    let book = mlsys_engine::read(&options(&root)).expect("it can be read");
    let (linked, files) = texts(&book);
    assert_eq!(files.len(), book.project.pages.len(), "a file for each page");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut references, mut citations, mut numbers) = (0, 0, 0);
    for (page, links) in book.project.pages.iter().zip(linked.links.iter()) {
        let links = links.expect("every page is selected");
        let text = words(files.get(&page.output.replace(".html", ".txt")).expect("a file"));
        let has = |inlines: &[Inline], what: &str| {
            let shown = words(&plain_inlines(inlines));
            assert!(text.contains(&shown), "{}: the {what} `{shown}` is missing", page.input);
        };
        for cited in links.cites.values() {
            match cited {
                Cited::CrossReferences(all) => {
                    assert!(all.iter().all(|reference| reference.resolved), "{}: an unresolved reference", page.input);
                    all.iter().for_each(|reference| has(&reference.content, "reference"));
                    references += all.len();
                }
                Cited::Citation { content, .. } => {
                    has(content, "citation");
                    citations += 1;
                }
                Cited::Text => {}
            }
        }
        for number in links.numbers.values().filter(|number| number.shown) {
            let label = words(&number.label);
            let capital = label.chars().next().into_iter().flat_map(char::to_uppercase).collect::<String>()
                + label.get(1..).unwrap_or("");
            assert!(text.contains(&label) || text.contains(&capital), "{}: no `{label}`", page.input);
            numbers += 1;
        }
    }
    assert!(references > 20 && citations > 5 && numbers > 50, "{references} {citations} {numbers}");
}
