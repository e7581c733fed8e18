//! What the resolver found out for a page: numbers, targets, citations.

use crate::inline::Inline;
use crate::project::PageId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where a link goes: a page and an id on it. Never a URL; the output's `Address` makes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The page.
    pub page: PageId,
    /// The id, or nothing for the page's beginning.
    pub anchor: Option<String>,
}

/// The number of a section, float, equation, theorem, callout or numbered box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    /// The bare number: `2`, `1.3`, `A.1`; for a part of a figure `a`.
    pub text: String,
    /// The number with its word, as a caption or title shows it: `Figure 2` (no-break space), `Theorem 1`, `(a)`.
    pub label: String,
    /// Whether the page shows it. Section numbers count even where `number-sections` hides them.
    pub shown: bool,
    /// The id of a numbered box for which the author gave none.
    pub id: Option<String>,
}

/// Everything a page's body needs beyond its own tree, and nothing else.
///
/// Keys are the `span.start` of the page's own nodes, which makes them independent of other pages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Links {
    /// The page itself.
    pub page: PageId,
    /// Numbers of the page's own headings, floats, theorems, callouts, boxes (by the block's `span.start`) and equations (by
    /// the formula's).
    pub numbers: BTreeMap<u32, Number>,
    /// Between a caption's label and its text: `": "`.
    pub title_delim: String,
    /// Citations and cross-references, by the `span.start` of the [`crate::InlineKind::Cite`].
    pub cites: BTreeMap<u32, Cited>,
    /// Links to other files of the project, by the `span.start` of the [`crate::InlineKind::Link`].
    pub targets: BTreeMap<u32, Target>,
    /// Links to drafts that are not shown, by the `span.start` of the [`crate::InlineKind::Link`]: their text stands alone.
    pub unlinked: BTreeSet<u32>,
    /// Whether the page belongs to a book: its notes end the text, and no appendix gathers them.
    pub in_book: bool,
    /// In a book: the heading of level one that is the page's title, by its `span.start`.
    pub title_heading: Option<u32>,
    /// In a book with a page of references: that page, where citations lead instead of to a list of their own.
    pub references_page: Option<PageId>,
    /// How others may cite the page, where its metadata says that they may.
    pub citation: Option<PageCitation>,
    /// The works cited on the page, in the order of the reference list.
    pub bibliography: Vec<Reference>,
    /// Whether the reference list hangs (`hanging-indent` of the style).
    pub hanging_indent: bool,
}

/// What a [`crate::InlineKind::Cite`] turned out to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Cited {
    /// Cross-references, one for each key.
    CrossReferences(Vec<CrossReference>),
    /// A citation as the style prints it: text with links to `#ref-KEY` (role `doc-biblioref`).
    Citation {
        /// The cited keys, in the author's order; unknown ones included.
        keys: Vec<String>,
        /// The printed text.
        content: Vec<Inline>,
        /// Whether the style prints citations as notes.
        note: bool,
    },
    /// Neither: shown as the author wrote it.
    Text,
}

/// One cross-reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrossReference {
    /// The key as written, without `@`.
    pub key: String,
    /// Where it goes; nothing when it is unresolved, or where `crossref.ref-hyperlink` is off.
    pub target: Option<Target>,
    /// Whether the key names something.
    pub resolved: bool,
    /// Whether it goes from one page of a website to another, which Quarto's own references never do.
    pub across: bool,
    /// What it shows: `Figure 2`, `Chapter 3: Training`; for an unresolved one `?@key`.
    pub content: Vec<Inline>,
    /// The author's text after the key in brackets.
    pub suffix: Vec<Inline>,
}

/// How a page may be cited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageCitation {
    /// A BibTeX entry.
    pub bibtex: String,
    /// The page as an entry of a reference list.
    pub entry: Reference,
}

/// An entry of the reference list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// The key.
    pub key: String,
    /// The printed entry.
    pub content: Vec<Inline>,
    /// The label in its own column, for numeric styles (`second-field-align`).
    pub label: Option<Vec<Inline>>,
}

/// The page's files as far as the body must know them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Media {
    /// Width and height in CSS pixels, by the image's address as written.
    pub images: BTreeMap<String, (u32, u32)>,
    /// Smaller forms of images, narrow ones first, by the image's address as written.
    pub forms: BTreeMap<String, Vec<ImageForm>>,
    /// The code blocks and cells that are diagrams, by their `span.start`.
    pub diagrams: BTreeMap<u32, Diagram>,
    /// The macros for formulas that the texts for the page's head and body define (`include-in-header`), as TeX.
    pub macros: String,
}

/// A smaller form of an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageForm {
    /// Its address, from the site's root.
    pub url: String,
    /// Its width in pixels.
    pub width: u32,
}

/// A code block or cell that is a diagram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Diagram {
    /// It was drawn.
    Drawn(Drawing),
    /// It was not drawn, so that the page shows its source.
    Source,
}

/// The picture of a diagram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    /// Its address, from the site's root.
    pub url: String,
    /// Its width in CSS pixels.
    pub width: u32,
    /// Its height in CSS pixels.
    pub height: u32,
    /// The words in it, which stand for it where the author says nothing.
    pub words: String,
}
