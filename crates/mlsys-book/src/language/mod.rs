//! The words that a page shows besides its text, in the page's language: one table for captions, references and pages.
//!
//! The keys are those of Quarto's option `language` (`crossref-fig-title`, `toc-title-website`), and a few of ours in the same manner.
//! Each language has a file `words/TAG.txt` of lines `key: word`. A region's file holds only what differs from its language.

mod dates;

pub use dates::DateForms;

use crate::name;
use crate::value::Value;

/// The languages with words of their own, by BCP 47 tag.
pub const LANGUAGES: &[(&str, &str)] = &[
    ("bg", include_str!("words/bg.txt")),
    ("ca", include_str!("words/ca.txt")),
    ("cs", include_str!("words/cs.txt")),
    ("da", include_str!("words/da.txt")),
    ("de", include_str!("words/de.txt")),
    ("de-CH", include_str!("words/de-CH.txt")),
    ("el", include_str!("words/el.txt")),
    ("en", include_str!("words/en.txt")),
    ("es", include_str!("words/es.txt")),
    ("eu", include_str!("words/eu.txt")),
    ("fi", include_str!("words/fi.txt")),
    ("fr", include_str!("words/fr.txt")),
    ("fr-CA", include_str!("words/fr-CA.txt")),
    ("he", include_str!("words/he.txt")),
    ("id", include_str!("words/id.txt")),
    ("is", include_str!("words/is.txt")),
    ("it", include_str!("words/it.txt")),
    ("ja", include_str!("words/ja.txt")),
    ("ko", include_str!("words/ko.txt")),
    ("lt", include_str!("words/lt.txt")),
    ("nb", include_str!("words/nb.txt")),
    ("nl", include_str!("words/nl.txt")),
    ("nn", include_str!("words/nn.txt")),
    ("pl", include_str!("words/pl.txt")),
    ("pt", include_str!("words/pt.txt")),
    ("pt-BR", include_str!("words/pt-BR.txt")),
    ("ru", include_str!("words/ru.txt")),
    ("sk", include_str!("words/sk.txt")),
    ("sl", include_str!("words/sl.txt")),
    ("sr-Latn", include_str!("words/sr-Latn.txt")),
    ("sv", include_str!("words/sv.txt")),
    ("tr", include_str!("words/tr.txt")),
    ("uk", include_str!("words/uk.txt")),
    ("zh", include_str!("words/zh.txt")),
    ("zh-TW", include_str!("words/zh-TW.txt")),
];

/// The words of a page: the author's (`language` in the metadata), otherwise the language's, otherwise the English ones.
///
/// Source: Quarto, "Document Language".
#[derive(Clone, Debug)]
pub struct Words<'a> {
    language: Option<&'a Value>,
    lang: &'a str,
    /// The files to search, the most specific first: the region's, the language's, the English one.
    files: Vec<&'static str>,
}

impl<'a> Words<'a> {
    /// The words for a page or project with this metadata.
    pub fn new(meta: &'a Value) -> Self {
        let lang = meta.value(name!("lang")).and_then(Value::as_str).unwrap_or("en");
        Words { language: meta.value(name!("language")), lang, files: files_of_words(lang) }
    }

    /// The same author's words, and those of another language.
    pub fn in_language(self, lang: &'a str) -> Self {
        Words { lang, files: files_of_words(lang), ..self }
    }

    /// The language's tag: `en`, `en-GB`.
    pub fn lang(&self) -> &'a str {
        self.lang
    }

    /// The language without its region.
    pub fn base(&self) -> &'a str {
        self.lang.split(['-', '_']).next().unwrap_or("en")
    }

    /// True if the language is written from right to left. Source: Unicode CLDR, script metadata.
    pub fn is_right_to_left(&self) -> bool {
        const LANGUAGES: [&str; 12] = ["ar", "arc", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"];
        const SCRIPTS: [&str; 4] = ["arab", "hebr", "syrc", "thaa"];
        let tag = self.lang.to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        let language = parts.next().unwrap_or("");
        match parts.find(|part| part.len() == 4) {
            Some(script) => SCRIPTS.contains(&script),
            None => LANGUAGES.contains(&language),
        }
    }

    /// The word of a key; for an unknown key, the key.
    pub fn get(&self, key: &str) -> String {
        self.authors(key).or_else(|| self.default(key).map(str::to_owned)).unwrap_or_else(|| key.to_owned())
    }

    /// The author's word. A map for the page's language inside `language` wins.
    pub fn authors(&self, key: &str) -> Option<String> {
        let language = self.language?;
        let of_lang = [self.lang, self.base()].into_iter().find_map(|lang| language.get(lang)?.get(key));
        of_lang.or_else(|| language.get(key)).and_then(Value::to_text)
    }

    /// The language's own word.
    pub fn default(&self, key: &str) -> Option<&'static str> {
        self.files.iter().find_map(|file| word(file, key))
    }
}

/// The files of a language in a table, the most specific first.
fn files(lang: &str, table: &[(&str, &'static str)]) -> Vec<&'static str> {
    let lang = lang.replace('_', "-");
    let mut files = Vec::new();
    let mut tag = lang.as_str();
    loop {
        files.extend(file(tag, table));
        match tag.rsplit_once('-') {
            Some((shorter, _)) => tag = shorter,
            None => break,
        }
    }
    files
}

/// The tag of the table whose words a language has: `de-CH` for `de-CH`, `es` for `es-MX`, `en` for unknown tags.
pub fn language_of_words(lang: &str) -> &'static str {
    let first = files_of_words(lang).first().copied();
    LANGUAGES.iter().find(|(_, file)| Some(*file) == first).map_or("en", |(tag, _)| *tag)
}

/// The files of words of a language, the most specific first and the English one last.
fn files_of_words(lang: &str) -> Vec<&'static str> {
    let mut files = files(lang, LANGUAGES);
    files.extend(file("en", LANGUAGES).filter(|english| !files.contains(english)));
    files
}

fn file(tag: &str, table: &[(&str, &'static str)]) -> Option<&'static str> {
    let tag = match tag.to_ascii_lowercase().as_str() {
        // Quarto's tag for Ukrainian is that of the country.
        "ua" => "uk",
        "no" => "nb",
        "zh-hant" | "zh-hk" => "zh-TW",
        _ => tag,
    };
    table.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)).map(|(_, file)| *file)
}

/// The word of a key in a file of lines `key: word`, the first of which is a comment.
fn word<'f>(file: &'f str, key: &str) -> Option<&'f str> {
    let start = format!("\n{key}:");
    let at = memchr::memmem::find(file.as_bytes(), start.as_bytes())? + start.len();
    file.get(at..)?.lines().next().map(str::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Regions, whose files hold only what differs from the language.
    const REGIONS: [&str; 3] = ["de-CH", "fr-CA", "pt-BR"];

    fn keys(file: &str) -> Vec<&str> {
        let lines = file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(|line| line.split_once(':').expect("a key").0).collect()
    }

    #[test]
    fn every_language_has_every_key_once() {
        let english: BTreeSet<&str> = keys(file("en", LANGUAGES).expect("English")).into_iter().collect();
        for (tag, file) in LANGUAGES {
            let list = keys(file);
            assert!(file.starts_with("# "), "{tag} begins with a comment");
            assert!(list.iter().all(|key| word(file, key).is_some()), "{tag}");
            let set: BTreeSet<&str> = list.iter().copied().collect();
            assert_eq!(list.len(), set.len(), "{tag} has a key twice");
            match REGIONS.contains(tag) {
                true => assert!(set.is_subset(&english), "{tag}: {:?}", set.difference(&english)),
                false => assert_eq!(set, english, "{tag}"),
            }
        }
    }

    #[test]
    fn placeholders_are_those_of_english() {
        let english = file("en", LANGUAGES).expect("English");
        for (tag, file) in LANGUAGES {
            for key in keys(file) {
                let has = |file| word(file, key).is_some_and(|word| word.contains("{0}"));
                assert_eq!(has(file), has(english), "{tag}: {key}");
            }
        }
    }

    #[test]
    fn knows_the_direction_of_languages_and_scripts() {
        let is = |lang| Words { language: None, lang, files: Vec::new() }.is_right_to_left();
        assert!(is("he") && is("ar-EG") && is("fa") && is("az-Arab"));
        assert!(!is("en") && !is("ku") && !is("ur-Latn"));
    }

    #[test]
    fn falls_back_from_region_to_language_to_english() {
        let word = |lang: &str, key: &str| files_of_words(lang).iter().find_map(|file| word(file, key));
        assert_eq!(word("de-CH", "section-title-footnotes"), Some("Fussnoten"));
        assert_eq!(word("de-CH", "callout-note-title"), Some("Hinweis"));
        assert_eq!(word("it_IT", "crossref-fig-title"), Some("Figura"));
        assert_eq!(word("zh-Hant-TW", "crossref-fig-title"), word("zh-TW", "crossref-fig-title"));
        assert_eq!(word("xx", "crossref-fig-title"), Some("Figure"));
        assert_eq!(word("en", "crossref-fig"), None);
        let tags = ["de-AT", "de-CH", "ua", "zh-Hant", "xx"].map(language_of_words);
        assert_eq!(tags, ["de", "de-CH", "uk", "zh-TW", "en"]);
    }
}
