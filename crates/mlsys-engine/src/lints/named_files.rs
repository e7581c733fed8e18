//! Which files the texts of a project name.

use super::beside::{PICTURES, ending, folder, small_file};
use crate::project::Book;
use mlsys_parse::clean_path;
use std::collections::BTreeSet;

/// Files whose text may name others.
const NAMING: [&str; 13] =
    ["qmd", "md", "yml", "yaml", "html", "css", "scss", "js", "lua", "tex", "py", "webmanifest", "ipynb"];

/// The files that texts of the project name.
#[derive(Debug, Default)]
pub struct NamedFiles {
    /// Names of pictures without their folders: a name that stands anywhere counts as used.
    pictures: BTreeSet<String>,
    /// Names of data files in what is no page: configuration, styles and programs put paths together.
    data: BTreeSet<String>,
    /// Data files that pages name, by their paths in the project. Chapters have files of equal names.
    of_pages: BTreeSet<String>,
}

impl NamedFiles {
    /// Reads all texts of the project that a build does not.
    pub fn of(book: &Book) -> Self {
        let mut named = NamedFiles::default();
        for source in &book.sources {
            let page = folder(source.path()).unwrap_or_default();
            for file in &source.files {
                let own = folder(&file.path).unwrap_or_default();
                named.add(&file.path, &file.text, &[own.as_str(), page.as_str()]);
            }
        }
        for file in book.files.iter().filter(|file| NAMING.contains(&ending(file).as_str())) {
            if !book.read.contains(&book.root.join(file))
                && let Some(bytes) = small_file(book, file)
            {
                named.add(file, &String::from_utf8_lossy(&bytes), &[&folder(file).unwrap_or_default()]);
            }
        }
        named
    }

    /// Whether a text names the file.
    pub fn has(&self, file: &str) -> bool {
        let name = name(file);
        if is_data(name) {
            self.data.contains(name) || self.of_pages.contains(file)
        } else {
            self.pictures.contains(name)
        }
    }

    fn add(&mut self, path: &str, text: &str, folders: &[&str]) {
        let is_page = matches!(ending(path).as_str(), "qmd" | "md" | "ipynb");
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '%' | ' ' | '+' | '@' | '/');
        for words in text.split(|c: char| !is_part(c)).filter(|words| words.contains('.')) {
            // Names may hold spaces, and text around them too.
            let whole = words.contains([' ', '%']).then(|| words.trim().replace("%20", " "));
            let parts = words.split(' ').map(|part| part.trim_end_matches('.').to_owned());
            for path in parts.chain(whole) {
                if !is_data(&path) {
                    if PICTURES.iter().any(|(known, _)| *known == ending(&path)) {
                        self.pictures.insert(name(&path).to_owned());
                    }
                } else if is_page {
                    self.of_pages.insert(clean_path(&path));
                    self.of_pages.extend(folders.iter().map(|folder| clean_path(&format!("{folder}/{path}"))));
                } else {
                    self.data.insert(name(&path).to_owned());
                }
            }
        }
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_data(name: &str) -> bool {
    matches!(ending(name).as_str(), "json" | "bib")
}
