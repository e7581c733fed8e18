//! A cache of link check results, so that each URL is requested once a week only.

use super::request::LinkStatus;
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long a good result is valid, in seconds.
const MAX_AGE: i64 = 7 * 24 * 3600;

/// The cached results.
#[derive(Debug, Default)]
pub struct LinkCache {
    answers: BTreeMap<String, CachedLink>,
    now: i64,
}

/// A good result: its time, and the new URL of a moved page.
#[derive(Debug, Deserialize, Serialize)]
struct CachedLink {
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    moved: Option<String>,
}

fn file(cache: &Utf8Path) -> Utf8PathBuf {
    cache.join("external-links.json")
}

impl LinkCache {
    /// Reads the cache; empty if the file cannot be read.
    pub fn read(cache: &Utf8Path) -> Self {
        let text = std::fs::read_to_string(file(cache)).unwrap_or_default();
        let mut answers: BTreeMap<String, CachedLink> = serde_json::from_str(&text).unwrap_or_default();
        let now = Timestamp::now().as_second();
        answers.retain(|_, link| (0..MAX_AGE).contains(&(now - link.at)));
        LinkCache { answers, now }
    }

    /// The cached result of a URL.
    pub fn get(&self, url: &str) -> Option<LinkStatus> {
        let link = self.answers.get(url)?;
        Some(link.moved.clone().map_or(LinkStatus::Good, LinkStatus::Moved))
    }

    /// Caches good results. Bad ones are requested again next time.
    pub fn extend(&mut self, answers: &BTreeMap<String, LinkStatus>) {
        for (url, answer) in answers {
            let moved = match answer {
                LinkStatus::Good => None,
                LinkStatus::Moved(to) => Some(to.clone()),
                LinkStatus::Blocked(_) | LinkStatus::Bad(_) => continue,
            };
            self.answers.insert(url.clone(), CachedLink { at: self.now, moved });
        }
    }

    /// Writes the cache. A failure only costs the next check some time.
    pub fn write(&self, cache: &Utf8Path) {
        if let Ok(text) = serde_json::to_string_pretty(&self.answers) {
            let _ = std::fs::create_dir_all(cache).and_then(|()| std::fs::write(file(cache), text));
        }
    }
}
