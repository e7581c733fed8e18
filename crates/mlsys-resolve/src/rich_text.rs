//! Between the inlines of a page and the CSL processor's rich text.
//!
//! The processor looks into text and its formatting. Everything else of an affix (a link, a note, a formula) passes through it as
//! an opaque number, so its input and output hold neither Markdown nor positions.

use mlsys_book::{Attr, Citation, CitationMode, Inline, InlineKind, Link, Math, Pair, Reference, Span, plain_text};
use mlsys_csl::{Cite, CiteMode, Cluster, Entry, Face, Opaque, Rich};

/// The cluster of some citations.
pub(crate) fn cluster(citations: &[&Citation], in_note: bool) -> Cluster {
    Cluster { cites: cites(citations, &mut Vec::new()), in_note }
}

/// The inlines of the affixes that [`cluster`] makes opaque, by their ids.
pub(crate) fn opaque<'a>(citations: &[&'a Citation]) -> Vec<&'a Inline> {
    let mut opaque = Vec::new();
    cites(citations, &mut opaque);
    opaque
}

fn cites<'a>(citations: &[&'a Citation], opaque: &mut Vec<&'a Inline>) -> Vec<Cite> {
    let cite = |citation: &&'a Citation| Cite {
        key: citation.key.clone(),
        mode: match citation.mode {
            CitationMode::Normal => CiteMode::Normal,
            CitationMode::AuthorInText => CiteMode::AuthorInText,
            CitationMode::SuppressAuthor => CiteMode::SuppressAuthor,
        },
        prefix: from_inlines(&citation.prefix, opaque),
        suffix: from_inlines(&citation.suffix, opaque),
    };
    citations.iter().map(cite).collect()
}

fn from_inlines<'a>(inlines: &'a [Inline], opaque: &mut Vec<&'a Inline>) -> Vec<Rich> {
    let mut runs = Vec::with_capacity(inlines.len());
    for inline in inlines {
        let (face, content) = match &inline.kind {
            InlineKind::Emph(content) => (Face::Italic, content),
            InlineKind::Strong(content) => (Face::Bold, content),
            InlineKind::SmallCaps(content) => (Face::SmallCaps, content),
            InlineKind::Superscript(content) => (Face::Superscript, content),
            InlineKind::Subscript(content) => (Face::Subscript, content),
            InlineKind::Underline(content) => (Face::Underline, content),
            InlineKind::Strikeout(content) => (Face::Strikeout, content),
            InlineKind::Str(text) => {
                runs.push(Rich::Text(text.clone()));
                continue;
            }
            InlineKind::SoftBreak => {
                runs.push(Rich::Text(" ".to_owned()));
                continue;
            }
            InlineKind::LineBreak
            | InlineKind::Code(..)
            | InlineKind::Math(_)
            | InlineKind::RawInline(..)
            | InlineKind::Link(_)
            | InlineKind::Image(_)
            | InlineKind::Cite(_)
            | InlineKind::Note(_)
            | InlineKind::Span(..)
            | InlineKind::Shortcode(_)
            | InlineKind::ExampleRef(_)
            | InlineKind::Cell(..) => {
                let id = u32::try_from(opaque.len()).unwrap_or(u32::MAX);
                opaque.push(inline);
                runs.push(Rich::Opaque(Opaque { id, text: plain_text(std::slice::from_ref(inline)) }));
                continue;
            }
        };
        runs.push(Rich::Styled(face, from_inlines(content, opaque)));
    }
    runs
}

/// Formatted text as inlines, which all get the span of the citation. `opaque` are the inlines of its affixes, by id.
pub(crate) fn to_inlines(runs: Vec<Rich>, span: Span, opaque: &[&Inline]) -> Vec<Inline> {
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
            Rich::Styled(face, content) => styled(face, to_inlines(content, span, opaque)),
            // Quotations get a span, which style sheets may select.
            Rich::Quoted(content) => InlineKind::Span(Box::default(), to_inlines(content, span, opaque)),
            Rich::NoCase(content) => {
                out.extend(to_inlines(content, span, opaque));
                continue;
            }
            Rich::Link(url, content) => {
                let attr = if url.starts_with('#') { role_attr("doc-biblioref", span) } else { Attr::default() };
                InlineKind::Link(Box::new(Link {
                    attr,
                    content: to_inlines(content, span, opaque),
                    url,
                    url_span: span,
                    title: String::new(),
                }))
            }
            Rich::Code(code) => InlineKind::Code(Box::default(), code),
            Rich::Math(tex) => {
                InlineKind::Math(Box::new(Math { display: false, tex, attr: Attr::default(), labels: Vec::new() }))
            }
            Rich::Opaque(Opaque { id, text }) => match opaque.get(id as usize) {
                Some(inline) => {
                    out.push((*inline).clone());
                    continue;
                }
                None => InlineKind::Str(text),
            },
        };
        out.push(Inline { span, kind });
    }
    out
}

/// An entry of the bibliography. It comes from no place of the page, so its spans are empty.
pub(crate) fn reference(entry: Entry) -> Reference {
    let inlines = |runs| to_inlines(runs, Span::new(0, 0), &[]);
    Reference { key: entry.key, content: inlines(entry.content), label: entry.label.map(inlines) }
}

fn styled(face: Face, content: Vec<Inline>) -> InlineKind {
    let span = |class: &str, content| InlineKind::Span(Box::new(class_attr(class)), content);
    match face {
        Face::Italic => InlineKind::Emph(content),
        Face::Bold => InlineKind::Strong(content),
        Face::SmallCaps => InlineKind::SmallCaps(content),
        Face::Superscript => InlineKind::Superscript(content),
        Face::Subscript => InlineKind::Subscript(content),
        Face::Underline => InlineKind::Underline(content),
        Face::Strikeout => InlineKind::Strikeout(content),
        Face::Upright => span("nodecoration", content),
        Face::Block => span("csl-block", content),
        Face::LeftMargin => span("csl-left-margin", content),
        Face::RightInline => span("csl-right-inline", content),
        Face::Indent => span("csl-indent", content),
    }
}

/// The attributes of an element of a class.
pub(crate) fn class_attr(class: &str) -> Attr {
    Attr { classes: vec![class.to_owned()], ..Attr::default() }
}

fn role_attr(role: &str, span: Span) -> Attr {
    Attr { pairs: vec![Pair { key: "role".to_owned(), value: role.to_owned(), value_span: span }], ..Attr::default() }
}
