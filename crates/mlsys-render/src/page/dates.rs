//! Dates in title blocks.

use jiff::civil::{Date, DateTime};
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
pub(crate) fn shown(text: &str, format: Option<&str>, words: &Words<'_>, clock: &Clock) -> String {
    let text = text.trim();
    match moment(text, clock) {
        Some(at) => formatted(at, format.unwrap_or("long"), words.base()),
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
    ["%m/%d/%Y", "%m-%d-%Y", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d"]
        .iter()
        .find_map(|format| Date::strptime(format, text).ok())
        .or_else(|| month_or_year(text))
        .map(|date| date.at(0, 0, 0, 0))
}

/// The first day of a month or year: `March 2021`, `2021-03`, `2021`.
fn month_or_year(text: &str) -> Option<Date> {
    let first = |format: &str, day: String| Date::strptime(format, day).ok();
    let is_year = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    first("%d %B %Y", format!("1 {text}"))
        .or_else(|| first("%d %b %Y", format!("1 {text}")))
        .or_else(|| first("%Y-%m-%d", format!("{text}-01")))
        .or_else(|| first("%Y-%m-%d", format!("{text}-01-01")).filter(|_| is_year))
}

fn formatted(at: DateTime, format: &str, lang: &str) -> String {
    let pattern = match (format, lang) {
        ("iso", _) => "YYYY-MM-DD",
        ("full", "de") => "dddd, D. MMMM YYYY",
        ("full", "fr" | "es") => "dddd D MMMM YYYY",
        ("full", _) => "dddd, MMMM D, YYYY",
        ("long", "de") => "D. MMMM YYYY",
        ("long", "fr") => "D MMMM YYYY",
        ("long", "es") => "D [de] MMMM [de] YYYY",
        ("long", _) => "MMMM D, YYYY",
        ("medium", "de") => "DD.MM.YYYY",
        ("medium", "fr" | "es") => "D MMM YYYY",
        ("medium", _) => "MMM D, YYYY",
        ("short", "de") => "DD.MM.YY",
        ("short", "fr" | "es") => "DD/MM/YYYY",
        ("short", _) => "M/D/YY",
        (pattern, _) => pattern,
    };
    by_pattern(at, pattern, lang)
}

/// The tokens of Day.js, longest first.
const TOKENS: [&str; 22] = [
    "YYYY", "MMMM", "dddd", "MMM", "ddd", "YY", "MM", "DD", "Do", "HH", "hh", "mm", "ss", "dd", "M", "D", "H", "h",
    "m", "s", "A", "a",
];

fn by_pattern(at: DateTime, pattern: &str, lang: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    // If no bracket closes from here on, later opening brackets need no search either.
    let last = pattern.rfind(']').map_or(usize::MAX, |at| pattern.len() - at);
    while let Some(c) = rest.chars().next() {
        let literal = rest.strip_prefix('[').filter(|_| rest.len() > last);
        if let Some((literal, after)) = literal.and_then(|inner| inner.split_once(']')) {
            out.push_str(literal);
            rest = after;
        } else if let Some(token) = TOKENS.iter().find(|token| rest.starts_with(**token)) {
            out.push_str(&token_text(at, token, lang));
            rest = &rest[token.len()..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

fn token_text(at: DateTime, token: &str, lang: &str) -> String {
    let month = usize::from(at.month().unsigned_abs()).saturating_sub(1);
    let weekday = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
    let hour12 = if at.hour() % 12 == 0 { 12 } else { at.hour() % 12 };
    let (months, days) = names(lang);
    let name = |names: &[&str], at: usize| names.get(at).copied().unwrap_or_default().to_owned();
    let short = |name: String| name.chars().take(3).collect::<String>();
    match token {
        "YYYY" => format!("{:04}", at.year()),
        "YY" => format!("{:02}", at.year().rem_euclid(100)),
        "MMMM" => name(months, month),
        "MMM" => short(name(months, month)),
        "MM" => format!("{:02}", at.month()),
        "M" => at.month().to_string(),
        "DD" => format!("{:02}", at.day()),
        "D" => at.day().to_string(),
        "Do" => format!("{}{}", at.day(), ordinal(at.day())),
        "dddd" => name(days, weekday),
        "ddd" => short(name(days, weekday)),
        "dd" => name(days, weekday).chars().take(2).collect(),
        "HH" => format!("{:02}", at.hour()),
        "H" => at.hour().to_string(),
        "hh" => format!("{hour12:02}"),
        "h" => hour12.to_string(),
        "mm" => format!("{:02}", at.minute()),
        "m" => at.minute().to_string(),
        "ss" => format!("{:02}", at.second()),
        "s" => at.second().to_string(),
        "A" => (if at.hour() < 12 { "AM" } else { "PM" }).to_owned(),
        "a" => (if at.hour() < 12 { "am" } else { "pm" }).to_owned(),
        other => other.to_owned(),
    }
}

fn ordinal(day: i8) -> &'static str {
    match day {
        11..=13 => "th",
        _ => match day % 10 {
            1 => "st",
            2 => "nd",
            3 => "rd",
            _ => "th",
        },
    }
}

/// The names of the months and of the weekdays, from Monday.
#[rustfmt::skip]
fn names(lang: &str) -> (&'static [&'static str; 12], &'static [&'static str; 7]) {
    match lang {
        "de" => (
            &["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
            &["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
        ),
        "fr" => (
            &["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
            &["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        ),
        "es" => (
            &["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
            &["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
        ),
        _ => (
            &["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
            &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        ),
    }
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
    }
}
