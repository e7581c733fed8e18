//! Names in BibTeX's syntax and as CSL data writes them.
//!
//! Sources: BibLaTeX manual, "Name Parts" and "Name lists"; CSL 1.0.2, "Names" (particles).

use mlsys_book::{Markup, Name, plain_markup};

/// A character of a list of names, and whether braces protect it.
type Letter = (char, bool);

/// The names of a list separated by `and`. `use_prefix` keeps particles with the family name.
pub(super) fn list(field: &[Markup], use_prefix: bool) -> Vec<Name> {
    let mut letters = Vec::new();
    collect(field, false, &mut letters);
    split_and(&letters).iter().filter_map(|name| one(name, use_prefix)).collect()
}

fn collect(runs: &[Markup], protected: bool, out: &mut Vec<Letter>) {
    for run in runs {
        match run {
            Markup::Text(text) => out.extend(text.chars().map(|c| (c, protected))),
            Markup::NoCase(c) => collect(c, true, out),
            Markup::Italic(_)
            | Markup::Bold(_)
            | Markup::SmallCaps(_)
            | Markup::Superscript(_)
            | Markup::Subscript(_)
            | Markup::Quoted(_)
            | Markup::Code(_)
            | Markup::Math(_)
            | Markup::Link(..) => {
                out.extend(plain_markup(std::slice::from_ref(run)).chars().map(|c| (c, protected)));
            }
        }
    }
}

/// Splits at the word `and` outside braces.
fn split_and(letters: &[Letter]) -> Vec<Vec<Letter>> {
    let mut names = vec![Vec::new()];
    for word in words(letters) {
        if word.len() == 3 && word.iter().zip("and".chars()).all(|(l, c)| *l == (c, false)) {
            names.push(Vec::new());
        } else if let Some(name) = names.last_mut() {
            if !name.is_empty() {
                name.push((' ', false));
            }
            name.extend(word);
        }
    }
    names
}

fn words(letters: &[Letter]) -> Vec<Vec<Letter>> {
    letters
        .split(|(c, protected)| !protected && (c.is_whitespace() || *c == '\u{a0}'))
        .filter(|w| !w.is_empty())
        .map(<[Letter]>::to_vec)
        .collect()
}

fn text(letters: &[Letter]) -> String {
    letters.iter().map(|l| l.0).collect()
}

fn joined(words: &[Vec<Letter>]) -> Option<String> {
    let text = words.iter().map(|w| text(w)).collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// True if the first letter outside braces that counts is a capital; a word that is wholly in braces counts as one.
fn is_capitalised(word: &[Letter]) -> bool {
    match word.iter().find(|(c, protected)| !protected && !c.is_numeric()) {
        None => word.iter().any(|l| l.1) || word.is_empty(),
        Some((c, _)) => c.is_uppercase(),
    }
}

/// The letters of a word.
type Word = Vec<Letter>;

fn one(letters: &[Letter], use_prefix: bool) -> Option<Name> {
    if letters.is_empty() {
        return None;
    }
    if letters.iter().all(|l| l.1) || text(letters) == "others" {
        return Some(Name { literal: Some(text(letters)), ..Name::default() });
    }
    if let Some(name) = extended(letters) {
        return Some(name);
    }
    let spaced = space_initials(letters);
    let parts: Vec<Vec<Word>> = spaced.split(|l| *l == (',', false)).map(words).collect();
    let (first, von_last, junior): (&[Word], &[Word], &[Word]) = match parts.as_slice() {
        [all] => {
            // First names are the capitalised words before the first word in lower case, or all but the last word.
            let capitals = all.iter().take_while(|w| is_capitalised(w)).count();
            let split = if capitals == all.len() { capitals.saturating_sub(1) } else { capitals };
            (&all[..split], &all[split..], &[])
        }
        [von_last, first] => (first, von_last, &[]),
        [von_last, junior, first, ..] => (first, von_last, junior),
        [] => return None,
    };
    // The particle is what is before the first capitalised word of the family name; the last word is never one.
    let particles = von_last.iter().take_while(|w| !is_capitalised(w)).count().min(von_last.len().saturating_sub(1));
    let particle = joined(&von_last[..particles]);
    let (dropping_particle, non_dropping_particle) = if use_prefix { (None, particle) } else { (particle, None) };
    let name = Name {
        family: joined(&von_last[particles..]),
        given: joined(first),
        dropping_particle,
        non_dropping_particle,
        suffix: joined(junior),
        comma_suffix: false,
        literal: None,
    };
    (name != Name::default()).then_some(name)
}

/// `given=Jan, prefix=van, family=Berg`. Source: BibLaTeX manual, "Extended Name Format".
fn extended(letters: &[Letter]) -> Option<Name> {
    let mut name = Name::default();
    let mut known = false;
    let mut use_prefix = false;
    for part in letters.split(|l| *l == (',', false)) {
        let at = part.iter().position(|l| *l == ('=', false))?;
        let value = text(&part[at + 1..]).trim().trim_matches('"').to_owned();
        match text(&part[..at]).trim() {
            "given" => name.given = Some(value),
            "family" => name.family = Some(value),
            "prefix" => name.dropping_particle = Some(value),
            "suffix" => name.suffix = Some(value),
            "useprefix" => use_prefix = value == "true",
            _ => continue,
        }
        known = true;
    }
    if use_prefix {
        name.non_dropping_particle = name.dropping_particle.take();
    }
    known.then_some(name)
}

/// `J.R. Smith` is `J. R. Smith`.
fn space_initials(letters: &[Letter]) -> Vec<Letter> {
    let lone_capital = |at: usize| {
        let capital = letters.get(at).is_some_and(|(c, protected)| !protected && c.is_uppercase());
        let ends = |i: Option<usize>| {
            i.and_then(|i| letters.get(i)).is_none_or(|(c, _)| c.is_whitespace() || matches!(c, '.' | ',' | '\u{a0}'))
        };
        capital && ends(at.checked_sub(1)) && ends(Some(at + 1))
    };
    let mut out = Vec::with_capacity(letters.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        out.push(*letter);
        if letter.0 == '.' && at > 0 && lone_capital(at - 1) && lone_capital(at + 1) {
            out.push((' ', false));
        }
    }
    out
}

/// Takes particles and suffixes out of the family and given names of CSL data, as the specification asks of processors.
pub(super) fn extract_particles(mut name: Name) -> Name {
    let particle_word = |w: &str| w.chars().all(|c| c.is_lowercase() || matches!(c, '\'' | '’' | '-' | '–' | '.'));
    if name.suffix.is_none()
        && let Some((given, suffix)) = name.given.as_deref().and_then(|g| g.split_once(','))
        && !given.is_empty()
        && !suffix.is_empty()
    {
        name.comma_suffix = suffix.starts_with('!');
        name.suffix = Some(suffix.trim_start_matches('!').trim().to_owned());
        name.given = Some(given.to_owned());
    }
    if name.non_dropping_particle.is_none()
        && let Some(family) = name.family.clone()
    {
        let words: Vec<&str> = family.split_whitespace().collect();
        let particles = words.iter().take_while(|w| particle_word(w)).count();
        if particles > 0 && particles < words.len() {
            name.non_dropping_particle = Some(words[..particles].join(" "));
            name.family = Some(words[particles..].join(" "));
        }
    }
    if name.dropping_particle.is_none()
        && let Some(given) = name.given.clone()
    {
        let words: Vec<&str> = given.split_whitespace().collect();
        let names = words.iter().take_while(|w| !particle_word(w)).count();
        if names > 0 && names < words.len() && words[names..].iter().all(|w| particle_word(w)) {
            name.given = Some(words[..names].join(" "));
            name.dropping_particle = Some(words[names..].join(" "));
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bibliography::tex;

    #[test]
    fn parts() {
        let name = |text: &str| list(&tex::read(text), false).remove(0);
        assert_eq!(name("J.R. Smith").given.as_deref(), Some("J. R."));
        assert_eq!(name("van der Berg, Jan").dropping_particle.as_deref(), Some("van der"));
        assert_eq!(name("de la Cruz, Jr., Al").suffix.as_deref(), Some("Jr."));
        assert_eq!(name("John {Von Neumann}").family.as_deref(), Some("Von Neumann"));
        assert_eq!(name("{Barnes and Noble}").literal.as_deref(), Some("Barnes and Noble"));
        assert_eq!(list(&tex::read("A, B and others"), false).len(), 2);
    }
}
