//! Formulas: TeX to KaTeX's HTML with MathML inside, at build time.

mod environments;
mod macros;

pub use macros::included_macros;
pub(crate) use macros::is_tex_include;

use crate::html::escape_text;
use katex::{KatexContext, Settings};
use mlsys_book::{Block, BlockKind, InlineKind, Node};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
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
    macros: macros::Macros,
    used: bool,
}

impl Typesetter {
    /// Whether any formula was set.
    pub fn used(&self) -> bool {
        self.used
    }

    /// Takes the macros that the page defines in raw TeX or in a formula (`\newcommand`), for all its formulas. Source: Pandoc
    /// manual, "Extension: latex_macros"; MathJax, "Defining TeX macros".
    pub fn define_macros(&mut self, blocks: &[Block]) {
        mlsys_book::walk(blocks, &mut |node| {
            match node {
                Node::Block(Block { kind: BlockKind::RawBlock(format, text), .. }) if is_tex(format) => {
                    self.define(text)
                }
                Node::Block(_) => {}
                Node::Inline(inline) => match &inline.kind {
                    InlineKind::RawInline(format, text) if is_tex(format) => self.define(text),
                    InlineKind::Math(math) => self.define(&math.tex),
                    _ => {}
                },
            }
            true
        });
    }

    /// Takes the macros of a piece of TeX.
    pub fn define(&mut self, tex: &str) {
        self.macros.define(tex);
    }

    /// A formula in its span. `number` is that of the whole formula, `labels` those of the `\label`s in it. One that only
    /// defines macros is nothing.
    pub fn set(&mut self, tex: &str, display: bool, number: Option<&str>, labels: &[&str]) -> Typeset {
        self.used = true;
        let written = tex.trim();
        let mut tex = Cow::Borrowed(written);
        if macros::may_define(&tex) {
            tex = Cow::Owned(macros::without_definitions(&tex).trim().to_owned());
            if tex.is_empty() {
                return Typeset { html: String::new(), error: None };
            }
        }
        if tex.contains("\\begin") || tex.contains("\\label") {
            tex = Cow::Owned(environments::for_katex(&tex, labels));
        }
        if let Some(number) = number {
            tex = Cow::Owned(format!("{} \\tag{{{number}}}", tex.trim_end()));
        }
        if let Some(html) = self.done.get(&(display, tex.to_string())) {
            return Typeset { html: html.clone(), error: None };
        }
        let class = if display { "math display" } else { "math inline" };
        let known = self.macros.known.iter().map(|(name, definition)| (name.clone(), definition.clone()));
        let settings = Settings::builder().display_mode(display).macros(known.collect()).build();
        let before = self.macros.before(&tex);
        let katex_tex = if before.is_empty() { Cow::Borrowed(&*tex) } else { Cow::Owned(before + &tex) };
        let (html, error) = match katex::render_to_string(context(), &katex_tex, &settings) {
            Ok(markup) => {
                let markup = if *katex_tex == *written { markup } else { annotated(&markup, written) };
                (format!("<span class=\"{class}\">{}</span>", sort_attributes(&markup)), None)
            }
            Err(error) => {
                let mut html = format!("<span class=\"{class} mlsys-math-error\">");
                html.push_str(if display { "\\[" } else { "\\(" });
                escape_text(&mut html, written);
                html.push_str(if display { "\\]" } else { "\\)" });
                html.push_str("</span>");
                (html, Some(format!("the formula cannot be typeset: {}", reason(&error.to_string()))))
            }
        };
        self.done.insert((display, tex.into_owned()), html.clone());
        Typeset { html, error }
    }
}

/// Whether a formula does nothing but define macros.
pub(crate) fn only_defines(tex: &str) -> bool {
    macros::may_define(tex) && macros::without_definitions(tex).trim().is_empty()
}

fn is_tex(format: &str) -> bool {
    matches!(format, "tex" | "latex")
}

/// The formula with the author's TeX as its annotation.
fn annotated(markup: &str, tex: &str) -> String {
    const OPEN: &str = "<annotation encoding=\"application/x-tex\">";
    let parts = markup.split_once(OPEN).and_then(|(before, rest)| Some((before, rest.split_once("</annotation>")?.1)));
    let Some((before, after)) = parts else { return markup.to_owned() };
    let mut out = format!("{before}{OPEN}");
    escape_text(&mut out, tex);
    out + "</annotation>" + after
}

/// What KaTeX says, without the place, which it counts in the formula as it got it.
fn reason(message: &str) -> &str {
    let message = message.strip_prefix("KaTeX parse error: ").unwrap_or(message);
    let end = [" at position ", " at end of input"].iter().filter_map(|mark| message.find(mark)).min();
    &message[..end.unwrap_or(message.len())]
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
}
