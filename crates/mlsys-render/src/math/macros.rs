//! Macros that authors define: `
//!
//! ewcommand` and its relatives.

use super::expansion::commands;
use mlsys_book::{tex_command, tex_group};
use rustc_hash::FxHashMap;

/// The macros of a page, by name with the backslash.
#[derive(Default)]
pub(super) struct Macros {
    pub known: FxHashMap<String, Macro>,
}

/// A macro.
#[derive(Clone, Default)]
pub(super) struct Macro {
    /// The body, with parameters as `#1`. It contains no invalid parameters and no definitions.
    pub body: String,
    /// The number of parameters, at most nine.
    pub count: usize,
    /// The parameter pattern of `\def`: `#1,#2;`.
    pub pattern: Option<String>,
    /// The default of the first parameter.
    pub default: Option<String>,
}

/// The maximum length of a `\def` pattern in bytes. It bounds the search for the bodies of thousands of definitions without
/// one.
const LONGEST_PATTERN: usize = 1000;

/// The maximum nesting of brackets; see [`LONGEST_PATTERN`].
const MOST_OPENED: u32 = 100;

/// A definition.
struct Definition<'t> {
    /// The command's name with its backslash.
    name: &'t str,
    /// The macro.
    means: Macro,
    /// True if it applies only to an undefined command (`\providecommand`).
    is_provided: bool,
}

/// Replaces a body that uses an undeclared parameter; KaTeX reports it where the macro is used.
pub(super) const NO_PARAMETER: &str = "\\illegal@parameter";

/// Replaces a body that defines another macro: its expansion cannot be bounded in advance.
pub(super) const DEFINES: &str = "\\illegal@definition";

/// True if TeX may contain definitions. A quick check.
pub(super) fn may_define(tex: &str) -> bool {
    ["command", "def", "\\let", "\\Declare"].iter().any(|word| tex.contains(word))
}

/// True if TeX contains a command that defines another one.
pub(super) fn defines(tex: &str) -> bool {
    const DEFINING: [&str; 9] = [
        "\\def",
        "\\edef",
        "\\gdef",
        "\\xdef",
        "\\let",
        "\\futurelet",
        "\\newcommand",
        "\\renewcommand",
        "\\providecommand",
    ];
    may_define(tex) && commands(tex).any(|name| DEFINING.contains(&name))
}

impl Macros {
    /// Adds the definitions in TeX. Later ones override earlier ones.
    pub fn define(&mut self, tex: &str) {
        if !may_define(tex) {
            return;
        }
        if tex.contains("\\DeclarePairedDelimiter") {
            let mut helper = |name: &str, body: &str| {
                self.known.insert(name.to_owned(), Macro { body: body.to_owned(), count: 3, ..Macro::default() });
            };
            helper("\\mlsys@grows", "\\left#1#3\\right#2");
            helper("\\mlsys@fits", "\\mathopen{#1}#3\\mathclose{#2}");
        }
        for Definition { name, mut means, is_provided } in definitions(tex).0 {
            if is_provided && (self.known.contains_key(name) || super::is_math_command(&name[1..])) {
                continue;
            }
            let has_others = match parameters(&means.body) {
                // Without parameters, a `#` is part of a colour.
                _ if means.count == 0 && !means.body.contains("#1") => false,
                used => used.is_none_or(|used| used.iter().any(|number| !(1..=means.count).contains(number))),
            };
            let default = means.default.as_deref().unwrap_or_default();
            if defines(&means.body) || defines(default) {
                means = Macro { body: DEFINES.to_owned(), ..Macro::default() };
            } else if has_others || default.contains('#') {
                means = Macro { body: NO_PARAMETER.to_owned(), ..Macro::default() };
            }
            self.known.insert(name.to_owned(), means);
        }
    }
}

/// The numbers of the parameters that a body uses; `None` if it contains an invalid `#`.
pub(super) fn parameters(body: &str) -> Option<Vec<usize>> {
    let mut used = Vec::new();
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '#' => used.push(chars.next()?.to_digit(10)? as usize),
            _ => {}
        }
    }
    Some(used)
}

/// TeX without its definitions.
pub(super) fn without_definitions(tex: &str) -> String {
    definitions(tex).1
}

/// Splits TeX into its definitions (`
///
/// ewcommand`, `\renewcommand`, `\providecommand`, `\def`, `\let`, `\DeclareMathOperator`, `\DeclarePairedDelimiter`) and the
/// rest. Source: LaTeX; amsmath; mathtools; MathJax, "Defining TeX macros".
fn definitions(tex: &str) -> (Vec<Definition<'_>>, String) {
    let mut found = Vec::new();
    let mut rest_of_tex = String::with_capacity(tex.len());
    let mut done = 0;
    for start in tex.match_indices('\\').map(|(at, _)| at) {
        if start < done {
            continue;
        }
        if let Some((definition, after)) = definition(&tex[start..]) {
            found.push(definition);
            rest_of_tex.push_str(&tex[done..start]);
            done = tex.len() - after.len();
        } else {
            // An escaped backslash is not a command.
            let length = tex_command(&tex[start..]).map_or(1, |(name, _)| 1 + name.len());
            rest_of_tex.push_str(&tex[done..start + length]);
            done = start + length;
        }
    }
    rest_of_tex.push_str(&tex[done..]);
    (found, rest_of_tex)
}

/// Parses the definition at the start of a text.
fn definition(text: &str) -> Option<(Definition<'_>, &str)> {
    let (command, rest) = tex_command(text)?;
    let rest = rest.trim_start();
    let (is_starred, rest) = rest.strip_prefix('*').map_or((false, rest), |rest| (true, rest.trim_start()));
    let plain = |name, body: String| {
        let means = Macro { body, ..Macro::default() };
        Definition { name, means, is_provided: false }
    };
    match command {
        "newcommand" | "renewcommand" | "providecommand" | "DeclareRobustCommand" => {
            let (name, rest) = defined_name(rest)?;
            let (count, rest) = bracketed(rest).map_or((0, rest), |(n, rest)| (n.trim().parse().unwrap_or(0), rest));
            let (default, rest) = bracketed(rest).map_or((None, rest), |(default, rest)| (Some(default), rest));
            let (body, rest) = tex_group(rest.trim_start())?;
            let default = default.filter(|_| count > 0).map(str::to_owned);
            let means = Macro { body: body.to_owned(), count: count.min(9), pattern: None, default };
            Some((Definition { name, means, is_provided: command == "providecommand" }, rest))
        }
        "def" | "gdef" | "edef" | "xdef" => {
            let (name, rest) = defined_name(rest)?;
            let braces = rest.bytes().take(LONGEST_PATTERN).position(|byte| matches!(byte, b'{' | b'}'));
            let (pattern, rest) = rest.split_at(braces?);
            let (body, rest) = tex_group(rest)?;
            let numbers = parameters(pattern).filter(|numbers| numbers.iter().copied().eq(1..=numbers.len()))?;
            // Parameters alone, or a blank before the body, need no pattern.
            let has_others = pattern.trim().len() > 2 * numbers.len();
            let pattern = has_others.then(|| pattern.to_owned());
            let means = Macro { body: body.to_owned(), count: numbers.len(), pattern, default: None };
            Some((Definition { name, means, is_provided: false }, rest))
        }
        "let" => {
            let (name, rest) = defined_name(rest)?;
            let rest = rest.trim_start();
            let rest = rest.strip_prefix('=').unwrap_or(rest).trim_start();
            let length = match tex_command(rest) {
                Some((command, _)) => 1 + command.len(),
                None => rest.chars().next().filter(|c| !matches!(c, '{' | '}' | '%' | '#'))?.len_utf8(),
            };
            let (body, after) = rest.split_at(length);
            (body != name).then(|| (plain(name, body.to_owned()), after))
        }
        // One prefix only: a row of them is not a definition, and needs no recursion.
        "global" | "long" if !["\\global", "\\long"].iter().any(|prefix| rest.starts_with(prefix)) => definition(rest),
        "DeclareMathOperator" => {
            let (name, rest) = defined_name(rest)?;
            let (body, rest) = tex_group(rest.trim_start())?;
            let star = if is_starred { "*" } else { "" };
            Some((plain(name, format!("\\operatorname{star}{{{body}}}")), rest))
        }
        "DeclarePairedDelimiter" => {
            let (name, rest) = defined_name(rest)?;
            let (left, rest) = tex_group(rest.trim_start())?;
            let (right, rest) = tex_group(rest.trim_start())?;
            let chooses =
                format!("\\@ifstar{{\\mlsys@grows{{{left}}}{{{right}}}}}{{\\mlsys@fits{{{left}}}{{{right}}}}}");
            Some((plain(name, chooses), rest))
        }
        _ => None,
    }
}

/// The command that is defined, with or without braces.
fn defined_name(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if let Some((name, rest)) = tex_group(text) {
        let name = name.trim();
        let (command, after) = tex_command(name)?;
        return (after.is_empty() && !command.is_empty()).then_some((name, rest));
    }
    let (_, rest) = tex_command(text)?;
    Some((&text[..text.len() - rest.len()], rest))
}

/// The content of brackets at the start of a text. Brackets with too many nested ones count as unclosed.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let mut opened = 0;
    let inner = text.trim_start().strip_prefix('[')?;
    let end = inner.find(|c| {
        opened += u32::from(c == '[');
        c == ']' || opened > MOST_OPENED
    })?;
    let (inside, after) = inner.split_at(end);
    Some((inside, after.strip_prefix(']')?))
}

/// The macro definitions in HTML or TeX for a page's head or body, as TeX: TeX's own, and those in a MathJax or KaTeX
/// configuration. Source: MathJax, "TeX Input Processor Options", `macros`; KaTeX, "Options", `macros`.
pub fn included_macros(text: &str) -> String {
    let mut tex = String::new();
    for key in ["macros", "Macros"] {
        for (at, _) in text.match_indices(key) {
            let rest = text[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
            let object = rest.strip_prefix(':').and_then(|rest| rest.trim_start().strip_prefix('{'));
            object.into_iter().for_each(|object| tex.push_str(&script_macros(object)));
        }
    }
    if may_define(text) {
        let mut rest = text;
        while let Some(at) = rest.find('\\') {
            rest = &rest[at..];
            match definition(rest) {
                Some((_, after)) => {
                    tex.push_str(&rest[..rest.len() - after.len()]);
                    tex.push('\n');
                    rest = after;
                }
                None => rest = tex_command(rest).map_or("", |(_, after)| after),
            }
        }
    }
    tex
}

/// True if text for a page's head or body is TeX, for other formats, and not HTML.
pub(crate) fn is_tex_include(text: &str) -> bool {
    !text.contains('<') && text.trim_start().starts_with(['\\', '%', '$'])
}

/// Reads `name: "body"`, `name: ["body", count]` and `name: ["body", count, "default"]` up to the end of an object, as TeX.
fn script_macros(object: &str) -> String {
    let mut tex = String::new();
    let mut rest = object;
    let blanks = |text: &'_ str| text.len() - text.trim_start_matches([' ', '\t', '\r', '\n', ',']).len();
    loop {
        rest = &rest[blanks(rest)..];
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n').map_or("", |(_, after)| after);
            continue;
        }
        let (name, after) = match script_string(rest) {
            Some(quoted) => quoted,
            None => {
                let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
                (rest[..length].to_owned(), &rest[length..])
            }
        };
        let name = name.trim_start_matches('\\');
        let Some(value) = after.trim_start().strip_prefix(':').map(str::trim_start) else { break };
        if name.is_empty() {
            break;
        }
        let (list, value) = value.strip_prefix('[').map_or((false, value), |inner| (true, inner.trim_start()));
        let Some((body, mut after)) = script_string(value) else { break };
        let mut parameters = String::new();
        if list {
            let Some((others, end)) = after.split_once(']') else { break };
            let mut others = others.splitn(3, ',').skip(1).map(str::trim);
            parameters = others.next().map_or_else(String::new, |count| format!("[{count}]"));
            let default = others.next().and_then(script_string);
            parameters += &default.map_or_else(String::new, |(default, _)| format!("[{default}]"));
            after = end;
        } else if let Some(count) = (1..=9).rev().find(|n| body.contains(&format!("#{n}"))) {
            parameters = format!("[{count}]");
        }
        tex.push_str(&format!("\\newcommand{{\\{name}}}{parameters}{{{body}}}\n"));
        rest = after;
    }
    tex
}

/// Parses the JavaScript string at the start of a text.
fn script_string(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => value.push(chars.next()?.1),
            c if c == quote => return Some((value, &text[at + 1..])),
            c => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_are_found() {
        let mut macros = Macros::default();
        macros.define(r"\newcommand{\R}{\mathbb{R}} \newcommand\v[1]{\mathbf{#1}} \let\eps=\varepsilon");
        assert!(["\\R", "\\v", "\\eps"].iter().all(|name| macros.known.contains_key(*name)));
    }

    #[test]
    fn the_rest_stays() {
        assert_eq!(without_definitions(r"a \def\x#1{y} b \newcommand{\z}{w} c"), "a  b  c");
        assert_eq!(without_definitions(r"a \\def \\newcommand"), r"a \\def \\newcommand");
    }

    #[test]
    fn scripts_define_macros() {
        let script =
            r#"<script>MathJax = { tex: { macros: { RR: "\\mathbb{R}", bold: ['{\\bf #1}', 1] } } };</script>"#;
        assert_eq!(included_macros(script), "\\newcommand{\\RR}{\\mathbb{R}}\n\\newcommand{\\bold}[1]{{\\bf #1}}\n");
    }
}
