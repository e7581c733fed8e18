//! BibLaTeX's localisation keys: words of `type` and `pubstate`, and languages. Source: BibLaTeX manual, "Localization Keys".

/// BibLaTeX's keys for words, as far as databases use them in `type` and `pubstate`.
pub(super) fn bibstring(key: &str) -> &str {
    match key.to_lowercase().as_str() {
        "mathesis" => "Master’s thesis",
        "phdthesis" => "PhD thesis",
        "candthesis" => "Candidate thesis",
        "bathesis" => "Bachelor’s thesis",
        "techreport" => "technical report",
        "resreport" => "research report",
        "software" => "computer software",
        "datacd" => "data CD",
        "audiocd" => "audio CD",
        "patent" => "patent",
        "inpreparation" => "in preparation",
        "submitted" => "submitted",
        "forthcoming" => "forthcoming",
        "inpress" => "in press",
        "prepublished" => "pre-published",
        _ => key,
    }
}

/// BibLaTeX's language names as BCP 47 tags.
pub(super) fn language_tag(name: &str) -> String {
    match name.trim().to_lowercase().as_str() {
        "english" | "american" | "usenglish" | "usmax" => "en-US",
        "british" | "ukenglish" => "en-GB",
        "german" | "ngerman" => "de-DE",
        "austrian" | "naustrian" => "de-AT",
        "swissgerman" | "nswissgerman" => "de-CH",
        "french" | "francais" => "fr-FR",
        "spanish" => "es-ES",
        "italian" => "it-IT",
        "portuguese" => "pt-PT",
        "brazilian" | "brazil" => "pt-BR",
        "dutch" => "nl-NL",
        "russian" => "ru-RU",
        "polish" => "pl-PL",
        "swedish" => "sv-SE",
        "danish" => "da-DK",
        "norwegian" | "norsk" => "nb-NO",
        "finnish" => "fi-FI",
        "czech" => "cs-CZ",
        "turkish" => "tr-TR",
        "greek" => "el-GR",
        "japanese" => "ja-JP",
        "chinese" => "zh-CN",
        "korean" => "ko-KR",
        other => return other.to_owned(),
    }
    .to_owned()
}
