//! The captions of a cell and its outputs. Source: Quarto, `resolveCaptions` in `labels.ts`.

use super::text::one_line;
use super::writer::Writer;
use crate::json::text_or_json;
use crate::output::Output;
use mlsys_book::{Span, Value, ValueKind, name};
use std::collections::VecDeque;

/// A caption and the place of its option.
pub(super) type Caption = (String, Span);

/// The caption of the whole cell and those of its outputs in order.
pub(super) struct Captions {
    pub cell: Option<Caption>,
    pub outputs: VecDeque<Caption>,
}

impl Captions {
    pub fn new(writer: &Writer<'_>, outputs: &[&Output]) -> Self {
        let none = Captions { cell: None, outputs: VecDeque::new() };
        let options = &writer.cell.options;
        let Some(caption) = options.value(name!("cell", "fig-cap")).filter(|value| value.kind != ValueKind::Null)
        else {
            return none;
        };
        let read = |value: &Value| (one_line(&text_or_json(value)), value.place.span);
        if let ValueKind::Seq(items) = &caption.kind {
            let has_output = outputs.iter().any(|output| is_captionable(output));
            let outputs = if has_output { items.iter().map(read).collect() } else { VecDeque::new() };
            return Captions { cell: None, outputs };
        }
        if caption.as_bool() == Some(false) {
            return none;
        }
        match options.value(name!("cell", "fig-subcap")) {
            None => Captions { cell: None, outputs: [read(caption)].into() },
            Some(subcaptions) => {
                let empty = subcaptions.as_bool() == Some(true);
                let outputs = if empty { VecDeque::new() } else { subcaptions.items().iter().map(read).collect() };
                Captions { cell: Some(read(caption)), outputs }
            }
        }
    }

    /// The caption of the next output.
    pub fn next(&mut self, output: &Output) -> Option<Caption> {
        if !is_captionable(output) {
            return None;
        }
        self.outputs.pop_front().filter(|(caption, _)| !caption.is_empty())
    }
}

fn is_captionable(output: &Output) -> bool {
    match output {
        Output::Display { .. } => true,
        Output::Stream(..) | Output::Error { .. } | Output::Source(_) | Output::Condition(_) | Output::AsIs(_) => false,
    }
}
