//! Dates. Source: CSL 1.0.2, "Date".

use crate::item::Value;
use crate::output::{Format, Output, Tag, formatted};
use crate::rendering::Evaluation;
use citationberg::taxonomy::{OtherTerm, Term, Variable};
use citationberg::{
    Date as DateElement, DateDayForm, DateMonthForm, DatePart as PartElement, DatePartName, DateParts,
    DateStrongAnyForm, LongShortForm, NumberForm, TermForm, ToAffixes, ToFormatting,
};
use mlsys_book::DatePart;

/// A date part of the style, with the locale's formatting.
struct Part<'a> {
    element: &'a PartElement,
    format: Format,
}

fn part_format(part: &PartElement) -> Format {
    Format {
        text_case: part.text_case,
        strip_periods: part.strip_periods,
        ..Format::new(part.to_formatting(), &part.to_affixes())
    }
}

fn date_format(date: &DateElement) -> Format {
    Format {
        display: date.display,
        text_case: date.text_case,
        delimiter: date.delimiter.clone(),
        ..Format::new(date.to_formatting(), &date.to_affixes())
    }
}

impl<'a> Evaluation<'a> {
    pub fn date(&mut self, element: &'a DateElement) -> Output {
        let Some(variable) = element.variable else { return Output::Nothing };
        let Some(Value::Date(date)) = self.ask(Variable::Date(variable)) else { return Output::Nothing };
        let localized = element.form.and_then(|form| self.set.terms.date(form));
        let shown = |name: DatePartName| match element.parts {
            None | Some(DateParts::YearMonthDay) => true,
            Some(DateParts::YearMonth) => name != DatePartName::Day,
            Some(DateParts::Year) => name == DatePartName::Year,
        };
        let (parts, format) = match localized {
            Some(locale) => {
                let parts: Vec<Part<'_>> = locale
                    .date_part
                    .iter()
                    .filter(|p| shown(p.name))
                    .map(|p| match element.date_part.iter().find(|own| own.name == p.name) {
                        Some(own) => Part { element: own, format: part_format(p).over(&part_format(own)) },
                        None => Part { element: p, format: part_format(p) },
                    })
                    .collect();
                (parts, date_format(element).over(&date_format(locale)))
            }
            None => {
                let own = element.date_part.iter().filter(|p| shown(p.name));
                (own.map(|p| Part { element: p, format: part_format(p) }).collect(), date_format(element))
            }
        };
        let mut format = format;
        format.text_case = self.text_case(format.text_case);
        if let Some(literal) = &date.literal {
            return formatted(format, vec![Output::text(literal.as_str())]);
        }
        let with_season = |mut part: DatePart| {
            if let (Some(season), None) = (date.season, part.month) {
                part.month = Some(12 + season);
            }
            part
        };
        let outputs = match date.parts[..] {
            [] => Vec::new(),
            [one] => parts.iter().map(|p| self.date_part(p, with_season(one), &p.format)).collect(),
            [first, last, ..] => self.date_range(&parts, first, last),
        };
        // A variable that shows nothing does not count.
        if outputs.iter().all(Output::is_nothing) {
            self.nonempty = self.nonempty.saturating_sub(1);
        }
        let mut outputs = outputs;
        outputs.extend(self.implicit_year_suffix());
        formatted(format, outputs).tagged(Tag::Date(date.clone()))
    }

    /// A range. Parts that both ends share are shown once.
    fn date_range(&self, parts: &[Part<'_>], first: DatePart, last: DatePart) -> Vec<Output> {
        let value = |date: DatePart, name| match name {
            DatePartName::Year => date.year.map(i64::from),
            DatePartName::Month => date.month.map(i64::from),
            DatePartName::Day => date.day.map(i64::from),
        };
        // Years are compared first, then months, then days.
        let mut same = Vec::new();
        for name in [DatePartName::Year, DatePartName::Month, DatePartName::Day] {
            if parts.iter().any(|p| p.element.name == name) {
                if value(first, name) != value(last, name) {
                    break;
                }
                same.push(name);
            }
        }
        let is_same = |p: &&Part<'_>| same.contains(&p.element.name);
        let before = parts.iter().take_while(is_same).count();
        let differing = parts[before..].iter().take_while(|p| !is_same(p)).count();
        let (lead, rest) = parts.split_at(before);
        let (middle, tail) = rest.split_at(differing);
        let print = |parts: &[Part<'_>], date: DatePart, trim_first: bool, trim_last: bool| -> Vec<Output> {
            let visible: Vec<&Part<'_>> = parts.iter().filter(|p| value(date, p.element.name).is_some()).collect();
            let count = visible.len();
            visible
                .into_iter()
                .enumerate()
                .map(|(i, p)| {
                    let mut format = p.format.clone();
                    if trim_first && i == 0 {
                        format.prefix = None;
                    }
                    if trim_last && i + 1 == count {
                        format.suffix = None;
                    }
                    self.date_part(p, date, &format)
                })
                .filter(|o| !o.is_nothing())
                .collect()
        };
        let delimiter = middle
            .iter()
            .min_by_key(|p| match p.element.name {
                DatePartName::Year => 0,
                DatePartName::Month => 1,
                DatePartName::Day => 2,
            })
            .and_then(|p| p.element.range_delimiter.clone())
            .unwrap_or_else(|| PartElement::DEFAULT_DELIMITER.to_owned());
        let mut left = print(lead, first, false, tail.is_empty() && middle.is_empty());
        left.extend(print(middle, first, false, true));
        if last.year.is_none() {
            return vec![formatted(Format::suffixed(delimiter), left)];
        }
        let mut right = print(middle, last, true, tail.is_empty());
        if let (Some(end), false) = (left.pop(), right.is_empty()) {
            let start = right.remove(0);
            left.push(formatted(Format::delimited(delimiter), vec![end, start]));
        }
        left.extend(right);
        left.extend(print(tail, first, false, true));
        left
    }

    fn date_part(&self, part: &Part<'_>, date: DatePart, format: &Format) -> Output {
        let terms = self.set.terms;
        if self.set.sort_key.is_some() {
            return Output::text(sortable_part(part.element.name, date));
        }
        let text = match part.element.form() {
            DateStrongAnyForm::Year(form) => {
                let Some(year) = date.year else { return Output::Nothing };
                let digits = match form {
                    LongShortForm::Long => year.unsigned_abs().to_string(),
                    LongShortForm::Short => format!("{:02}", year.unsigned_abs() % 100),
                };
                let era = match year {
                    ..=-1 => terms.word(OtherTerm::Bc),
                    1..1000 => terms.word(OtherTerm::Ad),
                    _ => None,
                };
                return formatted(format.clone(), vec![Output::text(digits), Output::text(era.unwrap_or(""))]);
            }
            DateStrongAnyForm::Month(form) => {
                let Some(month) = date.month.filter(|m| *m > 0) else { return Output::Nothing };
                match form {
                    DateMonthForm::Numeric => month.to_string(),
                    DateMonthForm::NumericLeadingZeros => format!("{month:02}"),
                    DateMonthForm::Long | DateMonthForm::Short => {
                        let term_form = if form == DateMonthForm::Long { TermForm::Long } else { TermForm::Short };
                        let term = month_term(month);
                        term.and_then(|t| terms.term(Term::Other(t), term_form, false)).unwrap_or("").to_owned()
                    }
                }
            }
            DateStrongAnyForm::Day(form) => {
                let Some(day) = date.day.filter(|d| *d > 0) else { return Output::Nothing };
                match form {
                    DateDayForm::Numeric => day.to_string(),
                    DateDayForm::NumericLeadingZeros => format!("{day:02}"),
                    DateDayForm::Ordinal if terms.limit_day_ordinals() && day != 1 => day.to_string(),
                    DateDayForm::Ordinal => self.spelled(i64::from(day), NumberForm::Ordinal, None),
                }
            }
        };
        formatted(format.clone(), vec![Output::text(text)])
    }
}

/// A part as digits that sort as text. Source: CSL 1.0.2, "Sorting": dates in macros sort by their numbers, whatever the macro
/// prints.
fn sortable_part(name: DatePartName, date: DatePart) -> String {
    let padded = |part: Option<u8>| part.map_or_else(String::new, |part| format!("{part:02}"));
    match name {
        DatePartName::Year => date.year.map_or_else(String::new, sortable_year),
        DatePartName::Month => padded(date.month),
        DatePartName::Day => padded(date.day),
    }
}

/// A year as digits that sort as text, years BCE first.
pub(crate) fn sortable_year(year: i32) -> String {
    match i64::from(year) {
        year if year < 0 => format!("n{:09}", 999_999_999 + year),
        year => format!("p{year:09}"),
    }
}

/// The term of a month, or of a season encoded as a month (13 to 16, 21 to 24).
fn month_term(month: u8) -> Option<OtherTerm> {
    match month {
        1..=12 => OtherTerm::month(month - 1),
        13 | 17 | 21 => Some(OtherTerm::Season01),
        14 | 18 | 22 => Some(OtherTerm::Season02),
        15 | 19 | 23 => Some(OtherTerm::Season03),
        16 | 20 | 24 => Some(OtherTerm::Season04),
        _ => None,
    }
}
