//! Formulas: TeX to KaTeX's HTML with MathML inside, at build time.

use crate::html::escape_text;
use katex::{KatexContext, Settings};
use mlsys_book::{Block, Node};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// KaTeX's tables of commands and fonts: constants.
fn context() -> &'static KatexContext {
    static CONTEXT: OnceLock<KatexContext> = OnceLock::new();
    CONTEXT.get_or_init(KatexContext::default)
}

/// Whether KaTeX knows a command.
pub(crate) fn is_math_command(name: &str) -> bool {
    context().functions.contains_key(&format!("\\{name}"))
        || context().symbols.contains(katex::types::Mode::Math, &format!("\\{name}"))
}

/// A formula as it is written on the page.
pub(crate) struct Typeset {
    /// The markup.
    pub html: String,
    /// What KaTeX says against the formula, the first time it is met.
    pub error: Option<String>,
}

/// Sets the formulas of a page; one that comes again is not set again.
#[derive(Default)]
pub(crate) struct Typesetter {
    done: FxHashMap<(bool, String), String>,
    /// Macro definitions of the page's raw TeX.
    macros: Vec<(String, katex::macros::MacroDefinition)>,
    used: bool,
}

impl Typesetter {
    /// Whether any formula was set.
    pub fn used(&self) -> bool {
        self.used
    }

    /// Takes the macros that the page defines in raw TeX (`\newcommand`), for all its formulas. Source: Pandoc manual,
    /// "Extension: latex_macros".
    pub fn define_macros(&mut self, blocks: &[Block]) {
        mlsys_book::walk(blocks, &mut |node| {
            if let Node::Block(Block { kind: mlsys_book::BlockKind::RawBlock(format, text), .. }) = node
                && matches!(format.as_str(), "tex" | "latex")
            {
                self.macros.extend(definitions(text));
            }
            true
        });
    }

    /// A formula in its span, with its number where it has one.
    pub fn set(&mut self, tex: &str, display: bool, number: Option<&str>) -> Typeset {
        self.used = true;
        let tex = match number {
            Some(number) => format!("{} \\tag{{{number}}}", tex.trim_end()),
            None => tex.to_owned(),
        };
        if let Some(html) = self.done.get(&(display, tex.clone())) {
            return Typeset { html: html.clone(), error: None };
        }
        let class = if display { "math display" } else { "math inline" };
        let settings = Settings::builder().display_mode(display).macros(self.macros.iter().cloned().collect()).build();
        let (html, error) = match katex::render_to_string(context(), tex.trim(), &settings) {
            Ok(markup) => (format!("<span class=\"{class}\">{}</span>", sort_attributes(&markup)), None),
            Err(error) => {
                let mut html = format!("<span class=\"{class} mlsys-math-error\">");
                html.push_str(if display { "\\[" } else { "\\(" });
                escape_text(&mut html, &tex);
                html.push_str(if display { "\\]" } else { "\\)" });
                html.push_str("</span>");
                let message = error.to_string();
                let message = message.strip_prefix("KaTeX parse error: ").unwrap_or(&message);
                (html, Some(format!("the formula cannot be typeset: {message}")))
            }
        };
        self.done.insert((display, tex), html.clone());
        Typeset { html, error }
    }
}

/// The `\newcommand`s, `\renewcommand`s, `\def`s and `\DeclareMathOperator`s of raw TeX.
fn definitions(tex: &str) -> Vec<(String, katex::macros::MacroDefinition)> {
    let mut found = Vec::new();
    for start in tex.match_indices('\\').map(|(at, _)| at) {
        let rest = &tex[start + 1..];
        let command = ["newcommand", "renewcommand", "providecommand", "DeclareMathOperator"]
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
        let rest = match rest.strip_prefix('[') {
            Some(inner) => inner.split_once(']').map_or("", |(_, rest)| rest).trim_start(),
            None => rest,
        };
        let Some(body) = rest.strip_prefix('{').and_then(braced) else { continue };
        if name.starts_with('\\') {
            let body =
                if *command == "DeclareMathOperator" { format!("\\operatorname{{{body}}}") } else { body.to_owned() };
            found.push((name.to_owned(), katex::macros::MacroDefinition::String(body)));
        }
    }
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

/// Puts the attributes of every tag in order, because KaTeX's come in the order of a hash map.
fn sort_attributes(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(open) = rest.find('<') {
        let (text, tag) = rest.split_at(open);
        out.push_str(text);
        let Some(end) = tag_end(tag) else {
            rest = tag;
            break;
        };
        let (tag, after) = tag.split_at(end);
        sort_tag(&mut out, tag);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where the `>` is that ends the tag at the beginning of a text; quoted values may hold one.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in tag.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

fn sort_tag(out: &mut String, tag: &str) {
    let Some((name, attributes)) = tag.split_once(' ') else {
        out.push_str(tag);
        return;
    };
    let mut list: Vec<&str> = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    for (at, byte) in attributes.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b' ' if !quoted => {
                list.push(&attributes[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    list.push(&attributes[start..]);
    let closing = list.contains(&"/");
    list.retain(|a| !a.is_empty() && *a != "/");
    list.sort_unstable();
    out.push_str(name);
    for attribute in list {
        out.push(' ');
        out.push_str(attribute);
    }
    if closing {
        out.push_str(" /");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_in_order() {
        assert_eq!(sort_attributes("<a z=\"1 2\" b=\">\">x</a>"), "<a b=\">\" z=\"1 2\">x</a>");
    }

    #[test]
    fn macros_are_found() {
        let found = definitions(r"\newcommand{\R}{\mathbb{R}} \newcommand\v[1]{\mathbf{#1}}");
        assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["\\R", "\\v"]);
    }
}
