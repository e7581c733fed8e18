//! Every option of the table, set alone on a small page: an effect changes the site, a missing one is reported, and an option
//! that has none in HTML changes nothing. No option is ignored in silence.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests read and write files")]

#[path = "options/cells.rs"]
mod cells;
#[path = "options/examples.rs"]
mod examples;
#[path = "options/settings.rs"]
mod settings;

use camino::{Utf8Path, Utf8PathBuf};
use examples::SPECIAL;
use mlsys_book::{Code, ConfigOption, Diagnostic, OPTION_SECTIONS, OptionValue, Severity, Support};
use mlsys_engine::leaves::cells::{CellMode, CellOptions, Cells};
use mlsys_engine::memo::store::Store;
use mlsys_engine::project::{Overlay, ReadOptions};
use mlsys_engine::{BuildOptions, Content, Files, build_stored};
use rayon::prelude::*;
use settings::{OF_CELLS, SETTINGS, SHOWN_ELSEWHERE};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// Everything that an option can change.
#[derive(PartialEq)]
struct Outcome {
    files: Files,
    /// The output folder, the scripts and the folder of cells.
    settings: String,
    /// Diagnostics of the sources, apart from those of the option itself.
    findings: BTreeSet<String>,
    /// Diagnostics of unsupported and unknown options.
    reported: Vec<(Code, Severity)>,
}

/// An option with the texts around it.
struct Case {
    option: &'static ConfigOption,
    section: &'static str,
    /// The file that changes.
    file: &'static str,
    without: String,
    with: String,
    /// True if it changes the run of a cell or what is written of its results.
    changes_cells: bool,
    /// True for values without effect of an option that has one.
    is_excepted: bool,
}

/// Options that contain others, each of which is set alone.
const CONTAINERS: [&str; 3] = ["project", "website", "book"];

#[test]
fn every_option_has_its_effect_or_is_reported() {
    let root = Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("options").canonicalize_utf8().expect("the projects");
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(Utf8PathBuf::from_path_buf(folder.path().to_owned()).ok());
    let bases = Mutex::new(BTreeMap::<(&str, String), Arc<Outcome>>::new());
    let only = std::env::var("OPTION").ok();
    let cases: Vec<Case> = cases(&root);
    let cases: Vec<&Case> =
        cases.iter().filter(|case| only.as_ref().is_none_or(|only| case.path().contains(only))).collect();
    let wrong: BTreeSet<String> = cases
        .par_iter()
        .filter_map(|case| {
            let key = (case.file, case.without.clone());
            let known = bases.lock().expect("no panic").get(&key).cloned();
            let base = known.unwrap_or_else(|| {
                let base = Arc::new(outcome(&root, &store, case.file, &case.without));
                bases.lock().expect("no panic").insert(key, base.clone());
                base
            });
            let with = outcome(&root, &store, case.file, &case.with);
            judge(case, &base, &with).err().map(|fault| format!("{}: {fault}", case.path()))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} options:\n{}",
        wrong.len(),
        cases.len(),
        wrong.into_iter().collect::<Vec<_>>().join("\n")
    );
}

impl Case {
    fn path(&self) -> String {
        format!("{}.{}", self.section, self.option.name)
    }
}

/// Compares the site without an option and with it.
fn judge(case: &Case, without: &Outcome, with: &Outcome) -> Result<(), String> {
    let changed = difference(&without.files, &with.files);
    let is_changed = (&without.files, &without.settings) != (&with.files, &with.settings) || case.changes_cells;
    let is_found = without.findings != with.findings;
    let is_broken = |finding: &&String| finding.contains(" invalid-theme ") && !without.findings.contains(*finding);
    if let Some(finding) = with.findings.iter().find(is_broken) {
        return Err(format!("it breaks the theme: {finding}"));
    }
    let path = (case.section, case.option.name);
    if SHOWN_ELSEWHERE.contains(&path) {
        let fault = "it has an effect here: remove it from the list";
        return if is_changed || is_found { Err(fault.into()) } else { Ok(()) };
    }
    let unsupported =
        |outcome: &Outcome| outcome.reported.iter().filter(|(code, _)| *code == Code::UnsupportedSetting).count();
    // A part of an option without effect is reported with it.
    let before = if case.option.support == Support::AsParent { 0 } else { unsupported(without) };
    let is_reported = unsupported(with) > before;
    let unknown = with.reported.iter().any(|(code, _)| *code == Code::UnknownConfigKey);
    if unknown {
        return Err("an unknown key".into());
    }
    match case.option.support {
        Support::Effect if is_reported => Err("reported, but it has an effect".into()),
        Support::Effect if !is_changed && !is_found => Err("no effect".into()),
        Support::NoEffectInHtml if is_reported => Err("reported".into()),
        Support::NoEffectInHtml if is_changed => Err(format!("an effect on {changed}")),
        Support::NotYet(_) | Support::AsParent if !is_reported => Err("not reported".into()),
        Support::NotYet(_) | Support::AsParent if is_changed => Err(format!("an effect on {changed}")),
        Support::Except(..) if case.is_excepted && (!is_reported || is_changed) => Err("not reported".into()),
        Support::Except(..) if !case.is_excepted && (is_reported || !is_changed) => Err("no effect".into()),
        Support::Effect | Support::NoEffectInHtml | Support::NotYet(_) | Support::AsParent | Support::Except(..) => {
            Ok(())
        }
    }
}

/// The first file that differs, and its text from the first difference on.
fn difference(without: &Files, with: &Files) -> String {
    let Some((name, content)) = with.iter().find(|(name, content)| without.get(*name) != Some(content)) else {
        return String::new();
    };
    let (Content::Bytes(with), Some(Content::Bytes(without))) = (content, without.get(name)) else {
        return name.clone();
    };
    let at = with.iter().zip(without.iter()).take_while(|(with, without)| with == without).count();
    let excerpt = |bytes: &[u8]| String::from_utf8_lossy(&bytes[at..bytes.len().min(at + 60)]).into_owned();
    format!("{name}: {:?} was {:?}", excerpt(with), excerpt(without))
}

/// Builds a project with another text of one file.
fn outcome(root: &Utf8Path, store: &Store, file: &str, text: &str) -> Outcome {
    let folder = file.split('/').next().unwrap_or(file);
    let mut overlay = Overlay::default();
    overlay.set(root.join(file), text);
    let request = mlsys_engine::locate(&root.join(folder), None).expect("a project");
    let options = ReadOptions { request, profiles: Vec::new(), output_dir: None, format: "html".into(), overlay };
    let cells = CellOptions { mode: CellMode::Off, ..CellOptions::default() };
    let book = Cells::new(cells).execute(mlsys_engine::read(&options).expect("a project"));
    let project = &book.project;
    let output = book.output.strip_prefix(root).unwrap_or(&book.output);
    let settings = format!("{output} {:?} {} {:?}", project.scripts, project.executes_in_root, project.profiles);
    let mut book = mlsys::output::netlify::deployed(book, &mlsys::output::netlify::Deployment::default());
    let mut built = build_stored(&book, &BuildOptions::default(), store);
    if text.contains("heading-classes") {
        built.diagnostics = mlsys_engine::check(&mut book, &BuildOptions::default());
    }
    let is_of_option =
        |diagnostic: &&Diagnostic| matches!(diagnostic.code, Code::UnsupportedSetting | Code::UnknownConfigKey);
    let (own, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) = built.diagnostics.iter().partition(is_of_option);
    Outcome {
        settings,
        findings: others.iter().map(|d| format!("{} {} {}", d.severity, d.code, d.message)).collect(),
        reported: own.iter().map(|d| (d.code, d.severity)).collect(),
        files: built.files,
    }
}

/// Every option of the table with the file in which it is set.
fn cases(root: &Utf8Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for section in OPTION_SECTIONS.iter().flat_map(|file| file.iter()) {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.section == section.name) else {
            assert!(
                section.options.is_empty() || OF_CELLS.contains(&section.name),
                "no setting for `{}`",
                section.name
            );
            continue;
        };
        for option in section.options.iter().filter(|option| !CONTAINERS.contains(&option.name)) {
            let special = SPECIAL.iter().find(|special| (special.section, special.name) == (section.name, option.name));
            let of = |text: fn(&examples::Special) -> &'static str, own: &'static str| {
                special.map(text).filter(|text| !text.is_empty()).unwrap_or(own)
            };
            let value = special.map_or_else(|| example(option), |special| special.value.to_owned());
            let (around, file) = (of(|s| s.text, setting.text), of(|s| s.file, setting.file));
            let mark = of(|s| s.mark, setting.mark);
            let text = std::fs::read_to_string(root.join(file)).expect("a file");
            let mut case = |value: &str, is_excepted: bool| {
                cases.push(Case {
                    option,
                    section: section.name,
                    file,
                    without: marked(&text, mark, &filled(around, "")),
                    with: marked(&text, mark, &filled(around, &assigned(around, option.name, value))),
                    changes_cells: OF_CELLS.contains(&section.name)
                        && option.support != Support::NoEffectInHtml
                        && changes_cells(section.name, option.name, value),
                    is_excepted,
                });
            };
            // The other value of a flag is its default.
            let is_flag = matches!((option.values, option.support), ([OptionValue::Bool], Support::Except(..)));
            if !is_flag {
                case(&value, false);
            }
            if let Support::Except(values, _) = option.support {
                values.iter().for_each(|value| case(value, true));
            }
        }
    }
    cases
}

/// True if an option of a page or of a cell changes the run of a cell, or what is written of its results.
///
/// A key that nothing knows is forwarded with the others, so it is the control. Options of cells have their effect as attributes, which
/// the parser reads, or in knitr.
fn changes_cells(section: &str, name: &str, value: &str) -> bool {
    let run = |name: &str| {
        let option = format!("{name}: {value}");
        match section {
            "execute" => cells::cells(&format!("execute: {{{option}}}"), ""),
            "computations" => cells::cells(&option, ""),
            _ => cells::cells("", &option),
        }
    };
    let with = run(name);
    let is_forwarded =
        matches!(section, "execute" | "computations") && with == run("own-data").replace("own-data", name);
    !is_forwarded && with != cells::cells("", "")
}

/// The text with an option in place of its `%`.
fn filled(around: &str, option: &str) -> String {
    let Some((before, after)) = around.split_once('%') else { return around.to_owned() };
    let comma = if option.is_empty() || before.is_empty() || before.ends_with(['{', '\n', '%']) { "" } else { ", " };
    // Attributes of a div have none.
    let comma = if before.starts_with(':') { " " } else { comma };
    format!("{before}{comma}{option}{after}")
}

/// `name: value` or `name="value"`.
fn assigned(around: &str, name: &str, value: &str) -> String {
    if around.starts_with(':') { format!("{name}=\"{value}\"") } else { format!("{name}: {value}") }
}

/// A text with lines in place of its mark, and without the other marks. The lines replace those with the same key.
fn marked(text: &str, mark: &str, lines: &str) -> String {
    let name = |line: &str| {
        let line = line.trim_start();
        let name = line.strip_prefix("#@").or_else(|| line.strip_prefix("<!-- @")?.strip_suffix(" -->"));
        name.map(str::to_owned)
    };
    let at = text.lines().find(|line| name(line).as_deref() == Some(mark)).expect("the mark");
    let indent = &at[..at.len() - at.trim_start().len()];
    let keys: Vec<String> =
        lines.lines().filter_map(|line| Some(format!("{indent}{}:", line.split_once(':')?.0))).collect();
    // The map with the mark is between lines that are indented less.
    let outer = |line: &str| line.len() - line.trim_start().len() < indent.len() || line == "---";
    let position = text.lines().position(|line| line == at).unwrap_or(0);
    let before = text.lines().take(position).enumerate().filter(|(_, line)| outer(line)).last();
    let start = before.map_or(0, |(number, _)| number);
    let end = text.lines().skip(position).position(outer).map_or(usize::MAX, |lines| position + lines);
    let mut out = String::new();
    for (number, line) in text.lines().enumerate() {
        match name(line) {
            Some(name) if name == mark => lines.lines().for_each(|line| out.push_str(&format!("{indent}{line}\n"))),
            Some(_) => {}
            None if (start..end).contains(&number)
                && mark != "body"
                && keys.iter().any(|key| line.starts_with(key.as_str())) => {}
            None => out.push_str(&format!("{line}\n")),
        }
    }
    out
}

/// A value of an option's first type that is not the default.
fn example(option: &ConfigOption) -> String {
    let word = |words: &[&str]| words.iter().find(|word| **word != option.default).map(ToString::to_string);
    match option.values.first() {
        Some(OptionValue::Bool) => if option.default == "true" { "false" } else { "true" }.into(),
        Some(OptionValue::Number) => if option.default == "4" { "5" } else { "4" }.into(),
        Some(OptionValue::Text) => "Words".into(),
        Some(OptionValue::Markdown) => "Some *example*".into(),
        Some(OptionValue::File) => "picture.png".into(),
        Some(OptionValue::Url) => "https://example.org/example".into(),
        Some(OptionValue::Color) => "'#123456'".into(),
        Some(OptionValue::Length) => "7em".into(),
        Some(OptionValue::Date) => "2021-05-23".into(),
        Some(OptionValue::Choice(words)) => word(words).unwrap_or_default(),
        Some(OptionValue::List) => "[Words]".into(),
        Some(OptionValue::Data | OptionValue::MapOf(_)) => "{example: 1}".into(),
        Some(OptionValue::Map(section)) => {
            let section = mlsys_book::OptionSection::named(section).expect("a section");
            let first =
                section.options.iter().find(|option| option.support == Support::Effect).or(section.options.first());
            first.map_or("{example: 1}".into(), |option| format!("{{{}: {}}}", option.name, example(option)))
        }
        None => String::new(),
    }
}

/// The mark of a control: a key of the author's own changes nothing.
#[test]
fn keys_of_authors_change_nothing() {
    let root = Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("options").canonicalize_utf8().expect("the projects");
    let store = Store::new(None);
    for (file, mark) in [("website/_quarto.yml", "config"), ("website/index.qmd", "page")] {
        let text = std::fs::read_to_string(Path::new(root.as_str()).join(file)).expect("a file");
        let without = outcome(&root, &store, file, &marked(&text, mark, ""));
        let with = outcome(&root, &store, file, &marked(&text, mark, "own-data-of-the-author: 1"));
        assert!(without == with, "{file}");
    }
}
