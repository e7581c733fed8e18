//! The packages that R code loads.

use mlsys_cells::{Job, Step};
use std::collections::BTreeSet;

/// The names in `library(name)`, `require(name)` and `name::object` of jobs.
///
/// `requireNamespace("name")` is left out: code that asks whether a package is installed does without it.
pub fn loaded_packages<'a>(jobs: impl IntoIterator<Item = &'a Job>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for step in jobs.into_iter().flat_map(|job| &job.steps) {
        match step {
            Step::Cell { language, code, .. } if language == "r" => in_code(code, &mut names),
            Step::Cell { .. } => {}
            Step::Value { expression, .. } => in_code(expression, &mut names),
        }
    }
    names
}

fn in_code(code: &str, names: &mut BTreeSet<String>) {
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let name = word(rest);
        if !name.is_empty() {
            rest = &rest[name.len()..];
            let argument = ["library", "require"].contains(&name).then(|| argument(rest)).flatten();
            let is_namespace = rest.starts_with("::");
            names.extend(argument.or(is_namespace.then_some(name)).map(str::to_owned));
        } else if matches!(first, '"' | '\'' | '`') {
            rest = after_string(rest, first);
        } else if first == '#' {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else {
            // Numbers such as `1L` are no names.
            let number = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let end = if number > 0 { number + word(&rest[number..]).len() } else { first.len_utf8() };
            rest = &rest[end..];
        }
    }
}

/// The name at the start of a text.
fn word(text: &str) -> &str {
    let is_start = text.starts_with(|c: char| c.is_alphabetic() || c == '.');
    let end = text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '_')).unwrap_or(text.len());
    if is_start { &text[..end] } else { "" }
}

/// The package that is the first argument of a call, by its name or in quotes.
fn argument(text: &str) -> Option<&str> {
    let inner = text.trim_start().strip_prefix('(')?.trim_start();
    let quote = inner.chars().next().filter(|c| matches!(c, '"' | '\''));
    let inner = quote.map_or(inner, |quote| &inner[quote.len_utf8()..]);
    let name = word(inner);
    let after = &inner[name.len()..];
    let after = quote.map_or(Some(after), |quote| after.strip_prefix(quote))?;
    let is_name = after.trim_start().starts_with([')', ',']);
    let is_variable = inner.split(')').next().is_some_and(|arguments| arguments.contains("character.only"));
    (!name.is_empty() && is_name && !is_variable).then_some(name)
}

/// What follows a string at the start of a text.
fn after_string(text: &str, quote: char) -> &str {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return &text[at + c.len_utf8()..],
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::in_code;
    use std::collections::BTreeSet;

    #[test]
    fn packages_of_calls_and_namespaces() {
        let code = "library(dplyr); require(\"tidyr\")\nlibrary('zoo', quietly = TRUE) # library(no)\nx <- c('library(no)', 1L)\n\
                    library(name, character.only = TRUE)\nggplot2::aes(x)\nrequireNamespace(\"no\")\nstats:::f()\nlibrary()";
        let mut names = BTreeSet::new();
        in_code(code, &mut names);
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["dplyr", "ggplot2", "stats", "tidyr", "zoo"]);
    }
}
