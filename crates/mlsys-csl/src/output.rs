//! The tree that evaluation returns, and its rendering: formatting, affixes, delimiters.
//!
//! Names, dates and items are tagged, because disambiguation, collapsing and substitution look for them.

use crate::rich::punctuation::{fix, with_delimiter};
use crate::rich::{self, Face, Rich, concat};
use citationberg::{
    Affixes, Display, FontStyle, FontVariant, FontWeight, Layout, TextCase, TextDecoration, ToAffixes, ToFormatting,
    VerticalAlign,
};
use mlsys_book::{Date, Name};

/// How a citation names its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ItemMode {
    Normal,
    AuthorOnly,
    SuppressAuthor,
}

/// Formatting attributes of a rendering element.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Format {
    pub face: citationberg::Formatting,
    pub prefix: Option<String>,
    pub suffix: Option<String>,
    pub display: Option<Display>,
    pub text_case: Option<TextCase>,
    pub delimiter: Option<String>,
    pub strip_periods: bool,
    pub quotes: bool,
    /// True for layouts, whose affixes are inside the rest of the formatting.
    pub affixes_inside: bool,
}

impl Format {
    /// Font attributes and affixes.
    pub fn new(face: citationberg::Formatting, affixes: &Affixes) -> Self {
        Format { face, prefix: affixes.prefix.clone(), suffix: affixes.suffix.clone(), ..Format::default() }
    }

    /// The formatting of a layout.
    pub fn of_layout(layout: &Layout) -> Self {
        Format {
            delimiter: layout.delimiter.clone(),
            affixes_inside: true,
            ..Format::new(layout.to_formatting(), &layout.to_affixes())
        }
    }

    /// A delimiter and nothing else.
    pub fn delimited(delimiter: impl Into<String>) -> Self {
        Format { delimiter: Some(delimiter.into()), ..Format::default() }
    }

    /// A prefix and nothing else.
    pub fn prefixed(prefix: impl Into<String>) -> Self {
        Format { prefix: Some(prefix.into()), ..Format::default() }
    }

    /// A suffix and nothing else.
    pub fn suffixed(suffix: impl Into<String>) -> Self {
        Format { suffix: Some(suffix.into()), ..Format::default() }
    }

    /// This formatting, completed by another one.
    #[must_use]
    pub fn over(self, base: &Format) -> Self {
        Format {
            face: self.face.apply(base.face),
            prefix: self.prefix.or_else(|| base.prefix.clone()),
            suffix: self.suffix.or_else(|| base.suffix.clone()),
            display: self.display.or(base.display),
            text_case: self.text_case.or(base.text_case),
            delimiter: self.delimiter.or_else(|| base.delimiter.clone()),
            strip_periods: self.strip_periods || base.strip_periods,
            quotes: self.quotes || base.quotes,
            affixes_inside: self.affixes_inside || base.affixes_inside,
        }
    }

    fn is_plain(&self) -> bool {
        self.face.is_empty()
            && self.prefix.is_none()
            && self.suffix.is_none()
            && self.display.is_none()
            && self.text_case.is_none()
            && self.delimiter.is_none()
            && !self.strip_periods
            && !self.quotes
            && !self.affixes_inside
    }
}

/// The meaning of a part of the output.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tag {
    Term(citationberg::taxonomy::Term),
    CitationNumber(usize),
    Title,
    /// A citation's item: its index in the list of items.
    Item(ItemMode, usize),
    Name(Name),
    /// The names of a variable; an empty list for what was substituted.
    Names(Vec<Name>),
    Date(Date),
    YearSuffix(usize),
    Locator,
    Prefix,
    Suffix,
}

/// The output of an element.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Output {
    Nothing,
    Text(Vec<Rich>),
    Formatted(Box<Format>, Vec<Output>),
    Linked(String, Vec<Output>),
    Tagged(Tag, Box<Output>),
    /// A citation that a note style puts into a note.
    Note(Box<Output>),
}

impl Output {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Output::Nothing } else { Output::Text(vec![Rich::Text(text)]) }
    }

    /// True if nothing was printed.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Output::Nothing)
    }

    /// Tags the output, unless it is empty.
    pub fn tagged(self, tag: Tag) -> Self {
        if self.is_nothing() { self } else { Output::Tagged(tag, Box::new(self)) }
    }

    /// Calls `visit` for this output and everything in it, outside first.
    pub fn walk<'o>(&'o self, visit: &mut dyn FnMut(&'o Output)) {
        visit(self);
        match self {
            Output::Nothing | Output::Text(_) => {}
            Output::Formatted(_, c) | Output::Linked(_, c) => c.iter().for_each(|o| o.walk(visit)),
            Output::Tagged(_, o) | Output::Note(o) => o.walk(visit),
        }
    }

    /// Replaces each part for which `change` returns one. Replacements are not searched.
    #[must_use]
    pub fn replace(self, change: &mut dyn FnMut(&Output) -> Option<Output>) -> Output {
        if let Some(new) = change(&self) {
            return new;
        }
        match self {
            Output::Nothing | Output::Text(_) => self,
            Output::Formatted(f, c) => formatted(*f, c.into_iter().map(|o| o.replace(change)).collect()),
            Output::Linked(u, c) => Output::Linked(u, c.into_iter().map(|o| o.replace(change)).collect()),
            Output::Tagged(t, o) => o.replace(change).tagged(t),
            Output::Note(o) => Output::Note(Box::new(o.replace(change))),
        }
    }

    /// Appends the words, without affixes.
    pub fn push_plain(&self, out: &mut String) {
        match self {
            Output::Nothing => {}
            Output::Text(runs) => {
                rich::push_plain(runs, out);
                out.push(' ');
            }
            Output::Formatted(_, parts) | Output::Linked(_, parts) => parts.iter().for_each(|o| o.push_plain(out)),
            Output::Tagged(_, inner) | Output::Note(inner) => inner.push_plain(out),
        }
    }

    /// The first list of names: the author's, or their substitute's.
    pub fn authors(&self) -> Option<&Output> {
        match self {
            Output::Tagged(Tag::Names(_), _) => Some(self),
            Output::Nothing | Output::Text(_) => None,
            Output::Formatted(_, c) | Output::Linked(_, c) => c.iter().find_map(Output::authors),
            Output::Tagged(_, o) | Output::Note(o) => o.authors(),
        }
    }
}

/// Outputs one after the other.
pub(crate) fn grouped(parts: Vec<Output>) -> Output {
    formatted(Format::default(), parts)
}

/// Outputs with a formatting, or nothing if all are empty.
pub(crate) fn formatted(format: Format, mut parts: Vec<Output>) -> Output {
    parts.retain(|o| !o.is_nothing());
    match parts.len() {
        0 => Output::Nothing,
        1 if format.is_plain() => parts.pop().unwrap_or(Output::Nothing),
        _ => Output::Formatted(Box::new(format), parts),
    }
}

/// The options of rendering.
#[derive(Clone, Copy)]
pub(crate) struct RenderOptions<'a> {
    /// Where citations link to; empty when they do not link.
    pub keys: &'a [String],
    pub link_citations: bool,
    pub link_bibliography: bool,
}

/// The output as rich text.
pub(crate) fn render(output: &Output, options: RenderOptions<'_>) -> Vec<Rich> {
    match output {
        Output::Nothing => Vec::new(),
        Output::Text(runs) => runs.clone(),
        Output::Tagged(Tag::Item(mode, index), inner) => {
            let content = render(inner, options);
            match options.keys.get(*index) {
                Some(key) if options.link_citations && *mode != ItemMode::AuthorOnly && !rich::is_blank(&content) => {
                    vec![Rich::Link(format!("#ref-{key}"), content)]
                }
                Some(_) | None => content,
            }
        }
        Output::Tagged(_, inner) => render(inner, options),
        Output::Formatted(format, parts) => {
            // A prefix that is part of the URL (`https://doi.org/`) belongs inside the link.
            if options.link_bibliography
                && let [Output::Linked(url, linked)] = parts.as_slice()
                && let Some(prefix) = &format.prefix
            {
                let anchor = rich::plain(&concat(linked.iter().map(|o| render(o, options))));
                if *url == format!("{prefix}{anchor}") {
                    let inner = Output::Formatted(format.clone(), linked.clone());
                    return vec![Rich::Link(url.clone(), render(&inner, options))];
                }
            }
            let rendered: Vec<Vec<Rich>> = parts.iter().map(|o| render(o, options)).filter(|r| !r.is_empty()).collect();
            let delimited = match &format.delimiter {
                Some(delimiter) => with_delimiter(rendered, delimiter),
                None => rendered,
            };
            add_format(format, concat(fix(delimited)))
        }
        Output::Linked(url, parts) => {
            let content = concat(fix(parts.iter().map(|o| render(o, options)).collect()));
            if options.link_bibliography { vec![Rich::Link(url.clone(), content)] } else { content }
        }
        Output::Note(inner) => {
            let mut content = render(inner, options);
            rich::trim_start(&mut content, &|c| matches!(c, ',' | ';' | '.' | ':'));
            rich::trim_start(&mut content, &char::is_whitespace);
            content
        }
    }
}

/// Applies formatting from the inside out. Source: CSL 1.0.2, "Formatting", "Affixes", "Quotes".
fn add_format(format: &Format, mut runs: Vec<Rich>) -> Vec<Rich> {
    if rich::is_blank(&runs) {
        return Vec::new();
    }
    if format.is_plain() {
        return runs;
    }
    let affixed = |runs: Vec<Rich>| {
        let with_suffix = match &format.suffix {
            Some(suffix) => concat(fix(vec![runs, affix(suffix)])),
            None => runs,
        };
        match &format.prefix {
            Some(prefix) => concat(fix(vec![affix(prefix), with_suffix])),
            None => with_suffix,
        }
    };
    if format.strip_periods {
        rich::strip_periods(&mut runs);
    }
    if format.affixes_inside {
        runs = affixed(runs);
    }
    if format.face.font_style == Some(FontStyle::Italic) {
        runs = vec![Rich::Styled(Face::Italic, runs)];
    }
    if let Some(case) = format.text_case {
        runs = rich::text_case::apply(runs, case);
    }
    if format.face.font_variant == Some(FontVariant::SmallCaps) {
        runs = vec![Rich::Styled(Face::SmallCaps, runs)];
    }
    if format.face.font_weight == Some(FontWeight::Bold) {
        runs = vec![Rich::Styled(Face::Bold, runs)];
    }
    match format.face.text_decoration {
        Some(TextDecoration::Underline) => runs = vec![Rich::Styled(Face::Underline, runs)],
        Some(TextDecoration::None) => runs = vec![Rich::Styled(Face::Upright, runs)],
        None => {}
    }
    match format.face.vertical_align {
        Some(VerticalAlign::Sup) => runs = vec![Rich::Styled(Face::Superscript, runs)],
        Some(VerticalAlign::Sub) => runs = vec![Rich::Styled(Face::Subscript, runs)],
        Some(VerticalAlign::None | VerticalAlign::Baseline) | None => {}
    }
    if format.quotes {
        runs = vec![Rich::Quoted(runs)];
    }
    if !format.affixes_inside {
        runs = affixed(runs);
    }
    match format.display {
        Some(Display::Block) => vec![Rich::Styled(Face::Block, runs)],
        Some(Display::LeftMargin) => vec![Rich::Styled(Face::LeftMargin, runs)],
        Some(Display::RightInline) => vec![Rich::Styled(Face::RightInline, runs)],
        Some(Display::Indent) => vec![Rich::Styled(Face::Indent, runs)],
        None => runs,
    }
}

fn affix(text: &str) -> Vec<Rich> {
    rich::text(text.replace('\'', "’"))
}
