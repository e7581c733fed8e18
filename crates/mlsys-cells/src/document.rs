//! The executable code of a page.

use mlsys_book::{Span, Value};

/// The program that runs a page's cells. Source: Quarto, "Engine Binding".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// A Jupyter kernel, by its name; `python3` runs without Jupyter.
    Jupyter(String),
    /// R with knitr.
    Knitr,
    /// None: cells are shown as code.
    Markdown,
}

/// The executable code of a page, in the order of its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The program that runs it.
    pub engine: Engine,
    /// The cells of the engine's languages. Cells that belong to others (`mermaid`, `dot`, `ojs`) are left to the parser.
    pub cells: Vec<Cell>,
    /// The inline values.
    pub values: Vec<InlineValue>,
}

/// A cell: a fence with a language in braces.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// `python`, `r`, `julia`, ...
    pub language: String,
    /// The fence, from the start of its opening line to the end of its closing line, without the line end.
    pub span: Span,
    /// The columns before the opening fence.
    pub indent: usize,
    /// The options as a map: those of the `#|` lines over those in the braces.
    pub options: Value,
    /// The bytes of the option lines; empty if there are none.
    pub option_lines: Span,
    /// The code without its option lines, dedented.
    pub code: String,
    /// The code's bytes.
    pub code_span: Span,
}

/// An inline value: `` `{python} expression` ``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineValue {
    /// `python`, `r`, ...
    pub language: String,
    /// The bytes from the opening to the closing backtick.
    pub span: Span,
    /// The expression.
    pub expression: String,
    /// The expression's bytes.
    pub expression_span: Span,
}
