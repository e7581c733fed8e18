//! `search.json`: the site's texts in the format that Quarto's own search loads, for tools that read it.

use super::entry::PageEntry;
use crate::plain::{PlainText, Section};
use serde::Serialize;

/// A record of `search.json`.
#[derive(Serialize)]
struct Record {
    #[serde(rename = "objectID")]
    object_id: String,
    href: String,
    title: String,
    section: String,
    text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    crumbs: Vec<String>,
}

/// Writes `search.json`. The records are one for each page and one for each of its sections of level two with everything below
/// them, by the pages' URLs. The texts are read for [`crate::Purpose::SearchJson`]. Source: Quarto, "Website Search"; the format is what `quarto-search.js` and Algolia's upload
/// read.
pub fn search_json(mut pages: Vec<(PlainText, PageEntry)>) -> String {
    pages.sort_by(|a, b| a.1.href.cmp(&b.1.href));
    let records: Vec<Record> = pages.into_iter().flat_map(|(page, entry)| records(page, &entry)).collect();
    serde_json::to_string_pretty(&records).unwrap_or_default()
}

fn records(page: PlainText, entry: &PageEntry) -> Vec<Record> {
    let title = entry.title(&page);
    let title = if title.is_empty() || entry.home { entry.site_title.clone() } else { title };
    let record = |id: &str, section: &str, text: String| {
        let url = if id.is_empty() { entry.href.clone() } else { format!("{}#{id}", entry.href) };
        Record {
            object_id: url.clone(),
            href: url,
            title: title.clone(),
            section: section.to_owned(),
            text,
            crumbs: entry.crumbs_with_markup(),
        }
    };
    let is_titled_by_heading = page.titled_by_heading();
    let mut sections = page.sections;
    if is_titled_by_heading && let Some(first) = sections.iter_mut().find(|s| s.level > 0) {
        first.heading.clear();
    }
    let starts: Vec<usize> =
        sections.iter().enumerate().filter(|(_, section)| section.level == 2).map(|(at, _)| at).collect();
    let before = joined(sections.get(..starts.first().copied().unwrap_or(sections.len())).unwrap_or(&[]));
    let mut records = Vec::new();
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(sections.len());
        let Some([head, below @ ..]) = sections.get(*start..end) else { continue };
        let below = joined(below);
        let own = [head.text.as_str(), &below].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n");
        if number == 0 && before.is_empty() {
            // Without a text of its own the page has its first section's, which then goes without a name.
            records.push(record("", "", own.clone()));
            records.push(record(&head.id, "", own));
        } else {
            records.push(record(&head.id, &head.heading, format!("{}\n{own}", head.heading)));
        }
    }
    if !before.is_empty() || records.is_empty() {
        records.insert(0, record("", "", before));
    }
    records
}

/// The texts of sections with their headings.
fn joined(sections: &[Section]) -> String {
    let mut lines = Vec::new();
    for section in sections {
        lines.extend([section.heading.as_str(), section.text.as_str()]);
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}
