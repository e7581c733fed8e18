//! Fields that entries inherit from others. Source: BibLaTeX manual, "Cross-referencing", appendix "Inheritance rules".

use super::entries::Entry;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Copies the fields that entries inherit by `crossref` and `xdata`. Source: BibLaTeX manual, "Cross-referencing".
pub(super) fn inherit(entries: Vec<Entry>) -> Vec<Entry> {
    if !entries.iter().any(|e| e.fields.contains_key("crossref") || e.fields.contains_key("xdata")) {
        return entries;
    }
    let by_key: FxHashMap<&str, &Entry> = entries.iter().map(|e| (e.key.as_str(), e)).collect();
    let inherited: Vec<BTreeMap<String, String>> = entries
        .iter()
        .map(|entry| {
            let mut fields = entry.fields.clone();
            // A parent may have a parent; a cycle ends after a few steps.
            let mut parents: Vec<(&Entry, usize)> = parents(entry, &by_key).into_iter().map(|p| (p, 0)).collect();
            while let Some((parent, steps)) = parents.pop() {
                for (name, value) in &parent.fields {
                    if let Some(name) = inherited_name(&parent.kind, &entry.kind, name) {
                        fields.entry(name.to_owned()).or_insert_with(|| value.clone());
                    }
                }
                if steps < 4 {
                    parents.extend(self::parents(parent, &by_key).into_iter().map(|p| (p, steps + 1)));
                }
            }
            fields
        })
        .collect();
    entries.into_iter().zip(inherited).map(|(entry, fields)| Entry { fields, ..entry }).collect()
}

fn parents<'e>(entry: &Entry, by_key: &FxHashMap<&str, &'e Entry>) -> Vec<&'e Entry> {
    ["crossref", "xdata"]
        .iter()
        .filter_map(|f| entry.fields.get(*f))
        .flat_map(|keys| keys.split([',', ' ']).filter(|k| !k.is_empty()))
        .filter_map(|key| by_key.get(key).copied())
        .collect()
}

/// What a parent's field is called in the child; `None` if it is not inherited.
fn inherited_name<'n>(parent: &str, child: &str, field: &'n str) -> Option<&'n str> {
    const NOT_INHERITED: &[&str] = &[
        "ids",
        "crossref",
        "xref",
        "xdata",
        "entryset",
        "entrysubtype",
        "execute",
        "label",
        "options",
        "presort",
        "related",
        "relatedoptions",
        "relatedstring",
        "relatedtype",
        "shorthand",
        "shorthandintro",
        "sortkey",
    ];
    if NOT_INHERITED.contains(&field) {
        return None;
    }
    let title = |title, subtitle, addon| match field {
        "title" => Some(title),
        "subtitle" => Some(subtitle),
        "titleaddon" => Some(addon),
        "shorttitle" | "sorttitle" | "indextitle" | "indexsorttitle" => None,
        _ => Some(field),
    };
    let parts_of_book = ["inbook", "bookinbook", "suppbook"];
    if matches!(parent, "mvbook" | "book") && parts_of_book.contains(&child) && field == "author" {
        return Some("bookauthor");
    }
    match parent {
        "mvbook" if child == "book" || parts_of_book.contains(&child) => {
            title("maintitle", "mainsubtitle", "maintitleaddon")
        }
        "mvcollection" | "mvreference"
            if ["collection", "reference", "incollection", "inreference", "suppcollection"].contains(&child) =>
        {
            title("maintitle", "mainsubtitle", "maintitleaddon")
        }
        "mvproceedings" if ["proceedings", "inproceedings"].contains(&child) => {
            title("maintitle", "mainsubtitle", "maintitleaddon")
        }
        "book" if parts_of_book.contains(&child) => title("booktitle", "booksubtitle", "booktitleaddon"),
        "collection" | "reference" if ["incollection", "inreference", "suppcollection"].contains(&child) => {
            title("booktitle", "booksubtitle", "booktitleaddon")
        }
        "proceedings" if child == "inproceedings" => title("booktitle", "booksubtitle", "booktitleaddon"),
        "periodical" if ["article", "suppperiodical"].contains(&child) => match field {
            "title" => Some("journaltitle"),
            "subtitle" => Some("journalsubtitle"),
            "shorttitle" | "sorttitle" | "indextitle" | "indexsorttitle" => None,
            _ => Some(field),
        },
        _ => Some(field),
    }
}
