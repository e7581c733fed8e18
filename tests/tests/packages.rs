//! The crates as packages: complete on crates.io, no dependency newer than the oldest supported compiler, licences of what they contain.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests read files and start cargo")]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All packages of the dependency graph, as `cargo metadata` prints them.
fn packages() -> Vec<Value> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--locked", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

/// The packages of the workspace that are published.
fn published(packages: &[Value]) -> Vec<&Value> {
    let published: Vec<&Value> =
        packages.iter().filter(|package| package["source"].is_null() && package["publish"].is_null()).collect();
    assert!(published.len() > 3, "the workspace has published crates");
    published
}

fn text_of<'v>(package: &'v Value, key: &str) -> &'v str {
    package[key].as_str().unwrap_or_default()
}

/// The folder of a package of the workspace.
fn folder(package: &Value) -> PathBuf {
    Path::new(text_of(package, "manifest_path")).parent().expect("a folder").to_owned()
}

#[test]
fn published_crates_are_complete() {
    let packages = packages();
    for package in published(&packages) {
        let name = text_of(package, "name");
        for key in ["description", "license", "repository", "readme", "rust_version"] {
            assert!(!text_of(package, key).is_empty(), "{name} has no `{key}`");
        }
        for key in ["keywords", "categories"] {
            let number = package[key].as_array().map_or(0, Vec::len);
            assert!((1..=5).contains(&number), "{name} has {number} `{key}`: crates.io takes 1 to 5");
        }
        // Without a version, cargo refuses to publish a dependency, and drops a development dependency.
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let is_pinned = text_of(dependency, "req") != "*" || dependency["kind"] == "dev";
            assert!(is_pinned, "{name}: the dependency {} has no version", text_of(dependency, "name"));
        }
        assert!(folder(package).join("LICENSE").is_file(), "{name} has no LICENSE: make it a link to ../../LICENSE");
    }
}

/// A folder that is embedded must lie inside of its package, or the published crate does not compile.
#[test]
fn embedded_files_lie_inside_their_package() {
    let packages = packages();
    let mut checked = 0;
    for package in published(&packages) {
        let folder = folder(package);
        for file in walk(&folder.join("src")) {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            for embedded in text.split("#[folder = \"").skip(1).filter_map(|rest| rest.split('"').next()) {
                let inside = !embedded.contains("..") && folder.join(embedded).is_dir();
                assert!(inside, "{}: `{embedded}` is not a folder of the package", file.display());
                checked += 1;
            }
        }
    }
    assert!(checked > 0, "no embedded folder found");
}

#[test]
fn no_dependency_needs_a_newer_compiler() {
    let packages = packages();
    let version = |text: &str| text.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    let own = published(&packages).into_iter().map(|package| version(text_of(package, "rust_version"))).min();
    let own = own.expect("published crates");
    for package in &packages {
        let needed = text_of(package, "rust_version");
        assert!(version(needed) <= own, "{} needs Rust {needed}", text_of(package, "id"));
    }
}

#[test]
fn third_party_names_every_foreign_file() {
    let text = std::fs::read_to_string(root().join("THIRD-PARTY.md")).expect("THIRD-PARTY.md");
    let patterns: Vec<&str> =
        text.lines().filter(|line| line.starts_with('|')).flat_map(|row| row.split('`').skip(1).step_by(2)).collect();
    let foreign = ["csl", "xml", "woff2", "woff", "ttf", "otf"];
    let files = walk(&root().join("crates")).into_iter().chain(walk(&root().join("themes")));
    let files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|e| foreign.iter().any(|foreign| e == *foreign))).collect();
    assert!(files.len() > 20, "the walk found too little");
    for file in files {
        let path = file.to_string_lossy().replace('\\', "/");
        let is_named = patterns.iter().any(|pattern| {
            let (start, end) = pattern.split_once('*').unwrap_or((pattern, ""));
            path.rsplit_once(start).is_some_and(|(_, rest)| rest.ends_with(end))
        });
        assert!(is_named, "THIRD-PARTY.md does not name {path}");
    }
}

#[test]
fn third_party_names_every_grammar_and_theme() {
    let text = std::fs::read_to_string(root().join("THIRD-PARTY.md")).expect("THIRD-PARTY.md");
    let listing = two_face::acknowledgement::listing();
    let works = listing.for_syntaxes().iter().chain(listing.for_themes());
    let mut checked = 0;
    for work in works {
        let path = work.rel_path.to_string_lossy().replace('\\', "/").replace('_', " ");
        let name = path.trim_start_matches("syntaxes/01 Packages/").trim_start_matches("syntaxes/02 Extra/");
        let name = name.trim_start_matches("themes/");
        let name = name.rsplit_once('/').map_or(name, |(folder, _)| folder);
        assert!(text.contains(&format!("\n| {name} | ")), "THIRD-PARTY.md does not name `{name}`");
        checked += 1;
    }
    assert!(checked > 50, "two-face acknowledges {checked} works only");
}

/// The files in a folder and the folders in it, without symbolic links to folders.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_symlink() && path.is_dir() {
            continue;
        }
        if path.is_dir() {
            files.extend(walk(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
