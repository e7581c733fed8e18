//! What Quarto defines before the layers of a theme: modules and variables.

use super::{Layer, variable};
use std::collections::BTreeSet;

/// The variables that Bootstrap's functions set before themes do, with their values in the light and in the dark mode.
///
/// Layers are read from the last to the first, so the project's files could not use a variable of the framework otherwise.
/// Source: Quarto, `_bootstrap-functions.scss` and `_bootstrap-variables.scss`.
const VARIABLES: [(&str, &str, &str); 16] = [
    ("gray-100", "#f8f9fa", "#f8f9fa"),
    ("gray-200", "#e9ecef", "#e9ecef"),
    ("gray-300", "#dee2e6", "#dee2e6"),
    ("gray-400", "#ced4da", "#ced4da"),
    ("gray-500", "#adb5bd", "#adb5bd"),
    ("gray-600", "#6c757d", "#6c757d"),
    ("gray-700", "#495057", "#495057"),
    ("gray-800", "#343a40", "#343a40"),
    ("gray-900", "#212529", "#212529"),
    ("border-color", "#dee2e6", "#495057"),
    ("border-radius", "0.375rem", "0.375rem"),
    ("border-radius-sm", "0.25rem", "0.25rem"),
    ("border-radius-lg", "0.5rem", "0.5rem"),
    ("text-muted", "#6c757d", "#a3adb8"),
    ("card-cap-bg", "rgba(#212529, 0.03)", "rgba(#dee2e6, 0.03)"),
    ("theme-name", "\"\"", "\"\""),
];

/// The `@use` rules of all layers, each once: two modules with one name are an error.
pub(super) fn modules(layers: &[Layer]) -> String {
    let mut seen = BTreeSet::new();
    let lines = layers.iter().flat_map(|layer| layer.uses.lines());
    let lines = lines.filter(|line| !line.trim_start().starts_with("@use") || seen.insert(line.trim()));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Assignments of the [`VARIABLES`] that a layer uses before it is defined.
pub(super) fn presets(layers: &[Layer]) -> String {
    let is_dark = layers.iter().flat_map(|layer| layer.defaults.lines()).any(|line| line.trim() == "$mode: dark;");
    let mut assigned: BTreeSet<&str> = BTreeSet::new();
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    for line in layers.iter().skip(1).rev().flat_map(|layer| layer.defaults.lines()) {
        let value = line.split_once(':').map_or(line, |(_, value)| value);
        for used in value.split('$').skip(1) {
            let end = used.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(used.len());
            let name = used.get(..end).unwrap_or(used);
            if !assigned.contains(name) {
                needed.insert(name);
            }
        }
        assigned.extend(variable(line));
    }
    let needed = VARIABLES.iter().filter(|(name, ..)| needed.contains(name));
    needed.map(|(name, light, dark)| format!("${name}: {};\n", if is_dark { dark } else { light })).collect()
}
