//! Rich text on its way through the evaluator: what a rendering element prints.

use citationberg::TextCase;
use mlsys_book::{Attr, Inline, InlineKind, Link, Markup, Math, Pair, Span};
use serde::{Deserialize, Serialize};

/// A piece of rich text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Rich {
    /// Plain text.
    Text(String),
    /// Text with a face.
    Styled(Face, Vec<Rich>),
    /// Text between quotation marks, which come last: punctuation moves in before.
    Quoted(Vec<Rich>),
    /// Text whose case stays.
    NoCase(Vec<Rich>),
    /// A link; an address that begins with `#` leads to the reference list.
    Link(String, Vec<Rich>),
    /// An element that the evaluator does not look into: a formula, code, markup of the author's prefix or suffix.
    Verbatim(Box<Inline>),
}

/// How text looks, or where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Face {
    Italic,
    /// The reverse of italics within italics.
    Upright,
    Bold,
    SmallCaps,
    Superscript,
    Subscript,
    Underline,
    Strikeout,
    /// `display="block"` and its like.
    Block,
    LeftMargin,
    RightInline,
    Indent,
}

/// Text as rich text.
pub(super) fn text(text: impl Into<String>) -> Vec<Rich> {
    let text = text.into();
    if text.is_empty() { Vec::new() } else { vec![Rich::Text(text)] }
}

/// The text of a field.
pub(super) fn from_markup(runs: &[Markup]) -> Vec<Rich> {
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
            Markup::Code(code) => verbatim(InlineKind::Code(Box::default(), code.clone())),
            Markup::Math(tex) => verbatim(InlineKind::Math(Box::new(Math {
                display: false,
                tex: tex.clone(),
                attr: Attr::default(),
                labels: Vec::new(),
            }))),
        })
        .collect()
}

fn verbatim(kind: InlineKind) -> Rich {
    Rich::Verbatim(Box::new(Inline { span: Span { start: 0, end: 0 }, kind }))
}

/// The author's prefix or suffix.
pub(super) fn from_inlines(inlines: &[Inline]) -> Vec<Rich> {
    inlines
        .iter()
        .map(|inline| match &inline.kind {
            InlineKind::Str(text) => Rich::Text(text.clone()),
            InlineKind::SoftBreak => Rich::Text(" ".to_owned()),
            InlineKind::Emph(c) => Rich::Styled(Face::Italic, from_inlines(c)),
            InlineKind::Strong(c) => Rich::Styled(Face::Bold, from_inlines(c)),
            InlineKind::SmallCaps(c) => Rich::Styled(Face::SmallCaps, from_inlines(c)),
            InlineKind::Superscript(c) => Rich::Styled(Face::Superscript, from_inlines(c)),
            InlineKind::Subscript(c) => Rich::Styled(Face::Subscript, from_inlines(c)),
            InlineKind::Underline(c) => Rich::Styled(Face::Underline, from_inlines(c)),
            InlineKind::Strikeout(c) => Rich::Styled(Face::Strikeout, from_inlines(c)),
            _ => Rich::Verbatim(Box::new(inline.clone())),
        })
        .collect()
}

/// The finished text as inline elements of a page. `span` stands for the whole.
pub(super) fn to_inlines(runs: Vec<Rich>, span: Span) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::with_capacity(runs.len());
    for run in runs {
        let kind = match run {
            Rich::Text(text) => {
                if let Some(Inline { kind: InlineKind::Str(last), .. }) = out.last_mut() {
                    last.push_str(&text);
                    continue;
                }
                InlineKind::Str(text)
            }
            Rich::Styled(face, c) => {
                let c = to_inlines(c, span);
                let class = |class: &str, c| InlineKind::Span(Box::new(class_attr(class)), c);
                match face {
                    Face::Italic => InlineKind::Emph(c),
                    Face::Bold => InlineKind::Strong(c),
                    Face::SmallCaps => InlineKind::SmallCaps(c),
                    Face::Superscript => InlineKind::Superscript(c),
                    Face::Subscript => InlineKind::Subscript(c),
                    Face::Underline => InlineKind::Underline(c),
                    Face::Strikeout => InlineKind::Strikeout(c),
                    Face::Upright => class("nodecoration", c),
                    Face::Block => class("csl-block", c),
                    Face::LeftMargin => class("csl-left-margin", c),
                    Face::RightInline => class("csl-right-inline", c),
                    Face::Indent => class("csl-indent", c),
                }
            }
            // Titles in quotes get a span, which style sheets may address.
            Rich::Quoted(c) => InlineKind::Span(Box::default(), to_inlines(c, span)),
            Rich::NoCase(c) => {
                out.extend(to_inlines(c, span));
                continue;
            }
            Rich::Link(url, c) => {
                let attr = if url.starts_with('#') { role_attr("doc-biblioref", span) } else { Attr::default() };
                InlineKind::Link(Box::new(Link {
                    attr,
                    content: to_inlines(c, span),
                    url,
                    url_span: span,
                    title: String::new(),
                }))
            }
            Rich::Verbatim(inline) => {
                out.push(if inline.span.end == 0 { Inline { span, ..*inline } } else { *inline });
                continue;
            }
        };
        out.push(Inline { span, kind });
    }
    out
}

fn class_attr(class: &str) -> Attr {
    Attr { classes: vec![class.to_owned()], ..Attr::default() }
}

fn role_attr(role: &str, span: Span) -> Attr {
    Attr { pairs: vec![Pair { key: "role".to_owned(), value: role.to_owned(), value_span: span }], ..Attr::default() }
}

/// The text without markup.
pub(super) fn plain(runs: &[Rich]) -> String {
    let mut out = String::new();
    push_plain(runs, &mut out);
    out
}

pub(super) fn push_plain(runs: &[Rich], out: &mut String) {
    for run in runs {
        match run {
            Rich::Text(text) => out.push_str(text),
            Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => push_plain(c, out),
            Rich::Verbatim(inline) => out.push_str(&mlsys_book::plain_text(std::slice::from_ref(inline))),
        }
    }
}

/// Whether nothing would be seen.
pub(super) fn is_blank(runs: &[Rich]) -> bool {
    runs.iter().all(|run| match run {
        Rich::Text(text) => text.is_empty(),
        Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => is_blank(c),
        Rich::Verbatim(_) => false,
    })
}

/// The first character.
pub(super) fn first_char(runs: &[Rich]) -> Option<char> {
    runs.iter().find_map(|run| match run {
        Rich::Text(text) => text.chars().next(),
        Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => first_char(c),
        Rich::Verbatim(inline) => mlsys_book::plain_text(std::slice::from_ref(inline)).chars().next(),
    })
}

/// The last character.
pub(super) fn last_char(runs: &[Rich]) -> Option<char> {
    runs.iter().rev().find_map(|run| match run {
        Rich::Text(text) => text.chars().next_back(),
        Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => last_char(c),
        Rich::Verbatim(inline) => mlsys_book::plain_text(std::slice::from_ref(inline)).chars().next_back(),
    })
}

/// Drops characters from the beginning; true when something is left there.
pub(super) fn trim_start(runs: &mut [Rich], drop: &dyn Fn(char) -> bool) -> bool {
    for run in runs.iter_mut() {
        let stop = match run {
            Rich::Text(text) => {
                let kept = text.trim_start_matches(drop).len();
                text.drain(..text.len() - kept);
                !text.is_empty()
            }
            Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => trim_start(c, drop),
            Rich::Verbatim(_) => true,
        };
        if stop {
            return true;
        }
    }
    false
}

/// Drops characters from the end; true when something is left there.
pub(super) fn trim_end(runs: &mut [Rich], drop: &dyn Fn(char) -> bool) -> bool {
    for run in runs.iter_mut().rev() {
        let stop = match run {
            Rich::Text(text) => {
                text.truncate(text.trim_end_matches(drop).len());
                !text.is_empty()
            }
            Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => trim_end(c, drop),
            Rich::Verbatim(_) => true,
        };
        if stop {
            return true;
        }
    }
    false
}

/// Puts pieces together: two spaces that meet become one.
pub(super) fn concat(pieces: impl IntoIterator<Item = Vec<Rich>>) -> Vec<Rich> {
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
                (_, run) => out.push(run),
            }
        }
    }
    out
}

fn is_font(face: Face) -> bool {
    !matches!(face, Face::Block | Face::LeftMargin | Face::RightInline | Face::Indent)
}

/// Removes full stops. Source: CSL 1.0.2, "Strip-periods".
pub(super) fn strip_periods(runs: &mut [Rich]) {
    for run in runs {
        match run {
            Rich::Text(text) => text.retain(|c| c != '.'),
            Rich::Styled(_, c) | Rich::Quoted(c) | Rich::NoCase(c) | Rich::Link(_, c) => strip_periods(c),
            Rich::Verbatim(_) => {}
        }
    }
}

/// Changes the case; see [`super::text_case`].
pub(super) fn with_case(runs: Vec<Rich>, case: TextCase) -> Vec<Rich> {
    super::text_case::apply(runs, case)
}
