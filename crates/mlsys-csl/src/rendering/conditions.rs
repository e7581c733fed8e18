//! Conditions of `cs:if`. Source: CSL 1.0.2, "Choose".

use crate::item::Value;
use crate::rendering::Evaluation;
use crate::rich;
use citationberg::ChooseBranch;
use citationberg::taxonomy::{NumberVariable, Variable};

impl Evaluation<'_> {
    /// True if a branch's conditions hold. The conditions of all its attributes are one list.
    pub fn matches(&self, branch: &ChooseBranch) -> bool {
        let mut results: Vec<bool> = Vec::new();
        if branch.disambiguate == Some(true) {
            results.push(self.item.ambiguous);
        }
        for variable in branch.is_numeric.iter().flatten() {
            results.push(match (variable, self.peek(*variable)) {
                (Variable::Number(NumberVariable::Locator), _) => self.locator.is_some_and(|l| is_numeric(&l.text)),
                (_, Some(Value::Number(_))) => true,
                (_, Some(Value::Text(runs))) => is_numeric(&rich::plain(runs)),
                (_, Some(Value::Names(_) | Value::Date(_)) | None) => false,
            });
        }
        for variable in branch.is_uncertain_date.iter().flatten() {
            results.push(matches!(self.peek(Variable::Date(*variable)), Some(Value::Date(d)) if d.circa));
        }
        for locator in branch.locator.iter().flatten() {
            results.push(self.locator.is_some_and(|l| l.label == Some(*locator)));
        }
        for position in branch.position.iter().flatten() {
            results.push(self.positions.contains(position));
        }
        if let Some(kinds) = &branch.type_ {
            let of_kind = kinds.iter().map(|k| self.item.kind == Some(*k));
            results.extend(of_kind);
        }
        for variable in branch.variable.iter().flatten() {
            results.push(match variable {
                Variable::Number(NumberVariable::Locator) => self.locator.is_some(),
                variable => self.peek(*variable).is_some(),
            });
        }
        branch.match_.test(results.into_iter())
    }
}

/// True if a text is one or more numbers: `12`, `2nd`, `L2`, `2, 3`, `2-4`, `2 & 4`. Letters may precede and follow a number.
/// Source: CSL 1.0.2, "Choose", `is-numeric`.
pub(crate) fn is_numeric(text: &str) -> bool {
    text.split([',', '-', '–', '&']).all(|chunk| {
        let chunk = chunk.trim();
        let letters = |c: char| c.is_alphabetic();
        let number = chunk.trim_start_matches(letters).trim_end_matches(letters);
        !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.')
    })
}

#[cfg(test)]
mod tests {
    use super::is_numeric;

    #[test]
    fn numbers_with_letters() {
        for text in ["12", "2nd", "L2d", "2, 3", "2-4", "2 & 4", "14A"] {
            assert!(is_numeric(text), "{text}");
        }
        for text in ["", "second", "2nd edition", "abs/2211.13895", "L", "10:2"] {
            assert!(!is_numeric(text), "{text}");
        }
    }
}
