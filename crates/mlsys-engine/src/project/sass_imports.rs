//! Files that the Sass of a theme imports. Source: Sass, "@import"; Quarto, "HTML Theming".

use super::pages::PageReader;
use super::vfs::folder_of;
use mlsys_book::{Place, clean_path};
use std::collections::BTreeSet;

/// The deepest chain of imports.
const DEEPEST: usize = 20;

impl PageReader<'_> {
    /// Sass with the project's files in place of the lines that import them, each file once. `place` names the theme.
    pub(super) fn with_imports(&mut self, path: &str, text: String, place: Place) -> String {
        self.inserted(path, text, place, &mut BTreeSet::new(), 0)
    }

    fn inserted(
        &mut self,
        path: &str,
        text: String,
        place: Place,
        seen: &mut BTreeSet<String>,
        depth: usize,
    ) -> String {
        if depth == DEEPEST || !text.contains("@import") {
            return text;
        }
        let mut out = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let Some(files) = self.imported(folder_of(path), line) else {
                out.push_str(line);
                continue;
            };
            for file in files {
                if !seen.insert(file.clone()) {
                    continue;
                }
                let Some(id) = self.once(&file, &file, place) else { continue };
                let text = self.sources.get(id).text.to_string();
                out.push_str(&self.inserted(&file, text, place, seen, depth + 1));
                out.push('\n');
            }
        }
        out
    }

    /// The files that a line of Sass imports from a folder, if it only imports and all of them are there.
    fn imported(&mut self, folder: &str, line: &str) -> Option<Vec<String>> {
        let names = line.trim().strip_prefix("@import")?.trim().strip_suffix(';')?;
        names.split(',').map(|name| self.imported_file(folder, unquoted(name.trim())?)).collect()
    }

    /// The file with a name in an import: `_name.scss` or `name.scss`.
    fn imported_file(&mut self, folder: &str, name: &str) -> Option<String> {
        let (inner, last) = name.rsplit_once('/').unwrap_or(("", name));
        let last = last.strip_suffix(".scss").unwrap_or(last);
        let paths = ["_", ""].map(|mark| clean_path(&format!("{folder}/{inner}/{mark}{last}.scss")));
        paths.into_iter().find(|path| self.sources.has_file(path))
    }
}

/// A text without the quotation marks around it.
fn unquoted(text: &str) -> Option<&str> {
    let within = |mark: char| text.strip_prefix(mark)?.strip_suffix(mark);
    within('"').or_else(|| within('\''))
}
