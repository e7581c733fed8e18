//! The CSL locale files. Source: CSL 1.0.2, "Locale Files"; `data/README.md` says where they come from.

use citationberg::{Locale, LocaleCode, LocaleFile};
use std::sync::OnceLock;

/// The locale files by language tag, in alphabetical order.
const FILES: [(&str, &str); 63] = [
    ("af-ZA", include_str!("../../data/locales/af-ZA.xml")),
    ("ar", include_str!("../../data/locales/ar.xml")),
    ("bal-PK", include_str!("../../data/locales/bal-PK.xml")),
    ("bg-BG", include_str!("../../data/locales/bg-BG.xml")),
    ("brh-PK", include_str!("../../data/locales/brh-PK.xml")),
    ("ca-AD", include_str!("../../data/locales/ca-AD.xml")),
    ("cs-CZ", include_str!("../../data/locales/cs-CZ.xml")),
    ("cy-GB", include_str!("../../data/locales/cy-GB.xml")),
    ("da-DK", include_str!("../../data/locales/da-DK.xml")),
    ("de-AT", include_str!("../../data/locales/de-AT.xml")),
    ("de-CH", include_str!("../../data/locales/de-CH.xml")),
    ("de-DE", include_str!("../../data/locales/de-DE.xml")),
    ("el-GR", include_str!("../../data/locales/el-GR.xml")),
    ("en-GB", include_str!("../../data/locales/en-GB.xml")),
    ("en-US", include_str!("../../data/locales/en-US.xml")),
    ("es-CL", include_str!("../../data/locales/es-CL.xml")),
    ("es-ES", include_str!("../../data/locales/es-ES.xml")),
    ("es-MX", include_str!("../../data/locales/es-MX.xml")),
    ("et-EE", include_str!("../../data/locales/et-EE.xml")),
    ("eu", include_str!("../../data/locales/eu.xml")),
    ("fa-IR", include_str!("../../data/locales/fa-IR.xml")),
    ("fi-FI", include_str!("../../data/locales/fi-FI.xml")),
    ("fr-CA", include_str!("../../data/locales/fr-CA.xml")),
    ("fr-FR", include_str!("../../data/locales/fr-FR.xml")),
    ("gl-ES", include_str!("../../data/locales/gl-ES.xml")),
    ("he-IL", include_str!("../../data/locales/he-IL.xml")),
    ("hi-IN", include_str!("../../data/locales/hi-IN.xml")),
    ("hr-HR", include_str!("../../data/locales/hr-HR.xml")),
    ("hu-HU", include_str!("../../data/locales/hu-HU.xml")),
    ("hy-AM", include_str!("../../data/locales/hy-AM.xml")),
    ("id-ID", include_str!("../../data/locales/id-ID.xml")),
    ("is-IS", include_str!("../../data/locales/is-IS.xml")),
    ("it-IT", include_str!("../../data/locales/it-IT.xml")),
    ("ja-JP", include_str!("../../data/locales/ja-JP.xml")),
    ("km-KH", include_str!("../../data/locales/km-KH.xml")),
    ("ko-KR", include_str!("../../data/locales/ko-KR.xml")),
    ("la", include_str!("../../data/locales/la.xml")),
    ("lij-IT", include_str!("../../data/locales/lij-IT.xml")),
    ("lt-LT", include_str!("../../data/locales/lt-LT.xml")),
    ("lv-LV", include_str!("../../data/locales/lv-LV.xml")),
    ("mn-MN", include_str!("../../data/locales/mn-MN.xml")),
    ("ms-MY", include_str!("../../data/locales/ms-MY.xml")),
    ("nb-NO", include_str!("../../data/locales/nb-NO.xml")),
    ("nl-NL", include_str!("../../data/locales/nl-NL.xml")),
    ("nn-NO", include_str!("../../data/locales/nn-NO.xml")),
    ("pa-PK", include_str!("../../data/locales/pa-PK.xml")),
    ("pl-PL", include_str!("../../data/locales/pl-PL.xml")),
    ("pt-BR", include_str!("../../data/locales/pt-BR.xml")),
    ("pt-PT", include_str!("../../data/locales/pt-PT.xml")),
    ("ro-RO", include_str!("../../data/locales/ro-RO.xml")),
    ("ru-RU", include_str!("../../data/locales/ru-RU.xml")),
    ("sk-SK", include_str!("../../data/locales/sk-SK.xml")),
    ("sl-SI", include_str!("../../data/locales/sl-SI.xml")),
    ("sr-Cyrl-RS", include_str!("../../data/locales/sr-Cyrl-RS.xml")),
    ("sr-Latn-RS", include_str!("../../data/locales/sr-Latn-RS.xml")),
    ("sv-SE", include_str!("../../data/locales/sv-SE.xml")),
    ("th-TH", include_str!("../../data/locales/th-TH.xml")),
    ("tl-PH", include_str!("../../data/locales/tl-PH.xml")),
    ("tr-TR", include_str!("../../data/locales/tr-TR.xml")),
    ("uk-UA", include_str!("../../data/locales/uk-UA.xml")),
    ("vi-VN", include_str!("../../data/locales/vi-VN.xml")),
    ("zh-CN", include_str!("../../data/locales/zh-CN.xml")),
    ("zh-TW", include_str!("../../data/locales/zh-TW.xml")),
];

/// The locale files, each parsed when a document first needs it: together they take 30 times as long as one.
#[derive(Debug)]
pub(crate) struct LocaleFiles([OnceLock<Option<Locale>>; FILES.len()]);

impl Default for LocaleFiles {
    fn default() -> Self {
        LocaleFiles(std::array::from_fn(|_| OnceLock::new()))
    }
}

impl LocaleFiles {
    /// The locale of a language: the file of its tag, otherwise of its main dialect, of any dialect, of English.
    pub fn get(&self, lang: &str) -> Option<&Locale> {
        let at = position(lang)?;
        let (_, xml) = FILES.get(at)?;
        self.0.get(at)?.get_or_init(|| LocaleFile::from_xml(xml).ok().map(Locale::from)).as_ref()
    }
}

/// The index of a language's file. Source: CSL 1.0.2, "Locale Fallback".
fn position(lang: &str) -> Option<usize> {
    let find = |matches: &dyn Fn(&str) -> bool| FILES.iter().position(|(tag, _)| matches(tag));
    let base = |tag: &str| tag.split('-').next().unwrap_or(tag).to_owned();
    let main = LocaleCode(base(lang)).fallback();
    find(&|tag| tag == lang)
        .or_else(|| main.and_then(|main| find(&|tag| tag == main.0)))
        .or_else(|| find(&|tag| base(tag) == base(lang)))
        .or_else(|| find(&|tag| tag == "en-US"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The official files of these languages name no translator.
    const ANONYMOUS: [&str; 6] = ["af-ZA", "cy-GB", "km-KH", "ko-KR", "mn-MN", "sr-Cyrl-RS"];

    #[test]
    fn every_file_is_a_whole_locale_of_its_tag_and_names_its_translators() {
        let files = LocaleFiles::default();
        for (tag, xml) in FILES {
            let locale = files.get(tag).unwrap_or_else(|| panic!("{tag} does not parse"));
            assert_eq!(locale.lang.as_ref().map(|code| code.0.as_str()), Some(tag));
            assert!(locale.terms.as_ref().is_some_and(|terms| terms.terms.len() > 100), "{tag} lacks terms");
            assert_eq!(locale.date.len(), 2, "{tag}: a date in text and one in numbers");
            assert_eq!(xml.contains("<translator><name>"), !ANONYMOUS.contains(&tag), "{tag}: translators");
            assert!(xml.contains("http://creativecommons.org/licenses/by-sa/3.0/"), "{tag} names no licence");
        }
    }

    #[test]
    fn falls_back_to_the_main_dialect_to_any_dialect_and_to_english() {
        let tag = |lang: &str| position(lang).map(|at| FILES[at].0);
        assert_eq!(tag("de-AT"), Some("de-AT"));
        assert_eq!(tag("de"), Some("de-DE"));
        assert_eq!(tag("de-LU"), Some("de-DE"));
        assert_eq!(tag("hy"), Some("hy-AM"));
        assert_eq!(tag("xx"), Some("en-US"));
    }
}
