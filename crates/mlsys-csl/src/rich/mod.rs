//! Rich text: the input of affixes, and the output of the processor.

pub(crate) mod punctuation;
pub(crate) mod text_case;

use mlsys_book::Markup;
use serde::{Deserialize, Serialize};

/// A piece of rich text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Rich {
    /// Plain text.
    Text(String),
    /// Text with a face.
    Styled(Face, Vec<Rich>),
    /// A quotation. The marks are added last, after punctuation has moved into it.
    Quoted(Vec<Rich>),
    /// Text that no text case changes.
    NoCase(Vec<Rich>),
    /// A link. `#ref-KEY` is an entry of the bibliography.
    Link(String, Vec<Rich>),
    /// Verbatim text.
    Code(String),
    /// A formula in TeX.
    Math(String),
    /// Content of the caller that passes through unchanged.
    Opaque(Opaque),
}

/// Content of an affix that the processor does not look into: a link, a note, an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opaque {
    /// The caller's number for it.
    pub id: u32,
    /// Its plain text, for punctuation and comparisons.
    pub text: String,
}

/// The look of text, or its place in an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Face {
    /// Italics.
    Italic,
    /// The reverse of italics within italics.
    Upright,
    /// Bold.
    Bold,
    /// Small capitals.
    SmallCaps,
    /// Superscript.
    Superscript,
    /// Subscript.
    Subscript,
    /// Underlined.
    Underline,
    /// Struck out.
    Strikeout,
    /// A block of its own (`display="block"`).
    Block,
    /// A column in the left margin (`display="left-margin"`).
    LeftMargin,
    /// The text beside that column (`display="right-inline"`).
    RightInline,
    /// An indented block (`display="indent"`).
    Indent,
}

/// Text as rich text.
pub(crate) fn text(text: impl Into<String>) -> Vec<Rich> {
    let text = text.into();
    if text.is_empty() { Vec::new() } else { vec![Rich::Text(text)] }
}

/// The rich text of a work's field.
pub(crate) fn from_markup(runs: &[Markup]) -> Vec<Rich> {
    runs.iter()
        .map(|run| match run {
            Markup::Text(text) => Rich::Text(text.clone()),
            Markup::Italic(c) => Rich::Styled(Face::Italic, from_markup(c)),
            Markup::Bold(c) => Rich::Styled(Face::Bold, from_markup(c)),
            Markup::SmallCaps(c) => Rich::Styled(Face::SmallCaps, from_markup(c)),
            Markup::Superscript(c) => Rich::Styled(Face::Superscript, from_markup(c)),
            Markup::Subscript(c) => Rich::Styled(Face::Subscript, from_markup(c)),
            Markup::Quoted(c) => Rich::Quoted(from_markup(c)),
            Markup::NoCase(c) => Rich::NoCase(from_markup(c)),
            Markup::Link(url, c) => Rich::Link(url.clone(), from_markup(c)),
            Markup::Code(code) => Rich::Code(code.clone()),
            Markup::Math(tex) => Rich::Math(tex.clone()),
        })
        .collect()
}

/// The text without markup.
pub fn plain(runs: &[Rich]) -> String {
    let mut out = String::new();
    push_plain(runs, &mut out);
    out
}

pub(crate) fn push_plain(runs: &[Rich], out: &mut String) {
    for run in runs {
        match run {
            Rich::Text(text) => out.push_str(text),
            Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => push_plain(c, out),
            Rich::Code(text) | Rich::Math(text) | Rich::Opaque(Opaque { text, .. }) => out.push_str(text),
        }
    }
}

/// True if nothing is visible.
pub(crate) fn is_blank(runs: &[Rich]) -> bool {
    runs.iter().all(|run| match run {
        Rich::Text(text) => text.is_empty(),
        Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => is_blank(c),
        Rich::Code(_) | Rich::Math(_) | Rich::Opaque(_) => false,
    })
}

/// The first character.
pub(crate) fn first_char(runs: &[Rich]) -> Option<char> {
    runs.iter().find_map(|run| match run {
        Rich::Text(text) | Rich::Code(text) | Rich::Math(text) | Rich::Opaque(Opaque { text, .. }) => {
            text.chars().next()
        }
        Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => first_char(c),
    })
}

/// The last character.
pub(crate) fn last_char(runs: &[Rich]) -> Option<char> {
    runs.iter().rev().find_map(|run| match run {
        Rich::Text(text) | Rich::Code(text) | Rich::Math(text) | Rich::Opaque(Opaque { text, .. }) => {
            text.chars().next_back()
        }
        Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => last_char(c),
    })
}

/// Trims characters from the start. True if something remains.
pub(crate) fn trim_start(runs: &mut [Rich], drop: &dyn Fn(char) -> bool) -> bool {
    for run in runs.iter_mut() {
        let stop = match run {
            Rich::Text(text) => {
                let rest = text.trim_start_matches(drop).len();
                text.drain(..text.len() - rest);
                !text.is_empty()
            }
            Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => trim_start(c, drop),
            Rich::Code(_) | Rich::Math(_) | Rich::Opaque(_) => true,
        };
        if stop {
            return true;
        }
    }
    false
}

/// Trims characters from the end. True if something remains.
pub(crate) fn trim_end(runs: &mut [Rich], drop: &dyn Fn(char) -> bool) -> bool {
    for run in runs.iter_mut().rev() {
        let stop = match run {
            Rich::Text(text) => {
                text.truncate(text.trim_end_matches(drop).len());
                !text.is_empty()
            }
            Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => trim_end(c, drop),
            Rich::Code(_) | Rich::Math(_) | Rich::Opaque(_) => true,
        };
        if stop {
            return true;
        }
    }
    false
}

/// Concatenates pieces. Two spaces that meet become one.
pub(crate) fn concat(pieces: impl IntoIterator<Item = Vec<Rich>>) -> Vec<Rich> {
    let mut out: Vec<Rich> = Vec::new();
    for piece in pieces {
        for run in piece {
            match (out.last_mut(), run) {
                (_, Rich::Text(text)) if text.is_empty() => {}
                (Some(Rich::Text(last)), Rich::Text(text)) => {
                    let text = if last.ends_with(' ') { text.trim_start_matches(' ') } else { &text };
                    last.push_str(text);
                }
                (Some(Rich::Styled(face, last)), Rich::Styled(other, c)) if *face == other && is_font(other) => {
                    let joined = concat([std::mem::take(last), c]);
                    *last = joined;
                }
                (
                    _,
                    run @ (Rich::Text(_)
                    | Rich::Styled(..)
                    | Rich::Quoted(_)
                    | Rich::NoCase(_)
                    | Rich::Link(..)
                    | Rich::Code(_)
                    | Rich::Math(_)
                    | Rich::Opaque(_)),
                ) => out.push(run),
            }
        }
    }
    out
}

fn is_font(face: Face) -> bool {
    !matches!(face, Face::Block | Face::LeftMargin | Face::RightInline | Face::Indent)
}

/// Removes full stops. Source: CSL 1.0.2, "Strip-periods".
pub(crate) fn strip_periods(runs: &mut [Rich]) {
    for run in runs {
        match run {
            Rich::Text(text) => text.retain(|c| c != '.'),
            Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => strip_periods(c),
            Rich::Code(_) | Rich::Math(_) | Rich::Opaque(_) => {}
        }
    }
}
