//! Entries that are not the work that their key names: `sutskever2014sequence` with a book by Zeh from 2024.
//!
//! Databases get such entries from tools that look up a DOI by the title and take the nearest hit. Keys are free, so this is a
//! hint, and it needs both author and year to be others.

use mlsys_book::{Code, Diagnostic, Name, Work};

/// Names at least so alike count as the same: accents and typing errors.
const ALIKE: f64 = 0.86;

/// A hint when the key names another author and another year than the entry.
pub(super) fn suspicious(work: &Work) -> Option<Diagnostic> {
    let (author, year) = author_and_year(&work.key)?;
    let issued = work.dates.get("issued")?.parts.first()?.year?;
    let people: Vec<&Name> = work.names.values().flatten().collect();
    let titles = ["title", "container-title", "publisher"].iter().filter_map(|variable| work.text(variable));
    // A key may also name an organisation, a journal or the work itself: `mlir_framework_2021`. Who stands in a title in the
    // genitive (`Kuhn's Structure`) is whom the work is about.
    let first = letters(work.key.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default());
    let names = |title: &str| {
        let title = letters(&without_genitives(title));
        title.contains(&author) || first.len() >= 4 && title.contains(&first)
    };
    let named = titles.into_iter().any(|title| names(&title));
    if issued == year || named || people.is_empty() || people.iter().any(|name| is_named(name, &author)) {
        return None;
    }
    let who = people.first().map_or_else(String::new, |name| display(name));
    let message = format!("the key `{}` names {author} {year}, the entry is by {who}, {issued}", work.key);
    let hint = "compare title and authors with the work that you mean, or give the entry a key of its own";
    Some(Diagnostic::new(Code::SuspiciousEntry, work.place, message).hint(hint))
}

/// `sutskever` and 2014 of `sutskever2014sequence`.
fn author_and_year(key: &str) -> Option<(String, i32)> {
    let digits = key.find(|c: char| c.is_ascii_digit())?;
    let (author, rest) = key.split_at(digits);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let year: i32 = rest.get(..end).filter(|year| year.len() == 4)?.parse().ok()?;
    let author = letters(author);
    ((1800..2100).contains(&year) && author.len() >= 3).then_some((author, year))
}

fn is_named(name: &Name, author: &str) -> bool {
    let parts = [&name.family, &name.given, &name.literal, &name.non_dropping_particle];
    let family = name.family.as_deref().or(name.literal.as_deref()).map(letters).unwrap_or_default();
    let whole: String = parts.iter().filter_map(|part| part.as_deref()).map(letters).collect();
    let initials = |text: &str| letters(&text.split_whitespace().filter_map(|w| w.chars().next()).collect::<String>());
    family.len() >= 2 && (author.contains(&family) || family.contains(author))
        || whole.contains(author)
        || name.given.as_deref().map(letters).is_some_and(|given| given.len() >= 4 && author.starts_with(&given))
        || name.literal.as_deref().is_some_and(|literal| initials(literal) == author)
        || strsim::jaro_winkler(&family.chars().take(author.chars().count()).collect::<String>(), author) >= ALIKE
}

fn without_genitives(title: &str) -> String {
    let words = title.split_whitespace().filter(|word| !word.ends_with("'s") && !word.ends_with("’s"));
    words.collect::<Vec<_>>().join(" ")
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

fn display(name: &Name) -> String {
    name.family.clone().or_else(|| name.literal.clone()).or_else(|| name.given.clone()).unwrap_or_default()
}
