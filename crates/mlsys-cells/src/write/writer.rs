//! A cell on its way to Markdown: its options, its label, and the text so far.

use super::CellContext;
use super::text::Text;
use crate::document::{Cell, first_line};
use crate::label::{file_stem, html_id};
use crate::settings::{CellOptions, Settings};
use mlsys_book::{OptionName, Source, Span, key};

/// A cell that is being written, and what its options say.
pub(super) struct Writer<'a> {
    pub cell: &'a Cell,
    pub source: Option<&'a Source>,
    pub settings: &'a Settings,
    pub options: CellOptions,
    pub context: CellContext,
    /// The label; empty if there is none or if another cell has it.
    pub label: String,
    /// True if the cell has the label, and not its only output.
    pub labels_cell: bool,
    /// The first line of the fence.
    pub opening: Span,
    pub text: Text,
    pub files: Vec<(String, Vec<u8>)>,
}

impl<'a> Writer<'a> {
    pub fn new(cell: &'a Cell, source: Option<&'a Source>, settings: &'a Settings, context: CellContext) -> Self {
        let written = cell.options.read(key!("cell", "label")).filter(|_| !context.is_duplicate);
        let first = source.map_or(0, |source| first_line(source.slice(cell.span)).len());
        let start = cell.span.start as usize;
        Writer {
            cell,
            source,
            settings,
            options: settings.options(cell),
            label: html_id(&written.unwrap_or_default()),
            labels_cell: false,
            opening: Span::new(start, start + first),
            text: Text::default(),
            files: Vec::new(),
            context,
        }
    }

    /// The place of an option's value, or the cell's opening line.
    pub fn place_of(&self, key: OptionName) -> Span {
        self.cell.options.value(key).map_or(self.opening, |value| value.place.span)
    }

    /// The stem of the names of the cell's files.
    pub fn file_stem(&self) -> String {
        let stem = file_stem(&self.label);
        match (stem.is_empty(), self.context.is_knitr) {
            (false, true) => stem,
            (false, false) => format!("{stem}-output"),
            (true, true) => format!("unnamed-chunk-{}", self.context.number),
            (true, false) => format!("cell-{}-output", self.context.number + 1),
        }
    }
}
