//! A work as the evaluator sees it: its CSL variables, and the results of disambiguation.

use crate::rich::{self, Rich};
use citationberg::taxonomy::{
    DateVariable, Kind, NameVariable, NumberVariable, PageVariable, StandardVariable, Variable,
};
use mlsys_book::{Date, Name, Work};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use std::sync::Arc;

/// The value of a variable.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Text(Vec<Rich>),
    Number(i64),
    Names(Vec<Name>),
    Date(Date),
}

/// How much more of a name disambiguation shows. Source: CSL 1.0.2, "Disambiguation", method 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameHint {
    Initials,
    GivenName,
    InitialsIfPrimary,
    GivenNameIfPrimary,
}

/// A work that is cited or listed by `nocite`.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub key: String,
    pub kind: Option<Kind>,
    pub values: FxHashMap<Variable, Value>,
    /// True if the work is in English; `None` if it has no language.
    pub english: Option<bool>,
    /// The year suffix; 1 is `a`.
    pub year_suffix: Option<usize>,
    /// How much of ambiguous names is shown. Shared, because works often have the same hints.
    pub name_hints: Arc<FxHashMap<Name, NameHint>>,
    /// The least number of names to show.
    pub shown_names: Option<usize>,
    /// True if the citation is still ambiguous (`disambiguate="true"` in conditions).
    pub ambiguous: bool,
}

fn parse<'de, T: Deserialize<'de>>(name: &'de str) -> Option<T> {
    let deserializer: StrDeserializer<'de, Error> = name.into_deserializer();
    T::deserialize(deserializer).ok()
}

impl Item {
    pub fn new(work: &Work) -> Self {
        let mut values = FxHashMap::default();
        for (name, runs) in &work.texts {
            let variable = match name.as_str() {
                "page" => Some(Variable::Page(PageVariable::Page)),
                name => parse::<StandardVariable>(name)
                    .map(Variable::Standard)
                    .or_else(|| parse::<NumberVariable>(name).map(Variable::Number)),
            };
            if let Some(variable) = variable {
                let runs = rich::from_markup(runs);
                if !rich::is_blank(&runs) {
                    values.insert(variable, Value::Text(runs));
                }
            }
        }
        for (name, list) in &work.names {
            if let Some(variable) = parse::<NameVariable>(name).filter(|_| !list.is_empty()) {
                values.insert(Variable::Name(variable), Value::Names(list.clone()));
            }
        }
        for (name, date) in &work.dates {
            let some = !date.parts.is_empty() || date.literal.is_some() || date.season.is_some();
            if let Some(variable) = parse::<DateVariable>(name).filter(|_| some) {
                values.insert(Variable::Date(variable), Value::Date(date.clone()));
            }
        }
        Item {
            key: work.key.clone(),
            kind: parse(&work.kind),
            values,
            english: work.text("language").map(|l| crate::locale::is_english(&l)),
            year_suffix: None,
            name_hints: Arc::default(),
            shown_names: None,
            ambiguous: false,
        }
    }

    /// The value of a variable. `page-first` falls back to `page`.
    pub fn value(&self, variable: Variable) -> Option<&Value> {
        self.values.get(&variable).or_else(|| {
            let first = variable == Variable::Number(NumberVariable::PageFirst);
            first.then(|| self.values.get(&Variable::Page(PageVariable::Page))).flatten()
        })
    }

    /// The text of a standard variable.
    pub fn text(&self, variable: StandardVariable) -> Option<String> {
        match self.values.get(&Variable::Standard(variable)) {
            Some(Value::Text(runs)) => Some(rich::plain(runs)),
            Some(Value::Number(_) | Value::Names(_) | Value::Date(_)) | None => None,
        }
    }

    pub fn set_number(&mut self, number: usize) {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        self.values.insert(Variable::Number(NumberVariable::CitationNumber), Value::Number(number));
    }

    /// The URL of the work: from its DOI, its PubMed numbers, or its URL variable, in this order.
    pub fn address(&self) -> Option<String> {
        [StandardVariable::DOI, StandardVariable::PMCID, StandardVariable::PMID, StandardVariable::URL]
            .into_iter()
            .find_map(|v| self.text(v).map(|t| identifier_url(v, &t)))
    }
}

/// The URL of an identifier. Identifiers have no spaces, so anything after a space is a remark.
pub(crate) fn identifier_url(variable: StandardVariable, text: &str) -> String {
    let base = match variable {
        StandardVariable::DOI => "https://doi.org/",
        StandardVariable::PMCID => "https://www.ncbi.nlm.nih.gov/pmc/articles/",
        StandardVariable::PMID => "https://www.ncbi.nlm.nih.gov/pubmed/",
        _ => "https://",
    };
    let text = if variable == StandardVariable::URL { text } else { text.split_whitespace().next().unwrap_or("") };
    if text.is_empty() || text.contains("://") { text.to_owned() } else { format!("{base}{text}") }
}
