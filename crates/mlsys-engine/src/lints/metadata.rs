//! Data files of other tools in a page's front matter.

use super::Page;
use crate::url::has_scheme;
use mlsys_book::{Code, Diagnostic, Value, clean_path, did_you_mean, near};

/// Keys whose files a build reads and reports.
const READ_KEYS: [&str; 6] = ["bibliography", "brand", "csl", "language", "quiz", "metadata-files"];

/// The extensions of data files.
const EXTENSIONS: [&str; 6] = [".json", ".yml", ".yaml", ".bib", ".csv", ".tsv"];

/// Reports data files in a page's own front matter that do not exist.
pub fn check(page: &Page<'_>, found: &mut Vec<Diagnostic>) {
    let folder = page.input.rsplit_once('/').map_or("", |(folder, _)| folder);
    for entry in page.chapter.meta.entries().iter().filter(|entry| !READ_KEYS.contains(&entry.key.as_str())) {
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
            finding.hints.extend(did_you_mean(
                &relative,
                near(&page.book.files, |file| file, &relative).iter().map(String::as_str),
            ));
            found.push(finding);
        }
    }
}

/// The value, if it is in the page itself and looks like the name of a data file.
fn file_name<'v>(page: &Page<'_>, item: &'v Value) -> Option<&'v str> {
    let name = item.as_str().filter(|_| item.place.source == page.source.id)?;
    let is_file = EXTENSIONS.iter().any(|extension| name.len() > extension.len() && name.ends_with(extension));
    (is_file && !name.contains(char::is_whitespace) && !name.contains('*') && !has_scheme(name)).then_some(name)
}
