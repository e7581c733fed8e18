//! Highlights code with Pandoc's token classes (`kw`, `dt`, `st`, ...), which highlighting themes are written for.

mod annotations;
mod classes;
mod contrast;
mod style;

use crate::html::{Elements, Tag, html};
pub(crate) use annotations::Annotated;
use classes::Classifier;
use mlsys_book::did_you_mean;
use std::sync::OnceLock;
pub use style::{HighlightStyle, HighlightStyles, highlight_styles, syntax_highlighting};
use syntect::parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet};

/// A line of code as tokens: class and text.
type Line = Vec<(Option<&'static str>, String)>;

/// The grammars. Unpacking them takes a few milliseconds.
fn grammars() -> &'static SyntaxSet {
    static GRAMMARS: OnceLock<SyntaxSet> = OnceLock::new();
    GRAMMARS.get_or_init(two_face::syntax::extra_newlines)
}

/// Pandoc's names of languages that bat's grammars name differently.
const ALIASES: &[(&str, &str)] = &[
    ("commonlisp", "lisp"),
    ("console", "bash"),
    ("cuda", "c++"),
    ("fortran", "fortran (modern)"),
    ("ini", "ini"),
    ("jsonc", "json"),
    ("julia", "julia"),
    ("latex", "latex"),
    ("m", "matlab"),
    ("markdown", "markdown"),
    ("md", "markdown"),
    ("octave", "matlab"),
    ("pycon", "python"),
    ("python3", "python"),
    ("py", "python"),
    ("r", "r"),
    ("rs", "rust"),
    ("sh", "bash"),
    ("shell", "bash"),
    ("tex", "latex"),
    ("zsh", "bash"),
    ("asm", "assembly (x86_64)"),
    ("nasm", "assembly (x86_64)"),
    ("docker", "dockerfile"),
    ("proto", "protocol buffer"),
    ("protobuf", "protocol buffer"),
    ("qmd", "markdown"),
    ("rmd", "markdown"),
    ("systemverilog", "systemverilog"),
    ("verilog", "verilog"),
    ("yml", "yaml"),
    ("graphviz", "graphviz (dot)"),
    ("dot", "graphviz (dot)"),
];

/// File extensions that are language names too, and their class on the `code` element: Pandoc writes the grammar's name there,
/// and the author's on `pre`.
const ENDINGS: &[(&str, &str)] = &[
    ("hs", "haskell"),
    ("jl", "julia"),
    ("js", "javascript"),
    ("md", "markdown"),
    ("py", "python"),
    ("rb", "ruby"),
    ("rs", "rust"),
    ("sh", "bash"),
    ("tex", "latex"),
    ("ts", "typescript"),
    ("yml", "yaml"),
];

/// The class of a language on the `code` element.
pub(crate) fn language_class(language: &str) -> &str {
    ENDINGS.iter().find(|(ending, _)| *ending == language).map_or(language, |(_, name)| name)
}

fn grammar(language: &str) -> Option<&'static SyntaxReference> {
    let name = language.to_ascii_lowercase();
    let set = grammars();
    if let Some((_, name)) = ALIASES.iter().find(|(alias, _)| *alias == name) {
        let by_name = set.syntaxes().iter().find(|s| s.name.eq_ignore_ascii_case(name));
        return by_name.or_else(|| set.find_syntax_by_token(name));
    }
    set.find_syntax_by_token(&name).filter(|s| s.name != "Plain Text")
}

/// A hint that names the language that was probably meant by an unknown one. Short names are too similar to each other.
pub(crate) fn similar_language(language: &str) -> Option<String> {
    let name = language.to_ascii_lowercase();
    if name.len() < 4 {
        return None;
    }
    let names: Vec<String> = grammars().syntaxes().iter().map(|syntax| syntax.name.to_ascii_lowercase()).collect();
    let is_similar = |known: &&str| known.len() >= 4 && known.bytes().next() == name.bytes().next();
    did_you_mean(&name, names.iter().map(String::as_str).filter(is_similar))
}

/// The highlighted lines of code; `None` if the language has no grammar.
pub(crate) fn highlighted(language: &str, text: &str) -> Option<Vec<String>> {
    let lines = tokens(language, text)?;
    Some(lines.iter().map(markup).collect())
}

/// The maximum length in bytes of a highlighted line. Grammars are quadratic in the length of a line; longer lines are data.
const LONGEST_LINE: usize = 8 << 10;

/// Tokenizes code by lines.
fn tokens(language: &str, text: &str) -> Option<Vec<Line>> {
    if language == "default" {
        return Some(text.split('\n').map(|line| vec![(None, line.to_owned())]).collect());
    }
    let grammar = grammar(language)?;
    let mut state = ParseState::new(grammar);
    let mut stack = ScopeStack::new();
    let mut classifier = Classifier::default();
    let mut lines = Vec::new();
    let mut buffer = String::new();
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        if line.len() > LONGEST_LINE {
            lines.push(vec![(None, line.to_owned())]);
            continue;
        }
        buffer.clear();
        buffer.push_str(line);
        buffer.push('\n');
        let mut pieces: Line = Vec::new();
        // A line on which the grammar fails stays without classes.
        let operations = state.parse_line(&buffer, grammars()).unwrap_or_default();
        let mut done = 0;
        for (at, operation) in operations {
            let at = at.min(line.len());
            if let Some(piece) = line.get(done..at).filter(|p| !p.is_empty()) {
                add(&mut pieces, classifier.class(&stack), piece);
                done = at;
            }
            if stack.apply(&operation).is_err() {
                stack = ScopeStack::new();
            }
        }
        if let Some(piece) = line.get(done..).filter(|p| !p.is_empty()) {
            add(&mut pieces, classifier.class(&stack), piece);
        }
        lines.push(pieces);
    }
    Some(lines)
}

/// Adds a token, merged with the previous one if the class is the same. Blanks get no class of their own.
fn add(pieces: &mut Line, class: Option<&'static str>, text: &str) {
    let blank = text.bytes().all(|b| b == b' ' || b == b'\t');
    match pieces.last_mut() {
        Some((last, piece)) if *last == class || (blank && *last == Some("co")) => piece.push_str(text),
        _ if blank => pieces.push((None, text.to_owned())),
        _ => pieces.push((class, text.to_owned())),
    }
}

/// A line's markup.
fn markup(line: &Line) -> String {
    html(|out| {
        for (class, text) in line {
            match class {
                Some(class) => out.leaf(Tag::new("span").class(class), text),
                None => out.text(text),
            }
        }
    })
}
