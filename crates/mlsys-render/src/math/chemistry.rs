//! Chemical formulas: the argument of `\ce` as TeX. Source: mhchem for MathJax, "Chemical equations".

/// Arrows, the longest first, and their TeX: without text, and the command that takes text above and below.
const ARROWS: [(&str, &str, &str); 5] = [
    ("<=>", "\\rightleftharpoons", "\\xrightleftharpoons"),
    ("<->", "\\longleftrightarrow", "\\xleftrightarrow"),
    ("->", "\\longrightarrow", "\\xrightarrow"),
    ("<-", "\\longleftarrow", "\\xleftarrow"),
    ("=>", "\\Longrightarrow", "\\xRightarrow"),
];

/// The commands that KaTeX needs for a chemical formula: numbers after an element are indices, signs at its end are charges, letters
/// are upright.
pub(super) fn tex(formula: &str) -> String {
    let mut out = String::with_capacity(2 * formula.len());
    let mut rest = formula;
    // True directly after an element, a bracket or an index: a number is an index there, a sign a charge.
    let mut is_attached = false;
    while let Some(first) = rest.chars().next() {
        if let Some((taken, arrow)) = arrow(rest) {
            out.push_str(&arrow);
            (rest, is_attached) = (&rest[taken..], false);
            continue;
        }
        let (one, after) = rest.split_at(first.len_utf8());
        let ends_term = after.is_empty() || after.starts_with([' ', ')', ']', ',']);
        rest = after;
        match first {
            ' ' => {
                out.push(' ');
                is_attached = false;
            }
            'v' if !is_attached && ends_term => out.push_str("\\downarrow "),
            '^' if !is_attached && ends_term => out.push_str("\\uparrow "),
            '^' | '_' => {
                let (script, after) = script(rest);
                out.push_str(if is_attached { "" } else { "{}" });
                out.push_str(&format!("{first}{{{}}}", upright(script)));
                (rest, is_attached) = (after, true);
            }
            '0'..='9' => {
                let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
                let (more, after) = rest.split_at(end);
                match is_attached {
                    true => out.push_str(&format!("_{{{one}{more}}}")),
                    false => out.push_str(&format!("{one}{more}\\,")),
                }
                rest = after;
            }
            '+' | '-' if is_attached && ends_term => out.push_str(&format!("^{{{one}}}")),
            '-' if is_attached => {
                out.push_str("{-}");
                is_attached = false;
            }
            '=' | '#' => {
                out.push_str(if first == '#' { "{\\equiv}" } else { "{=}" });
                is_attached = false;
            }
            '*' | '.' => {
                out.push_str("\\cdot ");
                is_attached = false;
            }
            '$' => {
                let (formula, after) = rest.split_once('$').unwrap_or((rest, ""));
                out.push_str(&format!("{{{formula}}}"));
                (rest, is_attached) = (after, true);
            }
            '\\' => {
                let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
                let end = end.max(rest.chars().next().map_or(0, char::len_utf8));
                out.push_str(&format!("\\{} ", &rest[..end]));
                (rest, is_attached) = (&rest[end..], true);
            }
            '{' => {
                let (text, after) = group(rest);
                out.push_str(&format!("{{{}}}", upright(text)));
                (rest, is_attached) = (after, true);
            }
            letter if letter.is_alphabetic() => {
                let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
                let (more, after) = rest.split_at(end);
                out.push_str(&format!("\\mathrm{{{one}{more}}}"));
                (rest, is_attached) = (after, true);
            }
            // A brace without its other half would end the group around it.
            '}' => {}
            other => {
                out.push(other);
                is_attached = matches!(other, ')' | ']');
            }
        }
    }
    out
}

/// The arrow that a text begins with: its length and its TeX, with the text in brackets above and below it.
fn arrow(text: &str) -> Option<(usize, String)> {
    let (sign, plain, with_text) = ARROWS.iter().find(|(sign, ..)| text.starts_with(sign))?;
    let mut rest = &text[sign.len()..];
    let mut labels = Vec::new();
    while labels.len() < 2
        && let Some((label, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
    {
        labels.push(upright(label));
        rest = after;
    }
    let tex = match labels.as_slice() {
        [] => format!(" {plain} "),
        [above] => format!(" {with_text}{{{above}}} "),
        [above, below, ..] => format!(" {with_text}[{below}]{{{above}}} "),
    };
    Some((text.len() - rest.len(), tex))
}

/// An index or exponent after its sign: a group, or the numbers and signs that follow.
fn script(text: &str) -> (&str, &str) {
    if let Some(rest) = text.strip_prefix('{') {
        return group(rest);
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '+' | '-' | '.')).unwrap_or(text.len());
    text.split_at(end.max(text.chars().next().filter(|c| c.is_alphabetic()).map_or(0, char::len_utf8)))
}

/// The content of a group whose opening brace was read, and the text after it.
pub(super) fn group(text: &str) -> (&str, &str) {
    let mut depth = 1;
    let close = text.bytes().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    close.map_or((text, ""), |close| (&text[..close], &text[close + 1..]))
}

/// A text in upright letters; formulas and commands in it stay as they are.
fn upright(text: &str) -> String {
    let text = text.trim();
    if let Some(formula) = text.strip_prefix('$').and_then(|text| text.strip_suffix('$')) {
        return formula.to_owned();
    }
    match text.contains('\\') || !text.contains(|c: char| c.is_alphabetic()) {
        true => text.to_owned(),
        false => format!("\\mathrm{{{text}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::tex;

    #[test]
    fn formulas_have_indices_and_charges() {
        assert_eq!(tex("H2O"), r"\mathrm{H}_{2}\mathrm{O}");
        assert_eq!(tex("SO4^2-"), r"\mathrm{SO}_{4}^{2-}");
        assert_eq!(tex("Na+"), r"\mathrm{Na}^{+}");
        assert_eq!(tex("[Fe(CN)6]^{3-}"), r"[\mathrm{Fe}(\mathrm{CN})_{6}]^{3-}");
        assert_eq!(tex("^{14}_{6}C"), r"{}^{14}_{6}\mathrm{C}");
        assert_eq!(tex("CH3-CH3"), r"\mathrm{CH}_{3}{-}\mathrm{CH}_{3}");
    }

    #[test]
    fn equations_have_arrows_and_numbers() {
        assert_eq!(
            tex("2H2 + O2 -> 2H2O"),
            r"2\,\mathrm{H}_{2} + \mathrm{O}_{2}  \longrightarrow  2\,\mathrm{H}_{2}\mathrm{O}"
        );
        assert_eq!(
            tex("A <=>[hot][cold] B v"),
            r"\mathrm{A}  \xrightleftharpoons[\mathrm{cold}]{\mathrm{hot}}  \mathrm{B} \downarrow "
        );
    }

    #[test]
    fn unfinished_formulas_end() {
        for text in ["", "^", "_{", "{", "}", "$", "\\", "->[", "\\é", "é^é"] {
            assert_eq!(tex(text).matches('{').count(), tex(text).matches('}').count(), "{text}");
        }
    }
}
