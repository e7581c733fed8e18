//! The metadata of one format, from a configuration or front matter.

use super::texts;
use mlsys_book::{Entry, Value, ValueKind, name};

/// Metadata with the options of a format lifted to the top, where they override general ones.
///
/// Each level (project, folder, page) is lifted before the levels are merged, so that a page's plain `toc: false` overrides the
/// project's `format.html.toc`. Source: Quarto, "Metadata Merging" and "HTML Options".
pub fn lift_format(meta: &Value, format: &str) -> Value {
    // Extensions add formats of their own, such as `titlepage-epub`, which are like the format in their names' ends.
    let of_extension = |formats: &Value| {
        let is_of = |entry: &&Entry| entry.key.strip_suffix(format).is_some_and(|start| start.ends_with('-'));
        formats.entries().iter().find(is_of).map(|entry| entry.value.clone())
    };
    match meta.value(name!("format")).and_then(|f| f.get(format).cloned().or_else(|| of_extension(f))).as_ref() {
        Some(options) if matches!(options.kind, ValueKind::Map(_)) => meta.merge(options),
        _ => meta.clone(),
    }
}

/// The project's metadata: all keys but those that describe the project itself.
pub(super) fn project_metadata(config: &Value, format: &str) -> Value {
    let outside = |e: &&Entry| !matches!(e.key.as_str(), "project" | "website" | "book" | "profile" | "metadata-files");
    let entries = config.entries().iter().filter(outside).cloned().collect();
    lift_format(&Value { place: config.place, kind: ValueKind::Map(entries) }, format)
}

/// The active profiles: the requested ones, otherwise `profile.default`, and the first of each `profile.group` without an active
/// member.
///
/// Source: Quarto, "Project Profiles".
pub fn active_profiles(config: &Value, asked: &[String]) -> Vec<String> {
    let mut active = asked.to_vec();
    if active.is_empty() {
        active = texts(config.value(name!("profile.default")));
    }
    let groups = config.list(name!("profile.group"));
    // One group may be written as a plain list.
    if groups.iter().all(|g| g.as_str().is_some()) {
        add_first(&mut active, &texts(config.value(name!("profile.group"))));
    } else {
        groups.iter().for_each(|group| add_first(&mut active, &texts(Some(group))));
    }
    active
}

fn add_first(active: &mut Vec<String>, group: &[String]) {
    if let Some(first) = group.first()
        && !group.iter().any(|p| active.contains(p))
    {
        active.push(first.clone());
    }
}
