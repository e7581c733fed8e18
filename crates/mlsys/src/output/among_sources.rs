//! The files that builds wrote among the author's own, where pages are written beside their sources.
//!
//! The output folder has no list of its own there, so the cache has it: each file with the hash of its content. A file that the
//! author has changed since is the author's.

use camino::{Utf8Path, Utf8PathBuf};
use mlsys_engine::files::{Content, Files};
use mlsys_engine::memo::store;
use std::collections::BTreeMap;

/// The list for a project's folder.
fn list_path(root: &Utf8Path) -> Utf8PathBuf {
    let hash = blake3::hash(root.as_str().as_bytes()).to_hex();
    store::folder(root).join(format!("written-{}", &hash[..16]))
}

/// Adds the files of a build to the list. Without a cache folder nothing is listed.
pub fn record(files: &Files, root: &Utf8Path) {
    let path = list_path(root);
    let mut known = read(&path);
    for (name, content) in files {
        let hash = match content {
            Content::Bytes(bytes) => Some(blake3::hash(bytes)),
            Content::Copy(from) => std::fs::read(from).ok().map(|bytes| blake3::hash(&bytes)),
        };
        known.extend(hash.map(|hash| (name.clone(), hash.to_hex().to_string())));
    }
    let text: String = known.iter().map(|(name, hash)| format!("{hash} {name}\n")).collect();
    // A build does not fail because its files cannot be cleaned up later.
    if path.parent().is_some_and(|folder| std::fs::create_dir_all(folder).is_ok()) {
        let _ = std::fs::write(&path, text);
    }
}

/// Removes the listed files that are as builds wrote them, and folders that become empty. Returns their number.
pub fn clean(root: &Utf8Path) -> usize {
    let path = list_path(root);
    let is_own = |(name, hash): &(&String, &String)| {
        std::fs::read(root.join(name)).is_ok_and(|bytes| *blake3::hash(&bytes).to_hex() == **hash)
    };
    let known = read(&path);
    let removed = known.iter().filter(is_own).filter(|(name, _)| super::write::remove(root, name)).count();
    let _ = std::fs::remove_file(path);
    removed
}

/// The listed files with their hashes.
fn read(path: &Utf8Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(hash, name)| (name.to_owned(), hash.to_owned()))
        .collect()
}
