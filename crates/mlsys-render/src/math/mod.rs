//! Typesets formulas at build time: TeX to KaTeX's HTML with MathML.

mod chemistry;
mod environments;
mod expansion;
mod macros;
mod mathjax;

pub use macros::included_macros;
pub(crate) use macros::is_tex_include;

use crate::html::{Elements, Tag, escape_text, escape_value, html};
use crate::typeset_cache::{Formula, TypesetCache};
use expansion::{DEEPEST, LONGEST, Used, depth};
use katex::macros::MacroDefinition;
use katex::{KatexContext, Settings};
use mlsys_book::{Block, BlockKind, InlineKind, Node};
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

/// The maximum length in bytes of an expanded formula that is typeset on the caller's stack.
const SHORT: usize = 128;

/// The stack that KaTeX needs per byte of a formula: more than twice the most that was measured for rows of any of its
/// commands.
const STACK_FOR_BYTE: usize = 8 << 10;

/// KaTeX's tables of commands and fonts.
fn context() -> &'static KatexContext {
    static CONTEXT: OnceLock<KatexContext> = OnceLock::new();
    CONTEXT.get_or_init(KatexContext::default)
}

/// True if KaTeX knows a command.
pub(crate) fn is_math_command(name: &str) -> bool {
    context().functions.contains_key(&format!("\\{name}"))
        || context().symbols.contains(katex::types::Mode::Math, &format!("\\{name}"))
}

/// A typeset formula.
pub(crate) struct Typeset {
    /// The markup.
    pub html: String,
    /// KaTeX's error, at the page's first formula of this text.
    pub error: Option<String>,
}

/// Typesets the formulas of a page.
#[derive(Default)]
pub(crate) struct Typesetter {
    macros: macros::Macros,
    used: bool,
}

impl Typesetter {
    /// True if any formula was typeset.
    pub fn used(&self) -> bool {
        self.used
    }

    /// Collects the macros that the page defines in raw TeX or in formulas (`
    ///
    /// ewcommand`), for all its formulas. Source: Pandoc manual, "Extension: latex_macros"; MathJax, "Defining TeX macros".
    pub fn define_macros(&mut self, blocks: &[Block]) {
        mlsys_book::walk(blocks, &mut |node| {
            match node {
                Node::Block(Block { kind: BlockKind::RawBlock(format, text), .. }) if is_tex(format) => {
                    self.define(text)
                }
                Node::Block(_) => {}
                Node::Inline(inline) => {
                    if let InlineKind::Math(math) = &inline.kind {
                        self.define(&math.tex);
                    } else if let InlineKind::RawInline(format, text) = &inline.kind
                        && is_tex(format)
                    {
                        self.define(text);
                    }
                }
            }
            true
        });
    }

    /// Adds the macros defined in TeX.
    pub fn define(&mut self, tex: &str) {
        self.macros.define(tex);
    }

    /// Typesets a formula. `number` is the number of the formula, `labels` those of its `\label`s. A formula that only defines
    /// macros is empty.
    pub fn set(
        &mut self,
        cache: &mut TypesetCache,
        (tex, display): (&str, bool),
        number: Option<&str>,
        labels: &[&str],
    ) -> Typeset {
        self.used = true;
        let mut written = Cow::Borrowed(tex.trim());
        let mut tex = written.clone();
        if macros::may_define(&tex) {
            tex = Cow::Owned(macros::without_definitions(&tex).trim().to_owned());
            if tex.is_empty() {
                return Typeset { html: String::new(), error: None };
            }
        }
        if mathjax::may_have(&tex) {
            tex = Cow::Owned(mathjax::for_katex(&tex));
        }
        if tex.contains("\\begin") || tex.contains("\\label") {
            tex = Cow::Owned(environments::for_katex(&tex, labels));
        }
        if let Some(number) = number {
            let tagged = |tex: &str| Cow::Owned(format!("{} \\tag{{{number}}}", tex.trim_end()));
            (tex, written) = (tagged(&tex), tagged(&written));
        }
        let class = if display { "math display" } else { "math inline" };
        let macros = self.macros.used(&tex);
        let made_from = format!("{class}\n{written}\n{tex}\n{}", macros.written());
        let (Formula { html, error }, is_first) =
            cache.formula(made_from, || markup(&written, &tex, &macros, display, class));
        Typeset { html: html.clone(), error: error.clone().filter(|_| is_first) }
    }
}

/// The MathML of a typeset formula, with the author's TeX for readers without MathML. A formula that could not be typeset stays.
pub(crate) fn mathml(html: &str, tex: &str) -> String {
    let math = html.find("<math").and_then(|start| Some((start, html[start..].find("</math>")? + start)));
    let Some((start, end)) = math else { return html.to_owned() };
    let class_end = html.find('>').map_or(0, |end| end + 1);
    let mut alternative = String::new();
    escape_value(&mut alternative, tex);
    let (open, math) = html[start..end].split_at("<math".len());
    format!("{}{open} alttext=\"{alternative}\"{math}</math></span>", &html[..class_end])
}

/// Why a formula cannot be typeset.
#[derive(Debug, thiserror::Error)]
enum Rejected {
    #[error("it contains a definition that cannot be parsed")]
    UnreadableDefinition,
    #[error("it expands to more than {LONGEST} characters (an endless macro?)")]
    TooLong,
    #[error("its groups nest more than {DEEPEST} deep")]
    TooDeep,
    #[error("{0}")]
    StumblingBlock(&'static str),
    #[error("{0}")]
    ByKatex(String),
    #[error("KaTeX crashed")]
    KatexFailed,
}

/// Typesets a formula: `written` is the author's TeX, `tex` is for KaTeX.
fn markup(written: &str, tex: &str, macros: &Used<'_>, display: bool, class: &str) -> Formula {
    let rendered = match macros.expanded(tex) {
        _ if macros::defines(tex) => Err(Rejected::UnreadableDefinition),
        None => Err(Rejected::TooLong),
        Some(expanded) if depth(&expanded) > DEEPEST => Err(Rejected::TooDeep),
        Some(expanded) => katex_markup(tex, macros, display, expanded.len()),
    };
    match rendered {
        Ok((markup, katex_tex)) => {
            let markup = if katex_tex == written { markup } else { annotated(&markup, written) };
            let markup = sort_attributes(&markup);
            Formula {
                html: html(|out| out.element(Tag::new("span").class(class), |out| out.raw(&markup))),
                error: None,
            }
        }
        Err(error) => {
            let tag = Tag::new("span").class(class).class("mlsys-math-error");
            let text = if display { format!("\\[{written}\\]") } else { format!("\\({written}\\)") };
            let error = format!("the formula cannot be typeset: {error}");
            Formula { html: html(|out| out.leaf(tag, &text)), error: Some(error) }
        }
    }
}

/// Runs KaTeX. Returns the markup and the TeX that KaTeX got.
///
/// Input that crashes KaTeX is rejected before, where we know it; other panics cost the formula, not the page. KaTeX recurses
/// for groups and for rows of many commands, so a long formula gets a thread with a stack for its `length`.
fn katex_markup(tex: &str, macros: &Used<'_>, display: bool, length: usize) -> Result<(String, String), Rejected> {
    let (known, before) = macros.for_katex();
    let katex_tex = before + tex;
    if let Some(error) = stumbling_block(&katex_tex).or_else(|| stumbling_block(&macros.written())) {
        return Err(Rejected::StumblingBlock(error));
    }
    let set = || {
        let silent = ["\\message", "\\errmessage", "\\show"].map(|name| (name, "\\@secondoftwo{#1}{}"));
        let silent = silent.map(|(name, nothing)| (name.to_owned(), MacroDefinition::StaticStr(nothing)));
        let macros = silent.into_iter().chain(known).collect();
        let settings = Settings::builder().display_mode(display).macros(macros).build();
        katex::render_to_string(context(), &katex_tex, &settings)
            .map_err(|error| Rejected::ByKatex(reason(&error.to_string()).to_owned()))
    };
    let markup = if length <= SHORT {
        catch_unwind(AssertUnwindSafe(set)).ok()
    } else {
        std::thread::scope(|scope| {
            let stack = std::thread::Builder::new().stack_size(length * STACK_FOR_BYTE);
            stack.spawn_scoped(scope, set).ok()?.join().ok()
        })
    };
    Ok((markup.ok_or(Rejected::KatexFailed)??, katex_tex))
}

/// Finds input on which KaTeX panics: `\verb` with a delimiter that is not ASCII, and invalid character codes.
fn stumbling_block(tex: &str) -> Option<&'static str> {
    let behind = |command| tex.match_indices(command).map(|(at, command): (usize, &str)| &tex[at + command.len()..]);
    let mut marks = behind("\\verb").filter_map(|rest| rest.trim_start_matches('*').chars().next());
    if marks.any(|mark| !mark.is_ascii()) {
        return Some("`\\verb` needs an ASCII delimiter");
    }
    let is_before = |c: char| c.is_whitespace() || matches!(c, '"' | '\'');
    let digits = |rest: &str| rest.trim_start_matches(is_before).bytes().take_while(u8::is_ascii_hexdigit).count();
    behind("\\char").any(|rest| digits(rest) > 7).then_some("it contains an invalid character code")
}

/// True if a formula only defines macros.
pub(crate) fn only_defines(tex: &str) -> bool {
    macros::may_define(tex) && macros::without_definitions(tex).trim().is_empty()
}

fn is_tex(format: &str) -> bool {
    matches!(format, "tex" | "latex")
}

/// Replaces the MathML annotation by the author's TeX.
fn annotated(markup: &str, tex: &str) -> String {
    const OPEN: &str = "<annotation encoding=\"application/x-tex\">";
    let parts = markup.split_once(OPEN).and_then(|(before, rest)| Some((before, rest.split_once("</annotation>")?.1)));
    let Some((before, after)) = parts else { return markup.to_owned() };
    let mut out = format!("{before}{OPEN}");
    escape_text(&mut out, tex);
    out + "</annotation>" + after
}

/// KaTeX's message without the position, which refers to the translated formula.
fn reason(message: &str) -> &str {
    if message.contains(macros::NO_PARAMETER) {
        return "a macro uses a parameter that it does not declare";
    }
    if message.contains(macros::DEFINES) {
        return "a macro defines another macro";
    }
    let message = message.strip_prefix("KaTeX parse error: ").unwrap_or(message);
    let end = [" at position ", " at end of input"].iter().filter_map(|mark| message.find(mark)).min();
    &message[..end.unwrap_or(message.len())]
}

/// Sorts the attributes of every tag, because KaTeX's order is that of a hash map, and removes the `width` of `mtd`, which
/// MathML does not have. Source: MathML 3.0, 3.5.4.2.
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

/// The offset of the `>` that ends the tag at the start of a text. Quoted values may contain one.
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
    // The slash of an empty element follows its last attribute, with or without a space.
    let (attributes, is_empty) = match attributes.strip_suffix('/') {
        Some(attributes) => (attributes, true),
        None => (attributes, false),
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
    list.retain(|a| !(a.is_empty() || name == "<mtd" && a.starts_with("width=")));
    list.sort_unstable();
    out.push_str(name);
    for attribute in list {
        out.push(' ');
        out.push_str(attribute);
    }
    if is_empty {
        out.push_str(" /");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_in_order() {
        assert_eq!(sort_attributes("<a z=\"1 2\" b=\">\">x</a>"), "<a b=\">\" z=\"1 2\">x</a>");
        assert_eq!(
            sort_attributes("<line y=\"1\" x=\"0\"/><line y=\"1\" x=\"0\" />"),
            "<line x=\"0\" y=\"1\" />".repeat(2)
        );
    }

    #[test]
    fn cells_have_no_width() {
        assert_eq!(sort_attributes("<mtd width=\"50%\" columnspan=\"2\">"), "<mtd columnspan=\"2\">");
        assert_eq!(sort_attributes("<mtd width=\"50%\"></mtd>"), "<mtd></mtd>");
    }

    #[test]
    fn rows_and_groups_do_not_fill_the_stack() {
        let macros = macros::Macros::default();
        let row = |part: &str| part.repeat(LONGEST / part.len());
        let nested = |open: &str, close: &str| open.repeat(100) + "x" + &close.repeat(100);
        let set = ["\\bf ", "\\cal x ", "\\Huge{}", "a\\displaystyle "].map(row);
        let deep = [("{", "}"), ("\\left(", "\\right)"), ("\\c{", "}"), ("\\overset a{", "}")];
        for tex in set.into_iter().chain(deep.map(|(open, close)| nested(open, close))) {
            let formula = markup(&tex, &tex, &macros.used(&tex), true, "math");
            assert_eq!(formula.error, None, "{}", &tex[..50]);
        }
        for tex in ["{", "^", "\\left", "\\frac", "\\begin{matrix}", "\\sqrt[", "\\text{$"].map(row) {
            let formula = markup(&tex, &tex, &macros.used(&tex), true, "math");
            assert!(formula.error.is_some(), "{}", &tex[..50]);
        }
    }
}
