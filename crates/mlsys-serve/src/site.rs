//! A published site: its files by path, with entity tags and the publication of their last change.

use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

/// The files of a site by path, relative to its root and separated by `/`.
pub type Files = BTreeMap<String, Content>;

/// The content of a file.
#[derive(Clone, Debug)]
pub enum Content {
    /// Bytes in memory.
    Bytes(Arc<[u8]>),
    /// An absolute path, read on request.
    File(PathBuf),
}

/// A version of the site to publish.
#[derive(Clone, Debug, Default)]
pub struct Publication {
    /// The files.
    pub files: Files,
    /// The folder that must contain each [`Content::File`], after symbolic links are resolved.
    pub folder: PathBuf,
    /// The path of the site on its host, with slashes at both ends. URLs may start with it.
    pub prefix: String,
    /// Notes shown on top of the pages.
    pub notes: Vec<Note>,
}

/// A message for the author, shown in the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The path of the page that it concerns; `None` for all pages.
    #[serde(skip)]
    pub page: Option<String>,
    /// `error` or `warning`.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// File, line and column: `a.qmd:3:1`.
    pub place: String,
    /// The line of the source.
    pub source: String,
    /// Suggested fixes.
    pub hints: Vec<String>,
}

/// A published site. Immutable: each publication creates a new one.
#[derive(Debug, Default)]
pub(crate) struct Site {
    files: BTreeMap<String, File>,
    pub folder: PathBuf,
    prefix: String,
    pub notes: Vec<Note>,
    /// True after a failed build: the notes describe the failure, the files are from the last good publication.
    pub failed: bool,
    /// The number of the publication.
    pub number: u64,
    /// By path: the publication of the last change, creation or removal.
    changed: BTreeMap<String, u64>,
}

/// A file with its entity tag.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub content: Content,
    pub tag: String,
}

impl File {
    /// The content, if it is in memory.
    pub fn bytes(&self) -> Option<Arc<[u8]>> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes.clone()),
            Content::File(_) => None,
        }
    }
}

/// The target of a URL.
#[derive(Debug)]
pub(crate) enum Resolved<'s> {
    /// A file with its path in the site.
    File(&'s str, &'s File),
    /// A folder with an index page: the URL needs a trailing slash.
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
            let tag = if let Content::Bytes(new) = &content
                && let Some(File { content: Content::Bytes(old), tag }) = last
                && Arc::ptr_eq(new, old)
            {
                tag.clone()
            } else {
                tag(&content)
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

    /// The same files with the notes of a failed build.
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

    /// The paths that changed after a publication.
    pub fn changed_since(&self, number: u64) -> impl Iterator<Item = &str> {
        self.changed.iter().filter(move |(_, at)| **at > number).map(|(path, _)| path.as_str())
    }

    /// A file by its path.
    pub fn file(&self, path: &str) -> Option<(&str, &File)> {
        self.files.get_key_value(path).map(|(path, file)| (path.as_str(), file))
    }

    /// Resolves a path as static hosts do: `/` and `/folder/` show their `index.html`, `/x` shows `x.html`. `path` is decoded and
    /// has no leading slash.
    pub fn find(&self, path: &str) -> Resolved<'_> {
        match self.find_exactly(path) {
            Resolved::Nothing => match self.without_prefix(path) {
                Some(rest) => self.find_exactly(rest),
                None => Resolved::Nothing,
            },
            found @ (Resolved::File(..) | Resolved::Folder) => found,
        }
    }

    fn find_exactly(&self, path: &str) -> Resolved<'_> {
        if path.is_empty() || path.ends_with('/') {
            return self
                .file(&format!("{path}index.html"))
                .map_or(Resolved::Nothing, |(path, file)| Resolved::File(path, file));
        }
        if let Some((path, file)) = self.file(path).or_else(|| self.file(&format!("{path}.html"))) {
            return Resolved::File(path, file);
        }
        match self.files.contains_key(&format!("{path}/index.html")) {
            true => Resolved::Folder,
            false => Resolved::Nothing,
        }
    }

    fn without_prefix<'p>(&self, path: &'p str) -> Option<&'p str> {
        let prefix = self.prefix.trim_matches('/');
        let rest = path.strip_prefix(prefix).filter(|_| !prefix.is_empty())?;
        rest.strip_prefix('/').or(rest.is_empty().then_some(rest))
    }

    /// The path and tag of the page shown for a URL; for a missing page those of `404.html`.
    pub fn shown(&self, path: &str) -> (&str, String) {
        match self.find(path) {
            Resolved::File(path, file) => (path, file.tag.clone()),
            Resolved::Folder | Resolved::Nothing => {
                ("404.html", format!("404{}", self.file("404.html").map_or("", |(_, file)| &file.tag)))
            }
        }
    }
}

/// The entity tag of a content: a hash of the bytes, or size and time of a file.
fn tag(content: &Content) -> String {
    match content {
        Content::Bytes(bytes) => blake3::hash(bytes).to_hex()[..24].to_owned(),
        Content::File(path) => file_tag(path),
    }
}

/// The entity tag of a file on disk.
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
            Resolved::File(path, _) => path.to_owned(),
            Resolved::Folder => "folder".to_owned(),
            Resolved::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn urls_are_those_of_static_hosts() {
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
        for (url, expected) in pairs {
            assert_eq!(shown(&site, url), expected, "{url}");
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
