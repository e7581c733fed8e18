//! Pages with code, from the project's folder to the site: what runs, when it does not run again, and what is said of it.
//!
//! The tests need `python3` without packages.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests write files and start programs")]

use camino::{Utf8Path, Utf8PathBuf};
use mlsys_book::{Code, Diagnostic, Locator, Severity};
use mlsys_engine::leaves::cells::{CellMode, CellOptions, Cells};
use mlsys_engine::leaves::progress::ProgressListener;
use mlsys_engine::leaves::scripts::{Moment, run_scripts};
use mlsys_engine::project::{Overlay, ReadOptions};
use mlsys_engine::{Book, BuildOptions, Built, Content, build, lints, read};
use std::sync::{Arc, Mutex};

/// A project's folder, its cache, and what was announced.
struct Project {
    folder: tempfile::TempDir,
    announced: Arc<Mutex<Vec<String>>>,
}

const CONFIG: &str = "project:\n  type: website\n";

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Project { folder: tempfile::tempdir().expect("a folder"), announced: Arc::default() };
        project.write("_quarto.yml", CONFIG);
        files.iter().for_each(|(path, text)| project.write(path, text));
        project
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder above")).expect("folders");
        std::fs::write(path, text).expect("a file");
    }

    fn root(&self) -> Utf8PathBuf {
        Utf8Path::from_path(self.folder.path()).expect("a path of UTF-8").join("book")
    }

    fn read(&self) -> Book {
        let options = ReadOptions {
            request: mlsys_engine::locate(&self.root(), None).expect("a project"),
            profiles: Vec::new(),
            output_dir: Some(self.root().join("_site")),
            format: "html".into(),
            overlay: Overlay::default(),
        };
        read(&options).expect("a book")
    }

    fn options(&self, mode: CellMode) -> CellOptions {
        let announced = self.announced.clone();
        let announce = move |message: &str| announced.lock().expect("no panic").push(message.to_owned());
        CellOptions {
            mode,
            cache: Some(self.root().join(".quarto/mlsys")),
            progress: ProgressListener::default(),
            announcement: ProgressListener::new(announce),
        }
    }

    /// Builds the site. Returns the book and its site.
    fn build(&self, mode: CellMode) -> (Book, Built) {
        let book = Cells::new(self.options(mode)).execute(self.read());
        let built = build(&book, &BuildOptions::default());
        (book, built)
    }

    /// What was announced since the last call.
    fn announced(&self) -> Vec<String> {
        std::mem::take(&mut *self.announced.lock().expect("no panic"))
    }
}

fn page(built: &Built, path: &str) -> String {
    match built.files.get(path) {
        Some(Content::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        Some(Content::Copy(_)) | None => panic!("no page {path}"),
    }
}

/// The diagnostics of cells: code, place and message.
fn found(book: &Book, diagnostics: &[Diagnostic]) -> Vec<(Code, String, String)> {
    let locator = Locator::new(&book.sources);
    let of_cells = [Code::CellFailed, Code::CellNotExecuted, Code::ScriptFailed, Code::ScriptNotRun];
    let found = diagnostics.iter().filter(|diagnostic| of_cells.contains(&diagnostic.code));
    found
        .map(|diagnostic| {
            let place = locator.start(diagnostic.place).map(|place| place.to_string()).unwrap_or_default();
            (diagnostic.code, place, diagnostic.message.clone())
        })
        .collect()
}

const VALUES: &str = "---\ntitle: Values\n---\n\n```{python}\n#| echo: false\nsize = 6 * 7\nprint('printed')\n```\n\nThe size is `{python} size` GB.\n";

#[test]
fn results_stand_in_place_of_cells() {
    let project = Project::new(&[("index.qmd", VALUES)]);
    let (book, built) = project.build(CellMode::Auto);
    assert_eq!(found(&book, &built.diagnostics), []);
    let html = page(&built, "index.html");
    assert!(html.contains("The size is 42 GB."), "{html}");
    assert!(html.contains("printed") && !html.contains("6 * 7"), "{html}");
    let announced = project.announced();
    assert_eq!(announced.len(), 1, "{announced:?}");
    assert!(announced[0].starts_with("running 1 cell of 1 page with "), "{announced:?}");
}

#[test]
fn only_code_and_what_it_reads_run_again() {
    let text = VALUES.replace("size = 6 * 7", "size = int(open('size.txt').read())");
    let project = Project::new(&[("index.qmd", &text), ("size.txt", "42")]);
    project.build(CellMode::Auto);
    assert_eq!(project.announced().len(), 1);

    let shown = text.replace("GB", "gigabytes").replace("echo: false", "echo: true") + "\nMore prose.\n";
    project.write("index.qmd", &shown);
    let (_, built) = project.build(CellMode::Auto);
    assert_eq!(project.announced(), [""; 0], "prose and presentation run nothing");
    assert!(page(&built, "index.html").contains("The size is 42 gigabytes."));

    project.write("size.txt", "4200");
    let (_, built) = project.build(CellMode::Auto);
    assert_eq!(project.announced().len(), 1, "a file that the code reads");
    assert!(page(&built, "index.html").contains("The size is 4200 gigabytes."));

    project.write("index.qmd", &shown.replace("print('printed')", "print('other')"));
    let (_, built) = project.build(CellMode::Auto);
    assert_eq!(project.announced().len(), 1, "the code");
    assert!(page(&built, "index.html").contains("other"));
}

#[test]
fn an_error_costs_its_page_only() {
    let text = "# A\n\n```{python}\na = 1\n```\n\n```{python}\n#| echo: true\n\na / 0\n```\n";
    let project = Project::new(&[("index.qmd", text), ("other.qmd", VALUES)]);
    let (book, built) = project.build(CellMode::Auto);
    let found = found(&book, &built.diagnostics);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].1.as_str(), found[0].0), ("index.qmd:10:1", Code::CellFailed));
    assert!(found[0].2.contains("ZeroDivisionError"), "{found:?}");
    assert!(page(&built, "other.html").contains("The size is 42 GB."));
    // The result is stored: an equal build says the same without running.
    project.announced();
    let (book, built) = project.build(CellMode::Cached);
    assert_eq!(self::found(&book, &built.diagnostics), found);
    assert_eq!(project.announced(), [""; 0]);
}

#[test]
fn a_stored_error_stays_with_its_cell() {
    let text = "# A\n\n1\n2\n3\n4\n\n```{python}\na = 1\n```\n\n```{python}\na / 0\n```\n\nA `{python} b`.\n";
    let project = Project::new(&[("index.qmd", text)]);
    project.build(CellMode::Auto);
    project.announced();
    project.write("index.qmd", &text.replace("1\n2\n3\n4\n", "```{python}\n#| eval: false\nx\n```\n"));
    let (book, built) = project.build(CellMode::Auto);
    assert_eq!(project.announced(), [""; 0], "a cell that does not run");
    let found = found(&book, &built.diagnostics);
    assert_eq!(found.iter().map(|(_, place, _)| place.as_str()).collect::<Vec<_>>(), ["index.qmd:13:1"], "{found:?}");
}

#[test]
fn an_error_in_hidden_code_has_its_line() {
    let text = "# A\n\n```{python}\n#| echo: false\na = 1\n\nb = a / 0\n```\n\nText.\n";
    let project = Project::new(&[("index.qmd", text)]);
    let (book, built) = project.build(CellMode::Auto);
    let found = found(&book, &built.diagnostics);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, Code::CellFailed);
    // Python 3.11 and later know the column, too.
    assert!(found[0].1.starts_with("index.qmd:7:"), "{found:?}");
}

#[test]
fn a_check_and_cached_results_run_nothing() {
    let project = Project::new(&[("index.qmd", VALUES)]);
    for (mode, severity) in [(CellMode::Cached, Severity::Error), (CellMode::Check, Severity::Hint)] {
        let mut book = Cells::new(project.options(mode)).execute(project.read());
        let diagnostics = lints::check(&mut book, &BuildOptions::default());
        let found = found(&book, &diagnostics);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].0, diagnostics[0].severity), (Code::CellNotExecuted, severity));
    }
    assert_eq!(project.announced(), [""; 0]);
    let (_, built) = project.build(CellMode::Off);
    assert!(!page(&built, "index.html").contains("6 * 7"), "hidden code is not published");
}

#[test]
fn places_after_a_cell_lead_to_the_source() {
    let text = VALUES.to_owned() + "\nSee @fig-nowhere.\n";
    let project = Project::new(&[("index.qmd", &text)]);
    for mode in [CellMode::Auto, CellMode::Off] {
        let (book, built) = project.build(mode);
        let diagnostic = built.diagnostics.iter().find(|d| d.code == Code::UnresolvedReference).expect("a diagnostic");
        let place = Locator::new(&book.sources).start(diagnostic.place).map(|place| place.to_string());
        assert_eq!(place.as_deref(), Some("index.qmd:13:5"));
    }
}

#[test]
fn figures_are_files_of_the_site() {
    let code = "class Dot:\n    def _repr_svg_(self):\n        return '<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"4\"></svg>'\nDot()";
    let text = format!("# A\n\n```{{python}}\n#| label: fig-dot\n#| fig-cap: A dot\n{code}\n```\n\nSee @fig-dot.\n");
    let project = Project::new(&[("a/index.qmd", &text), ("index.qmd", "Home.\n")]);
    let (_, built) = project.build(CellMode::Auto);
    let html = page(&built, "a/index.html");
    assert!(html.contains("index_files/figure-html/fig-dot-output-1.svg"), "{html}");
    assert!(built.files.contains_key("a/index_files/figure-html/fig-dot-output-1.svg"));
    assert!(html.contains("Figure&nbsp;1") || html.contains("Figure\u{a0}1"), "{html}");
}

#[test]
fn scripts_run_around_a_build() {
    let config = "project:\n  type: website\n  pre-render: make.py one\n  post-render:\n    - \"python3 -c 'import sys; sys.exit(3)'\"\n    - never\n";
    let make =
        "import os, sys\nopen('made.qmd', 'w').write('# ' + sys.argv[1] + os.environ['QUARTO_PROJECT_INPUT_FILES'])\n";
    let project = Project::new(&[("_quarto.yml", config), ("make.py", make), ("index.qmd", "Home.\n")]);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let run = |moment, mode| {
        let book = project.read();
        let diagnostics = run_scripts(&book, moment, &project.options(mode), path.clone());
        found(&book, &diagnostics)
    };
    assert_eq!(run(Moment::PreRender, CellMode::Auto), []);
    assert_eq!(std::fs::read_to_string(project.root().join("made.qmd")).expect("made"), "# oneindex.qmd");
    let failed = run(Moment::PostRender, CellMode::Auto);
    assert_eq!(failed.len(), 1, "the script after a failed one does not run: {failed:?}");
    assert_eq!((failed[0].1.as_str(), failed[0].0), ("_quarto.yml:5:8", Code::ScriptFailed));
    project.announced();
    let not_run = run(Moment::PostRender, CellMode::Cached);
    assert_eq!(not_run.len(), 2);
    assert!(not_run.iter().all(|(code, _, _)| *code == Code::ScriptNotRun), "{not_run:?}");
    assert_eq!(project.announced(), [""; 0]);
}
