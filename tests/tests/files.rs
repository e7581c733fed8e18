//! Files that cannot be read as what they should be: each costs a finding with a place, and the other pages are still built.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start the command"
)]

use camino::Utf8Path;
use mlsys::Built;
use mlsys_book::Code;
use std::process::Command;

/// A project's folder that is gone after the test.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let project = Project { folder: tempfile::tempdir().expect("a folder") };
        for (path, bytes) in files {
            let path = project.root().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder above")).expect("folders");
            std::fs::write(path, bytes).expect("a file");
        }
        project
    }

    fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.folder.path()).expect("a path of UTF-8")
    }

    fn build(&self) -> Built {
        let options = mlsys::reading::Options {
            request: mlsys::locate(self.root(), None).expect("a project"),
            profiles: Vec::new(),
            output_dir: Some(self.root().join("_site")),
            format: "html".into(),
            diagrams: Default::default(),
        };
        mlsys::build(&mlsys::read(&options).expect("a book"))
    }
}

const CONFIG: (&str, &[u8]) = ("_quarto.yml", b"project:\n  type: website\n");

fn codes(built: &Built) -> Vec<Code> {
    built.diagnostics.iter().map(|d| d.code).collect()
}

#[test]
fn bytes_that_are_not_utf8_are_replaced() {
    let project = Project::new(&[CONFIG, ("index.qmd", b"Caf\xe9\n"), ("other.qmd", b"Text.\n")]);
    let built = project.build();
    assert!(codes(&built).contains(&Code::InvalidUtf8), "{:?}", built.diagnostics);
    assert!(built.files.contains_key("index.html") && built.files.contains_key("other.html"));
}

#[test]
fn a_bibliography_that_is_a_folder_is_unreadable() {
    let project =
        Project::new(&[CONFIG, ("index.qmd", b"---\nbibliography: refs.bib\n---\n\nText.\n"), ("refs.bib/x", b"")]);
    let built = project.build();
    assert!(codes(&built).contains(&Code::UnreadableFile), "{:?}", built.diagnostics);
    assert!(built.files.contains_key("index.html"));
}

#[test]
fn a_configuration_that_is_not_yaml_still_builds_the_pages() {
    let project = Project::new(&[("_quarto.yml", b"project: [\n"), ("index.qmd", b"Text.\n")]);
    let built = project.build();
    assert!(codes(&built).contains(&Code::InvalidConfig), "{:?}", built.diagnostics);
    assert!(built.files.contains_key("index.html"));
}

#[test]
fn a_configuration_may_be_named_by_a_text_file() {
    let project = Project::new(&[
        ("_quarto.yml", b"config/_site.yml"),
        ("config/_site.yml", b"project:\n  type: website\nwebsite:\n  title: Named\n"),
        ("index.qmd", b"Text.\n"),
    ]);
    let built = project.build();
    assert!(built.diagnostics.is_empty(), "{:?}", built.diagnostics);
    let Some(mlsys::write::Content::Bytes(page)) = built.files.get("index.html") else { panic!("no page") };
    assert!(String::from_utf8_lossy(page).contains("Named"));
}

#[test]
fn the_command_says_what_is_missing() {
    let empty = Project::new(&[]);
    let built = std::env::current_exe().expect("this test's path");
    // The binary lies beside the folder of the test binaries; where it was not built there is nothing to test.
    let binary = built.parent().and_then(|p| p.parent()).expect("a target folder").join("mlsys");
    if !binary.exists() {
        return;
    }
    let output = Command::new(binary).arg("build").current_dir(empty.root()).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("_quarto.yml"));
}

#[test]
fn the_same_source_gives_the_same_bytes_for_any_number_of_threads() {
    let sample = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../quarto");
    let options = mlsys::reading::Options {
        request: mlsys::locate(&sample, None).expect("a project"),
        profiles: Vec::new(),
        output_dir: Some(sample.join("_build/html")),
        format: "html".into(),
        diagrams: Default::default(),
    };
    let build = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| mlsys::build(&mlsys::read(&options).expect("a book")))
    };
    let (one, many) = (build(1), build(7));
    assert!(one.files.len() > 8);
    assert_eq!(one.files, many.files);
    assert_eq!(one.diagnostics, many.diagnostics);
}

#[test]
fn a_part_of_a_book_leaves_its_search_whole() {
    let config = b"project: {type: website}\nwebsite: {title: T, navbar: {left: [index.qmd]}}\n";
    let pages: [(&str, &[u8]); 3] =
        [("_quarto.yml", config), ("index.qmd", b"# One\n\nalpha\n"), ("other.qmd", b"# Two\n\nbeta\n")];
    let project = Project::new(&pages);
    let output = project.root().join("_site");
    let build = |only: &[&str]| {
        let request = mlsys::locate(project.root(), None).expect("a project");
        let options = mlsys::reading::Options {
            request: mlsys::Request { only: only.iter().map(|name| (*name).to_owned()).collect(), ..request },
            profiles: Vec::new(),
            output_dir: Some(output.clone()),
            format: "html".into(),
            diagrams: Default::default(),
        };
        let mut built = mlsys::build(&mlsys::read(&options).expect("a book"));
        if !only.is_empty() {
            mlsys::keep_earlier(&mut built.files, &output);
        }
        mlsys::write::write(&built.files, &output, mlsys::write::Earlier::Keep).expect("written");
        std::fs::read_to_string(output.join("site_libs/mlsys/search/index.json")).expect("an index")
    };
    let whole = build(&[]);
    std::fs::write(project.root().join("other.qmd"), "# Two\n\ngamma\n").expect("a file");
    assert_eq!(build(&["other"]), whole);
    assert_ne!(build(&[]), whole);
}
