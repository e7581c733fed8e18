//! Algorithms: pseudocode, line by line.

use crate::attr::Id;
use crate::block::{Caption, CellOption};
use crate::inline::Inline;
use crate::source::Span;
use serde::{Deserialize, Serialize};

/// An algorithm, from a code block of class `pseudocode` that holds LaTeX's `algorithm` and `algorithmic` environments. Source:
/// the Quarto extension "pseudocode"; the LaTeX packages "algorithmicx" and "algpseudocode".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Algorithm {
    /// The label: an id such as `alg-sort`.
    pub label: Option<Id>,
    /// The `#| key: value` lines.
    pub options: Vec<CellOption>,
    /// `\caption`.
    pub caption: Option<Caption>,
    /// The lines, in order.
    pub lines: Vec<AlgorithmLine>,
}

impl Algorithm {
    /// The value of an option.
    pub fn option(&self, key: &str) -> Option<&str> {
        self.options.iter().find(|o| o.key == key).map(|o| o.value.as_str())
    }
}

/// A line of an algorithm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlgorithmLine {
    /// Its bytes.
    pub span: Span,
    /// The number of blocks around it.
    pub depth: u32,
    /// The kind of line.
    pub kind: AlgorithmLineKind,
    /// Its text. Keywords are spans of class `ps-keyword`, names of functions spans of class `ps-funcname`.
    pub content: Vec<Inline>,
    /// `\Comment`.
    pub comment: Option<Vec<Inline>>,
}

/// The kinds of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlgorithmLineKind {
    /// A condition, input or output (`\Require`, `\Ensure`, `\Input`, `\Output`): not numbered.
    Condition,
    /// A statement, or the first line of a block: numbered.
    Statement,
    /// The last line of a block (`end if`), which authors may hide.
    End,
    /// `\Statex` or a text: not numbered.
    Unnumbered,
}
