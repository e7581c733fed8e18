//! Batches of file events.

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _, event::AccessKind, event::AccessMode};
use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// The quiet time that ends a small batch. An editor writes a temporary file and renames it within this time.
const QUIET: Duration = Duration::from_millis(4);

/// The quiet time that ends a large batch, such as a checkout.
const QUIET_AFTER_MANY: Duration = Duration::from_millis(120);

/// The number of changed files that makes a batch large.
const MANY: usize = 6;

/// The maximum duration of a batch.
const LONGEST: Duration = Duration::from_secs(2);

/// Watches folders, without their subfolders.
#[derive(Debug)]
pub struct Watcher {
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
    signals: Receiver<Signal>,
    /// Signals that [`Watcher::is_pending`] has received before [`Watcher::next`].
    pending: VecDeque<Signal>,
    sender: Sender<Signal>,
}

/// Files that were changed, created or removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The paths of the files; an empty path if anything may have changed.
    pub paths: BTreeSet<PathBuf>,
}

#[derive(Debug)]
enum Signal {
    Event(notify::Result<notify::Event>),
    Stop,
}

/// Stops a watcher from another thread.
#[derive(Clone, Debug)]
pub struct Stopper {
    sender: Sender<Signal>,
}

impl Stopper {
    /// Makes [`Watcher::next`] return `None`.
    pub fn stop(&self) {
        // The watcher is gone already: nothing to stop.
        let _ = self.sender.send(Signal::Stop);
    }
}

/// Why files cannot be watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The system cannot watch files.
    #[error("cannot watch files: {0}")]
    Unavailable(notify::Error),
    /// The system cannot watch this folder.
    #[error("cannot watch `{}`: {error}{hint}", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        error: notify::Error,
        /// What to do about it, if known.
        hint: &'static str,
    },
}

impl Watcher {
    /// A watcher without folders.
    ///
    /// # Errors
    /// If the system cannot watch files.
    pub fn new() -> Result<Watcher, WatchError> {
        let (sender, signals) = channel();
        let events = sender.clone();
        let watcher = notify::recommended_watcher(move |event| {
            // The receiver is gone: the process is exiting.
            let _ = events.send(Signal::Event(event));
        });
        let watcher = watcher.map_err(WatchError::Unavailable)?;
        Ok(Watcher { watcher, watched: BTreeSet::new(), signals, pending: VecDeque::new(), sender })
    }

    /// A handle that stops the watcher.
    pub fn stopper(&self) -> Stopper {
        Stopper { sender: self.sender.clone() }
    }

    /// Watches exactly these folders. True if one of them is new: earlier changes in it were not seen.
    ///
    /// # Errors
    /// If the system cannot watch an existing folder.
    pub fn watch(&mut self, folders: &BTreeSet<PathBuf>) -> Result<bool, WatchError> {
        let removed: Vec<PathBuf> = self.watched.difference(folders).cloned().collect();
        for folder in removed {
            // Unwatching fails if the folder no longer exists.
            let _ = self.watcher.unwatch(&folder);
            self.watched.remove(&folder);
        }
        let mut new = false;
        for folder in folders {
            if self.watched.contains(folder) {
                continue;
            }
            match self.watcher.watch(folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    new = true;
                    self.watched.insert(folder.clone());
                }
                Err(error) if folder.is_dir() => {
                    let hint = match error.kind {
                        notify::ErrorKind::MaxFilesWatch => "; raise fs.inotify.max_user_watches",
                        _ => "",
                    };
                    return Err(WatchError::Folder { folder: folder.clone(), error, hint });
                }
                Err(_) => {}
            }
        }
        Ok(new)
    }

    /// True if a folder is watched.
    pub fn watches(&self, folder: &Path) -> bool {
        self.watched.contains(folder)
    }

    /// True if [`Watcher::next`] would return at once with a file that `concerns` the caller, or if the watcher was stopped.
    pub fn is_pending(&mut self, concerns: impl Fn(&Path) -> bool) -> bool {
        while let Ok(signal) = self.signals.try_recv() {
            if let Signal::Event(Ok(notify::Event { kind: EventKind::Access(access), .. })) = &signal
                && !matches!(access, AccessKind::Close(AccessMode::Write))
            {
                continue;
            }
            self.pending.push_back(signal);
        }
        self.pending.iter().any(|signal| match signal {
            Signal::Event(Ok(event)) => event.need_rescan() || event.paths.iter().any(|path| concerns(path)),
            Signal::Event(Err(_)) | Signal::Stop => true,
        })
    }

    /// Waits for changes and returns them as a batch once no more follow. Returns an empty batch if nothing changes within
    /// `patience`, and `None` after a stop.
    pub fn next(&mut self, patience: Option<Duration>) -> Option<Batch> {
        let mut batch = Batch::default();
        let patient = patience.map(|patience| Instant::now() + patience);
        while batch.paths.is_empty() {
            match self.receive(patient)? {
                Some(event) => self.note(event, &mut batch),
                None => return Some(batch),
            }
        }
        let longest = Instant::now() + LONGEST;
        loop {
            let quiet = if batch.paths.len() < MANY { QUIET } else { QUIET_AFTER_MANY };
            let deadline = (Instant::now() + quiet).min(longest);
            match self.receive(Some(deadline))? {
                Some(event) => self.note(event, &mut batch),
                None => return Some(batch),
            }
            if Instant::now() >= longest {
                return Some(batch);
            }
        }
    }

    /// The next event: `Some(None)` after the deadline, `None` after a stop.
    #[allow(clippy::option_option, reason = "a time-out and a stop differ")]
    fn receive(&mut self, deadline: Option<Instant>) -> Option<Option<notify::Result<notify::Event>>> {
        let signal = match deadline {
            _ if !self.pending.is_empty() => self.pending.pop_front(),
            None => self.signals.recv().ok(),
            Some(deadline) => match self.signals.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(signal) => Some(signal),
                Err(RecvTimeoutError::Timeout) => return Some(None),
                Err(RecvTimeoutError::Disconnected) => None,
            },
        };
        match signal {
            Some(Signal::Event(event)) => Some(Some(event)),
            Some(Signal::Stop) | None => None,
        }
    }

    /// Adds the paths of an event. Read accesses are ignored.
    fn note(&mut self, event: notify::Result<notify::Event>, batch: &mut Batch) {
        let Ok(event) = event else {
            // The system lost events: anything may have changed.
            batch.paths.insert(PathBuf::new());
            return;
        };
        match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => {}
            EventKind::Access(_) => return,
            EventKind::Remove(_) | EventKind::Modify(notify::event::ModifyKind::Name(_)) => {
                event.paths.iter().for_each(|path| self.forget(path));
            }
            _ => {}
        }
        if event.need_rescan() {
            batch.paths.insert(PathBuf::new());
        }
        batch.paths.extend(event.paths);
    }

    /// Drops a removed folder and its subfolders: the system stops watching them, even if they are created again.
    fn forget(&mut self, folder: &Path) {
        let removed: Vec<PathBuf> =
            self.watched.iter().filter(|watched| watched.starts_with(folder)).cloned().collect();
        for folder in removed {
            let _ = self.watcher.unwatch(&folder);
            self.watched.remove(&folder);
        }
    }
}
