//! Tables, after Pandoc's table model.

use crate::attr::Attr;
use crate::block::{Block, Caption};
use crate::source::Span;
use serde::{Deserialize, Serialize};

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Attributes, from the caption's braces or an HTML `table` tag. A known label is not here but on the float around it.
    pub attr: Attr,
    /// The caption; a labelled table has it on the float.
    pub caption: Option<Caption>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The head's rows; empty for a table without a head.
    pub head: Vec<Row>,
    /// The bodies; most tables have one.
    pub bodies: Vec<TableBody>,
    /// The foot's rows.
    pub foot: Vec<Row>,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// How its cells are aligned.
    pub align: Alignment,
    /// Its width as a fraction of the text's width, 0 to 1; nothing where the browser decides.
    pub width: Option<f64>,
}

/// How cells are aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Alignment {
    /// Not said.
    Default,
    /// Left.
    Left,
    /// Centre.
    Center,
    /// Right.
    Right,
}

/// Rows with their own heading rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableBody {
    /// Attributes, from an HTML `tbody`.
    pub attr: Attr,
    /// How many leading columns are row headings.
    pub row_head_columns: u32,
    /// Heading rows in the body.
    pub head: Vec<Row>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Where the row stands.
    pub span: Span,
    /// Attributes, from an HTML `tr`.
    pub attr: Attr,
    /// The cells.
    pub cells: Vec<TableCell>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableCell {
    /// Attributes, from an HTML `td` or `th`.
    pub attr: Attr,
    /// The cell's own alignment; `Default` takes the column's.
    pub align: Alignment,
    /// How many rows it takes, at least 1.
    pub row_span: u32,
    /// How many columns it takes, at least 1.
    pub column_span: u32,
    /// What is in it.
    pub content: Vec<Block>,
}
