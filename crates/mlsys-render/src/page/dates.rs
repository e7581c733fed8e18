//! Dates in title blocks.

use jiff::civil::{Date, DateTime};
use mlsys_book::DateForms;
use mlsys_book::Words;

/// The dates that `today` and `last-modified` stand for.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The date of the build.
    pub today: Date,
    /// The date of the page's last change.
    pub modified: Date,
}

/// Formats a metadata date by `date-format`, or in the language's long form. Text that is not a date stays as written. Source:
/// Quarto, "Dates and Date Formatting".
pub fn shown(text: &str, format: Option<&str>, words: &Words<'_>, clock: &Clock) -> String {
    let text = text.trim();
    match moment(text, clock) {
        Some(at) => formatted(at, format.unwrap_or("long"), words.lang()),
        None => text.to_owned(),
    }
}

/// Parses a metadata date.
pub(crate) fn moment(text: &str, clock: &Clock) -> Option<DateTime> {
    match text {
        "today" | "now" => return Some(clock.today.at(0, 0, 0, 0)),
        "last-modified" => return Some(clock.modified.at(0, 0, 0, 0)),
        _ => {}
    }
    // A UTC offset or `Z` is ignored: a date means the author's day, wherever the build runs.
    let local = match text.get(11..).and_then(|time| time.find(['Z', '+', '-'])) {
        Some(at) => text.get(..11 + at)?,
        None => text,
    };
    if let Ok(at) = local.parse::<DateTime>() {
        return Some(at);
    }
    let (year, month, day) = mlsys_book::date_of_text(text)?;
    let part = |part: Option<u8>| i8::try_from(part.unwrap_or(1)).unwrap_or(1);
    let date = Date::new(i16::try_from(year).ok()?, part(month), part(day)).ok()?;
    Some(date.at(0, 0, 0, 0))
}

fn formatted(at: DateTime, format: &str, lang: &str) -> String {
    let forms = DateForms::new(lang);
    match format {
        "iso" => by_pattern(at, "YYYY-MM-DD", &Names { forms: &forms, are_inflected: false }),
        "full" | "long" | "medium" | "short" => {
            let pattern = forms.get(format).unwrap_or("YYYY-MM-DD");
            by_pattern(at, pattern, &Names { forms: &forms, are_inflected: true })
        }
        pattern => by_pattern(at, pattern, &Names { forms: &forms, are_inflected: false }),
    }
}

/// The names of months and weekdays in a pattern.
struct Names<'a> {
    forms: &'a DateForms,
    /// True in the patterns of the language, which use the forms of names that stand in dates.
    are_inflected: bool,
}

/// The tokens of Day.js, longest first.
const TOKENS: [&str; 22] = [
    "YYYY", "MMMM", "dddd", "MMM", "ddd", "YY", "MM", "DD", "Do", "HH", "hh", "mm", "ss", "dd", "M", "D", "H", "h",
    "m", "s", "A", "a",
];

fn by_pattern(at: DateTime, pattern: &str, names: &Names<'_>) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    let mut after_day = false;
    // If no bracket closes from here on, later opening brackets need no search either.
    let last = pattern.rfind(']').map_or(usize::MAX, |at| pattern.len() - at);
    while let Some(c) = rest.chars().next() {
        let literal = rest.strip_prefix('[').filter(|_| rest.len() > last);
        if let Some((literal, after)) = literal.and_then(|inner| inner.split_once(']')) {
            out.push_str(literal);
            rest = after;
        } else if let Some(token) = TOKENS.iter().find(|token| rest.starts_with(**token)) {
            out.push_str(&token_text(at, token, names, after_day));
            after_day |= matches!(*token, "D" | "DD" | "Do");
            rest = &rest[token.len()..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// The text of a token. Some languages inflect the month's name after the day.
fn token_text(at: DateTime, token: &str, names: &Names<'_>, after_day: bool) -> String {
    let month = usize::from(at.month().unsigned_abs()).saturating_sub(1);
    let weekday = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
    let hour12 = if at.hour() % 12 == 0 { 12 } else { at.hour() % 12 };
    let name = |keys: &[&str], at: usize| names.forms.item(keys, at).unwrap_or_default().to_owned();
    match (token, names.are_inflected) {
        ("YYYY", _) => format!("{:04}", at.year()),
        ("YY", _) => format!("{:02}", at.year().rem_euclid(100)),
        ("MMMM", true) => name(&["months-in-dates", "months-after-day", "months"], month),
        ("MMMM", false) if after_day => name(&["months-after-day", "months"], month),
        ("MMMM", false) => name(&["months"], month),
        ("MMM", true) => name(&["months-short-in-dates", "months-short"], month),
        ("MMM", false) => name(&["months-short"], month),
        ("MM", _) => format!("{:02}", at.month()),
        ("M", _) => at.month().to_string(),
        ("DD", _) => format!("{:02}", at.day()),
        ("D", _) => at.day().to_string(),
        ("Do", _) => format!("{}{}", at.day(), ordinal(at.day(), names.forms)),
        ("dddd", true) => name(&["days-in-dates", "days"], weekday),
        ("dddd", false) => name(&["days"], weekday),
        ("ddd", _) => name(&["days-short"], weekday),
        ("dd", _) => name(&["days-min"], weekday),
        ("HH", _) => format!("{:02}", at.hour()),
        ("H", _) => at.hour().to_string(),
        ("hh", _) => format!("{hour12:02}"),
        ("h", _) => hour12.to_string(),
        ("mm", _) => format!("{:02}", at.minute()),
        ("m", _) => at.minute().to_string(),
        ("ss", _) => format!("{:02}", at.second()),
        ("s", _) => at.second().to_string(),
        ("A", _) => day_period(at.hour(), names.forms, ["AM", "PM"]),
        ("a", _) => day_period(at.hour(), names.forms, ["am", "pm"]),
        (other, _) => other.to_owned(),
    }
}

/// The suffix of a day's number. `th 1st 2nd` has the usual one first, then days with another one.
fn ordinal(day: i8, forms: &DateForms) -> &'static str {
    let mut suffixes = forms.get("ordinal").unwrap_or_default().split_whitespace().peekable();
    let usual = suffixes.next_if(|word| !word.starts_with(|c: char| c.is_ascii_digit())).unwrap_or_default();
    let own = suffixes.find_map(|word| {
        let end = word.find(|c: char| !c.is_ascii_digit())?;
        let (number, suffix) = word.split_at(end);
        (number.parse() == Ok(day)).then_some(suffix)
    });
    own.unwrap_or(usual)
}

/// The word for the time of day: that of the last hour in the list that has begun, or the English one.
fn day_period(hour: i8, forms: &DateForms, english: [&str; 2]) -> String {
    let periods = forms.get("day-periods").unwrap_or_default().split(',').filter_map(|period| {
        let (from, name) = period.trim().split_once(' ')?;
        Some((from.parse::<i8>().ok()?, name))
    });
    let [morning, afternoon] = english;
    let usual = if hour < 12 { morning } else { afternoon };
    periods.take_while(|(from, _)| *from <= hour).last().map_or(usual, |(_, name)| name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_day_js() {
        let at: DateTime = "2024-03-05T10:20:00".parse().unwrap();
        assert_eq!(formatted(at, "dddd D MMM YYYY", "en"), "Tuesday 5 Mar 2024");
        assert_eq!(formatted(at, "long", "fr"), "5 mars 2024");
        assert_eq!(formatted(at, "Do [of] MMMM, HH:mm", "en"), "5th of March, 10:20");
        assert_eq!(formatted(at, "h:mm A", "en"), "10:20 AM");
    }

    #[test]
    fn forms_of_languages() {
        let at: DateTime = "2024-03-05T10:20:00".parse().unwrap();
        assert_eq!(formatted(at, "full", "da"), "tirsdag den 5. marts 2024");
        assert_eq!(formatted(at, "long", "ca"), "5 de març del 2024");
        assert_eq!(formatted(at, "long", "pl"), "5 marca 2024");
        assert_eq!(formatted(at, "MMMM YYYY", "pl"), "marzec 2024");
        assert_eq!(formatted(at, "D MMMM", "pl"), "5 marca");
        assert_eq!(formatted(at, "full", "ja"), "2024年3月5日火曜日");
        assert_eq!(formatted(at, "long", "eu"), "2024(e)ko martxoaren 5(a)");
        assert_eq!(formatted(at, "h A", "zh"), "10 上午");
        assert_eq!(formatted(at, "Do", "de"), "5.");
        assert_eq!(formatted(at, "Do", "ca"), "5è");
        assert_eq!(formatted(at, "medium", "en-GB"), "5 Mar 2024");
    }
}
