//! Tables, after Pandoc's table model.

use crate::attr::Attr;
use crate::block::{Block, Caption};
use crate::source::Span;
use serde::{Deserialize, Serialize};

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Attributes, from the caption's braces or an HTML `table` tag. A cross-reference label is on the float around the table.
    pub attr: Attr,
    /// The caption. That of a labelled table is on the float.
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
    /// The alignment of its cells.
    pub align: Alignment,
    /// Its width as a fraction of the text width; `None` leaves it to the browser.
    pub width: Option<f64>,
}

/// The alignment of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Alignment {
    /// The author gives none.
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
    /// The number of leading columns that are row headings.
    pub row_head_columns: u32,
    /// Heading rows in the body.
    pub head: Vec<Row>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The row's bytes.
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
    /// The cell's alignment; `Default` means the column's.
    pub align: Alignment,
    /// The number of rows that it spans, at least 1.
    pub row_span: u32,
    /// The number of columns that it spans, at least 1.
    pub column_span: u32,
    /// Its blocks.
    pub content: Vec<Block>,
}
