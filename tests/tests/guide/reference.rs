//! The reference of options in the guide: written from the table. `UPDATE=1 cargo test -p mlsys-tests --test guide` writes it again.

use mlsys_book::{ConfigOption, Loss, OPTION_SECTIONS, OptionSection, OptionValue, Support};
use std::fmt::Write;
use std::path::Path;

/// The line of the page after which the reference begins.
const MARK: &str =
    "<!-- The rest of this page is written from the table of options: see tests/tests/guide/reference.rs -->\n";

#[test]
fn the_reference_is_that_of_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../quarto/contents/guide/configuration.qmd");
    let text = std::fs::read_to_string(&path).expect("the page");
    let (before, found) = text.split_once(MARK).expect("the mark");
    let expected = reference();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{before}{MARK}{expected}")).expect("written");
        return;
    }
    assert!(found == expected, "configuration.qmd differs from the table of options: run this test with UPDATE=1");
}

/// The sections of the reference.
fn reference() -> String {
    let sections: Vec<&OptionSection> = OPTION_SECTIONS.iter().flat_map(|file| file.iter()).collect();
    let mut out = String::new();
    for section in &sections {
        let rows = rows(section);
        if rows.is_empty() {
            continue;
        }
        let OptionSection { title, place, .. } = section;
        write!(out, "\n# {title} {{#{}}}\n\n{place}\n\n", id(section.name)).expect("a string");
        out.push_str("| Key | Effect | Values | Default |\n|:----|:-------|:-------|:--------|\n");
        for (names, option) in rows {
            let default = if option.default.is_empty() { "none".to_owned() } else { word(option, option.default) };
            writeln!(out, "| {names} | {} | {} | {default} |", option.effect, values(option)).expect("a string");
        }
        out.push_str("\n: {tbl-colwidths=\"[24,40,20,16]\"}\n");
    }
    out.push_str("\n# Options Without Effect {#sec-keys-none}\n\n");
    out.push_str("These options have no effect in Quarto's HTML either. They are accepted in silence.\n\n");
    for section in &sections {
        let names = section.options.iter().filter(|option| option.support == Support::NoEffectInHtml);
        let names: Vec<String> = names.map(|option| format!("`{}`", option.name)).collect();
        if !names.is_empty() {
            write!(out, "{}\n: {}.\n\n", section.title, names.join(", ")).expect("a string");
        }
    }
    out.push_str("# Options Without Effect Yet {#sec-keys-unsupported}\n\n");
    out.push_str("Quarto's HTML has the effect of these options, mlsys does not yet. They are reported\n");
    out.push_str(
        "([`unsupported-setting`](diagnostics.qmd#sec-finding-unsupported-setting)) as hints, warnings or errors.\n\n",
    );
    out.push_str("| Key | Effect in Quarto | Reported as | Instead |\n|:----|:-------|:-------|:--------|\n");
    for section in &sections {
        for option in section.options {
            let (gap, words) = match option.support {
                Support::Effect | Support::NoEffectInHtml | Support::AsParent => continue,
                Support::NotYet(gap) => (gap, &[][..]),
                Support::Except(words, gap) => (gap, words),
            };
            let values: String = words.iter().map(|word| format!(" `{word}`")).collect();
            let loss = match gap.loss {
                Loss::Nothing => "hint",
                Loss::Less => "warning",
                Loss::False => "error",
            };
            let colon = if values.is_empty() { "" } else { ":" };
            let (name, effect) = (key(section, option), option.effect);
            writeln!(out, "| `{name}`{colon}{values} | {effect} | {loss} | {} |", gap.instead).expect("a string");
        }
    }
    out.push_str("\n: {tbl-colwidths=\"[30,30,10,30]\"}\n");
    out
}

/// The options of a section that have an effect. Neighbours that differ in their name only share a row.
fn rows(section: &OptionSection) -> Vec<(String, &'static ConfigOption)> {
    let mut rows: Vec<(String, &ConfigOption)> = Vec::new();
    for option in
        section.options.iter().filter(|option| matches!(option.support, Support::Effect | Support::Except(..)))
    {
        let name = format!("`{}`", option.name);
        match rows.last_mut() {
            Some((names, last))
                if (last.effect, last.values, last.default) == (option.effect, option.values, option.default) =>
            {
                names.push_str(&format!(", {name}"));
            }
            Some(_) | None => rows.push((name, option)),
        }
    }
    rows
}

/// An option's name, with that of its section if it is not an option of pages.
fn key(section: &OptionSection, option: &ConfigOption) -> String {
    let is_of_page = OptionSection::named("page").is_some_and(|page| page.includes.contains(&section.name));
    if is_of_page || section.name == "config" {
        option.name.to_owned()
    } else {
        format!("{}: {}", section.name, option.name)
    }
}

/// The types of an option's values.
fn values(option: &ConfigOption) -> String {
    let names = option.values.iter().map(|value| match value {
        OptionValue::Bool => "`true`, `false`".to_owned(),
        OptionValue::Number => "number".to_owned(),
        OptionValue::Text => "text".to_owned(),
        OptionValue::Markdown => "Markdown".to_owned(),
        OptionValue::File => "file".to_owned(),
        OptionValue::Url => "URL".to_owned(),
        OptionValue::Color => "colour".to_owned(),
        OptionValue::Length => "length".to_owned(),
        OptionValue::Date => "date".to_owned(),
        OptionValue::Choice(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        OptionValue::Map(name) => link(name, ""),
        OptionValue::MapOf(name) => link(name, "map of "),
        OptionValue::List => "list".to_owned(),
        OptionValue::Data => "map".to_owned(),
    });
    names.collect::<Vec<_>>().join("; ")
}

/// A link to a section of the page, if it has rows.
fn link(name: &str, before: &str) -> String {
    match OptionSection::named(name) {
        Some(section) if !rows(section).is_empty() => format!("{before}[{}](#{})", section.title, id(name)),
        Some(_) | None => "map".to_owned(),
    }
}

fn id(section: &str) -> String {
    format!("sec-keys-{}", section.replace('.', "-"))
}

/// A default: code, if it is a value.
fn word(option: &ConfigOption, default: &str) -> String {
    let is_value = option.values.iter().any(|value| match value {
        OptionValue::Bool => matches!(default, "true" | "false"),
        OptionValue::Number => default.parse::<f64>().is_ok(),
        OptionValue::Choice(words) => words.contains(&default),
        OptionValue::Text
        | OptionValue::Markdown
        | OptionValue::File
        | OptionValue::Url
        | OptionValue::Color
        | OptionValue::Length
        | OptionValue::Date
        | OptionValue::Map(_)
        | OptionValue::MapOf(_)
        | OptionValue::List
        | OptionValue::Data => false,
    });
    if is_value { format!("`{default}`") } else { default.to_owned() }
}
