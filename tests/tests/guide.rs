//! The guide knows every command, option, key of the configuration and value of a template, and no others.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

#[path = "guide/bindings.rs"]
mod bindings;
#[path = "guide/expressions.rs"]
mod expressions;
#[path = "guide/keys.rs"]
mod keys;
#[path = "guide/lookups.rs"]
mod lookups;
#[path = "guide/reference.rs"]
mod reference;
#[path = "guide/template_values.rs"]
mod template_values;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../quarto/contents/guide").join(name);
    std::fs::read_to_string(path).expect("a page of the guide")
}

/// The sections of a level: heading without attributes, and text.
fn sections<'t>(text: &'t str, mark: &str) -> Vec<(&'t str, &'t str)> {
    let separator = format!("\n{mark} ");
    let pieces = text.split(separator.as_str()).skip(1);
    pieces
        .map(|piece| {
            let (heading, text) = piece.split_once('\n').unwrap_or((piece, ""));
            (heading.split(" {#").next().unwrap_or(heading), text)
        })
        .collect()
}

/// The options and arguments that a section's definitions describe.
fn described(text: &str) -> BTreeSet<String> {
    let lines: Vec<&str> = text.lines().collect();
    let terms = lines.windows(2).filter(|pair| pair[0].starts_with('`') && pair[1].starts_with(": "));
    terms.filter_map(|pair| pair[0][1..].split(['`', ' ']).next()).map(str::to_owned).collect()
}

/// The options and arguments of a command. Hidden ones and `--help` need no section.
fn offered(command: &mlsys::cli::Description) -> BTreeSet<String> {
    let arguments = command.get_arguments().filter(|a| !a.is_hide_set());
    let names = arguments.filter_map(|argument| match argument.get_long() {
        Some("help" | "version") => None,
        Some(long) => Some(format!("--{long}")),
        None => argument.get_value_names().and_then(|names| names.first()).map(ToString::to_string),
    });
    names.collect()
}

#[test]
fn every_command_and_option_has_a_section() {
    let text = page("commands.qmd");
    let sections: BTreeMap<&str, &str> = sections(&text, "#").into_iter().collect();
    let shared = described(sections["Options for the Project"]);
    let mut command = mlsys::cli::description();
    command.build();
    let mut names = BTreeSet::new();
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        let heading = format!("mlsys {}", command.get_name());
        let section =
            sections.get(heading.as_str()).unwrap_or_else(|| panic!("commands.qmd has no section `{heading}`"));
        let offered = offered(command);
        let own = described(section);
        // A command of the project has all its options; where one means something else, the command's section says so.
        let of_project = if offered.contains("--only") { shared.clone() } else { BTreeSet::new() };
        let all: BTreeSet<String> = own.union(&of_project).cloned().collect();
        assert_eq!(all, offered, "commands.qmd, section `{heading}`: what it describes, and what the command offers");
        names.insert(heading);
    }
    let described: BTreeSet<String> =
        sections.keys().filter(|heading| heading.starts_with("mlsys ")).map(|heading| (*heading).to_owned()).collect();
    assert_eq!(described, names, "commands.qmd: no section without a command");
}
