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
    rows: Vec<Row>,
    /// The keys that it says have no effect.
    idle: Names,
}

/// A row of a section's tables.
struct Row {
    /// The keys of the first column, those within others with all above them: `feed.items`.
    keys: Vec<Vec<String>>,
    /// The names that stand among the values: parts of values that are maps.
    parts: Names,
    /// The sections to which the values lead: they describe what the map of such a value has.
    sections: Vec<String>,
}

impl Section {
    fn keys(&self) -> impl Iterator<Item = &Vec<String>> {
        self.rows.iter().flat_map(|row| &row.keys)
    }
}

/// The keys that are looked up, each with the section that describes its beginning, `page` for all of pages.
type Read = BTreeSet<(String, Vec<String>)>;

/// Keys that the code puts together, with `KIND` for what it fills in, and what they come to.
const COMPOSED: [(&str, &[&str]); 3] = [
    ("KIND-KIND", &["KIND-title", "KIND-prefix"]),
    ("KIND-labels", &["KIND-labels", "labels", "subref-labels"]),
    ("KIND-hover", &["crossrefs-hover", "citations-hover", "footnotes-hover"]),
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
    let places = places();
    let (mut missing, mut composed, mut seen) = (BTreeSet::new(), Names::new(), Names::new());
    let mut read = Read::new();
    for (path, from) in lookups(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates")) {
        let mut paths = vec![path.iter().map(|key| filled(key)).collect::<Vec<_>>()];
        let last = paths[0].pop().unwrap_or_default();
        let form = COMPOSED.iter().find(|(form, _)| *form == last);
        composed.extend(form.map(|(form, _)| (*form).to_owned()));
        let come_to = form.map_or(vec![last.as_str()], |(_, come_to)| come_to.to_vec());
        paths = come_to.iter().map(|name| [&*paths[0], &[(*name).to_owned()]].concat()).collect();
        for place in from {
            let Some(roots) = places.get(&place) else {
                missing.insert(format!("places.txt: `{place}` looks up `{}`, in which section?", path.join(".")));
                continue;
            };
            seen.insert(place.clone());
            for path in &paths {
                let listed = roots.iter().filter(|root| path.first().is_some_and(|key| root.keys.contains(key)));
                let listed: Vec<&Root> = listed.collect();
                let others = roots.iter().filter(|root| root.keys.is_empty());
                let homes: Vec<&Root> = if listed.is_empty() { others.collect() } else { listed };
                for root in homes.into_iter().filter(|root| root.section != "-") {
                    let whole = [&*root.above, path].concat();
                    if !describes(&sections, &root.section, &whole, &mut read) {
                        let key = whole.join(".");
                        missing
                            .insert(format!("configuration.qmd, {}: `{key}`, which `{place}` looks up", root.section));
                    }
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
        for key in section.keys() {
            if !read.iter().any(|(of, path)| of == name && path.starts_with(key)) {
                invented.push(format!("{name}: `{}`", key.join(".")));
            }
        }
    }
    assert!(invented.is_empty(), "configuration.qmd describes what no code looks up there: {invented:#?}");
}

/// True if a section, or one that it refers to, describes a key. Adds the described keys to `read`.
fn describes(sections: &BTreeMap<String, Section>, name: &str, path: &[String], read: &mut Read) -> bool {
    let mut found = false;
    for (section, row, key) in sections_of(sections, name).flat_map(|(section, of)| {
        of.rows.iter().flat_map(move |row| row.keys.iter().map(move |key| (section, row, key)))
    }) {
        let is_described = if let Some(rest) = path.strip_prefix(key.as_slice()) {
            rest.iter().all(|part| row.parts.contains(part))
                || row.sections.iter().filter(|next| describes(sections, next, rest, read)).count() > 0
        } else {
            false
        };
        if is_described {
            read.insert((section.clone(), path.to_vec()));
            found = true;
        }
    }
    found
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

/// Where a function begins to look up: the section, the keys in it that lead to the value which the function is given, and all the
/// keys that it takes from this section, if it takes others from another one.
struct Root {
    section: String,
    above: Vec<String>,
    keys: Names,
}

/// The functions that look up keys.
type Places = BTreeMap<String, Vec<Root>>;

fn places() -> Places {
    let mut places = Places::new();
    for line in include_str!("places.txt").lines().filter(|line| !line.starts_with('#')) {
        let (place, rest) = line.split_once(": ").expect("a place and its sections");
        let mut roots = Vec::new();
        let mut rest = rest;
        while !rest.is_empty() {
            let end = rest.find([' ', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            let (keys, after) = match after.strip_prefix('[') {
                Some(after) => after.split_once(']').expect("a bracket that closes"),
                None => ("", after),
            };
            let mut names = segments(name).into_iter();
            let section = names.next().expect("a section");
            let keys = keys.split_whitespace().map(str::to_owned).collect();
            roots.push(Root { section, above: names.collect(), keys });
            rest = after.trim_start();
        }
        assert!(places.insert(place.to_owned(), roots).is_none(), "places.txt: `{place}` twice");
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
        let described: Names = section.keys().map(|key| key[0].clone()).chain(section.idle.iter().cloned()).collect();
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
        of_pages.flat_map(|(_, section)| section.keys().map(|key| key[0].clone()).chain(section.idle.iter().cloned()));
    compare("pages", &keys.collect(), &pages);
    for section in sections.values() {
        let both: Vec<_> = section.keys().map(|key| key.join(".")).filter(|key| section.idle.contains(key)).collect();
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
            let links = cells[3].split("(#sec-keys-").skip(1).filter_map(|link| link.split(')').next());
            section.rows.push(Row {
                keys: code(cells[1]).map(|key| segments(&key)).collect(),
                parts: code(cells[3]).flat_map(|part| segments(&part)).collect(),
                sections: links.map(str::to_owned).collect(),
            });
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
