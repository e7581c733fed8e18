//! Cross-references: what a page defines and uses, and the numbers and labels of the whole project.

use crate::attr::Id;
use crate::inline::Inline;
use crate::links::Target;
use crate::page_vec::PageId;
use crate::page_vec::PageVec;
use crate::source::{Place, SourceId, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The index of a page: its numbered elements, ids, and the keys that it uses. It depends on the page's tree alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// The page.
    pub page: PageId,
    /// The source that the spans refer to.
    pub source: SourceId,
    /// The title from the metadata.
    pub title: Option<Vec<Inline>>,
    /// The page's numbering options.
    pub numbering: Numbering,
    /// The elements that may have numbers, in reading order; parts of a float follow the float.
    pub definitions: Vec<Definition>,
    /// The ids that links may target, in reading order.
    pub ids: Vec<Id>,
    /// The keys of citations and cross-references, in reading order.
    pub uses: Vec<Use>,
    /// The labels in content that this format hides.
    pub hidden: Vec<Id>,
}

/// A use of a key on a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// The key without `@`, as written.
    pub key: String,
    /// The bytes of the use.
    pub span: Span,
}

/// An element that may have a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// The `span.start` of its node: its key in [`crate::Links::numbers`].
    pub start: u32,
    /// Its kind.
    pub kind: DefinitionKind,
    /// Its id.
    pub id: Option<Id>,
    /// The text of a heading, without notes, links and citations; empty for other kinds.
    pub title: Vec<Inline>,
    /// For a part of a float, the float's index in [`Index::definitions`].
    pub parent: Option<usize>,
}

/// The kinds of numbered elements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DefinitionKind {
    /// The heading of a section.
    Section {
        /// 1 to 6.
        level: u8,
        /// True unless it has the class `.unnumbered`.
        numbered: bool,
    },
    /// A float, equation, theorem, proof or callout, by the prefix of its label: `fig`, `eq`, `thm`, `nte`.
    Counted(String),
    /// A numbered box (`custom-numbered-blocks`).
    Box {
        /// The class of its div.
        class: String,
        /// The word before its number.
        label: String,
        /// The word before its number in references to it.
        reference: String,
        /// The group that shares its counter.
        group: String,
        /// True if it shows its number.
        numbered: bool,
        /// True if it is at the top level of the page. Only such boxes are counted.
        top: bool,
    },
}

/// The numbering options of a page. Source: Quarto, "Cross-Reference Options" and "Numbering".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbering {
    /// `number-sections`: true if headings show their numbers.
    pub sections: Option<bool>,
    /// `number-depth`: the deepest level of headings that show a number.
    pub depth: Option<u8>,
    /// `number-offset`: the initial value of each level's counter.
    pub offset: Vec<u32>,
    /// `crossref.chapters`: true if numbers have the chapter's number as their prefix.
    pub chapters: Option<bool>,
    /// `crossref.KIND-labels`, and `""` for `crossref.labels`.
    pub formats: BTreeMap<String, NumberStyle>,
    /// `crossref.subref-labels`: the parts of floats.
    pub parts: Option<NumberFormat>,
}

/// How a kind is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberStyle {
    /// The numeral system.
    pub format: NumberFormat,
    /// Added to every number: 2 for letters that begin at `c`.
    pub offset: u32,
}

/// The numeral system of a number.
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
    /// The pages.
    pub pages: PageVec<PageRefs>,
    /// The definitions of each label, in book order. Several pages may define one.
    pub labels: BTreeMap<String, Vec<Labelled>>,
    /// The pages by their input and output files.
    pub files: BTreeMap<String, PageId>,
    /// The first page of each file name.
    pub names: BTreeMap<String, PageId>,
    /// In books, the first heading with each id: `#id` in a link finds it from every page. A chapter's own id means its page.
    pub headings: BTreeMap<String, Target>,
    /// In books, the cited keys in the order of their first use.
    pub cited: Vec<String>,
    /// In books, the page with the reference list of all pages.
    pub references: Option<PageId>,
    /// The labels in content that this format hides, with their places.
    pub hidden: BTreeMap<String, Place>,
}

impl Refs {
    /// True if labels and numbers are equal, ignoring their places.
    pub fn same_but_places(&self, other: &Refs) -> bool {
        let Refs { pages, labels, files, names: _, headings, cited, references, hidden } = self;
        let same_label = |(a, b): (&Labelled, &Labelled)| {
            let Labelled { page, place: _, kind, word, number, title, section } = a;
            (page, kind, word, number, section) == (&b.page, &b.kind, &b.word, &b.number, &b.section)
                && same_text(title, &b.title)
        };
        (pages, files, headings) == (&other.pages, &other.files, &other.headings)
            && (cited, references) == (&other.cited, &other.references)
            && hidden.keys().eq(other.hidden.keys())
            && labels.len() == other.labels.len()
            && labels.iter().zip(&other.labels).all(|((key, a), (other_key, b))| {
                key == other_key && a.len() == b.len() && a.iter().zip(b).all(same_label)
            })
    }

    /// What [`Refs::same_but_places`] compares, as a value to hash: independent of places.
    pub fn without_places(&self) -> impl Serialize + '_ {
        fn label(labelled: &Labelled) -> impl Serialize + '_ {
            let Labelled { page, place: _, kind, word, number, title, section } = labelled;
            (page, kind, word, number, crate::print_inlines(title), section)
        }
        let Refs { pages, labels, files, names: _, headings, cited, references, hidden } = self;
        let labels = labels.iter().map(|(key, all)| (key, all.iter().map(label).collect::<Vec<_>>()));
        let hidden: Vec<&String> = hidden.keys().collect();
        (pages, labels.collect::<Vec<_>>(), files, headings, cited, references, hidden)
    }

    /// The page's numbers and ids.
    pub fn page(&self, page: PageId) -> Option<&PageRefs> {
        self.pages.page(page)
    }
}

/// True if two headings have the same text, ignoring their places.
fn same_text(a: &[Inline], b: &[Inline]) -> bool {
    a == b || (a.len() == b.len() && crate::print_inlines(a) == crate::print_inlines(b))
}

/// The numbers of a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageRefs {
    /// The numbers of [`Index::definitions`], by index.
    pub numbers: Vec<Option<Assigned>>,
    /// In books, the chapter number of the page: `2`, `A`.
    pub chapter: Option<String>,
    /// In websites with parts, the page's position among the chapters of the sidebar.
    pub position: Option<u32>,
    /// The page's ids, sorted.
    pub ids: Vec<String>,
}

/// The number of a definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// The number, `2.1`; for a part of a float, its own alone, `a`.
    pub text: String,
    /// For a part of a float, the float's number.
    pub parent: Option<String>,
    /// True if the page shows it.
    pub shown: bool,
    /// The id of a numbered box without one of its own.
    pub id: Option<String>,
}

/// A definition of a label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Labelled {
    /// The page.
    pub page: PageId,
    /// Where it is defined.
    pub place: Place,
    /// The prefix of its kind: `sec`, `fig`; `box` for numbered boxes.
    pub kind: String,
    /// For a numbered box, the word before its number.
    pub word: Option<String>,
    /// Its number.
    pub number: Option<Assigned>,
    /// The text of a heading, or the title of a numbered box; empty for other kinds.
    pub title: Vec<Inline>,
    /// For a heading, the kind of section.
    pub section: Option<SectionKind>,
}

/// The kinds of sections.
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
