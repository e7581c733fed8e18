//! The house rules that a compiler does not check.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start the command"
)]

#[path = "tidy/matches.rs"]
mod matches;
#[path = "tidy/rooms.rs"]
mod rooms;

use mlsys_book::{Node, walk};
use mlsys_tests::examples;
use mlsys_tests::fixtures::parse_example;
use std::collections::BTreeSet;
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
    let arrows: [(&str, &[&str]); 11] = [
        ("mlsys-book", &[]),
        ("mlsys-parse", &["mlsys-book"]),
        ("mlsys-cells", &["mlsys-book", "mlsys-parse"]),
        ("mlsys-csl", &["mlsys-book"]),
        ("mlsys-resolve", &["mlsys-book", "mlsys-csl"]),
        ("mlsys-render", &["mlsys-book"]),
        ("mlsys-epub", &["mlsys-book"]),
        ("mlsys-serve", &[]),
        (
            "mlsys-engine",
            &["mlsys-book", "mlsys-parse", "mlsys-cells", "mlsys-csl", "mlsys-epub", "mlsys-resolve", "mlsys-render"],
        ),
        ("mlsys-lsp", &["mlsys-book", "mlsys-parse", "mlsys-engine"]),
        ("mlsys", &["mlsys-book", "mlsys-parse", "mlsys-render", "mlsys-engine", "mlsys-serve", "mlsys-lsp"]),
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

/// The circles of modules within a room whose recursion is natural, by crate, and why.
const RECURSIVE: &[(&str, &[&str])] = &[
    // A table's cells and an algorithm's lines hold what blocks hold.
    ("mlsys-book", &["algorithm", "block", "table"]),
    // TeX in a field may hold HTML, whose text is TeX; a field's case depends on its kind, whose text has a case.
    ("mlsys-parse", &["bibliography::html", "bibliography::tex"]),
    ("mlsys-parse", &["bibliography::case", "bibliography::fields"]),
    // Inlines hold images, which are figures with notes in the margin, which hold inlines.
    ("mlsys-render", &["body::figures", "body::inlines", "body::margin"]),
    // A fragment is written by the writer, which can append fragments; a macro expands to formulas with macros.
    ("mlsys-render", &["html::fragment", "html::writer"]),
    ("mlsys-render", &["math::expansion", "math::macros"]),
    ("mlsys-render", &["search::index", "search::page"]),
    ("mlsys-render", &["templates::counters", "templates::tags"]),
    // A page holds drawings and formulas, whose text, ids and links are written like the page's.
    ("mlsys-epub", &["xhtml::foreign", "xhtml::serializer"]),
    // The inputs of a step are compared with the outputs of the previous build.
    ("mlsys-engine", &["build::inputs", "build::linked", "build::outputs"]),
    // Orphan quiz files are orphan files; both know which files the sources name.
    ("mlsys-engine", &["lints::named_files", "lints::orphan_files", "lints::quizzes"]),
    // The server answers requests with events, which the answers start.
    ("mlsys-serve", &["answer", "events", "server"]),
];

#[test]
fn rooms_have_no_circles_and_modules_only_natural_ones() {
    let mut natural: Vec<&(&str, &[&str])> = Vec::new();
    for name in EXHAUSTIVE {
        let source = root().join("crates").join(name).join("src");
        let mut files = Vec::new();
        rust_files(&source, &mut files);
        let imports = rooms::imports(&source, &files);
        for circle in rooms::circles(&imports) {
            assert!(circle.len() <= 4, "{name}: {} import each other", circle.join(", "));
            let listed = RECURSIVE.iter().find(|(owner, modules)| owner == name && *modules == circle);
            assert!(listed.is_some(), "{name}: {} import each other", circle.join(", "));
            natural.extend(listed);
        }
        // A crate without folders is one room.
        let is_flat = imports.keys().all(|module| !module.contains("::"));
        let between = rooms::circles(&rooms::rooms(&imports));
        let circle = between.iter().find(|circle| !is_flat && !RECURSIVE.iter().any(|(_, modules)| modules == circle));
        assert_eq!(circle, None, "{name}: rooms that import each other");
    }
    assert_eq!(natural.len(), RECURSIVE.len(), "a listed circle is none any more");
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
        let crates = [
            "mlsys-book/",
            "mlsys-epub/",
            "mlsys-parse/",
            "mlsys-cells/",
            "mlsys-csl/",
            "mlsys-resolve/",
            "mlsys-render/",
        ];
        let pass = crates.iter().any(|c| path.contains(c));
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        if pass && path.contains("/src/") {
            for banned in ["std::fs", "std::env", "std::process", "std::net", "println!", "eprintln!"] {
                assert!(!code.contains(banned), "{path} uses {banned}");
            }
        }
        let is_parallel =
            ["mlsys-engine/src/parallel.rs", "mlsys/src/output/write.rs"].iter().any(|p| path.ends_with(p));
        assert!(
            is_parallel || !path.contains("/src/") || !path.contains("crates/") || !code.contains("rayon::"),
            "{path} uses rayon"
        );
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
        } else if let Some(after) = from.strip_prefix("'\"'") {
            after
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
    let expected = fixtures("check", "md") + &fixtures("epub", "md") + &fixtures("tests", "rs");
    for code in mlsys_book::Code::ALL {
        let shown = expected.contains(&format!("[{code}]"));
        let tested = expected.contains(&format!("Code::{code:?})"));
        assert!(shown || tested, "no fixture shows `{code}`");
    }
}

#[test]
fn every_diagnostic_has_a_section_with_its_severity_cause_and_fix() {
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
        assert!(text.contains("\n*Fix:* "), "the section of `{code}` has no fix");
    }
}

/// The variants of an enum of `mlsys-book`, as its source lists them.
fn variants(file: &str, name: &str) -> BTreeSet<String> {
    let sources = matches::parse(&[root().join("crates/mlsys-book/src").join(file)]);
    let mut enums = matches::enums(sources.iter().map(|(_, file)| file));
    enums.remove(name).unwrap_or_else(|| panic!("{file} defines `{name}`"))
}

/// The name of the variant that a value is.
fn variant(kind: &impl std::fmt::Debug) -> String {
    format!("{kind:?}").split(|c: char| !c.is_alphanumeric()).next().unwrap_or("").to_owned()
}

#[test]
fn every_kind_of_element_has_a_fixture() {
    let (mut blocks, mut inlines) = (BTreeSet::new(), BTreeSet::new());
    let mut note = |node: Node<'_>| {
        match node {
            Node::Block(block) => blocks.insert(variant(&block.kind)),
            Node::Inline(inline) => inlines.insert(variant(&inline.kind)),
        };
        true
    };
    for example in examples(&fixtures("parse", "md")) {
        let chapter = parse_example(&example).1.value;
        walk(&chapter.blocks, &mut note);
        chapter.notes.iter().for_each(|n| walk(&n.content, &mut note));
    }
    assert_eq!(blocks, variants("block.rs", "BlockKind"), "left: the blocks in fixtures");
    assert_eq!(inlines, variants("inline.rs", "InlineKind"), "left: the inlines in fixtures");
}

#[test]
fn every_part_of_a_printed_tree_has_a_fixture() {
    let trees = fixtures("parse", "md");
    for name in ["Caption", "Foot", "Title", "Subtitle", "Abstract", "Note", "Option", "Item [x]"] {
        assert!(trees.lines().any(|line| line.trim_start().starts_with(name)), "no fixture prints a `{name}`");
    }
    assert!(trees.contains(" DisplayMath("), "no fixture prints a display formula");
}

/// The crates whose `match` expressions name every variant of our enums.
const EXHAUSTIVE: &[&str] = &[
    "mlsys-book",
    "mlsys-parse",
    "mlsys-cells",
    "mlsys-csl",
    "mlsys-resolve",
    "mlsys-render",
    "mlsys-epub",
    "mlsys-engine",
    "mlsys-serve",
    "mlsys-lsp",
    "mlsys",
];

#[test]
fn matches_over_our_enums_are_exhaustive() {
    let mut files = Vec::new();
    rust_files(&root().join("crates"), &mut files);
    files.sort();
    let sources = matches::parse(&files);
    let enums = matches::enums(sources.iter().map(|(_, file)| file));
    let is_held = |path: &str| EXHAUSTIVE.iter().any(|name| path.contains(&format!("crates/{name}/")));
    let mut held = Vec::new();
    for (path, file) in sources.iter().filter(|(path, _)| is_held(path)) {
        let shown = path.split_once("../").map_or(path.as_str(), |(_, path)| path);
        held.extend(matches::catch_alls(file, &enums).iter().map(|found| format!("{shown}: {found}")));
    }
    assert!(held.is_empty(), "name the variants, or use `if let` or `matches!`:\n{}", held.join("\n"));
}

#[test]
fn catch_alls_are_found() {
    let found = |body: &str| {
        let text = format!("enum Kind {{ A, B(u8), C {{ x: u8 }} }} impl Kind {{ fn f(self) {{ {body} }} }}");
        let file = syn::parse_file(&text).expect("a source");
        matches::catch_alls(&file, &matches::enums([&file])).len()
    };
    for (body, expected) in [
        ("match k { Kind::A => 1, _ => 2 }", 1),
        ("match k { Self::A => 1, other => 2 }", 1),
        ("match k { Kind::B(x) if x > 1 => 1, k @ _ => 2 }", 1),
        ("match k { Some(Kind::C { .. }) => 1, Some(_) => 2, None => 3 }", 1),
        ("match (k, 1) { (Kind::A, 1) => 1, (_, _) => 2 }", 1),
        ("match k { Kind::A => match j { Kind::A => 1, _ => 2 }, _ => 3 }", 2),
        ("match k { Kind::A => 1, Kind::B(_) | Kind::C { .. } => 2 }", 0),
        ("match k { Kind::A => 1, _ if x => 2, Kind::B(y) => 3, Kind::C { x } => 4 }", 0),
        ("match &ks[..] { [Kind::A] => 1, _ => 2 }", 0),
        ("match n { 1 => Kind::A, _ => Kind::B(2) }", 0),
        ("if let Kind::A = k {}", 0),
        ("use Kind::{A, B}; match k { A | B(_) => 1, _ => 2 }", 1),
        ("use crate::kinds::Kind; match k { Kind::A => 1, _ => 2 }", 1),
        ("use mlsys_book::{Kind, Span}; match k { Kind::A => 1, _ => 2 }", 1),
        ("use other::kinds::{Kind, Span}; match k { Kind::A => 1, _ => 2 }", 0),
        ("use other::{Kind as Other, Span}; match k { Kind::A => 1, _ => 2 }", 1),
        ("mod kinds; use kinds::Kind; match k { Kind::A => 1, _ => 2 }", 1),
    ] {
        assert_eq!(found(body), expected, "{body}");
    }
}
