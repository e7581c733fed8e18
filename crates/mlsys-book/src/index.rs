//! What a page offers to references and asks of them, and the numbers that the whole book gives to it.

use crate::attr::Id;
use crate::inline::Inline;
use crate::project::PageId;
use crate::source::{Place, SourceId, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A page as other pages see it: what can be numbered and referred to, and what it refers to. Made from the page's tree alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// The page.
    pub page: PageId,
    /// The source that the spans refer to.
    pub source: SourceId,
    /// The title from the metadata.
    pub title: Option<Vec<Inline>>,
    /// What the page's metadata says about numbers.
    pub numbering: Numbering,
    /// Everything that may have a number, in reading order; parts of a float follow the float.
    pub definitions: Vec<Definition>,
    /// Every id on the page that links may go to, in reading order.
    pub ids: Vec<Id>,
    /// The keys of citations and cross-references, in reading order.
    pub uses: Vec<Use>,
}

/// A key that a page uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// The key without `@`, as written.
    pub key: String,
    /// Where it stands.
    pub span: Span,
}

/// Something that may have a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// The `span.start` of its node: its key in [`crate::Links::numbers`].
    pub start: u32,
    /// What it is.
    pub kind: DefinitionKind,
    /// Its id.
    pub id: Option<Id>,
    /// The text of a heading, without notes, links and citations; empty for anything else.
    pub title: Vec<Inline>,
    /// For a part of a float: the float's position in [`Index::definitions`].
    pub parent: Option<usize>,
}

/// The kinds of numbered things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DefinitionKind {
    /// A heading that makes a section.
    Section {
        /// 1 to 6.
        level: u8,
        /// Whether it is not `.unnumbered`.
        numbered: bool,
    },
    /// A float, equation, theorem, proof or callout; the text is the prefix of its labels (`fig`, `eq`, `thm`, `nte`).
    Counted(String),
    /// A numbered box (`custom-numbered-blocks`).
    Box {
        /// The class that makes it one.
        class: String,
        /// The word before its number.
        label: String,
        /// The word before its number in references to it.
        reference: String,
        /// The group that it counts with.
        group: String,
        /// Whether it shows its number.
        numbered: bool,
        /// Whether it stands at the top level of the page; only such boxes are counted.
        top: bool,
    },
}

/// How a page counts. Source: Quarto, "Cross-Reference Options" and "Numbering".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbering {
    /// `number-sections`: whether headings show their numbers.
    pub sections: Option<bool>,
    /// `number-depth`: the deepest level of headings that show a number.
    pub depth: Option<u8>,
    /// `number-offset`: what each level starts counting after.
    pub offset: Vec<u32>,
    /// `crossref.chapters`: whether numbers begin with that of the chapter.
    pub chapters: Option<bool>,
    /// `crossref.KIND-labels`, and `""` for `crossref.labels`.
    pub formats: BTreeMap<String, NumberFormat>,
    /// `crossref.subref-labels`: the parts of floats.
    pub parts: Option<NumberFormat>,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NumberFormat {
    /// `arabic`: 1, 2, 3.
    Arabic,
    /// `alpha a`: a, b, c.
    LowerAlpha,
    /// `alpha A`: A, B, C.
    UpperAlpha,
    /// `roman i`: i, ii, iii.
    LowerRoman,
    /// `roman I`: I, II, III.
    UpperRoman,
}

/// The numbers and labels of the whole project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Refs {
    /// The pages, by [`PageId`].
    pub pages: Vec<PageRefs>,
    /// What each label names. Several pages may define a label; they are in book order.
    pub labels: BTreeMap<String, Vec<Labelled>>,
    /// The pages by their input and output files.
    pub files: BTreeMap<String, PageId>,
    /// The first page of each file name.
    pub names: BTreeMap<String, PageId>,
    /// In books: the keys that the pages use and that are no labels, in the order of their first use.
    pub cited: Vec<String>,
    /// In books: the page that holds the reference list of all pages.
    pub references: Option<PageId>,
}

impl Refs {
    /// Whether both give the same numbers to the same labels, wherever these stand on their pages.
    pub fn same_but_places(&self, other: &Refs) -> bool {
        let Refs { pages, labels, files, names: _, cited, references } = self;
        let same_label = |(a, b): (&Labelled, &Labelled)| {
            let Labelled { page, place: _, kind, word, number, title, section } = a;
            (page, kind, word, number, section) == (&b.page, &b.kind, &b.word, &b.number, &b.section)
                && same_text(title, &b.title)
        };
        (pages, files, cited, references) == (&other.pages, &other.files, &other.cited, &other.references)
            && labels.len() == other.labels.len()
            && labels.iter().zip(&other.labels).all(|((key, a), (other_key, b))| {
                key == other_key && a.len() == b.len() && a.iter().zip(b).all(same_label)
            })
    }

    /// Everything that [`Refs::same_but_places`] compares, as values that say the same wherever the labels stand.
    pub fn without_places(&self) -> impl Serialize + '_ {
        fn label(labelled: &Labelled) -> impl Serialize + '_ {
            let Labelled { page, place: _, kind, word, number, title, section } = labelled;
            (page, kind, word, number, crate::print_inlines(title), section)
        }
        let Refs { pages, labels, files, names: _, cited, references } = self;
        let labels = labels.iter().map(|(key, all)| (key, all.iter().map(label).collect::<Vec<_>>()));
        (pages, labels.collect::<Vec<_>>(), files, cited, references)
    }

    /// The page's numbers and ids.
    pub fn page(&self, page: PageId) -> Option<&PageRefs> {
        self.pages.get(page.0 as usize)
    }
}

/// Whether two headings read the same, wherever they stand.
fn same_text(a: &[Inline], b: &[Inline]) -> bool {
    a == b || (a.len() == b.len() && crate::print_inlines(a) == crate::print_inlines(b))
}

/// What the project knows about a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageRefs {
    /// The numbers of [`Index::definitions`], by position; nothing for what has none.
    pub numbers: Vec<Option<Assigned>>,
    /// In books: the number of the chapter that the page is: `2`, `A`.
    pub chapter: Option<String>,
    /// In websites with parts: the page's position among the chapters of the sidebar.
    pub position: Option<u32>,
    /// The page's ids, sorted.
    pub ids: Vec<String>,
}

/// A number that a definition got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// The number: `2.1`; for a part of a float only its own (`a`).
    pub text: String,
    /// The float's number, for a part of one.
    pub parent: Option<String>,
    /// Whether the page shows it.
    pub shown: bool,
    /// The id of a box for which the author gave none.
    pub id: Option<String>,
}

/// What a label names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Labelled {
    /// The page.
    pub page: PageId,
    /// Where it is defined.
    pub place: Place,
    /// The prefix of its kind: `sec`, `fig`; `box` for numbered boxes.
    pub kind: String,
    /// The word before its number, where the author gave it one (numbered boxes).
    pub word: Option<String>,
    /// Its number.
    pub number: Option<Assigned>,
    /// A heading's text, or the title of a numbered box; empty for anything else.
    pub title: Vec<Inline>,
    /// What a heading is; nothing for anything else.
    pub section: Option<SectionKind>,
}

/// What a heading stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SectionKind {
    /// A chapter of a book or of a site with parts, or a level-one section where `crossref.chapters` is on.
    Chapter,
    /// An appendix of a book.
    Appendix,
    /// The title of a part.
    Part,
    /// Any other section.
    Section,
}
