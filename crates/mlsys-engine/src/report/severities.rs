//! Severities in the configuration: `mlsys: check: severities:` in `_quarto.yml`.

use mlsys_book::{Code, Diagnostic, Severity, Value, did_you_mean, name};
use std::collections::BTreeMap;

/// The severities that a project configures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Severities {
    /// The severity by code; `None` for `off`.
    chosen: BTreeMap<Code, Option<Severity>>,
}

impl Severities {
    /// Reads `mlsys.check.severities`: codes with `error`, `warning`, `hint` or `off`.
    pub fn of(meta: &Value, found: &mut Vec<Diagnostic>) -> Self {
        let mut chosen = BTreeMap::new();
        for entry in meta.value(name!("mlsys.check.severities")).map_or(&[][..], Value::entries) {
            let Some(code) = Code::of_name(&entry.key) else {
                let message = format!("unknown diagnostic `{}`", entry.key);
                let mut finding = Diagnostic::new(Code::UnknownConfigKey, entry.key_place, message);
                finding.hints.extend(did_you_mean(&entry.key, Code::ALL.iter().map(|code| code.name())));
                found.push(finding);
                continue;
            };
            let severity = match entry.value.to_text().as_deref() {
                Some("error") => Some(Severity::Error),
                Some("warning") => Some(Severity::Warning),
                Some("hint") => Some(Severity::Hint),
                // In YAML 1.1 an unquoted `off` is a boolean.
                Some("off" | "false") => None,
                _ => {
                    let message = format!("invalid severity of `{}`", entry.key);
                    let finding = Diagnostic::new(Code::InvalidConfigValue, entry.value.place, message);
                    found.push(finding.hint("use `error`, `warning`, `hint` or `off`"));
                    continue;
                }
            };
            chosen.insert(code, severity);
        }
        Severities { chosen }
    }

    /// True if diagnostics with this code are off.
    pub fn is_off(&self, code: Code) -> bool {
        self.chosen.get(&code) == Some(&None)
    }

    /// Sets the severity of each diagnostic, and removes those that are off.
    pub fn apply(&self, found: &mut Vec<Diagnostic>) {
        if self.chosen.is_empty() {
            return;
        }
        found.retain_mut(|finding| match self.chosen.get(&finding.code) {
            Some(Some(severity)) => {
                finding.severity = *severity;
                true
            }
            Some(None) => false,
            None => true,
        });
    }
}
