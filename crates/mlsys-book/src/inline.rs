//! Inline elements.

use crate::attr::{Attr, Id};
use crate::source::Span;
use serde::{Deserialize, Serialize};

/// An inline element and its source range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inline {
    /// The bytes of the element, markup included.
    pub span: Span,
    /// What it is.
    pub kind: InlineKind,
}

/// The kinds of inline elements, by Pandoc's names where Pandoc has them. Large variants are boxed, because most inlines are text
/// and line ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum InlineKind {
    /// A run of text, spaces included and line ends not, with entities decoded and smart punctuation applied.
    Str(String),
    /// A line end in the source, which reads as a space.
    SoftBreak,
    /// A hard line break.
    LineBreak,
    /// Emphasis.
    Emph(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Struck-out text.
    Strikeout(Vec<Inline>),
    /// Superscript.
    Superscript(Vec<Inline>),
    /// Subscript.
    Subscript(Vec<Inline>),
    /// Underlined text: a span of class `underline` or `ul`.
    Underline(Vec<Inline>),
    /// Small capitals: a span of class `smallcaps`.
    SmallCaps(Vec<Inline>),
    /// Verbatim text.
    Code(Box<Attr>, String),
    /// A formula: its TeX without the delimiters.
    Math(Box<Math>),
    /// Text for one output format, verbatim: `html`, `tex`, `latex`, ...
    RawInline(String, String),
    /// A link.
    Link(Box<Link>),
    /// An image within a line.
    Image(Box<Image>),
    /// Citations and cross-references: `@key`, `[@a; @b, p. 3]`, `@fig-x`. The resolver tells the two apart.
    Cite(Cite),
    /// A reference to a note of the chapter.
    Note(NoteId),
    /// A span with attributes, bracketed or native HTML.
    Span(Box<Attr>, Vec<Inline>),
    /// A shortcode that the renderer expands (`video`, `kbd`, `pagebreak`, ...).
    Shortcode(Box<Shortcode>),
    /// A reference to a numbered example `(@label)`: its number.
    ExampleRef(u32),
    /// An inline cell `` `{python} x` ``: language and code, shown as code until it can run.
    Cell(String, String),
}

/// A formula.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Math {
    /// True for a display formula, false for an inline one.
    pub display: bool,
    /// TeX without delimiters. A bare environment keeps its `\begin` and `\end`.
    pub tex: String,
    /// Attributes after a display formula; the id is the equation's label.
    pub attr: Attr,
    /// TeX's own labels in a display formula (`\label{x}`), in order. Each names a number of its own.
    pub labels: Vec<Id>,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Its attributes. Autolinks have the class `uri` or `email`.
    pub attr: Attr,
    /// The text.
    pub content: Vec<Inline>,
    /// The URL, as written, with entities and escapes decoded.
    pub url: String,
    /// The URL's bytes.
    pub url_span: Span,
    /// The title, or `""`.
    pub title: String,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// Its attributes.
    pub attr: Attr,
    /// The description in brackets: a figure's caption, otherwise the alternative text.
    pub content: Vec<Inline>,
    /// The file, as written.
    pub url: String,
    /// The URL's bytes.
    pub url_span: Span,
    /// The title, or `""`.
    pub title: String,
}

/// One or more citations that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cite {
    /// The citations in order; at least one.
    pub citations: Vec<Citation>,
    /// True if the citations are in brackets.
    pub bracketed: bool,
}

/// One key of a [`Cite`]. Source: Pandoc manual, "Extension: citations".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Citation {
    /// The key without `@`, as written (`Fig-x` keeps its capital).
    pub key: String,
    /// The bytes of `@key`.
    pub span: Span,
    /// Text before the key.
    pub prefix: Vec<Inline>,
    /// Text after the key: locator and suffix, with the leading comma.
    pub suffix: Vec<Inline>,
    /// How the author is named.
    pub mode: CitationMode,
}

/// How a citation names the author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CitationMode {
    /// `@key` in the running text.
    AuthorInText,
    /// `-@key`: without the author. Outside of brackets it is TeX's `\ref{key}`: always a cross-reference, its number alone.
    SuppressAuthor,
    /// `[@key]`.
    Normal,
}

/// A note of the chapter: an index into [`crate::Chapter::notes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NoteId(pub u32);

impl NoteId {
    /// The index in [`crate::Chapter::notes`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A shortcode call: `{{< name arg key="value" >}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shortcode {
    /// Its name.
    pub name: String,
    /// The arguments without a key, unquoted.
    pub args: Vec<String>,
    /// The arguments with a key.
    pub pairs: Vec<(String, String)>,
}

impl Shortcode {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }
}
