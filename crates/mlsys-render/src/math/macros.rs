//! Macros that the author defines: `\newcommand` and its relatives.

use super::expansion::commands;
use mlsys_book::{tex_command, tex_group};
use rustc_hash::FxHashMap;

/// The macros of a page, by their names with the backslash.
#[derive(Default)]
pub(super) struct Macros {
    pub known: FxHashMap<String, Macro>,
}

/// A macro.
#[derive(Clone, Default)]
pub(super) struct Macro {
    /// What stands for it, its parameters as `#1`; no others, and no definitions.
    pub body: String,
    /// How many parameters there are, at most nine.
    pub count: usize,
    /// What has to stand around them, as `\def` writes it: `#1,#2;`.
    pub pattern: Option<String>,
    /// The default of the first parameter.
    pub default: Option<String>,
}

/// Bytes of the longest pattern of a `\def`. Bounds how far the body is sought of each of thousands that have none.
const LONGEST_PATTERN: usize = 1000;

/// How many brackets are opened within brackets at most; see [`LONGEST_PATTERN`].
const MOST_OPENED: u32 = 100;

/// A definition.
struct Definition<'t> {
    /// The command's name with its backslash.
    name: &'t str,
    /// What stands for it.
    means: Macro,
    /// Whether it only counts where nothing defines the command.
    is_provided: bool,
}

/// What stands for the body of a macro with a parameter that it does not have; KaTeX reports it where the macro is used.
pub(super) const NO_PARAMETER: &str = "\\illegal@parameter";

/// What stands for the body of a macro that defines another one: what would come of it cannot be told before KaTeX does it.
pub(super) const DEFINES: &str = "\\illegal@definition";

/// Whether a piece of TeX may define something: a quick look.
pub(super) fn may_define(tex: &str) -> bool {
    ["command", "def", "\\let", "\\Declare"].iter().any(|word| tex.contains(word))
}

/// Whether a piece of TeX has a command that defines another one.
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
    /// Takes the definitions of a piece of TeX. A later one goes over an earlier one.
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
                // Without parameters the `#` of a colour is what it is.
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

/// The numbers of the parameters that a body uses; nothing where it has a `#` that is none.
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

/// A piece of TeX without its definitions.
pub(super) fn without_definitions(tex: &str) -> String {
    definitions(tex).1
}

/// The `\newcommand`s, `\renewcommand`s, `\providecommand`s, `\def`s, `\let`s, `\DeclareMathOperator`s and
/// `\DeclarePairedDelimiter`s of a piece of TeX, and what remains. Source: LaTeX; amsmath; mathtools; MathJax, "Defining TeX macros".
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
            // An escaped backslash begins no command.
            let length = tex_command(&tex[start..]).map_or(1, |(name, _)| 1 + name.len());
            rest_of_tex.push_str(&tex[done..start + length]);
            done = start + length;
        }
    }
    rest_of_tex.push_str(&tex[done..]);
    (found, rest_of_tex)
}

/// The definition that a text begins with, and what follows it.
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
            // Parameters alone need no pattern, nor does a blank before the body.
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
        // One prefix: rows of them are no definition, and cost no stack.
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

/// The command that is defined, in braces or not, and what follows it.
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

/// What stands in brackets at the start of a text, and what follows. Where too many others are opened before they end, they are
/// taken as brackets that do not end.
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

/// The definitions within a text for a page's head or body: those of TeX, and those in the configuration of MathJax or KaTeX, as
/// TeX. Source: MathJax, "TeX Input Processor Options", `macros`; KaTeX, "Options", `macros`.
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

/// Whether a text for a page's head or body is TeX rather than HTML: macros and packages for other formats.
pub(crate) fn is_tex_include(text: &str) -> bool {
    !text.contains('<') && text.trim_start().starts_with(['\\', '%', '$'])
}

/// `name: "body"`, `name: ["body", count]` and `name: ["body", count, "default"]` up to the end of an object, as TeX.
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

/// The string of JavaScript that a text begins with, and what follows it.
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
