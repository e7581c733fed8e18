//! The same site whatever the order in which folders are read, and whatever file system they are on.
//!
//! A file system lists a folder as it likes: some by a hash of the names, some by age. So a project is written twice, its files
//! in opposite orders, to the temporary folder and to memory where the machine has a file system there.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests write the books that they build")]

use camino::Utf8Path;
use mlsys_engine::BuildOptions;
use mlsys_engine::Content;
use mlsys_tests::{edits, served};
use std::collections::BTreeMap;
use std::path::Path;

/// What depends on the files that a folder has: contents of a sidebar, a listing, data and pictures that nothing names.
const MORE: &[(&str, &str)] = &[
    ("part/_quarto.md", "Not a page.\n"),
    ("part/a.qmd", "---\ntitle: Same\ndate: 2026-01-02\n---\n\n# Same\n"),
    ("part/b.qmd", "---\ntitle: Same\ndate: 2026-01-02\n---\n\n# Same\n"),
    ("part/deep/c.qmd", "---\ntitle: Same\ndate: 2026-01-02\n---\n\n# Same\n"),
    ("part/deep/a.qmd", "---\ntitle: Same\ndate: 2026-01-02\n---\n\n# Same\n"),
    ("part/one.json", "{}\n"),
    ("part/two.json", "{,}\n"),
    ("all.qmd", "---\ntitle: All\nlisting:\n  contents: part\n  sort: false\n---\n"),
    ("lost/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>\n"),
    ("lost/b.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>\n"),
    ("files/a.txt", "A\n"),
    ("files/b.txt", "B\n"),
];

const SETTINGS: &str = "project:\n  type: website\n  resources: [files]\nwebsite:\n  title: Fruit\n  sidebar:\n    contents: auto\n\
    bibliography: refs.bib\ntheme: theme.scss\ncss: style.css\nnumber-sections: true\n";

/// The bytes of the site, and what is found, for a project with these files written in this order.
fn site(above: &Path, files: &[(&str, &str)]) -> (BTreeMap<String, Vec<u8>>, Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir_in(above).expect("a folder");
    let root = Utf8Path::from_path(folder.path()).expect("a path in UTF-8");
    for (path, text) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(path, text).expect("the file is written");
    }
    let listed = std::fs::read_dir(root.join("part")).expect("the folder is there").flatten();
    let listed = listed.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let mut book = mlsys_engine::read(&served::options(root)).expect("a book");
    let built = mlsys_engine::build(&book, &BuildOptions::default());
    let bytes = |content: &Content| match content {
        Content::Bytes(bytes) => bytes.to_vec(),
        Content::Copy(path) => std::fs::read(path).expect("the file is there"),
    };
    let files = built.files.iter().map(|(path, content)| (path.clone(), bytes(content))).collect();
    let mut found = mlsys_engine::check(&mut book, &BuildOptions::default());
    mlsys_engine::report::sort(&book, &mut found);
    let found = found.iter().map(|finding| format!("{finding:?}")).collect();
    (files, found, listed)
}

#[test]
fn the_order_of_a_folder_does_not_matter() {
    let mut files: Vec<(&str, &str)> = edits::sample().into_iter().filter(|(path, _)| *path != "_quarto.yml").collect();
    files.push(("_quarto.yml", SETTINGS));
    files.extend(MORE);
    let memory = Path::new("/dev/shm");
    let temporary = std::env::temp_dir();
    let mut all = Vec::new();
    for above in [temporary.as_path(), memory].into_iter().filter(|path| path.is_dir()) {
        all.push(site(above, &files));
        files.reverse();
        all.push(site(above, &files));
    }
    let (first, found, _) = &all[0];
    assert!(first.contains_key("part/deep/c.html") && first.contains_key("files/b.txt"), "{:?}", first.keys());
    assert!(found.iter().any(|finding| finding.contains("a.svg`, `b.svg")), "{found:?}");
    for (files, findings, listed) in &all {
        for (path, bytes) in files {
            assert!(first.get(path) == Some(bytes), "{path} depends on the order of {listed:?}");
        }
        assert_eq!(first.len(), files.len());
        assert_eq!(found, findings, "with {listed:?}");
    }
    if memory.is_dir() {
        assert_ne!(all[2].2, all[3].2, "the folder is listed in two orders");
    }
}
