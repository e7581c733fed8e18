//! Outputs of cells, in the terms of the Jupyter messaging protocol and of nbformat 4.

use serde::{Deserialize, Serialize};

/// The result of a cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CellRun {
    /// The number of the execution, from 1; `None` in a notebook that was never run.
    pub execution_count: Option<u32>,
    /// The outputs in order.
    pub outputs: Vec<Output>,
}

/// An output of a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Output {
    /// Text written to a stream.
    Stream(StreamName, String),
    /// A displayed value.
    Display {
        /// Its representations.
        data: MimeBundle,
        /// The metadata of representations as JSON, such as sizes of images; `{}` if there is none.
        metadata: String,
        /// The number of the execution if it is the cell's result, `None` if it was displayed.
        execution_count: Option<u32>,
    },
    /// An exception.
    Error {
        /// Its class.
        name: String,
        /// Its message.
        value: String,
        /// Its traceback, with ANSI colours, in lines.
        traceback: Vec<String>,
        /// Where it was raised in the page.
        place: Option<CodePlace>,
    },
    /// A part of the cell's code, where an engine shows code and outputs in turns (knitr).
    Source(String),
    /// A warning or message of R.
    Condition(String),
    /// Markdown as it is, from knitr's `asis` output.
    AsIs(String),
}

/// The streams of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StreamName {
    /// `stdout`
    Stdout,
    /// `stderr`
    Stderr,
}

/// The representations of a value by MIME type, in ascending order of types.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MimeBundle(pub Vec<(String, MimeData)>);

impl MimeBundle {
    /// The representation of a type.
    pub fn get(&self, mime: &str) -> Option<&MimeData> {
        self.0.iter().find(|(other, _)| other == mime).map(|(_, data)| data)
    }

    /// The text of a type.
    pub fn text(&self, mime: &str) -> Option<&str> {
        match self.get(mime)? {
            MimeData::Text(text) => Some(text),
            MimeData::Bytes(_) => None,
        }
    }
}

/// One representation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MimeData {
    /// Text, or JSON as text.
    Text(String),
    /// The bytes of an image, already decoded from base64.
    Bytes(Vec<u8>),
}

/// A place in the code of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CodePlace {
    /// In a cell.
    Cell {
        /// The index in [`crate::Document::cells`].
        index: usize,
        /// The line of its code, from 1; 0 if unknown.
        line: u32,
        /// The column in characters, from 1; 0 if unknown.
        column: u32,
    },
    /// In an inline value, by its index in [`crate::Document::values`].
    Value(usize),
}
