//! The options of cells that have a meaning: those of the table of options.

use mlsys_book::{Code, ConfigOption, Diagnostic, Entry, OptionSection, SUGGESTIONS, Value, ValueKind, did_you_mean};

/// The options of a section.
fn options(section: &str) -> &'static [ConfigOption] {
    OptionSection::named(section).map_or(&[], |section| section.options)
}

/// The names of the options that all engines have.
fn names() -> impl Iterator<Item = &'static str> {
    options("cell").iter().map(|option| option.name)
}

/// True if an option has a meaning in some engine.
pub(super) fn is_known(key: &str) -> bool {
    names().any(|name| name == key) || is_of_knitr(key)
}

/// True for the options that knitr has in addition to those of all engines.
pub(crate) fn is_of_knitr(key: &str) -> bool {
    options("knitr-cell").iter().any(|option| option.name == key)
}

/// A key as Quarto writes it: `fig.cap` is `fig-cap`.
pub(super) fn normalized(key: &str) -> String {
    let dashed = key.replace('.', "-");
    if is_known(&dashed) { dashed } else { key.to_owned() }
}

/// Reports values of the wrong type and keys that are nearly known ones.
pub(super) fn check(entries: &[Entry], is_knitr: bool, diagnostics: &mut Vec<Diagnostic>) {
    for entry in entries {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "echo" => flag(key, value, Some("fenced"), is_knitr, diagnostics),
            // `all` is Observable's: results of assignments, too.
            "output" if value.as_str() == Some("all") => {}
            "output" => flag(key, value, Some("asis"), is_knitr, diagnostics),
            "eval" | "include" | "warning" | "error" | "message" => flag(key, value, None, is_knitr, diagnostics),
            "label" | "lst-label" | "lst-cap" | "panel" | "column" | "filename" if value.to_text().is_none() => {
                report(key, value, "a text", diagnostics);
            }
            _ if is_known(key) => {}
            _ => {
                let few = diagnostics.len() < SUGGESTIONS;
                let hint = few.then(|| suggestion(key, is_knitr)).flatten();
                if let Some(hint) = hint {
                    let message = format!("a cell has no option `{key}`");
                    diagnostics.push(Diagnostic::new(Code::UnknownCellOption, entry.key_place, message).hint(hint));
                }
            }
        }
    }
}

/// The option that an unknown key may mean.
fn suggestion(key: &str, is_knitr: bool) -> Option<String> {
    let of_knitr = options("knitr-cell").iter().map(|option| option.name).filter(|_| is_knitr);
    did_you_mean(key, names().chain(of_knitr))
}

/// Reports a flag that is neither `true` nor `false` nor its other value. knitr also takes line numbers and expressions.
fn flag(key: &str, value: &Value, other: Option<&str>, is_knitr: bool, diagnostics: &mut Vec<Diagnostic>) {
    let is_valid = match &value.kind {
        ValueKind::Bool(_) => true,
        ValueKind::String(text) => {
            matches!(text.as_str(), "true" | "false")
                || Some(text.as_str()) == other
                || (is_knitr && !is_yes_or_no(text))
        }
        ValueKind::Int(_) | ValueKind::Seq(_) | ValueKind::Null => is_knitr,
        ValueKind::Float(..) | ValueKind::Map(_) => false,
    };
    if !is_valid {
        let expected = match other {
            Some(other) => format!("`true`, `false` or `{other}`"),
            None => "`true` or `false`".to_owned(),
        };
        report(key, value, &expected, diagnostics);
    }
}

/// True for the words that YAML 1.1 read as booleans.
fn is_yes_or_no(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "yes" | "no" | "on" | "off" | "y" | "n")
}

fn report(key: &str, value: &Value, expected: &str, diagnostics: &mut Vec<Diagnostic>) {
    let message = format!("the cell option `{key}` must be {expected}");
    diagnostics.push(Diagnostic::new(Code::InvalidCellOption, value.place, message));
}
