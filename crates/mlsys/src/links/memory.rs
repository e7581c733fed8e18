//! A cache of link check results, so that each URL is requested once a week only.

use super::ask::Answer;
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long a good result is valid, in seconds.
const A_WEEK: i64 = 7 * 24 * 3600;

/// The cached results.
#[derive(Debug, Default)]
pub struct Memory {
    answers: BTreeMap<String, Remembered>,
    now: i64,
}

/// A good result: its time, and the new URL of a moved page.
#[derive(Debug, Deserialize, Serialize)]
struct Remembered {
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    moved: Option<String>,
}

fn file(cache: &Utf8Path) -> Utf8PathBuf {
    cache.join("external-links.json")
}

impl Memory {
    /// Reads the cache; empty if the file cannot be read.
    pub fn read(cache: &Utf8Path) -> Self {
        let text = std::fs::read_to_string(file(cache)).unwrap_or_default();
        let mut answers: BTreeMap<String, Remembered> = serde_json::from_str(&text).unwrap_or_default();
        let now = Timestamp::now().as_second();
        answers.retain(|_, remembered| (0..A_WEEK).contains(&(now - remembered.at)));
        Memory { answers, now }
    }

    /// The cached result of a URL.
    pub fn answer(&self, url: &str) -> Option<Answer> {
        let remembered = self.answers.get(url)?;
        Some(remembered.moved.clone().map_or(Answer::Good, Answer::Moved))
    }

    /// Caches good results. Bad ones are requested again next time.
    pub fn extend(&mut self, answers: &BTreeMap<String, Answer>) {
        for (url, answer) in answers {
            let moved = match answer {
                Answer::Good => None,
                Answer::Moved(to) => Some(to.clone()),
                Answer::Unclear(_) | Answer::Bad(_) => continue,
            };
            self.answers.insert(url.clone(), Remembered { at: self.now, moved });
        }
    }

    /// Writes the cache. A failure only costs the next check some time.
    pub fn write(&self, cache: &Utf8Path) {
        if let Ok(text) = serde_json::to_string_pretty(&self.answers) {
            let _ = std::fs::create_dir_all(cache).and_then(|()| std::fs::write(file(cache), text));
        }
    }
}
