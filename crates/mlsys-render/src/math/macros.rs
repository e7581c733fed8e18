//! Macros that the author defines: `\newcommand` and its relatives.

use katex::macros::MacroDefinition;
use mlsys_book::{tex_command, tex_group};
use rustc_hash::FxHashMap;

/// The macros of a page.
#[derive(Default)]
pub(super) struct Macros {
    /// What KaTeX puts for each command, by the name with its backslash.
    pub known: FxHashMap<String, MacroDefinition>,
    /// What a formula that uses a command must begin with, because KaTeX takes no such parameters otherwise.
    before: Vec<(String, String)>,
    /// Whether a macro may define others.
    define_more: bool,
}

/// A definition.
struct Definition<'t> {
    /// The command's name with its backslash.
    name: &'t str,
    /// What stands for it, its parameters as `#1`.
    body: String,
    /// How many parameters there are.
    count: usize,
    /// What has to stand around them, as `\def` writes it: `#1,#2;`.
    pattern: Option<&'t str>,
    /// The default of the first parameter.
    default: Option<&'t str>,
    /// Whether it only counts where nothing defines the command.
    is_provided: bool,
}

/// What stands for the body of a macro with a parameter that it does not have; KaTeX reports it where the macro is used.
pub(super) const ILLEGAL: &str = "\\illegal@parameter";

/// Whether a piece of TeX may define something: a quick look.
pub(super) fn may_define(tex: &str) -> bool {
    ["command", "def", "\\let", "\\Declare"].iter().any(|word| tex.contains(word))
}

impl Macros {
    /// Takes the definitions of a piece of TeX. A later one goes over an earlier one.
    pub fn define(&mut self, tex: &str) {
        if !may_define(tex) {
            return;
        }
        if tex.contains("\\DeclarePairedDelimiter") {
            let mut helper = |name: &str, body| {
                self.known.insert(name.to_owned(), MacroDefinition::StaticStr(body));
            };
            helper("\\mlsys@grows", "\\left#1#3\\right#2");
            helper("\\mlsys@fits", "\\mathopen{#1}#3\\mathclose{#2}");
        }
        for Definition { name, body, count, pattern, default, is_provided } in definitions(tex).0 {
            if is_provided && (self.known.contains_key(name) || super::is_math_command(&name[1..])) {
                continue;
            }
            self.before.retain(|(known, _)| known != name);
            self.define_more |= may_define(&body);
            let used = match parameters(&body) {
                // Without parameters the `#` of a colour is what it is.
                _ if count == 0 && !body.contains("#1") => Some(Vec::new()),
                used => used.filter(|used| used.iter().all(|number| (1..=count).contains(number))),
            };
            let (body, used) = match used {
                Some(used) if default.is_none_or(|default| !default.contains('#')) => (body, used),
                _ => (ILLEGAL.to_owned(), Vec::new()),
            };
            let numbered = |from: usize| (from..=count).map(|n| format!("#{n}")).collect::<String>();
            let (before, known) = match (default, pattern) {
                // LaTeX's own way to an optional argument. Source: The LaTeX companion, A.1.
                (Some(default), _) => (
                    Some(format!("\\def{name}@optional[#1]{}{{{body}}}", numbered(2))),
                    Some(format!("\\@ifnextchar[{{{name}@optional}}{{{name}@optional[{default}]}}")),
                ),
                (None, Some(pattern)) => (Some(format!("\\def{name}{pattern}{{{body}}}")), None),
                // KaTeX counts the parameters from the body, so one that does not use all says itself how many there are.
                (None, None) if (1..=count).all(|number| used.contains(&number)) => (None, Some(body)),
                (None, None) => (Some(format!("\\def{name}{}{{{body}}}", numbered(1))), None),
            };
            self.before.extend(before.map(|before| (name.to_owned(), before)));
            match known {
                Some(known) => self.known.insert(name.to_owned(), MacroDefinition::String(known)),
                None => self.known.remove(name),
            };
        }
    }

    /// Whether a formula may use one: a quick look.
    pub fn are_used(&self, tex: &str) -> bool {
        let mut names = self.before.iter().map(|(name, _)| name).chain(self.known.keys());
        names.any(|name| tex.contains(name.as_str()))
    }

    /// Whether a formula without its definitions still has one that may use a parameter that it does not have. KaTeX fails at that.
    pub fn may_fail(&self, tex: &str) -> bool {
        (self.define_more || may_define(tex)) && parameters(tex).is_none_or(|used| !used.is_empty())
    }

    /// What a formula has to begin with so that its macros work.
    pub fn before(&self, tex: &str) -> String {
        // A macro may stand in another one's body, so where there is any, all come.
        if self.are_used(tex) {
            self.before.iter().map(|(_, definition)| definition.as_str()).collect()
        } else {
            String::new()
        }
    }
}

/// The numbers of the parameters that a body uses; nothing where it has a `#` that is none, as a definition within a definition has,
/// with which KaTeX cannot be trusted.
fn parameters(body: &str) -> Option<Vec<usize>> {
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
    let plain =
        |name, body: String| Definition { name, body, count: 0, pattern: None, default: None, is_provided: false };
    match command {
        "newcommand" | "renewcommand" | "providecommand" | "DeclareRobustCommand" => {
            let (name, rest) = defined_name(rest)?;
            let (count, rest) = bracketed(rest).map_or((0, rest), |(n, rest)| (n.trim().parse().unwrap_or(0), rest));
            let (default, rest) = bracketed(rest).map_or((None, rest), |(default, rest)| (Some(default), rest));
            let (body, rest) = tex_group(rest.trim_start())?;
            let default = default.filter(|_| count > 0);
            let is_provided = command == "providecommand";
            let definition = Definition { count: count.min(9), default, is_provided, ..plain(name, body.to_owned()) };
            Some((definition, rest))
        }
        "def" | "gdef" | "edef" | "xdef" => {
            let (name, rest) = defined_name(rest)?;
            let (pattern, rest) = rest.split_at(rest.find(['{', '}'])?);
            let (body, rest) = tex_group(rest)?;
            let numbers = parameters(pattern).filter(|numbers| numbers.iter().copied().eq(1..=numbers.len()))?;
            // Parameters alone need no pattern, nor does a blank before the body.
            let plain_length = 2 * numbers.len();
            let pattern = Some(pattern).filter(|pattern| pattern.trim().len() > plain_length);
            Some((Definition { count: numbers.len(), pattern, ..plain(name, body.to_owned()) }, rest))
        }
        "let" => {
            let (name, rest) = defined_name(rest)?;
            let rest = rest.trim_start();
            let rest = rest.strip_prefix('=').unwrap_or(rest).trim_start();
            let (body, after) = tex_command(rest)?;
            (format!("\\{body}") != name).then(|| (plain(name, format!("\\{body}")), after))
        }
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

/// What stands in brackets at the start of a text, and what follows.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    text.trim_start().strip_prefix('[')?.split_once(']')
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
