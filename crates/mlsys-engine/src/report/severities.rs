//! Severities in the configuration, `mlsys: check: severities:` of the project, of a folder or of a page, and on the command line.

use mlsys_book::{Code, Diagnostic, Severity, Value, did_you_mean, name};
use std::collections::BTreeMap;

/// The severities that differ from those of the codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Severities {
    /// The severity by code; `None` for `off`.
    chosen: BTreeMap<Code, Option<Severity>>,
}

impl Severities {
    /// Reads `mlsys.check.severities` of metadata; see [`Severities::of_map`].
    pub fn of(meta: &Value, found: &mut Vec<Diagnostic>) -> Self {
        meta.value(name!("mlsys.check.severities")).map_or_else(Self::default, |map| Self::of_map(map, found))
    }

    /// Reads a map of codes with `error`, `warning`, `hint` or `off`.
    pub fn of_map(map: &Value, found: &mut Vec<Diagnostic>) -> Self {
        let mut chosen = BTreeMap::new();
        for entry in map.entries() {
            let Some(code) = Code::of_name(&entry.key) else {
                let message = format!("unknown diagnostic `{}`", entry.key);
                let mut finding = Diagnostic::new(Code::UnknownConfigKey, entry.key_place, message);
                finding.hints.extend(did_you_mean(&entry.key, Code::ALL.iter().map(|code| code.name())));
                found.push(finding);
                continue;
            };
            let Some(severity) = entry.value.to_text().as_deref().and_then(level) else {
                let message = format!("invalid severity of `{}`", entry.key);
                let finding = Diagnostic::new(Code::InvalidConfigValue, entry.value.place, message);
                found.push(finding.hint("use `error`, `warning`, `hint` or `off`"));
                continue;
            };
            chosen.insert(code, severity);
        }
        Severities { chosen }
    }

    /// Reads `CODE=LEVEL`, as on the command line.
    ///
    /// # Errors
    /// A message if the code or the level is unknown.
    pub fn choice(text: &str) -> Result<(Code, Option<Severity>), String> {
        let (name, value) = text.split_once('=').ok_or("write CODE=LEVEL, such as `broken-link=error`")?;
        let code = Code::of_name(name.trim()).ok_or_else(|| {
            let hint = did_you_mean(name.trim(), Code::ALL.iter().map(|code| code.name()));
            let hint = hint.unwrap_or_else(|| "the guide lists all codes".to_owned());
            format!("unknown diagnostic `{name}`; {hint}")
        })?;
        let severity = level(value.trim()).ok_or("the levels are `error`, `warning`, `hint` and `off`")?;
        Ok((code, severity))
    }

    /// These severities, and those of `inner` where it has some.
    #[must_use]
    pub fn overridden_by(&self, inner: &Severities) -> Self {
        self.with_choices(&inner.chosen)
    }

    /// These severities, and chosen ones in their place.
    #[must_use]
    pub fn with_choices(&self, choices: &BTreeMap<Code, Option<Severity>>) -> Self {
        let mut chosen = self.chosen.clone();
        chosen.extend(choices);
        Severities { chosen }
    }

    /// True if diagnostics with this code are off.
    pub fn is_off(&self, code: Code) -> bool {
        self.chosen.get(&code) == Some(&None)
    }

    /// Sets the severity of a diagnostic. False if it is off.
    pub fn apply(&self, finding: &mut Diagnostic) -> bool {
        match self.chosen.get(&finding.code) {
            Some(Some(severity)) => {
                finding.severity = *severity;
                true
            }
            Some(None) => false,
            None => true,
        }
    }
}

/// The severity of a name; `None` within for `off`.
fn level(name: &str) -> Option<Option<Severity>> {
    match name {
        "error" => Some(Some(Severity::Error)),
        "warning" => Some(Some(Severity::Warning)),
        "hint" => Some(Some(Severity::Hint)),
        // In YAML 1.1 an unquoted `off` is a boolean.
        "off" | "false" => Some(None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_of_the_command_line_are_checked() {
        assert_eq!(Severities::choice("broken-link=error"), Ok((Code::BrokenLink, Some(Severity::Error))));
        assert_eq!(Severities::choice("broken-link=off"), Ok((Code::BrokenLink, None)));
        let message = |text| Severities::choice(text).unwrap_err();
        assert!(message("brokn-link=error").ends_with("did you mean `broken-link`?"));
        assert!(message("broken-link=fatal").contains("`hint`"));
        assert!(message("broken-link").contains("CODE=LEVEL"));
    }
}
