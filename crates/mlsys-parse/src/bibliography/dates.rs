//! Dates: EDTF as BibLaTeX and CSL data write it, and BibTeX's year and month.

use mlsys_book::{Date, DatePart};

/// A date in the Extended Date/Time Format, level 1: `2020`, `2020-05-17`, `2019-03/2020-04`, `2020-21` (spring), `2010/`,
/// `1990~`, `199u`. Source: BibLaTeX manual, "Date and Time Specifications".
pub(super) fn edtf(text: &str) -> Option<Date> {
    let text = text.replace('\u{a0}', "~");
    let text = match text.split('/').collect::<Vec<_>>()[..] {
        [one] if one.contains(['u', 'X']) => {
            format!("{}/{}", one.replace(['u', 'X'], "0"), one.replace(['u', 'X'], "9"))
        }
        [from, "open" | "unknown" | ".."] => format!("{from}/"),
        _ => text,
    };
    let ends: Vec<&str> = text.split('/').map(str::trim).collect();
    if ends.len() > 2 {
        return None;
    }
    let circa = ends.iter().any(|end| end.ends_with(['~', '%']));
    let parts = ends.iter().map(|end| part(end)).collect::<Option<Vec<_>>>()?;
    (parts[0].year.is_some()).then_some(Date { parts, circa, ..Date::default() })
}

fn part(text: &str) -> Option<DatePart> {
    let text = text.split(['~', '?', '%', 'T']).next().unwrap_or("");
    if text.is_empty() {
        return Some(DatePart::default());
    }
    let long = text.starts_with(['y', 'Y']);
    let text = text.trim_start_matches(['y', 'Y']);
    let negative = text.starts_with('-');
    let mut pieces = text.trim_start_matches('-').split('-');
    let year = pieces.next()?;
    if !(year.len() == 4 || long && year.len() > 4) {
        return None;
    }
    let year: i32 = year.parse().ok()?;
    // EDTF has a year 0: it is 1 BC.
    let year = if negative || year == 0 { -year - 1 } else { year };
    let mut two_digits = || match pieces.next() {
        None => Some(None),
        Some(p) if p.len() == 2 => p.parse::<u8>().ok().map(Some),
        Some(_) => None,
    };
    let month = two_digits()?;
    let day = two_digits()?;
    Some(DatePart { year: Some(year), month, day })
}

/// A month as BibTeX writes it: `jan`, `January`, `5`.
pub(super) fn month(text: &str) -> Option<u8> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    const LONG: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.trim().trim_end_matches('.').to_lowercase();
    let named = NAMES
        .iter()
        .zip(LONG)
        .position(|(short, long)| text == *short || text == long || text == "sept" && *short == "sep");
    named.map(|i| i as u8 + 1).or_else(|| text.parse().ok().filter(|m| (1..=12).contains(m)))
}

/// `year`, `month`, `day` and their `end` forms. A year that is no number becomes a literal.
pub(super) fn from_fields(year: &str, month_text: Option<&str>, day: Option<&str>, end_year: Option<&str>) -> Date {
    let number = |text: &str| text.trim().trim_start_matches('–').parse::<i32>().ok();
    let Some(first) = number(year) else {
        let literal = || Date { literal: Some(year.trim().to_owned()), ..Date::default() };
        return edtf(year.trim()).unwrap_or_else(literal);
    };
    let month = month_text.and_then(month);
    let day = month.and(day).and_then(|d| d.trim().parse().ok());
    let mut parts = vec![DatePart { year: Some(first), month, day }];
    if let Some(end) = end_year.and_then(number) {
        parts.push(DatePart { year: Some(end), month: None, day: None });
    }
    Date { parts, ..Date::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edtf_dates() {
        let year_of = |text: &str| edtf(text).map(|d| d.parts.iter().map(|p| (p.year, p.month)).collect::<Vec<_>>());
        assert_eq!(year_of("2020-05-17"), Some(vec![(Some(2020), Some(5))]));
        assert_eq!(year_of("1999/2000"), Some(vec![(Some(1999), None), (Some(2000), None)]));
        assert_eq!(year_of("2010/"), Some(vec![(Some(2010), None), (None, None)]));
        assert_eq!(year_of("circa 1999"), None);
        assert!(edtf("2012~").is_some_and(|d| d.circa));
    }
}
