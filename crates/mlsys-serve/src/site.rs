//! A published site: files by path, what each of them is tagged with, and when it last changed.

use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

/// The files of a site by their path relative to its root, with `/`.
pub type Files = BTreeMap<String, Content>;

/// What a file holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// These bytes.
    Bytes(Arc<[u8]>),
    /// What a file on the disk holds when it is asked for; absolute.
    File(PathBuf),
}

/// All that is published at once.
#[derive(Clone, Debug, Default)]
pub struct Publication {
    /// The files.
    pub files: Files,
    /// The folder that [`Content::File`]s must lie in after all links are followed; others are refused.
    pub folder: PathBuf,
    /// The path that the site has on its real host, with slashes at both ends; addresses may begin with it.
    pub prefix: String,
    /// What browsers show over the pages.
    pub notes: Vec<Note>,
}

/// Something that an author should see in the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The page that it is about, by its path in the site; nothing for all pages.
    #[serde(skip)]
    pub page: Option<String>,
    /// `error`, `warning`.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// File, line and column: `a.qmd:3:1`.
    pub place: String,
    /// The line of the source.
    pub source: String,
    /// What to do about it.
    pub hints: Vec<String>,
}

/// A published site. Never changed: a publication makes a new one.
#[derive(Debug, Default)]
pub(crate) struct Site {
    files: BTreeMap<String, File>,
    pub folder: PathBuf,
    prefix: String,
    pub notes: Vec<Note>,
    /// Whether the notes are about a failure, and the files those of the last publication without one.
    pub failed: bool,
    /// Counts publications.
    pub number: u64,
    /// The publication in which a path last changed, came or went.
    changed: BTreeMap<String, u64>,
}

/// A file and a tag that changes with its content.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub content: Content,
    pub tag: String,
}

impl File {
    /// The content, where it is in memory.
    pub fn bytes(&self) -> Option<Arc<[u8]>> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes.clone()),
            Content::File(_) => None,
        }
    }
}

/// What an address leads to.
#[derive(Debug)]
pub(crate) enum Found<'s> {
    /// A file, by its path in the site.
    File(&'s str, &'s File),
    /// A folder's page: the address lacks the slash at its end.
    Folder,
    /// Nothing.
    Nothing,
}

impl Site {
    /// The site after a publication.
    pub fn published(&self, publication: Publication) -> Site {
        let number = self.number + 1;
        let mut changed = self.changed.clone();
        let mut files = BTreeMap::new();
        for (path, content) in publication.files {
            let last = self.files.get(&path);
            let tag = match (&content, last) {
                (Content::Bytes(new), Some(File { content: Content::Bytes(old), tag })) if Arc::ptr_eq(new, old) => {
                    tag.clone()
                }
                _ => tag(&content),
            };
            if last.is_none_or(|last| last.tag != tag) {
                changed.insert(path.clone(), number);
            }
            files.insert(path, File { content, tag });
        }
        for path in self.files.keys().filter(|path| !files.contains_key(*path)) {
            changed.insert(path.clone(), number);
        }
        let Publication { files: _, folder, prefix, notes } = Publication { files: BTreeMap::new(), ..publication };
        Site { files, folder, prefix, notes, failed: false, number, changed }
    }

    /// The same files under notes about a failure.
    pub fn failed(&self, notes: Vec<Note>) -> Site {
        Site {
            files: self.files.clone(),
            folder: self.folder.clone(),
            prefix: self.prefix.clone(),
            changed: self.changed.clone(),
            notes,
            failed: true,
            number: self.number + 1,
        }
    }

    /// The paths that have changed since a publication.
    pub fn changed_since(&self, number: u64) -> impl Iterator<Item = &str> {
        self.changed.iter().filter(move |(_, at)| **at > number).map(|(path, _)| path.as_str())
    }

    /// A file by its path.
    pub fn file(&self, path: &str) -> Option<(&str, &File)> {
        self.files.get_key_value(path).map(|(path, file)| (path.as_str(), file))
    }

    /// What an address leads to, as static hosts have it: `/` and `/folder/` show their `index.html`, `/x` shows `x.html`.
    /// `path` is decoded and has no slash at its beginning.
    pub fn find(&self, path: &str) -> Found<'_> {
        match self.find_exactly(path) {
            Found::Nothing => match self.without_prefix(path) {
                Some(rest) => self.find_exactly(rest),
                None => Found::Nothing,
            },
            found => found,
        }
    }

    fn find_exactly(&self, path: &str) -> Found<'_> {
        if path.is_empty() || path.ends_with('/') {
            return self
                .file(&format!("{path}index.html"))
                .map_or(Found::Nothing, |(path, file)| Found::File(path, file));
        }
        if let Some((path, file)) = self.file(path).or_else(|| self.file(&format!("{path}.html"))) {
            return Found::File(path, file);
        }
        match self.files.contains_key(&format!("{path}/index.html")) {
            true => Found::Folder,
            false => Found::Nothing,
        }
    }

    fn without_prefix<'p>(&self, path: &'p str) -> Option<&'p str> {
        let prefix = self.prefix.trim_matches('/');
        let rest = path.strip_prefix(prefix).filter(|_| !prefix.is_empty())?;
        rest.strip_prefix('/').or(rest.is_empty().then_some(rest))
    }

    /// The path and the tag of what a page's address shows: for an address that leads nowhere those of the page that says so.
    pub fn shown(&self, path: &str) -> (&str, String) {
        match self.find(path) {
            Found::File(path, file) => (path, file.tag.clone()),
            _ => ("404.html", format!("404{}", self.file("404.html").map_or("", |(_, file)| &file.tag))),
        }
    }
}

/// A tag for a content: a hash of bytes, size and time of a file.
fn tag(content: &Content) -> String {
    match content {
        Content::Bytes(bytes) => blake3::hash(bytes).to_hex()[..24].to_owned(),
        Content::File(path) => file_tag(path),
    }
}

/// The tag of a file on the disk.
pub(crate) fn file_tag(path: &Path) -> String {
    let Ok(meta) = std::fs::metadata(path) else { return "none".to_owned() };
    let moment = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    format!("{:x}-{:x}", meta.len(), moment.map_or(0, |moment| moment.as_nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(paths: &[&str], prefix: &str) -> Site {
        let files = paths.iter().map(|path| ((*path).to_owned(), Content::Bytes(path.as_bytes().into()))).collect();
        Site::default().published(Publication { files, prefix: prefix.to_owned(), ..Publication::default() })
    }

    fn shown(site: &Site, path: &str) -> String {
        match site.find(path) {
            Found::File(path, _) => path.to_owned(),
            Found::Folder => "folder".to_owned(),
            Found::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn addresses_are_those_of_static_hosts() {
        let site = site(&["index.html", "a.html", "b/index.html", "c.png"], "/book/");
        let pairs = [
            ("", "index.html"),
            ("a", "a.html"),
            ("a.html", "a.html"),
            ("b", "folder"),
            ("b/", "b/index.html"),
            ("c.png", "c.png"),
            ("book/a.html", "a.html"),
            ("book", "index.html"),
            ("book/", "index.html"),
            ("bookish/a.html", "nothing"),
            ("../a.html", "nothing"),
        ];
        for (address, expected) in pairs {
            assert_eq!(shown(&site, address), expected, "{address}");
        }
    }

    #[test]
    fn a_publication_knows_what_it_changed() {
        let first = site(&["a.html", "b.css", "c.html"], "");
        let mut files = Files::new();
        files.insert("a.html".into(), Content::Bytes(b"a.html".as_slice().into()));
        files.insert("b.css".into(), Content::Bytes(b"new".as_slice().into()));
        let second = first.published(Publication { files, ..Publication::default() });
        assert_eq!(second.changed_since(1).collect::<Vec<_>>(), ["b.css", "c.html"]);
        assert_eq!(second.changed_since(2).count(), 0);
        assert_eq!(first.shown("a.html"), second.shown("a.html"));
    }
}
