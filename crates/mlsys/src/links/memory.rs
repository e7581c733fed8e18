//! Answers of earlier checks, so that a check asks each host once a week only.

use super::ask::Answer;
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long a good answer counts, in seconds.
const A_WEEK: i64 = 7 * 24 * 3600;

/// The remembered answers.
#[derive(Debug, Default)]
pub struct Memory {
    answers: BTreeMap<String, Remembered>,
    now: i64,
}

/// A good answer: when it came, and where the page has moved to.
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
    /// Reads what is remembered; a file that cannot be read is an empty memory.
    pub fn read(cache: &Utf8Path) -> Self {
        let text = std::fs::read_to_string(file(cache)).unwrap_or_default();
        let mut answers: BTreeMap<String, Remembered> = serde_json::from_str(&text).unwrap_or_default();
        let now = Timestamp::now().as_second();
        answers.retain(|_, remembered| (0..A_WEEK).contains(&(now - remembered.at)));
        Memory { answers, now }
    }

    /// The answer of an earlier check.
    pub fn answer(&self, url: &str) -> Option<Answer> {
        let remembered = self.answers.get(url)?;
        Some(remembered.moved.clone().map_or(Answer::Good, Answer::Moved))
    }

    /// Remembers good answers. Bad ones are asked for again next time.
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

    /// Writes what is remembered. A memory that cannot be written costs the next check some time, no more.
    pub fn write(&self, cache: &Utf8Path) {
        if let Ok(text) = serde_json::to_string_pretty(&self.answers) {
            let _ = std::fs::create_dir_all(cache).and_then(|()| std::fs::write(file(cache), text));
        }
    }
}
