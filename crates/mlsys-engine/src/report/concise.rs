//! Diagnostics on one line each, for the problem matchers of editors: `file:line:column: severity[code] message`.

use super::Region;
use mlsys_book::{Diagnostic, Locator, Source};
use std::fmt::Write;
use std::sync::Arc;

/// The diagnostics, one a line. `prefix` is the path to the project's folder.
pub fn render(sources: &[Arc<Source>], found: &[Diagnostic], prefix: &str) -> String {
    let locator = Locator::new(sources);
    let mut out = String::new();
    for finding in found {
        if let Some(region) = Region::of(&locator, prefix, finding.place) {
            // Writing to a string cannot fail.
            let _ = write!(out, "{}:{}:{}: ", region.file, region.line, region.column);
        }
        let hint = finding.hints.first().map(|hint| format!("; {hint}")).unwrap_or_default();
        let text = format!("{}[{}] {}{hint}", finding.severity, finding.code, finding.message);
        let _ = writeln!(out, "{}", text.replace('\n', " "));
    }
    out
}
