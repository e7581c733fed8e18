//! The built pages in a real browser: builds the sample book, and the book that `MLSYS_BOOK` names, and runs the tests of
//! `tests/browser` on them with node and Chromium. Where a program is missing they are skipped, and with `CI=true` they fail.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start the command"
)]

use camino::{Utf8Path, Utf8PathBuf};
use libtest_mimic::{Arguments, Failed, Trial};
use mlsys_engine::BuildOptions;
use mlsys_engine::build::epub::package_files;
use mlsys_tests::served::Served;
use std::process::Command;
use std::sync::{Arc, OnceLock};

/// The tests in JavaScript.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser");

fn main() {
    let arguments = Arguments::from_args();
    let browser = Browser::find();
    let required = std::env::var("CI").is_ok_and(|value| value == "true");
    if let (Err(missing), false) = (&browser, required || arguments.list) {
        eprintln!("\nbrowser tests SKIPPED: {missing}\n");
    }
    let skipped = browser.is_err() && !required;
    let browser = Arc::new(browser);
    let output = tempfile::tempdir().expect("a folder");
    let mut trials = Vec::new();
    for site in sites(Utf8Path::from_path(output.path()).expect("a path of UTF-8")) {
        let site = Arc::new(site);
        for folder in site.tests {
            for file in test_files(folder) {
                let (site, browser) = (site.clone(), browser.clone());
                let trial = Trial::test(format!("{}/{file}", site.name), move || {
                    browser.as_ref().as_ref().map_err(Failed::from)?.run(&site, &file)
                });
                trials.push(trial.with_ignored_flag(skipped));
            }
        }
    }
    trials.push(
        Trial::test("live", move || browser.as_ref().as_ref().map_err(Failed::from)?.edit()).with_ignored_flag(skipped),
    );
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(output);
    conclusion.exit();
}

/// A book, where its site goes, and the folders of the tests that hold for it.
struct Site {
    name: &'static str,
    book: Utf8PathBuf,
    output: Utf8PathBuf,
    tests: &'static [&'static str],
    /// `html`, or `epub`: then the pages of the package are served.
    format: &'static str,
    /// The path of the site on its host, once it is built.
    built: OnceLock<Result<String, String>>,
}

/// The sample book, a site with the kinds of pages that it lacks, and the book of the environment.
fn sites(output: &Utf8Path) -> Vec<Site> {
    let of_format = |name, book, tests, format| {
        let output = output.join(name);
        Site { name, book, output, tests, format, built: OnceLock::new() }
    };
    let site = |name, book, tests| of_format(name, book, tests, "html");
    let sample = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../quarto");
    let templates = Utf8Path::new(FOLDER).join("templates");
    let mut sites = vec![
        of_format("epub", sample.clone(), &["epub"], "epub"),
        site("sample", sample, &["any", "sample"]),
        site("templates", templates, &["any"]),
    ];
    if let Ok(book) = std::env::var("MLSYS_BOOK") {
        sites.push(site("book", book.into(), &["any"]));
    }
    sites
}

/// The test files of a folder, as paths relative to [`FOLDER`], sorted.
fn test_files(folder: &str) -> Vec<String> {
    let entries = Utf8Path::new(FOLDER).join(folder).read_dir_utf8().expect("a folder of tests");
    let mut files: Vec<String> = entries
        .map(|entry| entry.expect("an entry").file_name().to_owned())
        .filter(|name| name.ends_with(".test.js"))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    files.sort();
    files
}

impl Site {
    /// Builds the site once for all its tests. Returns its path on its host.
    fn build(&self) -> Result<String, String> {
        let build = || {
            let options = mlsys_engine::project::ReadOptions {
                request: mlsys_engine::locate(&self.book, Some(".")).map_err(|error| error.to_string())?,
                profiles: Vec::new(),
                output_dir: Some(self.output.clone()),
                format: self.format.into(),
                overlay: mlsys_engine::project::Overlay::default(),
            };
            let book = mlsys_engine::read(&options).map_err(|error| error.to_string())?;
            if self.format == "epub" {
                return self.unpack(&book);
            }
            mlsys::output::write::write(
                &mlsys_engine::build(&book, &BuildOptions::default()).files,
                &self.output,
                mlsys::output::write::Earlier::Remove,
            )
            .map_err(|error| error.to_string())?;
            Ok(book.project.site.path)
        };
        self.built.get_or_init(build).clone()
    }

    /// Writes the files of the EPUB's book to the output folder.
    fn unpack(&self, book: &mlsys_engine::Book) -> Result<String, String> {
        let (files, _) = package_files(book, &BuildOptions::default());
        for (path, bytes) in files {
            let Some(path) = path.strip_prefix("EPUB/") else { continue };
            let file = self.output.join(path);
            let folder = file.parent().unwrap_or(&self.output);
            std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, &bytes)).map_err(|e| e.to_string())?;
        }
        Ok("/".to_owned())
    }
}

/// The programs that the tests need.
struct Browser {
    chromium: Utf8PathBuf,
}

impl Browser {
    /// Finds them; the message says what is missing and what to do.
    fn find() -> Result<Self, String> {
        let chromium = std::env::var("CHROMIUM")
            .map(Utf8PathBuf::from)
            .ok()
            .or_else(|| ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| program(name)));
        let chromium = chromium.ok_or("Chromium is not installed (`apt-get install chromium`, or set CHROMIUM)")?;
        program("node").ok_or("node is not installed (20.19 or newer)")?;
        if !Utf8Path::new(FOLDER).join("node_modules").is_dir() {
            return Err("the packages are not installed (`npm ci --prefix tests/browser`)".to_owned());
        }
        Ok(Browser { chromium })
    }

    /// Runs a file of tests on a site.
    fn run(&self, site: &Site, file: &str) -> Result<(), Failed> {
        let path = site.build()?;
        let mut node = Command::new("node");
        node.args(["--test", "--test-reporter=spec", "--test-timeout=300000", file]).current_dir(FOLDER);
        node.env("MLSYS_SITE_PATH", path)
            .env("MLSYS_SITE", &site.output)
            .env("MLSYS_SOURCES", &site.book)
            .env("CHROMIUM", &self.chromium);
        succeed(&mut node)
    }

    /// Runs the tests that edit a book while it is served.
    fn edit(&self) -> Result<(), Failed> {
        let served = Served::new(&mlsys_tests::edits::sample());
        let mut node = Command::new("node");
        node.args(["--test", "--test-reporter=spec", "--test-timeout=300000", "live/live.test.js"]).current_dir(FOLDER);
        node.env("MLSYS_SERVER", format!("http://{}/", served.address))
            .env("MLSYS_SOURCES", served.root())
            .env("CHROMIUM", &self.chromium);
        succeed(&mut node)
    }
}

/// Runs a program. Its output is the error message.
fn succeed(program: &mut Command) -> Result<(), Failed> {
    let output = program.output().map_err(|error| format!("node: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)).into())
}

/// Where a program is, by the search path.
fn program(name: &str) -> Option<Utf8PathBuf> {
    let path = std::env::var("PATH").ok()?;
    std::env::split_paths(&path)
        .filter_map(|folder| Utf8PathBuf::from_path_buf(folder.join(name)).ok())
        .find(|candidate| candidate.is_file())
}
