//! Macros that the author defines.

use katex::macros::MacroDefinition;

/// The definitions of a piece of TeX, and what remains without them.
pub(super) struct Definitions {
    pub macros: Vec<(String, MacroDefinition)>,
    pub rest: String,
}

/// Whether a piece of TeX may define something: a quick look.
pub(super) fn may_define(tex: &str) -> bool {
    ["command", "\\def", "\\DeclareMath"].iter().any(|word| tex.contains(word))
}

/// The `\newcommand`s, `\renewcommand`s, `\def`s and `\DeclareMathOperator`s of a piece of TeX.
pub(super) fn definitions(tex: &str) -> Definitions {
    let mut found = Definitions { macros: Vec::new(), rest: String::with_capacity(tex.len()) };
    let mut done = 0;
    for start in tex.match_indices('\\').map(|(at, _)| at) {
        if start < done {
            continue;
        }
        let rest = &tex[start + 1..];
        let command = ["newcommand", "renewcommand", "providecommand", "DeclareMathOperator", "def"]
            .iter()
            .find(|c| rest.strip_prefix(**c).is_some_and(|r| !r.starts_with(|c: char| c.is_ascii_alphabetic())));
        let Some(command) = command else { continue };
        let rest = rest[command.len()..].trim_start_matches('*').trim_start();
        let (name, rest) = match rest.strip_prefix('{') {
            Some(inner) => match inner.split_once('}') {
                Some((name, rest)) => (name.trim(), rest),
                None => continue,
            },
            None => {
                let end =
                    rest.char_indices().skip(1).find(|(_, c)| !c.is_ascii_alphabetic()).map_or(rest.len(), |(i, _)| i);
                (&rest[..end], &rest[end..])
            }
        };
        // KaTeX counts the parameters from the body.
        let rest = rest.trim_start();
        let rest =
            if *command == "def" { rest.trim_start_matches(|c: char| c == '#' || c.is_ascii_digit()) } else { rest };
        let rest = match rest.strip_prefix('[') {
            Some(inner) => inner.split_once(']').map_or("", |(_, rest)| rest).trim_start(),
            None => rest,
        };
        let Some(body) = rest.strip_prefix('{').and_then(braced) else { continue };
        let after = &rest[body.len() + 2..];
        if name.starts_with('\\') {
            let body =
                if *command == "DeclareMathOperator" { format!("\\operatorname{{{body}}}") } else { body.to_owned() };
            found.macros.push((name.to_owned(), MacroDefinition::String(body)));
            found.rest.push_str(&tex[done..start]);
            done = tex.len() - after.len();
        }
    }
    found.rest.push_str(&tex[done..]);
    found
}

/// The text up to the brace that closes it.
fn braced(text: &str) -> Option<&str> {
    let mut depth = 0u32;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' if depth == 0 => return text.get(..at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_are_found() {
        let found = definitions(r"\newcommand{\R}{\mathbb{R}} \newcommand\v[1]{\mathbf{#1}}");
        assert_eq!(found.macros.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["\\R", "\\v"]);
    }

    #[test]
    fn the_rest_stays() {
        assert_eq!(definitions(r"a \def\x#1{y} b \newcommand{\z}{w} c").rest, "a  b  c");
    }
}
