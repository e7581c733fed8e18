//! Block elements.

use crate::algorithm::Algorithm;
use crate::attr::{Attr, Id};
use crate::inline::{Inline, Shortcode};
use crate::source::Span;
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// A block element and its source range. Among numbered blocks of a chapter `span.start` is unique: it is their key in
/// [`crate::Links`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// The bytes of the element, markup included.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind,
}

/// The class of a div that only the Markdown of a page has, and the format of such text within a line.
pub const MARKDOWN_ONLY: &str = "llms-conditional-content";

/// The formats of the empty raw blocks and inlines around what only the page has and not its Markdown.
pub const PAGE_ONLY: &str = "llms-hidden-content";

/// The end of what [`PAGE_ONLY`] begins.
pub const PAGE_ONLY_END: &str = "llms-hidden-content-end";

/// The kinds of block elements: Pandoc's, and Quarto's own as nodes of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum BlockKind {
    /// Text that is not a paragraph, as in tight lists and table cells.
    Plain(Vec<Inline>),
    /// A paragraph.
    Para(Vec<Inline>),
    /// A heading. The id is the author's or automatic; empty headings have `section`.
    Header(Header),
    /// Verbatim text.
    CodeBlock(CodeBlock),
    /// An executable cell, not run.
    Cell(Cell),
    /// Text for one output format, verbatim: `html`, `latex`, ...
    RawBlock(String, String),
    /// A quotation.
    BlockQuote(Vec<Block>),
    /// A list with bullets.
    BulletList(Vec<ListItem>),
    /// A numbered list.
    OrderedList(OrderedList),
    /// Terms and their definitions.
    DefinitionList(Vec<DefinitionItem>),
    /// Lines of verse, with their breaks and leading spaces.
    LineBlock(Vec<Vec<Inline>>),
    /// A rule.
    HorizontalRule,
    /// A table without a label. A labelled table is the content of a [`Float`].
    Table(Box<Table>),
    /// A generic div, fenced or native HTML.
    Div(Attr, Vec<Block>),
    /// An image that is a paragraph of its own, with a caption and without a cross-reference label.
    Figure(Box<Figure>),
    /// A labelled figure, table or listing, or one of a custom kind.
    Float(Box<Float>),
    /// Blocks in rows: a div with `layout`, `layout-ncol` or `layout-nrow`, and without a label.
    LayoutPanel(Box<LayoutPanel>),
    /// A callout of Quarto's five kinds.
    Callout(Box<Callout>),
    /// A theorem or one of its relatives, with a label.
    Theorem(Box<Theorem>),
    /// A proof, remark or solution.
    Proof(Box<Proof>),
    /// Pseudocode.
    Algorithm(Box<Algorithm>),
    /// A tabset. Source: Quarto, "Tabsets".
    Tabset(Box<Tabset>),
    /// A shortcode alone in its paragraph that the renderer expands.
    Shortcode(Shortcode),
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// 1 to 6.
    pub level: u8,
    /// Its attributes; the id is always set.
    pub attr: Attr,
    /// The text.
    pub content: Vec<Inline>,
}

impl Header {
    /// True if the heading is numbered: it lacks the class `.unnumbered`, for which `{-}` is short.
    pub fn numbered(&self) -> bool {
        !self.attr.has_class("unnumbered")
    }
}

/// A code block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodeBlock {
    /// Its attributes; the first class is the language.
    pub attr: Attr,
    /// The code, without the last line end.
    pub text: String,
    /// The code's bytes, from the first line of code to the last.
    pub text_span: Span,
}

impl CodeBlock {
    /// The language: the first class.
    pub fn language(&self) -> Option<&str> {
        self.attr.classes.first().map(String::as_str)
    }
}

/// An executable cell: ```` ```{python} ````.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// `python`, `r`, `ojs`, `mermaid`, `dot`, ...
    pub language: String,
    /// Attributes in the braces after the language; `label` counts as an id.
    pub attr: Attr,
    /// The `#| key: value` lines.
    pub options: Vec<CellOption>,
    /// The code without its option lines and without the last line end.
    pub text: String,
    /// The code's bytes.
    pub text_span: Span,
    /// `fig-cap` or `tbl-cap`, read as Markdown.
    pub caption: Option<Vec<Inline>>,
}

/// A cell option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellOption {
    /// The key.
    pub key: String,
    /// The value as text; lists and maps keep their YAML source.
    pub value: String,
    /// The line's bytes.
    pub span: Span,
}

impl Cell {
    /// The value of an option.
    pub fn option(&self, key: &str) -> Option<&str> {
        self.options.iter().find(|o| o.key == key).map(|o| o.value.as_str())
    }
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListItem {
    /// For a task, `- [ ]` or `- [x]`: true if it is done.
    pub task: Option<bool>,
    /// The item's blocks; in a tight list, `Plain` instead of `Para`.
    pub content: Vec<Block>,
}

/// A numbered list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderedList {
    /// The first number.
    pub start: u32,
    /// The numeral system.
    pub style: ListNumberStyle,
    /// The punctuation around the numbers.
    pub delim: ListNumberDelim,
    /// The items.
    pub items: Vec<ListItem>,
}

/// The numeral system of a numbered list. Source: Pandoc manual, "Extension: fancy_lists".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListNumberStyle {
    /// `#.`
    Default,
    /// `(@)`: numbered through the chapter.
    Example,
    /// `1.`
    Decimal,
    /// `a.`
    LowerAlpha,
    /// `A.`
    UpperAlpha,
    /// `i.`
    LowerRoman,
    /// `I.`
    UpperRoman,
}

/// The punctuation around a list number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListNumberDelim {
    /// `#.`
    Default,
    /// `1.`
    Period,
    /// `1)`
    OneParen,
    /// `(1)`
    TwoParens,
}

/// A term with its definitions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DefinitionItem {
    /// The term.
    pub term: Vec<Inline>,
    /// The definitions; in a tight list, `Plain` instead of `Para`.
    pub definitions: Vec<Vec<Block>>,
}

/// A figure without a cross-reference label: Pandoc's implicit figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The figure's attributes; its id is no cross-reference label.
    pub attr: Attr,
    /// The image (possibly within a link) as the only inline.
    pub content: Vec<Inline>,
    /// The caption.
    pub caption: Vec<Inline>,
}

/// A labelled figure, table, listing or custom float.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Float {
    /// The kind's key: `fig`, `tbl`, `lst`, or a custom one (`vid`).
    pub kind: String,
    /// The label: an id such as `fig-loop`.
    pub label: Id,
    /// The other attributes of the div, image, table or code block (its id is empty here).
    pub attr: Attr,
    /// The content without the caption: an image as `Plain`, a table as [`BlockKind::Table`], subfigures as floats of their own.
    pub content: Vec<Block>,
    /// The caption, if any.
    pub caption: Option<Caption>,
    /// The author's layout of the content.
    pub layout: Option<Layout>,
}

/// A caption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Caption {
    /// The bytes of the caption.
    pub span: Span,
    /// The text.
    pub content: Vec<Inline>,
}

/// A grid of cells: their widths, row by row. Source: Quarto, "Figures", custom layout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    /// The widths of the cells of each row, as written; a negative width is a gap. Empty if the author gives only a number of
    /// columns or rows.
    pub rows: Vec<Vec<f64>>,
    /// `layout-ncol`.
    pub columns: Option<u32>,
    /// `layout-nrow`.
    pub row_count: Option<u32>,
}

/// Blocks in rows, without a label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayoutPanel {
    /// The div's attributes.
    pub attr: Attr,
    /// The layout.
    pub layout: Layout,
    /// The blocks, one per cell.
    pub content: Vec<Block>,
    /// The caption: the last paragraph, if the div has an id.
    pub caption: Option<Caption>,
}

/// The kinds of callouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CalloutKind {
    /// `.callout-note`
    Note,
    /// `.callout-warning`
    Warning,
    /// `.callout-important`
    Important,
    /// `.callout-tip`
    Tip,
    /// `.callout-caution`
    Caution,
    /// `.callout` alone: a box without icon and label.
    None,
}

impl CalloutKind {
    /// `note`, `warning`, ...: the part of the class after `callout-`.
    pub fn name(self) -> &'static str {
        match self {
            CalloutKind::Note => "note",
            CalloutKind::Warning => "warning",
            CalloutKind::Important => "important",
            CalloutKind::Tip => "tip",
            CalloutKind::Caution => "caution",
            CalloutKind::None => "none",
        }
    }

    /// The prefix of the kind's labels: `nte`, `wrn`, `imp`, `tip`, `cau`.
    pub fn prefix(self) -> &'static str {
        match self {
            CalloutKind::Note => "nte",
            CalloutKind::Warning => "wrn",
            CalloutKind::Important => "imp",
            CalloutKind::Tip => "tip",
            CalloutKind::Caution => "cau",
            CalloutKind::None => "",
        }
    }
}

/// A callout. Source: Quarto, "Callout Blocks".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Callout {
    /// The kind.
    pub kind: CalloutKind,
    /// The div's attributes, with all classes and keys.
    pub attr: Attr,
    /// The title: the `title` attribute as Markdown, or a leading heading.
    pub title: Option<Vec<Inline>>,
    /// The content without the title.
    pub content: Vec<Block>,
}

/// A theorem, lemma, corollary, proposition, conjecture, definition, example, exercise or algorithm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Theorem {
    /// The kind's key: `thm`, `lem`, `cor`, `prp`, `cnj`, `def`, `exm`, `exr`, `alg`.
    pub kind: String,
    /// The label.
    pub label: Id,
    /// The other attributes of the div.
    pub attr: Attr,
    /// The title: the `name` attribute, or a leading heading.
    pub title: Option<Vec<Inline>>,
    /// The content without the title.
    pub content: Vec<Block>,
}

/// A proof, remark or solution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// `prf`, `rem` or `sol`.
    pub kind: String,
    /// The label. A labelled proof is numbered.
    pub label: Option<Id>,
    /// The other attributes of the div.
    pub attr: Attr,
    /// The title.
    pub title: Option<Vec<Inline>>,
    /// The content without the title.
    pub content: Vec<Block>,
}

/// A tabset. Source: Quarto, "Tabsets".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tabset {
    /// The div's attributes.
    pub attr: Attr,
    /// The tabs.
    pub tabs: Vec<Tab>,
}

/// One tab.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tab {
    /// The heading's attributes.
    pub attr: Attr,
    /// The heading's text.
    pub title: Vec<Inline>,
    /// The tab's blocks.
    pub content: Vec<Block>,
}
