//! Macro expansion, to bound a formula's size.
//!
//! KaTeX limits the number of expansions, but not the length of the result: a macro that passes its parameter to itself twice
//! takes all memory within thirty expansions. And KaTeX's time is quadratic in length and depth. So we expand a formula first,
//! only to check that it is neither too long nor too deep.

use super::macros::{Macro, Macros, parameters};
use katex::macros::MacroDefinition;
use mlsys_book::tex_group;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The maximum length of an expanded formula, in bytes.
pub(super) const LONGEST: usize = 16 << 10;

/// The maximum nesting of groups in a formula: that of elements on a page.
pub(super) const DEEPEST: usize = 100;

/// The macros that a formula uses, directly or through others.
pub(super) struct Used<'m> {
    used: BTreeMap<&'m str, &'m Macro>,
}

impl Macros {
    /// Finds the macros that a formula uses.
    pub fn used(&self, tex: &str) -> Used<'_> {
        let mut used = BTreeMap::new();
        let mut read: Vec<&str> = vec![tex];
        while let Some(text) = read.pop() {
            for (name, means) in commands(text).filter_map(|name| self.known.get_key_value(name)) {
                if used.insert(name.as_str(), means).is_none() {
                    read.push(&means.body);
                    read.extend(means.default.as_deref());
                }
            }
        }
        Used { used }
    }
}

impl Used<'_> {
    /// The definitions as text, to compare them.
    pub fn written(&self) -> String {
        let each = |(name, means): (&&str, &&Macro)| {
            let Macro { body, count, pattern, default } = means;
            format!("{name}{count}{pattern:?}{default:?}{body}\n")
        };
        self.used.iter().map(each).collect()
    }

    /// KaTeX's definition for each command, and a prefix for the formula that defines macros whose parameters KaTeX does not
    /// support otherwise.
    pub fn for_katex(&self) -> (FxHashMap<String, MacroDefinition>, String) {
        let (mut known, mut before) = (FxHashMap::default(), String::new());
        for (name, Macro { body, count, pattern, default }) in &self.used {
            let numbered = |from: usize| (from..=*count).map(|n| format!("#{n}")).collect::<String>();
            let has_all = || parameters(body).is_some_and(|used| (1..=*count).all(|number| used.contains(&number)));
            let mut know = |body: String| known.insert((*name).to_owned(), MacroDefinition::String(body));
            match (default, pattern) {
                // LaTeX's internal form of an optional argument. Source: The LaTeX companion, A.1.
                (Some(default), _) => {
                    before.push_str(&format!("\\def{name}@optional[#1]{}{{{body}}}", numbered(2)));
                    know(format!("\\@ifnextchar[{{{name}@optional}}{{{name}@optional[{default}]}}"));
                }
                (None, Some(pattern)) => before.push_str(&format!("\\def{name}{pattern}{{{body}}}")),
                // KaTeX counts the parameters in the body, so a body that does not use all of them must state the number.
                (None, None) if *count == 0 || has_all() => drop(know(body.clone())),
                (None, None) => before.push_str(&format!("\\def{name}{}{{{body}}}", numbered(1))),
            }
        }
        (known, before)
    }

    /// Expands a formula; `None` if the result is longer than [`LONGEST`]. Each expansion also adds a little, so that endless
    /// recursion is too long. Source: The TeXbook, chapter 20.
    pub fn expanded(&self, tex: &str) -> Option<String> {
        let mut expanded = String::with_capacity(tex.len());
        let mut replacements = 0;
        let mut text = Cow::Borrowed(tex);
        let mut at = 0;
        while let Some((start, name, after)) = next_command(&text, at) {
            let end = start + name.len();
            let means = self.used.get(name);
            expanded.push_str(&text[at..if means.is_some() { start } else { end }]);
            replacements += if means.is_some() { name.len() } else { 0 };
            if expanded.len() + replacements > LONGEST {
                return None;
            }
            let Some(means) = means else {
                at = end;
                continue;
            };
            // If the pattern does not match, there is nothing to typeset.
            (text, at) = (Cow::Owned(replaced(means, after).filter(|text| text.len() <= 2 * LONGEST)?), 0);
        }
        expanded.push_str(&text[at..]);
        (expanded.len() + replacements <= LONGEST).then_some(expanded)
    }
}

/// The nesting depth of a formula's groups: braces, `\left` and `\right`, environments.
pub(super) fn depth(tex: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut rest = tex;
    while let Some(at) = rest.find(['\\', '{', '}', '%']) {
        rest = &rest[at..];
        let (name, after) = command(rest).unwrap_or_else(|| rest.split_at(1));
        rest = after;
        match name {
            "{" | "\\left" | "\\begin" | "\\bgroup" | "\\begingroup" => depth += 1,
            "}" | "\\right" | "\\end" | "\\egroup" | "\\endgroup" => depth = depth.saturating_sub(1),
            "%" => rest = rest.split_once('\n').map_or("", |(_, after)| after),
            "\\verb" => {
                let text = rest.trim_start_matches('*');
                let verbatim = text.chars().next().and_then(|mark| text[mark.len_utf8()..].split_once(mark));
                rest = verbatim.map_or(text, |(_, after)| after);
            }
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Finds the next command from an offset: its offset, name, and the rest.
fn next_command(text: &str, from: usize) -> Option<(usize, &str, &str)> {
    let start = from + text[from..].find('\\')?;
    let (name, after) = command(&text[start..])?;
    Some((start, name, after))
}

/// Expands a macro with the arguments at the start of a text; `None` if they do not match its pattern.
fn replaced(means: &Macro, text: &str) -> Option<String> {
    let mut arguments = Vec::new();
    let mut rest = text;
    match &means.pattern {
        Some(pattern) => {
            let mut marks = pattern.split('#');
            rest = blank(rest).strip_prefix(marks.next()?.trim())?;
            for mark in marks {
                let mark = mark.get(1..)?.trim();
                let (argument, after) = if mark.is_empty() { argument(rest) } else { up_to(rest, mark)? };
                arguments.push(argument);
                rest = after;
            }
        }
        None => {
            for number in 1..=means.count {
                let optional = means.default.as_deref().filter(|_| number == 1);
                let (argument, after) = match (optional, blank(rest).strip_prefix('[')) {
                    (Some(_), Some(inner)) => inner.split_once(']')?,
                    (Some(default), None) => (default, rest),
                    (None, _) => argument(rest),
                };
                arguments.push(argument);
                rest = after;
            }
        }
    }
    let mut out = String::with_capacity(means.body.len() + rest.len());
    let mut body = means.body.as_str();
    while let Some(at) = body.find(['#', '\\']) {
        let (plain, special) = body.split_at(at);
        out.push_str(plain);
        let digit = special.strip_prefix('#').and_then(|rest| rest.chars().next()).and_then(|c| c.to_digit(10));
        let length = match digit.and_then(|digit| arguments.get((digit as usize).checked_sub(1)?)) {
            Some(argument) => {
                out.push_str(argument);
                2
            }
            None => {
                let length = 1 + special[1..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&special[..length]);
                length
            }
        };
        if out.len() > 2 * LONGEST {
            return Some(out);
        }
        body = &special[length..];
    }
    Some(out + body + rest)
}

/// The argument at the start of a text: a group, a command or a character; `None` at the end.
fn argument(text: &str) -> (&str, &str) {
    let text = blank(text);
    tex_group(text)
        .or_else(|| command(text))
        .unwrap_or_else(|| text.split_at(text.chars().next().map_or(0, char::len_utf8)))
}

/// Splits a text at a delimiter outside groups.
fn up_to<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let mut at = 0;
    while !text.get(at..)?.starts_with(mark) {
        let rest = &text[at..];
        at += match tex_group(rest) {
            Some((group, _)) => group.len() + 2,
            None => command(rest).map(|(name, _)| name.len()).or_else(|| rest.chars().next().map(char::len_utf8))?,
        };
    }
    let (before, after) = text.split_at(at);
    Some((before, &after[mark.len()..]))
}

/// Skips blanks and comments.
fn blank(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix('%') {
        rest = comment.split_once('\n').map_or("", |(_, after)| after).trim_start();
    }
    rest
}

/// Splits the command at the start of a text off, with its backslash. To KaTeX `@` is a letter.
fn command(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix('\\')?;
    let letters = rest.bytes().take_while(|byte| byte.is_ascii_alphabetic() || *byte == b'@').count();
    let length = if letters > 0 { letters } else { rest.chars().next()?.len_utf8() };
    Some(text.split_at(1 + length))
}

/// The commands of a piece of TeX, with their backslashes.
pub(super) fn commands(tex: &str) -> impl Iterator<Item = &str> {
    let mut rest = tex;
    std::iter::from_fn(move || {
        rest = &rest[rest.find('\\')?..];
        let (name, after) = command(rest)?;
        rest = after;
        Some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_that_become_too_long() {
        let cases = [
            (r"\newcommand{\a}[1]{\a{#1#1}}", r"\a{x}", false),
            (r"\def\a{\a}", r"\a", false),
            (r"\def\a#1;{#1#1}", r"\a\a\a\a\a\a\a\a\a\a\a\a x;;;;;;;;;;;;", false),
            (r"\def\a#1{#1#1#1#1}", "\\a%\n{\\a{\\a{\\a{\\a{\\a{\\a{x}}}}}}}", false),
            (r"\newcommand{\a}[2][xxxx]{#1#2#1#2}", r"\a{\a{\a{x}}}", true),
            (r"\def\a#1;{#1#1}", r"\a x{;};", true),
            (r"\def\a#1;{#1#1}", r"\a x", false),
            (r"\def\a{\textcolor{#ff0000}{x}}", r"\a \b \#1", true),
        ];
        for (definitions, formula, expected) in cases {
            let mut macros = Macros::default();
            macros.define(definitions);
            assert_eq!(macros.used(formula).expanded(formula).is_some(), expected, "{definitions} {formula}");
        }
    }

    #[test]
    fn formulas_that_nest() {
        let cases = [
            ("x", 0),
            ("{a}{b}", 1),
            (r"\frac{\left({a}\right)}{\{\}}", 3),
            (r"\begin{matrix}a\end{matrix}", 2),
            ("{%}\n{", 2),
            (r"{\verb*|}|{", 2),
            (r"\verb", 0),
        ];
        for (formula, expected) in cases {
            assert_eq!(depth(formula), expected, "{formula}");
        }
    }
}
