//! Text case. Source: CSL 1.0.2, "Text-case".
//!
//! Small capitals, super- and subscripts and [`Rich::NoCase`] are left alone.

use crate::rich::{Face, Rich, plain};
use citationberg::TextCase;

/// The position of a word.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Start,
    SentenceStart,
    AfterWord,
    InWord,
    AfterStop,
    LastWord,
}

/// Applies a text case.
pub(crate) fn apply(mut runs: Vec<Rich>, case: TextCase) -> Vec<Rich> {
    let mut caser = Caser { case, at: At::Start };
    // The last word of a title is capitalised even when it is a stop word.
    let count = runs.len();
    let mut out = Vec::with_capacity(count);
    for (i, run) in runs.drain(..).enumerate() {
        if let Rich::Text(text) = &run
            && i + 1 == count
        {
            let word = text.rfind(is_break).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
            let (before, last) = text.split_at(word);
            let mut done = caser.words(before, true);
            let alone = count == 1 && word == 0;
            if !alone && matches!(caser.at, At::AfterWord | At::SentenceStart | At::Start) {
                caser.at = At::LastWord;
            }
            done.push_str(&caser.words(last, true));
            out.push(Rich::Text(done));
        } else {
            out.push(caser.run(run));
        }
    }
    out
}

fn is_break(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '/' | '–' | '—')
}

struct Caser {
    case: TextCase,
    at: At,
}

impl Caser {
    fn run(&mut self, run: Rich) -> Rich {
        match run {
            Rich::Text(text) => Rich::Text(self.words(&text, true)),
            Rich::Styled(face @ (Face::SmallCaps | Face::Superscript | Face::Subscript), c) => {
                self.words(&plain(&c), false);
                Rich::Styled(face, c)
            }
            Rich::NoCase(c) => {
                self.words(&plain(&c), false);
                Rich::NoCase(c)
            }
            Rich::Styled(face, c) => Rich::Styled(face, self.runs(c)),
            Rich::Quoted(c) => Rich::Quoted(self.runs(c)),
            Rich::Link(url, c) => Rich::Link(url, self.runs(c)),
            run @ (Rich::Code(_) | Rich::Math(_) | Rich::Opaque(_)) => run,
        }
    }

    fn runs(&mut self, runs: Vec<Rich>) -> Vec<Rich> {
        runs.into_iter().map(|run| self.run(run)).collect()
    }

    /// Changes a text word by word. `change` is false for text whose case is protected.
    fn words(&mut self, text: &str, change: bool) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let end = if first.is_alphanumeric() {
                rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
            } else if first.is_whitespace() {
                rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len())
            } else {
                first.len_utf8()
            };
            let (chunk, tail) = rest.split_at(end);
            rest = tail;
            if change && first.is_alphanumeric() {
                self.word(chunk, &mut out);
            } else {
                out.push_str(chunk);
            }
            self.at = match first {
                '.' | '?' | '!' | ':' => At::AfterStop,
                c if c.is_alphanumeric() => At::InWord,
                c if c.is_whitespace() && self.at == At::AfterStop => At::SentenceStart,
                c if is_break(c) => At::AfterWord,
                _ => self.at,
            };
        }
        out
    }

    fn word(&self, word: &str, out: &mut String) {
        let starts = matches!(self.at, At::Start | At::SentenceStart);
        let lower = word.chars().all(char::is_lowercase);
        let mixed = word.chars().any(char::is_uppercase) && word.chars().any(char::is_lowercase);
        let capitalised =
            word.chars().next().is_some_and(char::is_uppercase) && word.chars().skip(1).all(char::is_lowercase);
        let change = match self.case {
            TextCase::Lowercase => return out.push_str(&word.to_lowercase()),
            TextCase::Uppercase => return out.push_str(&word.to_uppercase()),
            TextCase::CapitalizeFirst => lower && self.at == At::Start,
            TextCase::CapitalizeAll => lower && self.at != At::InWord && self.at != At::AfterStop,
            TextCase::SentenceCase if capitalised && !starts => return out.push_str(&word.to_lowercase()),
            TextCase::SentenceCase => lower && starts,
            TextCase::TitleCase if mixed || word.chars().all(char::is_uppercase) => false,
            TextCase::TitleCase => match self.at {
                At::Start | At::SentenceStart => true,
                At::AfterWord => word.chars().nth(1).is_some() && !is_stop_word(word),
                At::LastWord => word.chars().nth(1).is_some(),
                At::InWord | At::AfterStop => false,
            },
        };
        let mut chars = word.chars();
        match chars.next() {
            Some(first) if change => {
                out.extend(first.to_uppercase());
                out.push_str(chars.as_str());
            }
            _ => out.push_str(word),
        }
    }
}

/// True for words that title case leaves in lower case. Source: CSL 1.0.2, "Title Case Conversion".
fn is_stop_word(word: &str) -> bool {
    const STOP_WORDS: &[&str] = &[
        "a", "about", "an", "and", "as", "at", "but", "by", "d", "de", "down", "for", "from", "in", "into", "l", "nor",
        "of", "on", "onto", "or", "over", "so", "the", "till", "to", "up", "van", "via", "von", "with", "yet",
    ];
    STOP_WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_case() {
        let title = |text: &str| plain(&apply(vec![Rich::Text(text.to_owned())], TextCase::TitleCase));
        assert_eq!(title("a study of iPhones: the end to end view"), "A Study of iPhones: The End to End View");
        assert_eq!(title("what we live for"), "What We Live For");
        assert_eq!(title("peer-to-peer state-of-the-art"), "Peer-to-Peer State-of-the-Art");
    }
}
