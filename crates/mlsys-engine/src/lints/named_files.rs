//! The files that a project's texts name.

use super::orphan_files::{IMAGES, extension, folder, small_file};
use crate::project::Book;
use mlsys_book::clean_path;
use std::collections::BTreeSet;

/// The extensions of files whose text may name others.
const TEXTS: [&str; 13] =
    ["qmd", "md", "yml", "yaml", "html", "css", "scss", "js", "lua", "tex", "py", "webmanifest", "ipynb"];

/// The files that a project's texts name.
#[derive(Debug, Default)]
pub struct NamedFiles {
    /// File names of images. A name anywhere in the project counts.
    images: BTreeSet<String>,
    /// File names of data in configuration, styles and programs, which may compute the folders.
    data: BTreeSet<String>,
    /// Paths of data files in pages: several chapters may have files with the same name.
    in_pages: BTreeSet<String>,
}

impl NamedFiles {
    /// Collects the names in all texts of the project.
    pub fn of(book: &Book) -> Self {
        let mut named = NamedFiles::default();
        for source in &book.sources {
            let page = folder(source.path()).unwrap_or_default();
            for file in &source.files {
                let own = folder(&file.path).unwrap_or_default();
                named.add(&file.path, &file.text, &[own.as_str(), page.as_str()]);
            }
        }
        for file in book.files.iter().filter(|file| TEXTS.contains(&extension(file).as_str())) {
            if !book.read.contains(&book.root.join(file))
                && let Some(bytes) = small_file(book, file)
            {
                named.add(file, &String::from_utf8_lossy(&bytes), &[&folder(file).unwrap_or_default()]);
            }
        }
        named
    }

    /// True if a text names the file.
    pub fn has(&self, file: &str) -> bool {
        let name = name(file);
        if is_data(name) {
            self.data.contains(name) || self.in_pages.contains(file)
        } else {
            self.images.contains(name)
        }
    }

    fn add(&mut self, path: &str, text: &str, folders: &[&str]) {
        let is_page = matches!(extension(path).as_str(), "qmd" | "md" | "ipynb");
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '%' | ' ' | '+' | '@' | '/');
        for words in text.split(|c: char| !is_part(c)).filter(|words| words.contains('.')) {
            // File names may contain spaces.
            let whole = words.contains([' ', '%']).then(|| words.trim().replace("%20", " "));
            let parts = words.split(' ').map(|part| part.trim_end_matches('.').to_owned());
            for path in parts.chain(whole) {
                if !is_data(&path) {
                    if IMAGES.iter().any(|(known, _)| *known == extension(&path)) {
                        self.images.insert(name(&path).to_owned());
                    }
                } else if is_page {
                    self.in_pages.insert(clean_path(&path));
                    self.in_pages.extend(folders.iter().map(|folder| clean_path(&format!("{folder}/{path}"))));
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
    matches!(extension(name).as_str(), "json" | "bib")
}
