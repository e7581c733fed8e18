//! The service worker, which caches the site for offline reading.

use crate::files::{Content, Files};
use crate::project::Book;
use mlsys_book::key;
use mlsys_render::fingerprinted;

/// The largest copied file, in bytes, that the service worker caches in advance: images, but no recordings.
const MAX_PRECACHED: u64 = 300_000;

/// Adds `service-worker.js` if `mlsys: offline` is true. It caches the files of this build in advance, except for large copies.
pub fn add_service_worker(book: &Book, files: &mut Files) {
    if book.project.meta.read(key!("mlsys.offline")) != Some(true) {
        return;
    }
    let mut precached = Vec::new();
    let mut fingerprints = String::new();
    for (path, content) in files.iter() {
        match content {
            Content::Bytes(bytes) => fingerprints.push_str(&fingerprinted(path, bytes)),
            Content::Copy(file) => match std::fs::metadata(file).map(|data| data.len()) {
                Ok(size) if size <= MAX_PRECACHED => fingerprints.push_str(&format!("{path} {size}")),
                _ => continue,
            },
        }
        precached.push(path.clone());
    }
    let version = fingerprinted("pages", fingerprints.as_bytes());
    let precached = serde_json::to_string(&precached).unwrap_or_default();
    let script = include_str!("service-worker.js");
    let text = format!("const version = \"{version}\";\nconst precached = {precached};\n{script}");
    files.insert("service-worker.js".to_owned(), Content::Bytes(text.into_bytes().into()));
}
