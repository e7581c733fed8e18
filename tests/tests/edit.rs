//! Edits: which files an edit changes, and that an incremental build equals a clean one, byte for byte.
//!
//! `edit/` holds the fixtures. A file `=== edit PATH` gives a file's new text, `=== delete PATH` takes one away, and what is
//! expected are the files of the site that differ after the edit. Before an edit is saved, it is built as an unsaved text, with
//! the same result.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start the command"
)]

use camino::Utf8Path;
use libtest_mimic::{Arguments, Failed, Trial};
use mlsys_engine::memo::store::Store;
use mlsys_engine::project::{FileCache, Overlay, ReadOptions, read, read_again};
use mlsys_engine::{BuildOptions, Built, Memory, build, build_stored, rebuild};
use mlsys_engine::{Content, Files};
use mlsys_tests::Example;
use mlsys_tests::edits::{Random, random_edit, sample};
use mlsys_tests::fixtures::{compare, fixture_files};
use mlsys_tests::served::options;
use std::path::Path;

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("edit");
    let mut trials = Vec::new();
    for file in fixture_files(&folder) {
        let name = format!("edit/{}", file.file_name().unwrap_or_default().to_string_lossy());
        trials.push(Trial::test(name, move || compare(&file, edited)));
    }
    for seed in 1..=2 {
        trials.push(Trial::test(format!("random edits {seed}"), move || random_edits(seed, 30)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// A project's folder and what its builds remember.
struct Session {
    folder: tempfile::TempDir,
    cache: FileCache,
    memory: Memory,
}

impl Session {
    fn new() -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let cache = Utf8Path::from_path(folder.path()).ok_or("a path that is no UTF-8")?.join(".cache/live");
        Ok(Session { folder, cache: FileCache::default(), memory: Memory::new(Store::new(Some(cache))) })
    }

    fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.folder.path()).expect("a path of UTF-8")
    }

    fn write(&self, path: &str, text: &str) -> Result<(), Failed> {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
        Ok(std::fs::write(path, text)?)
    }

    /// Builds on from the last build, with unsaved texts.
    fn build_unsaved(&mut self, overlay: Overlay) -> Result<Built, Failed> {
        let options = ReadOptions { overlay, ..options(self.root()) };
        let book = read_again(&options, &mut self.cache)?;
        let built = rebuild(book, &BuildOptions::default(), &mut self.memory, |_, _| ());
        let clean = build(&read(&options)?, &BuildOptions::default());
        same_site(&built, &clean)?;
        Ok(built)
    }

    /// Builds incrementally, in memory and from the store, and compares with a clean build.
    fn build(&mut self) -> Result<Built, Failed> {
        let options = options(self.root());
        let mut early = None;
        let book = read_again(&options, &mut self.cache)?;
        let built = rebuild(book, &BuildOptions::default(), &mut self.memory, |_, built| early = Some(built));
        let clean = build(&read(&options)?, &BuildOptions::default());
        if let Some(early) = early {
            let searches = |path: &str| of_index(path) || path == "search.json" || path == "service-worker.js";
            let late = clean.files.iter().find(|(path, file)| !searches(path) && early.files.get(*path) != Some(file));
            if let Some((path, _)) = late {
                return Err(format!("`{path}` differs from a clean build at first").into());
            }
            if early.diagnostics != clean.diagnostics {
                return Err("findings differ at first".into());
            }
        }
        let kept =
            build_stored(&read(&options)?, &BuildOptions::default(), &Store::new(Some(self.root().join(".cache"))));
        for (from, built) in [("the last build", &built), ("earlier runs", &kept)] {
            for (path, content) in &clean.files {
                if built.files.get(path) != Some(content) {
                    return Err(format!("`{path}`, made from {from}, differs from a clean build").into());
                }
            }
            if built.files.len() != clean.files.len() {
                return Err(format!("from {from} come files that a clean build does not have").into());
            }
            if built.diagnostics != clean.diagnostics {
                return Err(format!("findings differ: {:#?}\n{:#?}", built.diagnostics, clean.diagnostics).into());
            }
        }
        Ok(built)
    }
}

/// Compares a build of unsaved texts with one of the saved files.
fn same_site(unsaved: &Built, saved: &Built) -> Result<(), Failed> {
    if unsaved.diagnostics != saved.diagnostics {
        return Err(format!("unsaved: {:#?}\nsaved: {:#?}", unsaved.diagnostics, saved.diagnostics).into());
    }
    if !unsaved.files.keys().eq(saved.files.keys()) {
        return Err("unsaved texts give other files".into());
    }
    for ((path, unsaved), saved) in unsaved.files.iter().zip(saved.files.values()) {
        let is_same = match (unsaved, saved) {
            (Content::Bytes(bytes), Content::Copy(file)) => std::fs::read(file)? == bytes[..],
            (unsaved, saved) => unsaved == saved,
        };
        if !is_same {
            return Err(format!("`{path}` differs between the unsaved and the saved text").into());
        }
    }
    Ok(())
}

/// What an example's edit changes.
fn edited(example: &Example) -> Result<String, Failed> {
    let mut session = Session::new()?;
    session.write("_quarto.yml", "project:\n  type: website\n")?;
    for (path, text) in example.files.iter().filter(|(path, _)| !path.contains(' ')) {
        session.write(path, text)?;
    }
    let before = session.build()?.files;
    let mut overlay = Overlay::default();
    for (path, text) in &example.files {
        if let Some(("edit", path)) = path.split_once(' ') {
            overlay.set(session.root().join(path), text.as_str());
        }
    }
    let deletes = example.files.iter().any(|(path, _)| path.starts_with("delete "));
    let unsaved = if deletes { None } else { Some(session.build_unsaved(overlay)?) };
    for (path, text) in &example.files {
        match path.split_once(' ') {
            Some(("edit", path)) => session.write(path, text)?,
            Some(("delete", path)) => std::fs::remove_file(session.root().join(path))?,
            Some((other, _)) => return Err(format!("`{other}` is no edit").into()),
            None => {}
        }
    }
    let after = session.build()?;
    if let Some(unsaved) = unsaved {
        same_site(&unsaved, &after)?;
    }
    let after = after.files;
    Ok(difference(&before, &after))
}

/// Whether a file belongs to the search index.
fn of_index(path: &str) -> bool {
    path.starts_with("site_libs/mlsys/search/")
}

/// Every edit of a text changes files of the search index, whose names follow their content: they count as one.
fn difference(before: &Files, after: &Files) -> String {
    let index =
        |files: &Files| files.iter().filter(|(path, _)| of_index(path)).map(|(p, c)| (p.clone(), c.clone())).collect();
    let (index_before, index_after): (Files, Files) = (index(before), index(after));
    let mut out = String::new();
    for (path, content) in after.iter().filter(|(path, _)| !of_index(path)) {
        match before.get(path) {
            None => out.push_str(&format!("new {path}\n")),
            Some(old) if old != content => out.push_str(&format!("changed {path}\n")),
            Some(_) => {}
        }
    }
    for path in before.keys().filter(|path| !of_index(path) && !after.contains_key(*path)) {
        out.push_str(&format!("gone {path}\n"));
    }
    if index_before != index_after {
        out.push_str("changed search index\n");
    }
    out
}

/// A sequence of random edits of a small book, after each of which the build must equal a clean one.
fn random_edits(seed: u64, count: usize) -> Result<(), Failed> {
    let mut session = Session::new()?;
    for (path, text) in sample() {
        session.write(path, text)?;
    }
    session.build()?;
    let mut random = Random::new(seed);
    for step in 0..count {
        let edit = random_edit(session.root().as_std_path(), &mut random)?;
        session.build().map_err(|failed| format!("step {step}, after {edit}: {}", failed.message().unwrap_or("")))?;
    }
    Ok(())
}
