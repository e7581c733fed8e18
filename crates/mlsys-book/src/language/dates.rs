//! The forms of dates in each language: patterns, and names of months and weekdays.
//!
//! Each language has a file `dates/TAG.txt` of lines `key: value`; a region's file holds only what differs from its language. The
//! patterns `full`, `long`, `medium` and `short` are those of the Unicode CLDR, in the tokens of Day.js. Lists are separated by
//! commas: `months`, `months-short`, `days` (from Monday), `days-short` and `days-min` are the names that the tokens stand for, and
//! `…-in-dates` and `months-after-day` their inflected forms. `ordinal` is the suffix of a day's number, then the days that have
//! another one: `th 1st 2nd`. `day-periods` are hours with the words for the time of day from then on.

use super::{files, word};

/// The languages with forms of their own, by BCP 47 tag.
const LANGUAGES: &[(&str, &str)] = &[
    ("ar", include_str!("dates/ar.txt")),
    ("bg", include_str!("dates/bg.txt")),
    ("ca", include_str!("dates/ca.txt")),
    ("cs", include_str!("dates/cs.txt")),
    ("da", include_str!("dates/da.txt")),
    ("de", include_str!("dates/de.txt")),
    ("de-CH", include_str!("dates/de-CH.txt")),
    ("el", include_str!("dates/el.txt")),
    ("en", include_str!("dates/en.txt")),
    ("en-GB", include_str!("dates/en-GB.txt")),
    ("es", include_str!("dates/es.txt")),
    ("es-MX", include_str!("dates/es-MX.txt")),
    ("eu", include_str!("dates/eu.txt")),
    ("fi", include_str!("dates/fi.txt")),
    ("fr", include_str!("dates/fr.txt")),
    ("fr-CA", include_str!("dates/fr-CA.txt")),
    ("he", include_str!("dates/he.txt")),
    ("hr", include_str!("dates/hr.txt")),
    ("hu", include_str!("dates/hu.txt")),
    ("id", include_str!("dates/id.txt")),
    ("is", include_str!("dates/is.txt")),
    ("it", include_str!("dates/it.txt")),
    ("ja", include_str!("dates/ja.txt")),
    ("ko", include_str!("dates/ko.txt")),
    ("lt", include_str!("dates/lt.txt")),
    ("nb", include_str!("dates/nb.txt")),
    ("nl", include_str!("dates/nl.txt")),
    ("nn", include_str!("dates/nn.txt")),
    ("pl", include_str!("dates/pl.txt")),
    ("pt", include_str!("dates/pt.txt")),
    ("pt-BR", include_str!("dates/pt-BR.txt")),
    ("ro", include_str!("dates/ro.txt")),
    ("ru", include_str!("dates/ru.txt")),
    ("sk", include_str!("dates/sk.txt")),
    ("sl", include_str!("dates/sl.txt")),
    ("sr", include_str!("dates/sr.txt")),
    ("sr-Latn", include_str!("dates/sr-Latn.txt")),
    ("sv", include_str!("dates/sv.txt")),
    ("tr", include_str!("dates/tr.txt")),
    ("uk", include_str!("dates/uk.txt")),
    ("vi", include_str!("dates/vi.txt")),
    ("zh", include_str!("dates/zh.txt")),
    ("zh-TW", include_str!("dates/zh-TW.txt")),
];

/// The forms of dates in a language.
#[derive(Clone, Debug)]
pub struct DateForms {
    /// The files to search, the most specific first.
    files: Vec<&'static str>,
}

impl DateForms {
    /// The forms of a language, or the English ones.
    pub fn new(lang: &str) -> Self {
        let mut files = files(lang, LANGUAGES);
        if files.is_empty() {
            files = self::files("en", LANGUAGES);
        }
        DateForms { files }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'static str> {
        self.files.iter().find_map(|file| word(file, key))
    }

    /// An item of a list, or of the first of several lists that the language has.
    pub fn item(&self, keys: &[&str], at: usize) -> Option<&'static str> {
        keys.iter().find_map(|key| self.get(key))?.split(',').nth(at).map(str::trim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regions, whose files hold only what differs from the language.
    const REGIONS: [&str; 5] = ["de-CH", "en-GB", "es-MX", "fr-CA", "pt-BR"];

    const LISTS: [(&str, usize); 9] = [
        ("months", 12),
        ("months-short", 12),
        ("months-in-dates", 12),
        ("months-short-in-dates", 12),
        ("months-after-day", 12),
        ("days", 7),
        ("days-short", 7),
        ("days-min", 7),
        ("days-in-dates", 7),
    ];

    const PATTERNS: [&str; 4] = ["full", "long", "medium", "short"];

    const OTHERS: [&str; 2] = ["ordinal", "day-periods"];

    #[test]
    fn every_language_has_every_form() {
        let required = ["months", "months-short", "days", "days-short", "days-min", "ordinal"];
        for (tag, file) in LANGUAGES {
            assert!(file.starts_with("# Dates in "), "{tag}");
            for line in file.lines().skip(1) {
                let (key, value) = line.split_once(':').unwrap_or_else(|| panic!("{tag}: {line}"));
                if let Some((_, count)) = LISTS.iter().find(|(list, _)| *list == key) {
                    assert_eq!(value.split(',').count(), *count, "{tag}: {line}");
                } else {
                    assert!(PATTERNS.contains(&key) || OTHERS.contains(&key), "{tag}: {line}");
                }
            }
            if !REGIONS.contains(tag) {
                let missing: Vec<_> =
                    PATTERNS.iter().chain(&required).filter(|key| word(file, key).is_none()).collect();
                assert!(missing.is_empty(), "{tag}: {missing:?}");
            }
        }
    }

    #[test]
    fn falls_back_from_region_to_language_to_english() {
        let long = |lang: &str| DateForms::new(lang).get("long");
        assert_eq!(long("de-AT"), long("de"));
        assert_eq!(long("ua"), long("uk"));
        assert_eq!(long("xx"), Some("MMMM D, YYYY"));
        assert_eq!(DateForms::new("fr-CA").get("short"), Some("YYYY-MM-DD"));
        assert_eq!(DateForms::new("de").item(&["months-in-dates", "months"], 2), Some("März"));
    }
}
