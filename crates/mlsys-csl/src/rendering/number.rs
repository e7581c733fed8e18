//! Numbers, their labels and page ranges. Source: CSL 1.0.2, "Number", "Label", "Page Ranges".

use crate::item::Value;
use crate::locator::ItemLocator;
use crate::output::{Format, Output, Tag, formatted, grouped};
use crate::rendering::Evaluation;
use crate::rich;
use citationberg::taxonomy::{Locator, NumberVariable, OtherTerm, Term, Variable};
use citationberg::{
    GrammarGender, LabelPluralize, Number, NumberForm, PageRangeFormat, TermForm, ToAffixes, ToFormatting,
    VariablelessLabel,
};
use mlsys_book::roman;

impl<'a> Evaluation<'a> {
    pub fn number(&mut self, number: &'a Number) -> Output {
        let variable = Variable::from(number.variable);
        let format = Format {
            display: number.display,
            text_case: self.text_case(number.text_case),
            ..Format::new(number.to_formatting(), &number.to_affixes())
        };
        let gender = self.set.terms.exact(number.variable.into(), TermForm::Long).first().and_then(|t| t.gender);
        let text = match self.ask(variable) {
            Some(Value::Number(n)) => n.to_string(),
            Some(Value::Text(runs)) => match rich::plain(runs) {
                // Without a number to spell the text keeps its markup.
                text if !text.chars().any(|c| c.is_ascii_digit()) => {
                    return formatted(format, vec![Output::Text(runs.clone())]);
                }
                text => text,
            },
            Some(Value::Names(_) | Value::Date(_)) | None => return Output::Nothing,
        };
        let parts = split_numbers(&text)
            .into_iter()
            .map(|part| match part.parse::<i64>() {
                Ok(n) => Output::text(self.spelled(n, number.form, gender)),
                Err(_) if part == "-" => Output::text("–"),
                Err(_) => Output::text(part),
            })
            .collect();
        formatted(format, vec![grouped(parts)])
    }

    /// A number in a form.
    pub fn spelled(&self, n: i64, form: NumberForm, gender: Option<GrammarGender>) -> String {
        match form {
            NumberForm::Numeric => n.to_string(),
            NumberForm::Roman => roman_or_arabic(n),
            NumberForm::LongOrdinal if (1..=10).contains(&n) => {
                let term = Term::Other(OtherTerm::LongOrdinal(n as u8));
                match self.set.terms.term(term, TermForm::Long, false) {
                    Some(word) => word.to_owned(),
                    None => self.spelled(n, NumberForm::Ordinal, gender),
                }
            }
            NumberForm::Ordinal | NumberForm::LongOrdinal => format!("{n}{}", self.set.terms.ordinal(n, gender)),
        }
    }

    /// The label of a number, a page or a locator.
    pub fn label(&mut self, variable: Variable, label: &'a VariablelessLabel) -> Output {
        let (term, text) = match variable {
            Variable::Number(NumberVariable::Locator) => match self.locator {
                Some(locator) if locator.label.is_some() => (self.locator_term(), locator.text.clone()),
                Some(_) | None => return Output::Nothing,
            },
            Variable::Page(_) if self.locator.is_some() => {
                (Term::Locator(Locator::Page), self.locator.map(|l| l.text.clone()).unwrap_or_default())
            }
            _ => {
                let text = match self.peek(variable) {
                    Some(Value::Text(runs)) => rich::plain(runs),
                    Some(Value::Number(n)) => n.to_string(),
                    Some(Value::Names(_) | Value::Date(_)) | None => return Output::Nothing,
                };
                let term = match variable {
                    Variable::Page(_) => Term::PageVariable,
                    Variable::Number(n) => Term::NumberVariable(n),
                    _ => return Output::Nothing,
                };
                (term, text)
            }
        };
        let several = match variable {
            Variable::Number(v) if v.is_number_of_variable() => text != "1" && text != "0",
            _ => !text.contains("\\-") && split_numbers(&text).len() > 1,
        };
        self.label_term(term, label, several)
    }

    /// A label, in the singular or plural.
    pub fn label_term(&self, term: Term, label: &VariablelessLabel, several: bool) -> Output {
        let plural = match label.plural {
            LabelPluralize::Always => true,
            LabelPluralize::Never => false,
            LabelPluralize::Contextual => several,
        };
        let word = self.set.terms.term(term, label.form, plural).unwrap_or("");
        let mut format = Format {
            text_case: self.text_case(label.text_case),
            strip_periods: label.strip_periods,
            ..Format::new(label.to_formatting(), &label.to_affixes())
        };
        // An abbreviation's full stop replaces that of the suffix.
        if word.ends_with('.')
            && !label.strip_periods
            && let Some(rest) = format.suffix.as_deref().and_then(|s| s.strip_prefix('.'))
        {
            format.suffix = Some(rest.to_owned()).filter(|s| !s.is_empty());
        }
        formatted(format, vec![Output::text(word).tagged(Tag::Term(term))])
    }

    /// A locator: page numbers as ranges, others with an en dash.
    pub fn locator_text(&self, locator: &ItemLocator) -> Output {
        let text = match self
            .set
            .terms
            .exact(Term::Other(OtherTerm::And), TermForm::Symbol)
            .first()
            .and_then(|t| t.single())
        {
            Some(and) if locator.text.contains('&') => locator.text.replace('&', and),
            _ => locator.text.clone(),
        };
        if locator.label == Some(Locator::Page) {
            self.page_ranges(&text)
        } else {
            Output::text(page_range(&text, None, "–"))
        }
    }

    /// Pages, each range in the style's format.
    pub fn page_ranges(&self, text: &str) -> Output {
        let delimiter = self.set.terms.word(OtherTerm::PageRangeDelimiter).unwrap_or("–");
        let format = self.set.style.csl.settings.page_range_format;
        let mut out = String::new();
        for piece in text.split_inclusive([',', '&']) {
            let (range, mark) = match piece.strip_suffix([',', '&']) {
                Some(range) => (range, &piece[range.len()..]),
                None => (piece, ""),
            };
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&page_range(range.trim(), format, delimiter));
            out.push_str(if mark == "&" { " &" } else { mark });
        }
        Output::text(out)
    }
}

/// A range of pages in a format. Source: CSL 1.0.2, "Appendix V - Page Range Formats".
pub(crate) fn page_range(text: &str, format: Option<PageRangeFormat>, delimiter: &str) -> String {
    if text.contains("\\-") {
        return text.replace("\\-", "-");
    }
    let parts: Vec<&str> = text.split(['-', '–']).map(str::trim).collect();
    let [first, last] = parts[..] else { return text.to_owned() };
    let joined = |last: &str| format!("{first}{delimiter}{last}");
    let Some(format) = format else { return joined(last) };
    let digits = |s: &str| s.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (prefix, x) = first.split_at(digits(first));
    let (last_prefix, y) = last.split_at(digits(last));
    if prefix != last_prefix || x.is_empty() {
        return joined(last);
    }
    let full = if y.len() < x.len() { format!("{}{y}", &x[..x.len() - y.len()]) } else { y.to_owned() };
    let minimal = |least: usize| {
        let common = x.bytes().zip(full.bytes()).take_while(|(a, b)| a == b).count();
        let rest = full.len() - common;
        let keep = if rest < least && full.len() >= least { least } else { rest };
        joined(&full[full.len() - keep..])
    };
    let changed = x.bytes().zip(full.bytes()).filter(|(a, b)| a != b).count() + full.len().saturating_sub(x.len());
    match format {
        PageRangeFormat::Chicago15 | PageRangeFormat::Chicago16 => {
            if x.len() < 3 || x.ends_with("00") {
                joined(&full)
            } else if x.as_bytes()[x.len() - 2] == b'0' {
                minimal(1)
            } else if format == PageRangeFormat::Chicago15 && x.len() == 4 && changed >= 3 {
                joined(&full)
            } else {
                minimal(2)
            }
        }
        PageRangeFormat::Expanded => format!("{first}{delimiter}{prefix}{full}"),
        PageRangeFormat::Minimal => minimal(1),
        PageRangeFormat::MinimalTwo => minimal(2),
    }
}

/// Splits at separators, and returns them as pieces, too.
fn split_numbers(text: &str) -> Vec<&str> {
    let separator = |c: char| matches!(c, ',' | ';' | '-' | '–') || c.is_whitespace();
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = separator(first);
        let end = rest.find(|c: char| separator(c) != kind).unwrap_or(rest.len());
        out.push(&rest[..end]);
        rest = &rest[end..];
    }
    out
}

/// A number in Roman numerals; in Arabic ones if Roman ones do not reach it.
fn roman_or_arabic(n: i64) -> String {
    match u32::try_from(n) {
        Ok(n @ 1..=3999) => roman(n),
        Ok(_) | Err(_) => n.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chicago_ranges() {
        let range = |text| page_range(text, Some(PageRangeFormat::Chicago16), "–");
        assert_eq!(range("101-119"), "101–19");
        assert_eq!(range("321-328"), "321–28");
        assert_eq!(range("100-104"), "100–104");
        assert_eq!(range("1103-1113"), "1103–13");
        assert_eq!(range("33-52"), "33–52");
    }
}
