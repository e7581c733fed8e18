//! File events in batches.

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _, event::AccessKind, event::AccessMode};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How long it must be quiet after a few changes: an editor's temporary file and its rename come within this time.
const QUIET: Duration = Duration::from_millis(4);

/// How long it must be quiet after many: they are one action, such as a checkout.
const QUIET_AFTER_MANY: Duration = Duration::from_millis(120);

/// How many changed files are many.
const MANY: usize = 6;

/// When to stop waiting for quiet.
const LONGEST: Duration = Duration::from_secs(2);

/// Watches folders, not what is below them.
#[derive(Debug)]
pub struct Watcher {
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
}

/// Files that have changed, come or gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Their paths.
    pub paths: BTreeSet<PathBuf>,
}

#[derive(Debug)]
enum Signal {
    Event(notify::Result<notify::Event>),
    Stop,
}

/// Ends a watch from another thread.
#[derive(Clone, Debug)]
pub struct Stopper {
    sender: Sender<Signal>,
}

impl Stopper {
    /// Makes [`Watcher::next`] return nothing.
    pub fn stop(&self) {
        // Without a watcher there is nothing to stop.
        let _ = self.sender.send(Signal::Stop);
    }
}

impl Watcher {
    /// A watcher of nothing.
    ///
    /// # Errors
    /// The system's message when it can watch no files.
    pub fn new() -> Result<Watcher, String> {
        let (sender, signals) = channel();
        let events = sender.clone();
        let watcher = notify::recommended_watcher(move |event| {
            // When nobody listens any more the process is about to end.
            let _ = events.send(Signal::Event(event));
        });
        let watcher = watcher.map_err(|error| error.to_string())?;
        Ok(Watcher { watcher, watched: BTreeSet::new(), signals, sender })
    }

    /// What ends the watch.
    pub fn stopper(&self) -> Stopper {
        Stopper { sender: self.sender.clone() }
    }

    /// Watches these folders and no others. True when one of them was not watched before: what happened in it until now is
    /// unknown.
    ///
    /// # Errors
    /// The system's message when it cannot watch a folder that is there.
    pub fn watch(&mut self, folders: &BTreeSet<PathBuf>) -> Result<bool, String> {
        let gone: Vec<PathBuf> = self.watched.difference(folders).cloned().collect();
        for folder in gone {
            // A folder that does not exist any more is not watched either.
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
                    return Err(format!("`{}` cannot be watched: {error}{hint}", folder.display()));
                }
                Err(_) => {}
            }
        }
        Ok(new)
    }

    /// Whether a folder is watched.
    pub fn watches(&self, folder: &Path) -> bool {
        self.watched.contains(folder)
    }

    /// Waits for changes, then until it is quiet, and returns all of them; an empty batch when `patience` has passed without
    /// any; nothing when the watch was ended.
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

    /// The next event; an inner nothing after the deadline, an outer one when the watch was ended.
    #[allow(clippy::option_option, reason = "the end and a pause are different things")]
    fn receive(&self, deadline: Option<Instant>) -> Option<Option<notify::Result<notify::Event>>> {
        let signal = match deadline {
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

    /// Adds what an event is about. Reading is no change.
    fn note(&mut self, event: notify::Result<notify::Event>, batch: &mut Batch) {
        let Ok(event) = event else {
            // The system has lost events: anything may have changed.
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

    /// A folder that has gone is not watched any more, even if there is another of its name; nor is what was in it.
    fn forget(&mut self, folder: &Path) {
        let gone: Vec<PathBuf> = self.watched.iter().filter(|watched| watched.starts_with(folder)).cloned().collect();
        for folder in gone {
            let _ = self.watcher.unwatch(&folder);
            self.watched.remove(&folder);
        }
    }
}
