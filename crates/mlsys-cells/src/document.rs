//! The executable code of a page.

use crate::output::CodePlace;
use mlsys_book::{Source, Span, Value};

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
    /// The language of the engine's cells: `python`, `r`, ...; empty if there is no engine. Cells of other languages are written
    /// by their options but not run, except that knitr runs all languages.
    pub language: String,
    /// The cells. Those of diagrams (`mermaid`, `dot`) are left to the parser.
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
    /// The options as a map: those of the `#|` lines over those in the braces. Keys are written as Quarto does (`fig-cap`), also
    /// those that the page writes as knitr does (`fig.cap`).
    pub options: Value,
    /// The bytes of the option lines; empty if there are none.
    pub option_lines: Span,
    /// The code without its option lines, dedented, without blank lines before and after it and without a final line end.
    pub code: String,
    /// The code's lines, with their indentation.
    pub code_span: Span,
}

/// How an inline value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InlineForm {
    /// `` `{python} x` ``: texts are escaped.
    Braces,
    /// `` `r x` ``: texts are Markdown (knitr only).
    Bare,
}

/// An inline value: `` `{python} expression` ``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineValue {
    /// `python`, `r`, ...
    pub language: String,
    /// With or without braces.
    pub form: InlineForm,
    /// The bytes from the opening to the closing backtick.
    pub span: Span,
    /// The expression.
    pub expression: String,
    /// The expression's bytes.
    pub expression_span: Span,
}

impl Document {
    /// True if the page's engine runs cells of a language.
    pub fn runs(&self, language: &str) -> bool {
        match self.engine {
            Engine::Jupyter(_) => language == self.language,
            Engine::Knitr => language != "ojs",
            Engine::Markdown => false,
        }
    }

    /// True if a cell has code: its own, or with knitr that of another cell, a file or a child document.
    pub fn has_code(&self, cell: &Cell) -> bool {
        let is_source = |key: &str| ["child", "code", "file", "ref-label"].contains(&key);
        let is_knitr = self.engine == Engine::Knitr;
        !cell.code.is_empty() || (is_knitr && cell.options.entries().iter().any(|entry| is_source(&entry.key)))
    }

    /// The bytes of a place in the page's code: from its column to the end of its line. An unknown line is the cell's first one.
    pub fn span_of(&self, source: &Source, place: &CodePlace) -> Span {
        match *place {
            CodePlace::Value(index) => self.values.get(index).map_or(Span::new(0, 0), |value| value.expression_span),
            CodePlace::Cell { index, line, column } => {
                let Some(cell) = self.cells.get(index) else { return Span::new(0, 0) };
                if line == 0 {
                    let end = cell.span.start as usize + first_line(source.slice(cell.span)).len();
                    return Span::new(cell.span.start as usize, end);
                }
                let text = source.slice(cell.code_span);
                let mut at = cell.code_span.start as usize;
                let lines = text.split_inclusive('\n').take(line as usize - 1);
                at += lines.map(str::len).sum::<usize>().min(text.len());
                let rest = first_line(&source.text[at..(cell.span.end as usize).max(at)]);
                let stripped = dedent(rest, cell.indent);
                let within = stripped.char_indices().nth((column as usize).saturating_sub(1)).map_or(0, |(i, _)| i);
                Span::new(at + rest.len() - stripped.len() + within, at + rest.len())
            }
        }
    }
}

/// The text up to the first line end.
pub(crate) fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("")
}

/// A line without as much white space at its start as the fence has, or as there is.
pub(crate) fn dedent(line: &str, indent: usize) -> &str {
    let blank = line.bytes().take(indent).take_while(|b| matches!(b, b' ' | b'\t')).count();
    &line[blank..]
}
