//! Findings that are known and accepted for now, so that new ones stand out.

use camino::Utf8Path;
use mlsys_book::{Code, Diagnostic, Source};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The known findings: how often each occurs. Lines are left out, so that moving text makes nothing new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<Key, usize>,
}

/// File, code and message.
type Key = (String, String, String);

#[derive(Deserialize, Serialize)]
struct FileText {
    findings: Vec<Known>,
}

#[derive(Deserialize, Serialize)]
struct Known {
    file: String,
    code: String,
    message: String,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: usize,
}

fn one() -> usize {
    1
}

// serde hands the field over by reference.
fn is_one(count: &usize) -> bool {
    *count == 1
}

impl Baseline {
    /// These findings.
    pub fn of(sources: &[Arc<Source>], found: &[Diagnostic]) -> Self {
        let mut known = BTreeMap::new();
        for finding in found {
            *known.entry(key(sources, finding)).or_insert(0) += 1;
        }
        Baseline { known }
    }

    /// Reads a baseline file.
    ///
    /// # Errors
    /// A message when it cannot be read or is no baseline.
    pub fn read(path: &Utf8Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                format!("the baseline `{path}` does not exist; write it with --update-baseline")
            }
            _ => format!("the baseline `{path}`: {error}"),
        })?;
        let file: FileText =
            serde_json::from_str(&text).map_err(|error| format!("`{path}` is not a baseline: {error}"))?;
        let mut known = BTreeMap::new();
        for finding in file.findings {
            *known.entry((finding.file, finding.code, finding.message)).or_insert(0) += finding.count;
        }
        Ok(Baseline { known })
    }

    /// Writes a baseline file.
    ///
    /// # Errors
    /// A message when it cannot be written.
    pub fn write(&self, path: &Utf8Path) -> Result<(), String> {
        let findings = self.known.iter().map(|((file, code, message), count)| Known {
            file: file.clone(),
            code: code.clone(),
            message: message.clone(),
            count: *count,
        });
        let text = serde_json::to_string_pretty(&FileText { findings: findings.collect() });
        let text = text.map_err(|error| format!("`{path}`: {error}"))?;
        std::fs::write(path, text + "\n").map_err(|error| format!("`{path}`: {error}"))
    }

    /// Takes the known findings away, each as often as it is known. Returns how many were known, and how many known ones have
    /// gone from the book.
    pub fn subtract(&self, sources: &[Arc<Source>], found: &mut Vec<Diagnostic>) -> (usize, usize) {
        let mut left = self.known.clone();
        let all = found.len();
        found.retain(|finding| match left.get_mut(&key(sources, finding)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        });
        (all - found.len(), left.values().sum())
    }
}

fn key(sources: &[Arc<Source>], finding: &Diagnostic) -> Key {
    let Diagnostic { code, message, place, .. } = finding;
    let file =
        sources.get(place.source.0 as usize).map_or("", |source| &source.files[source.origin(place.span.start).0].path);
    (file.to_owned(), Code::name(*code).to_owned(), message.clone())
}
