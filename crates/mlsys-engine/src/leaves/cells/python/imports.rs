//! The modules that cells import.

use mlsys_cells::{Job, Step};
use std::collections::BTreeSet;

/// The dotted names of modules in `import` statements of jobs, sorted.
///
/// A line in a string that looks like an import is taken for one, which costs the time of importing it.
pub fn imported_modules<'a>(jobs: impl IntoIterator<Item = &'a Job>) -> Vec<String> {
    let steps = jobs.into_iter().flat_map(|job| &job.steps);
    let code = steps.filter_map(|step| match step {
        Step::Cell { code, .. } => Some(code),
        Step::Value { .. } => None,
    });
    let names: BTreeSet<&str> = code.flat_map(|code| code.lines()).flat_map(of_line).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// The modules of one line: `import a, b.c as d` or `from a.b import c`.
fn of_line(line: &str) -> Vec<&str> {
    let line = line.trim_start();
    let line = line.split(['#', ';']).next().unwrap_or(line);
    let modules = if let Some(modules) = line.strip_prefix("import ") {
        modules
    } else if let Some((module, _)) = line.strip_prefix("from ").and_then(|rest| rest.split_once(" import")) {
        module
    } else {
        return Vec::new();
    };
    modules
        .split(',')
        .filter_map(|module| module.split_whitespace().next())
        .filter(|name| is_dotted_name(name))
        .collect()
}

fn is_dotted_name(name: &str) -> bool {
    name.split('.').all(|part| {
        let mut characters = part.chars();
        characters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
            && characters.all(|c| c.is_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::of_line;

    #[test]
    fn modules_of_import_statements() {
        assert_eq!(of_line("import numpy as np, os.path"), ["numpy", "os.path"]);
        assert_eq!(of_line("    from a.b import c  # import d"), ["a.b"]);
        assert_eq!(of_line("from . import own"), Vec::<&str>::new());
        assert_eq!(of_line("important = 1"), Vec::<&str>::new());
    }
}
