//! Drawn diagrams: runs with several diagrams, errors, caching. Small scripts replace the
//! programs, so that the tests run everywhere; one test draws with the real ones where they are installed.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start programs"
)]

use camino::{Utf8Path, Utf8PathBuf};
use libtest_mimic::{Arguments, Failed, Trial};
use mlsys_book::{Code, Severity};
use mlsys_engine::BuildOptions;
use mlsys_engine::Built;
use mlsys_engine::Content;
use mlsys_engine::leaves::diagrams::{DiagramMode, DiagramOptions};
use std::ffi::OsString;

type Test = fn() -> Result<(), Failed>;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let scripts: [(&str, Test); 7] = [
        ("pictures_share_a_run_and_the_second_build_starts_nothing", pictures_share_a_run),
        ("a_mistake_costs_only_its_own_picture", a_mistake_costs_only_its_own_picture),
        ("a_crash_costs_only_its_own_picture", a_crash_costs_only_its_own_picture),
        ("nothing_starts_unless_the_project_asks", nothing_starts_unless_the_project_asks),
        ("the_cache_alone_knows_what_was_drawn", the_cache_alone_knows_what_was_drawn),
        ("required_makes_errors", required_makes_errors),
        ("each_program_draws_its_language", each_program_draws_its_language),
    ];
    for (name, test) in scripts {
        trials.push(Trial::test(name, test).with_ignored_flag(!cfg!(unix)));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed = |program: &str| std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    for (name, programs, test) in
        [("tex_draws", &["latex", "dvisvgm"][..], tex_draws as Test), ("graphviz_draws", &["dot"][..], graphviz_draws)]
    {
        let missing: Vec<&str> = programs.iter().copied().filter(|program| !installed(program)).collect();
        let kind = if missing.is_empty() { String::new() } else { format!("skipped: no {}", missing.join(", ")) };
        trials.push(Trial::test(name, test).with_kind(kind).with_ignored_flag(!missing.is_empty()));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// A project and the programs that draw for it.
struct Project {
    folder: tempfile::TempDir,
}

const CONFIG: &str = "project:\n  type: website\nfilters:\n  - diagram\n";

/// A replacement for TeX, which prints TeX's errors for diagrams with certain words, and passes the others to `dvisvgm`.
const LATEX: &str = r#"#!/bin/sh
[ "$1" = --version ] && echo "TeX of the tests" && exit
echo run >> "$(dirname "$0")/log"
case "$*" in *-ini*) : > preamble.fmt; exit;; esac
number=0
for file in $(sed -n 's/.*{\(picture-[0-9]*.tex\)}/\1/p' run.tex); do
    echo "mlsys-begin $number"
    grep -q CRASH "$file" && echo "! Emergency stop." && exit 1
    grep -q MISTAKE "$file" && echo "./$file:2: Undefined control sequence." && echo 'l.2 \MISTAKE'
    echo "mlsys-end $number"
    number=$((number + 1))
done
: > run.dvi
"#;

/// Stands in for dvisvgm: the picture's source as text.
const DVISVGM: &str = r#"#!/bin/sh
[ "$1" = --version ] && echo "dvisvgm of the tests" && exit
echo run >> "$(dirname "$0")/log"
for argument in "$@"; do case "$argument" in --page=*) count=${argument#--page=1-};; esac; done
number=0
while [ "$number" -lt "$count" ]; do
    name=$(printf "page-%0${#count}d.svg" $((number + 1)))
    echo "<svg xmlns='http://www.w3.org/2000/svg' width='72pt' height='36pt'><text id='g$number'>$(cat "picture-$number.tex")</text></svg>" > "$name"
    number=$((number + 1))
done
"#;

/// Stands in for Graphviz and Mermaid.
const SINGLE: &str = r#"#!/bin/sh
case "$1" in -V|--version) echo "a program of the tests"; exit;; esac
echo run >> "$(dirname "$0")/log"
grep -q MISTAKE picture.txt && echo "Error: picture.txt: syntax error in line 1 near 'MISTAKE'" && exit 1
echo "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='20'><text>$(cat picture.txt)</text></svg>" > picture.svg
"#;

impl Project {
    fn new(files: &[(&str, &str)]) -> Result<Project, Failed> {
        let project = Project { folder: tempfile::tempdir()? };
        for (path, text) in [("_quarto.yml", CONFIG)].iter().chain(files) {
            project.file(path, text)?;
        }
        for (name, script) in [("latex", LATEX), ("dvisvgm", DVISVGM), ("dot", SINGLE), ("mmdc", SINGLE)] {
            let path = project.file(&format!(".programs/{name}"), script)?;
            #[cfg(unix)]
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
            #[cfg(not(unix))]
            drop(path);
        }
        Ok(project)
    }

    fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.folder.path()).expect("a path of UTF-8")
    }

    fn file(&self, path: &str, text: &str) -> Result<Utf8PathBuf, Failed> {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().ok_or("a folder above")?)?;
        std::fs::write(&path, text)?;
        Ok(path)
    }

    fn build_with(&self, mode: DiagramMode, programs: OsString) -> Result<Built, Failed> {
        let options = mlsys_engine::project::ReadOptions {
            request: mlsys_engine::locate(self.root(), None)?,
            profiles: Vec::new(),
            output_dir: Some(self.root().join("_site")),
            format: "html".into(),
            overlay: mlsys_engine::project::Overlay::default(),
        };
        let diagrams =
            DiagramOptions { mode, programs, cache: Some(self.root().join(".cache")), ..DiagramOptions::default() };
        let building = BuildOptions { diagrams, ..BuildOptions::default() };
        Ok(mlsys_engine::build(&mlsys_engine::read(&options)?, &building))
    }

    /// A build with the scripts.
    fn build(&self) -> Result<Built, Failed> {
        self.build_with(DiagramMode::Auto, self.root().join(".programs").into_std_path_buf().into_os_string())
    }

    /// How many times the scripts were started to draw.
    fn starts(&self) -> usize {
        let log = std::fs::read_to_string(self.root().join(".programs/log")).unwrap_or_default();
        log.lines().count()
    }
}

/// The findings about diagrams: file, line, column, severity, message.
fn findings(project: &Project, built: &Built) -> Result<Vec<String>, Failed> {
    let mut out = Vec::new();
    for diagnostic in built.diagnostics.iter().filter(|d| d.code == Code::DiagramFailed) {
        let options = mlsys_engine::project::ReadOptions {
            request: mlsys_engine::locate(project.root(), None)?,
            profiles: Vec::new(),
            output_dir: Some(project.root().join("_site")),
            format: "html".into(),
            overlay: mlsys_engine::project::Overlay::default(),
        };
        let book = mlsys_engine::read(&options)?;
        let source = &book.sources[diagnostic.place.source.index()];
        let at = source.locate(diagnostic.place.span.start);
        out.push(format!("{at} {}: {}", diagnostic.severity, diagnostic.message));
    }
    Ok(out)
}

/// The pictures in the order of their names.
fn pictures(built: &Built) -> Vec<String> {
    let svgs = built.files.iter().filter(|(path, _)| path.ends_with(".svg") && path.contains("_files/mediabag/"));
    let text = svgs.filter_map(|(_, content)| match content {
        Content::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Content::Copy(_) => None,
    });
    text.collect()
}

fn page(built: &Built, path: &str) -> String {
    match built.files.get(path) {
        Some(Content::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        _ => String::new(),
    }
}

fn tikz(sources: &[&str]) -> String {
    sources.iter().map(|source| format!("```{{.tikz}}\n{source}\n```\n\n")).collect()
}

fn same<T: PartialEq + std::fmt::Debug>(found: T, expected: T) -> Result<(), Failed> {
    if found == expected { Ok(()) } else { Err(format!("found {found:?}, expected {expected:?}").into()) }
}

fn holds(text: &str, part: &str) -> Result<(), Failed> {
    if text.contains(part) { Ok(()) } else { Err(format!("`{part}` is not in {text}").into()) }
}

fn pictures_share_a_run() -> Result<(), Failed> {
    let project = Project::new(&[("index.qmd", &tikz(&["one", "two", "three", "two"]))])?;
    let built = project.build()?;
    // One run for the preamble, one for the pictures, one for dvisvgm.
    same(project.starts(), 3)?;
    same(findings(&project, &built)?, Vec::new())?;
    same(pictures(&built).len(), 3)?;
    let page = page(&built, "index.html");
    same(page.matches("class=\"img-fluid figure-img mlsys-diagram\"").count(), 4)?;
    holds(&page, "src=\"./index_files/mediabag/")?;
    holds(&page, "alt=\"one\" width=\"96\" height=\"48\"")?;

    let again = project.build()?;
    same(project.starts(), 3)?;
    same(again.files == built.files, true)?;

    project.file("index.qmd", &tikz(&["one", "two", "four"]))?;
    project.build()?;
    same(project.starts(), 6)?;

    std::fs::remove_dir_all(project.root().join(".cache"))?;
    project.file("index.qmd", &tikz(&["one", "two", "three", "two"]))?;
    same(project.build()?.files == built.files, true)
}

fn a_mistake_costs_only_its_own_picture() -> Result<(), Failed> {
    let project = Project::new(&[("index.qmd", &tikz(&["one", "two", "a\n  MISTAKE b", "three", "four"]))])?;
    let built = project.build()?;
    // A diagram with an error is shown as far as TeX drew it.
    same(pictures(&built).len(), 5)?;
    let mistake = "index.qmd:11:3 warning: this `tikz` diagram has a mistake: undefined control sequence `\\MISTAKE`";
    same(findings(&project, &built)?, vec![mistake.to_owned()])?;
    // The mistake is remembered as well.
    let starts = project.starts();
    same(findings(&project, &project.build()?)?, vec![mistake.to_owned()])?;
    same(project.starts(), starts)
}

fn a_crash_costs_only_its_own_picture() -> Result<(), Failed> {
    let project = Project::new(&[("index.qmd", &tikz(&["one", "two CRASH", "three", "four CRASH", "five"]))])?;
    let built = project.build()?;
    same(pictures(&built).len(), 3)?;
    let message = |line| format!("index.qmd:{line}:1 warning: this `tikz` diagram has a mistake: Emergency stop");
    same(findings(&project, &built)?, vec![message(5), message(13)])?;
    holds(
        &page(&built, "index.html"),
        "<div class=\"mlsys-diagram-source\">\n<pre class=\"tikz\" tabindex=\"0\"><code>two CRASH",
    )
}

fn nothing_starts_unless_the_project_asks() -> Result<(), Failed> {
    let project = Project::new(&[("index.qmd", &tikz(&["one"])), ("other.qmd", "```dot\ngraph {}\n```\n")])?;
    let programs = project.root().join(".programs").into_std_path_buf().into_os_string();
    let built = project.build_with(DiagramMode::Off, programs)?;
    same(findings(&project, &built)?, Vec::new())?;
    project.file("_quarto.yml", "project:\n  type: website\ndiagram:\n  engine:\n    tikz: true\n")?;
    project.build()?;
    project.file("_quarto.yml", &format!("{CONFIG}diagram:\n  engine:\n    tikz: false\n"))?;
    project.build()?;
    same(project.starts(), 0)?;
    same(project.root().join(".cache").exists(), false)
}

fn the_cache_alone_knows_what_was_drawn() -> Result<(), Failed> {
    let project = Project::new(&[("index.qmd", &tikz(&["one", "two CRASH"]))])?;
    let programs = project.root().join(".programs").into_std_path_buf().into_os_string();
    let cached = || project.build_with(DiagramMode::Cached, programs.clone());
    let built = cached()?;
    same((pictures(&built).len(), project.starts()), (0, 0))?;
    same(findings(&project, &built)?, Vec::new())?;
    let drawn = project.build()?;
    let starts = project.starts();
    let built = cached()?;
    same((pictures(&built), project.starts()), (pictures(&drawn), starts))?;
    same(findings(&project, &built)?, findings(&project, &drawn)?)
}

fn required_makes_errors() -> Result<(), Failed> {
    let project = Project::new(&[("index.qmd", &tikz(&["one", "two"]))])?;
    let built = project.build_with(DiagramMode::Required, OsString::new())?;
    let severities: Vec<Severity> = built.diagnostics.iter().map(|d| d.severity).collect();
    same(severities, vec![Severity::Error])
}

fn each_program_draws_its_language() -> Result<(), Failed> {
    let text = "```{dot}\n//| label: fig-g\n//| fig-cap: A graph.\ngraph G\n```\n\n\
                ```{mermaid}\nMISTAKE\n```\n\n```{mermaid}\nflow\n```\n\n@fig-g\n";
    let project = Project::new(&[("index.qmd", text)])?;
    let built = project.build()?;
    same(project.starts(), 3)?;
    let message = "index.qmd:8:1 warning: this `mermaid` diagram has a mistake: syntax error in line 1 near 'MISTAKE'";
    same(findings(&project, &built)?, vec![message.to_owned()])?;
    let page = page(&built, "index.html");
    holds(&page, "alt=\"A graph.\" width=\"10\" height=\"20\"")?;
    holds(&page, "alt=\"flow\"")?;
    holds(&pictures(&built).concat(), "<title>A graph.</title><desc>graph G</desc>")
}

fn tex_draws() -> Result<(), Failed> {
    let good = "\\begin{tikzpicture}\\node[draw=spot](B){Text};\\end{tikzpicture}";
    let late = "\\begin{tikzpicture}\\draw (B) -- (1,1);\\end{tikzpicture}";
    let broken = "\\begin{tikzpicture}\n\\drow (0,0);\n\\end{tikzpicture}";
    let text = tikz(&[good, late, broken, "\\tikz\\fill[cyan] (0,0) rectangle (2,1);"]);
    let project = Project::new(&[("index.qmd", &text)])?;
    let config =
        "diagram:\n  engine:\n    tikz:\n      header-includes:\n        - '\\definecolor{spot}{RGB}{1,2,3}'\n";
    project.file("_quarto.yml", &format!("{CONFIG}{config}"))?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let built = project.build_with(DiagramMode::Auto, path.clone())?;
    // Names of nodes of another picture are not known, whatever stands in the same run.
    let expected = [
        "index.qmd:6:1 warning: this `tikz` diagram has a mistake: No shape named `B' is known",
        "index.qmd:11:1 warning: this `tikz` diagram has a mistake: undefined control sequence `\\drow`",
    ];
    same(findings(&project, &built)?, expected.map(str::to_owned).to_vec())?;
    let all = pictures(&built).concat();
    holds(&all, "stroke=\"#010203\"")?;
    holds(&all, "fill=\"#0ff\"")?;
    holds(&page(&built, "index.html"), " width=\"")?;
    // Another order in another run gives the same pictures.
    let fresh = Project::new(&[("index.qmd", &tikz(&["\\tikz\\fill[cyan] (0,0) rectangle (2,1);", good]))])?;
    fresh.file("_quarto.yml", &format!("{CONFIG}{config}"))?;
    let other = pictures(&fresh.build_with(DiagramMode::Auto, path)?);
    same(other.len(), 2)?;
    same(other.iter().all(|picture| all.contains(picture.as_str())), true)
}

fn graphviz_draws() -> Result<(), Failed> {
    let text = "```{dot}\ndigraph { Start -> End }\n```\n\n```{dot}\ndigraph {\n  a ->\n}\n```\n";
    let project = Project::new(&[("index.qmd", text)])?;
    let built = project.build_with(DiagramMode::Auto, std::env::var_os("PATH").unwrap_or_default())?;
    holds(&page(&built, "index.html"), "alt=\"Start End\"")?;
    let found = findings(&project, &built)?;
    same(found.len(), 1)?;
    holds(&found[0], "warning: this `dot` diagram has a mistake: syntax error in line 3")
}
