//! Text to the words that the search knows. `themes/search/` does the same to what a reader types; the two change together.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How long a word may be, in characters; longer ones are data, not words.
const LONGEST: usize = 40;

/// Calls `f` with every word of a text: letters, digits and their marks, between anything else. Writing without spaces between
/// words (Chinese, Japanese, Thai, Khmer ...) gives its pairs of neighbours and the last character alone, so that every
/// character begins a word. The part after an apostrophe is a word if it is longer than a letter (`model's`, `l'index`).
pub(super) fn tokens(text: &str, mut f: impl FnMut(&str)) {
    let mut before = ' ';
    let mut rest = text;
    while let Some(start) = rest.find(is_word) {
        if let Some(c) = rest[..start].chars().next_back() {
            before = c;
        }
        let word = &rest[start..];
        let joined = word.chars().next().is_some_and(is_joined);
        let end = word.find(|c| !is_word(c) || is_joined(c) != joined).unwrap_or(word.len());
        let (word, after) = word.split_at(end);
        if joined {
            neighbours(word, &mut f);
        } else {
            let is_apostrophe = |c: Option<char>| matches!(c, Some('\'' | '’'));
            let letter = word.chars().nth(1).is_none();
            let elided = letter && (is_apostrophe(Some(before)) || is_apostrophe(after.chars().next()));
            if !elided && word.chars().nth(LONGEST).is_none() {
                f(word);
            }
        }
        before = word.chars().next_back().unwrap_or(' ');
        rest = after;
    }
}

fn neighbours(word: &str, f: &mut impl FnMut(&str)) {
    let mut starts = word.char_indices().map(|(at, _)| at).chain([word.len()]);
    let (mut first, mut second) = (starts.next(), starts.next());
    while let (Some(from), Some(to)) = (first, second) {
        let third = starts.next();
        if let Some(pair) = word.get(from..third.unwrap_or(to)) {
            f(pair);
        }
        (first, second) = (second, third);
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || (!c.is_ascii() && (c.is_alphanumeric() || is_combining_mark(c)))
}

/// True for characters of scripts without spaces between words.
fn is_joined(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3005..=0x3007 | 0x3041..=0x30FF | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// A word as it is compared: lower case, without the accents of Latin, Greek and Cyrillic letters, ligatures in letters.
pub(super) fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let plain: String = word.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).nfkc().collect();
    let mut out = String::with_capacity(plain.len());
    for c in plain.to_lowercase().chars() {
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'đ' | 'ð' => out.push('d'),
            'ł' => out.push('l'),
            'ı' => out.push('i'),
            'ς' => out.push('σ'),
            '\u{300}'..='\u{36f}' => {}
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        tokens(text, |word| found.push(folded(word)));
        found
    }

    #[test]
    fn words_of_texts() {
        assert_eq!(
            words("The model's 8-bit weights, don't they?"),
            ["the", "model", "8", "bit", "weights", "don", "they"]
        );
        assert_eq!(
            words("L’apprentissage fédéré; Größe, naïve, ŁÓDŹ"),
            ["apprentissage", "federe", "grosse", "naive", "lodz"]
        );
        assert_eq!(words("TensorFlow_2 R²"), ["tensorflow", "2", "r2"]);
        assert_eq!(words("GPU加速学习 と"), ["gpu", "加速", "速学", "学习", "习", "と"]);
        assert_eq!(words("한국어 машинное ὁδός"), ["한국어", "машинное", "οδοσ"]);
        assert_eq!(words(&"x".repeat(41)), [""; 0]);
    }
}
