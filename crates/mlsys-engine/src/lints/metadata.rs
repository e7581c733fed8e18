//! Data files of other tools in a page's front matter.

use super::Page;
use crate::project::similar_file;
use crate::url::has_scheme;
use mlsys_book::{Code, Diagnostic, OptionSection, OptionValue, Place, Value, clean_path};
use mlsys_parse::check_metadata_keys;

/// Keys whose files a build reads and reports.
const READ_KEYS: [&str; 6] = ["bibliography", "brand", "csl", "language", "quiz", "metadata-files"];

/// The extensions of data files.
const EXTENSIONS: [&str; 6] = [".json", ".yml", ".yaml", ".bib", ".csv", ".tsv"];

/// Reports data files in a page's own front matter that do not exist.
pub fn check(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    // A misspelled key is reported as such.
    let unknown: Vec<Place> = check_metadata_keys(&page.chapter.meta)
        .into_iter()
        .filter(|diagnostic| diagnostic.code == Code::UnknownConfigKey)
        .map(|diagnostic| diagnostic.place)
        .collect();
    let folder = page.input.rsplit_once('/').map_or("", |(folder, _)| folder);
    let entries = page.chapter.meta.entries().iter();
    for entry in entries.filter(|entry| names_files(&entry.key) && !unknown.contains(&entry.key_place)) {
        for item in entry.value.items() {
            let Some(name) = file_name(page, item) else { continue };
            let relative = clean_path(&format!("{folder}/{}", name.trim_start_matches('/')));
            let rooted = clean_path(name.trim_start_matches('/'));
            let is_there = |path: &String| page.book.vfs.exists(path);
            if is_there(&relative) || is_there(&rooted) {
                continue;
            }
            let message = format!("`{}` names the file `{name}`, which does not exist", entry.key);
            let mut finding = Diagnostic::new(Code::MissingMetadataFile, item.place, message);
            finding.hints.extend(similar_file(&page.book.files, &page.book.names, &relative));
            found.push(finding);
        }
    }
}

/// True for keys that may name data files: the author's own, and options that do. A build reports those that it reads.
fn names_files(key: &str) -> bool {
    let option = OptionSection::named("page").and_then(|section| section.all().find(|option| option.name == key));
    let is_file = |value: &OptionValue| matches!(value, OptionValue::File | OptionValue::Data | OptionValue::List);
    !READ_KEYS.contains(&key) && option.is_none_or(|option| option.values.iter().any(is_file))
}

/// The value, if it is in the page itself and looks like the name of a data file.
fn file_name<'v>(page: &Page<'_>, item: &'v Value) -> Option<&'v str> {
    let name = item.as_str().filter(|_| item.place.source == page.source.id)?;
    let is_file = EXTENSIONS.iter().any(|extension| name.len() > extension.len() && name.ends_with(extension));
    (is_file && !name.contains(char::is_whitespace) && !name.contains('*') && !has_scheme(name)).then_some(name)
}
