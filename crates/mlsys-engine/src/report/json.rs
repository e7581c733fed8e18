//! Diagnostics as a JSON object, for editors and scripts.

use super::{Counts, Region};
use mlsys_book::{Diagnostic, Locator, Place, Source};
use serde::Serialize;
use std::sync::Arc;

/// The version of the format. It changes when a key is removed or gets another meaning.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    counts: CountsText,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct CountsText {
    error: usize,
    warning: usize,
    hint: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'static str,
    severity: String,
    message: &'a str,
    #[serde(flatten)]
    at: Option<RegionText>,
    hints: &'a [String],
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    #[serde(flatten)]
    at: Option<RegionText>,
}

#[derive(Serialize)]
struct RegionText {
    file: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

/// The diagnostics as JSON. `prefix` is the path to the project's folder.
///
/// # Errors
/// Never in practice: the data is always valid JSON.
pub fn render(sources: &[Arc<Source>], found: &[Diagnostic], prefix: &str) -> Result<String, serde_json::Error> {
    let locator = Locator::new(sources);
    let at = |place: Place| {
        Region::of(&locator, prefix, place).map(|region| {
            let Region { file, line, column, end_line, end_column } = region;
            RegionText { file, line, column, end_line, end_column }
        })
    };
    let findings = found.iter().map(|finding| Finding {
        code: finding.code.name(),
        severity: finding.severity.to_string(),
        message: &finding.message,
        at: at(finding.place),
        hints: &finding.hints,
        related: finding.related.iter().map(|(place, message)| Related { message, at: at(*place) }).collect(),
    });
    let Counts { errors, warnings, hints } = Counts::of(found);
    let counts = CountsText { error: errors, warning: warnings, hint: hints };
    serde_json::to_string_pretty(&Report { version: VERSION, counts, findings: findings.collect() })
}
