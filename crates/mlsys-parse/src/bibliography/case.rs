//! Sentence case. BibTeX titles are in title case, with braces around words that must keep their case; CSL requires sentence case.
//! So English titles are converted, as in Pandoc, and styles capitalise them again.

use mlsys_book::Markup;

/// The position of a word in its sentence.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Start,
    SentenceStart,
    AfterSpace,
    InWord,
    AfterStop,
}

/// A title in sentence case: capitalised words lose their capital, except at the start and after `.`, `?`, `!` and `:`. Words in
/// braces and words with other capitals stay.
pub(super) fn sentence_case(title: Vec<Markup>) -> Vec<Markup> {
    let mut at = At::Start;
    walk(title, &mut at)
}

fn walk(runs: Vec<Markup>, at: &mut At) -> Vec<Markup> {
    runs.into_iter()
        .map(|run| match run {
            Markup::Text(text) => Markup::Text(words(&text, at, true)),
            Markup::Italic(c) => Markup::Italic(walk(c, at)),
            Markup::Bold(c) => Markup::Bold(walk(c, at)),
            Markup::Quoted(c) => Markup::Quoted(walk(c, at)),
            Markup::Link(url, c) => Markup::Link(url, walk(c, at)),
            protected @ (Markup::NoCase(_)
            | Markup::SmallCaps(_)
            | Markup::Superscript(_)
            | Markup::Subscript(_)
            | Markup::Code(_)
            | Markup::Math(_)) => {
                words(&mlsys_book::plain_markup(std::slice::from_ref(&protected)), at, false);
                protected
            }
        })
        .collect()
}

fn words(text: &str, at: &mut At, change: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first.is_alphanumeric() {
            rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (chunk, tail) = rest.split_at(end);
        rest = tail;
        if change && first.is_alphanumeric() {
            let capitalised = first.is_uppercase() && chunk.chars().skip(1).all(char::is_lowercase);
            let start = matches!(at, At::Start | At::SentenceStart);
            if capitalised && !start {
                out.extend(chunk.chars().flat_map(char::to_lowercase));
            } else if start && chunk.chars().all(char::is_lowercase) {
                out.extend(first.to_uppercase());
                out.push_str(&chunk[first.len_utf8()..]);
            } else {
                out.push_str(chunk);
            }
        } else {
            out.push_str(chunk);
        }
        *at = match first {
            '.' | '?' | '!' | ':' => At::AfterStop,
            c if c.is_alphanumeric() => At::InWord,
            c if c.is_whitespace() && *at == At::AfterStop => At::SentenceStart,
            c if c.is_whitespace() || matches!(c, '-' | '/' | '–' | '—') => At::AfterSpace,
            _ => *at,
        };
    }
    out
}

/// Drops protecting braces without a lower-case word, which a style could not change anyway: `{GPU}`, but not `{iPhone}`.
pub(super) fn release(runs: Vec<Markup>) -> Vec<Markup> {
    let mut out: Vec<Markup> = Vec::new();
    let mut inside_word = false;
    for run in runs {
        let ends_in_word =
            mlsys_book::plain_markup(std::slice::from_ref(&run)).chars().last().is_some_and(char::is_alphanumeric);
        match run {
            Markup::NoCase(c) => {
                let lower = !inside_word && c.iter().any(has_lower_case_word);
                if lower {
                    out.push(Markup::NoCase(release_inner(c)));
                } else {
                    out.extend(release(c));
                }
            }
            Markup::Italic(c) => out.push(Markup::Italic(release(c))),
            Markup::Bold(c) => out.push(Markup::Bold(release(c))),
            Markup::Quoted(c) => out.push(Markup::Quoted(release(c))),
            other @ (Markup::Text(_)
            | Markup::SmallCaps(_)
            | Markup::Superscript(_)
            | Markup::Subscript(_)
            | Markup::Code(_)
            | Markup::Math(_)
            | Markup::Link(..)) => out.push(other),
        }
        inside_word = ends_in_word;
    }
    super::fields::join(out)
}

/// Flattens braces inside protected braces, where they have no effect.
fn release_inner(runs: Vec<Markup>) -> Vec<Markup> {
    super::fields::flatten(runs)
}

fn has_lower_case_word(run: &Markup) -> bool {
    let Markup::Text(text) = run else { return false };
    let mut previous_breaks = true;
    for c in text.chars() {
        if previous_breaks && c.is_lowercase() {
            return true;
        }
        previous_breaks =
            c.is_whitespace() || c.is_ascii_punctuation() || matches!(c, '–' | '—' | '’' | '‘' | '“' | '”');
    }
    false
}
