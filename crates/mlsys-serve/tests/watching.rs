//! Events of files in a real folder.
#![allow(clippy::disallowed_methods, reason = "tests write files")]

use mlsys_serve::{Batch, Watcher};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

const PATIENCE: Option<Duration> = Some(Duration::from_secs(20));
const SHORT: Option<Duration> = Some(Duration::from_millis(300));

fn watch(watcher: &mut Watcher, folders: &[&Path]) -> bool {
    let folders: BTreeSet<_> = folders.iter().map(|folder| folder.to_path_buf()).collect();
    watcher.watch(&folders).expect("watched")
}

fn next(watcher: &mut Watcher) -> Batch {
    watcher.next(PATIENCE).expect("no end")
}

/// Discards the remaining events.
fn settle(watcher: &mut Watcher) {
    while !watcher.next(SHORT).expect("no end").paths.is_empty() {}
}

#[test]
fn a_burst_is_one_batch() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut watcher = Watcher::new().expect("a watcher");
    assert!(watch(&mut watcher, &[folder.path()]));
    assert!(!watch(&mut watcher, &[folder.path()]), "nothing new");
    for at in 0..200 {
        std::fs::write(folder.path().join(format!("{at}.qmd")), "text").expect("written");
    }
    assert_eq!(next(&mut watcher).paths.len(), 200);
    assert_eq!(watcher.next(SHORT), Some(Batch::default()), "nothing is left over");
}

#[test]
fn a_save_by_rename_is_seen_and_reading_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("a.qmd");
    std::fs::write(&page, "old").expect("written");
    let mut watcher = Watcher::new().expect("a watcher");
    watch(&mut watcher, &[folder.path()]);
    assert_eq!(std::fs::read_to_string(&page).expect("read"), "old");
    assert_eq!(watcher.next(SHORT), Some(Batch::default()));
    std::fs::write(folder.path().join(".a.qmd.tmp"), "new").expect("written");
    std::fs::rename(folder.path().join(".a.qmd.tmp"), &page).expect("renamed");
    assert!(next(&mut watcher).paths.contains(&page));
}

#[test]
fn a_folder_that_comes_again_is_watched_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("part");
    std::fs::create_dir(&inner).expect("made");
    let mut watcher = Watcher::new().expect("a watcher");
    watch(&mut watcher, &[folder.path(), &inner]);
    std::fs::remove_dir(&inner).expect("removed");
    assert!(next(&mut watcher).paths.contains(&inner));
    std::fs::create_dir(&inner).expect("made");
    next(&mut watcher);
    assert!(watch(&mut watcher, &[folder.path(), &inner]), "what happened in it until now is unknown");
    settle(&mut watcher);
    let page = inner.join("a.qmd");
    std::fs::write(&page, "text").expect("written");
    assert!(next(&mut watcher).paths.contains(&page));
}

#[test]
fn a_watch_can_be_ended() {
    let mut watcher = Watcher::new().expect("a watcher");
    let stopper = watcher.stopper();
    let ended = std::thread::spawn(move || watcher.next(None));
    stopper.stop();
    assert_eq!(ended.join().expect("no panic"), None);
}
