//! Solutions of questions, if the answer states one in a form that a script can compare.

/// Words before a letter in answers.
const OPENINGS: [&str; 5] = ["the correct answer is", "the answer is", "correct answer", "answer", "option"];

/// The solution of a question: the letter of the right choice, `a` for the first; `true` or `false` for a statement; `None` if the
/// answer is free text.
///
/// The answer names a choice by its letter (`C.`, `(c)`, `The correct answer is C. ...`) or by its text.
pub(super) fn solution(kind: &str, question: &str, choices: &[String], answer: &str) -> Option<String> {
    let answer = answer.trim_start();
    if choices.is_empty() {
        let statement = kind.eq_ignore_ascii_case("TF") || strip_opening(question, "true or false").is_some();
        let word = answer.split(|c: char| !c.is_alphabetic()).next().unwrap_or("").to_ascii_lowercase();
        return (statement && matches!(word.as_str(), "true" | "false")).then_some(word);
    }
    let opened = OPENINGS.iter().find_map(|opening| strip_opening(answer, opening));
    let named = opened.unwrap_or(answer).trim_start_matches([' ', ':', '(', '*', '"']);
    let mut chars = named.chars();
    let letter = chars.next().map(|c| c.to_ascii_lowercase()).filter(char::is_ascii_lowercase);
    // `A model` begins with a word, `A. model` with a letter.
    let ends = match chars.next() {
        None | Some('.' | ')' | ':' | ',' | ';' | '*') => true,
        Some(next) => opened.is_some() && !next.is_alphanumeric(),
    };
    let by_letter = letter.filter(|l| ends && (*l as usize - 'a' as usize) < choices.len());
    let by_text = || {
        let mut begun = choices.iter().enumerate().filter(|(_, choice)| {
            let choice = choice.trim().trim_end_matches('.');
            !choice.is_empty() && strip_opening(named, choice).is_some()
        });
        let found = begun.next().map(|(at, _)| char::from(b'a' + (at % 26) as u8));
        found.filter(|_| begun.next().is_none())
    };
    by_letter.or_else(by_text).map(String::from)
}

/// The text after a prefix, ignoring case.
fn strip_opening<'t>(text: &'t str, opening: &str) -> Option<&'t str> {
    let head = text.get(..opening.len())?;
    head.eq_ignore_ascii_case(opening).then(|| &text[opening.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_name_choices_by_letter_or_text() {
        let choices = ["A car.".to_owned(), "Two cars".to_owned()];
        let of = |answer: &str| solution("MCQ", "Which?", &choices, answer);
        assert_eq!(of("The correct answer is B. Two cars. Because.").as_deref(), Some("b"));
        assert_eq!(of("(a)").as_deref(), Some("a"));
        assert_eq!(of("A car. It is one.").as_deref(), Some("a"));
        assert_eq!(of("A lorry"), None);
        assert_eq!(of("The correct answer is Q."), None);
    }

    #[test]
    fn statements_are_true_or_false() {
        let of = |kind, question, answer| solution(kind, question, &[], answer);
        assert_eq!(of("TF", "It is so.", "False. It is not.").as_deref(), Some("false"));
        assert_eq!(of("", "True or False: it is so.", "true").as_deref(), Some("true"));
        assert_eq!(of("SHORT", "Why?", "True ones do."), None);
    }
}
