//! Known problems, which are accepted for now, so that new ones stand out.

use camino::{Utf8Path, Utf8PathBuf};
use mlsys_book::{Code, Diagnostic, Source};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use std::sync::Arc;

/// Known diagnostics with their counts. Line numbers are not part of them: moving text does not make a known problem new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<Key, usize>,
}

/// File, code and message.
type Key = (String, String, String);

#[derive(Deserialize, Serialize)]
struct BaselineFile {
    findings: Vec<BaselineEntry>,
}

#[derive(Deserialize, Serialize)]
struct BaselineEntry {
    file: String,
    code: String,
    message: String,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: usize,
}

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file does not exist.
    #[error("the baseline `{0}` does not exist; write it with --update-baseline")]
    Missing(Utf8PathBuf),
    /// The file cannot be read.
    #[error("the baseline `{0}`: {1}")]
    Unreadable(Utf8PathBuf, Error),
    /// The file is something else.
    #[error("`{0}` is not a baseline: {1}")]
    Invalid(Utf8PathBuf, serde_json::Error),
    /// The file cannot be written.
    #[error("`{0}`: {1}")]
    Unwritable(Utf8PathBuf, Error),
}

fn one() -> usize {
    1
}

// Serde passes the field by reference.
fn is_one(count: &usize) -> bool {
    *count == 1
}

impl Baseline {
    /// A baseline of these diagnostics.
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
    /// When it cannot be read, or is not a baseline.
    pub fn read(path: &Utf8Path) -> Result<Self, BaselineError> {
        let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => BaselineError::Missing(path.to_owned()),
            _ => BaselineError::Unreadable(path.to_owned(), error),
        })?;
        let file: BaselineFile =
            serde_json::from_str(&text).map_err(|error| BaselineError::Invalid(path.to_owned(), error))?;
        let mut known = BTreeMap::new();
        for finding in file.findings {
            *known.entry((finding.file, finding.code, finding.message)).or_insert(0) += finding.count;
        }
        Ok(Baseline { known })
    }

    /// Writes a baseline file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Utf8Path) -> Result<(), BaselineError> {
        let findings = self.known.iter().map(|((file, code, message), count)| BaselineEntry {
            file: file.clone(),
            code: code.clone(),
            message: message.clone(),
            count: *count,
        });
        let failed = |error| BaselineError::Unwritable(path.to_owned(), error);
        let text = serde_json::to_string_pretty(&BaselineFile { findings: findings.collect() });
        std::fs::write(path, text.map_err(|error| failed(error.into()))? + "\n").map_err(failed)
    }

    /// Removes known diagnostics, each as often as the baseline has it. Returns the number of removed diagnostics, and of those in
    /// the baseline that no longer occur.
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

/// The identity of a diagnostic in the baseline.
fn key(sources: &[Arc<Source>], finding: &Diagnostic) -> Key {
    let Diagnostic { code, message, place, .. } = finding;
    let file =
        sources.get(place.source.index()).map_or("", |source| &source.files[source.origin(place.span.start).0].path);
    (file.to_owned(), Code::name(*code).to_owned(), message.clone())
}
