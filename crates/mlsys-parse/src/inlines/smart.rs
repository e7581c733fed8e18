//! Smart punctuation: quotation marks and abbreviations. `build` converts dashes and ellipses.
//!
//! Source: Pandoc manual, "Extension: smart".

/// A straight quotation mark or apostrophe in the text.
pub(super) struct Quote {
    pub at: usize,
    pub double: bool,
    /// True if a letter, a digit or the end of emphasis precedes.
    pub after_word: bool,
    /// True if white space follows.
    pub before_space: bool,
    /// True if a letter or digit follows.
    pub before_word: bool,
}

/// The typographic character for each mark, in order.
///
/// A mark opens a quotation if none of its kind is open, no word precedes and no white space follows. It closes an open
/// quotation; a single mark not before a word. A mark that is never closed is no quotation: a double one is then a left
/// mark, a single one an apostrophe.
pub(super) fn curl(quotes: &[Quote]) -> Vec<char> {
    let mut curled: Vec<char> = quotes.iter().map(|q| if q.double { '”' } else { '’' }).collect();
    let last_double = quotes.iter().rposition(|q| q.double).unwrap_or(0);
    let last_single = quotes.iter().rposition(|q| !q.double && !q.before_word).unwrap_or(0);
    // The open quotations, innermost last.
    let mut open: Vec<usize> = Vec::new();
    for (i, quote) in quotes.iter().enumerate() {
        let top = open.last().map(|o| quotes[*o].double);
        if quote.double {
            // A single quotation that can no longer be closed was an apostrophe.
            if top == Some(false) && last_single <= i {
                open.pop();
            }
            if open.last().is_some_and(|o| quotes[*o].double) {
                if let Some(opened) = open.pop() {
                    curled[opened] = '“';
                }
            } else if !quote.before_space && !quote.after_word {
                curled[i] = '“';
                if last_double > i {
                    open.push(i);
                }
            }
        } else if top == Some(false) && !quote.before_word {
            // There is no empty quotation.
            if let Some(opened) = open.pop().filter(|o| quotes[*o].at + 1 < quote.at) {
                curled[opened] = '‘';
            }
        } else if top != Some(false) && !quote.after_word && !quote.before_space && last_single > i {
            open.push(i);
        }
    }
    curled
}

/// True if a no-break space follows this word. Source: Pandoc's default list of abbreviations.
pub(super) fn is_abbreviation(word: &str) -> bool {
    matches!(
        word,
        "aet."
            | "aetat."
            | "al."
            | "Apr."
            | "Aug."
            | "bk."
            | "Bros."
            | "c."
            | "Capt."
            | "cf."
            | "ch."
            | "chap."
            | "chs."
            | "Co."
            | "col."
            | "Corp."
            | "cp."
            | "d."
            | "Dec."
            | "Dr."
            | "e.g."
            | "ed."
            | "eds."
            | "esp."
            | "f."
            | "fasc."
            | "Feb."
            | "ff."
            | "fig."
            | "fl."
            | "fol."
            | "fols."
            | "Fr."
            | "Gen."
            | "Gov."
            | "Hon."
            | "i.e."
            | "ill."
            | "Inc."
            | "incl."
            | "Jan."
            | "Jr."
            | "Jul."
            | "Jun."
            | "Ltd."
            | "M.A."
            | "M.D."
            | "Mar."
            | "Mr."
            | "Mrs."
            | "Ms."
            | "n."
            | "n.b."
            | "nn."
            | "No."
            | "Nov."
            | "Oct."
            | "p."
            | "Ph.D."
            | "pp."
            | "Pres."
            | "Prof."
            | "pt."
            | "q.v."
            | "Rep."
            | "Rev."
            | "s.v."
            | "s.vv."
            | "saec."
            | "sec."
            | "Sen."
            | "Sep."
            | "Sept."
            | "Sgt."
            | "Sr."
            | "St."
            | "univ."
            | "viz."
            | "vol."
            | "vs."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curled(text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let is = |at: Option<usize>, f: fn(char) -> bool| at.and_then(|at| chars.get(at)).is_some_and(|c| f(*c));
        let quotes: Vec<Quote> = chars
            .iter()
            .enumerate()
            .filter(|(_, c)| matches!(c, '"' | '\''))
            .map(|(at, c)| Quote {
                at,
                double: *c == '"',
                after_word: is(at.checked_sub(1), char::is_alphanumeric),
                before_space: is(Some(at + 1), char::is_whitespace),
                before_word: is(Some(at + 1), char::is_alphanumeric),
            })
            .collect();
        let mut out = chars.clone();
        quotes.iter().zip(curl(&quotes)).for_each(|(q, c)| out[q.at] = c);
        out.into_iter().collect()
    }

    #[test]
    fn quotation_marks_pair_up() {
        assert_eq!(curled(r#""a 'b' c" it's"#), "“a ‘b’ c” it’s");
        assert_eq!(curled(r#"5'6" and "open"#), "5’6” and “open");
        assert_eq!(curled(r#"'tis the '20s"#), "’tis the ’20s");
        assert_eq!(curled(r#""a 'b" c"#), "“a ’b” c");
    }
}
