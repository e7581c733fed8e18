//! The cache on disk: results of costly steps, keyed by a hash of their inputs.
//!
//! An entry is a file `v2/KIND/HASH`, where the hash is [blake3] of the inputs. A change to how a step computes its results must
//! change the key too, so that old entries are never read. The folder may be deleted at any time. Several processes may use it
//! at once: a file is written under a temporary name and renamed. It starts with the hash of its content; a file whose hash does
//! not match counts as missing. When the folder exceeds its limit, the least recently used entries are deleted.

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use walkdir::WalkDir;

/// The folder of this version of the layout. The folders of other versions are deleted after a month without use.
const LAYOUT: &str = "v2";

/// The maximum size of all entries, in bytes.
pub(crate) const LIMIT: u64 = 256 << 20;

/// An entry's time of last use is updated at most once in this interval.
const USE_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// The age at which temporary files of killed processes are deleted.
const UNFINISHED: Duration = Duration::from_secs(60 * 60);

/// Entries of other versions of the layout are deleted when they have not been used for this long.
const OTHER_LAYOUT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The cache folder of a project: `MLSYS_CACHE_DIR`; on Netlify the folder that persists between builds; otherwise
/// `.quarto/mlsys` in the project, which Quarto's own `.gitignore` excludes. Source: Netlify, "Build configuration", cache folder.
pub fn folder(root: &Utf8Path) -> Utf8PathBuf {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(folder) = set("MLSYS_CACHE_DIR") {
        return root.join(folder);
    }
    if set("NETLIFY").is_some_and(|on| on == "true") {
        let base = set("NETLIFY_BUILD_BASE").unwrap_or_else(|| "/opt/build".to_owned());
        return Utf8PathBuf::from(base).join("cache/mlsys");
    }
    root.join(".quarto/mlsys")
}

/// The cache folder of a project whose output goes elsewhere, so that its sources stay as they are: in the user's cache folder, or as
/// [`folder()`] if the environment chooses one. `None` without a user's cache folder.
pub fn folder_elsewhere(root: &Utf8Path) -> Option<Utf8PathBuf> {
    let chosen = folder(root);
    if !chosen.starts_with(root) {
        return Some(chosen);
    }
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty()).map(Utf8PathBuf::from);
    let caches = set("XDG_CACHE_HOME").or_else(|| set("LOCALAPPDATA")).or_else(|| Some(set("HOME")?.join(".cache")))?;
    let hash = blake3::hash(root.as_str().as_bytes()).to_hex();
    Some(caches.join("mlsys").join(&hash[..16]))
}

/// The hash of everything that a result depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of a list of inputs. It covers their lengths, so `["ab", "c"]` and `["a", "bc"]` have different keys.
    pub fn new<'a>(inputs: impl IntoIterator<Item = &'a [u8]>) -> Key {
        let mut hasher = blake3::Hasher::new();
        for input in inputs {
            hasher.update(&(input.len() as u64).to_le_bytes());
            hasher.update(input);
        }
        Key(*hasher.finalize().as_bytes())
    }

    /// The key of a value; `None` if it cannot be serialized.
    pub fn of(value: &impl Serialize) -> Option<Key> {
        let hasher = BufWriter::with_capacity(1 << 16, blake3::Hasher::new());
        let hasher = postcard::to_io(value, hasher).ok()?.into_inner().ok()?;
        Some(Key(*hasher.finalize().as_bytes()))
    }

    /// The hash.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

/// The modification time of a file or folder.
pub(crate) fn last_change(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}

/// The identity of the executable, for keys: another version may compute other results from the same inputs.
pub(crate) fn program() -> Option<(PathBuf, Option<SystemTime>)> {
    let path = std::env::current_exe().ok()?;
    let changed = last_change(&path);
    Some((path, changed))
}

/// A folder of results.
#[derive(Debug)]
pub struct Store {
    /// Without a folder the store is empty and drops new entries.
    folder: Option<Utf8PathBuf>,
    /// True if an entry was added since the last [`Store::trim`].
    has_grown: AtomicBool,
    /// Read buffers, one for each thread that reads at the same time.
    buffers: Mutex<Vec<Vec<u8>>>,
}

impl Store {
    /// The store in a folder, which is created with the first entry. Without a folder nothing is stored.
    pub fn new(folder: Option<Utf8PathBuf>) -> Self {
        Store { folder, has_grown: AtomicBool::new(false), buffers: Mutex::default() }
    }

    /// True if the store has a folder, so that entries persist.
    pub fn is_persistent(&self) -> bool {
        self.folder.is_some()
    }

    /// The entry of a key; `None` if it is missing or damaged.
    pub fn get(&self, kind: &str, key: Key) -> Option<Vec<u8>> {
        let mut content = Vec::new();
        self.fill(kind, key, &mut content).then_some(content)
    }

    /// Decodes the entry of a key; `None` if it is missing or damaged. Reuses a buffer, because page faults in fresh memory cost
    /// more than the copy.
    pub fn read<T>(&self, kind: &str, key: Key, read: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let mut buffer = self.buffers().pop().unwrap_or_default();
        let value = self.fill(kind, key, &mut buffer).then(|| read(&buffer)).flatten();
        self.buffers().push(buffer);
        value
    }

    fn buffers(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.buffers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the buffer's content by an entry. Returns true if the entry exists and is intact.
    fn fill(&self, kind: &str, key: Key, content: &mut Vec<u8>) -> bool {
        content.clear();
        let Some(path) = self.path(kind, key) else { return false };
        let Ok(mut file) = std::fs::File::open(&path) else { return false };
        let mut hash = [0; 32];
        let is_read = file.read_exact(&mut hash).and_then(|()| file.read_to_end(content)).is_ok();
        if !is_read || *blake3::hash(content).as_bytes() != hash {
            // A damaged file would be read and refused again and again.
            let _ = std::fs::remove_file(&path);
            return false;
        }
        mark_used(&path);
        true
    }

    /// Adds an entry. Errors are not reported: without the entry the next build is slower and otherwise the same.
    pub fn put(&self, kind: &str, key: Key, content: &[u8]) {
        self.put_slices(kind, key, &[content]);
    }

    /// Adds an entry whose content is the concatenation of slices.
    pub fn put_slices(&self, kind: &str, key: Key, content: &[&[u8]]) {
        if let Some(path) = self.path(kind, key) {
            self.has_grown.store(true, Ordering::Relaxed);
            let _ = self.write(&path, content);
        }
    }

    fn write(&self, path: &Utf8Path, content: &[&[u8]]) -> std::io::Result<()> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let folder = path.parent().unwrap_or(path);
        if !folder.exists() {
            std::fs::create_dir_all(folder)?;
            self.mark_folder()?;
        }
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let temporary = folder.join(format!(".{}-{number}", std::process::id()));
        let mut file = std::fs::File::create(&temporary)?;
        let mut hasher = blake3::Hasher::new();
        for slice in content {
            hasher.update(slice);
        }
        file.write_all(hasher.finalize().as_bytes())?;
        content.iter().try_for_each(|slice| file.write_all(slice))?;
        drop(file);
        std::fs::rename(&temporary, path)
    }

    /// Marks the folder as a cache for version control and backups.
    fn mark_folder(&self) -> std::io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let tag = "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of mlsys; it may be deleted.\n";
        for (name, text) in [("CACHEDIR.TAG", tag), (".gitignore", "*\n")] {
            let path = folder.join(name);
            if !path.exists() {
                std::fs::write(path, text)?;
            }
        }
        Ok(())
    }

    fn path(&self, kind: &str, key: Key) -> Option<Utf8PathBuf> {
        let name = key.to_string();
        Some(self.folder.as_ref()?.join(LAYOUT).join(kind).join(name))
    }

    /// Deletes the least recently used entries above the limit. To be called after a build; does nothing if it added no entry.
    pub fn trim(&self) {
        if self.has_grown.swap(false, Ordering::Relaxed) {
            self.trim_to(LIMIT, SystemTime::now());
        }
    }

    fn trim_to(&self, limit: u64, now: SystemTime) {
        let Some(folder) = &self.folder else { return };
        let age = |time: SystemTime| now.duration_since(time).unwrap_or_default();
        let mut entries = Vec::new();
        for entry in WalkDir::new(folder).min_depth(2).into_iter().flatten().filter(|e| e.file_type().is_file()) {
            let Some((size, used)) = entry.metadata().ok().and_then(|m| Some((m.len(), m.modified().ok()?))) else {
                continue;
            };
            let inside = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let layout = inside.iter().next().map(|name| name.to_string_lossy()).unwrap_or_default();
            let other = layout.strip_prefix('v').is_some_and(|number| number.parse::<u32>().is_ok());
            let ours = layout == LAYOUT;
            let unfinished = ours && entry.file_name().to_string_lossy().starts_with('.') && age(used) > UNFINISHED;
            if unfinished || (other && !ours && age(used) > OTHER_LAYOUT) {
                let _ = std::fs::remove_file(entry.path());
            } else if ours {
                entries.push((used, size, entry.into_path()));
            }
        }
        let mut total: u64 = entries.iter().map(|(_, size, _)| size).sum();
        if total <= limit {
            return;
        }
        // Below the limit with some room, so that not every build deletes entries.
        entries.sort();
        for (_, size, path) in entries {
            if total <= limit / 4 * 3 {
                break;
            }
            if std::fs::remove_file(path).is_ok() {
                total -= size;
            }
        }
    }
}

/// Sets an entry's time of last use, at most once a day.
fn mark_used(path: &Utf8Path) {
    let now = SystemTime::now();
    let used = std::fs::metadata(path).and_then(|m| m.modified()).unwrap_or(now);
    if now.duration_since(used).is_ok_and(|age| age > USE_INTERVAL) {
        let _ = std::fs::File::options().append(true).open(path).and_then(|file| file.set_modified(now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(folder: &tempfile::TempDir) -> Store {
        Store::new(Some(Utf8Path::from_path(folder.path()).expect("UTF-8").join("cache")))
    }

    fn key(text: &str) -> Key {
        Key::new([text.as_bytes()])
    }

    #[test]
    fn an_entry_is_found_again_by_the_same_inputs_only() {
        let folder = tempfile::tempdir().expect("a folder");
        cache(&folder).put("words", key("a"), b"apple");
        assert_eq!(cache(&folder).get("words", key("a")).as_deref(), Some(&b"apple"[..]));
        assert_eq!(cache(&folder).get("words", key("b")), None);
        assert_eq!(cache(&folder).get("names", key("a")), None);
        assert_ne!(Key::new([&b"ab"[..], b"c"]), Key::new([&b"a"[..], b"bc"]));
        assert!(folder.path().join("cache/.gitignore").exists());
    }

    #[test]
    fn a_damaged_entry_counts_as_missing() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = cache(&folder);
        cache.put("words", key("a"), b"apple");
        let path = cache.path("words", key("a")).expect("a path");
        let mut bytes = std::fs::read(&path).expect("the entry");
        bytes.pop();
        std::fs::write(&path, bytes).expect("written");
        assert_eq!(cache.get("words", key("a")), None);
        assert!(!path.exists());
        std::fs::write(&path, b"").expect("written");
        assert_eq!(cache.get("words", key("a")), None);
    }

    #[test]
    fn the_least_recently_used_entries_are_deleted_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = cache(&folder);
        let now = SystemTime::now();
        for (age, name) in ["new", "middle", "old"].into_iter().enumerate() {
            cache.put("words", key(name), &[0; 68]);
            let path = cache.path("words", key(name)).expect("a path");
            let file = std::fs::File::options().append(true).open(path).expect("the entry");
            file.set_modified(now - Duration::from_secs(100 * age as u64)).expect("a time");
        }
        let left = |cache: &Store| ["new", "middle", "old"].map(|name| cache.get("words", key(name)).is_some());
        cache.trim_to(300, now);
        assert_eq!(left(&cache), [true, true, true]);
        cache.trim_to(280, now);
        assert_eq!(left(&cache), [true, true, false]);
    }

    #[test]
    fn without_a_folder_nothing_is_stored() {
        let cache = Store::new(None);
        cache.put("words", key("a"), b"apple");
        assert_eq!(cache.get("words", key("a")), None);
        cache.trim();
    }
}
