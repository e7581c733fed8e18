//! Conditions of `cs:if`. Source: CSL 1.0.2, "Choose".

use super::element::Evaluation;
use super::item::Value;
use super::rich;
use citationberg::ChooseBranch;
use citationberg::taxonomy::{Locator, NumberVariable, Variable};

impl Evaluation<'_> {
    /// Whether a branch is to be taken. All conditions of a branch are one list, whatever attribute they are in.
    pub fn matches(&self, branch: &ChooseBranch) -> bool {
        let mut results: Vec<bool> = Vec::new();
        if branch.disambiguate == Some(true) {
            results.push(self.item.ambiguous);
        }
        for variable in branch.is_numeric.iter().flatten() {
            results.push(match self.peek(*variable) {
                Some(Value::Number(_)) => true,
                Some(Value::Text(runs)) => is_numeric(&rich::plain(runs)),
                Some(Value::Names(_) | Value::Date(_)) | None => false,
            });
        }
        for variable in branch.is_uncertain_date.iter().flatten() {
            results.push(matches!(self.peek(Variable::Date(*variable)), Some(Value::Date(d)) if d.circa));
        }
        for locator in branch.locator.iter().flatten() {
            let label = self.locator.map_or(Locator::Page, |l| l.label);
            results.push(label == *locator);
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

/// Whether a text is a number or several: `12`, `2nd`, `L2`, `2, 3`, `2-4`, `2 & 4`.
pub(super) fn is_numeric(text: &str) -> bool {
    text.replace(", ", ",")
        .replace("& ", "&")
        .replace(" &", "&")
        .split([',', '-', '–', '&'])
        .all(|chunk| chunk.chars().any(|c| c.is_ascii_digit()) && !chunk.contains(char::is_whitespace))
}
