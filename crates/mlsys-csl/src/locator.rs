//! Locators at the start of a cite's suffix: `p. 3`, `chap. 2`, `pp. 33-35, 38`, `{iv, extra}`.
//!
//! Source: Pandoc manual, "Citation syntax".

use crate::locale::Terms;
use crate::rich::{Rich, plain};
use citationberg::TermForm;
use citationberg::taxonomy::{Locator, Term};
use rustc_hash::FxHashMap;

/// A part of a work.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ItemLocator {
    /// `None` for words in braces that name no part of a work: `{Theorem 6.3}`.
    pub label: Option<Locator>,
    pub text: String,
}

/// The labels of locators in a language, in lower case.
pub(crate) struct Labels(FxHashMap<String, Locator>);

/// The most tokens of a label.
const LONGEST_LABEL: usize = 12;

impl Labels {
    pub fn new(terms: &Terms<'_>) -> Self {
        const LOCATORS: &[Locator] = &[
            Locator::Book,
            Locator::Chapter,
            Locator::Column,
            Locator::Figure,
            Locator::Folio,
            Locator::Issue,
            Locator::Line,
            Locator::Note,
            Locator::Opus,
            Locator::Page,
            Locator::Paragraph,
            Locator::Part,
            Locator::Section,
            Locator::SubVerbo,
            Locator::Verse,
            Locator::Volume,
            Locator::Table,
            Locator::Equation,
            Locator::Appendix,
        ];
        let mut map = FxHashMap::default();
        for locator in LOCATORS.iter().rev() {
            for form in [TermForm::Long, TermForm::Short, TermForm::Symbol] {
                for term in terms.exact(Term::Locator(*locator), form) {
                    for word in [term.single(), term.multiple()].into_iter().flatten() {
                        map.insert(word.trim().to_lowercase(), *locator);
                    }
                }
            }
        }
        Labels(map)
    }

    /// Splits a suffix into the locator at its start and the rest.
    pub fn take(&self, mut suffix: Vec<Rich>) -> (Option<ItemLocator>, Vec<Rich>) {
        let Some(Rich::Text(first)) = suffix.first() else { return (None, suffix) };
        // A locator in braces is plain text, so markup in it does not matter.
        let begins = first.trim_start_matches(',').trim_start();
        if begins.starts_with('{') && !first.contains('}') {
            suffix = vec![Rich::Text(plain(&suffix))];
        }
        let Some(Rich::Text(first)) = suffix.first() else { return (None, suffix) };
        let first = first.clone();
        let tokens = tokenize(&first);
        let mut at = 0;
        if tokens.first() == Some(&",") {
            at += 1;
        }
        if tokens.get(at).is_some_and(|t| is_space(t)) {
            at += 1;
        }
        let integrated = || self.integrated(&tokens, at).map(|(label, text, end)| (Some(label), text, end));
        let locator = self.delimited(&tokens, at).or_else(integrated);
        match locator {
            Some((label, text, end)) => {
                let rest: String = tokens[end..].concat();
                suffix[0] = Rich::Text(rest);
                (Some(ItemLocator { label, text: text.trim().to_owned() }), suffix)
            }
            None => {
                // Without a locator a comma separates the suffix, unless it begins with punctuation.
                let own = first.chars().next().is_none_or(|c| c.is_whitespace() || is_punctuation(c));
                if !own {
                    suffix.insert(0, Rich::Text(", ".to_owned()));
                }
                (None, suffix)
            }
        }
    }

    /// `{p. 3, with a comma}`
    fn delimited(&self, tokens: &[&str], at: usize) -> Option<(Option<Locator>, String, usize)> {
        if tokens.get(at) != Some(&"{") {
            return None;
        }
        let mut depth = 0usize;
        let close = (at..tokens.len()).find(|i| {
            match tokens[*i] {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            depth == 0
        })?;
        let mut start = at + 1;
        while tokens.get(start).is_some_and(|t| is_space(t)) {
            start += 1;
        }
        let longest = close.min(start + LONGEST_LABEL);
        let label = (start + 1..=longest).rev().find_map(|end| {
            let word = tokens.get(start..end)?.concat();
            self.0.get(word.trim().to_lowercase().as_str()).map(|l| (*l, end))
        });
        // Numbers alone mean pages.
        let is_number = tokens.get(start).is_some_and(|word| has_digit(word) || is_roman(word));
        let (label, start) = match label {
            Some((label, start)) => (Some(label), start),
            None => (is_number.then_some(Locator::Page), start),
        };
        Some((label, tokens.get(start..close)?.concat(), close + 1))
    }

    /// A label and numbers, or numbers alone, which mean pages.
    fn integrated(&self, tokens: &[&str], at: usize) -> Option<(Locator, String, usize)> {
        let longest = tokens.len().min(at + LONGEST_LABEL);
        let labelled = (at + 1..=longest).rev().find_map(|end| {
            let label = *self.0.get(tokens[at..end].concat().trim().to_lowercase().as_str())?;
            let (text, next, numeric) = word(tokens, end, true)?;
            numeric.then_some((label, text, next))
        });
        let implicit = labelled.is_none();
        let (label, mut text, mut at) = match labelled {
            Some(labelled) => labelled,
            None => {
                let (text, next, _) = word(tokens, at, true)?;
                has_digit(&text).then_some((Locator::Page, text, next))?
            }
        };
        while let Some((more, next, numeric)) = word(tokens, at, false) {
            if implicit && !has_digit(&more) || !implicit && !numeric {
                break;
            }
            text.push_str(&more);
            at = next;
        }
        Some((label, text, at))
    }
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}

fn is_space(token: &str) -> bool {
    token.chars().all(char::is_whitespace)
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() && !matches!(c, '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~')
        || matches!(c, '–' | '—' | '‘' | '’' | '“' | '”' | '…' | '«' | '»' | '§' | '¶')
}

/// Splits at spaces and punctuation, which are tokens, too. A colon is part of a word.
fn tokenize(text: &str) -> Vec<&str> {
    let splits = |c: char| c.is_whitespace() || is_punctuation(c) && c != ':';
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if splits(first) { first.len_utf8() } else { rest.find(splits).unwrap_or(rest.len()) };
        out.push(&rest[..end]);
        rest = &rest[end..];
    }
    out
}

/// A word of a locator: its text, its end, and whether it is a number, in digits or Roman numerals.
fn word(tokens: &[&str], at: usize, first: bool) -> Option<(String, usize, bool)> {
    let mut at = at;
    let mut text = String::new();
    if !first && matches!(tokens.get(at), Some(&("," | ";"))) {
        text.push_str(tokens[at]);
        at += 1;
    }
    if tokens.get(at).is_some_and(|t| is_space(t)) {
        text.push(' ');
        at += 1;
    }
    let (mut any, mut numeric) = (false, false);
    loop {
        let close = match tokens.get(at) {
            Some(&"(") => ")",
            Some(&"[") => "]",
            Some(&"{") => "}",
            _ => "",
        };
        let inner = pages(tokens, at + usize::from(!close.is_empty()));
        match (close.is_empty(), inner) {
            (true, Some((part, next, digits))) => {
                text.push_str(&part);
                numeric |= digits;
                at = next;
            }
            (false, inner) => {
                let (part, next, digits) = inner.unwrap_or((String::new(), at + 1, false));
                if tokens.get(next) != Some(&close) {
                    break;
                }
                text.push_str(tokens[at]);
                text.push_str(&part);
                text.push_str(close);
                numeric |= digits;
                at = next + 1;
            }
            (true, None) => break,
        }
        any = true;
    }
    any.then_some((text, at, numeric))
}

/// `12`, `1.2`, `33-35`, `XVII`, without a full stop at the end.
fn pages(tokens: &[&str], at: usize) -> Option<(String, usize, bool)> {
    let (mut at, mut text, mut numeric, mut any) = (at, String::new(), false, false);
    loop {
        let dot = tokens.get(at) == Some(&".");
        let Some((unit, next, digits)) = unit(tokens, at + usize::from(dot)).filter(|_| dot || !any) else { break };
        if dot {
            text.push('.');
        }
        text.push_str(&unit);
        numeric |= digits;
        at = next;
        any = true;
    }
    any.then_some((text, at, numeric))
}

fn unit(tokens: &[&str], at: usize) -> Option<(String, usize, bool)> {
    let inside = |t: &&str| {
        let c = t.chars().next().unwrap_or(' ');
        !c.is_whitespace() && (matches!(c, '-' | '–' | ':') || !is_punctuation(c))
    };
    let end = at + tokens.get(at..)?.iter().take_while(|t| inside(t)).count();
    if end == at {
        return None;
    }
    let text = tokens[at..end].concat();
    let roman = tokens[at..end].iter().any(|t| is_roman(t));
    let numeric = has_digit(&text) || roman;
    Some((text, end, numeric))
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.len() < 16 && word.chars().all(|c| "ivxlcdmIVXLCDM".contains(c)) && {
        let upper = word.to_ascii_uppercase();
        !["IIII", "VV", "XXXX", "LL", "CCCC", "DD", "IL", "IC", "ID", "IM", "XD", "XM", "VX", "LC", "DM"]
            .iter()
            .any(|bad| upper.contains(bad))
    }
}
