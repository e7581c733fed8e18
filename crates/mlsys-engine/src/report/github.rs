//! Diagnostics as annotations. Source: GitHub, "Workflow commands for GitHub Actions", `error`, `warning` and `notice`.

use super::Region;
use mlsys_book::{Diagnostic, Locator, Severity, Source};
use std::fmt::Write;
use std::sync::Arc;

/// The diagnostics as workflow commands, one per line. `prefix` is the path from the repository to the project.
pub fn render(sources: &[Arc<Source>], found: &[Diagnostic], prefix: &str) -> String {
    let locator = Locator::new(sources);
    let mut out = String::new();
    for finding in found {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "notice",
        };
        let mut properties = format!("title={}", property(finding.code.name()));
        if let Some(region) = Region::of(&locator, prefix, finding.place) {
            let file = property(&region.file);
            properties = format!("file={file},line={},endLine={},{properties}", region.line, region.end_line);
            // Columns are allowed only within one line.
            if region.line == region.end_line {
                let (start, end) = (region.column, region.end_column);
                properties = format!("{properties},col={start},endColumn={end}");
            }
        }
        let mut message = finding.message.clone();
        finding.hints.iter().for_each(|hint| message = format!("{message}\n{hint}"));
        // Writing to a string cannot fail.
        let _ = writeln!(out, "::{command} {properties}::{}", data(&message));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
