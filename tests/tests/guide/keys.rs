//! The keys of the configuration: those that the guide describes, those that the code looks up, those that Quarto documents. They are
//! compared section by section; `places.txt` says to which section a lookup belongs.

use crate::lookups::lookups;
use crate::page;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Names = BTreeSet<String>;

/// A section of the guide's page, by its id without `sec-keys-`.
#[derive(Default)]
struct Section {
    /// The first column of its tables.
    keys: Names,
    /// The names that stand among the values of its tables: parts of values that are maps.
    parts: Names,
    /// The keys that it says have no effect.
    idle: Names,
}

/// Keys that the code puts together, with `KIND` for what it fills in, and what they come to.
const COMPOSED: [(&str, &[&str]); 4] = [
    ("KIND-KIND", &["KIND-title", "KIND-prefix"]),
    ("KIND-labels", &["KIND-labels", "labels", "subref-labels"]),
    ("KIND-hover", &["crossrefs-hover", "citations-hover", "footnotes-hover"]),
    // Words of `language`.
    ("crossref-KIND-KIND", &[]),
];

/// Sections of `keys.txt` that need none in the guide: their keys have no effect, or stand among the pages' keys.
const WITHOUT_SECTION: [&str; 10] = [
    "preview",
    "google-analytics",
    "cookie-consent",
    "comments",
    "execute",
    "format",
    "html",
    "metadata",
    "config",
    "mlsys.check.external-links",
];

#[test]
fn every_key_that_is_looked_up_is_described() {
    let sections = sections();
    let described = |name: &str, key: &str| {
        sections_of(&sections, name).any(|(_, section)| {
            section.parts.contains(key) || section.keys.iter().any(|of| segments(of).iter().any(|part| part == key))
        })
    };
    let places = places();
    let (mut missing, mut composed, mut seen) = (Vec::new(), Names::new(), Names::new());
    let mut read: BTreeSet<(String, String)> = BTreeSet::new();
    for (key, from) in lookups(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates")) {
        let mut names = vec![filled(&key)];
        if let Some((form, come_to)) = COMPOSED.iter().find(|(form, _)| *form == names[0]) {
            composed.insert((*form).to_owned());
            names = come_to.iter().map(|name| (*name).to_owned()).collect();
        }
        for place in from {
            let Some(place_sections) = places.get(&place) else {
                missing.push(format!("places.txt: `{place}` looks up `{key}`, in which section?"));
                continue;
            };
            seen.insert(place.clone());
            for name in &names {
                let listed = place_sections.iter().filter(|(_, keys)| keys.contains(name));
                let listed: Vec<&str> = listed.map(|(section, _)| section.as_str()).collect();
                let others =
                    place_sections.iter().filter(|(_, keys)| keys.is_empty()).map(|(section, _)| section.as_str());
                let homes: Vec<&str> = if listed.is_empty() { others.collect() } else { listed };
                for home in homes.into_iter().filter(|home| *home != "-") {
                    if !described(home, name) {
                        missing.push(format!("configuration.qmd, {home}: `{name}`, which `{place}` looks up"));
                    }
                    read.insert((home.to_owned(), name.clone()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "not described: {missing:#?}");
    let gone: Vec<&String> = places.keys().filter(|place| !seen.contains(*place)).collect();
    assert!(gone.is_empty(), "places.txt: no key is looked up there: {gone:?}");
    for (form, _) in COMPOSED {
        assert!(composed.contains(form), "no code puts `{form}` together");
    }
    let mut invented = Vec::new();
    for (name, section) in &sections {
        let home = if name.starts_with("page-") && !has_own_place(&places, name) { "page" } else { name };
        for key in section.keys.iter().flat_map(|key| segments(key)) {
            if !read.contains(&(home.to_owned(), key.clone())) {
                invented.push(format!("{name}: `{key}`"));
            }
        }
    }
    assert!(invented.is_empty(), "configuration.qmd describes what no code looks up there: {invented:#?}");
}

/// The sections that a name in `places.txt` stands for.
fn sections_of<'s>(
    sections: &'s BTreeMap<String, Section>,
    name: &'s str,
) -> impl Iterator<Item = (&'s String, &'s Section)> {
    sections.iter().filter(move |(section, _)| match name {
        "page" => section.starts_with("page-") && *section != "page-footer",
        name => *section == name,
    })
}

fn has_own_place(places: &Places, section: &str) -> bool {
    places.values().flatten().any(|(name, _)| name == section)
}

/// The functions that look up keys, each with the sections that describe what it looks up, and all the keys that it takes from one.
type Places = BTreeMap<String, Vec<(String, Names)>>;

fn places() -> Places {
    let mut places = Places::new();
    for line in include_str!("places.txt").lines().filter(|line| !line.starts_with('#')) {
        let (place, rest) = line.split_once(": ").expect("a place and its sections");
        let mut sections = Vec::new();
        let mut rest = rest;
        while !rest.is_empty() {
            let end = rest.find([' ', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            let (keys, after) = match after.strip_prefix('[') {
                Some(after) => after.split_once(']').expect("a bracket that closes"),
                None => ("", after),
            };
            sections.push((name.to_owned(), keys.split_whitespace().map(str::to_owned).collect()));
            rest = after.trim_start();
        }
        assert!(places.insert(place.to_owned(), sections).is_none(), "places.txt: `{place}` twice");
    }
    places
}

#[test]
fn every_key_of_quarto_is_described_or_said_to_have_no_effect() {
    let (sections, known) = (sections(), known());
    for (name, known) in &known {
        let Some(section) = sections.get(name.as_str()) else {
            assert!(WITHOUT_SECTION.contains(&name.as_str()) || name.starts_with("mlsys"), "no section for `{name}`");
            continue;
        };
        let described: Names = section.keys.iter().map(|key| first(key)).chain(section.idle.iter().cloned()).collect();
        let described = if name == "crossref" { kinds(&described, known) } else { described };
        // A book is a work too; the guide does not list the variables of CSL.
        if name == "book" {
            assert!(described.is_subset(known), "keys of book: {:?}", described.difference(known));
            continue;
        }
        compare(name, &described, known);
    }
    let pages: Names = known["config"].iter().chain(&known["metadata"]).cloned().collect();
    let of_pages = sections.iter().filter(|(name, _)| name.starts_with("page-") && !known.contains_key(*name));
    let keys =
        of_pages.flat_map(|(_, section)| section.keys.iter().map(|key| first(key)).chain(section.idle.iter().cloned()));
    compare("pages", &keys.collect(), &pages);
    for section in sections.values() {
        let both: Vec<_> = section.keys.intersection(&section.idle).collect();
        assert!(both.is_empty(), "with and without effect: {both:?}");
    }
}

fn compare(name: &str, described: &Names, known: &Names) {
    let missing: Vec<_> = known.difference(described).collect();
    assert!(missing.is_empty(), "configuration.qmd, {name}: neither described nor said to have no effect: {missing:?}");
    let unknown: Vec<_> = described.difference(known).collect();
    assert!(unknown.is_empty(), "keys.txt, {name}: described, but reported as unknown: {unknown:?}");
}

fn sections() -> BTreeMap<String, Section> {
    let text = page("configuration.qmd");
    let mut sections: BTreeMap<String, Section> = BTreeMap::new();
    let mut name = String::new();
    let mut idle = false;
    for line in text.lines() {
        if let Some((_, id)) = line.split_once("{#sec-keys-").filter(|_| line.starts_with('#')) {
            name = id.trim_end_matches('}').to_owned();
        }
        let section = sections.entry(name.clone()).or_default();
        idle = line.starts_with("Without effect: ") || (idle && !line.is_empty());
        if idle {
            section.idle.extend(code(line));
        }
        // Cells are separated by `|`, which no key has.
        if line.starts_with("| `") {
            let cells: Vec<&str> = line.split('|').collect();
            section.keys.extend(code(cells[1]));
            section.parts.extend(code(cells[3]));
        }
    }
    assert!(sections.len() > 20, "the page has sections with the ids of the test");
    sections
}

/// The texts in backticks.
fn code(text: &str) -> impl Iterator<Item = String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned)
}

/// The sections of `keys.txt`, with what they take over from others.
fn known() -> BTreeMap<String, Names> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/mlsys-parse/src/config/keys.txt");
    let text = std::fs::read_to_string(path).expect("the list of keys");
    let mut sections: BTreeMap<String, Names> = BTreeMap::new();
    let mut name = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(header) = line.strip_prefix('[') {
            name = header.trim_end_matches(']').trim_end_matches(" *").to_owned();
            continue;
        }
        for word in line.split_whitespace() {
            let taken = word.strip_prefix('=').map(|other| sections[other].clone());
            let key = word.split_once('>').map_or(word, |(key, _)| key).to_owned();
            sections.entry(name.clone()).or_default().extend(taken.unwrap_or_else(|| Names::from([key])));
        }
    }
    sections
}

fn first(key: &str) -> String {
    key.split_once('.').map_or(key, |(first, _)| first).to_owned()
}

fn segments(key: &str) -> Vec<String> {
    key.split('.').map(str::to_owned).collect()
}

/// A key that is put together, with `KIND` for each part that is filled in.
fn filled(key: &str) -> String {
    let mut out = String::new();
    for (at, piece) in key.split('{').enumerate() {
        let rest = if at == 0 { piece } else { piece.split_once('}').map_or("", |(_, rest)| rest) };
        out.push_str(if at == 0 { "" } else { "KIND" });
        out.push_str(rest);
    }
    out
}

/// `KIND-title` and the like stand for all known keys of that form.
fn kinds(described: &Names, known: &Names) -> Names {
    let forms: Vec<&str> = described.iter().filter_map(|key| key.strip_prefix("KIND")).collect();
    let plain = described.iter().filter(|key| !key.starts_with("KIND")).cloned();
    plain.chain(known.iter().filter(|key| forms.iter().any(|form| key.ends_with(form))).cloned()).collect()
}
