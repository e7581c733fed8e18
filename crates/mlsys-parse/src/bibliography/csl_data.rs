//! References as CSL data: CSL-JSON, CSL-YAML and `references` in front matter.

use super::{dates, html, names};
use mlsys_book::{Checked, Code, Date, DatePart, Diagnostic, Name, Value, ValueKind, Work};
use std::collections::BTreeMap;

const NAMES: &[&str] = &[
    "author",
    "chair",
    "collection-editor",
    "compiler",
    "composer",
    "container-author",
    "contributor",
    "curator",
    "director",
    "editor",
    "editorial-director",
    "editor-translator",
    "executive-producer",
    "guest",
    "host",
    "illustrator",
    "interviewer",
    "narrator",
    "organizer",
    "original-author",
    "performer",
    "producer",
    "recipient",
    "reviewed-author",
    "script-writer",
    "series-creator",
    "translator",
];

const DATES: &[&str] = &["accessed", "available-date", "event-date", "issued", "original-date", "submitted"];

/// The works of a list of references. Source: CSL-JSON's schema and Pandoc manual, "Citations in note styles" ff.
pub fn parse_references(list: &Value) -> Checked<Vec<Work>> {
    let mut works = Vec::new();
    let mut diagnostics = Vec::new();
    for item in list.items() {
        let Some(key) = item.get("id").and_then(Value::to_text).filter(|k| !k.is_empty()) else {
            diagnostics.push(Diagnostic::new(
                Code::MalformedBibliographyEntry,
                item.place,
                "this reference has no `id`",
            ));
            continue;
        };
        let mut work = Work {
            key,
            place: item.place,
            kind: item.get("type").and_then(Value::to_text).unwrap_or_default(),
            texts: BTreeMap::new(),
            names: BTreeMap::new(),
            dates: BTreeMap::new(),
        };
        for entry in item.entries() {
            let variable = canonical(&entry.key);
            if matches!(variable, "id" | "type") {
                continue;
            }
            if NAMES.contains(&variable) {
                let list: Vec<Name> = entry.value.items().iter().map(name).filter(|n| *n != Name::default()).collect();
                work.names.insert(variable.to_owned(), list);
            } else if DATES.contains(&variable) {
                work.dates.insert(variable.to_owned(), date(&entry.value));
            } else if let Some(text) = entry.value.to_text() {
                let runs = if matches!(variable, "DOI" | "URL" | "ISBN" | "ISSN" | "PMID" | "PMCID") {
                    vec![mlsys_book::Markup::Text(text)]
                } else {
                    html::rich_text(&text)
                };
                work.texts.insert(variable.to_owned(), runs);
            }
        }
        works.push(work);
    }
    Checked { value: works, diagnostics }
}

/// The variable as CSL writes it: Pandoc's own YAML has some in lower case.
fn canonical(key: &str) -> &str {
    match key {
        "doi" => "DOI",
        "url" => "URL",
        "isbn" => "ISBN",
        "issn" => "ISSN",
        "pmid" => "PMID",
        "pmcid" => "PMCID",
        "journalAbbreviation" => "container-title-short",
        "shortTitle" => "title-short",
        "container" => "container-title",
        key => key,
    }
}

fn name(value: &Value) -> Name {
    if let Some(text) = value.as_str() {
        return Name { literal: Some(text.to_owned()), ..Name::default() };
    }
    let part = |key: &str| value.get(key).and_then(Value::to_text).map(|t| t.replace('\'', "’"));
    names::extract_particles(Name {
        family: part("family"),
        given: part("given"),
        dropping_particle: part("dropping-particle"),
        non_dropping_particle: part("non-dropping-particle"),
        suffix: part("suffix"),
        comma_suffix: value.get("comma-suffix").and_then(Value::as_bool).unwrap_or(false),
        literal: part("literal").or_else(|| part("name")),
    })
}

fn date(value: &Value) -> Date {
    let text = value.to_text().or_else(|| value.get("raw").and_then(Value::to_text));
    if let Some(text) = text {
        return dates::edtf(&text).unwrap_or(Date { literal: Some(text), ..Date::default() });
    }
    // Pandoc's old form is a list of maps with year, month and day.
    let parts: Vec<DatePart> = match value.get("date-parts") {
        Some(list) => list
            .items()
            .iter()
            .map(|p| {
                let numbers: Vec<Option<i64>> = if let ValueKind::Seq(items) = &p.kind {
                    items.iter().map(number).collect()
                } else {
                    vec![number(p)]
                };
                date_part(&numbers)
            })
            .collect(),
        None => value
            .items()
            .iter()
            .map(|p| date_part(&["year", "month", "day"].map(|k| p.get(k).and_then(number))))
            .filter(|p| p.year.is_some())
            .collect(),
    };
    Date {
        parts,
        circa: value.get("circa").is_some_and(|c| !matches!(c.kind, ValueKind::Bool(false) | ValueKind::Null)),
        season: value.get("season").and_then(number).and_then(|n| u8::try_from(n).ok()),
        literal: value.get("literal").and_then(Value::to_text),
    }
}

fn number(value: &Value) -> Option<i64> {
    value.as_int().or_else(|| value.as_str().and_then(|s| s.trim().parse().ok()))
}

fn date_part(numbers: &[Option<i64>]) -> DatePart {
    let at = |i: usize| numbers.get(i).copied().flatten();
    DatePart {
        year: at(0).and_then(|n| i32::try_from(n).ok()),
        month: at(1).and_then(|n| u8::try_from(n).ok()),
        day: at(2).and_then(|n| u8::try_from(n).ok()),
    }
}
