//! Dates in metadata, as authors write them.

const MONTHS: [&str; 12] = [
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

/// Year, month and day of a date: `2021-05-23`, `2021/05/23`, `05/23/2021`, `May 23, 2021`, `23 May 2021`; also without the day or
/// the month. A time after the date is ignored. Source: Quarto, "Dates and Date Formatting".
pub fn date_of_text(text: &str) -> Option<(i32, Option<u8>, Option<u8>)> {
    let text = text.trim();
    if text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(' ') || text.contains('T') && text.contains(':')
    {
        let date = text.split(['T', ' ']).next().unwrap_or(text);
        return numeric(&date.split(['-', '/']).collect::<Vec<_>>());
    }
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [date, time] if time.contains(':') => numeric(&date.split(['-', '/']).collect::<Vec<_>>()),
        [month, year] => dated(year, month_named(month)?, None),
        [first, second, year] => match month_named(first) {
            Some(month) => dated(year, month, Some(second)),
            None => dated(year, month_named(second)?, Some(first)),
        },
        _ => None,
    }
}

fn numeric(parts: &[&str]) -> Option<(i32, Option<u8>, Option<u8>)> {
    let year = |text: &str| (text.len() == 4).then(|| text.parse::<i32>().ok()).flatten();
    let number = |text: &str, most: u8| text.parse::<u8>().ok().filter(|number| (1..=most).contains(number));
    match parts {
        [only] => Some((year(only)?, None, None)),
        [first, month] => Some((year(first)?, Some(number(month, 12)?), None)),
        [first, second, third] => match year(first) {
            Some(year) => Some((year, Some(number(second, 12)?), Some(number(third, 31)?))),
            // Month and day in American order.
            None => Some((year(third)?, Some(number(first, 12)?), Some(number(second, 31)?))),
        },
        _ => None,
    }
}

fn dated(year: &str, month: u8, day: Option<&&str>) -> Option<(i32, Option<u8>, Option<u8>)> {
    let (year, month, _) = numeric(&[year, &month.to_string()])?;
    let day = day.map(|day| day.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<u8>());
    match day {
        Some(Ok(day)) if (1..=31).contains(&day) => Some((year, month, Some(day))),
        Some(_) => None,
        None => Some((year, month, None)),
    }
}

/// The number of a month by its English name, or by three letters or more of it.
fn month_named(word: &str) -> Option<u8> {
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(&word))?;
    u8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::date_of_text;

    #[test]
    fn reads_dates_as_authors_write_them() {
        let day = Some((2021, Some(5), Some(23)));
        for text in
            ["2021-05-23", "2021/05/23", "05/23/2021", "5-23-2021", "May 23, 2021", "23 may 2021", "May 23rd, 2021"]
        {
            assert_eq!(date_of_text(text), day, "{text}");
        }
        assert_eq!(date_of_text("2021-05-23T10:00:00Z"), day);
        assert_eq!(date_of_text("2021-05-23 10:00"), day);
        assert_eq!(date_of_text("March 2021"), Some((2021, Some(3), None)));
        assert_eq!(date_of_text("2021-03"), Some((2021, Some(3), None)));
        assert_eq!(date_of_text("2021"), Some((2021, None, None)));
        for text in ["", "soon", "in 2021", "21", "2021-13-01", "99/99/2021", "Spring 2021", "a b c", "1 2 3 4"] {
            assert_eq!(date_of_text(text), None, "{text}");
        }
    }
}
