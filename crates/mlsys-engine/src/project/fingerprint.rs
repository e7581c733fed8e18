//! Fingerprints of files, for the checks whether a file has changed.

use camino::Utf8Path;
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};

/// The age from which an mtime proves that a file is unchanged. The clocks of file systems tick in steps of up to two seconds, and
/// within one step a file can change twice.
const SETTLED: Duration = Duration::from_secs(2);

/// A cheap summary of a file's content: its mtime and size, or a hash of its unsaved text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    changed: SystemTime,
    /// The size in bytes.
    pub(super) bytes: u64,
    is_file: bool,
    settled: bool,
    unsaved: Option<[u8; 32]>,
}

impl Fingerprint {
    /// The fingerprint of a file or folder on disk; `None` if there is none.
    pub fn of(path: &Utf8Path) -> Option<Fingerprint> {
        let meta = std::fs::metadata(path).ok()?;
        let changed = meta.modified().ok()?;
        let settled = SystemTime::now().duration_since(changed).is_ok_and(|age| age > SETTLED);
        Some(Fingerprint { changed, bytes: meta.len(), is_file: meta.is_file(), settled, unsaved: None })
    }

    /// The fingerprint of a text in memory.
    pub(super) fn of_bytes(bytes: &[u8]) -> Fingerprint {
        Fingerprint {
            changed: SystemTime::UNIX_EPOCH,
            bytes: bytes.len() as u64,
            is_file: true,
            settled: true,
            unsaved: Some(*blake3::hash(bytes).as_bytes()),
        }
    }

    /// True if the file cannot have changed since `moment`: its mtime is older by more than the clock's granularity.
    pub fn is_of(&self, moment: SystemTime) -> bool {
        moment.duration_since(self.changed).is_ok_and(|age| age > SETTLED)
    }

    /// True if two fingerprints agree, whenever they were taken.
    pub fn is_same(&self, other: &Fingerprint) -> bool {
        (self.changed, self.bytes, self.is_file, self.unsaved)
            == (other.changed, other.bytes, other.is_file, other.unsaved)
    }

    /// True for files, false for folders.
    pub fn is_file(&self) -> bool {
        self.is_file
    }

    /// True if the content is certainly unchanged since this fingerprint was taken.
    pub fn is_still(&self, now: &Fingerprint) -> bool {
        self.settled && self.is_same(now)
    }
}
