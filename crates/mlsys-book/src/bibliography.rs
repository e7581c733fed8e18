//! Bibliographic references: CSL variables as data.

use crate::source::Place;
use crate::suggest::near;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A bibliographic reference. Source: CSL 1.0.2, appendices III (types) and IV (variables).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// The key that citations name.
    pub key: String,
    /// The entry's place.
    pub place: Place,
    /// The CSL type: `article-journal`, `book`, `chapter`, ...
    pub kind: String,
    /// Standard and number variables by their CSL names: `title`, `container-title`, `volume`, `DOI`, ...
    pub texts: BTreeMap<String, Vec<Markup>>,
    /// Name variables: `author`, `editor`, ...
    pub names: BTreeMap<String, Vec<Name>>,
    /// Date variables: `issued`, `accessed`, ...
    pub dates: BTreeMap<String, Date>,
}

impl Work {
    /// The variable as text without markup.
    pub fn text(&self, variable: &str) -> Option<String> {
        self.texts.get(variable).map(|runs| plain_markup(runs))
    }

    /// True if two entries have the same content, ignoring keys and places.
    pub fn same_content(&self, other: &Work) -> bool {
        self.kind == other.kind && self.texts == other.texts && self.names == other.names && self.dates == other.dates
    }
}

/// Rich text of a field. Source: CSL 1.0.2, "Rich text" of CSL-JSON; Pandoc's BibTeX reader adds formulas and links.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Markup {
    /// Plain text.
    Text(String),
    /// Italics.
    Italic(Vec<Markup>),
    /// Bold.
    Bold(Vec<Markup>),
    /// Small capitals.
    SmallCaps(Vec<Markup>),
    /// Superscript.
    Superscript(Vec<Markup>),
    /// Subscript.
    Subscript(Vec<Markup>),
    /// Text in quotation marks, which the style's locale chooses.
    Quoted(Vec<Markup>),
    /// Text whose case a style must not change.
    NoCase(Vec<Markup>),
    /// Verbatim text.
    Code(String),
    /// A formula in TeX.
    Math(String),
    /// A link.
    Link(String, Vec<Markup>),
}

/// The text of markup without the markup.
pub fn plain_markup(runs: &[Markup]) -> String {
    fn push(runs: &[Markup], out: &mut String) {
        for run in runs {
            match run {
                Markup::Text(s) | Markup::Code(s) | Markup::Math(s) => out.push_str(s),
                Markup::Italic(c)
                | Markup::Bold(c)
                | Markup::SmallCaps(c)
                | Markup::Superscript(c)
                | Markup::Subscript(c)
                | Markup::Quoted(c)
                | Markup::NoCase(c)
                | Markup::Link(_, c) => push(c, out),
            }
        }
    }
    let mut out = String::new();
    push(runs, &mut out);
    out
}

/// A person or an organisation. Source: CSL 1.0.2, "Names".
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name {
    /// The family name, without particles.
    pub family: Option<String>,
    /// Given names and initials.
    pub given: Option<String>,
    /// A particle that is dropped if only the family name is shown ("de" in "de Koning").
    pub dropping_particle: Option<String>,
    /// A particle that stays with the family name ("van" in "van Gogh").
    pub non_dropping_particle: Option<String>,
    /// "Jr.", "III".
    pub suffix: Option<String>,
    /// True if a comma precedes the suffix.
    pub comma_suffix: bool,
    /// The whole name of an organisation or of a person whose name has no parts.
    pub literal: Option<String>,
}

/// A date or a range of dates. Source: CSL 1.0.2, "Dates".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Date {
    /// One date or the two ends of a range; the second may be empty (year 0) for an open range.
    pub parts: Vec<DatePart>,
    /// Approximate.
    pub circa: bool,
    /// A season, 1 to 4, when there is no month.
    pub season: Option<u8>,
    /// A date in words.
    pub literal: Option<String>,
}

/// A day, a month or a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DatePart {
    /// The year; negative before our era, `None` for an open end.
    pub year: Option<i32>,
    /// The month, 1 to 12; 13 to 16 and 21 to 24 are seasons.
    pub month: Option<u8>,
    /// The day.
    pub day: Option<u8>,
}

/// The references that a page may cite, one per key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bibliography {
    /// In ascending order of their keys.
    works: Vec<Arc<Work>>,
}

impl Bibliography {
    /// The reference with a key.
    pub fn get(&self, key: &str) -> Option<&Arc<Work>> {
        let at = self.works.binary_search_by(|work| work.key.as_str().cmp(key)).ok()?;
        self.works.get(at)
    }

    /// The keys, in ascending order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.works.iter().map(|work| work.key.as_str())
    }

    /// The keys worth a comparison with a missing one, in ascending order; see [`near`].
    pub fn keys_near(&self, missing: &str) -> impl Iterator<Item = &str> {
        near(&self.works, |work| &work.key, missing).iter().map(|work| work.key.as_str())
    }

    /// True if there are no references.
    pub fn is_empty(&self) -> bool {
        self.works.is_empty()
    }

    /// Adds references. If a key is repeated, the last one wins.
    pub fn extend<'a>(&mut self, works: impl IntoIterator<Item = &'a Arc<Work>>) {
        self.works.extend(works.into_iter().cloned());
        // The sort is stable, and fast for files that are sorted already.
        self.works.sort_by(|a, b| a.key.cmp(&b.key));
        self.works.dedup_by(|later, earlier| {
            let same = later.key == earlier.key;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
    }
}
