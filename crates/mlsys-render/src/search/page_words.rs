//! The words of a page, packed.

use super::postings::{decode, encode};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// The words of a page in ascending order.
///
/// One text instead of a value for each word: a book has a hundred thousand of them, and every build reads those of all pages.
/// Each line has the folded word, its spelling if that differs, and its postings, separated by tabs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageWords(String);

/// A word of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageWord<'a> {
    /// The folded word, for comparison.
    pub word: &'a str,
    spelling: &'a str,
    postings: &'a str,
}

/// The uses of a word on a page.
pub(super) struct WordUses {
    /// A spelling in lower case, for the stemmer.
    pub spelling: String,
    /// The sections with the word, in order, each with the number of occurrences.
    pub places: Vec<(u32, u32)>,
}

impl PageWords {
    /// Packs words, by their folded form.
    pub(super) fn new(words: FxHashMap<String, WordUses>) -> Self {
        let mut words: Vec<(String, WordUses)> = words.into_iter().collect();
        words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut out = String::new();
        for (word, WordUses { spelling, places }) in &words {
            out.push_str(word);
            out.push('\t');
            if spelling != word {
                out.push_str(spelling);
            }
            out.push('\t');
            encode(places.iter().copied(), &mut out);
            out.push('\n');
        }
        out.shrink_to_fit();
        PageWords(out)
    }

    /// The words in order.
    pub fn iter(&self) -> impl Iterator<Item = PageWord<'_>> {
        self.0.split_terminator('\n').map(PageWord::of_line)
    }

    /// The entry of a folded word.
    pub fn get(&self, word: &str) -> Option<PageWord<'_>> {
        let mut rest = self.0.as_str();
        while !rest.is_empty() {
            let middle = rest.as_bytes()[..rest.len() / 2].iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
            let end = rest[middle..].find('\n').map_or(rest.len(), |length| middle + length);
            let entry = PageWord::of_line(&rest[middle..end]);
            match entry.word.cmp(word) {
                std::cmp::Ordering::Equal => return Some(entry),
                std::cmp::Ordering::Less => rest = rest.get(end + 1..).unwrap_or(""),
                std::cmp::Ordering::Greater => rest = &rest[..middle],
            }
        }
        None
    }
}

impl<'a> PageWord<'a> {
    fn of_line(line: &'a str) -> Self {
        let (word, rest) = line.split_once('\t').unwrap_or((line, ""));
        let (spelling, postings) = rest.split_once('\t').unwrap_or(("", rest));
        PageWord { word, spelling, postings }
    }

    /// A spelling in lower case, for the stemmer.
    pub fn spelling(&self) -> &'a str {
        if self.spelling.is_empty() { self.word } else { self.spelling }
    }

    /// The page's sections with the word, each with the number of occurrences.
    pub fn places(&self) -> impl Iterator<Item = (u32, u32)> + use<'a> {
        decode(self.postings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_in_its_place() {
        let uses = |word: &str| WordUses { spelling: word.replace('e', "é"), places: vec![(word.len() as u32, 2)] };
        let all = ["pear", "apple", "fig", "a", "cherry", "plum"];
        let words = PageWords::new(all.into_iter().map(|word| (word.to_owned(), uses(word))).collect());
        assert_eq!(
            words.iter().map(|word| word.word).collect::<Vec<_>>(),
            ["a", "apple", "cherry", "fig", "pear", "plum"]
        );
        for word in all {
            let entry = words.get(word).expect("a word");
            assert_eq!((entry.word, entry.spelling()), (word, word.replace('e', "é").as_str()));
            assert_eq!(entry.places().collect::<Vec<_>>(), [(word.len() as u32, 2)]);
        }
        assert_eq!(["", "b", "figs", "z"].map(|word| words.get(word)), [None; 4]);
        assert_eq!(PageWords::default().get("a"), None);
    }
}
