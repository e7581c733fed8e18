//! Builds a folder of public sites and compares them with facts of the same pages: `build_sites COMMAND [FOLDER [--write]]`.
//!
//! Each folder `NAME` in `tests/sites` is a project, or has one in a folder of its own (`docs`). `NAME.facts` beside it has a JSON file
//! for each page with its facts by kind (`src/facts.rs`); `--write` writes them from this build, so that a later build is compared with
//! it. Nothing is fetched: put sites there yourself. No code of theirs runs (`--cells off --diagrams off`).

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "it starts the command, reads pages and prints what differs"
)]

use mlsys_tests::facts::{Facts, KINDS, agreement, facts};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// So many facts of one kind and page are shown on each side.
const SHOWN: usize = 3;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_writing = arguments.iter().any(|argument| argument == "--write");
    arguments.retain(|argument| argument != "--write");
    let Some(command) = arguments.first().map(PathBuf::from) else {
        println!("build_sites COMMAND [FOLDER [--write]]");
        return ExitCode::from(2);
    };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = arguments.get(1).map_or_else(|| here.join("sites"), PathBuf::from);
    let sites = sites(&folder);
    if sites.is_empty() {
        println!("no projects in {}", folder.display());
    }
    let mut is_broken = false;
    for (name, project) in sites {
        let out = here.join("../target/sites").join(&name);
        match built(&command, &project, &out) {
            Ok(report) => println!("{name}: {report}"),
            Err(error) => {
                is_broken = true;
                println!("{name}: {error}");
                continue;
            }
        }
        let known = folder.join(format!("{name}.facts"));
        if is_writing {
            write(&out, &known);
        } else if known.is_dir() {
            compare(&out, &known);
        }
    }
    if is_broken { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The projects by name.
fn sites(folder: &Path) -> BTreeMap<String, PathBuf> {
    let is_project = |folder: &Path| folder.join("_quarto.yml").is_file() || folder.join("_quarto.yaml").is_file();
    let mut sites = BTreeMap::new();
    for path in entries(folder) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let project =
            if is_project(&path) { Some(path) } else { entries(&path).into_iter().find(|path| is_project(path)) };
        sites.extend(project.map(|project| (name, project)));
    }
    sites
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// Builds a site; the last line of the report, or why there is none.
fn built(command: &Path, project: &Path, out: &Path) -> Result<String, String> {
    let run = Command::new(command)
        .args(["build", "--cells", "off", "--diagrams", "off", "--output-dir"])
        .arg(out)
        .arg(project)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot start {}: {error}", command.display()))?;
    let report = String::from_utf8_lossy(&run.stderr).into_owned() + &String::from_utf8_lossy(&run.stdout);
    let last = report.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no report").to_owned();
    match run.status.code() {
        Some(0 | 1) => Ok(last),
        Some(status) => Err(format!("exit status {status}: {last}")),
        None => Err(format!("the command was ended: {last}")),
    }
}

/// The pages of a site: path without its ending, and file.
fn pages(folder: &Path, ending: &str) -> BTreeMap<String, PathBuf> {
    let mut pages = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for path in entries(&inner) {
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
            match name.strip_suffix(ending) {
                Some(page) if path.is_file() => drop(pages.insert(page.to_owned(), path)),
                _ if path.is_dir() && name != "site_libs" => folders.push(path),
                _ => {}
            }
        }
    }
    pages
}

fn facts_of(out: &Path, page: &str) -> Facts {
    let page = format!("{page}.html");
    std::fs::read_to_string(out.join(&page)).map_or_else(|_| Facts::new(), |html| facts(&html, &page))
}

fn write(out: &Path, known: &Path) {
    for page in pages(out, ".html").into_keys() {
        let path = known.join(format!("{page}.json"));
        let text = serde_json::to_string_pretty(&facts_of(out, &page)).unwrap_or_default();
        let done = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, text));
        if let Err(error) = done {
            println!("  {}: {error}", path.display());
        }
    }
}

/// Prints the facts that differ, and the share that agrees by kind and on the whole.
fn compare(out: &Path, known: &Path) {
    let mut by_kind: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (page, file) in pages(known, ".json") {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let Ok(known) = serde_json::from_str::<Facts>(&text) else {
            println!("  {}: not a list of facts by kind", file.display());
            continue;
        };
        if !out.join(format!("{page}.html")).is_file() {
            println!("  {page}: no page");
        }
        let own = facts_of(out, &page);
        let empty = Vec::new();
        for (kind, known) in known.iter().filter(|(kind, _)| KINDS.contains(&kind.as_str())) {
            let own = own.get(kind).unwrap_or(&empty);
            let (common, all) = agreement(known, own);
            let sum = by_kind.entry(kind.clone()).or_default();
            *sum = (sum.0 + common, sum.1 + all);
            if common < all {
                show(&page, kind, "-", known, own);
                show(&page, kind, "+", own, known);
            }
        }
    }
    let percent = |(common, all): (usize, usize)| if all == 0 { 100.0 } else { 100.0 * common as f64 / all as f64 };
    for (kind, sum) in &by_kind {
        println!("  {:6.2} %  {kind} ({})", percent(*sum), sum.1 / 2);
    }
    let mean: f64 = by_kind.values().map(|sum| percent(*sum)).sum::<f64>() / by_kind.len().max(1) as f64;
    println!("  {mean:6.2} %  the mean of the kinds");
}

/// Prints the first facts that only one side has.
fn show(page: &str, kind: &str, sign: &str, facts: &[String], other: &[String]) {
    let mut left: Vec<&String> = other.iter().collect();
    let mut alone = Vec::new();
    for fact in facts {
        match left.iter().position(|known| *known == fact) {
            Some(at) => drop(left.swap_remove(at)),
            None => alone.push(fact),
        }
    }
    for fact in alone.into_iter().take(SHOWN) {
        let short: String = fact.chars().take(160).collect();
        println!("  {page} {kind} {sign} {short}");
    }
}
