//! Diagnostics as SARIF, for code scanning. Source: OASIS, "Static Analysis Results Interchange Format 2.1.0".

use super::{Region, guide_url};
use mlsys_book::{Code, Diagnostic, Locator, Place, Severity, Source};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A SARIF log of one run. `prefix` is the path from the repository to the project.
///
/// # Errors
/// Never in practice: the data is always valid JSON.
pub fn render(sources: &[Arc<Source>], found: &[Diagnostic], prefix: &str) -> Result<String, serde_json::Error> {
    let locator = Locator::new(sources);
    let codes: BTreeSet<Code> = found.iter().map(|finding| finding.code).collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code)).collect();
    let results: Vec<Value> = found
        .iter()
        .map(|finding| {
            let mut message = finding.message.clone();
            finding.hints.iter().for_each(|hint| message = format!("{message}\n{hint}"));
            let related: Vec<Value> = finding
                .related
                .iter()
                .filter_map(|(place, text)| location(&locator, prefix, *place, Some(text)))
                .collect();
            json!({
                "ruleId": finding.code.name(),
                "ruleIndex": codes.iter().position(|code| *code == finding.code),
                "level": level(finding.severity),
                "message": { "text": message },
                "locations": location(&locator, prefix, finding.place, None).into_iter().collect::<Vec<_>>(),
                "relatedLocations": related,
            })
        })
        .collect();
    serde_json::to_string_pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "mlsys",
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.name(),
        "shortDescription": { "text": code.description() },
        "helpUri": guide_url(code),
        "defaultConfiguration": { "level": level(code.severity()) },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

fn location(locator: &Locator<'_>, prefix: &str, place: Place, message: Option<&str>) -> Option<Value> {
    let region = Region::of(locator, prefix, place)?;
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&region.file) },
            "region": {
                "startLine": region.line,
                "startColumn": region.column,
                "endLine": region.end_line,
                "endColumn": region.end_column,
            },
        },
    });
    if let Some(text) = message {
        location["message"] = json!({ "text": text });
    }
    Some(location)
}

/// A path as a relative URL reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
