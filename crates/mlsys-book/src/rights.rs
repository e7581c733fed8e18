//! Licence and copyright of a page. Source: Quarto, "Appendices".

use crate::value::Value;
use crate::{key, name};

/// A licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct License {
    /// Its name, or the author's text.
    pub text: String,
    /// True if the text is the author's own and not the licence's name. It is then not the link.
    pub own_text: bool,
    /// Its URL.
    pub url: Option<String>,
}

impl License {
    /// Reads a value of `license`: a name, or a map with `text` or `type`, and `url`. The short names of Creative Commons licences
    /// may have a version: `CC BY-SA 3.0`.
    pub fn new(value: &Value) -> Option<License> {
        let Some(name) = value.to_text() else {
            let text =
                value.value(name!("license", "text")).or_else(|| value.value(name!("license", "type")))?.to_text()?;
            let own_text = value.value(name!("license", "text")).is_some();
            let url = value.read(key!("license", "url")).or_else(|| value.read(key!("license", "link")));
            return Some(License { text, own_text, url });
        };
        let own = || License { text: name.clone(), own_text: true, url: None };
        let upper = name.to_uppercase();
        let words: Vec<&str> = upper.split_whitespace().collect();
        let is_version = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
        Some(match words.as_slice() {
            ["CC0"] | ["CC0", "1.0"] => {
                let url = "https://creativecommons.org/publicdomain/zero/1.0/".to_owned();
                License { text: "CC0 1.0".to_owned(), own_text: false, url: Some(url) }
            }
            ["CC", terms] => creative_commons(terms, "4.0"),
            ["CC", terms, version] if is_version(version) => creative_commons(terms, version),
            _ => own(),
        })
    }
}

fn creative_commons(terms: &str, version: &str) -> License {
    let url = format!("https://creativecommons.org/licenses/{}/{version}/", terms.to_lowercase());
    License { text: format!("CC {terms} {version}"), own_text: false, url: Some(url) }
}

/// `copyright`: a statement, or a holder with years.
pub fn copyright_statement(value: &Value) -> Option<String> {
    let statement = value.to_text().or_else(|| value.read(key!("copyright", "statement")));
    statement.or_else(|| {
        let holder = value.read(key!("copyright", "holder"))?;
        let years: Vec<String> = value.list(name!("copyright", "year")).iter().filter_map(Value::to_text).collect();
        Some(format!("Copyright {}, {holder}", years.join(", ")).replace(" ,", ""))
    })
}
