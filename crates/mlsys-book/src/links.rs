//! The resolver's results for a page: numbers, link targets, citations.

use crate::inline::Inline;
use crate::page_vec::PageId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The target of a link: a page and an id on it, never a URL. The renderer's `Urls` makes the URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The page.
    pub page: PageId,
    /// The id; `None` for the top of the page.
    pub anchor: Option<String>,
}

/// The number of a section, float, equation, theorem, callout or numbered box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Number {
    /// The bare number: `2`, `1.3`, `A.1`; for a part of a figure `a`.
    pub text: String,
    /// The number with its word, as in captions and titles: `Figure 2` (with a no-break space), `Theorem 1`, `(a)`.
    pub label: String,
    /// True if the page shows it. Sections are numbered even if `number-sections` hides the numbers.
    pub shown: bool,
    /// The id of a numbered box without one of its own.
    pub id: Option<String>,
}

/// Everything a page's body needs besides its own tree.
///
/// Keys are the `span.start` of the page's nodes, so they do not depend on other pages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Links {
    /// The page itself.
    pub page: PageId,
    /// Numbers of the page's own headings, floats, theorems, callouts, boxes (by the block's `span.start`) and equations (by
    /// the formula's).
    pub numbers: BTreeMap<u32, Number>,
    /// The separator between a caption's label and its text: `": "`.
    pub title_delim: String,
    /// Citations and cross-references, by the `span.start` of the [`crate::InlineKind::Cite`].
    pub cites: BTreeMap<u32, Cited>,
    /// What the references in formulas show, by label: the numbers of what they name.
    pub formula_references: BTreeMap<String, String>,
    /// Links to other files of the project, by the `span.start` of the [`crate::InlineKind::Link`].
    pub targets: BTreeMap<u32, Target>,
    /// In a book, the headings of other pages that raw HTML of this page links to as `#id`.
    pub fragments: BTreeMap<String, Target>,
    /// Links to hidden drafts, by the `span.start` of the [`crate::InlineKind::Link`]: only their text is shown.
    pub unlinked: BTreeSet<u32>,
    /// True if the page belongs to a book: its notes end the text instead of an appendix.
    pub in_book: bool,
    /// In a book, the level-one heading that is the page's title, by its `span.start`.
    pub title_heading: Option<u32>,
    /// In a book with a page of references, that page: citations link to it, and the page has no list of its own.
    pub references_page: Option<PageId>,
    /// How to cite the page, if its metadata asks for it.
    pub citation: Option<PageCitation>,
    /// The reference list of the page.
    pub bibliography: Vec<Reference>,
    /// True if entries have a hanging indent (`hanging-indent` of the style).
    pub hanging_indent: bool,
    /// The site's URL: links below it are not external.
    pub site_url: Option<String>,
}

/// A resolved [`crate::InlineKind::Cite`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Cited {
    /// Cross-references, one per key.
    CrossReferences(Vec<CrossReference>),
    /// A citation in the style's format, with links to `#ref-KEY`.
    Citation {
        /// The cited keys in the author's order, unknown ones included.
        keys: Vec<String>,
        /// The formatted text.
        content: Vec<Inline>,
        /// True if the style prints citations as notes.
        note: bool,
    },
    /// Neither: shown as written.
    Text,
}

/// One cross-reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrossReference {
    /// The key as written, without `@`.
    pub key: String,
    /// The link target; `None` if the key is unresolved or `crossref.ref-hyperlink` is off.
    pub target: Option<Target>,
    /// True if the key is a label of the project.
    pub resolved: bool,
    /// True if it links to another page of a website, which Quarto's own references never do.
    pub across: bool,
    /// The text: `Figure 2`, `Chapter 3: Training`; for an unresolved key `?@key`.
    pub content: Vec<Inline>,
    /// The author's text after the key in brackets.
    pub suffix: Vec<Inline>,
}

/// How to cite a page.
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
    /// The formatted entry.
    pub content: Vec<Inline>,
    /// In numeric styles, the label in its own column (`second-field-align`).
    pub label: Option<Vec<Inline>>,
}

/// What a page's body needs to know about its images and diagrams.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Media {
    /// Width and height in CSS pixels, by the image's URL as written.
    pub images: BTreeMap<String, (u32, u32)>,
    /// Smaller versions of images, narrowest first, by the image's URL as written.
    pub forms: BTreeMap<String, Vec<ImageForm>>,
    /// The code blocks and cells that are diagrams, by their `span.start`.
    pub diagrams: BTreeMap<u32, Diagram>,
    /// TeX macros defined in the texts for the page's head and body (`include-in-header` and similar keys).
    pub macros: String,
}

/// A smaller version of an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageForm {
    /// Its URL, relative to the site's root.
    pub url: String,
    /// Its width in pixels.
    pub width: u32,
}

/// A code block or cell that is a diagram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Diagram {
    /// Drawn.
    Drawn(Drawing),
    /// Not drawn: the page shows its source.
    Source,
}

/// The image of a diagram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    /// Its URL, relative to the site's root.
    pub url: String,
    /// Its width in CSS pixels.
    pub width: u32,
    /// Its height in CSS pixels.
    pub height: u32,
    /// The words in it: the alternative text, unless the author gives one.
    pub words: String,
}
