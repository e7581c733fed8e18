//! Circles of imports between the modules of a crate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A module by its path in the crate: `body::inlines`.
pub type Module = String;

/// The modules that each module of a crate names in its code, tests left out.
pub fn imports(source: &Path, files: &[PathBuf]) -> BTreeMap<Module, BTreeSet<Module>> {
    let modules: BTreeMap<Module, &PathBuf> =
        files.iter().filter_map(|file| Some((module(source, file)?, file))).collect();
    let mut imports = BTreeMap::new();
    for (name, file) in &modules {
        let text = std::fs::read_to_string(file).expect("readable");
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        let code: String = code.lines().map(|line| line.split("//").next().unwrap_or("").to_owned() + "\n").collect();
        let mut named = BTreeSet::new();
        // `super` is the parent module: the folder's module for a file, the one above for a `mod.rs`.
        for (start, base) in [("crate::", ""), ("super::", parent(name)), ("self::", name.as_str())] {
            for (at, _) in code.match_indices(start) {
                let is_inside = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
                if !is_inside {
                    let found = paths(base, &code[at + start.len()..]);
                    named.extend(found.into_iter().filter_map(|path| known(path, &modules)));
                }
            }
        }
        named.remove(name);
        imports.insert(name.clone(), named);
    }
    imports
}

/// The module of a file; `None` for the root of the crate.
fn module(source: &Path, file: &Path) -> Option<Module> {
    let path = file.strip_prefix(source).ok()?.with_extension("");
    let mut parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|part| part == "mod") {
        parts.pop();
    }
    let name = parts.join("::");
    (name != "lib" && name != "main").then_some(name)
}

fn parent(name: &str) -> &str {
    name.rsplit_once("::").map_or("", |(parent, _)| parent)
}

/// The paths at the beginning of a text, below a module: `a::b` and `a::{b, c}`.
fn paths(base: &str, text: &str) -> Vec<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let mut start = text[..end].trim_end_matches(':').to_owned();
    let mut base = base.to_owned();
    while let Some(rest) = start.strip_prefix("super::") {
        base = parent(&base).to_owned();
        start = rest.to_owned();
    }
    let join = |path: &str| {
        [base.as_str(), path].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("::")
    };
    let first = join(&start);
    let Some(group) = text[end..].strip_prefix('{').and_then(|rest| rest.split_once(';')) else { return vec![first] };
    let words = group.0.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    words.map(|word| if first.is_empty() { word.to_owned() } else { format!("{first}::{word}") }).collect()
}

/// The module that a path names or lies in.
fn known(path: String, modules: &BTreeMap<Module, &PathBuf>) -> Option<Module> {
    let mut path = path.as_str();
    while !path.is_empty() {
        if modules.contains_key(path) {
            return Some(path.to_owned());
        }
        path = parent(path);
    }
    None
}

/// The imports between the rooms of a crate: its modules of the first level.
pub fn rooms(imports: &BTreeMap<Module, BTreeSet<Module>>) -> BTreeMap<Module, BTreeSet<Module>> {
    let room = |name: &Module| name.split("::").next().unwrap_or("").to_owned();
    let mut rooms: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (name, named) in imports {
        let named = named.iter().map(room).filter(|other| *other != room(name));
        rooms.entry(room(name)).or_default().extend(named);
    }
    rooms
}

/// The circles: sets of modules each of which leads to all others of the set.
pub fn circles(imports: &BTreeMap<Module, BTreeSet<Module>>) -> BTreeSet<Vec<Module>> {
    let reach = |from: &Module| {
        let mut seen: BTreeSet<&Module> = BTreeSet::new();
        let mut next: Vec<&Module> = imports.get(from).into_iter().flatten().collect();
        while let Some(module) = next.pop() {
            if seen.insert(module) {
                next.extend(imports.get(module).into_iter().flatten());
            }
        }
        seen
    };
    let reached: BTreeMap<&Module, BTreeSet<&Module>> = imports.keys().map(|module| (module, reach(module))).collect();
    let circle = |module: &Module| -> Vec<Module> {
        let leads_back = |other: &&Module| reached[module].contains(*other) && reached[*other].contains(module);
        imports.keys().filter(leads_back).cloned().collect()
    };
    imports.keys().map(circle).filter(|circle| circle.len() > 1).collect()
}
