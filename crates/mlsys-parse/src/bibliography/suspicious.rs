//! Entries whose content contradicts their key: `sutskever2014sequence` with a book by Zeh from 2024.
//!
//! Tools that look up a DOI by title and take the nearest hit make such entries. Keys are arbitrary, so this is only a hint, and it
//! needs two signs: no author of the key's name, and either another year, or none of the key's words in the title, or a key that
//! is only a name and a year.

use mlsys_book::{Code, Diagnostic, Name, Work};

/// The similarity above which names count as equal, in spite of accents and typos.
const ALIKE: f64 = 0.86;

/// The number of letters of a word that must be in the title: endings may differ ("quantizing", "quantized").
const STEM: usize = 5;

/// The variables with a work's titles, or with the people and organisations behind it.
const TITLES: [&str; 6] = ["title", "title-short", "container-title", "collection-title", "event-title", "publisher"];

/// The parts of a key.
struct Named {
    author: String,
    year: i32,
    /// The rest after the year: usually a word of the title.
    word: Option<String>,
    /// True if the key is a name with a capital and a year, as reference managers make them.
    bare: bool,
}

/// A hint when the key names another author than the entry, and another year or title.
pub(super) fn suspicious(work: &Work) -> Option<Diagnostic> {
    let Named { author, year, word, bare } = named(&work.key)?;
    let issued = work.dates.get("issued").and_then(|date| date.parts.first()?.year);
    let people: Vec<&Name> = work.names.values().flatten().collect();
    let titles: Vec<String> = TITLES.iter().filter_map(|variable| work.text(variable)).collect();
    // A key may also name an organisation, a journal or the work itself: `mlir_framework_2021`. A name in the genitive in a
    // title (`Kuhn's Structure`) is the subject of the work.
    let first = letters(work.key.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default());
    let names = |title: &String| {
        let title = letters(&without_genitives(title));
        title.contains(&author) || first.len() >= 4 && title.contains(&first)
    };
    if people.is_empty() || titles.iter().any(names) || people.iter().any(|name| is_named(name, &author)) {
        return None;
    }
    let who = people.first().map_or_else(String::new, |name| display(name));
    let other_year = issued.filter(|issued| *issued != year);
    let other_word = word.filter(|word| {
        let stem: String = word.chars().take(STEM).collect();
        !titles.iter().any(|title| letters(title).contains(&stem))
    });
    let message = match (other_year, other_word) {
        (Some(issued), _) => {
            format!("the key `{}` suggests {author} {year}, but the entry is by {who}, {issued}", work.key)
        }
        (None, Some(word)) => {
            format!(
                "the key `{}` suggests {author} and `{word}`, but the entry is by {who} and its title does not contain that word",
                work.key
            )
        }
        (None, None) if bare => format!("the key `{}` suggests {author}, but the entry is by {who}", work.key),
        (None, None) => return None,
    };
    let hint = "check that this is the work you mean, or rename the key";
    Some(Diagnostic::new(Code::SuspiciousEntry, work.place, message).hint(hint))
}

/// `sutskever`, 2014 and `sequence` of `sutskever2014sequence`.
fn named(key: &str) -> Option<Named> {
    let digits = key.find(|c: char| c.is_ascii_digit())?;
    let (before, rest) = key.split_at(digits);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (year, word) = rest.split_at(end);
    let year: i32 = Some(year).filter(|year| year.len() == 4)?.parse().ok()?;
    let (author, word) = (letters(before), letters(word));
    // `2020a` and `2020b` are two works of a year.
    let bare = word.len() < 3 && before.starts_with(char::is_uppercase) && before.chars().all(char::is_alphabetic);
    let word = Some(word).filter(|word| word.len() >= 3);
    ((1800..2100).contains(&year) && author.len() >= 3).then_some(Named { author, year, word, bare })
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
        // An organisation whose name was taken for a person's.
        || initials(&parts_in_order(name)) == author
        || strsim::jaro_winkler(&family.chars().take(author.chars().count()).collect::<String>(), author) >= ALIKE
}

fn parts_in_order(name: &Name) -> String {
    [&name.given, &name.family].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
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
