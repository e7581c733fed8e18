//! Frozen results: what a run leaves in `_freeze`, and what later builds make of it.
//!
//! The tests need `python3` without packages.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests write files and start the command")]

use camino::{Utf8Path, Utf8PathBuf};
use mlsys::output::frozen::write_frozen;
use mlsys::serve::{Live, Update};
use mlsys_book::Code;
use mlsys_engine::leaves::cells::{CellMode, CellOptions, Cells, Worker, requirements};
use mlsys_engine::leaves::progress::ProgressListener;
use mlsys_engine::memo::store::Store;
use mlsys_engine::project::ReadOptions;
use mlsys_engine::{BuildOptions, Built, Content, build, read};
use mlsys_tests::served::options;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

const CONFIG: &str = "project:\n  type: website\nexecute:\n  freeze: auto\n";

const PAGE: &str = "---
title: Page
---

```{python}
#| label: fig-dot
#| fig-cap: A dot
class Dot:
    def _repr_svg_(self):
        return '<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"4\"></svg>'
Dot()
```

@fig-dot has a size of `{python} 6 * 7` GB.

{{< include _part.qmd >}}
";

const PART: &str = "```{python}\n#| echo: false\nprint('part')\n```\n";

struct Project {
    folder: tempfile::TempDir,
    announced: Arc<Mutex<Vec<String>>>,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Project { folder: tempfile::tempdir().expect("a folder"), announced: Arc::default() };
        project.write("_quarto.yml", CONFIG);
        project.write("index.qmd", "Home.\n");
        files.iter().for_each(|(path, text)| project.write(path, text));
        project
    }

    fn root(&self) -> Utf8PathBuf {
        Utf8Path::from_path(self.folder.path()).expect("a path of UTF-8").join("book")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder above")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }

    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.root().join(path)).expect(path)
    }

    fn cells(&self, mode: CellMode) -> CellOptions {
        let announced = self.announced.clone();
        let announce = move |message: &str| announced.lock().expect("no panic").push(message.to_owned());
        let cache = Some(self.root().join(".quarto/mlsys"));
        CellOptions { mode, cache, announcement: ProgressListener::new(announce), ..CellOptions::default() }
    }

    fn reading(&self) -> ReadOptions {
        options(&self.root())
    }

    /// Builds the site, and writes what is to be frozen.
    fn build(&self, mode: CellMode) -> Built {
        let mut cells = Cells::new(self.cells(mode));
        let book = cells.execute(read(&self.reading()).expect("a book"));
        let (_, problem) = write_frozen(cells.frozen_files(), &self.root());
        assert_eq!(problem, None);
        build(&book, &BuildOptions::default())
    }

    /// How often something ran since the last call.
    fn runs(&self) -> usize {
        std::mem::take(&mut *self.announced.lock().expect("no panic")).len()
    }

    /// The files in `_freeze`.
    fn frozen(&self) -> BTreeSet<String> {
        let mut files = BTreeSet::new();
        let mut folders = vec![self.root().join("_freeze")];
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir_utf8().into_iter().flatten().flatten() {
                match entry.path().is_dir() {
                    true => folders.push(entry.path().to_owned()),
                    false => files.extend(entry.path().strip_prefix(self.root()).map(Utf8Path::to_string)),
                }
            }
        }
        files
    }
}

/// The bytes of a site.
fn bytes(built: &Built) -> BTreeMap<String, Vec<u8>> {
    let content = |content: &Content| match content {
        Content::Bytes(bytes) => bytes.to_vec(),
        Content::Copy(from) => std::fs::read(from).expect("a file to copy"),
    };
    built.files.iter().map(|(path, file)| (path.clone(), content(file))).collect()
}

fn page(built: &Built, path: &str) -> String {
    String::from_utf8_lossy(&bytes(built)[path]).into_owned()
}

#[test]
fn a_site_of_frozen_results_is_that_of_the_run() {
    let project = Project::new(&[("a/page.qmd", PAGE), ("a/_part.qmd", PART)]);
    let ran = project.build(CellMode::Auto);
    assert_eq!(project.runs(), 1);
    let results = "_freeze/a/page/execute-results/html.json";
    let figure = "_freeze/a/page/figure-html/fig-dot-output-1.svg";
    assert_eq!(project.frozen(), BTreeSet::from([results.to_owned(), figure.to_owned()]));
    let json: serde_json::Value = serde_json::from_str(&project.text(results)).expect("JSON");
    assert_eq!(json["hash"], mlsys_cells::frozen_hash(PAGE));
    let result = &json["result"];
    assert_eq!((&result["engine"], &result["supporting"][0]), (&"jupyter".into(), &"page_files".into()));
    let markdown = result["markdown"].as_str().expect("a text");
    assert!(markdown.starts_with("---\ntitle: Page\n---\n") && markdown.contains("42 GB"), "{markdown}");
    assert!(markdown.contains("part\n") && !markdown.contains("include"), "{markdown}");

    // A clone of the project has no cache.
    std::fs::remove_dir_all(project.root().join(".quarto")).expect("the cache");
    let thawed = project.build(CellMode::Off);
    assert_eq!(bytes(&thawed), bytes(&ran));
    assert_eq!(thawed.diagnostics, ran.diagnostics);
    project.build(CellMode::Auto);
    assert_eq!(project.runs(), 0);
    assert!(page(&thawed, "a/page.html").contains("page_files/figure-html/fig-dot-output-1.svg"));
}

#[test]
fn only_what_ran_without_errors_is_frozen() {
    let project = Project::new(&[
        ("failed.qmd", "```{python}\n1 / 0\n```\n"),
        ("off.qmd", "---\nexecute:\n  freeze: false\n---\n\n```{python}\n1\n```\n"),
        ("prose.qmd", "Text.\n"),
    ]);
    project.build(CellMode::Auto);
    assert_eq!(project.frozen(), BTreeSet::new());
    project.write("a.qmd", PART);
    for mode in [CellMode::Off, CellMode::Cached] {
        project.build(mode);
        assert_eq!(project.frozen(), BTreeSet::new(), "{mode:?}");
    }
}

#[test]
fn new_results_replace_old_ones() {
    let project = Project::new(&[("page.qmd", PAGE), ("_part.qmd", PART)]);
    project.build(CellMode::Auto);
    project.write("page.qmd", &PAGE.replace("fig-dot", "fig-point"));
    project.runs();
    project.build(CellMode::Auto);
    assert_eq!(project.runs(), 0, "a label runs nothing");
    assert!(project.frozen().contains("_freeze/page/figure-html/fig-point-output-1.svg"));
    assert_eq!(project.frozen().len(), 2, "{:?}", project.frozen());
    // `--execute` does not use frozen results, and writes them.
    project.write("_freeze/page/execute-results/html.json", "{}");
    let built = project.build(CellMode::Required);
    assert!(page(&built, "page.html").contains("42 GB"));
    assert!(project.text("_freeze/page/execute-results/html.json").contains("42 GB"));
}

#[test]
fn the_next_build_has_nothing_to_do() {
    let test = std::env::current_exe().expect("this test's path");
    let binary = test.parent().and_then(|folder| folder.parent()).expect("a target folder").join("mlsys");
    // Where the command was not built there is nothing to test.
    if !binary.exists() {
        return;
    }
    let project = Project::new(&[("page.qmd", PAGE), ("_part.qmd", PART)]);
    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    for file in ["_quarto.yml", "index.qmd", "page.qmd", "_part.qmd"] {
        let file = std::fs::File::options().write(true).open(project.root().join(file)).expect("a source");
        file.set_modified(hour_ago).expect("a time");
    }
    // Programs that come and go on the `PATH` would be a reason to build.
    let python = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().expect("python3");
    let python = String::from_utf8_lossy(&python.stdout).trim().to_owned();
    let run = || {
        let mut command = Command::new(&binary);
        command.env("QUARTO_PYTHON", &python).env("PATH", project.root().join("none"));
        let output = command.arg("build").current_dir(project.root()).output().expect("it starts");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let first = run();
    assert!(first.contains("running 2 cells"), "{first}");
    let time = |path: &str| std::fs::metadata(project.root().join(path)).and_then(|meta| meta.modified()).ok();
    let results = "_freeze/page/execute-results/html.json";
    let written = time(results);
    assert!(written.is_some());
    let second = run();
    assert!(second.contains("(unchanged)"), "{second}");
    assert_eq!(time(results), written);
}

#[test]
fn a_server_runs_pages_that_are_edited() {
    let config = CONFIG.replace("auto", "true");
    let project = Project::new(&[("_quarto.yml", &config), ("page.qmd", PAGE), ("_part.qmd", PART)]);
    let mut live = Live::new(project.reading(), BuildOptions::default(), project.cells(CellMode::Auto));
    let update = |live: &mut Live| match live.update(|_| (), || false) {
        Update::Site(publication) => match &publication.files["page.html"] {
            mlsys_serve::Content::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            mlsys_serve::Content::File(path) => panic!("{}", path.display()),
        },
        Update::Failure(_) | Update::Nothing => panic!("no site"),
    };
    let first = update(&mut live);
    assert!(first.contains("42 GB"), "{first}");
    let results = project.root().join("_freeze/page/execute-results/html.json");
    let time = || std::fs::metadata(&results).and_then(|meta| meta.modified()).expect("frozen results");
    let written = time();
    // The event of the new files: nothing runs, nothing is written.
    project.runs();
    assert_eq!(update(&mut live), first);
    assert_eq!((time(), project.runs()), (written, 0));

    project.write("page.qmd", &PAGE.replace("6 * 7", "7 * 8"));
    let edited = update(&mut live);
    assert!(edited.contains("56 GB"), "the author sees the edit");
    assert!(live.state().is_ok_and(|(_, found)| found.iter().all(|found| found.code != Code::StaleResults)));
    // For builds, `freeze: true` takes what there is.
    project.write("page.qmd", &PAGE.replace("6 * 7", "1 + 1"));
    let built = project.build(CellMode::Auto);
    assert!(page(&built, "page.html").contains("56 GB"));
    assert!(built.diagnostics.iter().any(|found| found.code == Code::StaleResults));
}

#[test]
fn libraries_come_with_all_their_files() {
    let results = r#"{"hash": "", "result": {"engine": "knitr", "markdown": "Text.\n", "includes": {"include-in-header": ["<script src=\"../site_libs/dial-1.2/dial.js\"></script>"]}}}"#;
    let project = Project::new(&[
        ("a/page.qmd", "---\nfreeze: true\n---\n\n```{r}\n1\n```\n"),
        ("_freeze/a/page/execute-results/html.json", results),
        ("_freeze/site_libs/dial-1.2/dial.js", "dial()"),
        ("_freeze/site_libs/dial-1.2/fonts/dial.woff", ""),
        ("_freeze/site_libs/clipboard/clipboard.min.js", "copy()"),
    ]);
    let built = project.build(CellMode::Off);
    assert!(page(&built, "a/page.html").contains("<script src=\"../site_libs/dial-1.2/dial.js\"></script>"));
    assert!(built.files.contains_key("site_libs/dial-1.2/dial.js"));
    assert!(built.files.contains_key("site_libs/dial-1.2/fonts/dial.woff"));
    assert!(!built.files.keys().any(|path| path.contains("clipboard")));
}

#[test]
fn requirements_are_those_of_pages_without_results() {
    let project = Project::new(&[
        ("page.qmd", PAGE),
        ("_part.qmd", PART),
        ("a/loads.qmd", "```{python}\nimport json, own_module\nfrom missing_package.part import x\n```\n"),
        ("a/own_module.py", "raise SystemExit('not to be imported')\n"),
    ]);
    let needs = || requirements(&read(&project.reading()).expect("a book"), &Store::new(None));
    let [python] = &needs()[..] else { panic!("one worker") };
    assert_eq!((&python.worker, python.pages), (&Worker::Python, 2));
    assert!(python.program.is_ok());
    let named = python.packages.iter().filter(|package| package.name != "IPython");
    let named: Vec<_> = named.map(|package| (package.name.as_str(), package.is_installed)).collect();
    // Before 3.10 Python does not know its standard library.
    let named: Vec<_> = named.into_iter().filter(|(name, _)| *name != "json").collect();
    assert_eq!(named, [("missing_package", false), ("own_module", true)]);
    project.build(CellMode::Auto);
    assert_eq!(needs()[0].pages, 1, "the other one is frozen");
}
